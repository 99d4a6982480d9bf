import type { ModelFlights } from '../../domain/ports/model-ledger.ts';
import { stored } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { instant } from './values.ts';

/** Flights in Postgres; see `ModelFlights` for what each function promises. */
export function createModelFlights({ house }: Pick<Tenants, 'house'>): ModelFlights {
  return {
    take: (prints, owner, { from, until }) =>
      stored(async () => {
        const { rows } = await house.query<{ ours: number; theirs: number }>({
          name: 'model-flights-take',
          text: TAKE,
          values: [prints, owner, instant(from), instant(until)],
        });
        return rows[0]!;
      }),
    land: (owner, written) =>
      stored(async () => {
        await house.query({
          name: 'model-flights-land',
          text: `update model_flights f set until = '-infinity', warm_until = w.warm_until
            from unnest($2::text[], $3::timestamptz[]) as w (print, warm_until)
            where f.print = w.print and f.owner = $1`,
          values: [owner, Object.keys(written), Object.values(written)],
        });
      }),
  };
}

/** Rows in one order, so that two never wait for each other. A lease that is over is anybody's, and what is written needs none. */
const TAKE = `
with wanted as (select distinct print from unnest($1::text[]) as print order by print),
taken as (
  insert into model_flights as f (print, owner, until)
  select print, $2::uuid, $4 from wanted
  on conflict (print) do update set owner = excluded.owner, until = excluded.until, warm_until = null
    where (f.until <= $3 or f.owner = excluded.owner) and coalesce(f.warm_until <= $3, true)
  returning print
)
select (select count(*) from taken) as ours,
  (select count(*) from wanted where print not in (select print from taken)
    and not exists (select from model_flights f where f.print = wanted.print and f.warm_until > $3)) as theirs`;
