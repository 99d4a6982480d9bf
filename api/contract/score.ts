import { z } from 'zod';
import { problemsOfLead } from './score-problems.ts';
import { id, instant, reason, route, tier, unsure } from './route.ts';

const ours = z.string().max(200).optional();

/** Either the facts themselves, or a lead whose stored facts are to be used. */
const scoreFacts = z.strictObject({
  id: ours,
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
const knownLead = z.strictObject({ id: ours, locationId: id, contactId: id });

/** Which of the two is meant is seen by the ids, so that what is wrong is said by its field. */
const lead = z.preprocess(
  (given, context) => {
    for (const problem of problemsOfLead(given, { knownLead, scoreFacts })) {
      context.addIssue({ code: 'custom', ...problem });
    }
    return given;
  },
  z.union([knownLead, scoreFacts]),
);

export const scoreLeads = route({
  method: 'post',
  path: '/api/score',
  summary:
    'Scores and tiers for up to 1,000 leads, each given by facts or by its ids; their reasons when asked for. `unsure`: it cannot tell. ' +
    'Of a trained model the question worth asking is looked for with the reasons only',
  auth: 'bearer',
  body: z.object({
    leads: z
      .array(lead, 'expected a list of 1 to 1,000 leads')
      .min(1, 'expected 1 to 1,000 leads, got none')
      .max(1000, 'expected 1 to 1,000 leads, got more; send the others in a request of their own'),
    /** Reasons take some milliseconds a lead. */
    reasons: z.boolean('expected true or false').default(false),
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
            unsure: unsure.optional(),
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
