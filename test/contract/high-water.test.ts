import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createPool, type Pool } from '../../integrations/postgres/pool.ts';
import { type HighWater, createHighWater, isBehindHome } from '../../platform/high-water.ts';
import { announce } from '../../platform/restored.ts';
import { type TestDatabase, createTestDatabase, dropDatabase, emptyDatabase, PATIENT } from '../support/database.ts';
import { cuttableProxy } from '../support/cuttable-proxy.ts';
import { failure, recordingLog } from '../support/ghl-crm.ts';
import { until } from '../support/until.ts';
import { sharedServices } from '../support/world.ts';

/** An older state in the place of the database is noticed, although nobody says so. */

let template: TestDatabase;
let server: string;
let home: string;
const open: { pool: Pool; url: string; mark: HighWater }[] = [];

beforeAll(async () => {
  template = await createTestDatabase();
  server = (await sharedServices()).databaseUrl;
});
afterAll(() => template.drop());
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'high-water-'));
});
afterEach(async () => {
  for (const each of open.splice(0)) {
    await close(each);
    await dropDatabase(server, each.url);
  }
  await rm(home, { recursive: true });
});

interface Opened {
  readonly url: string;
  readonly pool: Pool;
  readonly mark: HighWater;
}

async function copyOf(url: string): Promise<Opened> {
  const copy = await emptyDatabase(server, new URL(url).pathname.slice(1));
  const pool = createPool(copy, { max: 2, applicationName: 'test', ...PATIENT });
  const mark = createHighWater({ home, place: pool, log: recordingLog(), everyMs: 20 });
  const opened = { url: copy, pool, mark };
  open.push(opened);
  return opened;
}

async function close({ pool, mark }: Opened): Promise<void> {
  mark.end();
  if (!pool.ended) await pool.end();
}

/** A database in use, a backup of it, and time that went by since. */
async function usedSinceBackup(): Promise<{ now: Opened; backup: Opened }> {
  const now = await copyOf(template.url);
  await now.mark.begin(() => undefined);
  await close(now);
  const backup = await copyOf(now.url);
  const again = createPool(now.url, { max: 1, applicationName: 'test', ...PATIENT });
  const later = createHighWater({ home, place: again, log: recordingLog(), everyMs: 20 });
  await later.begin(() => undefined);
  later.end();
  await again.end();
  return { now, backup };
}

describe('the mark of the database', () => {
  it('lets the newest state begin, again and again', async () => {
    const { now } = await usedSinceBackup();
    const pool = createPool(now.url, { max: 1, applicationName: 'test', ...PATIENT });
    const mark = createHighWater({ home, place: pool, log: recordingLog() });
    await mark.begin(() => undefined);
    mark.end();
    expect(await isBehindHome(home, pool)).toBe(false);
    await pool.end();
  });

  it('keeps an older state from beginning until it is announced, however often it is tried', async () => {
    const { backup } = await usedSinceBackup();
    for (let i = 0; i < 2; i += 1) {
      expect((await failure(backup.mark.begin(() => undefined))).code).toBe('STORE_RESTORED');
    }
    expect(await isBehindHome(home, backup.pool)).toBe(true);
    expect(await announce(backup.url, home, null)).toMatchObject({ lostFrom: expect.any(String) });
    await backup.mark.begin(() => undefined);
    expect(await isBehindHome(home, backup.pool)).toBe(false);
  });

  it('dates the backup: what is lost begins no later than the backup, whatever the operator believes', async () => {
    const { backup } = await usedSinceBackup();
    const { rows } = await backup.pool.query<{ at: string }>('select at from high_water');
    const told = await announce(backup.url, home, new Date().toISOString());
    expect(told).toMatchObject({ lostFrom: rows[0]?.at });
  });

  it('takes an earlier instant from the operator, and asks for one where the backup has no mark', async () => {
    const old = await copyOf(template.url);
    expect(await announce(old.url, home, null)).toBe('unknown');
    const at = '2026-01-01T00:00:00.000Z';
    expect(await announce(old.url, home, at)).toMatchObject({ lostFrom: at });
  });

  it('takes another database for another, not for an older state of this one', async () => {
    await usedSinceBackup();
    const other = await copyOf(template.url);
    await other.pool.query('update high_water set installation = gen_random_uuid()');
    await other.mark.begin(() => undefined);
    expect(await isBehindHome(home, other.pool)).toBe(false);
  });

  it('waits for a database that is not there yet, and judges it then', async () => {
    const { backup } = await usedSinceBackup();
    const { hostname, port } = new URL(backup.url);
    const proxy = await cuttableProxy({ host: hostname, port: Number(port) });
    const url = new URL(backup.url);
    url.port = String(proxy.port);
    proxy.cut();
    const pool = createPool(url.toString(), { max: 1, applicationName: 'test', connectMs: 500 });
    const log = recordingLog();
    const begun = failure(createHighWater({ home, place: pool, log }).begin(() => undefined));
    await until(() => log.lines.some((line) => line.includes('does not answer yet')));
    proxy.restore();
    expect((await begun).code).toBe('STORE_RESTORED');
    await pool.end();
    await proxy.close();
  });

  it('tells a running process that an older state has taken the place of its database', async () => {
    const now = await copyOf(template.url);
    let behind = false;
    await now.mark.begin(() => void (behind = true));
    await now.pool.query(`update high_water set at = at - interval '1 hour'`);
    await until(() => behind);
  });

  it('cannot be announced while a process of the product is connected', async () => {
    const { backup } = await usedSinceBackup();
    const running = createPool(backup.url, { max: 1, applicationName: 'leadwright' });
    await running.query('select 1');
    expect(await announce(backup.url, home, null)).toBe('running');
    await running.end();
  });
});
