import { z } from 'zod';
import { route } from './route.ts';

const summary = z.object({
  key: z.string(),
  version: z.number().int(),
  title: z.string(),
  purpose: z.enum(['solicitation', 'answer']),
  priority: z.number(),
  steps: z.number().int(),
});

export const listSequences = route({
  method: 'get',
  path: '/api/sequences',
  summary: 'Published sequences, the newest version of each',
  auth: 'bearer',
  answers: { 200: { says: 'All of them', schema: z.object({ items: z.array(summary) }) } },
  errors: ['UNAUTHORIZED', 'STORE_AWAY'],
});

export const showSequence = route({
  method: 'get',
  path: '/api/sequences/{key}',
  summary: 'One sequence, as published',
  auth: 'bearer',
  params: z.object({ key: z.string().min(1).max(100) }),
  query: z.object({ version: z.coerce.number().int().min(1).optional() }),
  answers: { 200: { says: 'The document', schema: z.record(z.string(), z.unknown()) } },
  errors: ['UNAUTHORIZED', 'BAD_QUERY', 'SEQUENCE_UNKNOWN', 'STORE_AWAY'],
});

export const publishSequence = route({
  method: 'post',
  path: '/api/sequences',
  summary: 'Publish a sequence: the next version of its key, or the version it has when nothing differs',
  auth: 'bearer',
  body: z.record(z.string(), z.unknown()),
  answers: { 201: { says: 'Published; enrolments under way keep the version they began with', schema: summary } },
  errors: ['UNAUTHORIZED', 'BAD_REQUEST', 'STORE_AWAY'],
});
