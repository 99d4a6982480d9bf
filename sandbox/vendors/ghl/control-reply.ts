import type { Json } from './context.ts';
import type { Event } from './events.ts';
import type { Faults } from './faults.ts';
import type { Incoming } from './incoming.ts';
import type { Later } from './later.ts';
import type { Limiter } from './limits.ts';
import type { Service } from './service.ts';
import type { Store } from './store.ts';
import type { Webhooks } from './webhooks.ts';

export interface Parts {
  readonly store: Store;
  readonly limiter: Limiter;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  readonly service: Service;
  readonly later: Later;
}

export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** Keyed by method and the word after `/_sandbox/`. */
export type Actions = Readonly<
  Record<string, (parts: Parts, incoming: Incoming, body: Json) => Reply | Promise<Reply>>
>;

export function done(body: unknown): Reply {
  return { status: 200, body };
}

export function wrong(error: string): Reply {
  return { status: 400, body: { error } };
}

/** What was done without a call of the API: committed, and told to the app. */
export function announce({ store, webhooks, later }: Parts, events: readonly Event[]): void {
  const deliveries = webhooks.prepareAll(events);
  store.commit();
  webhooks.launch(deliveries);
  later.arm();
}
