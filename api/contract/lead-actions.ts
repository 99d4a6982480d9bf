import { z } from 'zod';
import { type ActionKind, actionKinds } from '../../domain/crm/actions.ts';
import { cursor, instant, leadParams, limit, nextCursor, route } from './route.ts';

const value = z.union([z.string(), z.number(), z.null()]);

const leadAction = z.object({
  actionId: z.string(),
  at: instant,
  kind: z.enum(Object.keys(actionKinds) as [ActionKind, ...ActionKind[]]),
  /** The kind in words. */
  did: z.string(),
  /** What it was done to: a tag, a field key, a channel, or the id of what was made or moved. */
  target: z.string(),
  before: value,
  after: value,
  planVersion: z.number().int().nullable(),
  sendId: z.string().nullable(),
  /** The action that this one undid. */
  undoes: z.string().nullable(),
  undo: z.object({
    state: z.enum(['possible', 'none', 'asked', 'done', 'refused']),
    /** What undoing it does; null where it has no undo. */
    does: z.string().nullable(),
    /** Why it has none, or why it was refused. */
    reason: z.string().nullable(),
  }),
});
export type LeadAction = z.infer<typeof leadAction>;

export const leadActions = route({
  method: 'get',
  path: '/api/leads/{locationId}/{contactId}/actions',
  summary: 'What we did in the CRM about a lead, newest first, with what was there before and how it is undone',
  auth: 'bearer',
  params: leadParams,
  query: z.object({ cursor, limit }),
  answers: { 200: { says: 'A page of actions', schema: z.object({ items: z.array(leadAction), nextCursor }) } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_CURSOR', 'LEAD_UNKNOWN', 'STORE_AWAY'],
});

export const undoLeadAction = route({
  method: 'post',
  path: '/api/leads/{locationId}/{contactId}/undo',
  summary:
    'Undo one action, once. It is done by the lead’s workflow against the CRM as it then is: what somebody has changed since stays, ' +
    'and the action then says that its undo was refused',
  auth: 'bearer',
  params: leadParams,
  body: z.object({ actionId: z.uuid() }),
  answers: {
    202: {
      says: 'Asked for; the list of actions shows what became of it',
      schema: z.object({ action: leadAction, eventId: z.string() }),
    },
  },
  errors: [
    ...(['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_QUERY', 'LEAD_UNKNOWN', 'ACTION_UNKNOWN', 'UNDO_NONE'] as const),
    ...(['UNDO_DONE', 'UNDO_CHANGED', 'CANNOT_STORE', 'STORE_AWAY'] as const),
  ],
});
