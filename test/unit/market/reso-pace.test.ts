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
  it('never lets more requests into any stretch than the vendor takes, however they come', () => {
    const { limits } = vendors.mlsgrid;
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 5, maxLength: 60 }), (pauses) => {
        const { clock, pace } = paced(limits);
        const sent: number[] = [];
        for (const pause of pauses) {
          clock.at += pause;
          try {
            sent.push(clock.at + pace.take().waitMs);
          } catch (error) {
            expect(error).toMatchObject({ code: 'FEED_BUSY' });
          }
        }
        for (let index = 2; index < sent.length; index += 1) {
          expect((sent[index] ?? 0) - (sent[index - 2] ?? 0)).toBeGreaterThan(1_000);
        }
        expect(sent.length).toBeGreaterThan(2);
      }),
    );
  });

  it('says when to come back once the hour is used up, before the vendor has to refuse', () => {
    const { clock, pace } = paced([{ requests: 3, perMs: HOUR }]);
    const started = clock.at;
    for (let request = 0; request < 3; request += 1) {
      expect(pace.take().waitMs).toBe(0);
      clock.at += 60_000;
    }
    const { retryAfterMs } = refusalOf(() => pace.take()) as { retryAfterMs: number };
    expect(clock.at + retryAfterMs).toBeGreaterThan(started + HOUR);
    expect(clock.at + retryAfterMs).toBeLessThan(started + HOUR + 1_000);
    expect(pace.quota()).toMatchObject({ limit: 3, left: 0, resetsAt: new Date(started + HOUR).toISOString() });
    clock.at += retryAfterMs;
    expect(pace.take().waitMs).toBe(0);
  });

  it('counts bytes, and keeps room for an answer as long as the longest', () => {
    const { clock, pace } = paced([{ bytes: 1_000, perMs: HOUR }]);
    pace.take().spent(400);
    clock.at += 1_000;
    pace.take().spent(300);
    expect(refusalOf(() => pace.take())).toMatchObject({ code: 'FEED_BUSY' });
    clock.at += HOUR;
    expect(pace.take().waitMs).toBe(0);
  });

  it('stays shut for as long as the vendor said, under the code of what happened', () => {
    const { clock, pace } = paced([]);
    pace.refused('FEED_SUSPENDED', 5_000);
    expect(refusalOf(() => pace.take())).toMatchObject({ code: 'FEED_SUSPENDED', retryAfterMs: 5_000 });
    clock.at += 5_000;
    expect(pace.take().waitMs).toBe(0);
  });

  it('takes the limits that the vendor tells in the place of the published ones', () => {
    const { pace } = paced(vendors.trestle.limits);
    pace.told([{ requests: 1, perMs: HOUR }]);
    pace.take();
    expect(refusalOf(() => pace.take())).toMatchObject({ code: 'FEED_BUSY' });
  });
});
