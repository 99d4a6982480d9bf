import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createWarmActivities, keptWarm } from '../../activities/keep-warm.ts';
import type { CallModel } from '../../domain/assistant/call.ts';
import type { LocationSettings } from '../../domain/leads/settings.ts';
import { createModelWarmth } from '../../integrations/postgres/model-warmth.ts';
import type { WarmActivities } from '../../workflows/activities.ts';
import { createModelWorld, type ModelWorld } from '../support/model-world.ts';
import { readOrder } from '../support/warm-env.ts';

/** Keep-warm over the real ledger and the vendor's stand-in, by one clock that the test moves. */

const MINUTE = 60_000;
const START = Date.parse('2026-11-02T12:00:00Z');

let world: ModelWorld;
let warm: WarmActivities;
let call: CallModel;
let locationId: string;
const begun: string[] = [];
const ended: string[] = [];

const quiet = { debug() {}, info() {}, warn() {}, error() {} };
const warming = {
  begin: (id: string) => Promise.resolve(void begun.push(id)),
  end: (id: string) => Promise.resolve(void ended.push(id)),
};

beforeAll(async () => {
  world = await createModelWorld();
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.fresh();
  locationId = await world.location();
  world.clock.freeze(START);
  [begun.length, ended.length] = [0, 0];
  const { now, locations } = world;
  call = keptWarm(world.worker().call, { warming, now, log: quiet });
  warm = createWarmActivities({
    ...{ locations, warming, now, log: quiet },
    warmth: createModelWarmth(world.db.tenants),
    callModel: call,
  });
});

const after = (minutes: number): void => world.clock.freeze(START + minutes * MINUTE);
const at = (minutes: number): string => new Date(START + minutes * MINUTE).toISOString();

async function read(model?: string): Promise<void> {
  expect(await call(await readOrder(world, locationId, model))).toMatchObject({ kind: 'answered' });
}

async function lastCall(): Promise<{ job: string; tokens: number[]; state: string }> {
  const { rows } = await world.db.pool.query<{ job: string; tokens: number[]; state: string }>(
    'select job, state, tokens from model_calls where location_id = $1 order by at desc limit 1',
    [locationId],
  );
  return { ...rows[0]!, tokens: rows[0]!.tokens.map(Number) };
}

async function change(settings: Partial<LocationSettings>): Promise<void> {
  await world.db.pool.query('update locations set settings = settings || $2::jsonb where location_id = $1', [
    locationId,
    JSON.stringify(settings),
  ]);
}

describe('keep-warm', () => {
  it('reads what calls share before the vendor forgets it, so that the next call reads it hours later', async () => {
    await read();
    expect(await warm.lookWarm({ locationId })).toEqual({ kind: 'ping', at: at(54), model: 'claude-sonnet-5-5' });
    for (const minutes of [54, 108, 162]) {
      after(minutes);
      expect(await warm.pingWarm({ locationId })).toBe('pinged');
      const { job, state, tokens } = await lastCall();
      expect({ job, state }).toEqual({ job: 'warm', state: 'billed' });
      const [, readTokens, write5m, write1h, output] = tokens;
      expect(readTokens).toBeGreaterThan(512);
      expect([write5m, write1h, output]).toEqual([0, 0, 0]);
    }
    after(200);
    await read();
    expect((await lastCall()).tokens[1]).toBeGreaterThan(512);
  });

  it('does not ping what a real call has read meanwhile, or what is being pinged already', async () => {
    await read();
    after(40);
    await read();
    after(54);
    expect(await warm.pingWarm({ locationId })).toBe('not-due');
    after(94);
    expect(await Promise.all([1, 2].map(() => warm.pingWarm({ locationId })))).toEqual(['pinged', 'pinged']);
    const { rows } = await world.db.pool.query(`select from model_calls where location_id = $1 and job = 'warm'`, [
      locationId,
    ]);
    expect(rows).toHaveLength(1);
  });

  it('keeps each model warm that was called, and stops when its pings have cost a write', async () => {
    await read('claude-haiku-5-5');
    let pings = 0;
    for (
      let look = await warm.lookWarm({ locationId });
      look.kind === 'ping';
      look = await warm.lookWarm({ locationId })
    ) {
      world.clock.freeze(Date.parse(look.at));
      expect(await warm.pingWarm({ locationId })).toBe('pinged');
      pings += 1;
    }
    expect(pings).toBe(18);
    expect(await warm.lookWarm({ locationId })).toEqual({ kind: 'stop', why: 'spent' });
    await read('claude-haiku-5-5');
    expect(await warm.lookWarm({ locationId })).toMatchObject({ kind: 'ping' });
  });

  it('keeps nothing warm where nobody is answered, or nothing may be spent', async () => {
    await read();
    const stop = { kind: 'stop', why: 'nobody-comes' };
    await world.locations.setStatus(locationId, 'paused');
    expect(await warm.lookWarm({ locationId })).toEqual(stop);
    await world.locations.setStatus(locationId, 'active');
    expect(await warm.lookWarm({ locationId })).toMatchObject({ kind: 'ping' });
    await change({ modes: { replies: 'off' } });
    expect(await warm.lookWarm({ locationId })).toEqual(stop);
    await change({ modes: { replies: 'draft' }, budgets: { modelDollarsPerDay: 0 } });
    expect(await warm.lookWarm({ locationId })).toEqual(stop);
    expect(await warm.lookWarm({ locationId: 'nowhere' })).toEqual(stop);
  });

  it('does not write what has changed or was forgotten', async () => {
    await read();
    const { settings } = (await world.locations.get(locationId))!;
    await change({ assistant: { ...settings.assistant, facts: ['We speak Spanish.'] } });
    expect(await warm.lookWarm({ locationId })).toEqual({ kind: 'stop', why: 'cold' });
    await change({ assistant: settings.assistant });
    after(61);
    expect(await warm.lookWarm({ locationId })).toEqual({ kind: 'stop', why: 'cold' });
    expect(await warm.pingWarm({ locationId })).toBe('not-due');
  });

  it('begins with real calls, told once in a while, and never with its own', async () => {
    await read();
    await read();
    expect(begun).toEqual([locationId]);
    after(54);
    await warm.pingWarm({ locationId });
    expect(begun).toHaveLength(1);
    await read();
    expect(begun).toHaveLength(2);
    await warm.endWarm({ locationId });
    expect(ended).toEqual([locationId]);
  });

  it('spends within the budget alone', async () => {
    await read();
    await change({ budgets: { modelDollarsPerDay: 0.000_001 } });
    after(54);
    expect(await warm.pingWarm({ locationId })).toBe('budget');
  });
});
