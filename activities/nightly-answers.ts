import { batchCallId } from '../domain/assistant/nights.ts';
import type { News } from '../domain/assistant/ledger.ts';
import { billOf, counterfactualOf } from '../domain/assistant/prices.ts';
import type { BatchResult, ModelBatches } from '../domain/ports/model-batches.ts';
import type { KeptAnswer, Told } from '../domain/ports/model-ledger.ts';
import type { BatchedAttempt } from '../domain/ports/nights.ts';
import type { NightKept, NightLook } from '../workflows/activities.ts';
import type { NightInput } from '../workflows/contract.ts';
import { type Night, type NightDeps, nightOf } from './night.ts';

const LOOK_MS = 30_000;
const READ_MS = 60_000;
/** The vendor's clock and ours differ by less. */
const SKEW_MS = 5 * 60_000;

type Of = NightInput & { readonly batchId: string | null };

/** How far the batch is. One whose making was not answered is looked for among those of the account, by the names of its calls. */
export async function lookNight(deps: NightDeps, { locationId, batchId }: Of): Promise<NightLook> {
  const { model } = deps;
  if (model === null) return { kind: 'away' };
  if (batchId === null) return find(deps, model.batches, await nightOf(deps, locationId));
  const batch = await model.batches.look(batchId, { withinMs: LOOK_MS });
  if (batch.kind === 'failed') return { kind: 'away' };
  if (batch.state === 'ended') return { kind: 'ended', batchId };
  return { kind: 'working', done: batch.done, of: batch.calls };
}

/** Which calls a batch holds the vendor tells with its results: until it has ended, one of as many calls may be ours. */
async function find(deps: NightDeps, batches: ModelBatches, night: Night): Promise<NightLook> {
  const { open } = night;
  const [first] = open;
  if (first === undefined) return { kind: 'missing' };
  const from = new Date(Date.parse(first.at) - SKEW_MS).toISOString();
  const listed = await batches.since(from, { withinMs: LOOK_MS });
  if (listed.kind === 'failed') return { kind: 'away' };
  const alike = listed.batches.filter(({ calls }) => calls === open.length);
  const marksOf = marksOfAll(open);
  for (const { batchId, state } of alike) {
    if (state !== 'ended') continue;
    const read = await batches.results(batchId, marksOf, { withinMs: READ_MS });
    if (read.kind === 'failed') return { kind: 'away' };
    if (read.results.length > 0) return { kind: 'ended', batchId };
  }
  const working = alike.find(({ state }) => state === 'working');
  return working === undefined ? { kind: 'missing' } : { kind: 'working', done: working.done, of: working.calls };
}

/**
 * Writes down what each call came to, keeps the answers where a lead's assistant finds them, and tells it. Again it changes nothing: what is
 * billed is billed, and what was told was.
 */
export async function keepNight(
  deps: NightDeps,
  { locationId, batchId }: NightInput & { readonly batchId: string },
): Promise<NightKept> {
  if (deps.model === null) return { kind: 'away' };
  const { attempts } = await nightOf(deps, locationId);
  const byId = new Map(attempts.map((one) => [batchCallId(one), one]));
  const read = await deps.model.batches.results(batchId, marksOfAll(attempts), { withinMs: READ_MS });
  if (read.kind === 'failed') return { kind: 'away' };
  let summaries = 0;
  for (const result of read.results) if (await keepOne(deps, byId.get(result.id)!, result)) summaries += 1;
  deps.log.info({ locationId, summaries, of: read.results.length }, 'the summaries of the night are there');
  return { kind: 'kept', summaries, dropped: read.results.length - summaries };
}

async function keepOne(deps: NightDeps, attempt: BatchedAttempt, { outcome }: BatchResult): Promise<boolean> {
  const { model, at, entry, contactId, locationId, callKey } = attempt;
  const { news, told, answer } = meaningOf(outcome, model, at);
  const after = await deps.ledger.settle(attempt, entry, news, told, answer);
  await deps.pauses.at('night.after-settle');
  if (entry.state === 'sent') {
    deps.measure({
      ...{ kind: 'model-call', job: 'summary', outcome: outcome.kind === 'answered' ? 'answered' : outcome.how },
      ...{ again: attempt.attempt > 1, billed: after.billed, maybe: after.upTo - after.billed, misses: [] },
      ...(told.usage && { usage: told.usage }),
    });
  }
  if (answer === undefined || contactId === null) return false;
  const ref = { locationId, contactId };
  const inboxId = callKey.slice(callKey.indexOf(':') + 1);
  await deps.nights.want(ref, inboxId, deps.now().toISOString());
  // A lead that waits for nothing looks at what waits for its assistant.
  await deps.inbox.accept({
    ...{
      source: 'internal',
      eventKey: `night:${inboxId}`,
      bodyHash: deps.sha256('{}'),
      type: 'lead.resume',
      kind: 'other',
    },
    ...{ ...ref, occurredAt: null, body: new TextEncoder().encode('{}'), headers: {} },
  });
  return true;
}

function meaningOf(
  outcome: BatchResult['outcome'],
  model: string,
  at: string,
): { readonly news: News; readonly told: Told; readonly answer?: KeptAnswer } {
  const { requestId } = outcome;
  if (outcome.kind === 'failed') {
    const { how } = outcome;
    return { news: { kind: 'failed', how }, told: { how, requestId } };
  }
  const { usage, text, tool, stop } = outcome;
  const bill = billOf(usage, model, at, { batch: true });
  const counterfactual = counterfactualOf(usage, model, at, { batch: true }).total;
  const news: News = { kind: 'answered', bill };
  const told: Told = { usage, bill, counterfactual, requestId };
  return stop === 'refused' ? { news, told } : { news, told, answer: { text, tool, stop, model } };
}

/** What was never heard of is given up: it may have been billed, and the usage report will tell. */
export async function dropNight(deps: NightDeps, { locationId, batchId }: Of): Promise<void> {
  if (batchId !== null) await deps.model?.batches.cancel(batchId, { withinMs: LOOK_MS });
  const how = batchId === null ? 'cut-before-first-byte' : 'timeout';
  const { open } = await nightOf(deps, locationId);
  for (const { entry, ...ref } of open)
    await deps.ledger.settle(ref, entry, { kind: 'failed', how }, { how, requestId: null });
  if (open.length === 0) return;
  deps.log.warn(
    { locationId, calls: open.length, how },
    'summaries of a night were given up; they may have been billed',
  );
}

function marksOfAll(attempts: readonly BatchedAttempt[]) {
  const marks = new Map(attempts.map((one) => [batchCallId(one), one.marks]));
  return (id: string) => marks.get(id);
}
