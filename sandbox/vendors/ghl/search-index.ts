import { lagOf } from './settings.ts';
import type { Row, Store, Table } from './store.ts';

/** The tables that GHL searches through an index, which learns of a write some time later. */
type Indexed = 'contacts' | 'opportunities';

/** A row as it was from some moment on, or that it was not there. */
interface Version {
  /** Epoch milliseconds; 0 for what was before the first write that the index had yet to see. */
  readonly from: number;
  readonly row: Row | null;
}

interface Late extends Row {
  /** Table and location. */
  readonly shelf: string;
  readonly rowId: string;
  readonly versions: readonly Version[];
}

/** A store whose writes the index sees late; the store itself where there is no lag. */
export function lagged(store: Store, now: string): Store {
  const lagMs = lagOf(store);
  if (lagMs === 0) return store;
  const at = Date.parse(now);
  const note = (table: Table, before: Row | undefined, after: Row | null): void => {
    if (table !== 'contacts' && table !== 'opportunities') return;
    const row = after ?? before;
    if (row === undefined) return;
    const id = `${table}:${row.id}`;
    const known = (store.get('unindexed', id) as Late | undefined)?.versions ?? [{ from: 0, row: before ?? null }];
    const [seen, later] = [known.filter((one) => one.from <= at - lagMs), known.filter((one) => one.from > at - lagMs)];
    const versions = [...seen.slice(-1), ...later, { from: at, row: after }];
    store.put('unindexed', { id, shelf: shelf(table, String(row['locationId'])), rowId: row.id, versions });
  };
  return {
    ...store,
    put: (table, row) => {
      note(table, store.get(table, row.id), row);
      store.put(table, row);
    },
    remove: (table, id) => {
      note(table, store.get(table, id), null);
      store.remove(table, id);
    },
  };
}

/** The rows of a location as a search finds them now. */
export function searchable(store: Store, table: Indexed, locationId: string, now: string): Row[] {
  const rows = new Map(store.of(table, locationId).map((row) => [row.id, row]));
  const at = Date.parse(now) - lagOf(store);
  for (const { rowId, versions } of store.of('unindexed', shelf(table, locationId)) as Late[]) {
    const seen = versions.filter((version) => version.from <= at).at(-1);
    if (seen?.row) rows.set(rowId, seen.row);
    else rows.delete(rowId);
  }
  return [...rows.values()];
}

function shelf(table: Indexed, locationId: string): string {
  return `${table}:${locationId}`;
}
