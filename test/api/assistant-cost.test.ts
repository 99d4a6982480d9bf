import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { assistantCost } from '../../api/contract/assistant-cost.ts';
import { main } from '../../cli/main.ts';
import { type ApiWorld, CONTACT, LOCATION, startApiWorld } from '../support/api-world.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.pool.query('truncate model_calls'));

async function told(...args: string[]): Promise<{ code: number; out: string }> {
  let out = '';
  const code = await main(['assistant', 'cost', ...args, '--api', world.url, '--home', '/nowhere'], {
    ...{ out: (text) => void (out += text), err: () => undefined, terminal: false, colour: false, cwd: '/' },
    env: { LEADWRIGHT_API_TOKEN: 'token-of-the-test-operator' },
  });
  return { code, out };
}

/** Answered drafts, so many days ago. */
const calls = (locationId: string, many: number, daysAgo = 0) =>
  world.pool.query(
    `insert into model_calls (location_id, call_key, attempt, contact_id, job, model, batch, at, until, state, billed, up_to, tokens, nanos,
       counterfactual, prints, marks, readings)
     select $1, $3 || n, 1, $2, 'draft', 'claude-sonnet-5-5', false, $4, $4, 'billed', 1000000, 1000000, '{10,900,0,90,100}', '{1,1,0,1,1}',
       4000000, '{}', '[]', '[{"layer":"global","read":true},{"layer":"location","read":false,"why":"ttl-over"}]'
     from generate_series(1, $5) as n`,
    [locationId, CONTACT, `k${daysAgo}-`, new Date(world.deps.now().getTime() - daysAgo * 86_400_000), many],
  );

it('what the assistant cost is printed as a table, of a location or of all, for the days that are asked for', async () => {
  await calls(LOCATION, 3);
  await calls(LOCATION, 1, 9);
  await calls('other-location', 2);
  const { out, code } = await told('--location', LOCATION);
  expect(code).toBe(0);
  expect(out).toMatch(/claude-sonnet-5-5 +draft +3 +3 +30 +2,700 +270 +300 +100\/0\/- +\$0\.0030 +\$0\.0120 +75\.0 %/);
  expect(out).toContain('$1.00 per 1,000 replies');
  expect((await told('--location', LOCATION, '--days', '30')).out).toContain('4 of 4 attempts');
  expect((await told()).out).toContain('5 of 5 attempts');
  expect((await told('--days', '0')).code).toBe(2);
});

it('what it cost is one JSON document, as the contract says', async () => {
  await calls(LOCATION, 3);
  const { out } = await told('--location', LOCATION, '--json');
  const document = assistantCost.answers[200]!.schema!.parse(JSON.parse(out));
  expect(document).toMatchObject({
    ...{ locationId: LOCATION, days: 7 },
    rows: [{ job: 'draft', attempts: 3, saving: 0.75, misses: { 'ttl-over': 3 } }],
    total: { billed: 3_000_000, maybe: 0, counterfactual: 12_000_000, perThousandReplies: 1_000_000_000 },
  });
});
