import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { PROGRESS_QUERY, rescoreWorkflowId, type RescoreView } from '../../workflows/contract.ts';
import { installBrokerage, type Brokerage, type Contact } from '../support/brokerage.ts';
import { startProduct, type Product } from '../support/product.ts';
import { until } from '../support/until.ts';

/** A pass over the scores of a location goes on where it stood when the process that worked it is killed. */

const QUIET = 3_000;
const LIMIT_MS = 180_000;
const POINT = 'rescore.after-commit';

let product: Product;
let team: Brokerage;
let connection: Connection;

beforeAll(async () => {
  product = await startProduct('rescore', { paused: true });
  team = await installBrokerage(product);
  connection = await Connection.connect({ address: product.line().temporalAddress });
});

afterAll(async () => {
  await connection?.close();
  await product?.stop();
});

it('scores each lead once and tells each that moved once, though it is killed midway', async () => {
  const ours = await storeLeads();
  await product.api('PATCH', `/api/locations/${team.locationId}/settings`, {
    changes: { scoreFields: { timeline: 'contact.when_to_move' } },
  });
  // One step of six is done.
  await until(async () => (await progress().catch(() => null))?.pass?.of != null, LIMIT_MS);
  product.gates.hold(POINT);
  await product.gates.reached(POINT);
  const { pass } = await progress();
  const stood = await scored();
  expect(pass).toMatchObject({ of: QUIET + ours.length, scored: expect.any(Number) });
  // What the step under way has stored is not in the pass's own count yet.
  expect(stood).toBeGreaterThan(pass!.scored - ours.length);
  expect(stood).toBeLessThan(QUIET);
  await product.kill();
  product.gates.open(POINT);
  await product.start();
  // Until Temporal no longer waits for the dead worker nobody answers a query.
  await until(async () => (await progress().catch(() => null))?.last != null, LIMIT_MS);
  const { last } = await progress();
  expect(last).toMatchObject({ asOf: pass!.asOf, of: QUIET + ours.length, scored: QUIET + ours.length, skipped: 0 });
  await team.settled(LIMIT_MS);

  const rows = await product.sql<{ contactId: string; rows: number; ofPass: number }>(
    `select l.contact_id as "contactId", count(h.*)::integer as rows,
       (count(*) filter (where h.scored_at >= $2))::integer as "ofPass"
     from leads l left join score_history h using (location_id, contact_id) where l.location_id = $1 group by 1`,
    [team.locationId, last!.asOf],
  );
  const ids = new Set(ours.map(({ id }) => id));
  const quiet = rows.filter(({ contactId }) => !ids.has(contactId));
  expect(quiet).toHaveLength(QUIET);
  expect(quiet.filter((row) => row.rows !== 1 || row.ofPass !== 1)).toEqual([]);
  // Their own work has scored these.
  expect(rows.filter(({ contactId, ofPass }) => ids.has(contactId) && ofPass === 0)).toEqual([]);
  const told = (await team.inbox()).filter(({ type }) => type === 'lead.rescore');
  expect(told.map(({ verdict }) => verdict)).toEqual(ours.map(() => 'worked'));
  const whom = await product.sql<{ contactId: string }>(
    `select distinct contact_id as "contactId" from inbox where location_id = $1 and type = 'lead.rescore'`,
    [team.locationId],
  );
  expect(new Set(whom.map(({ contactId }) => contactId))).toEqual(ids);
}, 600_000);

/** Thousands of leads that nobody acts for, and some among them that we act for: the CRM knows these. */
async function storeLeads(): Promise<readonly Contact[]> {
  const ours = await Promise.all(
    Array.from({ length: 12 }, (_none, n) => team.contact({ id: `lead-${1 + n * 250}-ours`, dnd: true })),
  );
  await product.sql(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, activated_at, qualification)
     select $1, id, now(), now(), now(), case when id like '%-ours' then now() end,
       '{"timeline": {"value": "immediate", "at": "2026-01-05T10:00:00.000Z", "from": "a text"}}'
     from (select 'lead-' || n as id from generate_series(1, $2::integer) as n union all select unnest($3::text[])) as made`,
    [team.locationId, QUIET, ours.map(({ id }) => id)],
  );
  return ours;
}

async function scored(): Promise<number> {
  const [row] = await product.sql<{ n: number }>(
    'select count(*)::integer as n from score_history where location_id = $1',
    [team.locationId],
  );
  return row!.n;
}

async function progress(): Promise<RescoreView> {
  const client = new Client({ connection, namespace: product.line().namespace });
  return client.workflow.getHandle(rescoreWorkflowId(team.locationId)).query<RescoreView>(PROGRESS_QUERY);
}
