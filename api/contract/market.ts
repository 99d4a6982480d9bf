import { z } from 'zod';
import { rightsSchema } from '../../domain/leads/settings-market.ts';
import { feedProviders, feedResources } from '../../domain/market/feed.ts';
import { alertRefusals } from '../../domain/market/rights.ts';
import { standings } from '../../domain/market/standing.ts';
import { cursor, id, instant, limit, nextCursor, route } from './route.ts';

const market = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]{0,38}[a-z0-9])?$/, 'expected lower-case letters, digits and dashes');
const listingKey = z.string().min(1).max(255);
const count = z.number().int();
const some = count.nullable();
const text = z.string().nullable();
const when = instant.nullable();
const provider = z.enum(feedProviders);
/** US dollars as text, digit for digit. */
const dollars = z.string().nullable();
const away = ['UNAUTHORIZED', 'STORE_AWAY'] as const;

const compared = z.object({ feed: count, local: count, missing: count, ghosts: count });

const feed = z.object({
  ...{ locationId: z.string(), market: z.string(), provider, mode: z.enum(['events', 'timestamps']).nullable() },
  standing: z.enum(standings),
  ...{ pollMinutes: some, rights: rightsSchema.nullable() },
  cursor: z.object({ sequence: text, at: when, ageSeconds: some }),
  ...{ lagSeconds: some, polledAt: when, pageAt: when, newestAt: when, rowsPerMinute: count },
  quota: z.object({ at: instant, by: z.enum(['vendor', 'us']), left: some, limit: some, resetsAt: when }).nullable(),
  ...{ notGranted: z.array(z.enum(feedResources)), heldUntil: when, failing: text, failingSince: when },
  listings: z.object({ active: count, all: count }),
  deadLetters: z.record(z.string(), count),
  drift: z.object({ open: count, frozen: z.array(z.string()) }),
  pushWaiting: count,
  ...{ reconciledAt: when, reconciled: z.record(z.string(), compared).nullable(), walkingSince: when },
  halted: compared.extend({ resource: z.enum(feedResources) }).nullable(),
});

export const marketStatus = route({
  method: 'get',
  path: '/api/market',
  summary:
    'How each feed stands: how far it is behind, what comes in, the vendor’s quota, what could not be taken in, open changes of its shape, the last comparison of all keys',
  auth: 'bearer',
  query: z.object({ locationId: id.optional() }),
  answers: {
    200: { says: 'The feeds of one location, or of all', schema: z.object({ at: instant, items: z.array(feed) }) },
  },
  errors: [...away, 'BAD_QUERY', 'LOCATION_NOT_FOUND'],
});

const ofLocation = { locationId: id, market: market.optional(), cursor, limit };

export const marketDeadLetters = route({
  method: 'get',
  path: '/api/market/dead-letters',
  summary: 'What a feed sent and could not be taken in, with why; the one that came last first',
  auth: 'bearer',
  query: z.object({
    ...ofLocation,
    reason: z.string().min(1).max(100).optional(),
    show: z.enum(['open', 'all']).default('open'),
  }),
  answers: {
    200: {
      says: 'A page of them; `raw` is the record as it came',
      schema: z.object({
        items: z.array(
          z.object({
            ...{ market: z.string(), resource: z.string(), recordKey: z.string(), reason: z.string(), field: text },
            ...{
              detail: z.string(),
              raw: z.unknown(),
              firstAt: instant,
              lastAt: instant,
              times: count,
              resolvedAt: when,
            },
          }),
        ),
        nextCursor,
      }),
    },
  },
  errors: [...away, 'BAD_QUERY', 'BAD_CURSOR'],
});

const drift = z.object({
  ...{ market: z.string(), driftId: count, at: instant, resource: z.string(), field: z.string() },
  kind: z.enum(['added', 'removed', 'type', 'lookup-added', 'lookup-removed']),
  ...{ before: text, after: text, frozen: z.boolean(), acknowledgedAt: when, acknowledgedBy: text },
});

export const marketDrift = route({
  method: 'get',
  path: '/api/market/drift',
  summary:
    'How the shape of feeds changed, newest first; a frozen field keeps its values until the change is acknowledged',
  auth: 'bearer',
  query: z.object({ ...ofLocation, show: z.enum(['open', 'all']).default('open') }),
  answers: { 200: { says: 'A page of changes', schema: z.object({ items: z.array(drift), nextCursor }) } },
  errors: [...away, 'BAD_QUERY', 'BAD_CURSOR'],
});

const feedParams = z.object({ locationId: id, market });

export const acknowledgeDrift = route({
  method: 'post',
  path: '/api/market/{locationId}/{market}/drift/{driftId}/acknowledge',
  summary: 'A person has seen the change, and older ones of the same field: the field takes new values again',
  auth: 'bearer',
  params: feedParams.extend({ driftId: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
  answers: {
    200: {
      says: 'The change, and how many listings keep old values until they are read again: by a backfill, or when they change',
      schema: z.object({ drift, toReadAgain: count }),
    },
  },
  errors: [...away, 'BAD_QUERY', 'DRIFT_UNKNOWN'],
});

export const marketListing = route({
  method: 'get',
  path: '/api/market/listings/{locationId}/{listingKey}',
  summary: 'A listing with where it comes from, what happened to it, and whether leads may be told of it',
  auth: 'bearer',
  params: z.object({ locationId: id, listingKey }),
  answers: {
    200: {
      says: 'As it is known now; without its address where the seller does not show it',
      schema: z.object({
        listing: z.looseObject({ listingKey: z.string(), market: z.string(), changedAt: instant }),
        ...{ provider: provider.nullable(), seenAt: when, removedAt: when, contentHash: text },
        /** Why leads are not told of it; null: they may be. */
        refusal: z.enum([...alertRefusals, 'unread', 'removed']).nullable(),
        events: z.array(
          z.object({
            ...{ at: instant, kind: z.string(), priceBefore: dollars, priceAfter: dollars },
            ...{ change: text, startsAt: when, fannedAt: when },
          }),
        ),
      }),
    },
  },
  errors: [...away, 'BAD_QUERY', 'LISTING_UNKNOWN'],
});

export const marketAlerts = route({
  method: 'get',
  path: '/api/market/alerts',
  summary:
    'News of homes that leads were told, wait to be told or were not told, with the figure behind each, its source and as of when',
  auth: 'bearer',
  query: z
    .object({ locationId: id, contactId: id.optional(), listingKey: listingKey.optional(), cursor, limit })
    .refine(({ contactId, listingKey: key }) => contactId !== undefined || key !== undefined, {
      message: 'expected contactId, listingKey or both',
      path: ['contactId'],
    }),
  answers: {
    200: {
      says: 'A page of them, newest first',
      schema: z.object({
        items: z.array(
          z.object({
            ...{ locationId: z.string(), contactId: z.string(), listingKey: z.string(), change: z.string() },
            kind: z.enum(['new', 'price-drop', 'back-on-market', 'pending', 'closed', 'open-house']),
            ...{ state: z.enum(['waiting', 'told', 'dropped']), why: text, score: z.number().nullable() },
            reasons: z.array(z.string()),
            figure: z.object({
              priceBefore: dollars,
              priceAfter: dollars,
              priceTold: dollars,
              startsAt: when,
              asOf: instant,
            }),
            source: z.object({
              ...{
                market: z.string(),
                provider: provider.nullable(),
                listingId: text,
                officeName: text,
                systemName: text,
              },
            }),
            ...{ decidedAt: instant, settledAt: when, inboxId: text, enrolmentId: text, step: text },
          }),
        ),
        nextCursor,
      }),
    },
  },
  errors: [...away, 'BAD_QUERY', 'BAD_CURSOR'],
});

export const backfillMarket = route({
  method: 'post',
  path: '/api/market/{locationId}/{market}/backfill',
  summary:
    'Reads all that changed since a month anew, month by month, behind what is news; it never overwrites what is newer',
  auth: 'bearer',
  params: feedParams,
  body: z.object({ since: z.string().regex(/^(?:19|20)\d\d-(?:0[1-9]|1[0-2])$/, 'expected a month, like 2026-11') }),
  answers: {
    202: {
      says: 'Each month, the newest first; `started` is false where it is under way already',
      schema: z.object({ months: z.array(z.object({ month: z.string(), started: z.boolean() })) }),
    },
  },
  errors: [...away, 'BAD_REQUEST', 'BAD_QUERY', 'FEED_UNKNOWN', 'LOCATION_NOT_FOUND', 'TEMPORAL_UNAVAILABLE'],
});

const begun = z.object({ begun: z.boolean() });

export const reconcileMarket = route({
  method: 'post',
  path: '/api/market/{locationId}/{market}/reconcile',
  summary: 'All keys of the feed are compared with ours by its next poll, and what differs is mended',
  auth: 'bearer',
  params: feedParams,
  answers: {
    202: { says: '`begun` is false where they are being compared already', schema: begun },
  },
  errors: [...away, 'BAD_QUERY', 'FEED_UNKNOWN'],
});

export const believeGone = route({
  method: 'post',
  path: '/api/market/{locationId}/{market}/gone',
  summary: 'A comparison halted over the many records that the feed lacks: so many are gone indeed',
  auth: 'bearer',
  params: feedParams,
  body: z.object({
    resource: z.enum(feedResources),
    records: z.number().int().min(1).max(100_000_000).describe('as many as it halted over, or more'),
  }),
  answers: {
    202: { says: '`begun` is false where none is halted over as many at most', schema: begun },
  },
  errors: [...away, 'BAD_REQUEST', 'BAD_QUERY', 'FEED_UNKNOWN'],
});
