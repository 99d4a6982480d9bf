import type { Iso } from '../../domain/glossary.ts';
import { type Place, stored } from './pool.ts';
import { instant, isUuid } from './values.ts';

/** The mark that tells an older state of this database from the newest one that this machine has seen. */
export interface Mark {
  /** Stays with the database through backup and restore; another database has another. */
  readonly installation: string;
  /** When somebody was last ready to send, by the database's clock; null: nobody yet. */
  readonly at: Iso | null;
}

/** Undefined for a database from before the mark. */
export async function readMark(place: Pick<Place, 'query'>): Promise<Mark | undefined> {
  const { rows } = await stored(() =>
    place.query<Mark>({ name: 'mark-read', text: 'select installation::text, at from high_water' }),
  );
  return rows[0];
}

/**
 * Raises the mark to now, unless it is below `seen`: then this is an older state, and it stays as it is to show that.
 * @returns the mark; undefined when it is below
 */
export async function raiseMark(
  place: Pick<Place, 'query'>,
  installation: string,
  seen: Iso | null,
): Promise<Iso | undefined> {
  if (!isUuid(installation)) return undefined;
  const { rows } = await stored(() =>
    place.query<{ at: Iso }>({
      name: 'mark-raise',
      text: `update high_water set at = greatest(at, clock_timestamp())
        where installation = $1 and coalesce(at, '-infinity') >= coalesce($2::timestamptz, '-infinity') returning at`,
      values: [installation, seen === null ? null : instant(seen)],
    }),
  );
  return rows[0]?.at;
}

export interface Announced {
  readonly lostFrom: Iso;
  readonly lostUntil: Iso;
}

/**
 * Writes down that what happened between the backup and now is unknown. The mark of the restored state is older than its backup, so
 * nobody need know the instant of the backup; if it is given, the earlier of both counts.
 * @param seen  the newest mark that this machine has seen; the database's clock may have been set back since
 * @returns undefined when neither the mark nor `backupAt` says when the backup was taken
 */
export async function announceRestore(
  place: Pick<Place, 'query'>,
  backupAt: Iso | null,
  seen: Iso | null,
): Promise<Announced | undefined> {
  const { rows } = await stored(() =>
    place.query<Announced>({
      name: 'restore-announce',
      text: ANNOUNCE,
      values: [backupAt === null ? null : instant(backupAt), seen === null ? null : instant(seen)],
    }),
  );
  return rows[0];
}

const ANNOUNCE = `
with span as materialized (
  select least(at, $1::timestamptz) as lost_from, greatest(clock_timestamp(), $2::timestamptz) as lost_until from high_water
), risen as (
  update high_water set at = greatest(at, span.lost_until) from span where span.lost_from is not null
)
insert into restores (lost_from, lost_until)
select least(lost_from, lost_until), lost_until from span where lost_from is not null
returning lost_from as "lostFrom", lost_until as "lostUntil"`;

/** Processes of ours that are connected to this database, apart from the one that asks. */
export async function othersConnected(place: Pick<Place, 'query'>): Promise<number> {
  const { rows } = await stored(() =>
    place.query<{ count: number }>({
      name: 'others-connected',
      text: `select count(*)::integer as count from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid() and application_name = 'leadwright'`,
    }),
  );
  return rows[0]?.count ?? 0;
}
