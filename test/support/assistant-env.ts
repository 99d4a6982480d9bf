import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { createModelCalls } from '../../activities/model-call.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { defaultSettings, type LocationSettings } from '../../domain/leads/settings.ts';
import type { DraftRow } from '../../domain/ports/drafts.ts';
import { createClaude } from '../../integrations/claude/model.ts';
import { createModelFlights } from '../../integrations/postgres/model-flights.ts';
import { createModelLedger } from '../../integrations/postgres/model-ledger.ts';
import { type ClaudeStandin, createClaudeStandin } from '../../sandbox/vendors/claude/server.ts';
import { order } from './claude-standin.ts';
import { createLeadEnv, type LeadEnv, type MakeAssistant } from './lead-env.ts';
import { NEW_YORK, playWith } from './lead-play.ts';

export type AssistantEnv = Awaited<ReturnType<typeof createAssistantEnv>>;

/** A draft that passes the gates: it says nothing of its own. */
export const WORDS = 'Thanks for writing. Which part of town do you have in mind?';
const DRAFT = { text: WORDS, question: 'location', language: 'en', human: false };
const ALWAYS = 1_000_000;

/**
 * A lead's whole environment in virtual time, with an assistant: the real adapter and ledger against the vendor's stand-in.
 * @param choices  of the location, besides a budget
 */
export async function createAssistantEnv(choices: Partial<LocationSettings> = {}) {
  const standin = await createClaudeStandin({ port: 0, seed: 7 });
  const gate = { pause: (_point: string): Promise<void> => Promise.resolve() };
  const make: MakeAssistant = (tenants, given) => {
    const claude = createClaude({ baseUrl: standin.url, apiKey: 'sk-ant-test', log: given.log });
    closing.push(() => claude.close());
    const { call } = createModelCalls({
      ...given,
      ...{ model: claude, ledger: createModelLedger(tenants), flights: createModelFlights(tenants), newId: randomUUID },
      ...{ chance: () => 0, wait: (ms) => wait(ms), measure: () => undefined },
      pauses: { at: (point) => gate.pause(point) },
    });
    return { present: true, call };
  };
  const closing: (() => Promise<unknown>)[] = [];
  const env = await createLeadEnv({ budgets: { modelDollarsPerDay: 100 }, ...choices }, true, make);
  const play = playWith(env);
  // The product's activities stop at the test's points as well.
  Object.assign(env.deps, { pauses: { at: (point: string) => gate.pause(point) } });
  return {
    env,
    play,
    standin,
    gate,
    /** Whoever comes to this point from now on waits there until he may go on. */
    hold: (at: string) => holdAt(gate, at),
    drafts: (ref: LeadRef) => draftsOf(env, ref),
    asked: (ref: LeadRef) => askedOf(env, ref),
    /** What the model says from now on. */
    says: (answer: { readonly draft?: object; readonly facts?: object } = {}) => script(standin, answer),
    fault: (what: object, times = ALWAYS) =>
      order(standin, 'faults', { match: { path: '/v1/messages' }, times, ...what }),
    choose: (change: Partial<LocationSettings>) =>
      env.pool.query(`update locations set settings = settings || $2 where location_id = $1`, [
        env.locationId,
        JSON.stringify(change),
      ]),
    /** The lead writes, and has been silent for long enough to be answered. */
    async writes(ref: LeadRef, words: string): Promise<void> {
      await play.says(ref, words);
      await play.settled(ref);
      await env.time.skip((defaultSettings.assistant.debounceSeconds + 2) * 1_000);
      await play.settled(ref);
    },
    /** Before each test: nothing was said to the model yet, and it is ten in the morning. */
    async begin(): Promise<void> {
      await script(standin, {});
      await env.time.skipTo(NEW_YORK, '10:00');
    },
    /** After each test: nothing is held or broken any more, and no lead lives on. */
    async rest(): Promise<void> {
      gate.pause = () => Promise.resolve();
      await fetch(`${standin.url}/_sandbox/faults`, { method: 'DELETE' });
      await play.endAll();
    },
    async close(): Promise<void> {
      await env.close();
      await Promise.all(closing.map((close) => close()));
      await standin.close();
    },
  };
}

function holdAt(
  gate: { pause: (point: string) => Promise<void> },
  at: string,
): { readonly reached: Promise<void>; readonly goOn: () => void } {
  let tell: () => void;
  let goOn: () => void;
  const reached = new Promise<void>((resolve) => (tell = resolve));
  const held = new Promise<void>((resolve) => (goOn = resolve));
  gate.pause = async (point) => {
    if (point !== at) return;
    tell();
    await held;
  };
  return { reached, goOn: () => goOn() };
}

async function script(
  standin: ClaudeStandin,
  { draft = {}, facts = { intent: { value: 'buy', quote: 'looking for' } } }: { draft?: object; facts?: object },
): Promise<void> {
  await order(standin, 'reset');
  // The vendor's stand-in looks for words alone: the job is one of them, and of what is read nothing can be told from the words.
  const of = (job: string, answer: object) => ({
    ...(job === 'read' ? {} : { match: { contains: job } }),
    times: ALWAYS,
    ...answer,
  });
  const drafted = { tools: [{ name: 'draft_reply', input: { ...DRAFT, ...draft } }] };
  await order(standin, 'script', {
    answers: [
      of('rewrite', drafted),
      of('draft', drafted),
      of('summary', { text: 'The lead wrote and waits for a call.' }),
      of('read', { tools: [{ name: 'record_facts', input: facts }] }),
    ],
  });
}

/** Drafts of a lead, oldest first. */
async function draftsOf({ deps, locationId }: LeadEnv, ref: LeadRef): Promise<readonly DraftRow[]> {
  const { items } = await deps.drafts.list(locationId, { limit: 200 }, deps.now().toISOString());
  return items.filter(({ contactId }) => contactId === ref.contactId).toReversed();
}

/** How often the model was asked for which job, for a lead. */
async function askedOf({ pool }: LeadEnv, ref: LeadRef): Promise<Readonly<Record<string, number>>> {
  const { rows } = await pool.query<{ job: string; calls: number }>(
    'select job, count(*)::integer as calls from model_calls where location_id = $1 and contact_id = $2 group by job',
    [ref.locationId, ref.contactId],
  );
  return Object.fromEntries(rows.map(({ job, calls }) => [job, calls]));
}
