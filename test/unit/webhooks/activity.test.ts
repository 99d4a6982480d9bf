import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { emailIn, phoneIn, readActivityPost, uuidOf } from '../../../domain/webhooks/activity.ts';
import { activityKindOf, activityKinds, readActivityDetail } from '../../../domain/webhooks/activity-kinds.ts';

const NOW = '2026-03-02T15:00:00.000Z';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hashing = { sha256, hashPerson: (text: string) => `hash of ${sha256(text).slice(0, 8)}` };
const read = (post: object) => readActivityPost(post as Record<string, unknown>, 'here', NOW, hashing);
const before = (minutes: number): string => new Date(Date.parse(NOW) - minutes * 60_000).toISOString();

describe('kinds of behaviour', () => {
  it('are the twenty-two and the calculator, each with a sentence', () => {
    expect(Object.keys(activityKinds)).toHaveLength(23);
    for (const { says } of Object.values(activityKinds)) expect(says).toMatch(/^[A-Z].{10,}[^.]$/);
  });

  it.each([
    ['property.view', 'property.view'],
    ['property_view', 'property.view'],
    ['propertyView', 'property.view'],
    ['PROPERTY_VIEW', 'property.view'],
    ['Property View', 'property.view'],
    ['search.run', 'search.run'],
    ['constructor', undefined],
    ['page-views', undefined],
  ])('%s is %s', (name, kind) => expect(activityKindOf(name)).toBe(kind));
});

describe('details', () => {
  it('are kept in their form and within bounds, and dropped where they do not fit', () => {
    const detail = readActivityDetail('search.run', {
      words: 'three bedrooms near a park',
      cities: ['Tampa', 7, { no: 1 }, 'ann@example.com'],
      priceFrom: '$350,000',
      priceTo: 1e15,
      bedrooms: '3',
      path: 'https://www.example.com/homes?email=ann@example.com#top',
      email: 'ann@example.com',
      device: 'phone',
      agent: '<script>',
    });
    expect(detail).toEqual({
      words: 'three bedrooms near a park',
      cities: ['Tampa', '7'],
      priceFrom: 350000,
      bedrooms: 3,
      path: '/homes',
      device: 'phone',
    });
  });

  it.each([
    ...['ann@example.com', 'call me at (813) 555-0142', '+1 813 555 01 42 please', 'ann%40example.com'],
    ...[
      'ann＠example.com',
      'ann﹫example.com',
      'ann%EF%BC%A0example.com',
      '813/555/0142',
      '８１３ ５５５ ０１４２',
      '813 * 555 * 0142',
    ],
    ...['8\u200b1\u200b3\u200b5\u200b5\u200b5\u200b0\u200b1\u200b4\u200b2', '٨١٣٥٥٥٠١٤٢', 8135550142],
  ])('hold no address, whatever a search box was given: %s', (words) =>
    expect(readActivityDetail('search.run', { words })).toEqual({}),
  );

  it.each([
    ...[
      '+18135550142',
      '813-555-0142',
      '1.813.555.0142',
      '813/555/0142',
      '8135550142',
      '８１３５５５０１４２',
      8135550142,
    ],
  ])('take no phone number for an id: %s', (session) =>
    expect(readActivityDetail('page.view', { session })).toEqual({}),
  );

  it('take ten digits for the id of a listing, as MLS numbers are, and for numbers that are known to be some', () => {
    expect(readActivityDetail('property.view', { listing: '8135550142' })).toEqual({ listing: '8135550142' });
    expect(readActivityDetail('property.view', { listing: '813-555-0142', price: 1_000_000_000 })).toEqual({
      price: 1_000_000_000,
    });
  });

  it('are written in one spelling', () =>
    expect(readActivityDetail('search.run', { words: 'Ｔａｍｐａ', priceTo: '＄４５０，０００' })).toEqual({
      words: 'Tampa',
      priceTo: 450_000,
    }));

  it('are as long as they may be', () => {
    expect(readActivityDetail('search.run', { words: 'x'.repeat(900) })['words']).toHaveLength(200);
    expect(readActivityDetail('search.run', { cities: Array.from({ length: 90 }, () => 'x') })['cities']).toHaveLength(
      20,
    );
    expect(readActivityDetail('property.view', { listing: 'A'.repeat(101) })).toEqual({});
  });
});

describe('a post', () => {
  it('says for all events what they do not say of themselves', () => {
    const post = read({
      consent: true,
      visitor: 'v1',
      contactId: 'c1',
      events: [
        { id: '1', kind: 'property.view', at: before(1), detail: { listing: 'A1', seconds: 12 } },
        { id: '2', kind: 'property_save', at: before(20), data: { listing: 'A1' }, contactId: 'c2' },
      ],
    });
    expect(post?.events).toMatchObject([
      {
        kind: 'property.view',
        at: before(1),
        late: false,
        person: { contactId: 'c1' },
        detail: { listing: 'A1', seconds: 12 },
      },
      { kind: 'property.save', at: before(20), late: true, person: { contactId: 'c2' }, detail: { listing: 'A1' } },
    ]);
    expect(post?.people).toHaveLength(3);
    expect(JSON.stringify(post)).not.toContain('v1');
  });

  it('makes no address somebody else’s, whatever contact it names beside it', () => {
    const post = read({ consent: true, email: 'ann@example.com', contactId: 'c1', events: [{ kind: 'page.view' }] });
    expect(post?.events).toMatchObject([{ person: { contactId: 'c1' } }]);
    expect(post?.people.map(({ contactId }) => contactId)).toEqual([null, null]);
    const visitor = read({ consent: true, visitor: 'v1', email: 'ann@example.com', contactId: 'c1', events: [] });
    expect(visitor?.people).toMatchObject([{ contactId: 'c1' }]);
  });

  it('may be one event as a whole', () => {
    expect(read({ consent: true, kind: 'page.view', path: '/homes', seconds: 3 })?.events).toMatchObject([
      { kind: 'page.view', at: NOW, late: false, detail: { path: '/homes', seconds: 3 } },
    ]);
  });

  it('without consent is numbers by kind, whoever it names', () => {
    const events = [
      { kind: 'page.view' },
      { kind: 'page.view' },
      { kind: 'mystery' },
      { kind: 'page.view', consent: true },
    ];
    const post = read({ visitor: 'v1', contactId: 'c1', email: 'ann@example.com', consent: 'yes', events });
    expect(post?.counts).toEqual({ 'page.view': 2, unknown: 1 });
    expect(post?.events).toHaveLength(1);
    expect(read({ visitor: 'v1', email: 'ann@example.com', events: [] })).toMatchObject({ events: [], people: [] });
    expect(read({ consent: true, events: [{ kind: 'page.view', consent: false }] })).toMatchObject({
      events: [],
      counts: { 'page.view': 1 },
    });
  });

  it('keeps an unknown kind as unknown, with its name where that looks like a kind and is nobody’s name or number', () => {
    const names = [
      'ann@example.com wrote',
      '8135550142',
      'ann.smith',
      'property.unit4',
      'a.property.print',
      `property.${'x'.repeat(32)}`,
    ];
    const events = [{ kind: 'property.print' }, ...names.map((kind) => ({ kind }))];
    expect(read({ consent: true, events })?.events.map(({ kind, detail }) => ({ kind, detail }))).toEqual([
      { kind: 'unknown', detail: { kind: 'property.print' } },
      ...names.map(() => ({ kind: 'unknown', detail: {} })),
    ]);
  });

  it('refuses what lies ahead and what is no event, and keeps the rest', () => {
    const events = [{ kind: 'page.view', at: before(-4) }, { kind: 'page.view', at: before(-6) }, 7, { nothing: true }];
    const post = read({ consent: true, events });
    expect(post?.events).toHaveLength(1);
    expect(post?.refused).toEqual([
      { index: 1, why: 'future' },
      { index: 2, why: 'malformed' },
      { index: 3, why: 'malformed' },
    ]);
  });

  it('keeps what is older than any month that is kept under the day it was told, and says when it was', () => {
    const old = before(60 * 24 * 40);
    expect(read({ consent: true, events: [{ kind: 'page.view', at: old }] })?.events).toMatchObject([
      { at: NOW, late: true, detail: { happenedAt: old } },
    ]);
  });

  it('is none without events, or with more than a hundred', () => {
    expect(read({ consent: true })).toBeUndefined();
    expect(read({ events: 'many' })).toBeUndefined();
    expect(read({ events: Array.from({ length: 101 }, () => ({ kind: 'page.view' })) })).toBeUndefined();
    expect(read({ events: Array.from({ length: 100 }, () => ({ kind: 'page.view' })) })?.counts).toEqual({
      'page.view': 100,
    });
  });
});

describe('an event’s own id', () => {
  const idOf = (event: object, post: object = {}) =>
    read({ consent: true, visitor: 'v1', ...post, events: [event] })?.events[0]?.eventId;
  const view = { kind: 'page.view', at: before(1), detail: { path: '/a' } };

  it('is the page’s, whatever else differs; else what was said and when', () => {
    expect(idOf({ ...view, id: 'x' })).toBe(idOf({ kind: 'page.view', id: 'x' }));
    expect(idOf({ ...view, id: 'x' })).not.toBe(idOf({ ...view, id: 'y' }));
    expect(idOf(view)).toBe(idOf({ detail: { path: '/a' }, at: before(1), kind: 'page.view' }));
    expect(idOf(view)).not.toBe(idOf({ ...view, at: before(2) }));
    expect(idOf(view)).not.toBe(idOf(view, { visitor: 'v2' }));
    expect(idOf({ ...view, id: 'x' })).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  it('is another for another contact, where the page knows no visitor', () => {
    const of = (contactId: string) => idOf({ ...view, id: '1' }, { visitor: undefined, contactId });
    expect(of('c1')).toBe(of('c1'));
    expect(of('c1')).not.toBe(of('c2'));
  });

  it('is the first half of the hash but for version and variant', () => {
    expect(uuidOf('0123456789abcdef0123456789abcdef')).toBe('01234567-89ab-8def-8123-456789abcdef');
  });
});

describe('addresses', () => {
  it.each([
    ['Ann@Example.com ', 'ann@example.com'],
    ['ann', undefined],
    ['a@b@c.example', undefined],
  ])('e-mail %s is %s', (text, email) => expect(emailIn(text)).toBe(email));

  it.each([
    ['(813) 555-0142', '+18135550142'],
    ['+1 813 555 0142', '+18135550142'],
    ['1-813-555-0142', '+18135550142'],
    ['0049 30 555 0142', '+49305550142'],
    ['555', undefined],
    ['call me', undefined],
  ])('phone %s is %s', (text, phone) => expect(phoneIn(text)).toBe(phone));
});
