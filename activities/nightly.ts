import { limitsOf } from '../domain/assistant/limits.ts';
import { batchCallId, batchMarks, summaryKey, wasNotMade } from '../domain/assistant/nights.ts';
import { fingerprintsOf, mostTokens, type Prompt } from '../domain/assistant/layers.ts';
import { modelFor } from '../domain/assistant/models.ts';
import { mostOf, priceOf } from '../domain/assistant/prices.ts';
import { mostTokensOf, summaryPrompt } from '../domain/assistant/reply/prompts.ts';
import { isAppError } from '../domain/errors.ts';
import { activation } from '../domain/leads/activation.ts';
import type { Location } from '../domain/leads/settings.ts';
import { type BatchCall, MOST_IN_A_BATCH, type ModelBatches } from '../domain/ports/model-batches.ts';
import type { ModelPort } from '../domain/ports/model.ts';
import type { TalkedLead } from '../domain/ports/nights.ts';
import type { NightActivities, NightSent } from '../workflows/activities.ts';
import { talkOf } from './assist-talk.ts';
import { mayCall } from './keep-warm.ts';
import { countStable } from './model-call-offers.ts';
import { ago, type NightDeps, nightOf } from './night.ts';
import { dropNight, keepNight, lookNight } from './nightly-answers.ts';

/** A little more than a day: the schedule does not come at the same minute each night. */
const TALKED_MS = 26 * 3_600_000;
/** Where nobody has written for so long the schedule ends. */
const QUIET_MS = 7 * 86_400_000;
/** The vendor gives a batch a day; what is not heard of by then is given up, and may have been billed. */
const UNTIL_MS = 26 * 3_600_000;
const CREATE_MS = 60_000;

/** Summaries of a location's leads for its agents, by batch; see `nightlySummaries` of the workflows for how they follow one another. */
export function createNightActivities(deps: NightDeps): NightActivities {
  return {
    sendNight: ({ locationId }) => sendNight(deps, locationId),
    lookNight: (input) => lookNight(deps, input),
    keepNight: (input) => keepNight(deps, input),
    dropNight: (input) => dropNight(deps, input),
    endNights: ({ locationId }) => deps.schedule.end(locationId),
  };
}

/**
 * Asks for all at once, and never twice: each call is in the ledger before the batch is made, and while the end of any is not known no other
 * batch is.
 */
async function sendNight(deps: NightDeps, locationId: string): Promise<NightSent> {
  const location = await deps.locations.get(locationId);
  const { model } = deps;
  if (model === null || location === undefined || !mayCall(location)) return { kind: 'stop', why: 'off' };
  const { open } = await nightOf(deps, locationId);
  if (open.length > 0) return { kind: 'unsure' };
  const leads = await deps.nights.talked(locationId, ago(deps, TALKED_MS), MOST_IN_A_BATCH);
  if (leads.length === 0 && !(await deps.nights.anyTalk(locationId, ago(deps, QUIET_MS))))
    return { kind: 'stop', why: 'quiet' };
  try {
    const calls = await reserveAll(deps, model, location, leads);
    if (calls.length === 0) return { kind: 'nothing' };
    await deps.pauses.at('night.before-create');
    return await create(deps, model.batches, locationId, calls);
  } catch (error) {
    if (!isAppError(error) || error.code !== 'MODEL_PRICE_UNKNOWN') throw error;
    deps.log.error({ err: error }, 'no summaries were asked for: the price of their model is not known');
    return { kind: 'failed', again: false, code: error.code };
  }
}

/** Calls whose cost has its place in the budgets; those that find none are left out, and the leads after them. */
async function reserveAll(
  deps: NightDeps,
  model: Pick<ModelPort, 'count'>,
  location: Location,
  leads: readonly TalkedLead[],
): Promise<readonly BatchCall[]> {
  const { locationId } = location;
  const limits = limitsOf(location.settings)!;
  const at = deps.now().toISOString();
  const { minimumPrefix } = priceOf(modelFor('summary'), at);
  const calls: BatchCall[] = [];
  let stable: number | null | undefined;
  for (const { contactId, inboxId } of leads) {
    const prompt = await promptFor(deps, location, contactId);
    if (prompt === null) continue;
    stable ??= await countStable(model, prompt);
    const marks = batchMarks(prompt, leads.length, minimumPrefix);
    const room = { prompt: mostTokens(prompt, stable ?? undefined), maxTokens: mostTokensOf.summary };
    const most = mostOf(room, prompt.model, at, { batch: true });
    const callKey = summaryKey(inboxId);
    const reserved = await deps.ledger.reserve(
      { ...{ locationId, contactId, job: 'summary', callKey, batch: true, at }, until: ago(deps, -UNTIL_MS) },
      limits,
      { model: prompt.model, most, prints: fingerprintsOf(prompt), marks },
    );
    if (reserved.kind === 'refused') {
      deps.log.info({ locationId, left: leads.length - calls.length }, 'no budget for more summaries tonight');
      if (!('of' in reserved.verdict) || reserved.verdict.of === 'location') break;
      continue;
    }
    const id = batchCallId({ callKey, attempt: reserved.attempt });
    calls.push({ id, request: { prompt, marks, maxTokens: mostTokensOf.summary } });
  }
  return calls;
}

/** Null: there is nothing to sum up, or the lead is not ours to work. */
async function promptFor(deps: NightDeps, location: Location, contactId: string): Promise<Prompt | null> {
  const ref = { locationId: location.locationId, contactId };
  const lead = await deps.leads.load(ref);
  if (lead === undefined || !activation(lead.snapshot?.tags, location.settings).yes) return null;
  const { talked, ...asked } = await talkOf(deps, ref, location);
  return talked.messages === 0 ? null : summaryPrompt({ model: modelFor('summary'), ...asked });
}

async function create(
  deps: NightDeps,
  batches: ModelBatches,
  locationId: string,
  calls: readonly BatchCall[],
): Promise<NightSent> {
  const made = await batches.create(calls, { withinMs: CREATE_MS });
  await deps.pauses.at('night.after-create');
  if (made.kind === 'batch') return { kind: 'sent', batchId: made.batchId, calls: calls.length };
  const { how, then, code, requestId } = made;
  deps.log.warn(
    { locationId, how, code },
    'the vendor of the model did not say that it took the summaries of the night',
  );
  if (!wasNotMade(how)) return { kind: 'unsure' };
  const { open } = await nightOf(deps, locationId);
  for (const { entry, ...ref } of open)
    await deps.ledger.settle(ref, entry, { kind: 'failed', how }, { how, requestId });
  return { kind: 'failed', again: then === 'again' || then === 'later', code };
}
