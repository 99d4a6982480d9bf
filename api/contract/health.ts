import { z } from 'zod';
import { route } from './route.ts';

const part = z.object({
  state: z.enum(['ok', 'degraded', 'absent', 'away']),
  required: z.boolean(),
  lastOkAgeMs: z.number().nullable(),
  checkedAgeMs: z.number(),
});
const readiness = z.object({ status: z.enum(['ready', 'not-ready', 'stopping']), parts: z.record(z.string(), part) });

export const livez = route({
  method: 'get',
  path: '/livez',
  summary: 'Does this process turn?',
  auth: 'none',
  answers: { 200: { says: 'It does', schema: z.object({ status: z.literal('ok') }) } },
  errors: [],
});

export const readyz = route({
  method: 'get',
  path: '/readyz',
  summary: 'Can it do its work? Part by part, with ages',
  auth: 'none',
  answers: { 200: { says: 'Ready', schema: readiness }, 503: { says: 'Not ready, or stopping', schema: readiness } },
  errors: [],
});

export const metricsText = route({
  method: 'get',
  path: '/metrics',
  summary: 'Prometheus metrics',
  auth: 'none',
  answers: { 200: { says: 'Text exposition format' } },
  errors: [],
});

export const openApiJson = route({
  method: 'get',
  path: '/openapi.json',
  summary: 'This description',
  auth: 'none',
  answers: { 200: { says: 'OpenAPI 3.1', schema: z.record(z.string(), z.unknown()) } },
  errors: [],
});

export const docsPage = route({
  method: 'get',
  path: '/docs',
  summary: 'The same to read, and every error code',
  auth: 'none',
  answers: { 200: { says: 'A page' } },
  errors: [],
});
