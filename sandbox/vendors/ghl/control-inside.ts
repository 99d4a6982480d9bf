import { newId, text } from './context.ts';
import type { Actor, Json } from './context.ts';
import { announce, done, wrong } from './control-reply.ts';
import type { Actions, Parts, Reply } from './control-reply.ts';
import type { Incoming } from './incoming.ts';
import { merge } from './merge.ts';
import { changeSetting } from './settings.ts';
import { callOf } from './store.ts';

/** What happens within GHL without the app: people at work, GHL's own sends, carriers, merged contacts. */
export const insideActions: Actions = {
  'POST act': (parts, incoming, body) => {
    const user = parts.store.get('users', String(body['userId']));
    if (user === undefined) return wrong('userId names no user');
    if (!text(body['method']) || !text(body['path'])) return wrong('method and path must name an operation');
    const roles = user['roles'] as { locationIds?: readonly string[] } | undefined;
    const locationId = text(body['locationId']) ?? roles?.locationIds?.[0];
    if (locationId === undefined) return wrong('the user works in no location; name one in locationId');
    return within(parts, incoming, body, { source: 'app', userId: user.id }, locationId);
  },

  'POST workflow-send': (parts, incoming, body) => {
    const contact = parts.store.get('contacts', String(body['contactId']));
    const source = body['source'] ?? 'workflow';
    if (contact === undefined) return wrong('contactId names no contact');
    if (source !== 'workflow' && source !== 'bulk_actions' && source !== 'campaign')
      return wrong('source must be workflow, bulk_actions or campaign');
    const { source: _said, ...message } = body;
    const send = { method: 'POST', path: '/conversations/messages', body: { type: 'SMS', ...message } };
    return within(parts, incoming, send, { source }, String(contact['locationId']));
  },

  // The next texts, to this number or to any, are answered so by the carrier. `keywords` switches GHL's own ear for STOP on.
  'POST carrier': ({ store }, _incoming, { phone, code, times = 1, keywords }) => {
    if (keywords !== undefined && typeof keywords !== 'boolean') return wrong('keywords must be true or false');
    if (code === undefined && keywords === undefined) return wrong('code must be a carrier’s, as in 30005');
    if (typeof times !== 'number' || times < 1) return wrong('times must be a number of at least 1');
    if (keywords !== undefined) changeSetting(store, 'keywords', { honour: keywords });
    if (code !== undefined)
      store.put('carrierFaults', {
        id: newId(),
        kind: 'open',
        ...(text(phone) && { phone }),
        code: String(code),
        times,
      });
    store.commit();
    return done({ waiting: store.of('carrierFaults', 'open') });
  },

  'POST merge': (parts, { at }, body) => {
    const events = merge(parts.store, String(body['keep']), String(body['gone']), at);
    if (typeof events === 'string') return wrong(events);
    announce(parts, events);
    return done({ contact: parts.store.get('contacts', String(body['keep'])) });
  },
};

/** Does an operation as the API would, and answers as it would; the ledger says that it was no call. */
function within(parts: Parts, { at }: Incoming, body: Json, actor: Actor, locationId: string): Reply {
  const url = new URL(String(body['path']), 'http://ghl.invalid');
  const incoming: Incoming = {
    ...{ at, method: String(body['method']).toUpperCase(), path: url.pathname },
    ...{ query: Object.fromEntries(url.searchParams), headers: {} },
    ...{ body: body['body'], malformed: false, encoding: 'json' },
  };
  const outcome = parts.service.act(incoming, actor, locationId);
  const { status, contactId } = outcome;
  const by = actor.userId === undefined ? 'ghl' : 'person';
  parts.store.commit(callOf(incoming, { status, locationId, ...(contactId !== undefined && { contactId }), by }));
  parts.webhooks.launch(outcome.deliveries);
  parts.later.arm();
  return { status, body: outcome.body };
}
