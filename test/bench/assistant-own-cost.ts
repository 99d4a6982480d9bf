import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createModelCalls } from '../../activities/model-call.ts';
import type { CallModel } from '../../domain/assistant/call.ts';
import { afterNews, reserve } from '../../domain/assistant/ledger.ts';
import { modelFor } from '../../domain/assistant/models.ts';
import { understoodFrom } from '../../domain/assistant/reading/understood-from.ts';
import { judgeDraft } from '../../domain/assistant/reply/judge.ts';
import { draftPrompt, mostTokensOf, readPrompt } from '../../domain/assistant/reply/prompts.ts';
import { noGaps } from '../../domain/assistant/ttl.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import type { ModelPort } from '../../domain/ports/model.ts';
import { messageParams } from '../../integrations/claude/request.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createModelFlights } from '../../integrations/postgres/model-flights.ts';
import { createModelLedger } from '../../integrations/postgres/model-ledger.ts';
import { createTestDatabase } from '../support/database.ts';
import { testSealing } from '../support/tokens.ts';
import type { AssistantPart } from './assistant-part.ts';
import { askedOf, factsOf, LOCATION, locationRow, type Talk, talksOf, draftInput } from './assistant-own-cost-world.ts';
import type { Control, Target } from './report.ts';
import { type Summary, summarise } from './summary.ts';

type Stores = Pick<Parameters<typeof createModelCalls>[0], 'ledger' | 'flights' | 'locations'>;

const CODE_BAR_MS = 5;
const LEDGER_BAR_MS = 25;
const PER_SECOND = 10;

interface Size {
  readonly calls: number;
  readonly seconds: number;
}
const full: Size = { calls: 3000, seconds: 60 };
const short: Size = { calls: 600, seconds: 15 };

/**
 * What a call of a model costs besides the vendor's time: the prompt, its plan, the ledger, the request's bytes, and what an answer is held
 * against. The vendor answers at once. Code alone one call after another; with commits in an open loop, from the instant at which a call was due.
 */
export async function assistantOwnCost({
  quick,
  say,
}: {
  quick: boolean;
  say: (line: string) => void;
}): Promise<AssistantPart> {
  const size = quick ? short : full;
  const code = await oneByOne(callsOver(inMemory()), size.calls);
  const slowCode = await oneByOne(callsOver(inMemory(), burning(10 * CODE_BAR_MS)), Math.ceil(size.calls / 20));
  say(`assistant: ${code.length} calls by code alone`);
  const database = await createTestDatabase();
  try {
    const locations = createLocationStore(database.tenants, testSealing());
    await locations.add(locationRow());
    const stores = {
      locations,
      ledger: createModelLedger(database.tenants),
      flights: createModelFlights(database.tenants),
    };
    await openLoop(callsOver(stores), 2);
    const ledger = await openLoop(callsOver(stores), size.seconds);
    say(`assistant: ${ledger.length} calls with commits of the ledger`);
    const slow = await openLoop(callsOver({ ...stores, ledger: late(stores.ledger, 10 * LEDGER_BAR_MS) }), 5);
    return partOf(summarise(code), summarise(slowCode), summarise(ledger), summarise(slow));
  } finally {
    await database.drop();
  }
}

function partOf(code: Summary, slowCode: Summary, ledger: Summary, slowLedger: Summary): AssistantPart {
  const target = (metric: string, { p99 }: Summary, max: number): Target => {
    return { metric, max, value: p99, pass: p99 <= max };
  };
  const control = (what: string, metric: string, normal: Summary, slow: Summary, bar: number): Control => {
    return { what, metric, normal: normal.p99, value: slow.p99, worse: slow.p99 > normal.p99 && slow.p99 > bar };
  };
  return {
    metrics: { 'ownCost@code': code, [`ownCost@ledger,${PER_SECOND}/s`]: ledger },
    targets: [
      target('ownCost@code p99', code, CODE_BAR_MS),
      target(`ownCost@ledger,${PER_SECOND}/s p99`, ledger, LEDGER_BAR_MS),
    ],
    control: {
      'slow-code': control('code that burns ten times the bar', 'p99 ms', code, slowCode, CODE_BAR_MS),
      'slow-ledger': control('a ledger that is late by ten times the bar', 'p99 ms', ledger, slowLedger, LEDGER_BAR_MS),
    },
    tables: [],
    parts: {},
  };
}

/** One whole piece of work: a prompt, its call, and what comes back checked. Milliseconds since it was due. */
async function work(call: CallModel, talk: Talk, at: number, due: number): Promise<number> {
  const now = new Date();
  const reads = at % 2 === 0;
  const job = reads ? 'read' : 'draft';
  const asked = askedOf(modelFor(job), talk);
  const facts = factsOf(now.toISOString());
  const answer = await call({
    ...{ locationId: LOCATION, contactId: talk.contactId, job, callKey: `${job}:${randomUUID()}` },
    prompt: reads
      ? readPrompt(asked, { asked: 'budget', offered: [] })
      : draftPrompt(asked, facts, 'qualifying', false),
    maxTokens: mostTokensOf[job],
    deadline: new Date(now.getTime() + 60_000).toISOString(),
  });
  if (answer.kind !== 'answered') throw new Error(`a call ended with ${answer.why}`);
  if (reads) understoodFrom(answer.tool?.input, talk.messages.at(-1)!.body, { asked: 'budget' });
  else judgeDraft(answer.tool?.input, facts);
  return performance.now() - due;
}

async function oneByOne(call: CallModel, calls: number): Promise<number[]> {
  const talks = talksOf(20);
  for (let at = 0; at < 50; at += 1) await work(call, talks[at % talks.length]!, at, performance.now());
  const samples: number[] = [];
  for (let at = 0; at < calls; at += 1) {
    samples.push(await work(call, talks[at % talks.length]!, at, performance.now()));
  }
  return samples;
}

/** Calls begin when they are due, however long the ones before take; who begins late has waited already. */
async function openLoop(call: CallModel, seconds: number): Promise<number[]> {
  const talks = talksOf(20);
  const startedAt = performance.now();
  const under: Promise<number>[] = [];
  for (let at = 0; at < seconds * PER_SECOND; at += 1) {
    const due = startedAt + (at * 1000) / PER_SECOND;
    await sleep(Math.max(0, due - performance.now()));
    under.push(work(call, talks[at % talks.length]!, at, due));
  }
  return Promise.all(under);
}

function callsOver(stores: Stores, model: ModelPort = answeringAtOnce()): CallModel {
  const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
  return createModelCalls({
    ...stores,
    ...{ model, log, now: () => new Date(), newId: randomUUID, chance: Math.random, wait: (ms) => sleep(ms) },
    pauses: { at: () => Promise.resolve() },
    measure: () => undefined,
  }).call;
}

/** The request's bytes are made, and an answer stands there. */
function answeringAtOnce(): ModelPort {
  const usage = { input: 60, read: 7600, write5m: 120, write1h: 0, output: 110 };
  return {
    ask: (request) => {
      const bytes = JSON.stringify(messageParams(request)).length;
      const tool = { name: 'draft_reply', input: draftInput };
      return Promise.resolve({
        ...{ kind: 'answered', text: '', tool, stop: 'end', usage, requestId: `req_${bytes}`, messageId: null },
        ...{ firstByteMs: 0, ms: 0 },
      });
    },
    count: () => Promise.resolve(7600),
  };
}

function burning(ms: number): ModelPort {
  const model = answeringAtOnce();
  return {
    ...model,
    ask: (request, options) => {
      const until = performance.now() + ms;
      while (performance.now() < until);
      return model.ask(request, options);
    },
  };
}

function late(ledger: Stores['ledger'], ms: number): Stores['ledger'] {
  return {
    ...ledger,
    reserve: async (...given) => {
      await sleep(ms);
      return ledger.reserve(...given);
    },
  };
}

function inMemory(): Stores {
  const location = {
    ...locationRow(),
    ...{ mode: 'sandbox', state: 'active', settings: { ...defaultSettings, budgets: { modelDollarsPerDay: 50 } } },
  };
  return {
    locations: { get: () => Promise.resolve(location as never) },
    flights: { take: () => Promise.resolve({ ours: 0, theirs: 0 }), land: () => Promise.resolve() },
    ledger: {
      before: () => Promise.resolve({ answer: null, cost: 0, earlier: {} }),
      reserve: (_intent, _limits, offer) =>
        Promise.resolve({ kind: 'sent', attempt: 1, offer, verdict: { kind: 'allowed' } as never }),
      settle: (_ref, sent, news) => Promise.resolve(afterNews(sent ?? reserve(0), news)),
      traffic: () =>
        Promise.resolve({
          gaps: { global: noGaps, location: noGaps, conversation: noGaps },
          ...{ talks: { calls: 0, opening: 0 }, meanOutput: null },
        }),
    },
  };
}
