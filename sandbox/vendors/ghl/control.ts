import type { Context, Json } from './context.ts';
import { text } from './context.ts';
import { messageEvent } from './events.ts';
import { readFault } from './faults.ts';
import type { Faults } from './faults.ts';
import type { Limiter } from './limits.ts';
import { storeInbound } from './messages.ts';
import { seed, seedable } from './seeding.ts';
import type { Incoming } from './incoming.ts';
import { appOf, changeSetting, latencyOf, limitsOf } from './settings.ts';
import type { App } from './settings.ts';
import { TABLES } from './store.ts';
import type { Store } from './store.ts';
import { shownDelivery } from './webhooks.ts';
import type { Delivery, Webhooks } from './webhooks.ts';

interface Parts {
  readonly store: Store;
  readonly limiter: Limiter;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
}

interface Reply {
  readonly status: number;
  readonly body: unknown;
}

type Action = (parts: Parts, incoming: Incoming, body: Json) => Reply | Promise<Reply>;

/** The routes under `/_sandbox`; `README.md` beside this file has their shapes. */
export function controlPlane(parts: Parts): (incoming: Incoming) => Promise<Reply> {
  return async (incoming) => {
    const [, , name = '', id] = incoming.path.split('/');
    const body = (incoming.body ?? {}) as Json;
    if (incoming.malformed) return wrong('the body is not JSON');
    if (incoming.method === 'GET' && name === 'webhooks' && id !== undefined) return deliveryOf(parts, id);
    const action = ACTIONS[`${incoming.method} ${name}`];
    if (action) return action(parts, incoming, body);
    const table = incoming.method === 'POST' ? seedable(name) : undefined;
    if (table === undefined)
      return { status: 404, body: { error: `no such route: ${incoming.method} ${incoming.path}` } };
    const outcome = seed(parts.store, table, incoming.body, incoming.at);
    return typeof outcome === 'string' ? wrong(outcome) : done({ seeded: outcome });
  };
}

const ACTIONS: Readonly<Record<string, Action>> = {
  'GET health': () => done({ ok: true }),
  'GET ledger': ({ store }, { query }) => {
    const after = Number(query['after'] ?? 0);
    if (!Number.isInteger(after) || after < 0) return wrong('after must be the number of a call');
    return done({ calls: store.calls(after), last: store.lastCall() });
  },
  'GET state': ({ store, faults }) =>
    done({ ...Object.fromEntries(TABLES.map((table) => [table, [...store.all(table)]])), faults: faults.list() }),

  'GET faults': ({ faults }) => done({ faults: faults.list() }),
  'POST faults': ({ faults }, _incoming, body) => {
    const fault = readFault(body);
    if (typeof fault === 'string') return wrong(fault);
    faults.add(fault);
    return done({ faults: faults.list() });
  },
  'DELETE faults': ({ faults }) => {
    faults.clear();
    return done({ faults: [] });
  },

  // The app's registration stays: it belongs to the process that started this one, not to the data.
  'POST reset': ({ store, faults, limiter }) => {
    const app = store.get('settings', 'app');
    faults.clear();
    limiter.clear();
    store.clear();
    if (app) store.put('settings', app);
    store.commit();
    return done({ reset: true });
  },
  'POST latency': ({ store }, _incoming, { p50Ms, p95Ms }) => {
    if (typeof p50Ms !== 'number' || typeof p95Ms !== 'number' || p50Ms < 0 || p95Ms < p50Ms) {
      return wrong('p50Ms and p95Ms must be milliseconds, the second not below the first');
    }
    changeSetting(store, 'latency', { p50Ms, p95Ms });
    store.commit();
    return done(latencyOf(store));
  },
  'POST limits': ({ store, limiter }, _incoming, { locationId, ...change }) => {
    const stranger = Object.keys(change).find((name) => !['max', 'intervalMs', 'daily', 'disabled'].includes(name));
    if (stranger !== undefined)
      return wrong(`unknown field ${stranger}; known are max, intervalMs, daily, disabled, locationId`);
    changeSetting(store, text(locationId) ? `limits:${String(locationId)}` : 'limits', change);
    limiter.clear();
    store.commit();
    return done(limitsOf(store, String(locationId)));
  },

  'GET app': ({ store }) => done(appOf(store)),
  'POST app': ({ store }, _incoming, body) => {
    const { webhookUrl, appId, retryBaseMs } = body;
    const refusal = webhookUrl === undefined || webhookUrl === null ? undefined : refusedUrl(webhookUrl);
    if (refusal) return wrong(refusal);
    const given = Object.entries({ webhookUrl, appId, retryBaseMs }).filter(([, value]) => value !== undefined);
    const change = Object.fromEntries(given.map(([name, value]) => [name, value ?? undefined]));
    changeSetting(store, 'app', change);
    store.commit();
    return done(appOf(store));
  },

  'GET webhooks': ({ store }) =>
    done({ deliveries: [...store.all('deliveries')].map((row) => shownDelivery(row as Delivery)) }),
  'POST webhooks': ({ store, webhooks }, _incoming, body) => {
    const app = appWith(store, body);
    const event = body['body'] ?? {};
    const type = text(body['type']) ?? text((event as Json)['type']);
    if (typeof event !== 'object' || Array.isArray(event)) return wrong('body must be the event, an object');
    if (type === undefined) return wrong('type must name the event, as in ContactCreate');
    const refusal = refusedUrl(app.webhookUrl);
    if (refusal) return wrong(refusal);
    const located = { ...soleLocation(store), ...event, ...(text(body['type']) && { type }) };
    return deliver(store, webhooks, webhooks.prepare(String(app.webhookUrl), type, located, app));
  },
  'POST inbound': async ({ store, webhooks }, { at }, body) => {
    const contact = store.get('contacts', String(body['contactId']));
    const type = body['type'];
    if (contact === undefined) return wrong('contactId names no contact');
    if (body['locationId'] !== undefined && body['locationId'] !== contact['locationId'])
      return wrong('locationId is not the contact’s');
    if (type !== 'SMS' && type !== 'Email') return wrong('type must be SMS or Email');
    if (typeof body['body'] !== 'string') return wrong('body must be the text of the message');
    const locationId = String(contact['locationId']);
    const context: Context = { store, now: at, locationId, params: {}, query: {}, body, emit: () => undefined };
    const message = storeInbound(context, contact, type, body['body'], text(body['subject']));
    const app = appWith(store, body);
    const { id: messageId, conversationId } = message;
    if (app.webhookUrl === undefined) {
      store.commit();
      return done({ messageId, conversationId });
    }
    const event = messageEvent(message, 'delivered');
    const reply = await deliver(store, webhooks, webhooks.prepare(app.webhookUrl, 'InboundMessage', event, app));
    return done({ messageId, conversationId, delivery: reply.body });
  },
};

/** Answers after the first attempt; `GET /_sandbox/webhooks/{webhookId}` shows the later ones. */
async function deliver(store: Store, webhooks: Webhooks, delivery: Delivery): Promise<Reply> {
  store.commit();
  await webhooks.start(delivery);
  const now = store.get('deliveries', delivery.id) as Delivery | undefined;
  return done(shownDelivery(now ?? delivery));
}

function deliveryOf({ store }: Parts, id: string): Reply {
  const delivery = store.get('deliveries', id) as Delivery | undefined;
  return delivery ? done(shownDelivery(delivery)) : { status: 404, body: { error: 'no such delivery' } };
}

/** The app with the URL and the spacing that this one request names. */
function appWith(store: Store, body: Json): App {
  const { url, retryBaseMs } = body;
  const app = appOf(store);
  return {
    ...app,
    ...(text(url) && { webhookUrl: String(url) }),
    ...(typeof retryBaseMs === 'number' && { retryBaseMs }),
  };
}

/** The only location there is; an event that names none is about it. */
function soleLocation(store: Store): Json {
  const [first, second] = [...store.all('locations')];
  return first && !second ? { locationId: first.id } : {};
}

/** Nothing leaves this machine. */
function refusedUrl(url: unknown): string | undefined {
  const host = typeof url === 'string' && URL.canParse(url) ? new URL(url).hostname : undefined;
  if (host === undefined) return 'url must say where to deliver to, here or by POST /_sandbox/app {"webhookUrl"}';
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host) ? undefined : 'url must be on this machine';
}

function done(body: unknown): Reply {
  return { status: 200, body };
}

function wrong(error: string): Reply {
  return { status: 400, body: { error } };
}
