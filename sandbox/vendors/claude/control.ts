import { registerKey } from './admission.ts';
import { readFault, readWeather } from './faults.ts';
import type { Incoming } from './incoming.ts';
import { invoiceOf } from './invoice.ts';
import { DOCUMENTED_LIMITS } from './limits.ts';
import { setSpend } from './spend.ts';
import type { Row } from './store.ts';
import { isObject } from './wire.ts';
import type { Json } from './wire.ts';
import { latencyOf, limitsOf } from './world.ts';
import type { World } from './world.ts';

export interface ControlReply {
  readonly status: number;
  readonly body: unknown;
}

/** The routes under `/_sandbox`; `README.md` beside this file has their shapes. */
export function control(world: World, incoming: Incoming): ControlReply {
  const { method, path, malformed } = incoming;
  const action = ACTIONS[`${method} ${path.replace('/_sandbox/', '')}`];
  if (action === undefined) return { status: 404, body: { error: `no such route: ${method} ${path}` } };
  const body = incoming.body ?? {};
  if (malformed || !isObject(body)) return wrong('the body is not a JSON object');
  const reply = action(world, body, incoming);
  world.store.commit();
  return reply;
}

const ACTIONS: Readonly<Record<string, (world: World, body: Json, incoming: Incoming) => ControlReply>> = {
  'GET state': (world) => {
    const { store, clock, contents, faults } = world;
    const tables = ['cache', 'batches', 'keys'] as const;
    return done({
      clock: new Date(clock.now()).toISOString(),
      content: contents.settings(),
      ...{ script: contents.scripted(), faults: faults.list(), limits: limitsOf(world), latency: latencyOf(world) },
      ...Object.fromEntries(tables.map((table) => [table, [...store.all(table)]])),
    });
  },
  'GET ledger': ({ store }, _body, { query }) => {
    const after = numberOf(query);
    if (after === undefined) return wrong('after must be the number of a call');
    const calls = [...store.all('calls')].filter(({ n }) => Number(n) > after);
    return done({ calls: calls.map((call) => told(call, store.kept)), last: store.count('calls') });
  },
  'GET invoice': ({ store }, _body, { query }) => {
    const after = numberOf(query);
    return after === undefined ? wrong('after must be the number of a line') : done(invoiceOf(store, after));
  },

  'GET clock': ({ clock }) => done({ now: new Date(clock.now()).toISOString() }),
  'POST clock': ({ clock }, { advanceMs = 0, at, running }) => {
    if (typeof advanceMs !== 'number' || advanceMs < 0) return wrong('advanceMs must be milliseconds of at least 0');
    const moment = at === undefined ? undefined : Date.parse(String(at));
    if (Number.isNaN(moment)) return wrong('at must be an ISO time');
    if (moment !== undefined) clock.freeze(moment);
    if (running === true) clock.release();
    clock.advance(advanceMs);
    return done({ now: new Date(clock.now()).toISOString() });
  },

  'GET faults': ({ faults }) => done({ faults: faults.list() }),
  'POST faults': ({ faults }, body) => {
    const fault = readFault(body);
    if (typeof fault === 'string') return wrong(fault);
    faults.add(fault);
    return done({ faults: faults.list() });
  },
  'DELETE faults': ({ faults }) => {
    faults.clear();
    return done({ faults: [] });
  },
  'POST bursts': ({ faults }, body) => {
    const weather = readWeather(body);
    if (typeof weather === 'string') return wrong(weather);
    faults.setWeather(weather);
    return done(weather);
  },

  'POST content': ({ contents }, body) => {
    const error = contents.set(body);
    return error === undefined ? done(contents.settings()) : wrong(error);
  },
  'POST script': ({ contents }, { answers }) => {
    const error = contents.script(answers);
    return error === undefined ? done({ waiting: contents.scripted().length }) : wrong(error);
  },

  'POST limits': (world, body) => {
    const stranger = Object.keys(body).find((name) => !(name in DOCUMENTED_LIMITS));
    if (stranger !== undefined)
      return wrong(`unknown field ${stranger}; known are ${Object.keys(DOCUMENTED_LIMITS).join(', ')}`);
    const next = { ...limitsOf(world), ...body };
    if (![next.requests, next.inputTokens, next.outputTokens].every(isPositive))
      return wrong('limits must be numbers above 0');
    world.store.put('settings', { id: 'limits', limits: next });
    world.limiter.clear();
    return done(next);
  },
  'POST spend': ({ store }, body) => {
    const error = setSpend(store, body);
    return error === undefined ? done(store.get('settings', 'spend') ?? { nano: null }) : wrong(error);
  },
  'POST keys': ({ store }, body) => {
    const outcome = registerKey(store, body);
    return typeof outcome === 'string' ? wrong(outcome) : done(outcome);
  },
  'POST batches': ({ store }, { takesMs }) => {
    if (typeof takesMs !== 'number' || takesMs < 0) return wrong('takesMs must be milliseconds');
    store.put('settings', { id: 'batches', takesMs });
    return done({ takesMs });
  },
  'POST latency': (world, { p50Ms = 0, p95Ms = p50Ms, tokensPerSecond = 0 }) => {
    if (typeof p50Ms !== 'number' || typeof p95Ms !== 'number' || p50Ms < 0 || p95Ms < p50Ms)
      return wrong('p50Ms and p95Ms must be milliseconds, the second not below the first');
    if (typeof tokensPerSecond !== 'number' || tokensPerSecond < 0)
      return wrong('tokensPerSecond must be a number of at least 0');
    world.store.put('settings', { id: 'latency', p50Ms, p95Ms, tokensPerSecond });
    return done(latencyOf(world));
  },

  'POST reset': ({ store, faults, limiter, clock, reseed }) => {
    faults.clear();
    limiter.clear();
    store.clear();
    clock.reset();
    reseed();
    return done({ reset: true });
  },
};

/** A call with the layers that were kept apart put back into its body. */
function told({ id: _id, body, ...call }: Row, kept: (reference: unknown) => unknown): Json {
  if (!isObject(body)) return { ...call, ...(body !== undefined && { body }) };
  const whole = Object.fromEntries(Object.entries(body).map(([name, value]) => [name, kept(value)]));
  return { ...call, body: whole };
}

/** `after=N`; undefined when it is no number. */
function numberOf({ after = 0 }: Json): number | undefined {
  const number = Number(after);
  return Number.isInteger(number) && number >= 0 ? number : undefined;
}

function isPositive(value: unknown): boolean {
  return typeof value === 'number' && value > 0;
}

function done(body: unknown): ControlReply {
  return { status: 200, body };
}

function wrong(error: string): ControlReply {
  return { status: 400, body: { error } };
}
