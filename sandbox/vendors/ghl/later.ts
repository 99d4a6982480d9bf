import { settle } from './carrier.ts';
import type { Store } from './store.ts';
import type { Webhooks } from './webhooks.ts';

/** What is to happen to messages some time after they were sent. */
export interface Later {
  /** Does what is due, and sets a timer for what is not yet; called after every change, and when the process starts. */
  arm(): void;
  close(): void;
}

/** The longest time that a timer can be set to. */
const LONGEST_MS = 2 ** 31 - 1;

/** The appointments are rows of the store: a kill postpones them, and loses none. */
export function createLater(store: Store, webhooks: Webhooks): Later {
  const timers = new Map<string, NodeJS.Timeout>();
  const later: Later = {
    arm: () => {
      for (const { id, at } of store.of('due', 'open')) {
        const ms = Date.parse(String(at)) - Date.now();
        if (ms <= 0) fulfil(id);
        else if (!timers.has(id)) timers.set(id, setTimeout(again, Math.min(ms, LONGEST_MS), id));
      }
    },
    close: () => {
      for (const timer of timers.values()) clearTimeout(timer);
    },
  };
  const again = (id: string): void => {
    timers.delete(id);
    later.arm();
  };
  const fulfil = (id: string): void => {
    clearTimeout(timers.get(id));
    timers.delete(id);
    const message = store.get('messages', id);
    store.remove('due', id);
    const events = message === undefined ? [] : settle(store, message, new Date().toISOString());
    const deliveries = webhooks.prepareAll(events);
    store.commit();
    webhooks.launch(deliveries);
  };
  return later;
}
