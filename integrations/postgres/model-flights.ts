import type { ModelFlights } from '../../domain/ports/model-ledger.ts';
import { stored } from './pool.ts';
import type { Tenants } from './tenants.ts';

/** Flights in Postgres; see `ModelFlights` for what each function promises. */
export function createModelFlights({ house }: Pick<Tenants, 'house'>): ModelFlights {
  return {
    take: (prints, owner, forMs) =>
      stored(async () => {
        const { rows } = await house.query<{ taken: boolean }>({
          name: 'model-flights-take',
          text: TAKE,
          values: [[...new Set(prints)].sort(), owner, forMs],
        });
        return rows[0]!.taken;
      }),
    land: (prints, owner) =>
      stored(async () => {
        await house.query({
          name: 'model-flights-land',
          text: 'delete from model_flights where print = any($1) and owner = $2',
          values: [prints, owner],
        });
      }),
  };
}

/** Rows in one order, so that two never wait for each other. What others hold is not ours; what is over is. */
const TAKE = `
with wanted as (select print from unnest($1::text[]) as print order by print),
taken as (
  insert into model_flights as f (print, owner, until)
  select print, $2::uuid, clock_timestamp() + $3 * interval '1 millisecond' from wanted
  on conflict (print) do update set owner = excluded.owner, until = excluded.until
    where f.until < clock_timestamp() or f.owner = excluded.owner
  returning print
)
select (select count(*) from taken) = cardinality($1::text[]) as taken`;
