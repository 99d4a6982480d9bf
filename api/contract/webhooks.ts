import { z } from 'zod';
import type { ErrorCode } from '../../domain/errors.ts';
import { cursor, id, instant, limit, nextCursor, route } from './route.ts';

const accepted = z.object({ status: z.literal('accepted'), eventId: z.string(), duplicate: z.boolean() });
const answers = {
  202: { says: 'Durable, and new', schema: accepted },
  200: { says: 'Durable since an earlier delivery', schema: accepted },
};
const doorErrors: readonly ErrorCode[] = [
  'BODY_TOO_LARGE',
  'CONTENT_TYPE',
  'BODY_MALFORMED',
  'EVENT_FROM_FUTURE',
  'LOCATION_UNKNOWN',
  'EVENT_CONFLICT',
  'CANNOT_STORE',
];

export const marketplaceWebhook = route({
  method: 'post',
  path: '/webhooks/ghl',
  summary: 'Marketplace webhooks, signed by the vendor',
  auth: 'signature',
  answers,
  errors: ['SIGNATURE_MISSING', 'SIGNATURE_INVALID', 'APP_UNKNOWN', ...doorErrors],
});

export const workflowWebhook = route({
  method: 'post',
  path: '/webhooks/ghl/workflow/{secret}',
  summary: 'Webhooks of workflow actions, with the location’s secret in the path',
  auth: 'secret',
  answers,
  errors: ['WORKFLOW_SECRET', ...doorErrors],
});

export const workflowWebhookByHeader = route({
  method: 'post',
  path: '/webhooks/ghl/workflow',
  summary: 'The same with the secret in X-Webhook-Secret',
  auth: 'secret',
  answers,
  errors: ['WORKFLOW_SECRET', ...doorErrors],
});

const verdict = z.enum(['received', 'dispatched', 'worked', 'ignored', 'parked']);
const inboxItem = z.object({
  inboxId: z.string(),
  source: z.enum(['marketplace', 'workflow', 'operator', 'internal']),
  eventKey: z.string(),
  type: z.string(),
  kind: z.string(),
  locationId: z.string().nullable(),
  contactId: z.string().nullable(),
  occurredAt: instant.nullable(),
  receivedAt: instant,
  verdict,
  reason: z.string().nullable(),
  dispatchedAt: instant.nullable(),
  workedAt: instant.nullable(),
});

export const listWebhooks = route({
  method: 'get',
  path: '/api/webhooks',
  summary: 'The inbox, newest first',
  auth: 'bearer',
  query: z.object({
    locationId: id.optional(),
    verdict: verdict.optional(),
    type: z.string().max(64).optional(),
    cursor,
    limit,
  }),
  answers: { 200: { says: 'A page of events', schema: z.object({ items: z.array(inboxItem), nextCursor }) } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_CURSOR', 'STORE_AWAY'],
});

const eventParams = z.object({ inboxId: z.uuid('expected the id of an event') });

export const showWebhook = route({
  method: 'get',
  path: '/api/webhooks/{inboxId}',
  summary: 'One event with its body as it came',
  auth: 'bearer',
  params: eventParams,
  answers: {
    200: {
      says: 'The event; `body` is JSON where it can be read, else `bodyBase64` has the bytes',
      schema: inboxItem.extend({
        headers: z.record(z.string(), z.string()),
        body: z.unknown().optional(),
        bodyBase64: z.string().optional(),
      }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'EVENT_UNKNOWN', 'STORE_AWAY'],
});

export const replayWebhook = route({
  method: 'post',
  path: '/api/webhooks/{inboxId}/replay',
  summary: 'Work an event again; without `apply` it only says what it would do',
  auth: 'bearer',
  params: eventParams,
  body: z.object({ apply: z.boolean().default(false) }).optional(),
  answers: {
    200: {
      says: 'What was, or would be, done',
      schema: z.object({
        inboxId: z.string(),
        type: z.string(),
        verdict,
        applied: z.boolean(),
        wouldReopen: z.boolean(),
        /** Older than 15 minutes when received: it changes state and sends nothing. */
        note: z.string(),
      }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_QUERY', 'EVENT_UNKNOWN', 'STORE_AWAY'],
});
