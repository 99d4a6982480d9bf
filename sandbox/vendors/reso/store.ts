import { openJournal } from './journal.ts';
import type { Entry, Journal } from './journal.ts';
import { marketOf } from './market.ts';
import type { MarketSeed } from './market.ts';
import { KEPT } from './schema.ts';
import type { Kept } from './schema.ts';
import { createTable } from './table.ts';
import type { Table } from './table.ts';
import type { Json, Row } from './wire.ts';

/** One line of `GET /_sandbox/ledger`; status 0: nothing was answered. */
export interface Call {
  readonly n: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: Json;
  readonly status: number;
  readonly token?: string;
  readonly rows?: number;
  readonly bytes?: number;
  readonly fault?: boolean;
}

/** One event of the journal. `held`: it has its sequence, and nobody sees it yet. */
export interface Event {
  readonly sequence: bigint;
  readonly resource: string;
  readonly key: string;
  readonly held: boolean;
}

export interface Store {
  readonly tables: Readonly<Record<Kept, Table>>;
  readonly events: Table;
  put(resource: Kept, id: string, row: Row): void;
  remove(resource: Kept, id: string): boolean;
  /** Ids of a listing's photos or open houses. */
  children(resource: 'Media' | 'OpenHouse', listing: string): readonly string[];
  /** Puts a whole generated market in, with an event for every record. */
  addMarket(seed: MarketSeed): void;
  markets(): readonly MarketSeed[];
  addEvent(resource: string, key: string, options: { hideOlder: boolean; gap: number; held: boolean }): Event;
  /** Shows what was withheld; answers how many events. */
  release(): readonly Event[];
  held(): readonly Event[];
  /** The highest sequence there is, shown or not. */
  lastSequence(): bigint;
  /** Sequences go on from here: an int64 beyond what a double can hold. */
  jumpTo(sequence: bigint): void;
  setting(name: string): Json | undefined;
  setSetting(name: string, value: Json | undefined): void;
  settings(prefix: string): ReadonlyMap<string, Json>;
  /** Makes the changes since the last commit durable, together with the ledger's entry if there is one. */
  commit(call?: Omit<Call, 'n'>): void;
  calls(after: number): readonly Call[];
  lastCall(): number;
  clear(): void;
}

const PARENT = { Media: 'ResourceRecordKey', OpenHouse: 'ListingKey' } as const;
/** Of an int64: as texts they sort like the numbers they are. */
export const padded = (sequence: bigint | number): string => String(sequence).padStart(19, '0');

const none: Journal = { append: () => undefined, empty: () => undefined };

/** The stand-in's whole memory; with a home folder every change is journalled there before it is answered. */
export function openStore(home: string | undefined): Store {
  const tables = Object.fromEntries(KEPT.map((name) => [name, createTable()])) as Record<Kept, Table>;
  const events = createTable();
  const settings = new Map<string, Json>();
  const latest = new Map<string, Map<string, string>>();
  const family = { Media: new Map<string, Set<string>>(), OpenHouse: new Map<string, Set<string>>() };
  let markets: MarketSeed[] = [];
  let held: Event[] = [];
  let ledger: Call[] = [];
  let last = 0n;
  let changes: (readonly [string, Entry | string])[] = [];

  const adopt = (resource: Kept, id: string, row: Row | undefined): void => {
    if (resource !== 'Media' && resource !== 'OpenHouse') return;
    const old = tables[resource].get(id);
    const [before, after] = [old?.[PARENT[resource]], row?.[PARENT[resource]]];
    if (typeof before === 'string') family[resource].get(before)?.delete(id);
    if (typeof after !== 'string') return;
    const ids = family[resource].get(after) ?? new Set<string>();
    family[resource].set(after, ids.add(id));
  };
  const show = ({ sequence, resource, key }: Event, hideOlder: boolean): void => {
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
  };
  const applied: Readonly<Record<string, (entry: Entry) => void>> = {
    settings: ({ id, value }) => {
      if (value === null) settings.delete(id);
      else settings.set(id, value as Json);
    },
    markets: ({ id: _id, ...seed }) => grow(seed as unknown as MarketSeed),
    sequence: ({ value }) => void (last = BigInt(String(value))),
    release: ({ hideOlder }) => {
      for (const event of held) show(event, hideOlder === true);
      held = [];
    },
    events: ({ id, resource, key, isHeld, hideOlder }) => {
      const event = { sequence: BigInt(id), resource: String(resource), key: String(key), held: isHeld === true };
      last = event.sequence;
      if (event.held) held.push(event);
      else show(event, hideOlder === true);
    },
    clear: () => {
      for (const table of [...Object.values(tables), events]) table.clear();
      for (const map of [settings, latest, family.Media, family.OpenHouse]) map.clear();
      [markets, held, ledger, last] = [[], [], [], 0n];
    },
  };
  const grow = (seed: MarketSeed): void => {
    markets.push(seed);
    const made = marketOf(seed);
    const first = last + 1n;
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
    if (total > 0) last = sequence(total - 1);
  };
  const apply = (kind: string, entry: Entry | string): void => {
    const resource = KEPT.find((name) => name === kind);
    if (resource === undefined) return applied[kind]?.(entry as Entry);
    const id = typeof entry === 'string' ? entry : entry.id;
    const row = typeof entry === 'string' ? undefined : (entry['row'] as Row);
    adopt(resource, id, row);
    if (row === undefined) tables[resource].remove(id);
    else tables[resource].put(id, row, Date.parse(String(row['ModificationTimestamp'])) || 0);
  };

  const journal =
    home === undefined
      ? none
      : openJournal(home, ({ set = [], call }) => {
          for (const [kind, entry] of set) apply(kind, entry);
          if (call !== undefined) ledger.push(call as unknown as Call);
        });
  const change = (kind: string, entry: Entry | string): void => {
    apply(kind, entry);
    if (home !== undefined) changes.push([kind, entry]);
  };

  const store: Store = {
    tables,
    events,
    put: (resource, id, row) => change(resource, { id, row }),
    remove: (resource, id) => {
      if (!tables[resource].has(id)) return false;
      change(resource, id);
      return true;
    },
    children: (resource, listing) => {
      const table = tables[resource];
      const walked = table.walk('id');
      const generated: string[] = [];
      for (let at = table.find('id', { at: 0, id: `${listing}-` }, true); at < walked.length; at += 1) {
        const id = table.id(walked[at]!);
        if (!id.startsWith(`${listing}-`)) break;
        if (table.row(walked[at]!)[PARENT[resource]] === listing) generated.push(id);
      }
      return [...new Set([...generated, ...(family[resource].get(listing) ?? [])])];
    },
    addMarket: (seed) => change('markets', { id: seed.prefix, ...seed }),
    markets: () => markets,
    addEvent: (resource, key, { hideOlder, gap, held: isHeld }) => {
      const sequence = last + 1n + BigInt(gap);
      change('events', { id: padded(sequence), resource, key, isHeld, hideOlder });
      return { sequence, resource, key, held: isHeld };
    },
    release: () => {
      const shown = held;
      const hideOlder = (settings.get('events')?.['hideOlder'] ?? true) === true;
      change('release', { id: 'release', hideOlder });
      return shown;
    },
    held: () => held,
    lastSequence: () => last,
    jumpTo: (sequence) => change('sequence', { id: 'sequence', value: String(sequence) }),
    setting: (name) => settings.get(name),
    setSetting: (name, value) => change('settings', { id: name, value: value ?? null }),
    settings: (prefix) => new Map([...settings].filter(([name]) => name.startsWith(prefix))),
    commit: (call) => {
      const told = call === undefined ? undefined : { n: (ledger.at(-1)?.n ?? 0) + 1, ...call };
      if (told !== undefined) ledger.push(told);
      if (changes.length > 0 || told !== undefined)
        journal.append({
          ...(changes.length > 0 && { set: changes }),
          ...(told !== undefined && { call: { ...told } }),
        });
      changes = [];
    },
    calls: (after) => ledger.filter(({ n }) => n > after),
    lastCall: () => ledger.at(-1)?.n ?? 0,
    clear: () => {
      change('clear', { id: 'clear' });
      journal.empty();
      changes = [];
    },
  };
  return store;
}
