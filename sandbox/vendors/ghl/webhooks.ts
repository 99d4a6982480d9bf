import { randomUUID, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Json } from './context.ts';
import type { Row, Store } from './store.ts';
import type { App } from './settings.ts';

/** Attempts after which GHL gives a delivery up. Their spacing is unpublished: here it doubles, with jitter. */
const MAX_ATTEMPTS = 12;

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
  readonly attempts: readonly Attempt[];
}

export interface Webhooks {
  /** Completes the envelope and writes the delivery into the store, uncommitted: it belongs to the write that caused it. */
  prepare(url: string, type: string, body: Json, app: App): Delivery;
  /** Makes the first attempt now, further ones later; resolves when the first one has ended. */
  start(delivery: Delivery): Promise<void>;
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
    const accepted = made.status !== undefined && made.status >= 200 && made.status < 300;
    const over = accepted || attempts.length >= MAX_ATTEMPTS;
    const next: Delivery = {
      ...delivery,
      attempts,
      kind: over ? 'done' : 'open',
      status: accepted ? 'delivered' : over ? 'failed' : 'retrying',
    };
    store.put('deliveries', next);
    store.commit();
    if (!over) later(next, pause(next, Math.random()));
  };
  const later = (delivery: Delivery, ms: number): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      void attempt(delivery);
    }, ms);
    timers.add(timer);
  };

  return {
    prepare: (url, type, body, app) => {
      const event = enveloped(type, body, app);
      const id = String(event['webhookId']);
      const raw = JSON.stringify(event);
      const { retryBaseMs } = app;
      const delivery: Delivery = { id, kind: 'open', status: 'pending', url, type, raw, retryBaseMs, attempts: [] };
      store.put('deliveries', delivery);
      return delivery;
    },
    start: attempt,
    resume: () => {
      for (const row of store.of('deliveries', 'open')) later(row as Delivery, 0);
    },
    close: () => {
      closed = true;
      for (const timer of timers) clearTimeout(timer);
    },
  };
}

/** A delivery as the control plane shows it. */
export function shownDelivery({ id, type, url, status, attempts, raw }: Delivery): Json {
  return { webhookId: id, type, url, status, attempts, body: JSON.parse(raw) as unknown };
}

/** Flat, with the envelope at the root; what the body already carries is kept. */
function enveloped(type: string, body: Json, app: App): Json {
  return {
    type,
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

function pause(delivery: Delivery, random: number): number {
  return delivery.retryBaseMs * 2 ** (delivery.attempts.length - 1) * (0.75 + random / 2);
}
