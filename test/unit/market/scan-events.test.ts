import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { EntityEvent, FeedCursor } from '../../../domain/market/feed.ts';
import { afterReset, eventsAfter, takeEvents } from '../../../domain/market/scan-events.ts';

const START = Date.parse('2026-11-29T10:00:00.000Z');
const at = (minutes: number) => new Date(START + minutes * 60_000).toISOString();
const EMPTY: FeedCursor = { sequence: null, resources: {} };
const event = (sequence: number | string, key = `K${sequence}`): EntityEvent => ({
  ...{ sequence: String(sequence), resource: 'Property', key },
});

/** One poll of a journal to its end, in pages of three. */
function poll(cursor: FeedCursor, journal: readonly EntityEvent[], minutes: number, pageSize = 3) {
  const events: EntityEvent[] = [];
  let [behind, more] = [false, true];
  let [asked, now] = [eventsAfter(cursor, at(minutes)), cursor];
  while (more && !behind) {
    const rest = journal.filter(({ sequence }) => asked === null || BigInt(sequence) > BigInt(asked));
    const page = rest.toSorted((a, b) => Number(BigInt(a.sequence) - BigInt(b.sequence))).slice(0, pageSize);
    more = rest.length > page.length;
    const taken = takeEvents(now, { asked, events: page, more }, at(minutes));
    events.push(...taken.events);
    [now, behind, asked] = [taken.cursor, taken.behind, page.at(-1)?.sequence ?? asked];
  }
  return { cursor: now, keys: events.map(({ key }) => key), behind };
}

describe('a journal of events', () => {
  it('is read from its first event, and gaps mean nothing', () => {
    const first = poll(EMPTY, [event(3), event(900), event(901)], 0);
    expect(first).toMatchObject({ keys: ['K3', 'K900', 'K901'], behind: false, cursor: { sequence: '901' } });
    expect(eventsAfter(EMPTY, at(0))).toBeNull();
  });

  it('keeps all digits of a sequence', () => {
    const { cursor } = poll(EMPTY, [event('9223372036854775806'), event('9223372036854775807')], 0);
    expect(cursor.sequence).toBe('9223372036854775807');
    expect(eventsAfter(cursor, at(60))).toBe('9223372036854775806');
  });

  it('tells of each record once, by its last event, in whatever order and how often the page has them', () => {
    const page = [event(12, 'B'), event(10, 'A'), event(11, 'A'), event(11, 'A'), event(10, 'A')];
    const taken = takeEvents(EMPTY, { asked: null, events: page, more: false }, at(0));
    expect(taken.events).toEqual([event(11, 'A'), event(12, 'B')]);
    const again = takeEvents(taken.cursor, { asked: '9', events: page, more: false }, at(1));
    expect(again).toMatchObject({ events: [], behind: false });
    expect(again.cursor.sequence).toBe('12');
  });

  it('does not take a record of another resource with the same key for the same', () => {
    const office = { ...event(2, 'A'), resource: 'Office' };
    const taken = takeEvents(EMPTY, { asked: null, events: [event(1, 'A'), office], more: false }, at(0));
    expect(taken.events).toEqual([event(1, 'A'), office]);
  });

  it('finds an event that shows up later than one of a higher sequence', () => {
    const first = poll(EMPTY, [event(10), event(12)], 0);
    const second = poll(first.cursor, [event(10), event(11), event(12), event(13)], 4);
    expect(second.keys).toEqual(['K11', 'K13']);
    expect(poll(second.cursor, [event(10), event(11), event(12), event(13)], 5).keys).toEqual([]);
  });

  it('says so where the journal ends before what was read of it, and reads it anew', () => {
    const { cursor } = poll(EMPTY, [event(10), event(12)], 0);
    for (const journal of [[], [event(10)], [event(1), event(2)]]) {
      expect(poll(cursor, journal, 60).behind).toBe(true);
    }
    expect(poll(afterReset(cursor), [event(1), event(2)], 61)).toMatchObject({ keys: ['K1', 'K2'], behind: false });
  });

  it('does not say so where older events are hidden, or where there is nothing new', () => {
    const { cursor } = poll(EMPTY, [event(10), event(11), event(12)], 0);
    expect(poll(cursor, [event(12)], 60).behind).toBe(false);
    expect(poll(cursor, [event(12), event(13)], 60)).toMatchObject({ keys: ['K13'], behind: false });
  });

  it('remembers a thousand events of a flood, and asks no further back than that', () => {
    const flood = Array.from({ length: 5_000 }, (_, index) => event(index + 1));
    const { cursor, keys } = poll(EMPTY, flood, 0, 500);
    expect(keys).toHaveLength(5_000);
    expect(cursor.recent).toHaveLength(1_000);
    expect(eventsAfter(cursor, at(1))).toBe('4001');
    expect(poll(cursor, flood, 1, 500).keys).toEqual([]);
  });

  it('brings every event that shows up within five minutes of those around it, once', () => {
    const late = fc.record({ sequence: fc.integer({ min: 1, max: 60 }), delay: fc.integer({ min: 0, max: 4 }) });
    fc.assert(
      fc.property(fc.uniqueArray(late, { selector: ({ sequence }) => sequence, maxLength: 40 }), (shown) => {
        // One event is made each minute, and seen up to four minutes later; it is polled each minute.
        let cursor = EMPTY;
        const keys: string[] = [];
        for (let minute = 0; minute <= 70; minute += 1) {
          const journal = shown.filter(({ sequence, delay }) => sequence + delay <= minute);
          const polled = poll(
            cursor,
            journal.map(({ sequence }) => event(sequence)),
            minute,
          );
          expect(polled.behind).toBe(false);
          keys.push(...polled.keys);
          ({ cursor } = polled);
        }
        expect(keys.toSorted()).toEqual(shown.map(({ sequence }) => `K${sequence}`).toSorted());
      }),
    );
  });
});
