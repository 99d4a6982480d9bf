import { text } from './context.ts';
import type { Context, Json } from './context.ts';
import { keyword, silence } from './carrier.ts';
import { announce, done, wrong } from './control-reply.ts';
import type { Actions, Parts, Reply } from './control-reply.ts';
import { emailStatsEvent, messageEvent } from './events.ts';
import { storeInbound } from './messages.ts';
import { appOf, honoursKeywords } from './settings.ts';
import type { App } from './settings.ts';
import type { Row, Store } from './store.ts';
import { shownDelivery } from './webhooks.ts';
import type { Delivery, Webhooks } from './webhooks.ts';

/** What comes to GHL from outside, and what it tells the app of it. */
export const eventActions: Actions = {
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
  'POST inbound': async (parts, { at }, body) => {
    const { store, webhooks } = parts;
    const contact = store.get('contacts', String(body['contactId']));
    const type = body['type'];
    if (contact === undefined) return wrong('contactId names no contact');
    if (body['locationId'] !== undefined && body['locationId'] !== contact['locationId'])
      return wrong('locationId is not the contact’s');
    if (type !== 'SMS' && type !== 'Email') return wrong('type must be SMS or Email');
    if (typeof body['body'] !== 'string') return wrong('body must be the text of the message');
    const message = storeInbound(within(store, contact, at), contact, type, body['body'], text(body['subject']));
    const app = appWith(store, body);
    const { id: messageId, conversationId } = message;
    const event = messageEvent(message, 'delivered');
    const { webhookUrl: url } = app;
    const reply =
      url === undefined
        ? undefined
        : await deliver(store, webhooks, webhooks.prepare(url, 'InboundMessage', event, app));
    const said = type === 'SMS' && honoursKeywords(store) ? keyword(body['body']) : undefined;
    const status = said === 'stop' ? 'permanent' : 'inactive';
    announce(parts, said === undefined ? [] : silence(store, contact.id, status, body['body'], at));
    return done({ messageId, conversationId, ...(reply && { delivery: reply.body }) });
  },

  // What a mail server or a reader does with an e-mail; whoever unsubscribes or complains gets no further one.
  'POST email-stats': (parts, { at }, body) => {
    const { store } = parts;
    const wanted = String(body['messageId']);
    const found = [...store.all('messages')].find((row) => row.id === wanted || row['emailMessageId'] === wanted);
    if (found?.['messageType'] !== 'TYPE_EMAIL') return wrong('messageId names no e-mail');
    const event = String(body['event']);
    if (!EMAIL_EVENTS.includes(event)) return wrong(`event must be one of ${EMAIL_EVENTS.join(', ')}`);
    const code = typeof body['code'] === 'number' ? body['code'] : event === 'failed' ? 550 : 250;
    if (event === 'unsubscribed' || event === 'complained') {
      const [contactId, email] = [String(found['contactId']), String(found['to']).toLowerCase()];
      store.put('unsubscriptions', { id: `${contactId}:${email}`, contactId, email, dateAdded: at });
    }
    if (event !== 'complained' && event !== 'unsubscribed')
      store.put('messages', { ...found, status: event, dateUpdated: at });
    const companyId = store.get('locations', String(found['locationId']))?.['companyId'];
    announce(parts, [['LCEmailStats', emailStatsEvent(found, companyId, { event, code }, at)]]);
    return done({ emailMessageId: found['emailMessageId'], event });
  },
};

const EMAIL_EVENTS = ['delivered', 'opened', 'clicked', 'failed', 'unsubscribed', 'complained'];

/** What a handler would get if a call of the contact's location were under way. */
function within(store: Store, contact: Row, now: string): Context {
  const locationId = String(contact['locationId']);
  const companyId = String(store.get('locations', locationId)?.['companyId']);
  const nothing = { params: {}, query: {}, body: {}, install: undefined, emit: () => undefined };
  return { store, now, locationId, companyId, actor: { source: 'app' }, ...nothing };
}

/** Answers after the first attempt; `GET /_sandbox/webhooks/{webhookId}` shows the later ones. */
async function deliver(store: Store, webhooks: Webhooks, delivery: Delivery): Promise<Reply> {
  store.commit();
  await webhooks.start(delivery);
  const now = store.get('deliveries', delivery.id) as Delivery | undefined;
  return done(shownDelivery(now ?? delivery));
}

export function deliveryOf({ store }: Parts, id: string): Reply {
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
export function refusedUrl(url: unknown): string | undefined {
  const host = typeof url === 'string' && URL.canParse(url) ? new URL(url).hostname : undefined;
  if (host === undefined) return 'url must say where to deliver to, here or by POST /_sandbox/app {"webhookUrl"}';
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(host) ? undefined : 'url must be on this machine';
}
