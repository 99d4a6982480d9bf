import type { Entry } from './journal.ts';
import { marketOf } from './market.ts';
import type { MarketSeed } from './market.ts';
import { KEPT } from './schema.ts';
import type { Kept } from './schema.ts';
import { createTable } from './table.ts';
import type { Table } from './table.ts';
import type { Row } from './wire.ts';

/** One event of the journal. `held`: it has its sequence, and nobody sees it yet. */
export interface Event {
  readonly sequence: bigint;
  readonly resource: string;
  readonly key: string;
  readonly held: boolean;
}

/** The records and the events of them, as one server has them: every change is applied to it in the order in which it was made. */
export interface Records {
  readonly tables: Readonly<Record<Kept, Table>>;
  readonly events: Table;
  /** Ids of a listing's photos or open houses. */
  children(resource: 'Media' | 'OpenHouse', listing: string): readonly string[];
  markets(): readonly MarketSeed[];
  held(): readonly Event[];
  /** The highest sequence there is, shown or not. */
  last(): bigint;
  /** A change by its kind: a resource's name, or what else happens to records and events. */
  apply(kind: string, entry: Entry | string): void;
  /** Another server with the same records, which goes its own way from now on. */
  copy(): Records;
}

interface State {
  readonly tables: Readonly<Record<Kept, Table>>;
  readonly events: Table;
  /** Resource → key → id of its latest event. */
  readonly latest: Map<string, Map<string, string>>;
  /** Listing → ids of children that were put in by hand. */
  readonly family: Readonly<Record<'Media' | 'OpenHouse', Map<string, Set<string>>>>;
  markets: MarketSeed[];
  held: Event[];
  last: bigint;
}

const PARENT = { Media: 'ResourceRecordKey', OpenHouse: 'ListingKey' } as const;

/** Of an int64: as texts they sort like the numbers they are. */
export const padded = (sequence: bigint | number): string => String(sequence).padStart(19, '0');

export function createRecords(): Records {
  return recordsOf({
    tables: Object.fromEntries(KEPT.map((name) => [name, createTable()])) as Record<Kept, Table>,
    events: createTable(),
    latest: new Map(),
    family: { Media: new Map(), OpenHouse: new Map() },
    ...{ markets: [], held: [], last: 0n },
  });
}

function recordsOf(state: State): Records {
  const { tables, events, latest, family } = state;
  const applied: Readonly<Record<string, (entry: Entry) => void>> = {
    markets: ({ id: _id, ...seed }) => grow(state, seed as unknown as MarketSeed),
    sequence: ({ value }) => void (state.last = BigInt(String(value))),
    release: ({ hideOlder }) => {
      for (const event of state.held) show(state, event, hideOlder === true);
      state.held = [];
    },
    events: ({ id, resource, key, isHeld, hideOlder }) => {
      const event = { sequence: BigInt(id), resource: String(resource), key: String(key), held: isHeld === true };
      state.last = event.sequence;
      if (event.held) state.held.push(event);
      else show(state, event, hideOlder === true);
    },
    clear: () => {
      for (const table of [...Object.values(tables), events]) table.clear();
      for (const map of [latest, family.Media, family.OpenHouse]) map.clear();
      [state.markets, state.held, state.last] = [[], [], 0n];
    },
  };
  return {
    ...{ tables, events, markets: () => state.markets, held: () => state.held, last: () => state.last },
    children: (resource, listing) => childrenOf(state, resource, listing),
    apply: (kind, entry) => {
      const resource = KEPT.find((name) => name === kind);
      if (resource === undefined) return applied[kind]?.(entry as Entry);
      const id = typeof entry === 'string' ? entry : entry.id;
      const row = typeof entry === 'string' ? undefined : (entry['row'] as Row);
      adopt(state, resource, id, row);
      if (row === undefined) tables[resource].remove(id);
      else tables[resource].put(id, row, Date.parse(String(row['ModificationTimestamp'])) || 0);
    },
    copy: () => recordsOf(copyOf(state)),
  };
}

function copyOf(state: State): State {
  const familyOf = (map: Map<string, Set<string>>) => new Map([...map].map(([key, ids]) => [key, new Set(ids)]));
  return {
    ...{ markets: [...state.markets], held: [...state.held], last: state.last },
    tables: Object.fromEntries(KEPT.map((name) => [name, state.tables[name].copy()])) as Record<Kept, Table>,
    events: state.events.copy(),
    latest: new Map([...state.latest].map(([name, known]) => [name, new Map(known)])),
    family: { Media: familyOf(state.family.Media), OpenHouse: familyOf(state.family.OpenHouse) },
  };
}

/** Generated children bear their listing's key, others are looked up. */
function childrenOf({ tables, family }: State, resource: 'Media' | 'OpenHouse', listing: string): readonly string[] {
  const table = tables[resource];
  const walked = table.walk('id');
  const generated: string[] = [];
  for (let at = table.find('id', { at: 0, id: `${listing}-` }, true); at < walked.length; at += 1) {
    const id = table.id(walked[at]!);
    if (!id.startsWith(`${listing}-`)) break;
    if (table.row(walked[at]!)[PARENT[resource]] === listing) generated.push(id);
  }
  return [...new Set([...generated, ...(family[resource].get(listing) ?? [])])];
}

/** Writes down whose child a record is before it changes; without a row it goes. */
function adopt({ tables, family }: State, resource: Kept, id: string, row: Row | undefined): void {
  if (resource !== 'Media' && resource !== 'OpenHouse') return;
  const old = tables[resource].get(id);
  const [before, after] = [old?.[PARENT[resource]], row?.[PARENT[resource]]];
  if (typeof before === 'string') family[resource].get(before)?.delete(id);
  if (typeof after !== 'string') return;
  const ids = family[resource].get(after) ?? new Set<string>();
  family[resource].set(after, ids.add(id));
}

function show({ events, latest }: State, { sequence, resource, key }: Event, hideOlder: boolean): void {
  const id = padded(sequence);
  const known = latest.get(resource) ?? new Map<string, string>();
  latest.set(resource, known);
  const older = known.get(key);
  if (hideOlder && older !== undefined) events.remove(older);
  if (older === undefined || older < id) known.set(key, id);
  const row = {
    EntityEventSequence: sequence,
    ResourceName: resource,
    ResourceRecordKey: key,
    ResourceRecordUrl: null,
  };
  if (!hideOlder || known.get(key) === id) events.put(id, row, Number(sequence));
}

/** Puts a whole generated market in, with an event for every record. */
function grow(state: State, seed: MarketSeed): void {
  const { tables, events, latest } = state;
  state.markets.push(seed);
  const made = marketOf(seed);
  const first = state.last + 1n;
  let total = 0;
  // Whoever is referred to comes before whoever refers to it, children before their listing.
  const spans = (['Office', 'Member', 'Media', 'OpenHouse', 'Property'] as const).map((name) => {
    tables[name].add(made[name]);
    const span = { name, from: total, block: made[name] };
    total += made[name].count;
    return span;
  });
  // After every fifth a number is missing.
  const sequence = (n: number): bigint => first + BigInt(n + Math.floor(n / 5));
  const spanOf = (n: number) => spans.findLast(({ from }) => n >= from)!;
  events.add({
    count: total,
    id: (n) => padded(sequence(n)),
    modified: (n) => Number(sequence(n)),
    row: (n) => {
      const { name, from, block } = spanOf(n);
      return {
        EntityEventSequence: sequence(n),
        ResourceName: name,
        ResourceRecordKey: block.id(n - from),
        ResourceRecordUrl: null,
      };
    },
  });
  for (const { name, from, block } of spans) {
    const known = latest.get(name) ?? new Map<string, string>();
    latest.set(name, known);
    for (let n = 0; n < block.count; n += 1) known.set(block.id(n), padded(sequence(from + n)));
  }
  if (total > 0) state.last = sequence(total - 1);
}
