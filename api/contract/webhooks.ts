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
  reopenedAt: instant.nullable(),
  verdict,
  reason: z.string().nullable(),
  dispatchedAt: instant.nullable(),
  workedAt: instant.nullable(),
});
const label = z.string().regex(/^[A-Za-z0-9_.-]{1,64}$/, 'expected a name such as ContactCreate');

const range = z.object({
  locationId: id.optional(),
  contactId: id.optional(),
  verdict: verdict.optional(),
  type: label.optional(),
  kind: label.optional(),
  from: instant.optional(),
  to: instant.optional(),
});

export const listWebhooks = route({
  method: 'get',
  path: '/api/webhooks',
  summary: 'The inbox, newest first',
  auth: 'bearer',
  query: range.extend({ stuck: z.literal('true').optional(), cursor, limit }),
  answers: { 200: { says: 'A page of events', schema: z.object({ items: z.array(inboxItem), nextCursor }) } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_CURSOR', 'STORE_AWAY'],
});

const inWords = { words: z.string(), acts: z.array(z.string()) };

export const listParked = route({
  method: 'get',
  path: '/api/webhooks/parked',
  summary: 'Events that wait for a person, with the reason in plain words and what can be done',
  auth: 'bearer',
  query: z.object({ locationId: id.optional(), cursor, limit }),
  answers: {
    200: {
      says: 'A page of parked events, newest first',
      schema: z.object({ items: z.array(inboxItem.extend(inWords)), nextCursor }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_CURSOR', 'STORE_AWAY'],
});

const eventParams = z.object({ inboxId: z.uuid('expected the id of an event') });
const send = z.object({
  sendId: z.string(),
  channel: z.string(),
  stepKey: z.string().nullable(),
  state: z.string(),
  reason: z.string().nullable(),
  claimedAt: instant,
});

export const showWebhook = route({
  method: 'get',
  path: '/api/webhooks/{inboxId}',
  summary: 'One event with its body as it came, and what followed from it',
  auth: 'bearer',
  params: eventParams,
  answers: {
    200: {
      says: 'The event; `body` is JSON where it can be read, else `bodyBase64` has the bytes',
      schema: inboxItem.extend({
        headers: z.record(z.string(), z.string()),
        body: z.unknown().optional(),
        bodyBase64: z.string().optional(),
        decisions: z.array(
          z.object({
            round: z.int(),
            at: instant,
            stage: z.string(),
            tier: z.string().nullable(),
            score: z.number().nullable(),
            summary: z.string(),
          }),
        ),
        sends: z.array(send),
        acts: z.array(
          z.object({ action: z.string(), reason: z.string().nullable(), by: z.string().nullable(), at: instant }),
        ),
        /** Null where the event concerns no lead. */
        links: z.object({ temporal: z.string().nullable(), ghl: z.string() }).nullable(),
      }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'EVENT_UNKNOWN', 'STORE_AWAY'],
});

export const diffWebhook = route({
  method: 'get',
  path: '/api/webhooks/{inboxId}/diff',
  summary: 'An event against what is known now, by names of facts',
  auth: 'bearer',
  params: eventParams,
  answers: {
    200: {
      says: 'What it would change, and what it says that is older than what is known',
      schema: z.object({
        inboxId: z.string(),
        type: z.string(),
        occurredAt: instant,
        newer: z.array(z.string()),
        older: z.array(z.string()),
        record: z.object({ kind: z.string(), what: z.string(), facts: z.array(z.string()) }).nullable(),
        says: z.string(),
      }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'EVENT_UNKNOWN', 'STORE_AWAY'],
});

const value = z.union([z.string(), z.number()]).nullable();
const turn = z.object({ from: value, to: value }).optional();
const words = z.array(z.string());
const preview = z.object({
  inboxId: z.string(),
  type: z.string(),
  kind: z.string(),
  verdict,
  locationId: z.string().nullable(),
  contactId: z.string().nullable(),
  occurredAt: instant,
  wouldReopen: z.boolean(),
  /** Older than 15 minutes now: it changes state and texts nobody. */
  old: z.boolean(),
  outcome: z.union([
    z.object({ kind: z.enum(['worked', 'no lead']) }),
    z.object({ kind: z.enum(['ignored', 'unreadable']), why: z.string() }),
  ]),
  changes: z.object({
    stage: turn,
    tier: turn,
    score: turn,
    state: turn,
    contact: words.optional(),
    tags: z.object({ add: words, remove: words }).optional(),
    fields: words.optional(),
    tasks: words.optional(),
    enrolments: z.object({ begin: words, end: words }).optional(),
    sends: words.optional(),
    optOut: z.object({ suppress: words, release: words }).optional(),
    record: words.optional(),
    message: words.optional(),
    does: words.optional(),
  }),
  without: words,
});

export const replayWebhook = route({
  method: 'post',
  path: '/api/webhooks/{inboxId}/replay',
  summary: 'Work an event again; without `apply` it only says what would change',
  auth: 'bearer',
  params: eventParams,
  body: z.object({ apply: z.boolean().default(false) }).optional(),
  answers: {
    200: {
      says: 'What would change, and whether it was taken up again',
      schema: preview.extend({ applied: z.boolean(), note: z.string() }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_QUERY', 'EVENT_UNKNOWN', 'STORE_AWAY'],
});

export const ignoreWebhook = route({
  method: 'post',
  path: '/api/webhooks/{inboxId}/ignore',
  summary: 'Nothing is made of a parked event; written down once, with the reason',
  auth: 'bearer',
  params: eventParams,
  body: z.object({ reason: z.string().trim().min(1).max(200) }),
  answers: { 200: { says: 'It is ignored', schema: z.object({ inboxId: z.string(), verdict: z.literal('ignored') }) } },
  errors: ['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_QUERY', 'EVENT_UNKNOWN', 'EVENT_STATE', 'STORE_AWAY'],
});

export const previewRange = route({
  method: 'get',
  path: '/api/webhooks/replays/preview',
  summary: 'What replaying a range would change, event by event, each against what is known now',
  auth: 'bearer',
  query: range
    .required({ from: true, to: true })
    .extend({ cursor, limit: limit.pipe(z.int().max(50)) })
    .strict(),
  answers: {
    200: {
      says: 'How many events the range holds, installs and uninstalls left out, and a page of what they would change, newest first',
      schema: z.object({ events: z.int(), leftOut: z.int(), items: z.array(preview), nextCursor }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_CURSOR', 'STORE_AWAY'],
});

const progress = z.object({
  replayId: z.string(),
  events: z.int(),
  waiting: z.int(),
  underWay: z.int(),
  done: z.int(),
  parked: z.int(),
  passed: z.int(),
  leftOut: z.int(),
  waitsFor: z.string().nullable(),
  begunAt: instant,
  endedAt: instant.nullable(),
});
const progressAnswer = { 200: { says: 'How far it is', schema: progress } };

export const beginReplay = route({
  method: 'post',
  path: '/api/webhooks/replays',
  summary:
    'Begin to replay a range: its events are written down in the order in which they happened; none is reopened yet',
  auth: 'bearer',
  body: range.required({ from: true, to: true }).strict(),
  answers: progressAnswer,
  errors: ['UNAUTHORIZED', 'BAD_REQUEST', 'REPLAY_EMPTY', 'REPLAY_TOO_LARGE', 'STORE_AWAY'],
});

const replayParams = z.object({ replayId: z.uuid('expected the id of a replay') });

export const showReplay = route({
  method: 'get',
  path: '/api/webhooks/replays/{replayId}',
  summary: 'How far a replay is',
  auth: 'bearer',
  params: replayParams,
  answers: progressAnswer,
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'REPLAY_UNKNOWN', 'STORE_AWAY'],
});

export const continueReplay = route({
  method: 'post',
  path: '/api/webhooks/replays/{replayId}/continue',
  summary: 'Reopen the next events, twenty at most, of each lead only after the one before was worked',
  auth: 'bearer',
  params: replayParams,
  answers: progressAnswer,
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'REPLAY_UNKNOWN', 'STORE_AWAY'],
});
