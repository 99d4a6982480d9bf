import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ModelCalls } from '../../activities/model-call.ts';
import { createModelFlights } from '../../integrations/postgres/model-flights.ts';
import { look, order } from '../support/claude-standin.ts';
import { createModelWorld, type ModelWorld, promptFor } from '../support/model-world.ts';

/** Calls that come at once while nobody has what they share in the vendor's cache. */

let world: ModelWorld;
let locationId: string;

beforeAll(async () => {
  world = await createModelWorld();
});
afterAll(async () => {
  await order(world.standin, 'latency', { p50Ms: 0 });
  await world.close();
});
beforeEach(async () => {
  await world.fresh();
  // Long enough that all of them are on their way before the first answer begins.
  await order(world.standin, 'latency', { p50Ms: 300, p95Ms: 300 });
  locationId = await world.location();
});

interface Line {
  readonly usage: { readonly cache_creation_input_tokens: number; readonly cache_read_input_tokens: number };
}

async function coldWrites(): Promise<number> {
  const { requests } = (await look(world.standin, 'invoice')) as unknown as { readonly requests: readonly Line[] };
  return requests.filter(({ usage }) => usage.cache_read_input_tokens === 0).length;
}

async function many(workers: readonly ModelCalls[], count: number, prompts = [promptFor('Hello')]): Promise<void> {
  const results = await Promise.all(
    Array.from({ length: count }, (_, at) =>
      workers[at % workers.length]!.call(
        world.orderOf(locationId, { contactId: `c-${at}`, prompt: prompts[at % prompts.length]! }),
      ),
    ),
  );
  expect(new Set(results.map(({ kind }) => kind))).toEqual(new Set(['answered']));
}

const never = { take: async () => ({ ours: 1, theirs: 0 }), land: () => Promise.resolve() };

describe('twenty cold calls at once', () => {
  it('write once, in one process and in three', async () => {
    await many([world.worker()], 20);
    expect(await coldWrites()).toBe(1);
    await world.fresh();
    await order(world.standin, 'latency', { p50Ms: 300, p95Ms: 300 });
    await many([world.worker(), world.worker(), world.worker()], 20);
    expect(await coldWrites()).toBe(1);
  });

  it('write as often as there are processes where these know nothing of each other: the control', async () => {
    // Each reserves by itself, and both have to be on their way before the first answer begins.
    await order(world.standin, 'latency', { p50Ms: 3_000, p95Ms: 3_000 });
    await many([world.worker({ flights: never }), world.worker({ flights: never })], 20);
    expect(await coldWrites()).toBe(2);
  });

  it('of two locations write once what both share', async () => {
    const prompts = ['Example', 'Sample'].map((name) =>
      promptFor('Hello', { location: `${name} Realty works in Austin. `.repeat(120) }),
    );
    await many([world.worker(), world.worker()], 8, prompts);
    expect(await coldWrites()).toBe(1);
  });

  it('go on with the next in line where the first one fails', async () => {
    await order(world.standin, 'faults', { match: { path: '/v1/messages' }, times: 1, status: 400 });
    const { call } = world.worker();
    const results = await Promise.all(
      Array.from({ length: 6 }, (_, at) => call(world.orderOf(locationId, { contactId: `c-${at}` }))),
    );
    expect(results.filter(({ kind }) => kind === 'answered')).toHaveLength(5);
    expect(await coldWrites()).toBe(1);
  });

  it('wait for a writer that died no longer than their own time allows', async () => {
    const dead = createModelFlights(world.db.tenants);
    const { prints, lease } = await leaseOf();
    expect(await dead.take(prints, randomUUID(), lease)).toEqual({ ours: prints.length, theirs: 0 });
    const call = world.orderOf(locationId, { deadline: new Date(world.now().getTime() + 12_000).toISOString() });
    expect(await world.worker().call(call)).toMatchObject({ kind: 'answered' });
  });

  async function leaseOf() {
    const { call } = world.worker();
    await call(world.orderOf(locationId));
    const { rows } = await world.db.pool.query<{ print: string }>('select print from model_flights');
    await world.db.pool.query('truncate model_flights, model_calls');
    const from = world.now();
    const until = new Date(from.getTime() + 3_600_000);
    return { prints: rows.map(({ print }) => print), lease: { from: from.toISOString(), until: until.toISOString() } };
  }
});

it('a prefix that the ledger knows to be warm is not waited for', async () => {
  await world.worker().call(world.orderOf(locationId));
  await world.db.pool.query(`update model_flights set until = 'infinity', warm_until = null`);
  const waits: number[] = [];
  const fresh = world.worker({ wait: (ms) => (waits.push(ms), wait(ms)) });
  expect(await fresh.call(world.orderOf(locationId, { contactId: 'c-2' }))).toMatchObject({ kind: 'answered' });
  expect(waits).toEqual([]);
});
