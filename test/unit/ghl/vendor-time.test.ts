import { describe, expect, it } from '@jest/globals';
import type { Answer } from '../../../integrations/ghl/reply.ts';
import { askedAt, writtenAt } from '../../../integrations/ghl/vendor-time.ts';

/** What the vendor's clock showed, in whole seconds. */
const DATE = Date.parse('2026-05-04T12:00:10.000Z');
const answer = (startedAt: number, date: string | undefined = new Date(DATE).toUTCString()): Answer => ({
  ...{ kind: 'answer', status: 200, json: {}, traceId: undefined, startedAt },
  headers: date === undefined ? {} : { date },
});
const undated = (startedAt: number): Answer => ({ ...answer(startedAt), headers: {} });

describe('when the vendor was asked', () => {
  it.each([
    ['by a clock that agrees, within the second', 900, 900],
    ['by a clock that agrees, before a slow answer', -2_500, -2_500],
    ['by a clock ahead', 1_000, 0],
    ['by a clock far ahead', 600_000, 0],
    ['by a clock far behind', -600_000, 0],
  ])('%s', (_title, ours, counts) => {
    expect(askedAt(answer(DATE + ours))).toBe(DATE + counts);
  });

  it('is what our clock says where the vendor says nothing', () => {
    expect(askedAt(undated(DATE + 600_000))).toBe(DATE + 600_000);
  });
});

describe('when a write was done', () => {
  it('is what the thing itself says', () => {
    expect(writtenAt(answer(DATE + 600_000), '2026-05-04T12:00:10.123Z')).toBe('2026-05-04T12:00:10.123Z');
    expect(writtenAt(undated(DATE), '2026-05-04T12:00:10.123Z')).toBe('2026-05-04T12:00:10.123Z');
  });

  it('is never later than it was: a change made right afterwards is newer', () => {
    expect(writtenAt(answer(DATE + 600_000), undefined)).toBe('2026-05-04T12:00:10.000Z');
    expect(writtenAt(answer(DATE + 600_000), '2026-05-04T12:09:00.000Z')).toBe('2026-05-04T12:00:10.000Z');
    expect(writtenAt(answer(DATE - 5_000), 'soon')).toBe('2026-05-04T12:00:05.000Z');
  });

  it('is not known where the vendor tells no time', () => {
    expect(writtenAt(undated(DATE), undefined)).toBeUndefined();
  });
});
