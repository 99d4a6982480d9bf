import { describe, expect, it } from '@jest/globals';
import { byHome, collectedAt, droppedWords, kindWords, openHouseId, sift } from '../../../domain/market/alerts.ts';
import { alert, home } from '../../support/homes.ts';

const now = '2026-03-10T16:00:00.000Z';
const why = (change: Parameters<typeof alert>[0]) => sift([alert(change)], now).drop[0]?.why ?? null;
const drop = { kind: 'price-drop', change: 'price-change:1', priceBefore: '440000.00' } as const;
const opens = {
  kind: 'open-house',
  change: 'open-house:1',
  startsAt: '2026-03-14T17:00:00.000Z',
  takesPlace: true,
} as const;

describe('news that waits is told as long as', () => {
  it('the listing is there, active, at that price, and may be told of', () => {
    expect(why({})).toBeNull();
    expect(why({ kind: 'back-on-market', change: 'back-on-market:1' })).toBeNull();
    expect(why(drop)).toBeNull();
    expect(why(opens)).toBeNull();
    expect(why({ ...opens, decidedAt: '2026-03-01T16:00:00.000Z' })).toBeNull();
    expect(why({ kind: 'pending', change: 'pending:1', listing: home({ status: 'pending' }) })).toBeNull();
    expect(why({ kind: 'closed', change: 'closed:1', listing: home({ status: 'closed' }) })).toBeNull();
  });

  it.each<[string, Parameters<typeof alert>[0], string]>([
    ['it is gone', { listing: null }, 'the feed does not have the listing any more'],
    ['it is under contract', { listing: home({ status: 'pending' }) }, 'the listing is not active any more'],
    ['it is only coming soon', { listing: home({ status: 'coming soon' }) }, 'the listing is not active any more'],
    ['it is on offer again', { kind: 'pending', change: 'p' }, 'the listing is active again'],
    [
      'its status is frozen',
      { frozen: ['StandardStatus'] },
      'whether the listing is active cannot be read from the feed at present',
    ],
    [
      'it is let',
      { kind: 'closed', change: 'c', listing: home({ status: 'closed', propertyType: 'residential lease' }) },
      'the home is not for sale as far as is known',
    ],
    [
      'nobody knows whether it is for sale',
      { kind: 'pending', change: 'p', listing: home({ status: 'pending', propertyType: 'unknown' }) },
      'the home is not for sale as far as is known',
    ],
    ['it is not what the lead looks for', { fits: false }, 'it does not fit any more what the lead looks for'],
    ['the price is another', { ...drop, listing: home({ price: '430000.00' }) }, 'the price has changed again'],
    ['the price is not known', { ...drop, listing: home({ price: null }) }, 'the price has changed again'],
    [
      'it waited for three days',
      { decidedAt: '2026-03-07T16:00:00.000Z' },
      'it waited for three days and is news no more',
    ],
    [
      'the licence says nothing of alerts',
      { rights: { alerts: false, training: true } },
      "the feed's licence does not allow alerts",
    ],
    ['the location has no such feed', { rights: null }, "the feed's licence does not allow alerts"],
    [
      'nobody says that it may be shown',
      { listing: home({ shown: null }) },
      'the seller does not allow the listing to be shown',
    ],
    ['it must not be shown', { listing: home({ shown: false }) }, 'the seller does not allow the listing to be shown'],
    ['no office is named', { listing: home({ officeName: null }) }, 'the listing names no office to be credited'],
    [
      'its office cannot be named',
      { listing: home({ officeName: '{{contact.firstName}}' }) },
      'the listing names no office to be credited',
    ],
    ['the open house has begun', { ...opens, startsAt: now }, 'the open house has begun'],
    ['the open house was called off', { ...opens, takesPlace: false }, 'the open house was called off or moved'],
  ])('not where %s', (_, change, expected) => {
    expect(why(change)).toBe(expected);
  });

  it('what does not fit is no matter to who looked at the home, or where it is gone', () => {
    expect(why({ score: null, fits: false })).toBeNull();
    expect(why({ kind: 'pending', change: 'p', fits: false, listing: home({ status: 'pending' }) })).toBeNull();
  });

  it('its price is the one of today: of one that is frozen none is told', () => {
    const { tell } = sift([alert({ frozen: ['ListPrice'] }), alert({ frozen: ['City'] })], now);
    expect(tell.map(({ listing }) => listing?.price)).toEqual([null, '425000.00']);
    expect(why({ ...drop, frozen: ['ListPrice'] })).toBe('the price cannot be read from the feed at present');
  });

  it('it can be read; until then it is held, unless it is news no more', () => {
    const unread = { unread: true, listing: home({ shown: null }) };
    const held = [alert(unread), alert({ ...opens, ...unread, takesPlace: false })];
    expect(sift(held, now)).toMatchObject({ tell: [], drop: [], hold: [{ kind: 'new' }, { kind: 'open-house' }] });
    expect(why({ ...unread, listing: null })).toBe('the feed does not have the listing any more');
    expect(why({ ...unread, decidedAt: '2026-03-07T16:00:00.000Z' })).toBe(
      'it waited for three days and is news no more',
    );
    expect(why({ ...opens, ...unread, startsAt: now })).toBe('the open house has begun');
  });

  it('an amount is the same price however its cents are written', () => {
    expect(why({ ...drop, priceAfter: '425000' })).toBeNull();
  });
});

describe('what is told together', () => {
  it('is in the order of how well it fits, then of when it was decided', () => {
    const later = { decidedAt: '2026-03-10T15:05:00.000Z' };
    const told = sift(
      [
        alert({ listing: home({ listingKey: 'B' }), score: 0.4 }),
        alert({ listing: home({ listingKey: 'C' }), score: null }),
        alert({ listing: home({ listingKey: 'D' }), score: 0.9, ...later }),
        alert({ listing: home({ listingKey: 'A' }), score: 0.9 }),
      ],
      now,
    ).tell.map(({ listingKey }) => listingKey);
    expect(told).toEqual(['A', 'D', 'B', 'C']);
  });

  it('is one entry for each home, by its newest change', () => {
    const both = [
      alert(),
      alert({ ...drop, decidedAt: '2026-03-10T15:30:00.000Z' }),
      alert({ listing: home({ listingKey: 'L2' }) }),
    ];
    expect(byHome(both).map(({ listingKey, kind }) => `${listingKey} ${kind}`)).toEqual(['L1 price-drop', 'L2 new']);
  });

  it('goes out when the time that the first of it began is over', () => {
    expect(
      collectedAt([{ decidedAt: '2026-03-10T15:05:00.000Z' }, { decidedAt: '2026-03-10T15:00:00.000Z' }], 10),
    ).toBe('2026-03-10T15:10:00.000Z');
    expect(collectedAt([], 10)).toBeNull();
    const told = (at: string) => collectedAt([{ decidedAt: '2026-03-10T15:00:00.000Z' }], 10, at);
    expect(told('2026-03-10T15:08:00.000Z')).toBe('2026-03-10T15:18:00.000Z');
    expect(told('2026-03-10T14:50:00.000Z')).toBe('2026-03-10T15:10:00.000Z');
  });

  it('is counted by kind, and dropped with one sentence for each reason', () => {
    expect(kindWords([{ kind: 'price-drop' }, { kind: 'new' }, { kind: 'new' }])).toBe('2 new, 1 price drop');
    const gone = (listingKey: string, reason: string) => ({ listingKey, change: 'new', why: reason });
    expect(droppedWords([gone('1', 'old'), gone('2', 'old'), gone('3', 'sold')])).toEqual([
      'Dropped news of homes (2): old.',
      'Dropped news of a home: sold.',
    ]);
  });

  it('knows two open houses of one home apart', () => {
    expect(openHouseId({ listingKey: 'L1', change: 'a' })).not.toBe(openHouseId({ listingKey: 'L1', change: 'b' }));
  });
});
