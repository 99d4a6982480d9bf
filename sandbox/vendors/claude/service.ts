import { holderOf, versionOf } from './admission.ts';
import type { Holder } from './admission.ts';
import { batchBody, batchOf, cancelBatch, createBatch, deleteBatch, listBatches, resultsOf } from './batches.ts';
import { listModels, modelBody } from './catalogue.ts';
import type { Fault } from './faults.ts';
import type { Incoming } from './incoming.ts';
import { exchangeOf, limitKey } from './messages.ts';
import type { Exchange } from './messages.ts';
import { layOut } from './prompt.ts';
import { Refusal, envelope, invalid, notFound } from './refusal.ts';
import { usageReport } from './usage-report.ts';
import { readRequest, tooLarge } from './validate.ts';
import type { Version } from './validate.ts';
import type { Json } from './wire.ts';
import { limitsOf } from './world.ts';
import type { World } from './world.ts';

/** What goes back: a body at once, lines, or an answer that is still to be given. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Json;
  readonly lines?: string;
  readonly exchange?: Exchange;
  readonly holder?: Holder;
}

interface Call {
  readonly incoming: Incoming;
  readonly holder: Holder;
  readonly version: Version;
  readonly requestId: string;
  readonly fault: Fault | undefined;
  readonly origin: string;
  readonly id: string;
}

type Handler = (world: World, call: Call) => Omit<Reply, 'status' | 'headers'> & { headers?: Record<string, string> };

/** Keyed by method and path; `*` is an id. */
const ROUTES: Readonly<Record<string, Handler>> = {
  'POST /v1/messages': (world, { incoming, holder, version, requestId, fault }) => {
    const atMs = world.clock.now();
    const request = readRequest(incoming.body, { version, atMs, purpose: 'message' });
    const headers = () => world.limiter.headers(limitKey(holder, request), limitsOf(world), atMs);
    try {
      const exchange = exchangeOf(world, { request, holder, requestId, atMs, batch: false, fault });
      return { exchange, headers: headers() };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, type, message, details } = error;
      throw new Refusal(status, type, message, {
        ...(details && { details }),
        headers: { ...headers(), ...error.headers },
      });
    }
  },
  'POST /v1/messages/count_tokens': (world, { incoming, holder, version }) => {
    const request = readRequest(incoming.body, { version, atMs: world.clock.now(), purpose: 'count' });
    return { body: { input_tokens: layOut(request, holder).total } };
  },
  'POST /v1/messages/batches': (world, { incoming, holder, version, origin }) => ({
    body: batchBody(createBatch(world, holder, version, incoming.body), origin),
  }),
  'GET /v1/messages/batches': (world, { incoming, holder, origin }) => {
    const { data, has_more } = listBatches(world, holder, incoming.query);
    const [first_id, last_id] = [data[0]?.id ?? null, data.at(-1)?.id ?? null];
    return { body: { data: data.map((batch) => batchBody(batch, origin)), has_more, first_id, last_id } };
  },
  'GET /v1/messages/batches/*': (world, { holder, id, origin }) => ({
    body: batchBody(batchOf(world, holder, id), origin),
  }),
  'DELETE /v1/messages/batches/*': (world, { holder, id }) => ({
    body: deleteBatch(world, batchOf(world, holder, id)),
  }),
  'POST /v1/messages/batches/*/cancel': (world, { holder, id, origin }) => ({
    body: batchBody(cancelBatch(world, batchOf(world, holder, id)), origin),
  }),
  'GET /v1/messages/batches/*/results': (world, { holder, id }) => ({
    lines: resultsOf(world, batchOf(world, holder, id)),
  }),
  'GET /v1/models': (world) => ({ body: listModels(world.clock.now()) }),
  'GET /v1/models/*': (world, { id }) => ({ body: modelBody(id, world.clock.now()) }),
  'GET /v1/organizations/usage_report/messages': report,
  'GET /v1/organizations/analytics/usage_report': report,
};

function report(world: World, { incoming, holder }: Call): { body: Json } {
  return { body: usageReport(world.store, holder.organizationId, incoming.query, world.clock.now()) };
}

/** Everything between the wire and the answer; synchronous, so that calls never see each other half done. */
export function serve(
  world: World,
  incoming: Incoming,
  requestId: string,
  origin: string,
  fault: Fault | undefined,
): Reply {
  let holder: Holder | undefined;
  try {
    const { key, id } = routeOf(incoming);
    const handler = ROUTES[key];
    if (handler === undefined) throw notFound('Not Found');
    holder = holderOf(world.store, incoming.headers);
    const version = versionOf(incoming.headers);
    if (incoming.tooLarge) throw tooLarge();
    if (incoming.malformed) throw invalid('The request body is not valid JSON');
    const { headers, ...done } = handler(world, { incoming, holder, version, requestId, fault, origin, id });
    return { status: 200, headers: { ...owner(holder), ...headers }, holder, ...done };
  } catch (error) {
    const refusal = error instanceof Refusal ? error : broken(incoming, error);
    return {
      ...{
        status: refusal.status,
        headers: { ...owner(holder), ...refusal.headers },
        body: envelope(refusal, requestId),
      },
      ...(holder && { holder }),
    };
  }
}

function routeOf({ method, path }: Incoming): { key: string; id: string } {
  const exact = `${method} ${path}`;
  if (exact in ROUTES) return { key: exact, id: '' };
  const found = /^\/v1\/(messages\/batches|models)\/([^/]+)(\/\w+)?$/.exec(path);
  return { key: `${method} /v1/${found?.[1] ?? ''}/*${found?.[3] ?? ''}`, id: decodeURIComponent(found?.[2] ?? '') };
}

function owner(holder: Holder | undefined): Record<string, string> {
  if (holder === undefined) return {};
  return { 'anthropic-organization-id': holder.organizationId, 'anthropic-workspace-id': holder.workspaceId };
}

function broken({ method, path }: Incoming, error: unknown): Refusal {
  process.stderr.write(
    `${method} ${path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return new Refusal(500, 'api_error', 'Internal server error');
}
