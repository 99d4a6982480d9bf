import { z } from 'zod';
import { id, instant, leadParams, route } from './route.ts';

export const claimLead = route({
  method: 'post',
  path: '/api/leads/{locationId}/{contactId}/claim',
  summary: 'Take a lead that is offered to the team; the first agent has it',
  auth: 'bearer',
  params: leadParams,
  body: z.strictObject({ agentId: id }),
  answers: {
    200: {
      says: 'The agent has it, and the CRM is told; the same agent may ask again',
      schema: z.object({ agentId: id, since: instant }),
    },
  },
  errors: [
    ...(['UNAUTHORIZED', 'BAD_QUERY', 'BAD_REQUEST', 'LEAD_UNKNOWN', 'LOCATION_NOT_FOUND', 'AGENT_UNKNOWN'] as const),
    ...(['CLAIM_TAKEN', 'CLAIM_NOT_OFFERED', 'CANNOT_STORE', 'STORE_AWAY'] as const),
  ],
});
