import { z } from 'zod';
import { id, route } from './route.ts';

/** Whole nano-dollars, as the ledger has them: a thousand millionth of a dollar. */
const nano = z.number().int();
const count = z.number().int();
const tokens = z.object({ input: count, read: count, write5m: count, write1h: count, output: count });
const layer = z.object({ calls: count, read: count });
const ratio = z.number().nullable();
const misses = z.record(z.string(), count);
const spent = {
  ...{ attempts: count, answered: count, open: count, settled: count },
  /** For sure; what may be billed beside it; and what the same answers had cost without caching. */
  ...{ billed: nano, maybe: nano, counterfactual: nano },
  /** 1 − (billed + maybe) / counterfactual; negative where caching cost more than it saved. */
  saving: z.number().nullable(),
};

export const assistantCost = route({
  method: 'get',
  path: '/api/assistant/cost',
  summary:
    'What calls of language models cost, per UTC day, model and job, and what caching saved of it; all amounts are nano-dollars',
  auth: 'bearer',
  query: z.object({ locationId: id.optional(), days: z.coerce.number().int().min(1).max(400).default(7) }),
  answers: {
    200: {
      says: 'The days up to today, the newest first, and all of them together',
      schema: z.object({
        locationId: z.string().nullable(),
        days: count,
        rows: z.array(
          z.object({
            ...{ day: z.iso.date(), model: z.string(), job: z.string(), batch: z.boolean(), ...spent, tokens, misses },
            layers: z.object({ global: layer, location: layer, conversation: layer }),
          }),
        ),
        total: z.object({
          ...{ ...spent, replies: count, perThousandReplies: nano.nullable(), misses },
          hits: z.object({ global: ratio, location: ratio, conversation: ratio }),
        }),
      }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'STORE_AWAY', 'STORE_SLOW'],
});
