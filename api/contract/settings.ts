import { z } from 'zod';
import { choices, changesSchema, owners } from '../../domain/leads/settings-schema.ts';
import { cursor, id, instant, limit, nextCursor, route } from './route.ts';

const params = z.object({ locationId: id });
const version = z.coerce.number().int().min(1).max(2_147_483_647);
/** Every choice, with its owner and its shape. */
const settings = changesSchema.describe('Every choice; see docs/settings.md');
const inForce = z.object({ version: z.number().int(), settings, by: z.string(), at: instant });

export const ownerOf = Object.fromEntries(Object.entries(choices).map(([name, { owner }]) => [name, owner]));

export const getSettings = route({
  method: 'get',
  path: '/api/locations/{locationId}/settings',
  summary: 'Settings in force, or an earlier version of them',
  auth: 'bearer',
  params,
  query: z.object({ version: version.optional() }),
  answers: {
    200: {
      says: 'Complete, with the defaults of what was never chosen, and whose each choice is',
      schema: inForce.extend({ owners: z.record(z.string(), z.enum(owners)) }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'LOCATION_NOT_FOUND', 'SETTINGS_UNKNOWN', 'STORE_AWAY'],
});

export const changeSettings = route({
  method: 'patch',
  path: '/api/locations/{locationId}/settings',
  summary: 'Change choices, each as a whole; with a version, only while that one is in force',
  auth: 'bearer',
  params,
  body: z.strictObject({ version: z.number().int().min(1).optional(), changes: changesSchema }),
  answers: {
    200: { says: 'In force for every send from now on; the same version where nothing changed', schema: inForce },
  },
  errors: [
    ...(['UNAUTHORIZED', 'BAD_QUERY', 'BAD_REQUEST', 'LOCATION_NOT_FOUND'] as const),
    ...(['SETTINGS_CONFLICT', 'SETTINGS_INVALID', 'STORE_AWAY'] as const),
  ],
});

const act = z.object({
  at: instant,
  by: z.string(),
  what: z.enum(['settings', 'active', 'paused', 'uninstalled']),
  /** True: by the switch of all locations. */
  all: z.literal(true).optional(),
  version: z.number().int().optional(),
  changes: changesSchema.optional(),
});

export const locationHistory = route({
  method: 'get',
  path: '/api/locations/{locationId}/history',
  summary: 'What was done to a location, newest first: changes of its settings, pauses and resumptions, and by whom',
  auth: 'bearer',
  params,
  query: z.object({ limit, cursor }),
  answers: { 200: { says: 'A page', schema: z.object({ items: z.array(act), nextCursor }) } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_CURSOR', 'LOCATION_NOT_FOUND', 'STORE_AWAY'],
});

export const locationMapping = route({
  method: 'get',
  path: '/api/locations/{locationId}/mapping',
  summary: 'What the settings name and the CRM does not have, each with its fix',
  auth: 'bearer',
  params,
  answers: {
    200: {
      says: 'Empty where all is there',
      schema: z.object({ problems: z.array(z.object({ where: z.string(), problem: z.string(), fix: z.string() })) }),
    },
  },
  errors: [
    ...(['UNAUTHORIZED', 'BAD_QUERY', 'LOCATION_NOT_FOUND', 'LOCATION_UNINSTALLED', 'STORE_AWAY'] as const),
    ...(['CRM_UNAVAILABLE', 'CRM_RATE_LIMITED', 'CRM_AUTH', 'CRM_FORBIDDEN'] as const),
  ],
});
