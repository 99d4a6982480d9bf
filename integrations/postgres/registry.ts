import { AppError } from '../../domain/errors.ts';
import type { RegistryLoad, RegistryStore } from '../../domain/ports/registry.ts';
import { numberHash } from './consent-standing.ts';
import { type Place, type Runner, stored, transaction } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant, isUuid } from './values.ts';

/** Do-Not-Call lists in Postgres; see `RegistryStore` for what each function promises. */
export function createRegistryStore(tenants: Tenants): RegistryStore {
  return {
    loads: (locationId) => stored(() => loads(tenants.at(locationId), locationId)),
    begin: (locationId, load) => stored(() => begin(tenants.at(locationId), locationId, load)),
    add: (locationId, loadId, part, hashes) =>
      stored(() => add(tenants.at(locationId), locationId, { loadId, part, hashes })),
    finish: (locationId, loadId, covers, now) =>
      stored(() => finish(tenants.at(locationId), locationId, { loadId, ...covers, now })),
  };
}

const COLUMNS = `load_id as "loadId", list, as_of as "asOf", area_codes as "areaCodes", numbers, by, finished_at as "finishedAt",
  replaced_at as "replacedAt"`;

async function loads(runner: Runner, locationId: string): Promise<RegistryLoad[]> {
  const { rows } = await runner.query<RegistryLoad>({
    name: 'registry-loads',
    text: `select ${COLUMNS} from registry_loads where location_id = $1 order by begun_at desc, load_id limit 200`,
    values: [clean(locationId)],
  });
  return rows;
}

async function begin(
  runner: Runner,
  locationId: string,
  { list, asOf, by }: Pick<RegistryLoad, 'list' | 'asOf' | 'by'>,
): Promise<string> {
  const { rows } = await runner.query<{ loadId: string }>({
    name: 'registry-begin',
    text: `insert into registry_loads (location_id, list, as_of, by) values ($1, $2, $3, $4) returning load_id as "loadId"`,
    values: [clean(locationId), list, instant(asOf), by],
  });
  return rows[0]!.loadId;
}

async function add(
  place: Place,
  locationId: string,
  { loadId, part, hashes }: { readonly loadId: string; readonly part: number; readonly hashes: readonly string[] },
): Promise<void> {
  await transaction(place, async (client) => {
    const { parts } = await hold(client, locationId, loadId, false);
    if (part > parts + 1) throw new AppError('REGISTRY_INCOMPLETE', `expected part ${parts + 1}, got ${part}`);
    await client.query({
      name: 'registry-add',
      text: `with added as (
          insert into registry_numbers (location_id, load_id, number_hash)
          select $1, $2, hash from unnest($3::bytea[]) as hash
          on conflict do nothing
          returning 1
        )
        update registry_loads set numbers = numbers + (select count(*) from added), parts = greatest(parts, $4)
        where location_id = $1 and load_id = $2`,
      values: [locationId, loadId, hashes.map(numberHash), part],
    });
  });
}

/** Rows that one call takes away at most: it must end in a few seconds. */
const AT_ONCE = 50_000;

interface Finish {
  readonly loadId: string;
  readonly areaCodes: readonly string[];
  readonly parts: number;
  readonly now: string;
}

async function finish(
  place: Place,
  locationId: string,
  { loadId, areaCodes, parts, now }: Finish,
): Promise<{ load: RegistryLoad; left: boolean }> {
  const load = await transaction(place, async (client) => {
    const held = await hold(client, locationId, loadId, true);
    if (held.parts !== parts) {
      throw new AppError('REGISTRY_INCOMPLETE', `expected ${parts} parts, got ${held.parts}`);
    }
    const { rows } = await client.query<RegistryLoad>({
      name: 'registry-finish',
      text: `update registry_loads set finished_at = coalesce(finished_at, $3),
          area_codes = case when finished_at is null then $4::text[] else area_codes end
        where location_id = $1 and load_id = $2 returning ${COLUMNS}`,
      values: [locationId, loadId, instant(now), areaCodes],
    });
    return rows[0]!;
  });
  return { load, left: await takeAway(place, locationId, load, instant(now)) };
}

async function hold(
  runner: Runner,
  locationId: string,
  loadId: string,
  evenFinished: boolean,
): Promise<{ readonly parts: number }> {
  const { rows } = isUuid(loadId)
    ? await runner.query<{ parts: number; open: boolean }>({
        name: 'registry-hold',
        text: `select parts, finished_at is null as open from registry_loads where location_id = $1 and load_id = $2 for update`,
        values: [locationId, loadId],
      })
    : { rows: [] };
  const [row] = rows;
  if (row !== undefined && (row.open || evenFinished)) return row;
  throw new AppError('REGISTRY_LOAD_UNKNOWN', 'expected the id of a load that is under way');
}

/** Older loads of the list whose area codes this one covers, and those that nobody has gone on with for a day. */
async function takeAway(runner: Runner, locationId: string, load: RegistryLoad, now: string): Promise<boolean> {
  const { rows } = await runner.query<{ left: boolean }>({
    name: 'registry-take-away',
    text: `with replaced as (
        select l.load_id from registry_loads l
        where l.location_id = $1 and l.list = $2 and l.load_id <> $3 and l.replaced_at is null
          and case when l.finished_at is null then l.begun_at < $4::timestamptz - interval '1 day'
            else l.as_of <= $5 and l.area_codes <@ $6::text[] end
      ), batch as (
        select n.load_id, n.number_hash from registry_numbers n join replaced using (load_id) where n.location_id = $1 limit ${AT_ONCE}
      ), gone as (
        delete from registry_numbers n using batch b
        where n.location_id = $1 and n.load_id = b.load_id and n.number_hash = b.number_hash
        returning 1
      ), marked as (
        update registry_loads l set replaced_at = $4 from replaced
        where (select count(*) from batch) < ${AT_ONCE} and l.location_id = $1 and l.load_id = replaced.load_id
      )
      select count(*) = ${AT_ONCE} as left from gone`,
    values: [locationId, load.list, load.loadId, now, load.asOf, load.areaCodes],
  });
  return rows[0]?.left === true;
}
