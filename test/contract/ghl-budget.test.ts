import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { freshBudget, hearOfBudget, takeCall, type CallBudgetState } from '../../domain/crm/call-budget.ts';
import type { CallBudget } from '../../domain/ports/call-budget.ts';
import { createCallBudget } from '../../integrations/redis/call-budget.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { PATIENT_MS } from '../support/cache-world.ts';
import { cuttableProxy } from '../support/cuttable-proxy.ts';
import { contact, crmMaker, failure, recordingLog, ref, sent } from '../support/ghl-crm.ts';
import { json, startRecordingVendor, type RecordingVendor, type Script } from '../support/recording-vendor.ts';
import { until } from '../support/until.ts';
import { sharedServices } from '../support/world.ts';

const log = recordingLog();
const { crmAt, closeAll } = crmMaker(log);
const open: CallBudget[] = [];
let redisUrl: string;
let vendor: RecordingVendor;

beforeAll(async () => {
  const services = await sharedServices();
  if (services.redisUrl === undefined)
    throw new Error('this test needs a Redis: none was found and none could be fetched');
  redisUrl = services.redisUrl;
  vendor = await startRecordingVendor();
});
afterEach(async () => {
  await closeAll();
  await Promise.all(open.splice(0).map((budget) => budget.close()));
});
afterAll(() => vendor.close());

/** A location of its own for each test: the Redis is shared. */
const newLocation = () => ({ ...ref, locationId: `loc${randomBytes(8).toString('hex')}` });

/** As another process would have it. Answers once Redis answers it. */
async function process(over: Partial<Parameters<typeof createCallBudget>[0]> = {}): Promise<CallBudget> {
  const budget = createCallBudget({ redisUrl, log, limitMs: PATIENT_MS, ...over });
  open.push(budget);
  return budget;
}

async function connected(...budgets: readonly CallBudget[]): Promise<void> {
  const probe = new Redis(redisUrl);
  for (const budget of budgets) {
    const { locationId } = newLocation();
    // A take that Redis has counted leaves a trace there.
    await until(async () => {
      await budget.take(locationId, true);
      return (await probe.exists(`${locationId}:ghl:budget`)) === 1;
    });
  }
  probe.disconnect();
}

describe('the budget in Redis', () => {
  it('answers as the plain logic does, call by call, whatever is asked and heard', async () => {
    let now = Date.parse('2026-05-04T23:59:50Z');
    const budget = await process({ now: () => now });
    await connected(budget);
    // Redis forgets the calls of an interval by its own clock: none may end there while the test stands still.
    const intervalMs = fc.integer({ min: 60_000, max: 300_000 });
    const news = fc.record(
      {
        max: fc.oneof(fc.integer({ min: -1, max: 30 }), fc.integer({ min: 30, max: 300 })),
        intervalMs,
        remaining: fc.nat(60),
        dailyMax: fc.integer({ min: 50, max: 200 }),
        dailyRemaining: fc.nat(200),
        dayEndsInMs: fc.integer({ min: 1, max: 1_200_000 }),
        refusedForMs: fc.integer({ min: 1, max: 30_000 }),
      },
      { requiredKeys: [] },
    );
    const step = fc.record({
      afterMs: fc.nat(12_000),
      urgent: fc.boolean(),
      heard: fc.option(news, { nil: undefined }),
    });
    const steps = fc.array(step, { minLength: 20, maxLength: 120 });
    await fc.assert(
      fc.asyncProperty(intervalMs, steps, async (ofFirst, steps) => {
        const { locationId } = newLocation();
        let state: CallBudgetState = freshBudget(now);
        for (const [index, { afterMs, urgent, heard }] of steps.entries()) {
          now += afterMs;
          const expected = takeCall(state, now, urgent);
          state = expected.state;
          expect(await budget.take(locationId, urgent)).toEqual(expected.verdict);
          const told = index === 0 ? { intervalMs: ofFirst } : afterMs % 3 > 0 ? undefined : heard;
          if (told === undefined) continue;
          state = hearOfBudget(state, now, told);
          await budget.heard(locationId, told);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is one for all processes, and another for each location', async () => {
    const budgets = await Promise.all([process(), process(), process()]);
    await connected(...budgets);
    const { locationId } = newLocation();
    await budgets[0].heard(locationId, { intervalMs: 300_000 });
    const verdicts = await Promise.all(
      Array.from({ length: 240 }, (_, i) => budgets[i % 3]!.take(locationId, i % 2 === 0)),
    );
    expect(verdicts.filter(({ kind }) => kind === 'granted')).toHaveLength(100);
    expect((await budgets[0].take(newLocation().locationId, false)).kind).toBe('granted');
  });

  it('looks every hour whether a day has begun whose end the vendor does not say', async () => {
    let now = Date.parse('2026-05-04T12:00:00Z');
    const budget = await process({ now: () => now });
    await connected(budget);
    const { locationId } = newLocation();
    await budget.heard(locationId, { dailyRemaining: 40_000 });
    expect(await budget.take(locationId, false)).toEqual({ kind: 'refused', why: 'daily', waitMs: 3_600_000 });
    now += 1_800_000;
    expect((await budget.take(locationId, true)).kind).toBe('granted');
    await budget.heard(locationId, { dailyRemaining: 39_999 });
    expect(await budget.take(locationId, false)).toMatchObject({ why: 'daily', waitMs: 1_800_000 });
    now += 1_800_000;
    expect((await budget.take(locationId, false)).kind).toBe('granted');
  });

  it('shows the least that any location has left', async () => {
    const budget = await process();
    expect(budget.lowest()).toEqual({ burst: Number.NaN, daily: Number.NaN });
    await connected(budget);
    await budget.take(newLocation().locationId, false);
    const { locationId } = newLocation();
    await budget.heard(locationId, { remaining: 12, dailyRemaining: 777 });
    expect(budget.lowest()).toEqual({ burst: 12, daily: 777 });
    const shown = await createMetrics({ callsLeft: budget.lowest }).text();
    expect(shown).toContain('leadwright_crm_budget_remaining{kind="burst"} 12');
    expect(shown).toContain('leadwright_crm_budget_remaining{kind="daily"} 777');
    expect(shown).not.toContain(locationId);
  });
});

describe('without Redis', () => {
  it('each process goes on with a quarter, by what it has heard, and returns to the shared budget', async () => {
    const real = new URL(redisUrl);
    const proxy = await cuttableProxy({ host: real.hostname, port: Number(real.port) });
    const budget = await process({ redisUrl: `redis://127.0.0.1:${proxy.port}` });
    try {
      await connected(budget);
      const { locationId } = newLocation();
      // What all have used of the day by the vendor's count stops nobody who is alone.
      await budget.heard(locationId, { max: 40, intervalMs: 60_000, dailyRemaining: 100_000 });
      proxy.cut();
      await until(async () => (await budget.take(newLocation().locationId, true)).kind === 'granted');
      const verdicts = await Promise.all(Array.from({ length: 40 }, () => budget.take(locationId, false)));
      expect(verdicts.filter(({ kind }) => kind === 'granted')).toHaveLength(8);
      const urgent = await Promise.all(Array.from({ length: 40 }, () => budget.take(locationId, true)));
      expect(urgent.filter(({ kind }) => kind === 'granted')).toHaveLength(2);
      proxy.restore();
      await connected(budget);
      expect((await budget.take(locationId, false)).kind).toBe('granted');
    } finally {
      await proxy.close();
    }
  });

  it('a hanging one costs the breaker its three tries of a quarter of a second and no more', async () => {
    const real = new URL(redisUrl);
    const proxy = await cuttableProxy({ host: real.hostname, port: Number(real.port) });
    const budget = await process({ redisUrl: `redis://127.0.0.1:${proxy.port}`, limitMs: undefined });
    try {
      await connected(budget);
      proxy.swallow();
      for (let i = 0; i < 80; i += 1) {
        expect((await budget.take(newLocation().locationId, false)).kind).toBe('granted');
      }
      expect(proxy.swallowed()).toBeGreaterThanOrEqual(3);
      // Each try may end its connection, and each new one says hello.
      expect(proxy.swallowed()).toBeLessThanOrEqual(12);
    } finally {
      await proxy.close();
    }
  });
});

describe('calls within the budget', () => {
  /** A vendor that counts: so many per interval, then 429 until it is over; others may have used it up before us. */
  function strictVendor(max: number, intervalMs: number) {
    let windowEnds = 0;
    let used = 0;
    const seen = { taken: 0, refused: 0 };
    const script: Script = (request, response, socket) => {
      const now = Date.now();
      if (now >= windowEnds) [windowEnds, used] = [now + intervalMs, 0];
      used += 1;
      const headers = {
        'x-ratelimit-max': String(max),
        'x-ratelimit-interval-milliseconds': String(intervalMs),
        'x-ratelimit-remaining': String(Math.max(0, max - used)),
      };
      const over = used > max;
      seen[over ? 'refused' : 'taken'] += 1;
      json(over ? 429 : 201, over ? { message: 'Too many requests' } : { tags: [] }, headers)(
        request,
        response,
        socket,
      );
    };
    return { script, seen, spend: (calls: number) => ((windowEnds = Date.now() + intervalMs), (used = calls)) };
  }

  it('a storm from several processes is over the limit by one burst at most, and then nobody calls until the interval is over', async () => {
    const strict = strictVendor(30, 10_000);
    vendor.answer(strict.script);
    const budgets = await Promise.all([process(), process(), process(), process()]);
    await connected(...budgets);
    const here = newLocation();
    await Promise.all(budgets.map((budget) => budget.heard(here.locationId, { max: 30, intervalMs: 10_000 })));
    const crms = budgets.map((budget) => crmAt(vendor.url, { budget }));
    const storm = (times: number) =>
      Promise.all(
        Array.from({ length: times }, (_, i) => failure(crms[i % 4]!.addTags(here, ['a'])).catch(() => null)),
      );
    // Another app of the location has spent it all, and we cannot know.
    strict.spend(30);
    const first = await storm(200);
    expect(strict.seen.refused).toBeGreaterThan(0);
    expect(strict.seen.refused).toBeLessThanOrEqual(30);
    const after = strict.seen.refused;
    expect(first.every((error) => error?.code === 'CRM_RATE_LIMITED' && (error.retryAfterMs ?? 0) > 0)).toBe(true);
    await storm(200);
    expect(strict.seen).toEqual({ taken: 0, refused: after });
    // A text to a person waits as well: the vendor said no to all.
    expect(await crms[0]!.send(here, { channel: 'sms', body: 'x', urgent: true })).toMatchObject({ kind: 'not-sent' });
    await until(async () => (await budgets[0].take(here.locationId, true)).kind === 'granted');
    await storm(10);
    expect(strict.seen).toEqual({ taken: 10, refused: after });
  });

  it('keeps a fifth for answers, do-not-disturb and opt-outs while all else waits', async () => {
    const budget = await process();
    await connected(budget);
    const here = newLocation();
    await budget.heard(here.locationId, { max: 20, intervalMs: 60_000 });
    const crm = crmAt(vendor.url, { budget });
    vendor.answer(json(201, { tags: [] }));
    for (let i = 0; i < 16; i += 1) await crm.addTags(here, ['a']);
    expect(await failure(crm.addTags(here, ['a']))).toMatchObject({ code: 'CRM_RATE_LIMITED' });
    expect(await crm.send(here, { channel: 'sms', body: 'x' })).toMatchObject({ kind: 'not-sent' });
    vendor.answer(sent());
    expect(await crm.send(here, { channel: 'sms', body: 'x', urgent: true })).toMatchObject({ kind: 'sent' });
    const blocked = contact({ locationId: here.locationId, dndSettings: { SMS: { status: 'active' } } });
    vendor.answer(contact({ locationId: here.locationId }), json(200, { succeded: true }), blocked);
    await crm.setDnd(here, { sms: 'on' });
    expect((await crm.send(here, { channel: 'sms', body: 'x', urgent: true })).kind).toBe('not-sent');
  });

  it('asks nothing when the day is spent, and says until when', async () => {
    const here = newLocation();
    const budgets = await Promise.all([process(), process()]);
    await connected(...budgets);
    const [one, two] = budgets.map((budget) => crmAt(vendor.url, { budget }));
    const headers = { 'x-ratelimit-daily-remaining': '0', 'x-ratelimit-daily-reset': '5400000' };
    const began = Date.now();
    vendor.answer(json(429, { message: 'Too many requests' }, headers));
    expect((await failure(one!.addTags(here, ['a']))).code).toBe('CRM_DAILY_SPENT');
    const before = vendor.calls.length;
    for (const crm of [one!, two!]) {
      const error = await failure(crm.addTags(here, ['a']));
      expect(error.code).toBe('CRM_DAILY_SPENT');
      expect(error.retryAfterMs).toBeGreaterThanOrEqual(5_400_000 - (Date.now() - began));
      expect(error.retryAfterMs).toBeLessThanOrEqual(5_400_000);
      expect((await crm.send(here, { channel: 'sms', body: 'x', urgent: true })).kind).toBe('not-sent');
    }
    expect(vendor.calls.length).toBe(before);
  });

  it('waits out what is short', async () => {
    const budget = await process();
    await connected(budget);
    const here = newLocation();
    await budget.heard(here.locationId, { max: 10, intervalMs: 200 });
    const crm = crmAt(vendor.url, { budget });
    vendor.answer(json(201, { tags: [] }));
    const began = performance.now();
    for (let i = 0; i < 20; i += 1) await crm.addTags(here, ['a']);
    expect(performance.now() - began).toBeGreaterThan(300);
  });
});
