import { text } from './context.ts';
import { appActions } from './control-app.ts';
import { eventActions, deliveryOf } from './control-events.ts';
import { insideActions } from './control-inside.ts';
import { done, wrong } from './control-reply.ts';
import type { Actions, Parts, Reply } from './control-reply.ts';
import { readFault } from './faults.ts';
import type { Incoming } from './incoming.ts';
import { DOCUMENTED_LIMITS } from './limits.ts';
import { seed, seedable } from './seeding.ts';
import { changeSetting, lagOf, latencyOf, limitsOf } from './settings.ts';
import { TABLES } from './store.ts';
import type { Json } from './context.ts';

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

const ACTIONS: Actions = {
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
    const known = Object.keys(DOCUMENTED_LIMITS);
    const stranger = Object.keys(change).find((name) => !known.includes(name));
    if (stranger !== undefined) return wrong(`unknown field ${stranger}; known are ${known.join(', ')}, locationId`);
    changeSetting(store, text(locationId) ? `limits:${String(locationId)}` : 'limits', change);
    limiter.clear();
    store.commit();
    return done(limitsOf(store, String(locationId)));
  },
  // With a new lag the index starts out complete.
  'POST index': ({ store }, _incoming, { lagMs }) => {
    if (typeof lagMs !== 'number' || lagMs < 0) return wrong('lagMs must be milliseconds');
    for (const row of [...store.all('unindexed')]) store.remove('unindexed', row.id);
    changeSetting(store, 'index', { lagMs });
    store.commit();
    return done({ lagMs: lagOf(store) });
  },

  ...appActions,
  ...eventActions,
  ...insideActions,
};
