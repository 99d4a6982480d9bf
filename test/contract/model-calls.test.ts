import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CallResult } from '../../domain/assistant/call.ts';
import type { ModelFailure } from '../../domain/ports/model.ts';
import { look, order } from '../support/claude-standin.ts';
import { createModelWorld, type ModelWorld, promptFor } from '../support/model-world.ts';

const STANDARD = 'claude-sonnet-5-5';
const CHEAP = 'claude-haiku-5-5';

let world: ModelWorld;
let locationId: string;

beforeAll(async () => {
  world = await createModelWorld();
});
afterAll(async () => {
  await world.close();
});
beforeEach(async () => {
  await world.fresh();
  locationId = await world.location();
});

const rows = async (): Promise<readonly Record<string, unknown>[]> =>
  (await world.db.pool.query('select * from model_calls order by at, attempt')).rows;
const asked = async (): Promise<number> =>
  ((await look(world.standin, 'ledger'))['calls'] as unknown as readonly { readonly path: string }[]).filter(
    ({ path }) => path === '/v1/messages',
  ).length;
const fault = (what: object, times = 1) =>
  order(world.standin, 'faults', { match: { path: '/v1/messages' }, times, ...what });
const why = (result: CallResult): string => (result.kind === 'none' ? result.why : result.kind);

describe('a call', () => {
  it('is billed to the nano-dollar, with what it would have cost without caching', async () => {
    const result = await world.worker().call(world.orderOf(locationId));
    const invoice = await world.invoice();
    expect(result).toMatchObject({ kind: 'answered', model: STANDARD, cost: invoice.nano });
    expect(await world.standing()).toEqual({ billed: invoice.nano, maybe: 0, reserved: 0 });
    expect(await rows()).toMatchObject([
      { attempt: 1, state: 'billed', job: 'draft', counterfactual: invoice.uncachedNano, batch: false },
    ]);
  });

  it('that comes again is answered as before and paid once, by any worker', async () => {
    const call = world.orderOf(locationId);
    const first = await world.worker().call(call);
    expect(await world.worker().call(call)).toEqual(first);
    expect(await asked()).toBe(1);
  });

  it('that comes again while it is under way is made once', async () => {
    const { call } = world.worker();
    const work = world.orderOf(locationId);
    const [one, other] = await Promise.all([call(work), call(work)]);
    expect(one).toEqual(other);
    expect(await asked()).toBe(1);
  });

  it('says why each layer was read from the cache or not', async () => {
    const { call } = world.worker();
    await call(world.orderOf(locationId));
    await call(world.orderOf(locationId, { contactId: 'c-2', said: 'And I look for a flat.' }));
    const prompt = promptFor('Hello', { location: 'Another Realty works in Tampa. '.repeat(120) });
    await call(world.orderOf(await world.location(), { prompt }));
    const readings = (await rows()).map(({ readings: of }) => of);
    expect(readings).toMatchObject([
      [{ why: 'first-call' }, { why: 'first-call' }, { read: false }],
      [{ read: true }, { read: true }, { read: false }],
      // What is the same for all is read by all; of the location's own layer nothing was there.
      [{ read: true }, { why: 'first-call' }, { read: false }],
    ]);
    world.clock.advance(4_000_000);
    await call(world.orderOf(locationId));
    expect((await rows()).at(-1)).toMatchObject({ readings: [{ why: 'ttl-over' }, { why: 'ttl-over' }, {}] });
  });

  it('is not made where nothing is to be spent, and costs nothing', async () => {
    const free = await world.location(0);
    expect(await world.worker().call(world.orderOf(free))).toEqual({ kind: 'none', why: 'no-model', cost: 0 });
    expect(why(await world.worker({ model: null }).call(world.orderOf(locationId)))).toBe('no-model');
    expect(why(await world.worker().call(world.orderOf('nowhere')))).toBe('no-model');
    expect(await asked()).toBe(0);
    expect(await rows()).toEqual([]);
  });

  it('of a model without a price is refused by its name', async () => {
    const said: unknown[] = [];
    const log = { debug() {}, info() {}, warn() {}, error: ({ err }: { err?: unknown }) => void said.push(err) };
    const prompt = promptFor('Hello', { model: 'claude-unheard-of' });
    expect(why(await world.worker({ log }).call(world.orderOf(locationId, { prompt })))).toBe('no-price');
    expect(String(said[0])).toContain('claude-unheard-of');
    expect(await asked()).toBe(0);
  });

  it('is not begun after its deadline', async () => {
    const call = world.orderOf(locationId, { deadline: world.now().toISOString() });
    expect(why(await world.worker().call(call))).toBe('provider');
    expect(await rows()).toEqual([]);
  });
});

describe('a budget', () => {
  /** Room for one call as it is wanted and no second one; what it may cost at most is known from the ledger. */
  async function most(): Promise<number> {
    let reserved = 0;
    const model = {
      count: () => Promise.resolve(null),
      ask: async (): Promise<ModelFailure> => {
        ({ reserved } = await world.standing());
        return { kind: 'failed', how: 'refused', then: 'never', code: 'x', requestId: null };
      },
    };
    await world.worker({ model }).call(world.orderOf(locationId));
    await world.db.pool.query('truncate model_calls');
    return reserved / 1e9;
  }

  it('is never passed by workers that plan at once', async () => {
    const room = (await most()) * 3.2;
    // The soft limit is at four fifths: above it the small model answers, which costs a twentieth.
    const tight = await world.location(room);
    const workers = [world.worker(), world.worker()];
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        workers[at % 2]!.call(world.orderOf(tight, { contactId: `c-${at}`, said: `Number ${at}` })),
      ),
    );
    const by = (model: string) => results.filter((one) => one.kind === 'answered' && one.model === model).length;
    expect(by(STANDARD)).toBeGreaterThanOrEqual(2);
    expect(results.every((one) => one.kind === 'answered' || one.why === 'budget')).toBe(true);
    const { rows: peaks } = await world.db.pool.query<{ sum: number }>(
      'select sum(billed)::bigint as sum from model_calls',
    );
    expect(peaks[0]!.sum).toBeLessThanOrEqual(room * 1e9);
    expect(await world.invoice()).toMatchObject({ nano: peaks[0]!.sum });
  });

  it('that is reached softly lets the cheaper model answer, and one that is reached hard lets none', async () => {
    const cost = await most();
    const soft = await world.location(cost * 1.1);
    expect(await world.worker().call(world.orderOf(soft))).toMatchObject({ kind: 'answered', model: CHEAP });
    const hard = await world.location(cost / 1_000);
    expect(why(await world.worker().call(world.orderOf(hard)))).toBe('budget');
    expect(await asked()).toBe(1);
  });

  it('of a lead stops that lead and nobody else', async () => {
    const place = await world.location(100, (await most()) / 1_000);
    const { call } = world.worker();
    expect(why(await call(world.orderOf(place)))).toBe('budget');
    expect(why(await call(world.orderOf(place, { contactId: null })))).toBe('answered');
  });

  it('begins anew with the day in UTC', async () => {
    const cost = await most();
    const place = await world.location(cost * 1.3);
    const { call } = world.worker();
    await world.db.pool.query(
      `insert into model_calls select $1, 'other', 1, null, 'ask', $2, false, $3, $3, 'billed', $4, $4, null, null, null, null, '{}', '[]'`,
      [place, STANDARD, '2026-11-01T23:59:59.999Z', Math.ceil(cost * 1.3e9)],
    );
    expect(await call(world.orderOf(place))).toMatchObject({ kind: 'answered', model: STANDARD });
    await world.db.pool.query(`update model_calls set at = '2026-11-02T00:00:00.000Z' where call_key = 'other'`);
    expect(why(await call(world.orderOf(place, { contactId: 'c-2' })))).toBe('budget');
  });
});

describe('a vendor that does not answer', () => {
  it('is asked again by this layer, which counts each attempt', async () => {
    await fault({ status: 529 });
    expect(await world.worker().call(world.orderOf(locationId))).toMatchObject({ kind: 'answered' });
    expect(await rows()).toMatchObject([
      { attempt: 1, state: 'not-billed', failure: 'overloaded' },
      { attempt: 2, state: 'billed', failure: null },
    ]);
    expect(world.measured).toMatchObject([
      { outcome: 'overloaded', again: false },
      { outcome: 'answered', again: true },
    ]);
  });

  it('is asked three times at most, and by all together no more than 1.1 times for each call', async () => {
    await fault({ status: 529 }, 1_000);
    const { call } = world.worker({ wait: () => Promise.resolve() });
    const many = 100;
    for (let at = 0; at < many; at += 20) {
      const results = await Promise.all(
        Array.from({ length: 20 }, (_, one) => call(world.orderOf(locationId, { contactId: `c-${at + one}` }))),
      );
      expect(new Set(results.map(why))).toEqual(new Set(['provider']));
    }
    const attempts = await rows();
    expect(Math.max(...attempts.map(({ attempt }) => Number(attempt)))).toBeLessThanOrEqual(3);
    expect(attempts.length).toBeGreaterThan(many);
    expect(attempts.length / many).toBeLessThanOrEqual(1.1);
    expect(await world.standing()).toEqual({ billed: 0, maybe: 0, reserved: 0 });
  });

  it('is given the time that it asks for, if the deadline has it', async () => {
    const waits: number[] = [];
    const { call } = world.worker({ wait: async (ms) => void waits.push(ms) });
    await fault({ status: 429, headers: { 'retry-after': '3' } });
    expect(why(await call(world.orderOf(locationId)))).toBe('answered');
    expect(Math.max(...waits)).toBeGreaterThanOrEqual(3_000);
    await fault({ status: 429, headers: { 'retry-after': '60' } });
    expect(why(await world.worker().call(world.orderOf(locationId)))).toBe('provider');
    expect(await asked()).toBe(3);
  });

  it.each([
    ['whose limit of spending is reached', 'spend-cap', { status: 429, errorCode: 'enforced_spend_limit_reached' }],
    ['that does not take our key', 'key', { status: 401 }],
  ])('%s is not asked again for a while, and the operator is told once', async (_who, reason, what) => {
    const said: string[] = [];
    const log = { debug() {}, info() {}, warn() {}, error: (_: object, message: string) => void said.push(message) };
    const worker = world.worker({ log });
    const ask = async (contactId: string) => why(await worker.call(world.orderOf(locationId, { contactId })));
    await fault(what, 2);
    expect([await ask('c-1'), await ask('c-2'), await ask('c-3')]).toEqual([reason, reason, reason]);
    expect(await asked()).toBe(1);
    expect(worker.standing()).toBe(reason);
    world.clock.advance(301_000);
    // One looks, and the others still do not.
    expect(new Set(await Promise.all([ask('c-4'), ask('c-5'), ask('c-6')]))).toEqual(new Set([reason]));
    expect(await asked()).toBe(2);
    expect(said).toHaveLength(1);
    world.clock.advance(301_000);
    expect([await ask('c-7'), await ask('c-8')]).toEqual(['answered', 'answered']);
    expect(worker.standing()).toBe('open');
  });

  it.each([
    ['refused', { spoil: 'refusal' }],
    ['bad-request', { status: 400 }],
  ])('because the answer is %s is asked once', async (reason, what) => {
    await fault(what);
    expect(why(await world.worker().call(world.orderOf(locationId)))).toBe(reason);
    expect(await asked()).toBe(1);
  });
});
