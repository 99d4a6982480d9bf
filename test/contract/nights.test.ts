import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { summarise } from '../../activities/assist-summary.ts';
import type { Deps } from '../../activities/deps.ts';
import { createNightActivities } from '../../activities/nightly.ts';
import { priceOf } from '../../domain/assistant/prices.ts';
import { order } from '../support/claude-standin.ts';
import { createModelWorld, promptFor, type ModelWorld } from '../support/model-world.ts';
import { type NightWorld, nightWorld, SUMMARY } from '../support/night-world.ts';

/** Summaries by night over the real ledger and the vendor's stand-in, by one clock that the test moves. */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const within = { withinMs: 10_000 };

let world: ModelWorld;
let nights: NightWorld;
let locationId: string;

beforeAll(async () => {
  world = await createModelWorld();
  nights = nightWorld(world);
});
afterAll(() => world.close());
beforeEach(async () => {
  await world.fresh();
  world.clock.freeze(Date.parse('2026-11-02T12:00:00Z'));
  locationId = await world.location();
  nights.ended.length = 0;
  await nights.says();
  await nights.takes(30 * MINUTE);
});

const later = (ms: number): void => world.clock.freeze(world.now().getTime() + ms);
const send = () => nights.night.sendNight({ locationId });
const lookAt = (batchId: string | null) => nights.night.lookNight({ locationId, batchId });
const keep = (batchId: string) => nights.night.keepNight({ locationId, batchId });

async function sentBatch(): Promise<string> {
  const sent = await send();
  if (sent.kind !== 'sent') throw new Error(`nothing was sent: ${JSON.stringify(sent)}`);
  return sent.batchId;
}

async function change(settings: object): Promise<void> {
  await world.db.pool.query('update locations set settings = settings || $2::jsonb where location_id = $1', [
    locationId,
    JSON.stringify(settings),
  ]);
}

describe('a night', () => {
  it('asks for all talks of the day at half the price, to the nano-dollar of the invoice', async () => {
    const leads = await Promise.all(Array.from({ length: 9 }, () => nights.talks(locationId)));
    await nights.talks(locationId, { minutesAgo: 27 * 60 });
    const batchId = await sentBatch();
    expect(await nights.rows(locationId)).toEqual(
      leads.map(() => ({ state: 'sent', failure: null, batch: true, attempt: 1 })),
    );
    expect((await world.standing()).reserved).toBeGreaterThan(0);
    // When a batch is worked nobody knows: no other call counts on what it left in the cache.
    const about = { locationId, contactId: leads[0]!.contactId, callKey: 'x', model: 'claude-haiku-5-5' };
    expect((await world.ledger.before({ ...about, now: world.now().toISOString() })).earlier).toEqual({});
    later(MINUTE);
    expect(await lookAt(batchId)).toEqual({ kind: 'working', done: 0, of: 9 });
    later(HOUR);
    expect(await lookAt(batchId)).toEqual({ kind: 'ended', batchId });
    expect(await keep(batchId)).toEqual({ kind: 'kept', summaries: 9, dropped: 0 });
    const invoice = await world.invoice();
    expect(await world.standing()).toEqual({ billed: invoice.nano, maybe: 0, reserved: 0 });
    const { rows } = await world.db.pool.query<{ tokens: number[]; nanos: number[] }>(
      'select tokens, nanos from model_calls where location_id = $1',
      [locationId],
    );
    // What all share is written once, and read by those after it.
    expect(rows.filter(({ tokens }) => Number(tokens[1]) > 512)).toHaveLength(8);
    const full = priceOf('claude-haiku-5-5', world.now().toISOString()).rates.output / 1_000;
    for (const { tokens, nanos } of rows) expect(Number(nanos[4])).toBe(Math.floor((Number(tokens[4]) * full) / 2));
    expect(await nights.wanted(locationId)).toEqual({ jobs: 9, told: 9 });
    expect(await keep(batchId)).toEqual({ kind: 'kept', summaries: 9, dropped: 0 });
    expect(await nights.wanted(locationId)).toEqual({ jobs: 9, told: 9 });
    expect(await send()).toEqual({ kind: 'nothing' });
  });

  it('leaves its words where the summary of a lead is made, which asks nobody and keeps to its gates', async () => {
    const { inboxId, ...ref } = await nights.talks(locationId);
    const batchId = await sentBatch();
    later(HOUR);
    await keep(batchId);
    const { requests } = await world.invoice();
    const { call } = world.worker();
    const deps = { ...nights.deps, assistant: { present: true, call } } as unknown as Deps;
    const [job] = await nights.deps.drafts.jobs(ref, 5);
    expect(job).toMatchObject({ job: 'summary', inboxId });
    expect(await summarise(deps, ref, job!)).toBe(true);
    expect((await world.invoice()).requests).toBe(requests);
    const { rows } = await world.db.pool.query('select channel, content from outbox where location_id = $1', [
      locationId,
    ]);
    expect(rows).toEqual([{ channel: 'note', content: { body: SUMMARY } }]);

    await order(world.standin, 'reset');
    await nights.says('Call them at https://elsewhere.example.');
    await nights.takes(MINUTE);
    later(HOUR);
    const again = await nights.talks(locationId, { contactId: ref.contactId, minutesAgo: 1 });
    const second = await sentBatch();
    later(HOUR);
    await keep(second);
    expect(await summarise(deps, ref, { ...job!, inboxId: again.inboxId })).toBe(false);
  });

  it('takes each answer for what it is: words, words cut short, and none', async () => {
    await order(world.standin, 'reset');
    await order(world.standin, 'script', {
      answers: [
        { times: 1, refusal: { category: 'other', explanation: 'no' } },
        { times: 1, text: SUMMARY, stopReason: 'max_tokens' },
      ],
    });
    await nights.says();
    await nights.takes(MINUTE);
    await Promise.all([1, 2, 3].map(() => nights.talks(locationId)));
    const batchId = await sentBatch();
    later(HOUR);
    expect(await keep(batchId)).toEqual({ kind: 'kept', summaries: 2, dropped: 1 });
    const rows = await nights.rows(locationId);
    expect(rows.map(({ state, failure }) => failure ?? state).sort()).toEqual(['billed', 'billed', 'declined']);
    expect(await world.standing()).toEqual({ billed: (await world.invoice()).nano, maybe: 0, reserved: 0 });
    const { rows: kept } = await world.db.pool.query('select stop from model_answers order by stop');
    expect(kept).toEqual([{ stop: 'cut' }, { stop: 'end' }]);
  });

  it('bills nothing for what came back without an answer, whichever way', async () => {
    await Promise.all([1, 2].map(() => nights.talks(locationId)));
    const cancelled = await sentBatch();
    expect(await world.model.batches.cancel(cancelled, within)).toMatchObject({ state: 'working' });
    later(MINUTE);
    expect(await lookAt(cancelled)).toEqual({ kind: 'ended', batchId: cancelled });
    expect(await keep(cancelled)).toEqual({ kind: 'kept', summaries: 0, dropped: 2 });
    await nights.takes(48 * HOUR);
    const expired = await sentBatch();
    later(25 * HOUR);
    expect(await lookAt(expired)).toEqual({ kind: 'ended', batchId: expired });
    expect(await keep(expired)).toEqual({ kind: 'kept', summaries: 0, dropped: 2 });
    expect(await nights.rows(locationId)).toEqual(
      [1, 1, 2, 2].map((attempt) => ({ state: 'not-billed', failure: 'batch-dropped', batch: true, attempt })),
    );
    expect(await world.standing()).toEqual({ billed: (await world.invoice()).nano, maybe: 0, reserved: 0 });
    expect(await nights.wanted(locationId)).toEqual({ jobs: 0, told: 0 });
  });

  it('finds a batch whose making was not answered, and makes no second one', async () => {
    await Promise.all([1, 2, 3].map(() => nights.talks(locationId)));
    // Batches of as many calls, before and after it.
    const others = [await world.location(), await world.location()] as const;
    const sendOf = async (other: string) => {
      for (const minutesAgo of [1, 2, 3]) await nights.talks(other, { minutesAgo });
      expect(await nights.night.sendNight({ locationId: other })).toMatchObject({ kind: 'sent' });
    };
    await sendOf(others[0]);
    later(1_000);
    await nights.fault({ dropAfterHandling: true });
    expect(await send()).toEqual({ kind: 'unsure' });
    expect(await send()).toEqual({ kind: 'unsure' });
    later(1_000);
    await sendOf(others[1]);
    expect(await nights.made()).toBe(3);
    expect(await lookAt(null)).toMatchObject({ kind: 'working', of: 3 });
    later(HOUR);
    const found = await lookAt(null);
    if (found.kind !== 'ended') throw new Error(`not found: ${found.kind}`);
    expect(await keep(found.batchId)).toEqual({ kind: 'kept', summaries: 3, dropped: 0 });
    expect(await nights.rows(locationId)).toEqual([1, 2, 3].map(() => expect.objectContaining({ state: 'billed' })));
    for (const other of others)
      expect(await nights.rows(other)).toEqual([1, 2, 3].map(() => expect.objectContaining({ state: 'sent' })));
  });

  it('finds what was made before its process died', async () => {
    await nights.talks(locationId);
    const died = new Error('the process is gone');
    const at = (point: string) => (point === 'night.after-create' ? Promise.reject(died) : Promise.resolve());
    const dying = createNightActivities({ ...nights.deps, pauses: { at } });
    await expect(dying.sendNight({ locationId })).rejects.toBe(died);
    expect(await send()).toEqual({ kind: 'unsure' });
    later(HOUR);
    const found = await lookAt(null);
    if (found.kind !== 'ended') throw new Error(`not found: ${found.kind}`);
    expect(await keep(found.batchId)).toMatchObject({ summaries: 1 });
    expect(await nights.made()).toBe(1);
  });

  it('gives up what was never made, as maybe billed, and the batch that does not end', async () => {
    await nights.talks(locationId);
    await nights.fault({ reset: true });
    expect(await send()).toEqual({ kind: 'unsure' });
    expect(await lookAt(null)).toEqual({ kind: 'missing' });
    await nights.night.dropNight({ locationId, batchId: null });
    expect(await nights.rows(locationId)).toMatchObject([{ state: 'maybe-billed', failure: 'cut-before-first-byte' }]);
    const batchId = await sentBatch();
    await nights.night.dropNight({ locationId, batchId });
    expect((await nights.rows(locationId))[1]).toMatchObject({ state: 'maybe-billed', failure: 'timeout', attempt: 2 });
    const { billed, maybe } = await world.standing();
    const { nano } = await world.invoice();
    expect(billed).toBeLessThanOrEqual(nano);
    expect(billed + maybe).toBeGreaterThanOrEqual(nano);
  });

  it('is tried again where the vendor took nothing, and costs nothing then', async () => {
    await nights.talks(locationId);
    await nights.fault({ status: 529 });
    expect(await send()).toEqual({ kind: 'failed', again: true, code: 'overloaded_error' });
    expect(await nights.rows(locationId)).toMatchObject([{ state: 'not-billed', failure: 'overloaded' }]);
    await nights.fault({ status: 401 });
    expect(await send()).toMatchObject({ kind: 'failed', again: false });
    expect(await world.standing()).toEqual({ billed: 0, maybe: 0, reserved: 0 });
    expect(await send()).toMatchObject({ kind: 'sent' });
  });

  it('asks for no more than the budget has room for, and for nothing where there is no assistant', async () => {
    await Promise.all([1, 2, 3, 4].map(() => nights.talks(locationId)));
    expect(await nights.deps.nights.talked(locationId, '2026-11-02T00:00:00.000Z', 2)).toHaveLength(2);
    const off = { kind: 'stop', why: 'off' };
    await change({ budgets: { modelDollarsPerDay: 0 } });
    expect(await send()).toEqual(off);
    await change({ budgets: { modelDollarsPerDay: 0.000_01 } });
    expect(await send()).toEqual({ kind: 'nothing' });
    await change({ budgets: { modelDollarsPerDay: 5 }, modes: { replies: 'off' } });
    expect(await send()).toEqual(off);
    await change({ modes: { replies: 'draft' } });
    await world.locations.setStatus(locationId, 'paused');
    expect(await send()).toEqual(off);
    await world.locations.setStatus(locationId, 'active');
    expect(await createNightActivities({ ...nights.deps, model: null }).sendNight({ locationId })).toEqual(off);
    expect(await nights.rows(locationId)).toEqual([]);
    later(8 * 24 * HOUR);
    expect(await send()).toEqual({ kind: 'stop', why: 'quiet' });
    await nights.night.endNights({ locationId });
    expect(nights.ended).toEqual([locationId]);
  });

  it('passes over whoever opted out, is stopped, or has nothing new since the last summary', async () => {
    const [one, two, three, four] = await Promise.all([1, 2, 3, 4].map(() => nights.talks(locationId)));
    const set = (sql: string, contactId: string) =>
      world.db.pool.query(`update leads set ${sql} where location_id = $1 and contact_id = $2`, [
        locationId,
        contactId,
      ]);
    await set(`stage = 'opted-out'`, one!.contactId);
    await set(`state = 'stopped'`, two!.contactId);
    await set(`snapshot = '{"tags": ["AI-Off"]}'`, three!.contactId);
    await nights.deps.nights.want(four!, four!.inboxId, world.now().toISOString());
    expect(await send()).toEqual({ kind: 'nothing' });
    later(HOUR);
    await nights.talks(locationId, { contactId: four!.contactId, minutesAgo: 1 });
    expect(await send()).toMatchObject({ kind: 'sent', calls: 1 });
  });
});

describe('batches of the adapter', () => {
  const request = (model?: string) => ({
    prompt: promptFor('Hello', model ? { model } : {}),
    marks: [],
    maxTokens: 50,
  });

  it('tell each call’s own end, in whatever order, and pass over what is not ours', async () => {
    const calls = [
      { id: 'good', request: request() },
      { id: 'bad', request: request('claude-of-nowhere') },
      { id: 'other', request: request() },
    ];
    const made = await world.model.batches.create(calls, within);
    if (made.kind !== 'batch') throw new Error(made.code);
    expect(made).toMatchObject({ state: 'working', calls: 3 });
    later(HOUR);
    expect(await world.model.batches.look(made.batchId, within)).toMatchObject({ state: 'ended', calls: 3, done: 3 });
    const read = await world.model.batches.results(made.batchId, (id) => (id === 'other' ? undefined : []), within);
    if (read.kind !== 'read') throw new Error(read.code);
    expect(Object.fromEntries(read.results.map(({ id, outcome }) => [id, outcome]))).toMatchObject({
      good: { kind: 'answered', text: SUMMARY, stop: 'end', usage: { output: expect.any(Number) } },
      bad: { kind: 'failed', how: 'batch-dropped', code: expect.stringMatching(/_error$/) },
    });
    expect(read.results).toHaveLength(2);
  });

  it('are values when something fails, and refuse what no vendor takes', async () => {
    const { batches } = world.model;
    expect(await batches.look('msgbatch_unknown', within)).toMatchObject({ kind: 'failed', how: 'refused' });
    await nights.fault({ status: 500 });
    expect(await batches.create([{ id: 'a', request: request() }], within)).toMatchObject({ kind: 'failed' });
    expect(await batches.since('2026-11-02T00:00:00Z', within)).toEqual({ kind: 'listed', batches: [] });
    await expect(batches.create([], within)).rejects.toThrow(RangeError);
    await expect(batches.create([{ id: 'a:b', request: request() }], within)).rejects.toThrow(RangeError);
    const twice = [1, 2].map(() => ({ id: 'a', request: request() }));
    await expect(batches.create(twice, within)).rejects.toThrow(RangeError);
  });
});
