import { cachedLayers } from '../../domain/assistant/layers.ts';
import type { Usage } from '../../domain/assistant/prices.ts';
import type { Iso } from '../../domain/glossary.ts';
import type { CostRow } from '../../domain/ports/model-ledger.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant } from './values.ts';

type Counted = Omit<CostRow, 'tokens'> & { readonly tokens: readonly number[] };

/** Per day, model and job; of one location, or of all. */
export async function costOf(tenants: Tenants, since: Iso, locationId?: string): Promise<readonly CostRow[]> {
  const { rows } =
    locationId === undefined
      ? await tenants.house.query<Counted>({ name: 'model-cost-all', text: cost('true'), values: [instant(since)] })
      : await tenants.at(locationId).query<Counted>({
          name: 'model-cost',
          text: cost('location_id = $2'),
          values: [instant(since), clean(locationId)],
        });
  return rows.map(({ tokens, ...row }) => ({ ...row, tokens: usageOf(tokens) }));
}

function usageOf([input = 0, read = 0, write5m = 0, write1h = 0, output = 0]: readonly number[]): Usage {
  return { input, read, write5m, write1h, output };
}

const classes = [1, 2, 3, 4, 5].map((of) => `coalesce(sum(tokens[${of}]), 0)::bigint`).join(', ');

const layers = cachedLayers
  .map(
    (layer) => `'${layer}', jsonb_build_object(
      'calls', count(*) filter (where readings @> '[{"layer":"${layer}"}]'),
      'read', count(*) filter (where readings @> '[{"layer":"${layer}","read":true}]'))`,
  )
  .join(', ');

/** As `standingOf`: what is under way is neither billed nor in doubt yet. */
const cost = (of: string): string => `
with calls as materialized (
  select to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day, model, job, batch, state, state in ('reserved', 'sent') as open, billed, up_to,
    counterfactual, tokens, readings
  from model_calls where ${of} and at >= $1
), missed as (
  select day, model, job, batch, jsonb_object_agg(why, times order by times desc, why) as misses
  from (
    select day, model, job, batch, concat_ws(':', reading ->> 'why', reading ->> 'changed') as why, count(*) as times
    from calls, jsonb_array_elements(readings) as reading where not (reading ->> 'read')::boolean
    group by 1, 2, 3, 4, 5) as reasons
  group by 1, 2, 3, 4
), counted as (
  select day, model, job, batch, count(*) as attempts, count(tokens) as answered, count(*) filter (where open) as open,
    count(*) filter (where state = 'settled') as settled, to_jsonb(array[${classes}]) as tokens,
    coalesce(sum(billed) filter (where not open), 0)::bigint as billed,
    coalesce(sum(up_to - billed) filter (where not open), 0)::bigint as maybe,
    coalesce(sum(counterfactual), 0)::bigint as counterfactual,
    jsonb_build_object(${layers}) as layers
  from calls group by 1, 2, 3, 4
)
select counted.*, coalesce(misses, '{}') as misses
from counted left join missed using (day, model, job, batch)
order by day desc, model, job, batch`;
