import { z } from 'zod';
import { id, route } from './route.ts';

export const pushMarketEvents = route({
  method: 'post',
  path: '/webhooks/reso/{locationId}/{market}',
  summary:
    'Events that an MLS pushes (RESO RCP-28): one EntityEvent, or `{"value": [...]}`, with RESO_PUSH_TOKEN as bearer token',
  auth: 'secret',
  params: z.object({ locationId: id, market: z.string() }),
  answers: {
    200: {
      says: 'Durable; how many events came, and how many of them are new',
      schema: z.object({ status: z.literal('accepted'), events: z.int(), fresh: z.int() }),
    },
  },
  errors: ['PUSH_TOKEN', 'BODY_TOO_LARGE', 'CONTENT_TYPE', 'BODY_MALFORMED', 'NOT_FOUND', 'CANNOT_STORE'],
});
