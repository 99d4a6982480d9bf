import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createPace } from '../../../integrations/reso/pace.ts';
import { vendors } from '../../../integrations/reso/vendors.ts';

const HOUR = 3_600_000;

/** A pace under a clock that only the test moves. */
function paced(limits: Parameters<typeof createPace>[0]) {
  const clock = { at: Date.parse('2026-11-29T10:00:00.000Z') };
  return { clock, pace: createPace(limits, () => clock.at) };
}

function refusalOf(take: () => unknown): object {
  try {
    take();
  } catch (error) {
    return error as object;
  }
  throw new Error('expected a refusal');
}

describe('the pace of one account', () => {
  it('lets no more requests arrive in any stretch than the vendor takes, however they come and however long their way is, until it knows better', () => {
    const ask = fc.record({
      pause: fc.integer({ min: 0, max: 700 }),
      way: fc.integer({ min: 0, max: 900 }),
      work: fc.nat(200),
    });
    fc.assert(
      fc.property(fc.array(ask, { minLength: 4, maxLength: 9 }), (asks) => {
        const { clock, pace } = paced(vendors.mlsgrid.limits);
        const arrived: number[] = [];
        for (const { pause, way, work } of asks) {
          clock.at += pause;
          let place: ReturnType<typeof pace.take> | undefined;
          while (place === undefined) {
            try {
              place = pace.take();
            } catch (error) {
              expect(error).toMatchObject({ code: 'FEED_BUSY' });
              clock.at += (error as { retryAfterMs: number }).retryAfterMs;
            }
          }
          arrived.push(clock.at + way);
          // One after the other, as a scan asks.
          clock.at += way + work;
          place.answered(clock.at);
        }
        const sorted = [...arrived].sort((one, other) => one - other);
        for (let index = 2; index < sorted.length; index += 1) {
          expect((sorted[index] ?? 0) - (sorted[index - 2] ?? 0)).toBeGreaterThan(1_000);
        }
      }),
    );
  });

  it('waits for a request that is under way, which may not have been counted yet', () => {
    const { clock, pace } = paced([{ requests: 1, perMs: 1_000 }]);
    const first = pace.take();
    clock.at += 5_000;
    expect(refusalOf(() => pace.take())).toMatchObject({ code: 'FEED_BUSY' });
    first.answered(clock.at);
    const { retryAfterMs } = refusalOf(() => pace.take()) as { retryAfterMs: number };
    clock.at += retryAfterMs;
    expect(() => pace.take()).not.toThrow();
  });

  it('loses next to nothing of what the vendor allows once it knows how long an answer takes', () => {
    const { clock, pace } = paced(vendors.mlsgrid.limits);
    const started = clock.at;
    for (let asked = 0; asked < 200;) {
      try {
        const place = pace.take();
        asked += 1;
        clock.at += 150;
        place.answered(clock.at);
      } catch (error) {
        clock.at += (error as { retryAfterMs: number }).retryAfterMs;
      }
    }
    expect(clock.at - started).toBeLessThan((200 / 2) * 1_050);
  });

  it('takes an answer that came late for a request that came late', () => {
    const { clock, pace } = paced([{ requests: 1, perMs: 1_000 }]);
    for (let asked = 0; asked < 20; asked += 1) {
      const place = pace.take();
      clock.at += asked % 4 === 3 ? 150 : 100;
      place.answered(clock.at);
      clock.at += 1_200;
    }
    const left = clock.at;
    const late = pace.take();
    clock.at += 600;
    late.answered(clock.at);
    const { retryAfterMs } = refusalOf(() => pace.take()) as { retryAfterMs: number };
    // All but the usual way may have been before the vendor counted it.
    expect(clock.at + retryAfterMs - left).toBeGreaterThanOrEqual(1_000 + 600 - 150);
    expect(clock.at + retryAfterMs - left).toBeLessThanOrEqual(1_000 + 600 - 100 + 35);
  });

  it('says when to come back once the hour is used up, before the vendor has to refuse', () => {
    const { clock, pace } = paced([{ requests: 3, perMs: HOUR }]);
    const started = clock.at;
    for (let request = 0; request < 3; request += 1) {
      pace.take().answered(clock.at);
      clock.at += 60_000;
    }
    const { retryAfterMs } = refusalOf(() => pace.take()) as { retryAfterMs: number };
    expect(clock.at + retryAfterMs).toBeGreaterThan(started + HOUR);
    expect(clock.at + retryAfterMs).toBeLessThan(started + HOUR + 1_000);
    expect(pace.quota()).toMatchObject({ limit: 3, left: 0, resetsAt: new Date(started + HOUR).toISOString() });
    clock.at += retryAfterMs;
    expect(() => pace.take()).not.toThrow();
  });

  it('counts bytes, and keeps room for an answer as long as the longest', () => {
    const { clock, pace } = paced([{ bytes: 1_000, perMs: HOUR }]);
    for (const bytes of [400, 300]) {
      const place = pace.take();
      place.answered(clock.at);
      place.spent(bytes);
      clock.at += 1_000;
    }
    expect(refusalOf(() => pace.take())).toMatchObject({ code: 'FEED_BUSY' });
    clock.at += HOUR;
    expect(() => pace.take()).not.toThrow();
  });

  it('stays shut for as long as the vendor said, under the code of what happened', () => {
    const { clock, pace } = paced([]);
    pace.refused('FEED_SUSPENDED', 5_000);
    expect(refusalOf(() => pace.take())).toMatchObject({ code: 'FEED_SUSPENDED', retryAfterMs: 5_000 });
    clock.at += 5_000;
    expect(() => pace.take()).not.toThrow();
  });

  it('takes the limits that the vendor tells in the place of the published ones', () => {
    const { pace } = paced(vendors.trestle.limits);
    pace.take().told([{ limit: { requests: 1, perMs: HOUR }, left: null, resetsAt: null }]);
    expect(refusalOf(() => pace.take())).toMatchObject({ code: 'FEED_BUSY' });
  });

  describe('of an account that others use, too', () => {
    const limit = { requests: 100, perMs: HOUR };
    const told = (left: number, resetsAt: number | null) => [{ limit, left, resetsAt }];

    it('asks no more than the vendor says is left, until it counts anew', () => {
      const { clock, pace } = paced([limit]);
      const resetsAt = clock.at + 600_000;
      const first = pace.take();
      first.answered((clock.at += 100));
      first.told(told(2, resetsAt));
      expect(pace.quota()).toMatchObject({
        by: 'vendor',
        limit: 100,
        left: 2,
        resetsAt: new Date(resetsAt).toISOString(),
      });
      pace.take();
      expect(pace.quota()).toMatchObject({ by: 'vendor', left: 1 });
      pace.take();
      const { retryAfterMs } = refusalOf(() => pace.take()) as { retryAfterMs: number };
      expect(clock.at + retryAfterMs).toBeGreaterThan(resetsAt);
      expect(clock.at + retryAfterMs).toBeLessThan(resetsAt + 1_000);
      clock.at += retryAfterMs;
      expect(() => pace.take()).not.toThrow();
      expect(pace.quota()).toMatchObject({ by: 'us', left: 96 });
    });

    it('believes the answer to the later request, whichever came first', () => {
      const { clock, pace } = paced([limit]);
      const [one, other] = [pace.take(), pace.take()];
      other.told(told(5, clock.at + HOUR));
      one.told(told(6, clock.at + HOUR));
      expect(pace.quota()).toMatchObject({ left: 5 });
    });

    it('waits no longer than the stretch, however wrong a clock is', () => {
      const { clock, pace } = paced([limit]);
      pace.take().told(told(0, clock.at + 5 * HOUR));
      const { retryAfterMs } = refusalOf(() => pace.take()) as { retryAfterMs: number };
      expect(retryAfterMs).toBeLessThan(HOUR + 1_000);
      clock.at += retryAfterMs;
      pace.take().told(told(0, clock.at - HOUR));
      expect(() => pace.take()).not.toThrow();
    });

    it('counts itself where the vendor says nothing', () => {
      const { pace } = paced(vendors.mlsgrid.limits);
      pace.take();
      expect(pace.quota()).toMatchObject({ by: 'us', limit: 7_200, left: 7_199 });
    });
  });
});
