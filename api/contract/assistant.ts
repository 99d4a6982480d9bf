import { z } from 'zod';
import { draftStates } from '../../domain/ports/drafts.ts';
import { cursor, id, instant, leadParams, limit, nextCursor, route } from './route.ts';

const reasons = z.array(z.object({ code: z.string(), what: z.string() }));
const tries = z.array(z.object({ rung: z.string(), outcome: z.string(), reasons }));

const draft = z.object({
  ...{ draftId: z.string(), locationId: z.string(), contactId: z.string(), channel: z.enum(['sms', 'email']) },
  state: z.enum(draftStates),
  mode: z.enum(['draft', 'auto']),
  rung: z.string(),
  /** As it would go out; null where there are no words. */
  text: z.string().nullable(),
  /** A person's own words in its place. */
  edited: z.string().nullable(),
  question: z.string().nullable(),
  facts: z.array(z.object({ id: z.string(), asOf: instant })),
  gates: tries,
  why: z.string().nullable(),
  /** Of all calls that it took, US dollars. */
  dollars: z.number(),
  ...{ createdAt: instant, expiresAt: instant, decidedAt: instant.nullable(), decidedBy: z.string().nullable() },
});

export const listDrafts = route({
  method: 'get',
  path: '/api/assistant/drafts',
  summary: 'Replies that the assistant drafted, newest first, with what each gate said of them',
  auth: 'bearer',
  query: z.object({ locationId: id, state: z.enum(draftStates).optional(), cursor, limit }),
  answers: { 200: { says: 'A page of drafts', schema: z.object({ items: z.array(draft), nextCursor }) } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_CURSOR', 'STORE_AWAY'],
});

const params = z.object({ locationId: id, draftId: z.uuid('expected the id of a draft') });
const decided = z.object({ draft, delivery: z.enum(['delivered', 'pending']) });
const answers = {
  200: { says: 'In force, and the lead was told', schema: decided },
  202: { says: 'In force; the lead is told later', schema: decided },
};

export const approveDraft = route({
  method: 'post',
  path: '/api/assistant/drafts/{locationId}/{draftId}/approve',
  summary:
    'Sends a drafted reply, or a person’s own words in its place, through the gate; said again it is the same word',
  auth: 'bearer',
  params,
  body: z.object({ text: z.string().trim().min(1).max(1_600).optional() }).default({}),
  answers,
  errors: ['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_QUERY', 'DRAFT_UNKNOWN', 'DRAFT_STATE', 'DRAFT_WORDS', 'STORE_AWAY'],
});

export const rejectDraft = route({
  method: 'post',
  path: '/api/assistant/drafts/{locationId}/{draftId}/reject',
  summary: 'Nothing of a drafted reply is sent; the lead is a person’s to answer',
  auth: 'bearer',
  params,
  answers,
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'DRAFT_UNKNOWN', 'DRAFT_STATE', 'STORE_AWAY'],
});

export const askAssistant = route({
  method: 'post',
  path: '/api/assistant/ask/{locationId}/{contactId}',
  summary: 'What would be read and drafted if a lead wrote this; costs what it costs, and sends and keeps nothing',
  auth: 'bearer',
  params: leadParams,
  body: z.object({ text: z.string().trim().min(1).max(5_000) }),
  answers: {
    200: {
      says: 'The reading, the reply with the gates’ verdicts, the layers of the prompt and what it cost',
      schema: z.object({
        read: z.object({
          /** By a model, or by rules where it gave nothing that could be taken. */
          by: z.enum(['model', 'rules']),
          why: z.string().nullable(),
          understood: z.record(z.string(), z.unknown()),
          dropped: z.array(z.object({ field: z.string(), why: z.string() })),
        }),
        reply: z
          .object({
            ...{ rung: z.string(), text: z.string().nullable(), question: z.string().nullable() },
            ...{ tries, why: z.string().nullable(), person: z.boolean() },
          })
          .nullable(),
        layers: z.array(z.object({ layer: z.string(), blocks: z.number(), tokens: z.number() })),
        dollars: z.number(),
      }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_QUERY', 'LEAD_UNKNOWN', 'ASSISTANT_ABSENT', 'STORE_AWAY'],
});
