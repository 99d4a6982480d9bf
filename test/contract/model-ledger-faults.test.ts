import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { reconcileDays } from '../../activities/model-upkeep.ts';
import { createUsageReport } from '../../integrations/claude/usage-report.ts';
import { order } from '../support/claude-standin.ts';
import { createModelWorld, type ModelWorld, quiet } from '../support/model-world.ts';
import { createRandom } from '../support/random.ts';

/** What the ledger says at every moment, whatever breaks: billed ≤ invoice ≤ billed + maybe + what is under way. */

const DAY = '2026-11-02';

let world: ModelWorld;
let usage: ReturnType<typeof createUsageReport>;
let locationId: string;

beforeAll(async () => {
  world = await createModelWorld();
  usage = createUsageReport({ baseUrl: world.standin.url, apiKey: 'sk-ant-admin' });
});
afterAll(async () => {
  await usage.close();
  await world.close();
});
beforeEach(async () => {
  await world.fresh();
  locationId = await world.location();
});

/** Read in this order, it may be looked at while calls are under way: neither side ever becomes less. */
async function expectHeld(): Promise<void> {
  const below = await world.standing();
  const { nano } = await world.invoice();
  const above = await world.standing();
  expect(below.billed).toBeLessThanOrEqual(nano);
  expect(nano).toBeLessThanOrEqual(above.billed + above.maybe + above.reserved);
}

const reconcile = () => reconcileDays({ ledger: world.upkeep, usage, log: quiet }, DAY, DAY);

/** Every attempt that nobody waits for any more is given up. */
const sweep = () => world.upkeep.sweep(new Date(world.now().getTime() + 600_000).toISOString());

async function expectEqual(): Promise<void> {
  expect(await world.standing()).toEqual({ billed: (await world.invoice()).nano, maybe: 0, reserved: 0 });
}

const faults = [
  { status: 529 },
  { status: 500 },
  { status: 429, headers: { 'retry-after': '0' } },
  { reset: true },
  { dropAfterHandling: true },
  { midStream: { afterTokens: 20, how: 'overloaded' } },
  { midStream: { afterTokens: 5, how: 'cut' } },
  { midStream: { afterTokens: 3, how: 'end' } },
  { midStream: { afterTokens: 5, how: 'cut' }, billed: false },
  { spoil: 'refusal' },
];

/** What they are to the ledger. */
const failures = [
  ...['cut-before-first-byte', 'cut-mid-answer', 'declined', 'overloaded', 'rate-limited', 'server-error'],
];

describe('whatever breaks', () => {
  it.each(faults)('alone, as %j, is between its bounds and equal once the report is read', async (what) => {
    await order(world.standin, 'faults', { match: { path: '/v1/messages' }, times: 1, ...what });
    await world.worker().call(world.orderOf(locationId));
    await expectHeld();
    expect(await reconcile()).toMatchObject([{ kind: 'agrees' }]);
    await expectEqual();
  });

  it.each([1, 2])('the invoice lies between what is billed and what may be, at every moment; seed %i', async (seed) => {
    const random = createRandom(seed);
    const workers = [world.worker(), world.worker()];
    const left = [...faults];
    const looks: Promise<void>[] = [];
    for (let round = 0; round < 5; round += 1) {
      for (let at = 0; at < faults.length / 5; at += 1) {
        const [what] = left.splice(random.below(left.length), 1);
        await order(world.standin, 'faults', { match: { path: '/v1/messages' }, times: 1, ...what });
      }
      const asked = Array.from({ length: 6 }, (_, at) =>
        random.pick(workers).call(world.orderOf(locationId, { contactId: `c-${at}`, said: `Number ${at}, ${round}` })),
      );
      looks.push(expectHeld());
      await Promise.all(asked);
      await expectHeld();
    }
    await Promise.all(looks);
    const { rows } = await world.db.pool.query<{ failure: string }>(
      'select distinct failure from model_calls where failure is not null order by 1',
    );
    expect(rows.map(({ failure }) => failure)).toEqual(failures);
    expect(await world.standing()).toMatchObject({ maybe: expect.any(Number), reserved: 0 });
    expect(await reconcile()).toMatchObject([{ kind: 'agrees' }]);
    await expectEqual();
  });
});

describe('a worker that is killed', () => {
  const file = fileURLToPath(new URL('../support/model-child.ts', import.meta.url));

  async function killedAt(point: string): Promise<ReturnType<ModelWorld['orderOf']>> {
    const call = world.orderOf(locationId);
    const given = {
      appUrl: world.db.appUrl,
      vendorUrl: world.standin.url,
      point,
      at: world.now().getTime(),
      order: call,
    };
    const child = spawn(process.execPath, ['--import', 'tsx', file, JSON.stringify(given)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const exited = once(child, 'exit');
    const [said] = (await once(child.stdout, 'data')) as [Buffer];
    expect(said.toString().trim()).toBe(point);
    child.kill('SIGKILL');
    await exited;
    return call;
  }

  it.each([
    ['model.before-reserve', { rows: 0, sent: false }],
    ['model.before-send', { rows: 1, sent: false }],
    ['model.after-answer', { rows: 1, sent: true }],
  ])('at %s leaves what it may have cost in the ledger, and the work is done by the next', async (point, left) => {
    const call = await killedAt(point);
    expect((await world.invoice()).nano > 0).toBe(left.sent);
    await expectHeld();
    expect((await world.db.pool.query('select from model_calls')).rowCount).toBe(left.rows);
    expect((await world.standing()).reserved > 0).toBe(left.rows > 0);

    expect(await world.worker().call({ ...call, deadline: later(20_000) })).toMatchObject({ kind: 'answered' });
    await expectHeld();
    expect(await reconcile()).toMatchObject([{ kind: left.rows > 0 ? 'open' : 'agrees' }]);
    expect(await sweep()).toBe(left.rows);
    await expectHeld();
    expect(await reconcile()).toMatchObject([{ kind: 'agrees', settled: left.rows }]);
    await expectEqual();
  });

  const later = (ms: number): string => new Date(world.now().getTime() + ms).toISOString();
});
