import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context, Json } from './context.ts';
import { text } from './context.ts';
import { controlPlane } from './control.ts';
import { loadDocuments } from './documents.ts';
import { createFaults } from './faults.ts';
import type { Fault } from './faults.ts';
import { readRequest } from './incoming.ts';
import type { Incoming } from './incoming.ts';
import { signingKey } from './keys.ts';
import { drawLatency } from './latency.ts';
import { createLimiter } from './limits.ts';
import { operations } from './operations.ts';
import { Refusal, badRequest, tooManyRequests, unauthorized, unprocessable, wrongLocation } from './refusal.ts';
import { buildRouter } from './router.ts';
import type { Match } from './router.ts';
import { appOf, latencyOf, limitsOf } from './settings.ts';
import { openStore } from './store.ts';
import type { Call } from './store.ts';
import { createWebhooks } from './webhooks.ts';
import type { Delivery } from './webhooks.ts';

interface Outcome {
  readonly status: number;
  readonly body: Json;
  headers: Readonly<Record<string, string>>;
  locationId?: string;
  contactId?: string;
  readonly deliveries: readonly Delivery[];
}

export interface StandIn {
  readonly server: Server;
  close(): Promise<void>;
}

/** GHL's API and its control plane over the state in `home`; not yet listening. */
export function createStandIn(home: string): StandIn {
  const store = openStore(home);
  const route = buildRouter(loadDocuments(), operations);
  const limiter = createLimiter();
  const faults = createFaults((method, path) => route(method, path) !== undefined);
  const webhooks = createWebhooks(store, signingKey(home));
  const control = controlPlane({ store, limiter, faults, webhooks });

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const incoming = await readRequest(request);
    if (incoming.path.startsWith('/_sandbox')) {
      const { status, body } = await control(incoming);
      send(response, status, body, {});
      return;
    }
    const fault = faults.take(incoming.method, incoming.path);
    const delay = (fault?.delayMs ?? 0) + drawLatency(latencyOf(store), Math.random);
    if (delay > 0) await sleep(delay);
    if (fault?.hang) {
      store.commit(entry(incoming, { status: 0, dropped: true, fault: true }));
      return;
    }
    if (fault?.status !== undefined && !fault.dropAfterHandling) {
      store.commit(entry(incoming, { status: fault.status, fault: true }));
      sendFault(response, fault, fault.status);
      return;
    }
    const outcome = handle(incoming);
    const { status, locationId, contactId } = outcome;
    const dropped = fault?.dropAfterHandling === true;
    store.commit(
      entry(incoming, {
        status,
        ...(locationId !== undefined && { locationId }),
        ...(contactId !== undefined && { contactId }),
        ...(dropped && { dropped, fault: true }),
      }),
    );
    if (dropped) request.socket.destroy();
    else send(response, status, { ...outcome.body, traceId: randomUUID() }, outcome.headers);
    for (const delivery of outcome.deliveries) void webhooks.start(delivery);
  };

  /** Everything between the wire and the ledger; synchronous, so that requests never see each other half done. */
  const handle = (incoming: Incoming): Outcome => {
    const known: Pick<Outcome, 'headers' | 'locationId'> = { headers: {} };
    const match = route(incoming.method, incoming.path);
    try {
      if (match === undefined) throw notServed(incoming);
      const locationId = admit(incoming, match, known);
      const events: [type: string, body: Json][] = [];
      const context = contextOf(incoming, match, locationId, (type, body) => void events.push([type, body]));
      const { status, body } = match.route.handle(context);
      const app = appOf(store);
      const url = app.webhookUrl;
      const deliveries =
        url === undefined ? [] : events.map(([type, event]) => webhooks.prepare(url, type, event, app));
      const contactId = contactOf(incoming, match, body);
      return { status, body, deliveries, ...known, ...(contactId !== undefined && { contactId }) };
    } catch (error) {
      const refusal = error instanceof Refusal ? error : broken(incoming, error);
      const contactId = contactOf(incoming, match, {});
      const { status, body } = refusal;
      return { status, body, deliveries: [], ...known, ...(contactId !== undefined && { contactId }) };
    }
  };

  /** Version, token, limits, documents, location: in this order. Returns the token's location. */
  const admit = (
    incoming: Incoming,
    { route: { checks }, params }: Match,
    known: Pick<Outcome, 'headers' | 'locationId'>,
  ): string => {
    const version = incoming.headers['version'];
    if (version === undefined || version === '') throw unauthorized('version header was not found.');
    if (version !== checks.version) throw unauthorized('version header is invalid');
    const token = /^Bearer (\S+)$/i.exec(incoming.headers.authorization ?? '')?.[1];
    const locationId = token === undefined ? undefined : text(store.get('tokens', token)?.['locationId']);
    if (locationId === undefined) throw unauthorized('Invalid token: access token is invalid');
    known.locationId = locationId;
    const verdict = limiter.take(locationId, limitsOf(store, locationId), Date.parse(incoming.at));
    known.headers = verdict.headers;
    if (!verdict.allowed) throw tooManyRequests();
    if (incoming.malformed) throw badRequest('Unexpected token in JSON');
    const wrong = [...checks.query(incoming.query), ...checks.body(incoming.body ?? {})];
    if (wrong.length > 0) throw unprocessable(wrong);
    const claims = [params['locationId'], incoming.query['locationId'], incoming.query['location_id']];
    const claimed = [...claims, (incoming.body as Json | undefined)?.['locationId']];
    if (claimed.some((claim) => claim !== undefined && claim !== locationId)) throw wrongLocation();
    return locationId;
  };

  const contextOf = (incoming: Incoming, { params }: Match, locationId: string, emit: Context['emit']): Context => {
    const { at, query, body } = incoming;
    return { store, now: at, locationId, params, query, body: (body ?? {}) as Json, emit };
  };

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
      if (!response.headersSent) send(response, 500, { statusCode: 500, message: 'Internal server error' }, {});
    });
  });
  // Longer than any client keeps a socket: none is closed under a request that is just being sent.
  server.keepAliveTimeout = 75_000;
  webhooks.resume();
  return {
    server,
    close: () =>
      new Promise((resolve) => {
        webhooks.close();
        server.close(() => {
          store.close();
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function entry(
  incoming: Incoming,
  rest: Pick<Call, 'status' | 'locationId' | 'contactId' | 'dropped' | 'fault'>,
): Omit<Call, 'n'> {
  const { at, method, path, query, body } = incoming;
  return { at, method, path, query: { ...query }, body: body ?? null, ...rest };
}

function contactOf(incoming: Incoming, match: Match | undefined, answer: Json): string | undefined {
  const contact = answer['contact'] as Json | null | undefined;
  const sent = incoming.malformed ? undefined : (incoming.body as Json | null | undefined);
  return (
    match?.params['contactId'] ??
    text(sent?.['contactId']) ??
    text(incoming.query['contactId']) ??
    text(contact?.['id'])
  );
}

function notServed({ method, path }: Incoming): Refusal {
  return new Refusal(404, { statusCode: 404, message: `Cannot ${method} ${path}`, error: 'Not Found' });
}

function broken({ method, path }: Incoming, error: unknown): Refusal {
  process.stderr.write(
    `${method} ${path}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
  );
  return new Refusal(500, { statusCode: 500, message: 'Internal server error' });
}

function send(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>>,
): void {
  const bytes = Buffer.from(JSON.stringify(body));
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': bytes.length,
    ...headers,
  });
  response.end(bytes);
}

function sendFault(response: ServerResponse, fault: Fault, status: number): void {
  const body = fault.body ?? { statusCode: status, message: 'Injected fault', traceId: randomUUID() };
  if (typeof body !== 'string') return send(response, status, body, fault.headers ?? {});
  response.writeHead(status, { 'content-type': 'text/plain', ...fault.headers });
  response.end(body);
}
