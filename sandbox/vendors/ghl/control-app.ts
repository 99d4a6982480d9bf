import type { Json } from './context.ts';
import { text } from './context.ts';
import { refusedUrl } from './control-events.ts';
import { announce, done, wrong } from './control-reply.ts';
import type { Actions } from './control-reply.ts';
import type { Event } from './events.ts';
import { endAccess, installOf, revoke } from './grants.ts';
import { install, installEvent, uninstall, uninstallEvents } from './installs.ts';
import { accessTtlOf, appOf, changeApp, changeSetting } from './settings.ts';
import type { Store } from './store.ts';

/** The app: its registration, its installs, and the tokens that were issued for them. */
export const appActions: Actions = {
  'GET app': ({ store }) => done(appOf(store)),
  'POST app': ({ store }, _incoming, body) => {
    const { webhookUrl } = body;
    const refusal = webhookUrl === undefined || webhookUrl === null ? undefined : refusedUrl(webhookUrl);
    const mistake = refusal ?? changeApp(store, body);
    if (mistake) return wrong(mistake);
    store.commit();
    return done(appOf(store));
  },

  'POST oauth': ({ store }, { at }, body) => {
    const holderId = holderOf(body);
    const { do: what, accessTtlSeconds } = body;
    if (what === undefined && accessTtlSeconds === undefined)
      return wrong('do or accessTtlSeconds must say what to do');
    if (what !== undefined && holderId === undefined) return wrong('locationId or companyId must say whose tokens');
    const action = what === undefined ? undefined : DEEDS[String(what)];
    if (what !== undefined && action === undefined) return wrong(`do must be one of ${Object.keys(DEEDS).join(', ')}`);
    if (accessTtlSeconds !== undefined) {
      if (accessTtlSeconds !== null && (typeof accessTtlSeconds !== 'number' || accessTtlSeconds <= 0))
        return wrong('accessTtlSeconds must be a number of seconds');
      changeSetting(store, holderId === undefined ? 'oauth' : `oauth:${holderId}`, { accessTtlSeconds });
    }
    action?.(store, holderId ?? '', at);
    store.commit();
    return done({ accessTtlSeconds: accessTtlOf(store, holderId ?? '') });
  },

  // The way around the marketplace's page, as for locations that join a company later: no code, and nobody who did it.
  'POST install': (parts, { at }, body) => {
    const { store } = parts;
    const holderId = holderOf(body);
    if (holderId === undefined) return wrong('locationId or companyId must say where to install');
    const locations = Array.isArray(body['locations']) ? body['locations'].map(String) : undefined;
    const company = installOf(store, String(store.get('locations', holderId)?.['companyId']));
    const scope = text(body['scope']) ?? company?.scope ?? '';
    const userId = text(body['userId']);
    const known = userId ?? company?.userId;
    const installs = install(store, { holderId, locations, userId: known, scope, now: at });
    if (installs === undefined) return wrong('there is no such location or company');
    const events = installs.map((one): Event => {
      const { userId: installer, ...event } = installEvent(store, one);
      return ['INSTALL', userId === undefined ? event : { ...event, userId: installer }];
    });
    announce(parts, events);
    return done({ installed: installs.map((one) => one.id) });
  },

  'POST uninstall': (parts, { at }, body) => {
    const holderId = holderOf(body);
    if (holderId === undefined) return wrong('locationId or companyId must say where to uninstall');
    const gone = uninstall(parts.store, holderId, at);
    if (gone.length === 0) return wrong('the app is not installed there');
    announce(parts, uninstallEvents(parts.store, gone));
    return done({ uninstalled: gone.map((one) => one.id) });
  },
};

const DEEDS: Readonly<Record<string, ((store: Store, holderId: string, now: string) => void) | undefined>> = {
  'expire-access': (store, holderId, now) => endAccess(store, holderId, 'expire', now),
  'kill-access': (store, holderId, now) => endAccess(store, holderId, 'kill', now),
  revoke,
  suspend: (store, holderId) => changeSetting(store, `suspended:${holderId}`, { suspended: true }),
  activate: (store, holderId) => changeSetting(store, `suspended:${holderId}`, { suspended: null }),
};

function holderOf({ locationId, companyId }: Json): string | undefined {
  return text(locationId) ?? text(companyId);
}
