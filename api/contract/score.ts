import { z } from 'zod';
import { id, instant, reason, route, tier } from './route.ts';

/** Either the facts themselves, or a lead whose stored facts are to be used. */
const scoreFacts = z.strictObject({
  id: z.string().max(200).optional(),
  asOf: instant.optional(),
  emailsSent: z.number().nonnegative().optional(),
  emailOpens: z.number().nonnegative().optional(),
  emailClicks: z.number().nonnegative().optional(),
  responseHours: z.array(z.number().nonnegative()).max(1000).optional(),
  pageViews: z.number().nonnegative().optional(),
  budget: z.number().nonnegative().optional(),
  viewedPrices: z.array(z.number().nonnegative()).max(1000).optional(),
  timeline: z.string().max(200).optional(),
  propertyMatches: z.number().nonnegative().optional(),
  messages: z.array(z.string().max(5000)).max(200).optional(),
  source: z.string().max(200).optional(),
});
const knownLead = z.strictObject({ id: z.string().max(200).optional(), locationId: id, contactId: id });

export const scoreLeads = route({
  method: 'post',
  path: '/api/score',
  summary: 'Scores and tiers for up to 1,000 leads, given by facts or by their ids; their reasons when asked for',
  auth: 'bearer',
  body: z.object({
    leads: z
      .array(z.union([knownLead, scoreFacts]))
      .min(1)
      .max(1000),
    /** Reasons take some milliseconds a lead. */
    reasons: z.boolean().default(false),
  }),
  answers: {
    200: {
      says: 'In the order of the request',
      schema: z.object({
        model: z.string(),
        healthy: z.boolean(),
        scores: z.array(
          z.object({
            id: z.string().optional(),
            value: z.number(),
            probability: z.number().optional(),
            confidence: z.number(),
            tier,
            model: z.string(),
            baseline: z.number(),
            reasons: z.array(reason).optional(),
          }),
        ),
      }),
    },
  },
  errors: [
    'UNAUTHORIZED',
    'BAD_REQUEST',
    'LEAD_UNKNOWN',
    'BODY_TOO_LARGE',
    'BODY_MALFORMED',
    'CONTENT_TYPE',
    'STORE_AWAY',
    'STORE_SLOW',
  ],
});
