import { z } from 'zod';
import { consentChannels, consentFacts, consentSources } from '../../domain/consent/ledger.ts';
import { listNames } from '../../domain/consent/registry.ts';
import { textVersion } from '../../domain/consent/texts.ts';
import { id, instant, leadParams, route } from './route.ts';

const params = z.object({ locationId: id });
const channel = z.enum(consentChannels);
const channels = z.array(channel).min(1).max(consentChannels.length);
const version = z.string().regex(textVersion, 'expected a version as web-form-2026');
const day = z.iso.date();
const words = (most: number) => z.string().trim().min(1).max(most);

const givenText = z.strictObject({
  version,
  words: words(20_000).describe('exactly as people are shown them'),
  channels,
  written: z.boolean().describe('prior express written consent to marketing, with its disclosures'),
  seller: words(200),
  usedFrom: day,
});
const text = givenText.extend({ addedAt: instant, addedBy: z.string() });

const standing = z.object({
  written: z.enum(['granted', 'withdrawn', 'none']),
  record: z.object({ recordId: z.string(), textVersion: z.string().nullable(), at: instant }).nullable(),
  origin: z.enum(['first-party', 'bought', 'unknown']),
  registry: z.enum(['listed', 'clear', 'unknown']),
  relationship: z.object({ kind: z.enum(['transaction', 'inquiry']), until: instant }).nullable(),
});

const entry = z.object({
  recordId: z.string(),
  contactId: z.string().nullable(),
  address: z.enum(['current', 'earlier', 'none']),
  channel,
  state: z.enum(['granted', 'withdrawn']),
  written: z.boolean(),
  textVersion: z.string().nullable(),
  source: z.enum(consentSources),
  basis: z.string(),
  seller: z.string().nullable(),
  evidence: z.record(z.string(), z.string()),
  givenAt: instant,
  recordedAt: instant,
  recordedBy: z.string(),
});

const fact = z.object({
  kind: z.enum(consentFacts),
  at: instant,
  source: z.string(),
  basis: z.string(),
  recordedAt: instant,
  recordedBy: z.string(),
});

export const leadConsent = route({
  method: 'get',
  path: '/api/leads/{locationId}/{contactId}/consent',
  summary: 'The ledger of a lead, and what it comes to for each channel now',
  auth: 'bearer',
  params: leadParams,
  answers: {
    200: {
      says: 'Newest first; of the CRM nothing is asked',
      schema: z.object({
        standing: z.object({ sms: standing, email: standing, call: standing }),
        records: z.array(entry),
        facts: z.array(fact),
      }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'LEAD_UNKNOWN', 'STORE_AWAY'],
});

const by = { reason: words(500), at: instant.optional().describe('when it was said; absent: now') };

export const writeConsent = route({
  method: 'post',
  path: '/api/leads/{locationId}/{contactId}/consent',
  summary: 'Write down by hand that a consent was given or withdrawn, or where a lead comes from and what was done',
  auth: 'bearer',
  params: leadParams,
  body: z.union([
    z.strictObject({ state: z.literal('granted'), channels, text: version, ...by }),
    z.strictObject({ state: z.literal('withdrawn'), channels, ...by }),
    z.strictObject({ fact: z.enum(consentFacts), ...by }),
  ]),
  answers: {
    200: {
      says: 'Written down; `new` is false where the same entry was there',
      schema: z.object({ new: z.boolean() }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_REQUEST', 'LEAD_UNKNOWN', 'CONSENT_TEXT_UNKNOWN', 'STORE_AWAY'],
});

export const consentTexts = route({
  method: 'get',
  path: '/api/locations/{locationId}/consent/texts',
  summary: 'The words that people agree to, every version',
  auth: 'bearer',
  params,
  answers: { 200: { says: 'All of them, newest first', schema: z.object({ items: z.array(text) }) } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'LOCATION_NOT_FOUND', 'STORE_AWAY'],
});

export const addConsentText = route({
  method: 'post',
  path: '/api/locations/{locationId}/consent/texts',
  summary: 'Add a version of the words that people agree to; it never changes',
  auth: 'bearer',
  params,
  body: givenText,
  answers: { 200: { says: 'As it is kept', schema: text } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_REQUEST', 'LOCATION_NOT_FOUND', 'CONSENT_TEXT_TAKEN', 'STORE_AWAY'],
});

/** Rows of one call at most; a longer file comes in several. */
export const MOST_ROWS = 500;

export const importConsent = route({
  method: 'post',
  path: '/api/locations/{locationId}/consent/import',
  summary: 'Rows of consents, withdrawals, origins and past business; each by itself and known by its content',
  auth: 'bearer',
  params,
  body: z.strictObject({
    apply: z.boolean().describe('false: only say what would be'),
    rows: z
      .array(
        z.strictObject({
          line: z.number().int().min(1),
          row: z.record(z.string().max(100), z.string().max(5_000)).describe('text by column, see docs/consent.md'),
        }),
      )
      .max(MOST_ROWS),
  }),
  answers: {
    200: {
      says: 'One verdict for each row, in their order',
      schema: z.object({
        rows: z.array(
          z.object({ line: z.number().int(), verdict: z.enum(['new', 'known', 'bad']), why: z.string().optional() }),
        ),
      }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_REQUEST', 'LOCATION_NOT_FOUND', 'STORE_AWAY'],
});

const load = z.object({
  loadId: z.string(),
  list: z.string(),
  asOf: instant,
  areaCodes: z.array(z.string()),
  numbers: z.number().int(),
  by: z.string(),
  finishedAt: instant.nullable(),
  replacedAt: instant.nullable(),
});
const loadParams = z.object({ locationId: id, loadId: id });
const areaCode = z.string().regex(/^[2-9]\d{2}$/, 'expected an area code as 813');

export const registryLoads = route({
  method: 'get',
  path: '/api/locations/{locationId}/consent/registry',
  summary: 'Do-Not-Call lists as they were imported, newest first',
  auth: 'bearer',
  params,
  answers: { 200: { says: 'The last two hundred', schema: z.object({ items: z.array(load) }) } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'LOCATION_NOT_FOUND', 'STORE_AWAY'],
});

export const beginRegistryLoad = route({
  method: 'post',
  path: '/api/locations/{locationId}/consent/registry',
  summary: 'Begin to import a Do-Not-Call list; it is asked once it is finished',
  auth: 'bearer',
  params,
  body: z.strictObject({ list: z.enum(listNames), asOf: day.describe('the day on which the list was got') }),
  answers: { 200: { says: 'Begun', schema: z.object({ loadId: z.string() }) } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_REQUEST', 'LOCATION_NOT_FOUND', 'STORE_AWAY'],
});

/** Numbers of one call at most. */
export const MOST_NUMBERS = 20_000;

export const addRegistryNumbers = route({
  method: 'post',
  path: '/api/locations/{locationId}/consent/registry/{loadId}/numbers',
  summary: 'The next numbers of a list; kept as keyed hashes, and nowhere as numbers',
  auth: 'bearer',
  params: loadParams,
  body: z.strictObject({
    part: z.number().int().min(1).max(1_000_000),
    numbers: z
      .array(z.string().regex(/^[2-9]\d{9}$/, 'expected ten digits'))
      .min(1)
      .max(MOST_NUMBERS),
  }),
  answers: { 200: { says: 'Kept', schema: z.object({ part: z.number().int() }) } },
  errors: [
    ...(['UNAUTHORIZED', 'BAD_QUERY', 'BAD_REQUEST', 'LOCATION_NOT_FOUND'] as const),
    ...(['REGISTRY_LOAD_UNKNOWN', 'REGISTRY_INCOMPLETE', 'STORE_AWAY'] as const),
  ],
});

export const finishRegistryLoad = route({
  method: 'post',
  path: '/api/locations/{locationId}/consent/registry/{loadId}/finish',
  summary: 'Put an imported list in force; called again while numbers of older ones are left to take away',
  auth: 'bearer',
  params: loadParams,
  body: z.strictObject({
    areaCodes: z.array(areaCode).min(1).max(800).describe('those that the list was bought for'),
    parts: z.number().int().min(0).max(1_000_000),
  }),
  answers: { 200: { says: 'In force', schema: z.object({ load, left: z.boolean() }) } },
  errors: [
    ...(['UNAUTHORIZED', 'BAD_QUERY', 'BAD_REQUEST', 'LOCATION_NOT_FOUND'] as const),
    ...(['REGISTRY_LOAD_UNKNOWN', 'REGISTRY_INCOMPLETE', 'STORE_AWAY'] as const),
  ],
});
