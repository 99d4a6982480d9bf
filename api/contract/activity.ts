import { z } from 'zod';
import { activityKinds } from '../../domain/webhooks/activity-kinds.ts';
import { cursor, id, instant, leadParams, limit, nextCursor, route } from './route.ts';

export const activityWebhook = route({
  method: 'post',
  path: '/webhooks/activity/{secret}',
  summary: 'Behaviour on the team’s site: one event, or up to a hundred as `events`; application/json or text/plain',
  auth: 'secret',
  answers: {
    202: {
      says: 'Committed',
      schema: z.object({
        status: z.literal('accepted'),
        stored: z.int(),
        duplicates: z.int(),
        counted: z.int(),
        refused: z.array(z.object({ index: z.int(), why: z.enum(['future', 'malformed']) })),
      }),
    },
  },
  errors: [
    ...(['ACTIVITY_SECRET', 'ACTIVITY_ORIGIN', 'ACTIVITY_RATE', 'ACTIVITY_MALFORMED', 'CONTENT_TYPE'] as const),
    ...(['BODY_MALFORMED', 'BODY_TOO_LARGE', 'EVENT_FROM_FUTURE', 'CANNOT_STORE', 'BAD_VALUE'] as const),
  ],
});

const locationParams = z.object({ locationId: id });
const origin = z
  .string()
  .max(200)
  .regex(/^https?:\/\/[A-Za-z0-9.-]+(:\d{1,5})?$/, 'expected an origin such as https://www.example.com');
const site = z.object({ origins: z.array(z.string()), madeAt: instant });

export const showActivitySite = route({
  method: 'get',
  path: '/api/locations/{locationId}/activity',
  summary: 'Where the pages of a location post to; null: nothing is made yet. The secret is not shown again',
  auth: 'bearer',
  params: locationParams,
  answers: { 200: { says: 'The site', schema: z.object({ site: site.nullable() }) } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'LOCATION_NOT_FOUND', 'STORE_AWAY'],
});

export const setActivitySite = route({
  method: 'post',
  path: '/api/locations/{locationId}/activity',
  summary: 'Makes the address that pages post to, changes its origins, or with `newSecret` gives it another secret',
  auth: 'bearer',
  params: locationParams,
  body: z
    .object({ origins: z.array(origin).max(20).optional(), newSecret: z.boolean().default(false) })
    .default({ newSecret: false }),
  answers: {
    200: {
      says: 'The site; its secret and path only when the secret is new, and never again',
      schema: z.object({ site, secretKept: z.boolean(), secret: z.string().optional(), path: z.string().optional() }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_REQUEST', 'LOCATION_NOT_FOUND', 'STORE_AWAY'],
});

const outcome = z.object({ label: z.string(), value: z.number().nullable(), at: instant });

export const leadActivity = route({
  method: 'get',
  path: '/api/leads/{locationId}/{contactId}/activity',
  summary: 'What a lead did on the team’s site, newest first',
  auth: 'bearer',
  params: leadParams,
  query: z.object({ since: instant.optional(), cursor, limit }),
  answers: {
    200: {
      says: 'A page of behaviour; without `since` that of the last ninety days',
      schema: z.object({
        items: z.array(
          z.object({
            eventId: z.string(),
            at: instant,
            kind: z.union([z.enum(Object.keys(activityKinds) as [string, ...string[]]), z.string()]),
            late: z.boolean(),
            detail: z.record(z.string(), z.unknown()),
            outcome: outcome.nullable(),
          }),
        ),
        nextCursor,
      }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_CURSOR', 'LEAD_UNKNOWN', 'STORE_AWAY'],
});

export const setActivityOutcome = route({
  method: 'post',
  path: '/api/leads/{locationId}/{contactId}/activity/{eventId}/outcome',
  summary: 'What became of something that the lead did; written once',
  auth: 'bearer',
  params: leadParams.extend({ eventId: z.uuid('expected the id of an event') }),
  body: z.object({ label: z.string().min(1).max(64), value: z.number().optional(), at: instant }),
  answers: { 200: { says: 'The outcome as it stands', schema: outcome } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_REQUEST', 'ACTIVITY_UNKNOWN', 'OUTCOME_SET', 'BAD_VALUE', 'STORE_AWAY'],
});
