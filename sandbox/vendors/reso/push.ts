import { setTimeout as sleep } from 'node:timers/promises';
import type { Event } from './records.ts';
import type { Store } from './store.ts';
import type { Json } from './wire.ts';
import { isObject, serialized } from './wire.ts';

/** Where events go by themselves (RCP-28), and what goes wrong on the way. */
export interface Subscription {
  readonly url: string;
  readonly token: string;
  /** `EntityEventSource`, where the consumer wants its feeds told apart. */
  readonly source?: string;
  /** Events of one moment in one request, or each in its own. */
  readonly batch: boolean;
  /** Nothing is sent, and what was not is never sent later. */
  readonly withhold: boolean;
  /** `wrong`: another token; `none`: no header at all. */
  readonly credentials: 'right' | 'wrong' | 'none';
  /** Every request is made so many times. */
  readonly copies: number;
  /** Events of a batch are sent last first. */
  readonly reverse: boolean;
  readonly retryBaseMs: number;
  readonly maxAttempts: number;
}

export interface Delivery {
  readonly n: number;
  readonly events: readonly { readonly sequence: string; readonly resource: string; readonly key: string }[];
  readonly attempts: readonly { readonly at: string; readonly status?: number; readonly error?: string }[];
  readonly state: 'open' | 'delivered' | 'given-up';
}

export interface Push {
  offer(event: Event): void;
  deliveries(): readonly Delivery[];
  /** Resolves when nothing is on its way. */
  idle(): Promise<void>;
  close(): void;
}

const USUAL = {
  batch: true,
  withhold: false,
  credentials: 'right',
  copies: 1,
  reverse: false,
  retryBaseMs: 1_000,
  maxAttempts: 8,
} as const;
const CONTEXT = 'urn:reso:metadata:2.0:resource:entityevent';
const TIMEOUT_MS = 10_000;
/** Deliveries that are remembered. */
const KEPT = 5_000;

export function subscriptionOf(store: Store): Subscription | undefined {
  const set = store.setting('push');
  return typeof set?.['url'] === 'string' ? ({ ...USUAL, token: '', ...set } as unknown as Subscription) : undefined;
}

/** One request after the other, as a polite producer makes them; what waits ends with the process, and the journal still has it. */
export function createPush(store: Store, now: () => number = Date.now): Push {
  const closing = new AbortController();
  let gathered: Event[] = [];
  let log: Delivery[] = [];
  let made = 0;
  let tail: Promise<void> = Promise.resolve();

  const note = (delivery: Delivery): void => {
    log = [...log.filter(({ n }) => n !== delivery.n), delivery].slice(-KEPT);
  };
  const deliver = async (events: readonly Event[]): Promise<void> => {
    made += 1;
    let delivery: Delivery = {
      ...{ n: made, attempts: [], state: 'open' },
      events: events.map(({ sequence, resource, key }) => ({ sequence: String(sequence), resource, key })),
    };
    note(delivery);
    while (!closing.signal.aborted) {
      const subscription = subscriptionOf(store);
      if (subscription === undefined) return;
      const outcome = await post(subscription, events);
      const { retryAfterMs, ...attempt } = outcome;
      const attempts = [...delivery.attempts, { at: new Date(now()).toISOString(), ...attempt }];
      const well = outcome.status !== undefined && outcome.status >= 200 && outcome.status < 300;
      const over = attempts.length >= subscription.maxAttempts;
      delivery = { ...delivery, attempts, state: well ? 'delivered' : over ? 'given-up' : 'open' };
      note(delivery);
      if (delivery.state !== 'open') return;
      await sleep(retryAfterMs ?? subscription.retryBaseMs * 2 ** (attempts.length - 1), undefined, {
        signal: closing.signal,
      }).catch(() => undefined);
    }
  };
  const flush = (): void => {
    const events = gathered;
    gathered = [];
    const subscription = subscriptionOf(store);
    if (subscription === undefined || subscription.withhold) return;
    const ordered = subscription.reverse ? events.toReversed() : events;
    const groups = subscription.batch ? [ordered] : ordered.map((event) => [event]);
    for (const group of groups)
      for (let copy = 0; copy < subscription.copies; copy += 1) tail = tail.then(() => deliver(group));
  };
  return {
    offer: (event) => {
      if (gathered.length === 0) setImmediate(flush);
      gathered.push(event);
    },
    deliveries: () => log,
    idle: async () => {
      // Events gathered in this very moment are on their way, too.
      await new Promise(setImmediate);
      await tail;
    },
    close: () => closing.abort(),
  };
}

async function post(
  { url, token, source, credentials, batch }: Subscription,
  events: readonly Event[],
): Promise<{ status?: number; error?: string; retryAfterMs?: number }> {
  const rows = events.map(({ sequence, resource, key }) => ({
    EntityEventSequence: sequence,
    ResourceName: resource,
    ResourceRecordKey: key,
  }));
  const body: Json = { '@reso.context': CONTEXT, ...(batch ? { value: rows } : rows[0]) };
  const headers = {
    'content-type': 'application/json',
    ...(credentials !== 'none' && { authorization: `Bearer ${credentials === 'right' ? token : `not-${token}`}` }),
    ...(source !== undefined && { EntityEventSource: source }),
  };
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: serialized(body, false),
      redirect: 'manual',
      signal,
    });
    await response.arrayBuffer();
    return { status: response.status, ...retryAfter(response.headers.get('retry-after')) };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return { error: cause instanceof Error ? cause.message || cause.name : String(cause) };
  }
}

/** Seconds, or a date. */
function retryAfter(header: string | null): { retryAfterMs?: number } {
  if (header === null) return {};
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - Date.now();
  return Number.isNaN(ms) ? {} : { retryAfterMs: Math.max(0, ms) };
}

const KNOWN = ['url', 'token', 'source', ...Object.keys(USUAL)];

/** Reads a posted subscription; the message says what is wrong. */
export function readSubscription(body: unknown): Json | string {
  if (!isObject(body)) return 'the subscription must be an object';
  const stranger = Object.keys(body).find((name) => !KNOWN.includes(name));
  if (stranger !== undefined) return `unknown field ${stranger}; known are ${KNOWN.join(', ')}`;
  const { credentials, url } = body;
  if (url !== undefined && typeof url !== 'string') return 'url must be a text';
  if (credentials !== undefined && !['right', 'wrong', 'none'].includes(String(credentials)))
    return 'credentials must be right, wrong or none';
  return body;
}
