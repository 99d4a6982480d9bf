import type { Json } from './context.ts';
import { NO_LATENCY } from './latency.ts';
import type { Latency } from './latency.ts';
import { DOCUMENTED_LIMITS } from './limits.ts';
import type { Limits } from './limits.ts';
import type { Store } from './store.ts';

/** The marketplace app that webhooks are delivered to. Without `webhookUrl` no write fires anything. */
export interface App {
  readonly appId: string;
  readonly webhookUrl?: string;
  /** First pause between two attempts of a delivery; it doubles with each one. */
  readonly retryBaseMs: number;
}

/** Where nobody said otherwise: an id of GHL's look that is plainly not one of GHL's. */
const DEFAULT_APP: App = { appId: '5a4db0c50000000000000001', retryBaseMs: 1_000 };

export function appOf(store: Store): App {
  return { ...DEFAULT_APP, ...setting(store, 'app') };
}

/** The limits of a location: its own where some were set, else those for all. */
export function limitsOf(store: Store, locationId: string): Limits {
  return { ...DOCUMENTED_LIMITS, ...setting(store, 'limits'), ...setting(store, `limits:${locationId}`) };
}

export function latencyOf(store: Store): Latency {
  return { ...NO_LATENCY, ...setting(store, 'latency') };
}

/** Merges into what was set before. */
export function changeSetting(store: Store, id: string, change: Json): void {
  store.put('settings', { ...setting(store, id), ...change, id, kind: 'settings' });
}

function setting(store: Store, id: string): Json {
  const { id: _id, kind: _kind, ...values } = store.get('settings', id) ?? { id };
  return values;
}
