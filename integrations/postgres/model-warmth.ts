import type { Breakpoint } from '../../domain/assistant/breakpoints.ts';
import type { Fingerprints } from '../../domain/assistant/layers.ts';
import type { ModelWarmth } from '../../domain/ports/warmth.ts';
import type { Tenants } from './tenants.ts';
import { clean } from './values.ts';

/** Longer than the pings in a row that pay, whatever the model. */
const WINDOW_MS = 7 * 86_400_000;

export function createModelWarmth(tenants: Tenants): ModelWarmth {
  return {
    touches: async (locationId, now) => {
      const { rows } = await tenants.at(locationId).query<{
        readonly model: string;
        readonly at: string;
        readonly marks: readonly Breakpoint[];
        readonly prints: Fingerprints;
        readonly pings: number;
      }>({
        name: 'model-touches',
        text: TOUCHES,
        values: [clean(locationId), new Date(now.getTime() - WINDOW_MS)],
      });
      return rows.map((row) => ({ ...row, at: Date.parse(row.at) }));
    },
  };
}

/** What came back without an answer may have touched the cache or not: it is not counted on. */
const TOUCHES = `
with calls as (
  select model, job, at, marks, prints from model_calls
  where location_id = $1 and at > $2 and state in ('billed', 'settled') and not batch
), real as (
  select model, max(at) as at from calls where job <> 'warm' group by model
)
select distinct on (calls.model) calls.model, calls.at, calls.marks, calls.prints,
  (select count(*)::integer from calls as ping where ping.model = real.model and ping.job = 'warm' and ping.at > real.at) as pings
from calls join real using (model)
order by calls.model, calls.at desc`;
