import { vocabularies, type Vocabulary, type VocabularyName } from './synthetic-words.ts';

/** Shapes that are cached, with the length of one as JSON: about 0.3, 1.1, 3.4 and 69 KB. */
export const syntheticKinds = ['lead', 'contact', 'listing', 'conversation'] as const;
export type SyntheticKind = (typeof syntheticKinds)[number];

const { imul, floor } = Math;

/** What an invented value is made of. */
interface Draw {
  readonly words: Vocabulary;
  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number;
  pick<T>(from: readonly T[]): T;
  chance(probability: number): boolean;
  id(): string;
  /** Milliseconds, within the years that leads are worked in. */
  instant(): number;
}

/** Invented values of a kind, the same for the same seed: to train dictionaries on, and to measure them with those of the other vocabulary. */
export function syntheticValues(
  kind: SyntheticKind,
  { vocabulary, seed, count }: { vocabulary: VocabularyName; seed: number; count: number },
): readonly Readonly<Record<string, unknown>>[] {
  const draw = createDraw(vocabularies[vocabulary], seed);
  // A location has a handful of fields and users of its own, and many contacts that refer to them.
  const team: Team = { fields: ids(draw, 5), users: ids(draw, 5) };
  const make = { lead, contact, listing, conversation }[kind];
  return Array.from({ length: count }, () => make(draw, team));
}

interface Team {
  readonly fields: readonly string[];
  readonly users: readonly string[];
}

/** mulberry32 by Tommy Ettinger (public domain). */
function createDraw(words: Vocabulary, seed: number): Draw {
  let state = seed >>> 0;
  function next(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const below = (limit: number): number => floor(next() * limit);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!;
  const first = Array.from(words.idLetters);
  const letters = Array.from('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz');
  return {
    ...{ words, below, pick, chance: (probability) => next() < probability },
    id: () => Array.from({ length: 20 }, (_, at) => pick(at === 0 ? first : letters)).join(''),
    instant: () => Date.UTC(2026, 0, 1) + below(300 * 86_400_000),
  };
}

function ids(draw: Draw, count: number): string[] {
  return Array.from({ length: count }, () => draw.id());
}

const iso = (at: number): string => new Date(at).toISOString();

/** E.164, of the numbers that are given to nobody. */
function phone({ words, pick, below }: Draw): string {
  return `+1${pick(words.areaCodes)}55501${String(below(100)).padStart(2, '0')}`;
}

function sentence(draw: Draw, from: readonly string[]): string {
  const { words, pick, below } = draw;
  const fill: Readonly<Record<string, () => string>> = {
    home: () => `${100 + below(9900)} ${pick(words.streets)}`,
    city: () => pick(words.cities),
    feature: () => pick(words.features),
    thing: () => pick(words.things),
    first: () => pick(words.firstNames),
    number: () => String(1 + below(900)),
  };
  return pick(from).replaceAll(/\{(\w+)\}/g, (_, slot: string) => fill[slot]!());
}

function sentences(draw: Draw, from: readonly string[], count: number): string {
  return Array.from({ length: count }, () => sentence(draw, from)).join(' ');
}

const stages = ['new', 'engaged', 'qualifying', 'qualified'];
const tiers = ['hot', 'warm', 'cold'];

/** As a list of leads shows it. */
function lead(draw: Draw): Readonly<Record<string, unknown>> {
  const { words, pick, below, chance } = draw;
  const created = draw.instant();
  const inbound = created + below(20 * 86_400_000);
  return {
    contactId: draw.id(),
    name: `${pick(words.firstNames)} ${pick(words.lastNames)}`,
    phone: phone(draw),
    state: pick(['active', 'active', 'paused', 'stopped', 'taken-over']),
    stateSince: iso(created),
    stage: pick(stages),
    tier: pick(tiers),
    score: below(101),
    lastInboundAt: iso(inbound),
    lastHumanAt: chance(0.7) ? null : iso(inbound + below(3_600_000)),
    lastActivityAt: iso(inbound),
    createdAt: iso(created),
  };
}

/** A snapshot of what is known of a contact. */
function contact(draw: Draw, { fields, users }: Team): Readonly<Record<string, unknown>> {
  const { words, pick, below, chance } = draw;
  const [first, last] = [pick(words.firstNames), pick(words.lastNames)];
  const added = draw.instant();
  const told = iso(added + below(40 * 86_400_000));
  const custom = [
    pick(['Buy', 'Sell', 'Rent']),
    200_000 + below(140) * 5000,
    pick(words.cities),
    pick(['0-3 months', '3-6 months', '6-12 months', 'Just looking']),
    sentence(draw, words.asked),
  ];
  const known = [
    'firstName',
    'lastName',
    'email',
    'phone',
    'source',
    'tags',
    ...fields.map((id) => `customFields.${id}`),
  ];
  return {
    firstName: first,
    lastName: last,
    email: `${first}.${last}${below(100)}@example.com`.toLowerCase(),
    phone: phone(draw),
    timezone: pick(['America/Chicago', 'America/New_York', null]),
    state: pick(['TX', 'FL']),
    country: 'US',
    postalCode: String(10_000 + below(89_999)),
    source: pick(['Zillow', 'Facebook Lead Ads', 'Website', 'Referral', 'Open House']),
    assignedTo: chance(0.8) ? pick(users) : null,
    tags: ['lead', pick(['buyer', 'seller', 'investor']), ...(chance(0.4) ? ['newsletter'] : [])],
    customFields: Object.fromEntries(fields.map((id, at) => [id, custom[at]])),
    dnd: false,
    dndChannels: { sms: 'off', email: pick(['off', 'on']), call: 'off' },
    dateAdded: iso(added),
    knownAt: Object.fromEntries(known.map((name) => [name, told])),
  };
}

/** A home as its page shows it: with what happened to it, and for whom it may be. */
function listing(draw: Draw): Readonly<Record<string, unknown>> {
  const { words, pick, below } = draw;
  const listingKey = draw.id();
  const listed = draw.instant();
  const price = (): string => `${180 + below(900)}${pick(['000', '500', '900'])}.00`;
  const reasons = [
    'within the budget',
    'in a wanted city',
    'enough bedrooms',
    'the wanted type of home',
    'listed this week',
  ];
  const changed = (): string => iso(listed + below(60 * 86_400_000));
  return {
    listingKey,
    status: pick(['active', 'active', 'pending', 'closed']),
    propertyType: pick(['residential', 'residential', 'land', 'condominium']),
    price: price(),
    city: pick(words.cities),
    postalCode: String(10_000 + below(89_999)),
    bedrooms: 1 + below(6),
    bathrooms: 1 + below(8) / 2,
    livingSqft: 700 + below(4000),
    latitude: 27 + below(4_000_000) / 1e6,
    longitude: -98 + below(16_000_000) / 1e6,
    remarks: sentences(draw, words.remarks, 10),
    listedAt: iso(listed),
    changedAt: changed(),
    events: Array.from({ length: 6 }, () => ({
      listingKey,
      at: changed(),
      kind: pick(['new', 'price-change', 'back-on-market', 'pending', 'open-house']),
      priceBefore: pick([null, price()]),
      priceAfter: price(),
    })),
    matches: Array.from({ length: 9 }, () => ({
      contactId: draw.id(),
      listingKey,
      score: below(101) / 100,
      reasons: reasons.filter(() => draw.chance(0.6)),
      matchedAt: changed(),
    })),
  };
}

/** The messages of a contact, oldest first. */
function conversation(draw: Draw): Readonly<Record<string, unknown>> {
  const { words, pick, below, chance } = draw;
  const contactId = draw.id();
  let at = draw.instant();
  const messages = Array.from({ length: 228 + below(30) }, () => {
    const inbound = chance(0.45);
    at += below(chance(0.3) ? 86_400_000 : 600_000);
    return {
      contactId,
      messageKey: draw.id(),
      direction: inbound ? 'inbound' : 'outbound',
      channel: pick(['sms', 'sms', 'sms', 'email']),
      body: sentences(draw, inbound ? words.asked : words.answered, 1 + below(3)),
      status: inbound ? null : pick(['delivered', 'delivered', 'sent', 'read']),
      origin: inbound ? null : pick(['api', 'workflow', 'app']),
      human: !inbound && chance(0.4),
      at: iso(at),
    };
  });
  return { contactId, messages };
}
