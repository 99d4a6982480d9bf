import { type Budget, budgetVerdict } from '../../domain/assistant/budgets.ts';
import type { Earlier, EarlierCall } from '../../domain/assistant/misses.ts';
import { afterNews, type Entry, type News, reserve as reserved, type Standing } from '../../domain/assistant/ledger.ts';
import { type BudgetLimits, budgetWindows } from '../../domain/assistant/limits.ts';
import type { Bill, Usage } from '../../domain/assistant/prices.ts';
import { AppError } from '../../domain/errors.ts';
import type {
  AttemptRef,
  Before,
  Intent,
  KeptAnswer,
  ModelLedger,
  Offer,
  Reserved,
  Told,
} from '../../domain/ports/model-ledger.ts';
import { GONE } from './kept.ts';
import { takeLocks } from './locks.ts';
import { costOf } from './model-ledger-cost.ts';
import { trafficOf } from './model-ledger-traffic.ts';
import { type Client, type Place, stored, transaction } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant, toJsonb } from './values.ts';

/** The ledger of model calls in Postgres; see `ModelLedger` for what each function promises. */
export function createModelLedger(tenants: Tenants): ModelLedger {
  return {
    before: (call) => stored(() => before(tenants, call)),
    reserve: (intent, limits, wanted, cheaper) =>
      stored(() => reserve(tenants.at(intent.locationId), intent, limits, wanted, cheaper)),
    settle: (ref, sent, news, told, answer) =>
      stored(() => settle(tenants.at(ref.locationId), ref, sent, news, told, answer)),
    traffic: (locationId, model, now) => stored(() => trafficOf(tenants, locationId, model, now)),
    cost: (since, locationId) => stored(() => costOf(tenants, since, locationId)),
  };
}

async function before(
  tenants: Tenants,
  { locationId, contactId, callKey, model, now }: Parameters<ModelLedger['before']>[0],
): Promise<Before> {
  const dayAgo = new Date(Date.parse(now) - 86_400_000).toISOString();
  const [own, all] = await Promise.all([
    tenants.at(locationId).query<Omit<Before, 'earlier'> & Earlier>({
      name: 'model-before',
      text: BEFORE,
      values: [clean(locationId), clean(callKey), contactId === null ? null : clean(contactId), model, dayAgo],
    }),
    tenants.house.query<{ earlier: EarlierCall | null }>({
      name: 'model-before-all',
      text: `select ${lastCall('true', '$1', '$2')} as earlier`,
      values: [model, dayAgo],
    }),
  ]);
  const { answer, cost, location, conversation } = own.rows[0]!;
  const earlier = { global: all.rows[0]!.earlier, location, conversation };
  return {
    answer,
    cost,
    earlier: Object.fromEntries(Object.entries(earlier).filter(([, call]) => call !== null)),
  };
}

/** The last call that may have left something in the cache; of the same model, else of any. Of a batch nobody knows when it was worked. */
function lastCall(of: string, model: string, since: string): string {
  const last = (more: string): string => `(select jsonb_build_object(
      'at', (extract(epoch from at) * 1000)::bigint, 'prints', prints, 'marks', marks)
    from model_calls where ${of} and at > ${since}::timestamptz and state <> 'not-billed' and not batch ${more} order by at desc limit 1)`;
  return `coalesce(${last(`and model = ${model}`)}, ${last('')})`;
}

const BEFORE = `
select
  (select jsonb_build_object('text', words, 'tool', tool, 'stop', stop, 'model', model)
    from model_answers where location_id = $1 and call_key = $2) as answer,
  (select coalesce(sum(up_to), 0)::bigint from model_calls where location_id = $1 and call_key = $2) as cost,
  ${lastCall('location_id = $1', '$4', '$5')} as location,
  ${lastCall('location_id = $1 and contact_id = $3', '$4', '$5')} as conversation`;

async function reserve(
  place: Place,
  intent: Intent,
  limits: BudgetLimits,
  wanted: Offer,
  cheaper?: Offer,
): Promise<Reserved> {
  return transaction(place, async (client) => {
    // Every reservation of a location waits here for the one before: none is weighed against what another is about to spend.
    const [, budgets] = await Promise.all([
      takeLocks(client, [`model-budget:${intent.locationId}`]),
      readBudgets(client, intent, limits),
    ]);
    const verdict = budgetVerdict(budgets, wanted.most, cheaper?.most);
    const offer = offerAfter(verdict, wanted, cheaper);
    if (offer === undefined) return { kind: 'refused', verdict };
    return { kind: 'sent', attempt: await write(client, intent, offer), offer, verdict };
  });
}

function offerAfter(verdict: ReturnType<typeof budgetVerdict>, wanted: Offer, cheaper?: Offer): Offer | undefined {
  switch (verdict.kind) {
    case 'go':
    case 'go-and-warn':
      return wanted;
    case 'refuse-soft':
      return verdict.instead === 'cheaper-model' ? cheaper : undefined;
    case 'refuse-hard':
      return undefined;
  }
}

async function readBudgets(client: Client, { locationId, contactId, at }: Intent, limits: BudgetLimits) {
  const since = budgetWindows(at);
  const { rows } = await client.query<{ location: Standing; lead: Standing }>({
    name: 'model-budgets',
    text: `select (${standing('location_id = $1 and at >= $2')}) as location,
      (${standing('location_id = $1 and contact_id = $3 and at >= $4')}) as lead`,
    values: [clean(locationId), since.location, contactId === null ? null : clean(contactId), since.lead],
  });
  const { location, lead } = rows[0]!;
  const budgets: Budget[] = [{ of: 'location', limits: limits.location, standing: location }];
  if (contactId !== null) budgets.push({ of: 'lead', limits: limits.lead, standing: lead });
  return budgets;
}

/** As `standingOf`. */
const standing = (of: string): string => `
  select jsonb_build_object('billed', coalesce(sum(billed) filter (where not open), 0),
    'maybe', coalesce(sum(up_to - billed) filter (where not open), 0), 'reserved', coalesce(sum(up_to) filter (where open), 0))
  from (select billed, up_to, state in ('reserved', 'sent') as open from model_calls where ${of}) as calls`;

async function write(client: Client, intent: Intent, { model, most, prints, marks }: Offer): Promise<number> {
  const { state, billed, upTo } = afterNews(reserved(most), { kind: 'sending' });
  const { rows } = await client.query<{ attempt: number }>({
    name: 'model-reserve',
    text: `insert into model_calls (location_id, call_key, attempt, contact_id, job, model, batch, at, until, state, billed, up_to, prints, marks)
      select $1, $2, coalesce(max(attempt), 0) + 1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13
      from model_calls where location_id = $1 and call_key = $2
      returning attempt`,
    values: [
      clean(intent.locationId),
      clean(intent.callKey),
      intent.contactId === null ? null : clean(intent.contactId),
      intent.job,
      model,
      intent.batch,
      instant(intent.at),
      instant(intent.until),
      state,
      billed,
      upTo,
      toJsonb(prints),
      toJsonb(marks),
    ],
  });
  return rows[0]!.attempt;
}

/** News of one attempt rarely meet: whoever finds the entry as it was when it was sent writes at once, and who does not looks first. */
async function settle(
  place: Place,
  ref: AttemptRef,
  sent: Entry,
  news: News,
  told: Told,
  answer?: KeptAnswer,
): Promise<Entry> {
  for (let known = sent; ; known = await entryOf(place, ref)) {
    const entry = afterNews(known, news);
    if (await writeNews(place, ref, known, entry, told, answer)) return entry;
  }
}

async function entryOf(place: Place, { locationId, callKey, attempt }: AttemptRef): Promise<Entry> {
  const { rows } = await place.query<Entry>({
    name: 'model-entry',
    text: `select state, billed, up_to as "upTo" from model_calls where location_id = $1 and call_key = $2 and attempt = $3`,
    values: [clean(locationId), clean(callKey), attempt],
  });
  if (rows[0] !== undefined) return rows[0];
  throw new AppError('LEDGER_STEP', 'News came of an attempt that was never reserved.');
}

async function writeNews(
  place: Place,
  { locationId, callKey, attempt }: AttemptRef,
  known: Entry,
  entry: Entry,
  told: Told,
  answer?: KeptAnswer,
): Promise<boolean> {
  const { rows } = await place.query<{ written: number }>({
    name: 'model-settle',
    text: SETTLE,
    values: [
      clean(locationId),
      clean(callKey),
      attempt,
      known.state,
      known.billed,
      known.upTo,
      entry.state,
      entry.billed,
      entry.upTo,
      told.how ?? null,
      classes(told.usage),
      classes(told.bill),
      told.counterfactual ?? null,
      toJsonb(told.readings),
      told.requestId === null ? null : clean(told.requestId),
      told.firstByteMs === undefined ? null : Math.round(told.firstByteMs),
      told.ms === undefined ? null : Math.round(told.ms),
      toJsonb(answer),
    ],
  });
  return rows[0]!.written > 0;
}

function classes(of: Usage | Bill | undefined): number[] | null {
  return of === undefined ? null : [of.input, of.read, of.write5m, of.write1h, of.output];
}

/** Nothing of a deleted lead is kept; parameter 2 of `GONE` is the contact. */
const SETTLE = `
with news as (
  update model_calls set state = $7, billed = $8, up_to = $9, failure = $10::text, tokens = coalesce($11::bigint[], tokens),
    nanos = coalesce($12::bigint[], nanos), counterfactual = coalesce($13::bigint, counterfactual), readings = coalesce($14::jsonb, readings),
    request_id = coalesce($15::text, request_id), first_byte_ms = coalesce($16::int, first_byte_ms), ms = coalesce($17::int, ms)
  where location_id = $1 and call_key = $2 and attempt = $3 and state = $4 and billed = $5 and up_to = $6
  returning location_id, call_key, contact_id, model
), kept as (
  insert into model_answers (location_id, call_key, contact_id, model, stop, words, tool, at)
  select n.location_id, n.call_key, n.contact_id, $18::jsonb ->> 'model', $18::jsonb ->> 'stop', $18::jsonb ->> 'text',
    nullif($18::jsonb -> 'tool', 'null'), clock_timestamp()
  from news n
  where $18::jsonb is not null and not ${GONE.replaceAll('$2', 'n.contact_id')}
  on conflict do nothing
)
select count(*) as written from news`;
