import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { isRunning, type ProcessIdentity } from '../../sandbox/services/process.ts';
import { stopHome } from '../../sandbox/services/world.ts';
import { productEnvironment } from '../support/product.ts';
import { until } from '../support/until.ts';

let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'leadwright-interrupted-'));
  // The database's own user must get at its data in there.
  await chmod(home, 0o755);
});
afterEach(async () => {
  await stopHome(home);
  await rm(home, { recursive: true, force: true });
});

it('a start that is interrupted while a server is long in coming leaves none running', async () => {
  const env = productEnvironment({ home, port: 0, paused: false });
  const start = spawn(process.execPath, ['cli/leadwright.mjs', 'start', '--json', '--no-seed'], {
    cwd: resolve(import.meta.dirname, '../..'),
    env: { ...env, PATH: `${await folderOfASilentTemporal()}:${env['PATH']}` },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exited = once(start, 'exit');
  const servers: ProcessIdentity[] = [];
  for (const name of ['postgres', 'temporal', 'vendor-ghl']) {
    await until(async () => (await processOf(name)) !== undefined);
    servers.push((await processOf(name))!);
  }
  start.kill('SIGINT');
  expect(await exited).toEqual([0, null]);
  expect(await Promise.all(servers.map(isRunning))).toEqual([false, false, false]);
});

/** It is taken for the real one, and never answers. */
async function folderOfASilentTemporal(): Promise<string> {
  const folder = join(home, 'bin');
  await mkdir(folder);
  await writeFile(join(folder, 'temporal'), '#!/bin/sh\nexec sleep 300\n', { mode: 0o755 });
  return folder;
}

async function processOf(server: string): Promise<ProcessIdentity | undefined> {
  const record = await readFile(join(home, 'services', server, 'server.json'), 'utf8').catch(() => '{}');
  return (JSON.parse(record) as { process?: ProcessIdentity }).process;
}
