import { z } from 'zod';
import { knownZone } from '../../domain/consent/zone-clock.ts';
import { changesSchema } from '../../domain/leads/settings-schema.ts';
import { id, route } from './route.ts';

const status = z.enum(['active', 'paused', 'uninstalled']);
const location = z.object({
  locationId: id,
  companyId: z.string().nullable(),
  name: z.string(),
  timezone: z.string().nullable(),
  /** `paused` also while all locations are. */
  status,
  /** Which switches keep it paused: its own, or that of all. */
  pausedBy: z.array(z.enum(['location', 'all'])),
  /** Not null: nothing is asked or written for it until it has a token that the CRM takes; its leads wait. */
  parked: z
    .object({ reason: z.enum(['awaiting-token', 'token-refused', 'location-inactive']), since: z.string() })
    .nullable(),
  settings: z.record(z.string(), z.unknown()),
  settingsVersion: z.number().int(),
});

const credential = z
  .object({
    kind: z.enum(['private', 'oauth']),
    version: z.number().int(),
    expiresAt: z.string().nullable(),
    refusedAt: z.string().nullable(),
  })
  .nullable();

const listed = z.object({
  /** Not null: everything is paused, also a location that is installed now. */
  allPaused: z.object({ by: z.string(), since: z.string() }).nullable(),
  items: z.array(location.extend({ credential })),
  companies: z.array(z.object({ companyId: id, credential })),
});

export const listLocations = route({
  method: 'get',
  path: '/api/locations',
  summary: 'Installed locations',
  auth: 'bearer',
  answers: { 200: { says: 'All of them', schema: listed } },
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
    /**
     * Private integration token, in the place of whatever credential there was; absent: that one is kept, and a location that is not
     * installed gets `GHL_PRIVATE_TOKEN`.
     */
    token: z.string().min(1).max(2000).optional(),
    name: z.string().min(1).max(200).optional(),
    timezone: z
      .string()
      .max(60)
      .refine((zone) => knownZone(zone) !== undefined, 'expected an IANA zone such as America/New_York')
      .optional(),
    companyId: id.optional(),
    /** What differs from the defaults, or from what the location has already; each choice is given whole. */
    settings: changesSchema.optional(),
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
  errors: ['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_VALUE', 'SETTINGS_INVALID', 'STORE_AWAY'],
});

const which = z.union([z.strictObject({ locationId: id }), z.strictObject({ all: z.literal(true) })], {
  error: 'expected either {"locationId": …} or {"all": true}',
});
const switched = z.object({
  status: z.enum(['active', 'paused']),
  /** How many were switched; of all: how many stand so now. */
  locations: z.number().int(),
  /** True: whatever one location's own switch says, everything is paused. */
  allPaused: z.boolean(),
});
const errors = ['UNAUTHORIZED', 'BAD_REQUEST', 'LOCATION_NOT_FOUND', 'LOCATION_UNINSTALLED', 'STORE_AWAY'] as const;

export const pauseLocations = route({
  method: 'post',
  path: '/api/pause',
  summary: 'Kill switch: nothing is sent for one location, or for all and those that come later, until it is lifted',
  auth: 'bearer',
  body: which,
  answers: { 200: { says: 'In force before the next send', schema: switched } },
  errors,
});

export const resumeLocations = route({
  method: 'post',
  path: '/api/resume',
  summary: 'Lift one location’s pause, or the pause of all; the one leaves the other as it is',
  auth: 'bearer',
  body: which,
  answers: { 200: { says: 'In force', schema: switched } },
  errors,
});
