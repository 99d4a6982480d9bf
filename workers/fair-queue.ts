/** Work of many owners, taken in turns: one with a thousand rows cannot make another with one row wait. */
export interface FairQueue<T> {
  /** False when the queue is full or drained; the item is then not taken. */
  add(item: T): boolean;
  size(): number;
  /** Drops what has not begun, and resolves once what has begun is through. */
  drain(): Promise<void>;
}

/**
 * @param all          items worked at once
 * @param perLocation  items of one owner worked at once
 * @param capacity     items waiting at most
 * @param work         must not reject
 */
export function createFairQueue<T>(options: {
  all: number;
  perLocation: number;
  capacity: number;
  keyOf: (item: T) => string;
  work: (item: T) => Promise<void>;
}): FairQueue<T> {
  const waiting = new Map<string, T[]>();
  const running = new Map<string, number>();
  let size = 0;
  let busy = 0;
  let drained: (() => void) | undefined;

  function pump(): void {
    while (busy < options.all) {
      const key = nextKey();
      if (key === undefined) return;
      void run(key, take(key));
    }
  }

  /** A map keeps insertion order; an owner who was served goes to its end. */
  function nextKey(): string | undefined {
    for (const key of waiting.keys()) if ((running.get(key) ?? 0) < options.perLocation) return key;
    return undefined;
  }

  function take(key: string): T {
    const items = waiting.get(key) as T[];
    const item = items.shift() as T;
    waiting.delete(key);
    if (items.length > 0) waiting.set(key, items);
    size -= 1;
    return item;
  }

  async function run(key: string, item: T): Promise<void> {
    busy += 1;
    running.set(key, (running.get(key) ?? 0) + 1);
    try {
      await options.work(item);
    } finally {
      busy -= 1;
      const left = (running.get(key) ?? 1) - 1;
      if (left === 0) running.delete(key);
      else running.set(key, left);
      if (drained === undefined) pump();
      else if (busy === 0) drained();
    }
  }

  return {
    add(item) {
      if (drained !== undefined || size >= options.capacity) return false;
      const key = options.keyOf(item);
      const items = waiting.get(key);
      if (items === undefined) waiting.set(key, [item]);
      else items.push(item);
      size += 1;
      pump();
      return true;
    },
    size: () => size + busy,
    drain: () =>
      new Promise((resolve) => {
        drained = resolve;
        waiting.clear();
        size = 0;
        if (busy === 0) resolve();
      }),
  };
}
