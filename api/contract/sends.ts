import { z } from 'zod';
import { cursor, id, instant, leadParams, limit, nextCursor, route } from './route.ts';

export const listSends = route({
  method: 'get',
  path: '/api/sends',
  summary: 'Sends whose outcome a person may have to find out, oldest first',
  auth: 'bearer',
  query: z.object({ state: z.enum(['parked', 'unknown']).optional(), locationId: id.optional(), cursor, limit }),
  answers: {
    200: {
      says: 'A page of sends; never their words',
      schema: z.object({
        items: z.array(
          z.object({
            locationId: z.string(),
            contactId: z.string(),
            sendId: z.string(),
            channel: z.string(),
            stepKey: z.string().nullable(),
            state: z.enum(['parked', 'unknown']),
            reason: z.string().nullable(),
            claimedAt: instant,
            sendingAt: instant.nullable(),
            checkAt: instant.nullable(),
            words: z.string(),
            acts: z.array(z.string()),
          }),
        ),
        nextCursor,
      }),
    },
  },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'BAD_CURSOR', 'STORE_AWAY'],
});

const sendParams = leadParams.extend({ sendId: z.uuid('expected the id of a send') });
const answers = {
  200: { says: 'The state that it has now', schema: z.object({ sendId: z.string(), state: z.string() }) },
};

export const sendWasSent = route({
  method: 'post',
  path: '/api/sends/{locationId}/{contactId}/{sendId}/sent',
  summary: 'A person found the message in the CRM; written down once',
  auth: 'bearer',
  params: sendParams,
  body: z.object({ vendorId: id }),
  answers,
  errors: ['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_QUERY', 'SEND_UNKNOWN', 'SEND_STATE', 'STORE_AWAY'],
});

export const sendWasNotSent = route({
  method: 'post',
  path: '/api/sends/{locationId}/{contactId}/{sendId}/not-sent',
  summary:
    'A person found that it did not go out. It is given up; with `again` and `sure` it is tried once more, through the gate',
  auth: 'bearer',
  params: sendParams,
  body: z
    .object({ again: z.boolean().default(false), sure: z.boolean().default(false) })
    .default({ again: false, sure: false }),
  answers,
  errors: ['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_QUERY', 'SEND_UNKNOWN', 'SEND_NOT_SURE', 'SEND_STATE', 'STORE_AWAY'],
});
