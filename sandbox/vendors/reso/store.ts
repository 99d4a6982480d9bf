import { openJournal } from './journal.ts';
import type { Entry, Journal } from './journal.ts';
import type { MarketSeed } from './market.ts';
import { createRecords, padded } from './records.ts';
import type { Event } from './records.ts';
import { createReplica } from './replica.ts';
import type { Replica } from './replica.ts';
import type { Kept } from './schema.ts';
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

export interface Store {
  readonly tables: Readonly<Record<Kept, Table>>;
  readonly events: Table;
  /** What reads show of them. */
  readonly replica: Replica;
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

const none: Journal = { append: () => undefined, empty: () => undefined };

/** The stand-in's whole memory, by the feed's time; with a home folder every change is journalled there before it is answered. */
export function openStore(home: string | undefined, now: () => number): Store {
  const records = createRecords();
  const replica = createReplica(records, now);
  const settings = new Map<string, Json>();
  let ledger: Call[] = [];
  let changes: (readonly [string, Entry | string])[] = [];

  const apply = (kind: string, entry: Entry | string): void => {
    if (kind === 'clear') {
      settings.clear();
      ledger = [];
      replica.reset();
    }
    if (kind !== 'settings') return records.apply(kind, entry);
    const { id, value } = entry as Entry;
    if (value === null) settings.delete(id);
    else settings.set(id, value as Json);
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
    if (kind !== 'settings') replica.follow(kind, entry);
    if (home !== undefined) changes.push([kind, entry]);
  };

  const store: Store = {
    tables: records.tables,
    events: records.events,
    replica,
    put: (resource, id, row) => change(resource, { id, row }),
    remove: (resource, id) => {
      if (!records.tables[resource].has(id)) return false;
      change(resource, id);
      return true;
    },
    addMarket: (seed) => change('markets', { id: seed.prefix, ...seed }),
    children: records.children,
    markets: records.markets,
    addEvent: (resource, key, { hideOlder, gap, held: isHeld }) => {
      const sequence = records.last() + 1n + BigInt(gap);
      change('events', { id: padded(sequence), resource, key, isHeld, hideOlder });
      return { sequence, resource, key, held: isHeld };
    },
    release: () => {
      const shown = records.held();
      const hideOlder = (settings.get('events')?.['hideOlder'] ?? true) === true;
      change('release', { id: 'release', hideOlder });
      return shown;
    },
    held: records.held,
    lastSequence: records.last,
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
