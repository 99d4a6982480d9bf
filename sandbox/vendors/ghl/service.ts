import { admit, admitPerson, bodyOf } from './admission.ts';
import type { Holder, Known } from './admission.ts';
import type { Actor, Json } from './context.ts';
import { text } from './context.ts';
import type { Event } from './events.ts';
import type { Incoming } from './incoming.ts';
import type { Limiter } from './limits.ts';
import { Refusal } from './refusal.ts';
import type { Match, Router } from './router.ts';
import { lagged } from './search-index.ts';
import type { Store } from './store.ts';
import type { Delivery, Webhooks } from './webhooks.ts';

export interface Outcome extends Known {
  readonly status: number;
  readonly body: Json;
  readonly contactId?: string;
  readonly deliveries: readonly Delivery[];
}

/** Everything between the wire and the ledger; synchronous, so that calls never see each other half done. */
export interface Service {
  /** A call of the API. */
  call(incoming: Incoming): Outcome;
  /** The same operation, done within GHL: by a person, or by one of its own workflows. */
  act(incoming: Incoming, actor: Actor, locationId: string): Outcome;
}

export interface ServiceParts {
  readonly store: Store;
  readonly limiter: Limiter;
  readonly route: Router;
  readonly webhooks: Webhooks;
}

export function createService({ store, limiter, route, webhooks }: ServiceParts): Service {
  const handle = (incoming: Incoming, actor: Actor, admitted: (match: Match, known: Known) => Holder): Outcome => {
    const known: Known = { headers: {} };
    const match = route(incoming.method, incoming.path);
    try {
      if (match === undefined) throw notServed(incoming);
      const holder = admitted(match, known);
      if (holder.locationId !== '') known.locationId = holder.locationId;
      const events: Event[] = [];
      const { at: now, query } = incoming;
      const { status, body } = match.route.handle({
        ...{ store: lagged(store, now), now, ...holder, actor, params: match.params, query },
        body: (bodyOf(incoming, match.route.checks.encoding) ?? {}) as Json,
        emit: (type, event) => void events.push([type, event]),
      });
      const contactId = contactOf(incoming, match, body);
      const deliveries = webhooks.prepareAll(events);
      return { status, body, deliveries, ...known, ...(contactId !== undefined && { contactId }) };
    } catch (error) {
      const { status, body } = error instanceof Refusal ? error : broken(incoming, error);
      const contactId = contactOf(incoming, match, {});
      return { status, body, deliveries: [], ...known, ...(contactId !== undefined && { contactId }) };
    }
  };

  return {
    call: (incoming) =>
      handle(incoming, { source: 'api' }, (match, known) => admit({ store, limiter }, incoming, match, known)),
    act: (incoming, actor, locationId) =>
      handle(incoming, actor, (match) => admitPerson(store, incoming, match, locationId)),
  };
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
