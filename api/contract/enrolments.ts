import { z } from 'zod';
import { eventKinds } from '../../domain/follow-up/sequence.ts';
import { enrolmentActs } from '../../domain/ports/enrolments.ts';
import { instant, leadParams, route } from './route.ts';

const enrolment = z.object({
  enrolmentId: z.string(),
  sequence: z.string(),
  version: z.number().int(),
  title: z.string(),
  status: z.enum(['active', 'ended']),
  endedReason: z.string().nullable(),
  enrolledAt: instant,
  endedAt: instant.nullable(),
  /** What it is about, such as an appointment. */
  event: z.object({ kind: z.enum(eventKinds), id: z.string(), at: instant }).nullable(),
  pausedAt: instant.nullable(),
  /** Why its next step could not be worked; null: a person paused it, or nobody did. */
  parkedReason: z.string().nullable(),
  /** The step that a person asked for now. */
  sendNow: z.string().nullable(),
  /** A closed gate said when to ask again. */
  notBefore: instant.nullable(),
  steps: z.array(
    z.object({ key: z.string(), channel: z.string(), outcome: z.string().nullable(), at: instant.nullable() }),
  ),
});
export type EnrolmentView = z.infer<typeof enrolment>;

export const leadEnrolments = route({
  method: 'get',
  path: '/api/leads/{locationId}/{contactId}/enrolments',
  summary: 'Sequences that a lead is or was in, those under way first, with what became of each step',
  auth: 'bearer',
  params: leadParams,
  answers: { 200: { says: 'At most a hundred', schema: z.object({ items: z.array(enrolment) }) } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'LEAD_UNKNOWN', 'STORE_AWAY'],
});

export const actOnEnrolment = route({
  method: 'post',
  path: '/api/leads/{locationId}/{contactId}/enrolments/{enrolmentId}/{act}',
  summary:
    'Act on one enrolment: pause or resume it, skip its next step, send that step now (the gate still decides), or end it. In force ' +
    'at once. Asking again with the same X-Request-Id repeats nothing',
  auth: 'bearer',
  params: leadParams.extend({ enrolmentId: z.uuid(), act: z.enum(enrolmentActs) }),
  body: z
    .object({
      /** Of skip and send-now: which step is meant to be the next one; another one is refused. */
      step: z.string().min(1).max(100).optional(),
    })
    .optional(),
  answers: {
    202: {
      says: 'In force, and on its way to the workflow',
      schema: z.object({ enrolment, eventId: z.string() }),
    },
  },
  errors: [
    ...(['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_QUERY', 'LEAD_UNKNOWN', 'ENROLMENT_UNKNOWN', 'ENROLMENT_STATE'] as const),
    ...(['CANNOT_STORE', 'STORE_AWAY'] as const),
  ],
});
