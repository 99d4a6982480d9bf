import { z } from 'zod';
import { scoreFieldNames } from '../../domain/leads/settings.ts';
import { id, route } from './route.ts';

const status = z.enum(['active', 'paused', 'uninstalled']);
const location = z.object({
  locationId: id,
  companyId: z.string().nullable(),
  name: z.string(),
  timezone: z.string().nullable(),
  status,
  settings: z.record(z.string(), z.unknown()),
  settingsVersion: z.number().int(),
});

const hhmm = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'expected HH:MM');
const tag = z.string().min(1).max(100);

/** Only what differs from the defaults, or from what the location has already, need be given; each choice is given whole. */
const settings = z.strictObject({
  activationTags: z.array(tag).max(50).optional(),
  stopTags: z.array(tag).max(50).optional(),
  tierTags: z.strictObject({ hot: tag, warm: tag, cold: tag }).optional(),
  consentTags: z.record(tag, z.array(z.enum(['sms', 'email']))).optional(),
  customFields: z.strictObject({ score: z.string().min(1), tier: z.string().min(1) }).optional(),
  scoreFields: z.partialRecord(z.enum(scoreFieldNames), z.string().min(1)).optional(),
  quietHours: z.strictObject({ from: hhmm, to: hhmm }).optional(),
  capPer24h: z.number().int().min(0).max(3).optional(),
});

export const listLocations = route({
  method: 'get',
  path: '/api/locations',
  summary: 'Installed locations',
  auth: 'bearer',
  answers: { 200: { says: 'All of them', schema: z.object({ items: z.array(location) }) } },
  errors: ['UNAUTHORIZED', 'STORE_AWAY'],
});

export const addLocation = route({
  method: 'post',
  path: '/api/locations',
  summary:
    'Install a location by hand, with its private integration token; one that is here already keeps what is not given',
  auth: 'bearer',
  body: z.strictObject({
    locationId: id,
    token: z.string().min(1).max(2000),
    name: z.string().min(1).max(200).optional(),
    timezone: z.string().min(1).max(60).optional(),
    companyId: id.optional(),
    settings: settings.optional(),
    /** Absent: a new location gets one, and one that is here already keeps its own. Given: the earlier one stops working. */
    workflowSecret: z
      .string()
      .regex(/^[A-Za-z0-9_-]{16,128}$/, 'expected 16 to 128 letters, digits, - and _')
      .optional(),
    /** True: a new secret is made, and the earlier one stops working. */
    newWorkflowSecret: z.boolean().optional(),
  }),
  answers: {
    201: {
      says: 'Installed; a new secret is shown this once, one that was kept is not known any more',
      schema: z.object({
        location,
        workflowSecretKept: z.boolean(),
        workflowSecret: z.string().optional(),
        workflowPath: z.string().optional(),
      }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_VALUE', 'STORE_AWAY'],
});

const which = z.union([z.strictObject({ locationId: id }), z.strictObject({ all: z.literal(true) })], {
  error: 'expected either {"locationId": …} or {"all": true}',
});
const switched = z.object({ status: z.enum(['active', 'paused']), locations: z.number().int() });
const errors = ['UNAUTHORIZED', 'BAD_REQUEST', 'LOCATION_NOT_FOUND', 'LOCATION_UNINSTALLED', 'STORE_AWAY'] as const;

export const pauseLocations = route({
  method: 'post',
  path: '/api/pause',
  summary: 'Kill switch: nothing is sent for one location, or for all, from now on',
  auth: 'bearer',
  body: which,
  answers: { 200: { says: 'In force before the next send', schema: switched } },
  errors,
});

export const resumeLocations = route({
  method: 'post',
  path: '/api/resume',
  summary: 'Send again for one location, or for all',
  auth: 'bearer',
  body: which,
  answers: { 200: { says: 'In force', schema: switched } },
  errors,
});
