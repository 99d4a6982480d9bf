import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { fingerprintsOf } from '../../domain/assistant/layers.ts';
import { afterNews, type Entry, type News, reserve } from '../../domain/assistant/ledger.ts';
import { billOf } from '../../domain/assistant/prices.ts';
import { keepLedger, reconcileDays } from '../../activities/model-upkeep.ts';
import type { AttemptRef, Intent, KeptAnswer, Offer } from '../../domain/ports/model-ledger.ts';
import type { ReportedUsage } from '../../domain/ports/model-usage.ts';
import { createModelWorld, type ModelWorld, promptFor, quiet } from '../support/model-world.ts';

/** The ledger in Postgres by itself: late news, attempts of nobody, days that are settled, words that go. */

const MODEL = 'claude-sonnet-5-5';
const DAY = '2026-11-02';
const limits = { location: { soft: 1e12, hard: 1e12 }, lead: { soft: 1e12, hard: 1e12 } };
const offer: Offer = { model: MODEL, most: 50_000_000, prints: fingerprintsOf(promptFor('Hello')), marks: [] };
const sent: Entry = afterNews(reserve(offer.most), { kind: 'sending' });
const usage = { input: 100, read: 0, write5m: 0, write1h: 5_000, output: 80 };
const bill = billOf(usage, MODEL, DAY);
const answered: News = { kind: 'answered', bill };
const lost: News = { kind: 'failed', how: 'timeout' };
const told = { requestId: 'req_1' };
const words: KeptAnswer = { text: 'Hello to you.', tool: null, stop: 'end', model: MODEL };

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

async function attempt(change: Partial<Intent> = {}): Promise<AttemptRef> {
  const at = world.now().toISOString();
  const intent: Intent = {
    ...{ locationId, contactId: 'c-1', job: 'draft', callKey: 'key-1', batch: false, at, until: at },
    ...change,
  };
  const taken = await world.ledger.reserve(intent, limits, offer);
  if (taken.kind !== 'sent') throw new Error('the budget of the test is too small');
  return { locationId: intent.locationId, callKey: intent.callKey, attempt: taken.attempt };
}

const settle = (ref: AttemptRef, news: News, answer?: KeptAnswer): Promise<Entry> =>
  world.ledger.settle(ref, sent, news, { ...told, usage, bill, counterfactual: 1 }, answer);
const answers = async (): Promise<number> => (await world.db.pool.query('select from model_answers')).rowCount ?? 0;
const afterAWhile = (): string => new Date(world.now().getTime() + 1_000).toISOString();

describe('news of an attempt', () => {
  it('may come late and twice: an answer that names its usage is the truth', async () => {
    const ref = await attempt();
    expect(await settle(ref, lost)).toEqual({ state: 'maybe-billed', billed: 0, upTo: offer.most });
    const truth = { state: 'billed', billed: bill.total, upTo: bill.upTo };
    expect(await settle(ref, answered, words)).toEqual(truth);
    expect(await settle(ref, answered, words)).toEqual(truth);
    expect(await settle(ref, lost)).toEqual(truth);
    expect(await world.standing()).toEqual({ billed: bill.total, maybe: 0, reserved: 0 });
  });

  it('that contradicts what is known, or is of no attempt, is refused by LEDGER_STEP', async () => {
    const ref = await attempt();
    await settle(ref, answered);
    const other: News = { kind: 'answered', bill: { total: 1, upTo: 1 } };
    await expect(settle(ref, other)).rejects.toMatchObject({ code: 'LEDGER_STEP' });
    await expect(settle({ ...ref, attempt: 7 }, lost)).rejects.toMatchObject({ code: 'LEDGER_STEP' });
    expect(await world.standing()).toMatchObject({ billed: bill.total });
  });

  it('of many at once leaves one truth', async () => {
    const ref = await attempt();
    await Promise.all([settle(ref, lost), settle(ref, answered), settle(ref, lost), world.upkeep.sweep(afterAWhile())]);
    expect(await world.standing()).toEqual({ billed: bill.total, maybe: 0, reserved: 0 });
  });
});

describe('reservations', () => {
  it('that come at once are weighed one after the other: as many as the budget has room for', async () => {
    const room = { soft: 5 * offer.most, hard: 5 * offer.most };
    const at = world.now().toISOString();
    const taken = await Promise.all(
      Array.from({ length: 20 }, (_, one) =>
        world.ledger.reserve(
          {
            ...{ locationId, contactId: `c-${one}`, job: 'draft', callKey: `key-${one}`, batch: false, at, until: at },
          },
          { location: room, lead: room },
          offer,
        ),
      ),
    );
    expect(taken.filter(({ kind }) => kind === 'sent')).toHaveLength(5);
    expect(await world.standing()).toEqual({ billed: 0, maybe: 0, reserved: 5 * offer.most });
  });
});

describe('an attempt of nobody', () => {
  it('may have been billed once its time is over, and not before', async () => {
    await attempt();
    await attempt({ callKey: 'key-2', until: '2026-11-02T13:00:00.000Z' });
    expect(await world.upkeep.sweep(afterAWhile())).toBe(1);
    expect(await world.standing()).toEqual({ billed: 0, maybe: offer.most, reserved: offer.most });
    const { rows } = await world.db.pool.query('select failure from model_calls order by call_key');
    expect(rows).toEqual([{ failure: 'worker-killed' }, { failure: null }]);
  });
});

describe('the vendor’s report', () => {
  const row = (change: Partial<ReportedUsage> = {}): ReportedUsage => ({
    ...{ day: DAY, model: MODEL, tier: 'standard', usage },
    ...change,
  });
  const said: string[] = [];
  const log = { ...quiet, error: (_: object, message: string) => void said.push(message) };
  const hold = (rows: readonly ReportedUsage[], unpriced: readonly string[] = []) =>
    reconcileDays(
      { ledger: world.upkeep, usage: { between: async () => ({ kind: 'reported', rows, unpriced }) }, log },
      DAY,
      DAY,
    );
  beforeEach(() => void (said.length = 0));

  it('ends doubt where it lies between the bounds, and says so once more when asked again', async () => {
    await settle(await attempt(), answered);
    await settle(await attempt({ callKey: 'key-2' }), lost);
    const twice = [row(), row({ usage: { ...usage, write1h: 0, input: 5_100 } })];
    expect(await hold(twice)).toMatchObject([{ kind: 'agrees', settled: 1 }]);
    const second = billOf({ ...usage, write1h: 0, input: 5_100 }, MODEL, DAY).total;
    expect(await world.standing()).toEqual({ billed: bill.total + second, maybe: 0, reserved: 0 });
    expect(await hold(twice)).toMatchObject([{ kind: 'agrees', settled: 0 }]);
  });

  it('that says less, or more, changes nothing and is told to the operator', async () => {
    await settle(await attempt(), answered);
    expect(await hold([])).toMatchObject([{ kind: 'below', by: bill.total }]);
    expect(await hold([row(), row()])).toMatchObject([{ kind: 'above', by: bill.total }]);
    expect(said).toHaveLength(2);
    expect(await world.standing()).toEqual({ billed: bill.total, maybe: 0, reserved: 0 });
  });

  it('is of one day, one model and one way of billing', async () => {
    await settle(await attempt(), answered);
    await settle(await attempt({ callKey: 'key-2', batch: true }), lost);
    const outcomes = await hold([
      row(),
      row({ tier: 'batch', usage: { ...usage, output: 0 } }),
      row({ day: '2026-11-03' }),
    ]);
    expect(outcomes).toMatchObject([
      { batch: false, kind: 'agrees', settled: 0 },
      { batch: true, kind: 'agrees', settled: 1 },
    ]);
    expect(await hold([row()], [DAY])).toMatchObject([{ kind: 'unpriced' }, { kind: 'unpriced' }]);
  });
});

describe('what was answered', () => {
  const lead = (deleted: string | null) =>
    world.db.pool.query(
      `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, deleted_at) values ($1, 'c-1', now(), now(), now(), $2)`,
      [locationId, deleted],
    );

  it('is given again for some days', async () => {
    await settle(await attempt(), answered, words);
    const call = { locationId, contactId: 'c-1', callKey: 'key-1', model: MODEL, now: world.now().toISOString() };
    expect(await world.ledger.before(call)).toMatchObject({ answer: words, cost: bill.upTo });
    expect(await world.ledger.before({ ...call, locationId: await world.location() })).toMatchObject({ answer: null });
    const keep = (days: number) =>
      keepLedger({
        ledger: world.upkeep,
        usage: null,
        now: () => new Date(Date.now() + days * 86_400_000),
        log: quiet,
      });
    await keep(6);
    expect(await answers()).toBe(1);
    await keep(8);
    expect(await answers()).toBe(0);
  });

  it('goes with its lead, and does not come after it', async () => {
    await lead(null);
    await settle(await attempt(), answered, words);
    expect(await answers()).toBe(1);
    await world.db.pool.query(`update leads set deleted_at = now() where location_id = $1`, [locationId]);
    expect(await answers()).toBe(0);
    await settle(await attempt({ callKey: 'key-2' }), answered, words);
    expect(await answers()).toBe(0);
  });

  it('of a lead that was deleted while it was written down goes with the next upkeep', async () => {
    await lead('2026-11-02T11:00:00.000Z');
    await world.db.pool.query(
      `insert into model_answers values ($1, 'key-1', 'c-1', $2, 'end', 'Hello to you.', null, now())`,
      [locationId, MODEL],
    );
    await world.upkeep.forgetAnswers('2000-01-01T00:00:00.000Z');
    expect(await answers()).toBe(0);
  });
});

describe('what calls cost', () => {
  const reads = (layer: 'global' | 'location') => ({ layer, read: true }) as const;
  const missed = { layer: 'conversation', read: false, why: 'prefix-changed', changed: 'settings' } as const;

  it('is told per day, model and job, with what is in doubt, under way and settled beside it', async () => {
    const readings = [reads('global'), { layer: 'location', read: false, why: 'ttl-over' } as const, missed];
    const facts = { ...told, usage, bill, counterfactual: 30_000_000 };
    await world.ledger.settle(await attempt(), sent, answered, { ...facts, readings });
    const again = [reads('global'), reads('location'), missed];
    await world.ledger.settle(await attempt({ callKey: 'key-2' }), sent, answered, { ...facts, readings: again });
    await world.ledger.settle(await attempt({ callKey: 'key-3' }), sent, lost, { how: 'timeout', requestId: null });
    await attempt({ callKey: 'key-4' });
    await settle(await attempt({ callKey: 'key-5', job: 'read', at: '2026-11-01T23:00:00.000Z' }), answered);
    await settle(await attempt({ callKey: 'key-6', locationId: await world.location() }), answered);

    const rows = await world.ledger.cost('2026-11-02T00:00:00.000Z', locationId);
    expect(rows).toEqual([
      {
        ...{ day: DAY, model: MODEL, job: 'draft', batch: false, attempts: 4, answered: 2, open: 1, settled: 0 },
        tokens: { input: 200, read: 0, write5m: 0, write1h: 10_000, output: 160 },
        ...{ billed: 2 * bill.total, maybe: offer.most, counterfactual: 60_000_000 },
        layers: {
          ...{ global: { calls: 2, read: 2 }, location: { calls: 2, read: 1 } },
          conversation: { calls: 2, read: 0 },
        },
        misses: { 'prefix-changed:settings': 2, 'ttl-over': 1 },
      },
    ]);
    const all = await world.ledger.cost('2026-11-01T00:00:00.000Z');
    expect(all.map(({ day, job, attempts }) => [day, job, attempts])).toEqual([
      [DAY, 'draft', 5],
      ['2026-11-01', 'read', 1],
    ]);
  });
});

describe('how calls follow one another', () => {
  it('is counted for everybody, a location and a talk, pings as touches that are no calls', async () => {
    const begin = Date.parse('2026-11-02T06:00:00.000Z');
    const at = (minutes: number): string => new Date(begin + minutes * 60_000).toISOString();
    for (const [minutes, contactId, job] of [
      ...[[0, 'c-1', 'draft'] as const, [2, 'c-2', 'draft'] as const, [10, 'c-1', 'draft'] as const],
      ...[[60, null, 'warm'] as const, [90, 'c-1', 'draft'] as const],
    ]) {
      await settle(await attempt({ callKey: `key-${minutes}`, contactId, job, at: at(minutes) }), answered);
    }
    const other = await world.location();
    const ref = await attempt({ locationId: other, at: at(80) });
    await world.ledger.settle(ref, sent, answered, { ...told, usage, bill });
    const traffic = await world.ledger.traffic(locationId, MODEL, world.now().toISOString());
    expect(traffic).toEqual({
      gaps: {
        global: { calls: 4, over5m: 3, over1h: 0 },
        location: { calls: 3, over5m: 2, over1h: 0 },
        conversation: { calls: 2, over5m: 2, over1h: 1 },
      },
      talks: { calls: 4, opening: 2 },
      meanOutput: 80,
    });
  });
});
