import { z } from 'zod';
import { errors, type ErrorCode } from '../domain/errors.ts';
import * as activity from './contract/activity.ts';
import * as assignment from './contract/assignment.ts';
import * as assistant from './contract/assistant.ts';
import * as assistantCost from './contract/assistant-cost.ts';
import * as consent from './contract/consent.ts';
import * as enrolments from './contract/enrolments.ts';
import * as health from './contract/health.ts';
import * as leadActions from './contract/lead-actions.ts';
import * as leads from './contract/leads.ts';
import * as locations from './contract/locations.ts';
import * as market from './contract/market.ts';
import * as marketFigures from './contract/market-figures.ts';
import * as marketPush from './contract/market-push.ts';
import * as oauth from './contract/oauth.ts';
import * as previews from './contract/previews.ts';
import type { Route } from './contract/route.ts';
import * as sending from './contract/sending.ts';
import * as sends from './contract/sends.ts';
import * as score from './contract/score.ts';
import * as sequences from './contract/sequences.ts';
import * as settings from './contract/settings.ts';
import * as suppressions from './contract/suppressions.ts';
import * as unsubscribe from './contract/unsubscribe.ts';
import * as webhooks from './contract/webhooks.ts';

/** Every route of the API, in the order of the description. */
export const routes: readonly Route[] = [
  webhooks,
  activity,
  sends,
  leads,
  leadActions,
  sending,
  suppressions,
  consent,
  enrolments,
  previews,
  assignment,
  assistant,
  assistantCost,
  score,
  sequences,
  locations,
  settings,
  market,
  marketFigures,
  marketPush,
  oauth,
  unsubscribe,
  health,
].flatMap((room) => Object.values(room).filter(isRoute));

/** OpenAPI 3.1, made from the same schemas that check requests. */
export function openApi(): object {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const route of routes) (paths[route.path] ??= {})[route.method] = operation(route);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Leadwright',
      version: '1',
      description: 'Leads of real-estate teams on GoHighLevel: what came in, what was decided, what comes next.',
    },
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        signature: { type: 'apiKey', in: 'header', name: 'X-GHL-Signature' },
        secret: { type: 'apiKey', in: 'header', name: 'X-Webhook-Secret' },
      },
      schemas: { Problem: problemSchema },
    },
    paths,
  };
}

function operation(route: Route): object {
  return {
    summary: route.summary,
    operationId: `${route.method} ${route.path}`,
    security: route.auth === 'none' ? [] : [{ [route.auth]: [] }],
    parameters: [...parameters('path', route.params), ...pathSecret(route), ...parameters('query', route.query)],
    ...bodyOf(route),
    responses: { ...answers(route), ...problems(route.errors) },
  };
}

function bodyOf(route: Route): object {
  const schema =
    route.body === undefined
      ? route.path.startsWith('/webhooks')
        ? { type: 'object' }
        : undefined
      : json(route.body, 'input');
  return schema === undefined ? {} : { requestBody: { content: { 'application/json': { schema } } } };
}

function answers(route: Route): Record<string, object> {
  return Object.fromEntries(
    Object.entries(route.answers).map(([status, { says, schema }]) => [
      status,
      {
        description: says,
        ...(schema === undefined ? {} : { content: { 'application/json': { schema: json(schema, 'output') } } }),
      },
    ]),
  );
}

/** Several codes may share a status: the description names them all. */
function problems(codes: readonly ErrorCode[]): Record<string, object> {
  const byStatus = new Map<number, ErrorCode[]>();
  for (const code of codes) byStatus.set(errors[code].status, [...(byStatus.get(errors[code].status) ?? []), code]);
  const content = { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } };
  return Object.fromEntries(
    [...byStatus].map(([status, same]) => [
      String(status),
      { description: same.map((code) => `${code}: ${errors[code].title}`).join('. '), content },
    ]),
  );
}

function parameters(place: 'path' | 'query', schema: z.ZodType | undefined): object[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = json(schema, 'input') as {
    properties?: Record<string, unknown>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, of]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: of,
  }));
}

function pathSecret(route: Route): object[] {
  return route.path.endsWith('{secret}')
    ? [{ name: 'secret', in: 'path', required: true, schema: { type: 'string' } }]
    : [];
}

function json(schema: z.ZodType, io: 'input' | 'output'): object {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}

const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'hint', 'requestId'],
  properties: {
    type: { type: 'string' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string' },
    code: { type: 'string', enum: Object.keys(errors) },
    hint: { type: 'string' },
    requestId: { type: 'string' },
    problems: {
      type: 'array',
      items: { type: 'object', properties: { path: { type: 'string' }, message: { type: 'string' } } },
    },
  },
};

function isRoute(value: unknown): value is Route {
  return typeof value === 'object' && value !== null && 'method' in value && 'path' in value;
}
