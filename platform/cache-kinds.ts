import type { Kind } from '../domain/cache/cache.ts';
import type { Packed, PackingSchema } from '../domain/cache/packing.ts';
import { questions } from '../domain/leads/lead.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

/** As it is kept: beside the version that the database knows it by. */
const versioned = (value: Packed): PackingSchema => ({ version: 3, fields: { version: 'text', value } });

/** A lead as its page shows it, without what the CRM says of the contact. */
const lead = versioned({
  fields: {
    state: { words: ['active', 'paused', 'stopped', 'taken-over'] },
    stateSince: 'instant',
    stage: { words: ['new', 'engaged', 'qualifying', 'qualified', 'opted-out', 'gone'] },
    tier: { words: ['hot', 'warm', 'cold'] },
    score: {
      fields: {
        value: 'number',
        tier: { words: ['hot', 'warm', 'cold'] },
        model: 'text',
        baseline: 'number',
        confidence: 'number',
        probability: 'number',
        reasons: { list: { fields: { feature: 'text', value: 'number', contribution: 'number' } } },
      },
    },
    scoredAt: 'instant',
    qualification: {
      fields: Object.fromEntries(
        [...questions, 'side'].map((name) => [name, { fields: { value: 'text', at: 'instant', from: 'id' } }] as const),
      ),
    },
    snapshotAt: 'instant',
    activatedAt: 'instant',
    deletedAt: 'instant',
    lastInboundAt: 'instant',
    lastHumanAt: 'instant',
    createdAt: 'instant',
    lastActivityAt: 'instant',
  },
});

/** What the CRM last said of a contact. */
const contact = versioned({
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
    toldCreatedAt: 'instant',
    knownAt: { names: 'path', each: 'instant' },
  },
});

/** The last messages of a lead. */
const conversation = versioned({
  list: { fields: { direction: 'label', channel: 'label', body: 'text', at: 'instant', human: 'boolean' } },
});

/** A home with what happened to it; its version is part of its key. */
const listing: PackingSchema = {
  version: 1,
  fields: {
    listingKey: 'id',
    status: 'text',
    propertyType: 'text',
    price: 'dollars',
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
    events: { list: { fields: { at: 'instant', kind: 'label', priceBefore: 'dollars', priceAfter: 'dollars' } } },
  },
};

/**
 * What the product keeps in its cache. Personal data stays for an hour at most; what names nobody, for longer. How long a value is kept says
 * nothing about how old an answer may be: of a lead, its contact, its talk and its homes the database is asked each time whether they are
 * still as they were read.
 */
export const cacheKinds = [
  { name: 'lead', ttlMs: HOUR_MS, place: 'bucket', schema: lead },
  { name: 'contact', ttlMs: HOUR_MS, place: 'bucket', schema: contact },
  { name: 'conversation', ttlMs: HOUR_MS, place: 'key', schema: conversation },
  { name: 'vector', ttlMs: HOUR_MS, place: 'key' },
  { name: 'listing', ttlMs: 6 * HOUR_MS, place: 'key', schema: listing },
  { name: 'pipelines', ttlMs: 5 * MINUTE_MS, place: 'key' },
  { name: 'field-ids', ttlMs: 7 * 24 * HOUR_MS, place: 'key' },
] as const satisfies readonly Kind[];
