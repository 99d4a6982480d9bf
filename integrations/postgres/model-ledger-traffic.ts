import type { CachedLayer } from '../../domain/assistant/layers.ts';
import type { Gaps } from '../../domain/assistant/ttl.ts';
import type { Iso } from '../../domain/glossary.ts';
import type { CountedTraffic } from '../../domain/ports/model-ledger.ts';
import type { Tenants } from './tenants.ts';
import { clean } from './values.ts';

const WINDOW_MS = 7 * 86_400_000;
/** Newest calls that are looked at. */
const MOST = 4_000;

/** How calls followed one another; a ping is no call, but whoever comes after it finds the prefix warm. */
export async function trafficOf(
  tenants: Tenants,
  locationId: string,
  model: string,
  now: Iso,
): Promise<CountedTraffic> {
  const since = new Date(Date.parse(now) - WINDOW_MS).toISOString();
  const [own, all] = await Promise.all([
    tenants
      .at(locationId)
      .query<Readonly<Record<Exclude<CachedLayer, 'global'>, Gaps>> & Omit<CountedTraffic, 'gaps'>>({
        name: 'model-traffic',
        text: TRAFFIC,
        values: [clean(locationId), model, since],
      }),
    tenants.house.query<{ global: Gaps }>({ name: 'model-traffic-all', text: TRAFFIC_OF_ALL, values: [model, since] }),
  ]);
  const { location, conversation, talks, meanOutput } = own.rows[0]!;
  return { gaps: { global: all.rows[0]!.global, location, conversation }, talks, meanOutput };
}

const newest = (of: string, model: string, since: string): string => `
  select at, contact_id, job, tokens from model_calls
  where ${of} and model = ${model} and at > ${since} and state <> 'not-billed' and not batch order by at desc limit ${MOST}`;

const gaps = (
  gap: string,
  of = '',
): string => `jsonb_build_object('calls', count(${gap}) filter (where job <> 'warm' ${of}),
  'over5m', count(*) filter (where ${gap} > interval '5 minutes' and job <> 'warm' ${of}),
  'over1h', count(*) filter (where ${gap} > interval '1 hour' and job <> 'warm' ${of}))`;

const TRAFFIC = `
with calls as (
  select job, contact_id, tokens, at - lag(at) over (order by at) as gap,
    at - lag(at) over (partition by contact_id order by at) as talk_gap
  from (${newest('location_id = $1', '$2', '$3')}) as newest
)
select ${gaps('gap')} as location, ${gaps('talk_gap', 'and contact_id is not null')} as conversation,
  jsonb_build_object('calls', count(*) filter (where contact_id is not null),
    'opening', count(*) filter (where contact_id is not null and talk_gap is null)) as talks,
  (avg(tokens[5]) filter (where job <> 'warm'))::float8 as "meanOutput"
from calls`;

const TRAFFIC_OF_ALL = `
select ${gaps('gap')} as global
from (select job, at - lag(at) over (order by at) as gap from (${newest('true', '$1', '$2')}) as newest) as calls`;
