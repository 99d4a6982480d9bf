import type { Slot } from './names.ts';
import { sharesTag } from './near.ts';

/** Somebody is on the way to an answer that everybody in this process who asks meanwhile shares. */
export interface Flight {
  readonly slot: Slot;
  readonly tags: readonly string[] | undefined;
  /** JSON text. */
  readonly answer: Promise<string>;
  land(text: string): void;
  fail(error: unknown): void;
  landed(): boolean;
}

export interface Flights {
  of(name: string): Flight | undefined;
  /** In place of whichever there was. */
  depart(slot: Slot, tags: readonly string[] | undefined): Flight;
  /** One that nobody joins. */
  alone(slot: Slot, tags: readonly string[] | undefined): Flight;
  /** Whoever asks from now on does not join: the value was changed after it departed. */
  detach(name: string): void;
  detachTagged(location: string, tags: readonly string[]): void;
  detachAll(): void;
}

export function createFlights(): Flights {
  const flying = new Map<string, Flight>();

  function made(slot: Slot, tags: readonly string[] | undefined): Flight {
    let landed = false;
    let resolve: (text: string) => void = () => undefined;
    let reject: (error: unknown) => void = () => undefined;
    const answer = new Promise<string>((yes, no) => {
      resolve = yes;
      reject = no;
    });
    // Whoever waits hears of it; that nobody does is no fault.
    answer.catch(() => undefined);
    const end = (): void => {
      landed = true;
      if (flying.get(slot.name) === flight) flying.delete(slot.name);
    };
    const flight: Flight = {
      slot,
      tags,
      answer,
      land(text) {
        end();
        resolve(text);
      },
      fail(error) {
        end();
        reject(error);
      },
      landed: () => landed,
    };
    return flight;
  }

  return {
    of: (name) => flying.get(name),
    depart(slot, tags) {
      const flight = made(slot, tags);
      flying.set(slot.name, flight);
      return flight;
    },
    alone: made,
    detach: (name) => void flying.delete(name),
    detachTagged(location, tags) {
      for (const { slot, tags: own } of flying.values()) {
        if (slot.key.location === location && sharesTag(own, tags)) flying.delete(slot.name);
      }
    },
    detachAll: () => flying.clear(),
  };
}

/** Those who wait for somebody else's load are woken when there is news of it, or after a pause. */
export interface Waiting {
  wake(name: string): void;
  /** Until one of the names has news, or so many ms have passed. */
  news(names: readonly string[], ms: number): Promise<void>;
}

export function createWaiting(): Waiting {
  const wakers = new Map<string, Set<() => void>>();
  return {
    wake(name) {
      for (const waker of wakers.get(name) ?? []) waker();
    },
    news: (names, ms) =>
      new Promise((resolve) => {
        const done = (): void => {
          clearTimeout(timer);
          for (const name of names) {
            const those = wakers.get(name);
            those?.delete(done);
            if (those?.size === 0) wakers.delete(name);
          }
          resolve();
        };
        const timer = setTimeout(done, ms);
        for (const name of names) {
          const those = wakers.get(name);
          if (those === undefined) wakers.set(name, new Set([done]));
          else those.add(done);
        }
      }),
  };
}

/** `undefined` where it takes longer. */
export async function within(answer: Promise<string>, ms: number): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
