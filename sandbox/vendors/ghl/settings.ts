import type { Json } from './context.ts';
import { NO_LATENCY } from './latency.ts';
import type { Latency } from './latency.ts';
import { DOCUMENTED_LIMITS } from './limits.ts';
import type { Limits } from './limits.ts';
import type { Store } from './store.ts';

/** The two that the vendor has published: six repetitions after a 429 and nothing else, or up to twelve attempts after anything. */
export type RetryPolicy = 'only-429' | 'any-non-2xx';

/** The marketplace app that is installed here and that webhooks are delivered to. Without `webhookUrl` no write fires anything. */
export interface App {
  readonly appId: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  readonly webhookUrl?: string;
  readonly retryPolicy: RetryPolicy;
  /** First pause between two attempts of a delivery; under `any-non-2xx` it doubles with each one. */
  readonly retryBaseMs: number;
  /** Whether INSTALL is delivered before the browser comes back with the code, or after the code was exchanged. */
  readonly installFires: 'before-exchange' | 'after-exchange';
  /** Every later status of a message fires `OutboundMessage` again, and a delivered e-mail `LCEmailStats`. */
  readonly statusEvents: boolean;
  /** `TaskCreate` comes without contact and body. */
  readonly sparseTasks: boolean;
  /** Share of the deliveries that are made twice, 0 to 1. */
  readonly duplicates: number;
  /** Deliveries start after a random time of up to this, so that they overtake each other. */
  readonly shuffleMs: number;
}

/** Where nobody said otherwise: an id of GHL's look that is plainly not one of GHL's. */
const DEFAULT_APP: App = {
  appId: '5a4db0c50000000000000001',
  clientId: '5a4db0c50000000000000001-sandbox',
  clientSecret: 'sandbox-client-secret',
  redirectUris: [],
  retryPolicy: 'any-non-2xx',
  retryBaseMs: 1_000,
  installFires: 'before-exchange',
  statusEvents: false,
  sparseTasks: false,
  duplicates: 0,
  shuffleMs: 0,
};

export function appOf(store: Store): App {
  return { ...DEFAULT_APP, ...setting(store, 'app') };
}

/** What may be posted to `/_sandbox/app`, by name; each test says whether the value fits. */
const APP_FIELDS: Readonly<Record<keyof App, (value: unknown) => boolean>> = {
  appId: isText,
  clientId: isText,
  clientSecret: isText,
  redirectUris: (value) => Array.isArray(value) && value.every((one) => isText(one) && URL.canParse(String(one))),
  webhookUrl: isText,
  retryPolicy: (value) => value === 'only-429' || value === 'any-non-2xx',
  retryBaseMs: isAmount,
  installFires: (value) => value === 'before-exchange' || value === 'after-exchange',
  statusEvents: (value) => typeof value === 'boolean',
  sparseTasks: (value) => typeof value === 'boolean',
  duplicates: (value) => isAmount(value) && Number(value) <= 1,
  shuffleMs: isAmount,
};

/** Merges a posted registration; null puts a field back to its default. Returns what is wrong with it, if anything is. */
export function changeApp(store: Store, body: Json): string | undefined {
  const given = Object.entries(body).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    const fits = (APP_FIELDS as Readonly<Record<string, (typeof APP_FIELDS)['appId'] | undefined>>)[name];
    if (fits === undefined) return `unknown field ${name}; known are ${Object.keys(APP_FIELDS).join(', ')}`;
    if (value !== null && !fits(value)) return `${name} has a value that does not fit it`;
  }
  changeSetting(store, 'app', Object.fromEntries(given));
  return undefined;
}

/** The limits of a location: its own where some were set, else those for all. */
export function limitsOf(store: Store, locationId: string): Limits {
  return { ...DOCUMENTED_LIMITS, ...setting(store, 'limits'), ...setting(store, `limits:${locationId}`) };
}

export function latencyOf(store: Store): Latency {
  return { ...NO_LATENCY, ...setting(store, 'latency') };
}

/** How long the search index lags behind the writes, in milliseconds. */
export function lagOf(store: Store): number {
  return Number(setting(store, 'index')['lagMs'] ?? 0);
}

/** Does an inbound STOP set DND, and a START lift it? */
export function honoursKeywords(store: Store): boolean {
  return setting(store, 'keywords')['honour'] === true;
}

/** How long access tokens of this location or company live, in seconds. */
export function accessTtlOf(store: Store, holderId: string): number {
  const own = setting(store, `oauth:${holderId}`)['accessTtlSeconds'];
  return Number(own ?? setting(store, 'oauth')['accessTtlSeconds'] ?? 86_399);
}

export function isSuspended(store: Store, locationId: string): boolean {
  return setting(store, `suspended:${locationId}`)['suspended'] === true;
}

/** Merges into what was set before; null takes a value back. */
export function changeSetting(store: Store, id: string, change: Json): void {
  const merged = Object.entries({ ...setting(store, id), ...change }).filter(([, value]) => value !== null);
  store.put('settings', { ...Object.fromEntries(merged), id, kind: 'settings' });
}

function setting(store: Store, id: string): Json {
  const { id: _id, kind: _kind, ...values } = store.get('settings', id) ?? { id };
  return values;
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}

function isAmount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}
