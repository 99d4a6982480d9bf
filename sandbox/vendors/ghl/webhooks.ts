import { randomUUID, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Json } from './context.ts';
import { UNTYPED } from './events.ts';
import type { Event } from './events.ts';
import { appOf } from './settings.ts';
import type { App, RetryPolicy } from './settings.ts';
import type { Row, Store } from './store.ts';

/**
 * Attempts after which GHL gives a delivery up. The older policy repeats six times, ten minutes apart; the newer one's spacing is
 * unpublished, here it doubles. Both have jitter.
 */
const MAX_ATTEMPTS: Readonly<Record<RetryPolicy, number>> = { 'only-429': 7, 'any-non-2xx': 12 };

/** How long an attempt may take, in milliseconds; the vendor publishes no figure. */
const TIMEOUT_MS = 10_000;

export interface Attempt {
  readonly at: string;
  readonly status?: number;
  readonly error?: string;
}

/** One event on its way to one URL. `raw` is what was signed; `kind` is `open` until it was delivered or given up. */
export interface Delivery extends Row {
  readonly kind: 'open' | 'done';
  readonly status: 'pending' | 'retrying' | 'delivered' | 'failed';
  readonly url: string;
  readonly type: string;
  readonly raw: string;
  readonly retryBaseMs: number;
  readonly retryPolicy: RetryPolicy;
  /** How often it is still to be made: 2 where the same event is to come twice. */
  readonly copies: number;
  readonly attempts: readonly Attempt[];
}

export interface Webhooks {
  /** Completes the envelope and writes the delivery into the store, uncommitted: it belongs to the write that caused it. */
  prepare(url: string, type: string, body: Json, app: App): Delivery;
  /** The same for what a write fires, to the app's own URL; nothing where the app has none. */
  prepareAll(events: readonly Event[]): Delivery[];
  /** Makes the first attempt now, further ones later; resolves when the first one has ended. */
  start(delivery: Delivery): Promise<void>;
  /** Starts all of them, each after a random time if the app wants them shuffled. */
  launch(deliveries: readonly Delivery[]): void;
  /** Goes on with what an earlier process left open. */
  resume(): void;
  /** Ends all waiting; open deliveries stay open in the store. */
  close(): void;
}

export function createWebhooks(store: Store, key: KeyObject): Webhooks {
  const timers = new Set<NodeJS.Timeout>();
  let closed = false;

  const attempt = async (delivery: Delivery): Promise<void> => {
    // After a reset nobody waits for it, and nobody asks for the outcome of one under way.
    const forgotten = (): boolean => closed || store.get('deliveries', delivery.id) === undefined;
    if (forgotten()) return;
    const made: Attempt = { at: new Date().toISOString(), ...(await post(delivery, key)) };
    if (forgotten()) return;
    const attempts = [...delivery.attempts, made];
    const next = after({ ...delivery, attempts }, made.status);
    store.put('deliveries', next);
    store.commit();
    if (next.status === 'retrying') later(next, pause(next, Math.random()));
    else if (next.kind === 'open') later(next, shuffled(store));
  };
  const later = (delivery: Delivery, ms: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      void attempt(delivery);
    }, ms);
    timers.add(timer);
  };

  const prepare: Webhooks['prepare'] = (url, type, body, app) => {
    const event = enveloped(type, body, app);
    const id = String(event['webhookId']);
    const raw = JSON.stringify(event);
    const { retryBaseMs, retryPolicy } = app;
    const copies = Math.random() < app.duplicates ? 2 : 1;
    const waiting = { id, kind: 'open', status: 'pending', attempts: [], copies } as const;
    const delivery: Delivery = { ...waiting, url, type, raw, retryBaseMs, retryPolicy };
    store.put('deliveries', delivery);
    return delivery;
  };

  return {
    prepare,
    prepareAll: (events) => {
      const app = appOf(store);
      const url = app.webhookUrl;
      return url === undefined ? [] : events.map(([type, body]) => prepare(url, type, body, app));
    },
    start: attempt,
    launch: (deliveries) => {
      for (const delivery of deliveries) {
        const ms = shuffled(store);
        if (ms === 0) void attempt(delivery);
        else later(delivery, ms);
      }
    },
    resume: () => {
      for (const row of store.of('deliveries', 'open')) later(row as Delivery, 0);
    },
    close: () => {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** What an attempt makes of a delivery. One that was delivered and comes a second time is over whatever the answer. */
function after(delivery: Delivery, status: number | undefined): Delivery {
  const copies = delivery.copies - 1;
  if (delivery.status === 'delivered') return { ...delivery, copies, kind: 'done' };
  if (status !== undefined && status >= 200 && status < 300)
    return { ...delivery, copies, kind: copies > 0 ? 'open' : 'done', status: 'delivered' };
  const { retryPolicy, attempts } = delivery;
  const again = retryPolicy === 'any-non-2xx' || status === 429;
  const over = !again || attempts.length >= MAX_ATTEMPTS[retryPolicy];
  return { ...delivery, kind: over ? 'done' : 'open', status: over ? 'failed' : 'retrying' };
}

/** A random pause, none where the app did not ask for disorder. */
function shuffled(store: Store): number {
  return Math.random() * appOf(store).shuffleMs;
}

/** A delivery as the control plane shows it. */
export function shownDelivery({ id, type, url, status, attempts, raw }: Delivery): Json {
  return { webhookId: id, type, url, status, attempts, body: JSON.parse(raw) as unknown };
}

/** Flat, with the envelope at the root; what the body already carries is kept. Some families are documented without `type`. */
function enveloped(type: string, body: Json, app: App): Json {
  return {
    ...(!UNTYPED.test(type) && { type }),
    ...body,
    versionId: body['versionId'] ?? app.appId,
    appId: body['appId'] ?? app.appId,
    timestamp: body['timestamp'] ?? new Date().toISOString(),
    webhookId: body['webhookId'] ?? randomUUID(),
  };
}

async function post(delivery: Delivery, key: KeyObject): Promise<Omit<Attempt, 'at'>> {
  const body = Buffer.from(delivery.raw);
  try {
    const response = await fetch(delivery.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-ghl-signature': sign(null, body, key).toString('base64') },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.arrayBuffer();
    return { status: response.status };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { error: cause instanceof Error ? cause.message || cause.name : String(cause) };
  }
}

function pause({ retryPolicy, retryBaseMs, attempts }: Delivery, random: number): number {
  const steps = retryPolicy === 'only-429' ? 1 : 2 ** (attempts.length - 1);
  return retryBaseMs * steps * (0.75 + random / 2);
}
