import { openJournal } from './journal.ts';
import type { Entry, Journal, Row } from './journal.ts';
import type { Incoming } from './incoming.ts';

export type { Row } from './journal.ts';

/** Every table, and the field by which its rows are looked up together. */
const OWNER = {
  locations: 'companyId',
  tokens: 'locationId',
  users: 'companyId',
  contacts: 'locationId',
  deletedContacts: 'locationId',
  tags: 'locationId',
  customFields: 'locationId',
  customValues: 'locationId',
  tasks: 'contactId',
  notes: 'contactId',
  conversations: 'contactId',
  messages: 'conversationId',
  pipelines: 'locationId',
  opportunities: 'locationId',
  calendars: 'locationId',
  workflows: 'locationId',
  enrolments: 'contactId',
  numbers: 'locationId',
  objects: 'locationId',
  records: 'locationId',
  associations: 'locationId',
  relations: 'locationId',
  unsubscriptions: 'contactId',
  companies: 'kind',
  installs: 'companyId',
  codes: 'install',
  refreshTokens: 'install',
  carrierFaults: 'kind',
  unindexed: 'shelf',
  due: 'kind',
  deliveries: 'kind',
  settings: 'kind',
} as const;

export type Table = keyof typeof OWNER;
export const TABLES = Object.keys(OWNER) as Table[];

/**
 * One line of `GET /_sandbox/ledger`. `dropped`: the caller never got the whole answer. `fault`: an injected fault answered.
 * `by`: no call of the API at all, but a person in GHL's pages or something inside GHL did it.
 */
export interface Call {
  readonly n: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, unknown>>;
  readonly body: unknown;
  readonly status: number;
  readonly locationId?: string;
  readonly contactId?: string;
  readonly dropped?: boolean;
  readonly fault?: boolean;
  readonly by?: 'person' | 'ghl';
}

/** The ledger's entry about a request and what became of it. */
export function callOf(
  { at, method, path, query, body }: Pick<Incoming, 'at' | 'method' | 'path' | 'query' | 'body'>,
  rest: Omit<Call, 'n' | 'at' | 'method' | 'path' | 'query' | 'body'>,
): Omit<Call, 'n'> {
  return { at, method, path, query: { ...query }, body: body ?? null, ...rest };
}

export interface Store {
  get(table: Table, id: string): Row | undefined;
  all(table: Table): Iterable<Row>;
  /** Rows of one owner in the order of their first writing. */
  of(table: Table, owner: string): Row[];
  put(table: Table, row: Row): void;
  remove(table: Table, id: string): void;
  /** Makes the changes since the last commit durable, together with the ledger's entry if there is one. */
  commit(call?: Omit<Call, 'n'>): void;
  calls(after: number): readonly Call[];
  lastCall(): number;
  /** Empties every table and the ledger. */
  clear(): void;
  close(): void;
}

/** Replaced or removed rows beyond which a start rewrites the journal without them. */
const COMPACT_ABOVE = 20_000;

/** The stand-in's whole memory: tables held in maps, every change journalled in `home` before it is answered. */
export function openStore(home: string): Store {
  const tables = new Map<Table, Map<string, Row>>(TABLES.map((table) => [table, new Map()]));
  const owners = new Map<Table, Map<string, Map<string, Row>>>(TABLES.map((table) => [table, new Map()]));
  let ledger: Call[] = [];
  let changes: (readonly [Table, Row | string])[] = [];

  const forget = (table: Table, id: string): void => {
    const old = tables.get(table)?.get(id);
    if (old === undefined) return;
    tables.get(table)?.delete(id);
    owners.get(table)?.get(String(old[OWNER[table]]))?.delete(id);
  };
  const keep = (table: Table, row: Row): void => {
    const owner = String(row[OWNER[table]]);
    const old = tables.get(table)?.get(row.id);
    if (old !== undefined && String(old[OWNER[table]]) !== owner) forget(table, row.id);
    tables.get(table)?.set(row.id, row);
    const groups = owners.get(table);
    if (!groups?.has(owner)) groups?.set(owner, new Map());
    groups?.get(owner)?.set(row.id, row);
  };
  const apply = (table: Table, change: Row | string): void =>
    typeof change === 'string' ? forget(table, change) : keep(table, change);

  let written = 0;
  const journal: Journal = openJournal(home, (entry) => {
    written += entry.set?.length ?? 0;
    for (const [table, change] of entry.set ?? []) if (table in OWNER) apply(table as Table, change);
    if (entry.call) ledger.push(entry.call as unknown as Call);
  });
  const rewrite = (): void => journal.rewrite(snapshot(tables, ledger));
  const alive = [...tables.values()].reduce((sum, rows) => sum + rows.size, 0);
  if (written - alive > COMPACT_ABOVE) rewrite();

  return {
    get: (table, id) => tables.get(table)?.get(id),
    all: (table) => tables.get(table)?.values() ?? [],
    of: (table, owner) => [...(owners.get(table)?.get(owner)?.values() ?? [])],
    put: (table, row) => {
      keep(table, row);
      changes.push([table, row]);
    },
    remove: (table, id) => {
      forget(table, id);
      changes.push([table, id]);
    },
    commit: (call) => {
      if (call === undefined && changes.length === 0) return;
      const numbered = call && { n: (ledger.at(-1)?.n ?? 0) + 1, ...call };
      journal.append({ ...(changes.length > 0 && { set: changes }), ...(numbered && { call: { ...numbered } }) });
      if (numbered) ledger.push(numbered);
      changes = [];
    },
    // Numbers have no gaps, so the wanted tail starts at a known place.
    calls: (after) => ledger.slice(Math.max(0, after - (ledger[0]?.n ?? 1) + 1)),
    lastCall: () => ledger.at(-1)?.n ?? 0,
    clear: () => {
      for (const table of TABLES) {
        tables.get(table)?.clear();
        owners.get(table)?.clear();
      }
      ledger = [];
      changes = [];
      rewrite();
    },
    close: () => journal.close(),
  };
}

function snapshot(tables: ReadonlyMap<Table, ReadonlyMap<string, Row>>, ledger: readonly Call[]): Entry[] {
  const entries: Entry[] = [];
  for (const [table, rows] of tables) for (const row of rows.values()) entries.push({ set: [[table, row]] });
  for (const call of ledger) entries.push({ call: { ...call } });
  return entries;
}
