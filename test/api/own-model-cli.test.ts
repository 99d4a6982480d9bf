import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { main } from '../../cli/main.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createTemporalClient } from '../../integrations/temporal/connection.ts';
import { rescoreWorkflowId } from '../../workflows/contract.ts';
import { storeClosedTeam } from '../support/closed-team.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { productEnvironment } from '../support/product.ts';
import { installLocation, newRef } from '../support/records.ts';
import { testSealing } from '../support/tokens.ts';
import { sharedServices } from '../support/world.ts';

let db: TestDatabase;
let home: string;
let env: NodeJS.ProcessEnv;
let temporal: ReturnType<typeof createTemporalClient>;
const { locationId } = newRef();

beforeAll(async () => {
  db = await createTestDatabase();
  home = await mkdtemp(join(tmpdir(), 'leadwright-own-model-'));
  const { temporalAddress } = await sharedServices();
  const { publicKey } = generateKeyPairSync('ed25519');
  await writeFile(join(home, 'keys.pem'), publicKey.export({ type: 'spki', format: 'pem' }));
  temporal = createTemporalClient({ address: temporalAddress, namespace: 'default' });
  env = {
    ...productEnvironment({ home, port: 0, paused: false }),
    DATABASE_URL: db.url,
    DATABASE_APP_URL: db.appUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: 'default',
    GHL_BASE_URL: 'http://127.0.0.1:9',
    GHL_APP_ID: `app-${randomUUID()}`,
    GHL_WEBHOOK_KEYS_FILE: join(home, 'keys.pem'),
  };
  await installLocation(createLocationStore(db.tenants, testSealing()), locationId);
});
afterAll(async () => {
  await temporal.client.workflow
    .getHandle(rescoreWorkflowId(locationId))
    .terminate()
    .catch(() => undefined);
  await temporal.close();
  await db.drop();
  await rm(home, { recursive: true, force: true });
});

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await main(['model', ...args], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    ...{ terminal: false, colour: false, cwd: home, env },
  });
  return { code, out, err };
}
const speaking = async (): Promise<unknown[]> =>
  (await db.pool.query('select model_hash from score_models where location_id = $1 and speaks', [locationId])).rows;

describe('leadwright model train --location', () => {
  it('says which location is not installed, and what a team lacks', async () => {
    const nobody = await run('train', '--location', 'nobody');
    expect(nobody).toMatchObject({ code: 1, err: expect.stringContaining('got nobody') });
    const few = await run('train', '--location', locationId);
    expect(few).toMatchObject({ code: 1, out: expect.stringContaining('A model of your own needs 1000 more leads') });
    expect(few.out).toMatch(/^0 leads with a known outcome[^]*Nothing was trained\.\nFrom now on the rules speak\. /);
  });

  it('tells the counts, the trial and who speaks, and writes a model’s directory; --dry-run lets nothing speak', async () => {
    await storeClosedTeam(db, locationId, { leads: 1_600, seed: 3, signal: 1.5, lastDaysAgo: 400 });
    const dry = await run('train', '--location', locationId, '--dry-run', '--json');
    const told = JSON.parse(dry.out);
    expect([dry.code, told.standing, told.speaker.speaks, await speaking()]).toEqual([0, 'the rules', 'model', []]);
    expect(told).toMatchObject({ dryRun: true, model: { card: { seed: 1 } } });

    const { code, out, err } = await run('train', '--location', locationId, '--out', 'own');
    expect([code, err]).toEqual([0, expect.stringContaining('22 of 22: all rows')]);
    const { leads, closed } = told.counts;
    expect(Number(leads) + Number(closed)).toBe(1_600);
    expect(out).toMatch(/1,\d{3} leads with a known outcome, \d+ of them won within 90 days/);
    expect(out).toContain(`\n${closed} leads whose deal was closed before the age at which they were drawn\n`);
    expect(out).toMatch(
      /WHO +LOG LOSS +MODEL BETTER BY +95 % INTERVAL\nthe model +0\.\d+ +- +-\nthe rules +0\.\d+ +0\.\d+ +0/,
    );
    expect(out).toMatch(/From now on this model speaks\. On \d+ later leads/);
    expect(await speaking()).toEqual([{ model_hash: told.model.modelHash }]);
    expect((await readdir(join(home, 'own'))).sort()).toEqual([
      ...['card.html', 'card.json', 'card.md', 'model.onnx', 'schema.json'],
    ]);
    const pass = await temporal.client.workflow.getHandle(rescoreWorkflowId(locationId)).describe();
    expect(pass.status.name).toBe('RUNNING');

    const silenced = await run('silence', '--location', locationId, '--json');
    expect([silenced.code, JSON.parse(silenced.out), await speaking()]).toEqual([
      0,
      { location: locationId, speaks: 'rules' },
      [],
    ]);
  });
});
