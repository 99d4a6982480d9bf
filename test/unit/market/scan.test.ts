import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { FeedCursor, RawRecord } from '../../../domain/market/feed.ts';
import { afterLostLink, afterPage, nextAsk, type ScanHabits, scanHabits } from '../../../domain/market/scan.ts';
import type { RecordsAsked } from '../../../domain/ports/market-feed.ts';

const START = Date.parse('2026-11-29T10:00:00.000Z');
const iso = (ms: number) => new Date(ms).toISOString();
const EMPTY: FeedCursor = { sequence: null, resources: {} };
const ordered: ScanHabits = { lagMinutes: 20, ordered: true };
const byKey: ScanHabits = { lagMinutes: 20, ordered: false };

interface Row {
  readonly key: string;
  readonly at: number;
}

interface Link {
  readonly from: string | null;
  readonly skip: number;
  readonly after: string;
}

/**
 * A feed whose links count rows, as many do: each is the filter and how many rows were passed, evaluated anew on what is there then.
 * In the order of change and key, or (`ordered` false) of keys, whose links then name the last key.
 */
class Feed {
  readonly rows = new Map<string, number>();
  clock = START;
  asks = 0;

  readonly pageSize: number;
  readonly inOrder: boolean;

  constructor(pageSize: number, inOrder = true) {
    this.pageSize = pageSize;
    this.inOrder = inOrder;
  }

  /** Changes a row, or makes it; `same` leaves the clock as it is, so that rows share an instant. */
  touch(key: string, same = false): void {
    if (!same) this.clock += 1_000;
    this.rows.set(key, this.clock);
  }

  page({ changedFrom, next }: RecordsAsked): { records: readonly RawRecord[]; next: string | null } {
    this.asks += 1;
    const first: Link = { from: changedFrom ?? null, skip: 0, after: '' };
    const state = next === undefined ? first : (JSON.parse(next) as Link);
    const from = state.from === null ? 0 : Date.parse(state.from);
    const all = [...this.rows].map(([key, at]): Row => ({ key, at })).filter(({ at }) => at >= from);
    all.sort((a, b) => (this.inOrder ? a.at - b.at : 0) || (a.key < b.key ? -1 : 1));
    const rest = this.inOrder ? all.slice(state.skip) : all.filter(({ key }) => key > state.after);
    const page = rest.slice(0, this.pageSize);
    const link: Link = { from: state.from, skip: state.skip + page.length, after: page.at(-1)?.key ?? state.after };
    return {
      records: page.map(({ key, at }) => ({ ListingKey: key, ModificationTimestamp: iso(at) })),
      next: rest.length > page.length ? JSON.stringify(link) : null,
    };
  }
}

type Pages = Pick<Feed, 'page' | 'clock'>;

/** What replication has: the newest version of each key that it saw, as its store keeps it. */
class Replica {
  readonly rows = new Map<string, number>();
  cursor = EMPTY;

  take(records: readonly RawRecord[]): void {
    for (const { ListingKey, ModificationTimestamp } of records) {
      const [key, at] = [String(ListingKey), Date.parse(String(ModificationTimestamp))];
      if (at >= (this.rows.get(key) ?? 0)) this.rows.set(key, at);
    }
  }

  /** One page; `lose` refuses a link. */
  step(feed: Pages, habits: ScanHabits, lose = false): 'going' | 'over' | 'loop' {
    const { asked, cursor } = nextAsk(this.cursor, 'Property', iso(feed.clock), habits);
    if (lose && asked.next !== undefined) {
      this.cursor = afterLostLink(cursor, 'Property');
      return 'going';
    }
    const page = feed.page(asked);
    this.take(page.records);
    const then = afterPage(cursor, 'Property', page, iso(feed.clock));
    this.cursor = then.cursor;
    return then.kind;
  }

  scan(feed: Pages, habits: ScanHabits): void {
    for (let step = 0; step < 2_000; step += 1) if (this.step(feed, habits) !== 'going') return;
    throw new Error('the scan does not end');
  }
}

/** Rows of the feed that the replica does not have in their newest version. */
function lost(feed: Feed, replica: Replica): string[] {
  return [...feed.rows].filter(([key, at]) => replica.rows.get(key) !== at).map(([key]) => key);
}

function filled(pageSize: number, rows: number, inOrder = true): Feed {
  const feed = new Feed(pageSize, inOrder);
  for (let row = 0; row < rows; row += 1) feed.touch(`K${row}`);
  return feed;
}

/** What happens between two pages. */
const act = fc.oneof(
  { weight: 4, arbitrary: fc.constant({ kind: 'wait' } as const) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('touch' as const), row: fc.nat(39), same: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), row: fc.nat(39) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'lose' } as const) },
);
type Act = typeof act extends fc.Arbitrary<infer One> ? One : never;

function happen(feed: Feed, one: Act | undefined): void {
  if (one?.kind === 'touch') feed.touch(`K${one.row}`, one.same);
  if (one?.kind === 'remove') feed.rows.delete(`K${one.row}`);
}

describe('a scan by timestamps', () => {
  it('loses no change, however records change and vanish between its pages and links are refused', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 7 }),
        fc.array(act, { maxLength: 60 }),
        fc.array(fc.nat(39), { maxLength: 40 }),
        (pageSize, acts, together) => {
          const feed = filled(pageSize, 30);
          const replica = new Replica();
          replica.scan(feed, ordered);
          // Long after the overlap of what was stored.
          feed.clock += 3_600_000;
          // A change of many records at once: more of one instant than a page holds.
          for (const [index, row] of together.entries()) feed.touch(`K${row}`, index > 0);
          for (const one of acts) {
            happen(feed, one);
            replica.step(feed, ordered, one.kind === 'lose');
          }
          replica.scan(feed, ordered);
          // What changed under a scan is the next one's.
          replica.scan(feed, ordered);
          expect(lost(feed, replica)).toEqual([]);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('loses no key in a first scan of a feed without order, whose links name the last key', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), fc.array(act, { maxLength: 60 }), (pageSize, acts) => {
        const feed = filled(pageSize, 30, false);
        const replica = new Replica();
        for (const one of acts) {
          happen(feed, one);
          replica.step(feed, byKey, one.kind === 'lose');
        }
        replica.scan(feed, byKey);
        replica.scan(feed, byKey);
        expect(lost(feed, replica)).toEqual([]);
      }),
      { numRuns: 200 },
    );
  });

  it('would lose a change if it followed links that count rows while a record before them changes', () => {
    const scanned = (habits: ScanHabits) => {
      const feed = filled(3, 9);
      // Far beyond the overlap of 20 minutes: nothing reads what was skipped again.
      feed.clock += 86_400_000;
      const replica = new Replica();
      replica.step(feed, habits);
      feed.touch('K0');
      replica.scan(feed, habits);
      replica.scan(feed, habits);
      return lost(feed, replica);
    };
    expect(scanned(byKey)).toEqual(['K3']);
    expect(scanned(ordered)).toEqual([]);
  });

  it('reads an instant that fills several pages, and goes on behind it', () => {
    const feed = new Feed(4);
    for (let row = 0; row < 20; row += 1) feed.touch(`K${row}`, true);
    feed.touch('LAST');
    const replica = new Replica();
    replica.scan(feed, ordered);
    expect(lost(feed, replica)).toEqual([]);
    expect(replica.cursor.resources.Property).toEqual({ watermark: iso(feed.clock), scan: null });
  });

  it('walks an instant again while records leave it, as links that count rows skip others then', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 5 }),
        fc.array(fc.option(fc.nat(19)), { maxLength: 25 }),
        (pageSize, leaving) => {
          const feed = filled(pageSize, 1);
          const replica = new Replica();
          replica.scan(feed, ordered);
          feed.clock += 3_600_000;
          for (let row = 0; row < 20; row += 1) feed.touch(`K${10 + row}`, row > 0);
          // What leaves the instant is changed long after it, so that no overlap reads the instant again.
          feed.clock += 7_200_000;
          for (const row of leaving) {
            replica.step(feed, ordered);
            if (row !== null) feed.touch(`K${10 + row}`);
          }
          replica.scan(feed, ordered);
          replica.scan(feed, ordered);
          expect(lost(feed, replica)).toEqual([]);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('begins a lag before the watermark, and moves it no further than to its own beginning', () => {
    const feed = filled(10, 3);
    const replica = new Replica();
    replica.scan(feed, ordered);
    const watermark = iso(feed.clock);
    expect(nextAsk(replica.cursor, 'Property', iso(feed.clock), ordered).asked).toEqual({
      resource: 'Property',
      changedFrom: iso(feed.clock - 20 * 60_000),
      counted: true,
    });
    const { cursor } = nextAsk(replica.cursor, 'Property', watermark, ordered);
    feed.touch('LATER');
    const then = afterPage(cursor, 'Property', feed.page({ resource: 'Property' }), iso(feed.clock));
    expect(then).toMatchObject({ kind: 'over', cursor: { resources: { Property: { watermark } } } });
  });

  it('keeps the watermark while a page is unfinished', () => {
    const feed = filled(2, 9);
    const replica = new Replica();
    for (let page = 0; page < 4; page += 1) {
      expect(replica.step(feed, ordered)).toBe('going');
      expect(replica.cursor.resources.Property?.watermark).toBeNull();
    }
  });

  it('is not moved by records from a time to come or without a time', () => {
    const { cursor } = nextAsk(EMPTY, 'Property', iso(START), ordered);
    const records = [
      { ListingKey: 'A', ModificationTimestamp: iso(START - 1_000) },
      { ListingKey: 'B', ModificationTimestamp: '2099-01-01T00:00:00Z' },
      { ListingKey: 'C' },
    ];
    const then = afterPage(cursor, 'Property', { records, next: null }, iso(START));
    expect(then.cursor.resources.Property?.watermark).toBe(iso(START - 1_000));
  });

  it.each([1, 2, 3, 7, 50])('finds a circle of %i pages', (length) => {
    let cursor = EMPTY;
    let kind = 'going';
    let pages = 0;
    while (kind === 'going' && pages < 1_000) {
      const asked = nextAsk(cursor, 'Property', iso(START), byKey);
      const page = { records: [{ ListingKey: `K${pages}` }], next: `https://reso.example.com/p/${pages % length}` };
      const then = afterPage(asked.cursor, 'Property', page, iso(START));
      ({ kind, cursor } = then);
      pages += 1;
    }
    expect(kind).toBe('loop');
    expect(pages).toBeLessThanOrEqual(4 * length + 2);
    expect(cursor.resources.Property).toEqual({ watermark: null, scan: null });
  });

  it('takes no long walk for a circle', () => {
    const feed = filled(1, 300, false);
    const replica = new Replica();
    replica.scan(feed, byKey);
    expect(lost(feed, replica)).toEqual([]);
  });

  it('follows links alone once a feed does not keep the order that it is said to keep', () => {
    const feed = new Feed(3, false);
    for (let row = 30; row > 0; row -= 1) feed.touch(`K${row}`);
    const replica = new Replica();
    replica.scan(feed, ordered);
    expect(lost(feed, replica)).toEqual([]);
  });

  it('ends although a feed leaves out the filter', () => {
    const feed = filled(3, 9);
    const all = (asked: RecordsAsked) => feed.page(asked.next === undefined ? { resource: 'Property' } : asked);
    const replica = new Replica();
    replica.scan({ page: all, clock: feed.clock }, ordered);
    expect(lost(feed, replica)).toEqual([]);
  });

  it('without order begins anew when a link is refused, with it goes on from as far as is certain', () => {
    const feed = filled(3, 9);
    const links = new Replica();
    links.step(feed, byKey);
    expect(links.cursor.resources.Property?.scan).toMatchObject({ next: expect.any(String), at: null });
    const again = nextAsk(afterLostLink(links.cursor, 'Property'), 'Property', iso(feed.clock), byKey);
    expect(again.asked).toEqual({ resource: 'Property', changedFrom: undefined, counted: false });
    const times = new Replica();
    times.step(feed, ordered);
    const on = nextAsk(afterLostLink(times.cursor, 'Property'), 'Property', iso(feed.clock), ordered);
    expect(on.asked.changedFrom).toBe(iso(feed.rows.get('K2')!));
  });

  it('asks about as many pages as links would lead through', () => {
    const feed = filled(100, 10_000);
    new Replica().scan(feed, ordered);
    // Each page has the last record of the page before once more.
    expect(feed.asks).toBeLessThanOrEqual(102);
  });

  it('has habits for every vendor, Bridge without order', () => {
    expect(scanHabits('spark')).toEqual({ lagMinutes: 20, ordered: false });
    expect(scanHabits('bridge').ordered).toBe(false);
  });

  it('refuses a page that nobody asked for', () => {
    expect(() => afterPage(EMPTY, 'Property', { records: [], next: null }, iso(START))).toThrow('ask before a page');
  });
});
