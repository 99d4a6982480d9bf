import { z } from 'zod';
import { cursor, id, instant, leadParams, leadState, limit, nextCursor, reason, route, tier, unsure } from './route.ts';

const next = z.object({ at: instant, what: z.string() });

const leadRow = z.object({
  locationId: id,
  contactId: id,
  name: z.string().nullable(),
  stage: z.string(),
  tier: tier.nullable(),
  score: z.number().nullable(),
  confidence: z.number().nullable(),
  state: leadState,
  next: next.nullable(),
  lastActivityAt: instant,
});

const consent = z.object({
  state: z.enum(['granted', 'withdrawn', 'unknown']),
  since: instant.optional(),
  /** What it rests on: `tag:<name>`; withdrawn: the tag that is gone, or `opt-out`. */
  basis: z.string().optional(),
});

/** A score as it was given, with what it is made of. */
export const leadScore = z.object({
  value: z.number().min(0).max(100),
  probability: z.number().optional(),
  confidence: z.number().min(0).max(1),
  model: z.string(),
  scoredAt: instant.nullable(),
  reasons: z.array(reason),
  unsure: unsure.optional(),
  /** Who speaks, and how sure it is. */
  says: z.string(),
  /** What speaks for the lead and against it, and what is not known; the strongest first. */
  raises: z.array(z.string()),
  lowers: z.array(z.string()),
  unknown: z.array(z.string()),
  /** Most urgent first; `withinHours` null: there is no hurry. `because`: the feature that it follows from. */
  recommendations: z.array(
    z.object({ does: z.string(), withinHours: z.number().nullable(), because: z.string().nullable() }),
  ),
});

const parkedSend = z.object({
  sendId: z.string(),
  channel: z.string(),
  step: z.string().nullable(),
  reason: z.string().nullable(),
  claimedAt: instant,
});

const leadDetail = z.object({
  locationId: id,
  contactId: id,
  stage: z.string(),
  tier: tier.nullable(),
  score: leadScore.nullable(),
  /** As last known of the CRM; null while nobody has told us. */
  tags: z.array(z.string()).nullable(),
  consent: z.object({ sms: consent, email: consent, call: consent }),
  next: next.optional(),
  state: leadState,
  parked: z.array(parkedSend),
  links: z.object({ temporal: z.string().nullable(), ghl: z.string() }),
});
export type LeadDetail = z.infer<typeof leadDetail>;

/** A parameter that may be given several times; the simple query parser makes a list of it only then. */
function repeatable<T>(one: z.ZodType<T>, most: number) {
  return z.preprocess(
    (given) => (given === undefined || Array.isArray(given) ? given : [given]),
    z.array(one).min(1).max(most).optional(),
  );
}

const customField = z
  .string()
  .max(400)
  .regex(/^[^=]{1,128}=/, 'expected <custom field id>=<value>')
  .transform((text) => ({ id: text.slice(0, text.indexOf('=')), value: text.slice(text.indexOf('=') + 1) }));

export const listLeads = route({
  method: 'get',
  path: '/api/leads',
  summary:
    'Leads, filtered and sorted, page by page. Each word of `q` must be part of the name, e-mail address or phone number: ' +
    'anywhere from three letters or digits in a row on, at the beginning of a word below. `tag` and `field` may be repeated, ' +
    'and all must be borne; a field is `<custom field id>=<value>`, the value as it prints.',
  auth: 'bearer',
  query: z.object({
    locationId: id.optional(),
    stage: z.string().max(40).optional(),
    tier: tier.optional(),
    q: z.string().max(200).optional(),
    tag: repeatable(z.string().min(1).max(100), 10),
    field: repeatable(customField, 5),
    sort: z.enum(['score', 'newest', 'activity']).optional(),
    cursor,
    limit,
  }),
  answers: { 200: { says: 'A page of leads', schema: z.object({ items: z.array(leadRow), nextCursor }) } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_CURSOR', 'STORE_AWAY'],
});

export const showLead = route({
  method: 'get',
  path: '/api/leads/{locationId}/{contactId}',
  summary: 'One lead: score with its reasons, consent, what comes next',
  auth: 'bearer',
  params: leadParams,
  answers: { 200: { says: 'The lead', schema: leadDetail } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'LEAD_UNKNOWN', 'STORE_AWAY'],
});

export const leadTimeline = route({
  method: 'get',
  path: '/api/leads/{locationId}/{contactId}/timeline',
  summary: 'What happened to a lead, newest first',
  auth: 'bearer',
  params: leadParams,
  query: z.object({ cursor, limit }),
  answers: {
    200: {
      says: 'A page of the timeline',
      schema: z.object({
        items: z.array(
          z.object({
            at: instant,
            kind: z.enum(['event', 'decision', 'send', 'wait', 'action']),
            summary: z.string(),
            refs: z.record(z.string(), z.union([z.string(), z.number(), z.null()])),
          }),
        ),
        nextCursor,
      }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_CURSOR', 'LEAD_UNKNOWN', 'STORE_AWAY'],
});

export const leadConversation = route({
  method: 'get',
  path: '/api/leads/{locationId}/{contactId}/conversation',
  summary: 'The last messages with a lead, oldest first',
  auth: 'bearer',
  params: leadParams,
  query: z.object({ limit }),
  answers: {
    200: {
      says: 'The last messages',
      schema: z.object({
        items: z.array(
          z.object({
            at: instant,
            direction: z.enum(['inbound', 'outbound']),
            channel: z.string(),
            body: z.string(),
            /** True when a human of the team wrote it. */
            human: z.boolean(),
          }),
        ),
      }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'LEAD_UNKNOWN', 'STORE_AWAY'],
});

const dollars = z.string().nullable();

const matchedListing = z.object({
  /** 0 to 1, 1 fits in everything that is known. */
  score: z.number().min(0).max(1),
  reasons: z.array(z.string()),
  matchedAt: instant,
  listing: z.object({
    listingKey: z.string(),
    status: z.string(),
    propertyType: z.string(),
    /** US dollars as a decimal number in text. */
    price: dollars,
    city: z.string().nullable(),
    postalCode: z.string().nullable(),
    bedrooms: z.number().nullable(),
    bathrooms: z.number().nullable(),
    livingSqft: z.number().nullable(),
    /** The office that is to be named wherever the home is; null: it is of no feed. */
    officeName: z.string().nullable(),
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
    remarks: z.string().nullable(),
    listedAt: instant.nullable(),
    changedAt: instant,
    /** Newest first. */
    events: z.array(
      z.object({
        at: instant,
        kind: z.enum(['new', 'price-change', 'back-on-market', 'pending', 'closed', 'withdrawn', 'open-house']),
        priceBefore: dollars,
        priceAfter: dollars,
      }),
    ),
  }),
});

export const leadMatches = route({
  method: 'get',
  path: '/api/leads/{locationId}/{contactId}/matches',
  summary: 'The homes that fit a lead best, as they are now, the best first',
  auth: 'bearer',
  params: leadParams,
  query: z.object({ limit: limit.default(10) }),
  answers: { 200: { says: 'Homes, and why they fit', schema: z.object({ items: z.array(matchedListing) }) } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'LEAD_UNKNOWN', 'STORE_AWAY'],
});

const acted = z.object({
  state: leadState,
  delivery: z.enum(['delivered', 'pending']),
  eventId: z.string(),
});

/** `delivered`: the workflow has it. `pending`: stored and in force for every send; the workflow gets it as soon as Temporal answers. */
function act<B>(action: string, summary: string, body: z.ZodType<B>) {
  return route({
    method: 'post',
    path: `/api/leads/{locationId}/{contactId}/${action}`,
    summary,
    auth: 'bearer',
    params: leadParams,
    body,
    answers: {
      200: { says: 'In force, and the workflow has it', schema: acted },
      202: { says: 'In force, and on its way to the workflow', schema: acted },
    },
    errors: [
      ...(['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_QUERY', 'LEAD_UNKNOWN', 'EVENT_CONFLICT', 'CANNOT_STORE'] as const),
      ...(action === 'enrol' ? (['SEQUENCE_UNKNOWN', 'SEQUENCE_NEEDS'] as const) : []),
    ],
  });
}

const nothing = z.object({}).optional();
export const pauseLead = act('pause', 'Keep still on this lead until it is resumed', nothing);
export const resumeLead = act('resume', 'Work this lead again', nothing);
export const stopLead = act('stop', 'End all follow-up of this lead', nothing);
export const takeOverLead = act('take-over', 'A human works this lead; automation keeps still', nothing);
export const answerOptOut = act(
  'opt-out',
  'Say whether the message that may have been an opt-out is one. `yes` opts the lead out by SMS and e-mail, also without such a message; ' +
    '`no` resumes it',
  z.object({ answer: z.enum(['yes', 'no']) }),
);
export const enrolLead = act(
  'enrol',
  'Start a published sequence for this lead',
  z.object({ sequence: z.string().min(1).max(100) }),
);

export const scoreLead = route({
  method: 'post',
  path: '/api/leads/{locationId}/{contactId}/score',
  summary: 'Score this lead now, from what is known, and have its workflow decide anew',
  auth: 'bearer',
  params: leadParams,
  body: nothing,
  answers: {
    200: {
      says: 'The fresh score; `state` is unchanged by it',
      schema: z.object({ state: leadState, eventId: z.string(), score: leadScore.extend({ tier }) }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'LEAD_UNKNOWN', 'CANNOT_STORE', 'STORE_AWAY'],
});
