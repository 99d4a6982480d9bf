import type { Row } from './wire.ts';
import { hashOf } from './wire.ts';

/**
 * Records that a seed makes again whenever they are asked for: the n-th of a block costs its key and its time of change,
 * not its content.
 */
export interface Block {
  readonly count: number;
  id(n: number): string;
  /** Epoch milliseconds. */
  modified(n: number): number;
  row(n: number): Row;
}

/** In which orders a table can be walked without sorting it: by id, by change and then id, and in no order anybody could name. */
export type Order = 'id' | 'modified' | 'scrambled';

/** A place in an order: what it is sorted by (0 for `id`), then the id. */
export interface Place {
  readonly at: number;
  readonly id: string;
}

export interface Table {
  readonly size: number;
  /** Changes with every change. */
  readonly version: number;
  has(id: string): boolean;
  get(id: string): Row | undefined;
  slot(id: string): number | undefined;
  row(slot: number): Row;
  id(slot: number): string;
  /** Slots in this order. */
  walk(order: Order): readonly number[];
  place(order: Order, slot: number): Place;
  /** Index of the first slot in this order that comes after the place, or at it where `inclusive`. */
  find(order: Order, place: Place, inclusive: boolean): number;
  put(id: string, row: Row, modified: number): void;
  remove(id: string): boolean;
  add(block: Block): void;
  clear(): void;
  /** Another table with the same rows. */
  copy(): Table;
}

interface Rows {
  readonly ids: string[];
  readonly times: number[];
  readonly slots: Map<string, number>;
  readonly own: Map<number, Row>;
  readonly blocks: { readonly from: number; readonly block: Block }[];
}

export function createTable(given?: Rows): Table {
  let { ids, times, slots, own, blocks }: Rows = given ?? emptyRows();
  let orders = new Map<Order, number[]>();
  let version = 0;

  const at = (order: Order, slot: number): number =>
    order === 'modified' ? times[slot]! : order === 'scrambled' ? hashOf(ids[slot]!) : 0;
  const compare = (order: Order, slot: number, place: Place): number =>
    at(order, slot) - place.at || (ids[slot]! < place.id ? -1 : ids[slot] === place.id ? 0 : 1);
  const place = (order: Order, slot: number): Place => ({ at: at(order, slot), id: ids[slot]! });
  const sorted = (order: Order): number[] => {
    const found = orders.get(order);
    if (found !== undefined) return found;
    const keys = order === 'id' ? [] : ids.map((_id, slot) => at(order, slot));
    const made = [...slots.values()].sort(
      (a, b) => (order === 'id' ? 0 : keys[a]! - keys[b]!) || (ids[a]! < ids[b]! ? -1 : 1),
    );
    orders.set(order, made);
    return made;
  };
  const find = (order: Order, wanted: Place, inclusive: boolean): number => {
    const all = sorted(order);
    let [low, high] = [0, all.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const way = compare(order, all[middle]!, wanted);
      if (way < 0 || (way === 0 && !inclusive)) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  const leave = (slot: number): void => {
    for (const [order, all] of orders) all.splice(find(order, place(order, slot), true), 1);
  };
  const enter = (slot: number): void => {
    for (const [order, all] of orders) all.splice(find(order, place(order, slot), true), 0, slot);
  };

  const table: Table = {
    get size() {
      return slots.size;
    },
    get version() {
      return version;
    },
    has: (id) => slots.has(id),
    slot: (id) => slots.get(id),
    get: (id) => {
      const slot = slots.get(id);
      return slot === undefined ? undefined : table.row(slot);
    },
    row: (slot) => {
      const kept = own.get(slot);
      if (kept !== undefined) return kept;
      const { from, block } = blocks.find((one) => slot >= one.from && slot < one.from + one.block.count)!;
      return block.row(slot - from);
    },
    id: (slot) => ids[slot]!,
    walk: sorted,
    place,
    find,
    put: (id, row, modified) => {
      version += 1;
      const known = slots.get(id);
      if (known !== undefined) leave(known);
      const slot = known ?? ids.length;
      ids[slot] = id;
      times[slot] = modified;
      own.set(slot, row);
      slots.set(id, slot);
      enter(slot);
    },
    remove: (id) => {
      const slot = slots.get(id);
      if (slot === undefined) return false;
      version += 1;
      leave(slot);
      slots.delete(id);
      own.delete(slot);
      return true;
    },
    add: (block) => {
      version += 1;
      const from = ids.length;
      blocks.push({ from, block });
      for (let n = 0; n < block.count; n += 1) {
        const id = block.id(n);
        ids.push(id);
        times.push(block.modified(n));
        slots.set(id, from + n);
      }
      orders = new Map();
    },
    clear: () => {
      version += 1;
      ({ ids, times, slots, own, blocks } = emptyRows());
      orders = new Map();
    },
    copy: () =>
      createTable({
        ...{ ids: [...ids], times: [...times], blocks: [...blocks] },
        ...{ slots: new Map(slots), own: new Map(own) },
      }),
  };
  return table;
}

function emptyRows(): Rows {
  return { ids: [], times: [], slots: new Map(), own: new Map(), blocks: [] };
}
