import { afterNews, type Entry, reconcile } from '../../domain/assistant/ledger.ts';
import type { LedgerGroup, ModelLedgerUpkeep, Reconciliation } from '../../domain/ports/model-ledger.ts';
import { type Client, stored, transaction } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { instant, toJsonb } from './values.ts';

/** What keeps the ledger true; see `ModelLedgerUpkeep` for what each function promises. */
export function createModelLedgerUpkeep({ house }: Pick<Tenants, 'house'>): ModelLedgerUpkeep {
  return {
    sweep: (now) => stored(() => transaction(house, (client) => sweep(client, instant(now)))),
    forgetAnswers: (before) =>
      stored(async () => {
        await house.query({
          name: 'model-flights-old',
          text: 'delete from model_flights where until < $1 and coalesce(warm_until < $1, true)',
          values: [instant(before)],
        });
        const { rowCount } = await house.query({
          name: 'model-answers-old',
          text: `delete from model_answers a where at < $1 or exists (
            select from leads l where l.location_id = a.location_id and l.contact_id = a.contact_id and l.deleted_at is not null)`,
          values: [instant(before)],
        });
        return rowCount ?? 0;
      }),
    groups: (fromDay, toDay) =>
      stored(async () => {
        const { rows } = await house.query<LedgerGroup>({
          name: 'model-groups',
          text: `select distinct to_char(at at time zone 'UTC', 'YYYY-MM-DD') as day, model, batch from model_calls
            where at >= $1::timestamptz and at < $2::timestamptz + interval '1 day' order by 1, 2, 3`,
          values: [startOf(fromDay), startOf(toDay)],
        });
        return rows;
      }),
    reconcile: (group, invoice) => stored(() => transaction(house, (client) => settleGroup(client, group, invoice))),
  };
}

interface Stored extends Entry {
  readonly locationId: string;
  readonly callKey: string;
  readonly attempt: number;
}

const ENTRY = `location_id as "locationId", call_key as "callKey", attempt, state, billed, up_to as "upTo"`;
/** In one transaction; a rest waits for the next time. */
const MOST_SWEPT = 500;

/** A worker that lives has given its attempt up by then, and one that answers late is still heard. */
async function sweep(client: Client, now: string): Promise<number> {
  const { rows } = await client.query<Stored>({
    name: 'model-sweep',
    text: `select ${ENTRY} from model_calls where state in ('reserved', 'sent') and until < $1
      order by until limit ${MOST_SWEPT} for update skip locked`,
    values: [now],
  });
  const given = rows.map((row) => ({ ...row, ...afterNews(row, { kind: 'failed', how: 'worker-killed' }) }));
  return writeAll(client, given, 'worker-killed');
}

async function settleGroup(
  client: Client,
  { day, model, batch }: LedgerGroup,
  invoice: number,
): Promise<Reconciliation> {
  const { rows } = await client.query<Stored>({
    name: 'model-group',
    text: `select ${ENTRY} from model_calls
      where at >= $1::timestamptz and at < $1::timestamptz + interval '1 day' and model = $2 and batch = $3
      order by at, location_id, call_key, attempt for update`,
    values: [startOf(day), model, batch],
  });
  const outcome = reconcile(rows, invoice);
  if (outcome.kind !== 'settled') return outcome;
  const settled = outcome.entries
    .map((entry, at) => ({ ...rows[at]!, ...entry }))
    .filter((row, at) => row.state !== rows[at]!.state);
  return { kind: 'agrees', settled: await writeAll(client, settled) };
}

async function writeAll(client: Client, entries: readonly Stored[], failure?: string): Promise<number> {
  if (entries.length === 0) return 0;
  const { rowCount } = await client.query({
    name: 'model-entries',
    text: `update model_calls m set state = e.state, billed = e.billed, up_to = e."upTo", failure = coalesce($2, m.failure)
      from jsonb_to_recordset($1::jsonb)
        as e ("locationId" text, "callKey" text, attempt integer, state text, billed bigint, "upTo" bigint)
      where m.location_id = e."locationId" and m.call_key = e."callKey" and m.attempt = e.attempt`,
    values: [toJsonb(entries), failure ?? null],
  });
  return rowCount ?? 0;
}

function startOf(day: string): string {
  return instant(`${day}T00:00:00.000Z`);
}
