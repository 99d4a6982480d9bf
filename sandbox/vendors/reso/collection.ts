import type { Expression } from './filter-parse.ts';
import { compileFilter, conjuncts } from './filter.ts';
import type { Test } from './filter.ts';
import { recalled } from './memory.ts';
import type { Memory } from './memory.ts';
import type { Query, Sort } from './query.ts';
import { padded } from './records.ts';
import { valueIn } from './schema.ts';
import type { Resource } from './schema.ts';
import type { Order, Place, Table } from './table.ts';
import type { Row } from './wire.ts';

/** Where a page ended, so that the next one goes on whatever changed in between: what its last row is sorted by, and its id. */
export type After = readonly [by: readonly unknown[], id: string];

export interface Page {
  readonly slots: readonly number[];
  /** All rows that fit, where somebody asked. */
  readonly count: number | undefined;
  /** Place of the last row; undefined: no more rows follow. */
  readonly after: After | undefined;
}

export interface Asked {
  readonly table: Table;
  readonly resource: Resource;
  readonly query: Query;
  /** For rows that nobody asked an order for. */
  readonly usual: Order;
  /** Rows to pass over, or the row to go on behind. */
  readonly from: number | After;
  readonly limit: number;
}

interface Entry {
  readonly slot: number;
  readonly by: readonly unknown[];
}

interface Walk {
  readonly order: Order;
  readonly descending: boolean;
}

interface Bounds {
  readonly from: Place | undefined;
  readonly fromInclusive: boolean;
  readonly to: Place | undefined;
  readonly toInclusive: boolean;
}

const MODIFIED = 'ModificationTimestamp';

/** Whole answers that were sorted by hand: the pages of one scan ask for the same again and again. */
const remembered: Memory<readonly Entry[]> = new WeakMap();

export function pageOf(asked: Asked): Page {
  const { table, resource, query, from, limit } = asked;
  const test = query.filter === undefined ? undefined : compileFilter(query.filter, resource);
  const walk = walkOf(resource, query.orderby, asked.usual);
  if (walk === undefined) return sortedPage(asked, test, undefined);
  const parts = query.filter === undefined ? [] : conjuncts(query.filter);
  const bounds = boundsOf(walk.order, parts, resource);
  // A few rows out of many are sorted sooner than many are walked.
  if (narrowed(asked, parts, walk.order) !== undefined) return sortedPage(asked, test, walk);
  const fits = fitting(table, bounds.rest, resource);
  const all = table.walk(walk.order);
  const [low, high] = spanOf(table, walk.order, bounds);
  const place = typeof from === 'number' ? undefined : { at: Number(from[0][0] ?? 0), id: from[1] };
  const [step, past] = walk.descending ? [-1, low - 1] : [1, high];
  const slots: number[] = [];
  let skip = typeof from === 'number' ? from : 0;
  let index = walk.descending ? high - 1 : low;
  if (place !== undefined)
    index = walk.descending
      ? Math.min(high, table.find(walk.order, place, true)) - 1
      : Math.max(low, table.find(walk.order, place, false));
  for (; step * (past - index) > 0 && slots.length < limit; index += step) {
    if (!fits(all[index]!)) continue;
    if (skip > 0) skip -= 1;
    else slots.push(all[index]!);
  }
  const more = step * (past - index) > 0;
  const last = slots.at(-1);
  const end = last === undefined ? undefined : table.place(walk.order, last);
  return {
    slots,
    count: query.count ? counted(all, low, high, fits) : undefined,
    after: more && end !== undefined ? [[end.at], end.id] : undefined,
  };
}

function counted(all: readonly number[], low: number, high: number, fits: (slot: number) => boolean): number {
  let count = 0;
  for (let index = low; index < high; index += 1) if (fits(all[index]!)) count += 1;
  return count;
}

/** Which rows fit: to make a row again costs more than to keep a bit of it. */
const tested: Memory<Map<number, boolean>> = new WeakMap();

/** Does the row in a slot meet all of these? */
function fitting(table: Table, parts: readonly Expression[], resource: Resource): (slot: number) => boolean {
  if (parts.length === 0) return () => true;
  const found = recalled(tested, { table, resource }, parts, () => new Map<number, boolean>());
  const tests = parts.map((part) => compileFilter(part, resource));
  return (slot) => {
    const before = found.get(slot);
    if (before !== undefined) return before;
    const row = table.row(slot);
    const fits = tests.every((test) => test(row));
    found.set(slot, fits);
    return fits;
  };
}

/** The same order, and the same places in it, as a walk has, where there is one. */
function sortedPage(
  { table, resource, query, from, limit }: Asked,
  test: Test | undefined,
  walk: Walk | undefined,
): Page {
  const sorts = query.orderby;
  const byOf = (slot: number): readonly unknown[] =>
    walk === undefined ? valuesOf(table.row(slot), sorts, resource) : [table.place(walk.order, slot).at];
  const compare = (a: readonly unknown[], aId: string, b: readonly unknown[], bId: string): number => {
    for (let n = 0; n < a.length; n += 1) {
      const way = ordered(a[n], b[n]);
      if (way !== 0) return (walk ?? sorts[n])?.descending ? -way : way;
    }
    const way = aId < bId ? -1 : aId === bId ? 0 : 1;
    return walk?.descending ? -way : way;
  };
  const all = recalled(remembered, { table, resource }, [query.filter ?? null, sorts, walk ?? null], () => {
    const parts = query.filter === undefined ? [] : conjuncts(query.filter);
    const candidates = narrowed({ table, resource }, parts, undefined) ?? table.walk('id');
    const entries: Entry[] = [];
    for (const slot of candidates) if (test?.(table.row(slot)) ?? true) entries.push({ slot, by: byOf(slot) });
    return entries.sort((a, b) => compare(a.by, table.id(a.slot), b.by, table.id(b.slot)));
  });
  let start = typeof from === 'number' ? from : 0;
  if (typeof from !== 'number') {
    start = all.findIndex(({ slot, by }) => compare(by, table.id(slot), from[0], from[1]) > 0);
    if (start === -1) start = all.length;
  }
  const page = all.slice(start, start + limit);
  const last = page.at(-1);
  const more = start + page.length < all.length;
  return {
    slots: page.map(({ slot }) => slot),
    count: query.count ? all.length : undefined,
    after: more && last !== undefined ? [last.by, table.id(last.slot)] : undefined,
  };
}

/** The order in which the table can be walked for this `$orderby`; undefined: its rows must be sorted. */
function walkOf(resource: Resource, orderby: readonly Sort[], usual: Order): Walk | undefined {
  const [first, second, third] = orderby;
  if (first === undefined) return { order: usual, descending: false };
  const { descending } = first;
  if (first.field === resource.key) return { order: 'id', descending };
  if (first.field !== MODIFIED || third !== undefined) return undefined;
  if (second === undefined && !descending) return { order: 'modified', descending };
  return second?.field === resource.key && second.descending === descending
    ? { order: 'modified', descending }
    : undefined;
}

/** Slots that alone can fit, where the filter names keys, or a stretch of keys or changes that is small against the table. */
function narrowed(
  { table, resource }: Pick<Asked, 'table' | 'resource'>,
  parts: readonly Expression[],
  walked: Order | undefined,
): readonly number[] | undefined {
  const keys = keysIn(resource, parts);
  if (keys !== undefined) return [...new Set(keys)].flatMap((id) => table.slot(id) ?? []);
  for (const order of ['modified', 'id'] as const) {
    const bounds = boundsOf(order, parts, resource);
    if (order === walked || bounds.used === 0) continue;
    const [low, high] = spanOf(table, order, bounds);
    if (high - low <= 2_000 || (high - low) * 10 < table.size) return table.walk(order).slice(low, high);
  }
  return undefined;
}

function keysIn(resource: Resource, parts: readonly Expression[]): readonly string[] | undefined {
  for (const part of parts) {
    const keys = keysOf(part, resource);
    if (keys !== undefined) return keys;
  }
  return undefined;
}

function keysOf(part: Expression, { key }: Resource): readonly string[] | undefined {
  if (part.kind === 'in' && part.left.kind === 'field' && part.left.name === key)
    return part.list.map(({ value }) => idOf(value));
  if (part.kind !== 'compare' || part.op !== 'eq' || part.left.kind !== 'field' || part.left.name !== key)
    return undefined;
  return part.right.kind === 'literal' && part.right.value !== null ? [idOf(part.right.value)] : undefined;
}

const idOf = (value: unknown): string =>
  typeof value === 'number' || typeof value === 'bigint' ? padded(value) : String(value);

/** What the filter says of the field that an order goes by. */
function boundsOf(
  order: Order,
  parts: readonly Expression[],
  { key, fields }: Resource,
): Bounds & { readonly used: number; readonly rest: readonly Expression[] } {
  const rest: Expression[] = [];
  let bounds: Bounds & { used: number } = {
    from: undefined,
    fromInclusive: true,
    to: undefined,
    toInclusive: true,
    used: 0,
  };
  const field = order === 'modified' ? MODIFIED : order === 'id' ? key : undefined;
  const kept = fields.find(({ name, derived }) => name === field && derived === undefined)?.name;
  for (const part of parts) {
    const isOfField = part.kind === 'compare' && part.left.kind === 'field' && part.left.name === kept;
    if (!isOfField || part.right.kind !== 'literal' || part.right.value === null || part.op === 'ne') {
      rest.push(part);
      continue;
    }
    const { op, right } = part;
    const at = right.type === 'date' ? Date.parse(String(right.value)) : Number(right.value);
    // The lowest and the highest place that bear this value.
    const [lowest, highest]: readonly [Place, Place] =
      order === 'modified'
        ? [
            { at, id: '' },
            { at, id: '\uffff' },
          ]
        : [
            { at: 0, id: idOf(right.value) },
            { at: 0, id: idOf(right.value) },
          ];
    bounds = { ...bounds, used: bounds.used + 1 };
    const inclusive = op === 'ge' || op === 'le' || op === 'eq';
    if (op === 'gt' || op === 'ge' || op === 'eq') {
      const from = inclusive ? lowest : highest;
      if (bounds.from === undefined || before(bounds.from, from))
        bounds = { ...bounds, from, fromInclusive: inclusive };
    }
    if (op === 'lt' || op === 'le' || op === 'eq') {
      const to = inclusive ? highest : lowest;
      if (bounds.to === undefined || before(to, bounds.to)) bounds = { ...bounds, to, toInclusive: inclusive };
    }
  }
  return { ...bounds, rest };
}

const before = (a: Place, b: Place): boolean => a.at < b.at || (a.at === b.at && a.id < b.id);

function spanOf(
  table: Table,
  order: Order,
  { from, fromInclusive, to, toInclusive }: Bounds,
): readonly [number, number] {
  const low = from === undefined ? 0 : table.find(order, from, fromInclusive);
  const high = to === undefined ? table.walk(order).length : table.find(order, to, !toInclusive);
  return [low, Math.max(low, high)];
}

function valuesOf(row: Row, sorts: readonly Sort[], { fields }: Resource): readonly unknown[] {
  return sorts.map(({ field: name }) => {
    const value = valueIn(
      row,
      fields.find((field) => field.name === name)!,
    );
    return typeof value === 'bigint' ? padded(value) : value;
  });
}

/** Null comes first, as OData has it. */
function ordered(a: unknown, b: unknown): number {
  if (a === b) return 0;
  if (a === null) return -1;
  if (b === null) return 1;
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}
