import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changesOf, newsOf, removalOf } from '../../../domain/market/changes.ts';
import type { ListingChange, MarketListing } from '../../../domain/market/listing.ts';
import { readListing } from '../../../domain/market/read-listing.ts';
import { standardStatuses } from '../../../domain/market/read-words.ts';

const NOW = '2026-11-29T10:00:00.000Z';
const minute = (count: number) => new Date(Date.parse('2026-11-29T06:00:00.000Z') + count * 60_000).toISOString();

interface Version {
  readonly StandardStatus: string;
  readonly ListPrice: number | null;
  readonly ModificationTimestamp: string;
  readonly OnMarketDate?: string | null;
  readonly PriceChangeTimestamp?: string | null;
  readonly StatusChangeTimestamp?: string | null;
}

function read(version: Version, before: MarketListing | null) {
  const raw = { ListingKey: 'A', PropertyType: 'Residential', ...version };
  const reading = readListing(raw, { market: 'bay', now: NOW, frozen: new Set(), before });
  if (reading.kind !== 'listing') throw new Error(`expected a listing, got ${reading.kind}`);
  return reading;
}
const listing = (status: string, price: number | null, count = 0, OnMarketDate: string | null = '2026-11-20') =>
  read({ StandardStatus: status, ListPrice: price, ModificationTimestamp: minute(count), OnMarketDate }, null).listing;
const kinds = (changes: readonly ListingChange[]) => changes.map(({ kind }) => kind);

/** What a reader that sees these versions one after the other tells. */
function told(versions: readonly Version[], first: MarketListing | null = null): ListingChange[] {
  let before = first;
  return versions.flatMap((version) => {
    const { listing: after, stamps } = read(version, before);
    const changes = changesOf(before, after, NOW, stamps);
    before = after;
    return changes;
  });
}

describe('a listing that is seen for the first time', () => {
  it.each([
    ['active and listed today', 'Active', '2026-11-29', ['new']],
    ['active and listed 13 days ago', 'Active', '2026-11-16', ['new']],
    ['active and listed long ago: it merely became visible', 'Active', '2026-10-01', []],
    ['active, of unknown age', 'Active', null, []],
    ['coming soon', 'Coming Soon', '2026-11-29', []],
    ['pending', 'Pending', '2026-11-28', []],
    ['closed', 'Closed', '2026-11-28', []],
  ])('%s', (_what, status, day, expected) => {
    expect(kinds(changesOf(null, listing(status, 400_000, 0, day), NOW))).toEqual(expected);
  });

  it('is new once', () => {
    const [change] = changesOf(null, listing('Active', 400_000), NOW);
    expect(change).toEqual({
      ...{ listingKey: 'A', market: 'bay', kind: 'new', at: minute(0), change: 'new' },
      ...{ priceBefore: null, priceAfter: '400000.00', startsAt: null },
    });
  });
});

describe('a status', () => {
  it.each([
    ['Coming Soon', 'Active', 'new'],
    ['Incomplete', 'Active', 'new'],
    ['Pending', 'Active', 'back-on-market'],
    ['Active Under Contract', 'Active', 'back-on-market'],
    ['Hold', 'Active', 'back-on-market'],
    ['Withdrawn', 'Active', 'back-on-market'],
    ['Expired', 'Active', 'back-on-market'],
    ['Closed', 'Active', 'back-on-market'],
    ['Active', 'Active Under Contract', 'pending'],
    ['Active', 'Pending', 'pending'],
    ['Active', 'Closed', 'closed'],
    ['Pending', 'Closed', 'closed'],
    ['Active', 'Canceled', 'withdrawn'],
    ['Active', 'Expired', 'withdrawn'],
    ['Active', 'Withdrawn', 'withdrawn'],
    ['Pending', 'Hold', 'withdrawn'],
    ['Active', 'Coming Soon', 'withdrawn'],
    ['Active Under Contract', 'Pending', null],
    ['Pending', 'Active Under Contract', null],
    ['Canceled', 'Expired', null],
    ['Closed', 'Withdrawn', null],
    ['Active', 'Active', null],
  ])('from %s to %s', (from, to, kind) => {
    const changes = changesOf(listing(from, 1), listing(to, 1, 5), NOW);
    expect(kinds(changes)).toEqual(kind === null ? [] : [kind]);
  });

  it('that goes to and fro is told each time, by a name of its own', () => {
    const statuses = ['Active', 'Pending', 'Active', 'Pending', 'Active Under Contract', 'Active'];
    const versions = statuses.map((StandardStatus, count) => ({
      ...{ StandardStatus, ListPrice: 1, ModificationTimestamp: minute(count), OnMarketDate: '2026-11-28' },
    }));
    expect(told(versions).map(({ change }) => change)).toEqual([
      'new',
      `pending:${minute(1)}`,
      `back-on-market:${minute(2)}`,
      `pending:${minute(3)}`,
      `back-on-market:${minute(5)}`,
    ]);
  });
});

describe('a price', () => {
  it('that changes together with the status is a change of its own', () => {
    const changes = changesOf(listing('Pending', 400_000), listing('Active', 390_000, 5), NOW);
    expect(changes).toMatchObject([
      { kind: 'back-on-market', priceAfter: '390000.00' },
      { kind: 'price-change', priceBefore: '400000.00', priceAfter: '390000.00' },
    ]);
    expect(new Set(changes.map(({ change }) => change)).size).toBe(2);
  });

  it('that goes down, up and down again is three changes', () => {
    const versions = [400, 390, 400, 390].map((ListPrice, count) => ({
      ...{ StandardStatus: 'Active', ListPrice, ModificationTimestamp: minute(count) },
      // A feed that never renews its stamp.
      PriceChangeTimestamp: minute(1),
    }));
    const changes = told(versions);
    expect(changes.map(({ change }) => change)).toEqual([
      `price-change:${minute(1)}:390.00`,
      `price-change:${minute(2)}:400.00`,
      `price-change:${minute(3)}:390.00`,
    ]);
    const home = { status: 'active', propertyType: 'residential' };
    expect(changes.map((change) => newsOf(change, home))).toEqual(['price-drop', null, 'price-drop']);
  });

  it('that is not known on one side has not changed', () => {
    expect(changesOf(listing('Active', null), listing('Active', 390_000, 5), NOW)).toEqual([]);
    expect(changesOf(listing('Active', 390_000), listing('Active', null, 5), NOW)).toEqual([]);
  });
});

describe('a removal', () => {
  it('is a withdrawal, named by the version that it ended', () => {
    expect(removalOf(listing('Active', 1), minute(9))).toMatchObject([
      { kind: 'withdrawn', at: minute(9), change: `withdrawn:${minute(0)}:gone` },
    ]);
    expect(removalOf(listing('Active', 1), minute(30))[0]?.change).toBe(`withdrawn:${minute(0)}:gone`);
  });

  it('of what was off the market, sold or gone is none', () => {
    for (const status of ['Closed', 'Expired', 'Canceled', 'Withdrawn', 'Hold']) {
      expect(removalOf(listing(status, 1), NOW)).toEqual([]);
    }
    expect(removalOf({ ...listing('Active', 1), removedAt: minute(1) }, NOW)).toEqual([]);
  });

  it('that is taken back as it was is nothing new; what is otherwise than it was, is', () => {
    const before = { ...listing('Active', 1), removedAt: minute(3) };
    expect(changesOf(before, listing('Active', 1), NOW)).toEqual([]);
    expect(kinds(changesOf(before, listing('Pending', 1), NOW))).toEqual(['pending']);
  });

  describe('that is taken back', () => {
    /** Seen at minute 0, taken away by us at minute 3, there again with a version of minute 5. */
    const back = (from: string, to: string, stamp: Pick<Version, 'StatusChangeTimestamp'> = {}) => {
      const before = { ...listing(from, 1), removedAt: minute(3) };
      const version = {
        StandardStatus: to,
        ListPrice: 1,
        ModificationTimestamp: minute(5),
        OnMarketDate: '2026-11-20',
      };
      const { listing: after, stamps } = read({ ...version, ...stamp }, before);
      return changesOf(before, after, NOW, stamps);
    };

    it.each([
      ['says nothing of it', {}],
      ['leaves it empty', { StatusChangeTimestamp: null }],
      ['says that it changed before', { StatusChangeTimestamp: '2026-11-20T10:00:00Z' }],
      ['says that it changed with the version that is known', { StatusChangeTimestamp: minute(0) }],
      ['says that it changed after the version that came', { StatusChangeTimestamp: minute(6) }],
    ])('was on the market all the while where the feed %s', (_what, stamp) => {
      expect(back('Active', 'Active', stamp)).toEqual([]);
    });

    it('is back on the market where the feed says that its status changed since it was known', () => {
      const changed = (count: number) => ({ StatusChangeTimestamp: minute(count) });
      expect(back('Active', 'Active', changed(4))).toMatchObject([
        { kind: 'back-on-market', at: minute(4), change: `back-on-market:${minute(4)}` },
      ]);
      expect(back('Active', 'Active', changed(2))).toMatchObject([{ kind: 'back-on-market', at: minute(2) }]);
    });

    it.each([
      ['Pending', 'Active', ['back-on-market']],
      ['Withdrawn', 'Active', ['back-on-market']],
      ['Closed', 'Active', ['back-on-market']],
      ['Coming Soon', 'Active', ['new']],
      ['Active', 'Pending', ['pending']],
      ['Pending', 'Closed', ['closed']],
      ['Pending', 'Pending', []],
      ['Pending', 'Active Under Contract', []],
      ['Closed', 'Closed', []],
      ['Active', 'Withdrawn', []],
    ])('with another status changed as the statuses say: from %s to %s', (from, to, expected) => {
      expect(kinds(back(from, to))).toEqual(expected);
    });

    it('is sold or under contract no second time', () => {
      for (const status of ['Closed', 'Pending']) {
        expect(back(status, status, { StatusChangeTimestamp: minute(4) })).toEqual([]);
      }
    });
  });
});

describe('news', () => {
  const change = (kind: ListingChange['kind'], startsAt: string | null = null): ListingChange => ({
    ...{ listingKey: 'A', market: 'bay', at: NOW, change: 'x', kind, startsAt },
    ...{ priceBefore: '2.00', priceAfter: '1.00' },
  });

  const of = (what: ListingChange, status = 'active', propertyType = 'residential') =>
    newsOf(what, { status, propertyType });

  it('are all but withdrawals, rises, and falls of a price that cannot be had', () => {
    for (const kind of ['new', 'back-on-market', 'pending', 'closed'] as const) {
      expect(of(change(kind))).toBe(kind);
    }
    expect(of(change('withdrawn'))).toBeNull();
    expect(of(change('price-change'))).toBe('price-drop');
    expect(of(change('price-change'), 'closed')).toBeNull();
    expect(of(change('open-house', NOW))).toBe('open-house');
    expect(of(change('open-house'))).toBeNull();
  });

  it.each(['residential lease', 'commercial lease', 'rental', 'unknown'])('are none of a home of type %s', (type) => {
    // A home that is let is not sold, and whoever looks for one to buy is not told of rents.
    const all = [change('new'), change('price-change'), change('back-on-market'), change('open-house', NOW)];
    expect(all.map((one) => of(one, 'active', type))).toEqual(all.map(() => null));
    expect(of(change('pending'), 'pending', type)).toBeNull();
    expect(of(change('closed'), 'closed', type)).toBeNull();
  });

  it.each(['residential income', 'manufactured in park', 'farm', 'land', 'commercial sale', 'business opportunity'])(
    'are told of what is sold as %s',
    (type) => {
      expect(of(change('closed'), 'closed', type)).toBe('closed');
    },
  );
});

describe('names of changes', () => {
  /** A history in which each version changes price, status or nothing that is read, and stamps what it changed. */
  const step = fc.record({
    status: fc.option(fc.constantFrom(...standardStatuses.filter((status) => status !== 'delete'))),
    price: fc.option(fc.integer({ min: 1, max: 5 })),
  });
  const history = fc.array(step, { minLength: 2, maxLength: 12 }).map((steps) => {
    const versions: Version[] = [];
    for (const [count, { status, price }] of steps.entries()) {
      const last = versions.at(-1);
      const [StandardStatus, ListPrice] = [status ?? last?.StandardStatus ?? 'active', price ?? last?.ListPrice ?? 3];
      versions.push({
        ...{ StandardStatus, ListPrice, ModificationTimestamp: minute(count), OnMarketDate: '2026-11-28' },
        PriceChangeTimestamp: ListPrice === last?.ListPrice ? (last.PriceChangeTimestamp ?? null) : minute(count),
        StatusChangeTimestamp:
          StandardStatus === last?.StandardStatus ? (last.StatusChangeTimestamp ?? null) : minute(count),
      });
    }
    return versions;
  });

  it('are unique in the history of a listing, and reading a version again tells nothing', () => {
    fc.assert(
      fc.property(history, (versions) => {
        const names = told(versions).map(({ change }) => change);
        // Coming soon, active and coming soon again: it is new once, which its one name is for.
        const all = names.filter((name) => name !== 'new');
        expect(new Set(all).size).toBe(all.length);
        const twice = versions.flatMap((version) => [version, version]);
        expect(told(twice).map(({ change }) => change)).toEqual(names);
      }),
    );
  });

  it('are equal for whoever sees a price or status for the first time in a later version', () => {
    fc.assert(
      fc.property(history, fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }), (versions, seen) => {
        const [first, ...rest] = versions;
        const start = read(first!, null).listing;
        const all = new Map(told(rest, start).map((change) => [change.change, change]));
        const some = told(
          rest.filter((_, index) => seen[index]),
          start,
        );
        for (const { kind, change, at, priceAfter } of some) {
          // Who skipped versions may see a step that nobody else saw (active to closed, past pending), but under the instant of its last part.
          expect(rest.map(({ ModificationTimestamp }) => ModificationTimestamp)).toContain(at);
          if (kind === 'price-change') expect(all.get(change)).toMatchObject({ kind, at, priceAfter });
        }
      }),
      { numRuns: 300 },
    );
  });
});
