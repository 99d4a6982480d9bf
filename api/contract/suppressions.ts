import { z } from 'zod';
import { suppressionReasons } from '../../domain/consent/suppression.ts';
import { instant, leadParams, route } from './route.ts';

const suppression = z.object({
  channel: z.enum(['sms', 'email']),
  reason: z.enum(suppressionReasons),
  since: instant,
  /** Null: it holds. */
  liftedAt: instant.nullable(),
  /** What it is stored under. */
  of: z.enum(['phone', 'email', 'contact']),
  /** The event that said so, as `/api/webhooks/{inboxId}` shows it. */
  inboxId: z.string().nullable(),
});
export type SuppressionShown = z.infer<typeof suppression>;

export const leadSuppressions = route({
  method: 'get',
  path: '/api/leads/{locationId}/{contactId}/suppressions',
  summary: 'Why the person of this lead is not written to, or was not: every reason, newest first',
  auth: 'bearer',
  params: leadParams,
  answers: { 200: { says: 'All of them', schema: z.object({ items: z.array(suppression) }) } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'LEAD_UNKNOWN', 'STORE_AWAY'],
});
