import { describe, expect, it } from '@jest/globals';
import { AppError } from '../../domain/errors.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { Dispatchable } from '../../domain/ports/inbox.ts';
import { createLogger } from '../../platform/logger.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { createFairQueue } from '../../workers/fair-queue.ts';
import { createMarker } from '../../workers/marker.ts';
import { isRefusal } from '../../workers/refusal.ts';
import { createDelivery } from '../../workers/relay-delivery.ts';

const log = createLogger({ level: 'silent' });

function gate(): { promise: Promise<void>; open: () => void } {
  let open = (): void => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('the fair queue', () => {
  it('serves a location with one event before the tail of one with many', async () => {
    const order: string[] = [];
    const hold = gate();
    const queue = createFairQueue<string>({
      all: 1,
      perLocation: 1,
      capacity: 100,
      keyOf: (item) => item[0] ?? '',
      work: async (item) => {
        await hold.promise;
        order.push(item);
      },
    });
    for (const item of ['a1', 'a2', 'a3', 'a4', 'b1']) queue.add(item);
    hold.open();
    while (order.length < 5) await turn();
    expect(order.indexOf('b1')).toBeLessThanOrEqual(2);
    expect(order.filter((item) => item.startsWith('a'))).toEqual(['a1', 'a2', 'a3', 'a4']);
  });

  it('never works more of one location, or of all, than allowed, and refuses what does not fit', async () => {
    let now = 0;
    let most = 0;
    const perLocation = new Map<string, number>();
    let mostOfOne = 0;
    let done = 0;
    const queue = createFairQueue<string>({
      all: 4,
      perLocation: 2,
      capacity: 60,
      keyOf: (item) => item,
      work: async (item) => {
        now += 1;
        most = Math.max(most, now);
        perLocation.set(item, (perLocation.get(item) ?? 0) + 1);
        mostOfOne = Math.max(mostOfOne, perLocation.get(item) ?? 0);
        await turn();
        perLocation.set(item, (perLocation.get(item) ?? 1) - 1);
        now -= 1;
        done += 1;
      },
    });
    const taken = Array.from({ length: 90 }, (_, n) => queue.add('abc'[n % 3] as string)).filter(Boolean).length;
    expect(taken).toBe(64);
    while (done < taken) await turn();
    expect({ most, mostOfOne }).toEqual({ most: 4, mostOfOne: 2 });
  });

  it('lets what has begun end when it drains, and begins nothing more', async () => {
    const hold = gate();
    const done: string[] = [];
    const queue = createFairQueue<string>({
      all: 1,
      perLocation: 1,
      capacity: 10,
      keyOf: () => '',
      work: async (item) => {
        await hold.promise;
        done.push(item);
      },
    });
    queue.add('begun');
    queue.add('waiting');
    const drained = queue.drain();
    expect(queue.add('late')).toBe(false);
    hold.open();
    await drained;
    expect(done).toEqual(['begun']);
  });
});

describe('marks', () => {
  it('are written together, in batches, and a failure loses none of the later ones', async () => {
    const batches: (readonly string[])[] = [];
    const marker = createMarker((ids) => {
      batches.push(ids);
      return batches.length === 1 ? Promise.reject(new Error('away')) : Promise.resolve();
    }, log);
    for (let n = 0; n < 150; n += 1) marker.mark(String(n));
    await marker.flush();
    expect(batches.map((batch) => batch.length)).toEqual([100, 50]);
  });
});

describe('a failed delivery', () => {
  const wrapped = (code: number): AppError =>
    new AppError('TEMPORAL_UNAVAILABLE', 'no', {
      cause: new Error('outer', { cause: Object.assign(new Error('grpc'), { code }) }),
    });

  it('is a refusal only where asking again must get the same answer', () => {
    expect([3, 9, 11].map((code) => isRefusal(wrapped(code)))).toEqual([true, true, true]);
    expect([1, 4, 8, 14].map((code) => isRefusal(wrapped(code)))).toEqual([false, false, false, false]);
    expect(isRefusal(new Error('who knows'))).toBe(false);
  });

  const row: Dispatchable = {
    inboxId: 'i-1',
    kind: 'contact.created',
    type: 'ContactCreate',
    locationId: 'loc',
    contactId: 'con',
    receivedAt: '2026-01-05T10:00:00.000Z',
  };

  function world(deliver: (ref: LeadRef) => Promise<void>) {
    const settled: [string, string, string | null][] = [];
    const statuses: [string, string][] = [];
    let clock = 0;
    const never = (): never => {
      throw new Error('not expected here');
    };
    const delivery = createDelivery(
      {
        inbox: {
          accept: never,
          assign: never,
          load: () => Promise.resolve(undefined),
          markDispatched: never,
          sweep: never,
          settle: (...call) => {
            settled.push(call);
            return Promise.resolve();
          },
        },
        leads: { list: never, underWay: never },
        locations: {
          get: never,
          list: never,
          setStatus: (locationId, status) => {
            statuses.push([locationId, status]);
            return Promise.resolve(true);
          },
        },
        installs: { expect: never, endedAt: never },
        credentials: { standing: never, destroy: never },
        refresher: { tell: never },
        cache: { erase: never },
        crm: { contactOfTask: never },
        records: { keep: never, contactOf: never, keepEmailStat: never, keepLocation: never },
        activity: { record: never },
        hashPerson: never,
        mailbox: { deliver },
        log,
        metrics: createMetrics(),
        pauses: { at: () => Promise.resolve() },
      },
      { endLead: () => Promise.resolve(), tellBarred: () => Promise.resolve(), wake: () => undefined },
      { now: () => clock },
    );
    return { delivery, settled, statuses, advance: (ms: number) => (clock += ms) };
  }

  it('parks an event that Temporal refuses five times, with its reason, and lets its neighbours go on', async () => {
    const { delivery, settled } = world((ref) =>
      ref.contactId === 'con' ? Promise.reject(wrapped(3)) : Promise.resolve(),
    );
    for (let n = 0; n < 5; n += 1) expect(await delivery.dispatch(row)).toBe(false);
    expect(settled).toEqual([['i-1', 'parked', expect.stringContaining('refused 5 times')]]);
    expect(await delivery.dispatch({ ...row, contactId: 'other' })).toBe(true);
  });

  it('parks nothing while Temporal is away, asks with one event at a time, and goes on once it answers', async () => {
    let away = true;
    let calls = 0;
    const { delivery, settled, advance } = world(() => {
      calls += 1;
      return away ? Promise.reject(wrapped(14)) : Promise.resolve();
    });
    for (let n = 0; n < 20; n += 1) {
      await Promise.all([delivery.dispatch(row), delivery.dispatch({ ...row, inboxId: 'i-2' })]);
      advance(10_000);
    }
    // The first round had two in flight before the outage was known; each later one asked once.
    expect(calls).toBe(21);
    expect(settled).toEqual([]);
    expect(delivery.away()).toBe(true);
    away = false;
    expect(await delivery.dispatch(row)).toBe(true);
    expect(delivery.away()).toBe(false);
  });

  it('parks an event whose ids cannot name a lead', async () => {
    const { delivery, settled } = world(() => Promise.resolve());
    expect(await delivery.dispatch({ ...row, contactId: 'a:b' })).toBe(false);
    expect(settled[0]?.[1]).toBe('parked');
  });

  it('ignores an event without a contact, by its kind', async () => {
    const { delivery, settled } = world(() => Promise.resolve());
    await delivery.dispatch({ ...row, contactId: null });
    await delivery.dispatch({ ...row, inboxId: 'i-2', contactId: null, type: 'Novelty', kind: 'unknown' });
    expect(settled).toEqual([
      ['i-1', 'ignored', 'no contact'],
      ['i-2', 'ignored', 'unknown type'],
    ]);
  });
});
