import { z } from 'zod';
import { id, instant, route } from './route.ts';

const channel = z.enum(['sms', 'email']);
const pause = z.object({
  channel,
  why: z.string(),
  since: instant,
  /** Null: it stands. */
  liftedAt: instant.nullable(),
  liftedBy: z.string().nullable(),
});
export type SendingPauseShown = z.infer<typeof pause>;

const params = z.object({ locationId: id });

export const sendingPauses = route({
  method: 'get',
  path: '/api/locations/{locationId}/sending',
  summary: 'When the location’s sending paused by itself and why, newest first',
  auth: 'bearer',
  params,
  answers: {
    200: { says: 'Those that stand, and those that were lifted', schema: z.object({ items: z.array(pause) }) },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'LOCATION_NOT_FOUND', 'STORE_AWAY'],
});

export const resumeSending = route({
  method: 'post',
  path: '/api/locations/{locationId}/sending/resume',
  summary: 'Lift the pause that a location’s sending put on itself; what was sent before counts no more',
  auth: 'bearer',
  params,
  body: z.strictObject({ channel: channel.optional() }),
  answers: { 200: { says: 'In force', schema: z.object({ lifted: z.number().int() }) } },
  errors: ['UNAUTHORIZED', 'BAD_REQUEST', 'LOCATION_NOT_FOUND', 'STORE_AWAY'],
});
