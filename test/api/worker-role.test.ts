import { type ChildProcess, spawn } from 'node:child_process';
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startServer } from '../../api/server.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { createTemporalClient } from '../../integrations/temporal/connection.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { productEnvironment } from '../support/product.ts';
import { readiness } from '../support/readiness.ts';
import { inboxEvent, newRef } from '../support/records.ts';
import { until } from '../support/until.ts';
import { sharedServices } from '../support/world.ts';

const root = resolve(import.meta.dirname, '../..');
let db: TestDatabase;
let home: string;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  db = await createTestDatabase();
  home = await mkdtemp(join(tmpdir(), 'leadwright-worker-role-'));
  const { temporalAddress } = await sharedServices();
  // Its queues have the product's names: in a namespace of its own it takes no work of other tests.
  const namespace = `worker-role-${randomUUID()}`;
  const temporal = createTemporalClient({ address: temporalAddress, namespace: 'default' });
  await temporal.client.workflowService.registerNamespace({
    namespace,
    // Its type asks for a Long; on the wire a small number is one.
    workflowExecutionRetentionPeriod: { seconds: 86_400 as never },
  });
  await temporal.close();
  const keysFile = join(home, 'keys.pem');
  const { publicKey } = generateKeyPairSync('ed25519');
  await writeFile(keysFile, publicKey.export({ type: 'spki', format: 'pem' }));
  env = {
    ...productEnvironment({ home, port: 0, paused: false }),
    DATABASE_URL: db.url,
    DATABASE_APP_URL: db.appUrl,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: namespace,
    GHL_BASE_URL: 'http://127.0.0.1:9',
    GHL_APP_ID: 'app-of-this-test',
    GHL_WEBHOOK_KEYS_FILE: keysFile,
  };
});
afterAll(async () => {
  await db.drop();
  await rm(home, { recursive: true, force: true });
});

function startWorker(port: number, ...more: readonly string[]): ChildProcess {
  return spawn(process.execPath, ['cli/leadwright.mjs', 'worker', '--json', '--port', String(port), ...more], {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

describe('a worker that runs alone', () => {
  it('answers probes and scrapers on a loopback port of its own, counts the stuck events, and ends in order', async () => {
    const inbox = createInboxStore(db.tenants);
    const { inboxId } = await inbox.accept(inboxEvent(newRef()));
    await inbox.markDispatched([inboxId]);
    await db.pool.query(
      `update inbox set received_at = received_at - interval '11 minutes', dispatched_since = dispatched_since - interval '11 minutes'`,
    );
    await db.pool.query(`insert into house_switches (all_paused, by) values (true, 'operator')`);
    const worker = startWorker(0);
    const exited = once(worker, 'exit');
    const { urls, queues } = await readyLine(worker);
    expect(queues).toEqual(['leads', 'ghl', 'claude']);
    expect(await childrenOf(worker.pid!)).toContain('onnx');
    const url = new URL(urls.metrics);
    expect(url.hostname).toBe('127.0.0.1');

    expect(await (await fetch(new URL('/livez', url))).json()).toEqual({ status: 'ok' });
    expect(await readiness(new URL('/readyz', url), 'sending')).toMatchObject({
      status: 'ready',
      parts: {
        postgres: { state: 'ok' },
        sending: { state: 'degraded', required: false },
        workers: { state: 'ok', required: true },
      },
    });
    let text = '';
    // It is NaN while the database has not told it yet.
    await until(async () => {
      text = await (await fetch(url)).text();
      return /^leadwright_events_stuck \d/m.test(text);
    });
    expect(text).toMatch(/^leadwright_events_stuck 1$/m);
    expect(text).toContain('# TYPE leadwright_task_seconds histogram');
    const nowhere = await fetch(new URL('/api/leads', url));
    expect([nowhere.status, ((await nowhere.json()) as { code: string }).code]).toEqual([404, 'NOT_FOUND']);

    worker.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  it('works the market without a model, and is as ready', async () => {
    const worker = startWorker(0, '--queues', 'market');
    const exited = once(worker, 'exit');
    const { urls, queues } = await readyLine(worker);
    expect(queues).toEqual(['market']);
    const ready = await readiness(new URL('/readyz', urls.metrics));
    expect(ready).toMatchObject({ status: 'ready', parts: { workers: { state: 'ok', required: true } } });
    expect(await childrenOf(worker.pid!)).not.toContain('onnx');
    worker.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  });

  it('says so and ends when its port is taken', async () => {
    const other = await startServer((_req, res) => void res.end(), { host: '127.0.0.1', port: 0 });
    const worker = startWorker(other.port);
    const said: Buffer[] = [];
    worker.stdout?.on('data', (chunk: Buffer) => said.push(chunk));
    worker.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
    const [code] = (await once(worker, 'exit')) as [number | null];
    await other.close(0);
    expect(code).toBe(1);
    expect(Buffer.concat(said).toString()).toContain('WORKER_PORT');
  });
});

/** The command lines of what it has started, e.g. the process that scores. */
async function childrenOf(pid: number): Promise<string> {
  const children = (await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8')).trim().split(' ').filter(Boolean);
  return (await Promise.all(children.map((child) => readFile(`/proc/${child}/cmdline`, 'utf8')))).join('\n');
}

async function readyLine(worker: ChildProcess): Promise<{ urls: { metrics: string }; queues: string[] }> {
  const said: Buffer[] = [];
  worker.stderr?.on('data', (chunk: Buffer) => said.push(chunk));
  if (worker.stdout === null) throw new Error('the worker has no stdout');
  for await (const line of createInterface(worker.stdout))
    return JSON.parse(line) as Awaited<ReturnType<typeof readyLine>>;
  throw new Error(`it ended before it was ready: ${Buffer.concat(said).toString().slice(-4000)}`);
}
