import type { Kind } from '../../domain/cache/cache.ts';
import { type Method, sizeBand } from '../../domain/cache/cost.ts';
import type { PackingSchema } from '../../domain/cache/packing.ts';
import { type SyntheticKind, syntheticKinds } from '../../domain/cache/synthetic.ts';
import { startMethod } from '../../integrations/cache/start-methods.ts';

export const TTL_MS = 3_600_000;

/** How long one is as JSON, on average: by it the method is found that the cache begins with. */
const BYTES: Readonly<Record<SyntheticKind, number>> = {
  lead: 337,
  contact: 1129,
  listing: 3435,
  conversation: 69_277,
};

/** Short enough for the figures of values up to 4 KB. */
export const shortKinds = ['lead', 'contact', 'listing'] as const satisfies readonly SyntheticKind[];

/** What a value is stored with when it is written: what the cache begins with, pinned, so that a busy moment changes no figure. */
export function fastMethod(kind: SyntheticKind): Method {
  return startMethod(sizeBand(BYTES[kind]), true, () => true);
}

/** What a value that stays cold is stored with anew. */
export const slowMethod: Method = { codec: 'zstd', level: 19, dictionary: true };

/** The one configuration of the figures of memory and processor time: a key for each value, its JSON compressed with the dictionary of its kind. */
export const fastKinds: Readonly<Record<SyntheticKind, Kind>> = kindsWith(fastMethod);

/** The same after cold values were written anew. */
export const slowKinds: Readonly<Record<SyntheticKind, Kind>> = kindsWith(() => slowMethod);

export const withoutDictionary: Readonly<Record<SyntheticKind, Kind>> = kindsWith((kind) => ({
  ...fastMethod(kind),
  dictionary: false,
}));

function kindsWith(method: (kind: SyntheticKind) => Method): Readonly<Record<SyntheticKind, Kind>> {
  const kinds = syntheticKinds.map((name): [SyntheticKind, Kind] => [
    name,
    { name, ttlMs: TTL_MS, place: 'key', pin: method(name) },
  ]);
  return Object.fromEntries(kinds) as Record<SyntheticKind, Kind>;
}

const lead: PackingSchema = {
  version: 1,
  fields: {
    contactId: 'id',
    name: 'text',
    phone: 'phone',
    state: { words: ['active', 'paused', 'stopped', 'taken-over'] },
    stateSince: 'instant',
    stage: { words: ['new', 'engaged', 'qualifying', 'qualified', 'opted-out', 'gone'] },
    tier: { words: ['hot', 'warm', 'cold'] },
    score: 'number',
    lastInboundAt: 'instant',
    lastHumanAt: 'instant',
    lastActivityAt: 'instant',
    createdAt: 'instant',
  },
};

const contact: PackingSchema = {
  version: 1,
  fields: {
    firstName: 'text',
    lastName: 'text',
    email: 'text',
    phone: 'phone',
    timezone: 'text',
    state: 'text',
    country: 'text',
    postalCode: 'text',
    source: 'text',
    assignedTo: 'id',
    tags: { list: 'text' },
    customFields: { names: 'id', each: 'text' },
    dnd: 'boolean',
    dndChannels: {
      fields: {
        sms: { words: ['on', 'off', 'unknown'] },
        email: { words: ['on', 'off', 'unknown'] },
        call: { words: ['on', 'off', 'unknown'] },
      },
    },
    dateAdded: 'instant',
    knownAt: { names: 'text', each: 'instant' },
  },
};

const listing: PackingSchema = {
  version: 1,
  fields: {
    listingKey: 'id',
    status: { words: ['active', 'pending', 'closed'] },
    propertyType: { words: ['residential', 'land', 'condominium'] },
    price: 'text',
    city: 'text',
    postalCode: 'text',
    bedrooms: 'number',
    bathrooms: 'number',
    livingSqft: 'number',
    latitude: 'number',
    longitude: 'number',
    remarks: 'text',
    listedAt: 'instant',
    changedAt: 'instant',
    events: {
      list: {
        fields: {
          listingKey: 'id',
          at: 'instant',
          kind: { words: ['new', 'price-change', 'back-on-market', 'pending', 'open-house'] },
          priceBefore: 'text',
          priceAfter: 'text',
        },
      },
    },
    matches: {
      list: {
        fields: {
          contactId: 'id',
          listingKey: 'id',
          score: 'number',
          reasons: { list: 'text' },
          matchedAt: 'instant',
        },
      },
    },
  },
};

const conversation: PackingSchema = {
  version: 1,
  fields: {
    contactId: 'id',
    messages: {
      list: {
        fields: {
          contactId: 'id',
          messageKey: 'id',
          direction: { words: ['inbound', 'outbound'] },
          channel: { words: ['sms', 'email'] },
          body: 'text',
          status: { words: ['delivered', 'sent', 'read'] },
          origin: { words: ['api', 'workflow', 'app'] },
          human: 'boolean',
          at: 'instant',
        },
      },
    },
  },
};

const schemas: Readonly<Record<SyntheticKind, PackingSchema>> = { lead, contact, listing, conversation };

/** A key for each value again, and the value packed before it is compressed. */
export const packedKinds = Object.fromEntries(
  syntheticKinds.map((name) => [name, { ...fastKinds[name], schema: schemas[name] }]),
) as Readonly<Record<SyntheticKind, Kind>>;

/** The kinds that are short enough for buckets, packed as the product packs its own of the same shape; by the method that the cache finds. */
export const bucketKinds = {
  lead: { name: 'lead', ttlMs: TTL_MS, place: 'bucket', schema: lead },
  contact: { name: 'contact', ttlMs: TTL_MS, place: 'bucket', schema: contact },
} as const satisfies Partial<Record<SyntheticKind, Kind>>;
