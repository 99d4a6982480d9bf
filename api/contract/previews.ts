import { z } from 'zod';
import { leadParams, route } from './route.ts';

export const previewSequence = route({
  method: 'post',
  path: '/api/leads/{locationId}/{contactId}/preview',
  summary:
    'Show a sequence on your own phone: each step as a text that is marked as a preview, one right after the other. Only to a contact ' +
    'with the tag leadwright-preview and consent to texts that wrote to us in the last hour; in a dry run, too',
  auth: 'bearer',
  params: leadParams,
  body: z.union([
    z.strictObject({ sequence: z.string().min(1).max(100) }),
    z.strictObject({ document: z.record(z.string(), z.unknown()) }),
  ]),
  answers: {
    202: { says: 'On their way to the gate', schema: z.object({ texts: z.number().int(), eventId: z.string() }) },
  },
  errors: [
    ...(['UNAUTHORIZED', 'BAD_REQUEST', 'BAD_QUERY', 'LEAD_UNKNOWN', 'SEQUENCE_UNKNOWN', 'PREVIEW_REFUSED'] as const),
    ...(['CANNOT_STORE', 'STORE_AWAY'] as const),
  ],
});
