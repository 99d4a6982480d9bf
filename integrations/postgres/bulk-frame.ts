import pg from 'pg';

/** What stands around a table's rows and is built anew once they are in. */
export interface Frame {
  readonly table: string;
  /** Foreign keys first, which lean on the others. */
  readonly constraints: readonly { readonly name: string; readonly definition: string; readonly foreign: boolean }[];
  readonly indexes: readonly { readonly name: string; readonly definition: string }[];
  /** Triggers that are switched on. */
  readonly triggers: readonly string[];
}

type Db = Pick<pg.Client, 'query'>;
const quoted = pg.escapeIdentifier;

/**
 * Takes keys, indexes and triggers away from tables that are about to be filled: rows are then neither sorted in one by one nor
 * worked by triggers. Inside a transaction, which must call `putBack` before it ends. A partitioned table keeps its own.
 */
export async function takeDown(db: Db, tables: readonly string[]): Promise<readonly Frame[]> {
  const frames: Frame[] = [];
  for (const table of tables) frames.push(await readFrame(db, table));
  for (const { table, triggers } of frames) {
    for (const trigger of triggers) await db.query(`alter table ${quoted(table)} disable trigger ${quoted(trigger)}`);
  }
  for (const foreign of [true, false]) {
    for (const { table, constraints } of frames) {
      for (const one of constraints.filter((constraint) => constraint.foreign === foreign)) {
        await db.query(`alter table ${quoted(table)} drop constraint ${quoted(one.name)}`);
      }
    }
  }
  for (const { name } of frames.flatMap(({ indexes }) => indexes)) await db.query(`drop index ${quoted(name)}`);
  return frames;
}

/** Builds everything again as its stored definition says. `say` is told of each table. */
export async function putBack(db: Db, frames: readonly Frame[], say: (table: string) => void): Promise<void> {
  for (const { table, constraints, indexes } of frames) {
    if (constraints.length + indexes.length === 0) continue;
    say(table);
    for (const { name, definition } of constraints.filter(({ foreign }) => !foreign)) {
      await db.query(`alter table ${quoted(table)} add constraint ${quoted(name)} ${definition}`);
    }
    for (const { definition } of indexes) await db.query(definition);
  }
  for (const { table, constraints, triggers } of frames) {
    for (const { name, definition } of constraints.filter(({ foreign }) => foreign)) {
      await db.query(`alter table ${quoted(table)} add constraint ${quoted(name)} ${definition}`);
    }
    for (const trigger of triggers) await db.query(`alter table ${quoted(table)} enable trigger ${quoted(trigger)}`);
  }
}

async function readFrame(db: Db, table: string): Promise<Frame> {
  const { rows } = await db.query<Omit<Frame, 'table'>>(FRAME, [table]);
  const frame = rows[0];
  if (frame === undefined) throw new Error(`there is no table ${table}`);
  return { table, ...frame };
}

/** Of an index that a constraint stands on only the constraint is told; of triggers those that are switched on as they were made. */
const FRAME = `
select
  coalesce((select jsonb_agg(jsonb_build_object('name', k.conname, 'definition', pg_get_constraintdef(k.oid), 'foreign', k.contype = 'f')
      order by k.conname)
    from pg_constraint k where k.conrelid = c.oid and k.contype in ('p', 'u', 'f') and c.relkind = 'r'), '[]') as constraints,
  coalesce((select jsonb_agg(jsonb_build_object('name', x.relname, 'definition', pg_get_indexdef(x.oid)) order by x.relname)
    from pg_index i join pg_class x on x.oid = i.indexrelid
    where i.indrelid = c.oid and c.relkind = 'r' and not exists (select from pg_constraint k where k.conindid = x.oid and k.conrelid = c.oid)),
    '[]') as indexes,
  coalesce((select jsonb_agg(t.tgname order by t.tgname)
    from pg_trigger t where t.tgrelid = c.oid and not t.tgisinternal and t.tgenabled = 'O'), '[]') as triggers
from pg_class c where c.relnamespace = 'public'::regnamespace and c.relname = $1`;
