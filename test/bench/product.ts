import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { ServiceOptions } from '../../sandbox/services/postgres.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Nothing of the caller's own installation may be touched: every setting of the product is left out. */
export function cleanEnv(): NodeJS.ProcessEnv {
  const ours = /^(LEADWRIGHT_|TEMPORAL_|GHL_|RESO_|ANTHROPIC_|DATABASE_|REDIS_URL$|PORT$|WORKER_PORT$|HOST$)/;
  const kept = Object.entries(process.env).filter(([name]) => !ours.test(name) || name === 'LEADWRIGHT_CACHE');
  return Object.fromEntries(kept);
}

export function services(home: string, env: NodeJS.ProcessEnv): ServiceOptions {
  const cache = env['LEADWRIGHT_CACHE'] ?? join(homedir(), '.cache', 'leadwright');
  return { home, cache, env, progress: () => undefined };
}

/**
 * Starts the product in a process of its own, as `npm start` does, and waits for its line.
 * @param verb  of the command line and its options
 * @returns the line as it was printed
 * @throws when it ends before it is ready; its log is `app.log` in the home folder
 */
export async function startProduct(
  verb: readonly string[],
  home: string,
  env: NodeJS.ProcessEnv,
): Promise<{ child: ChildProcess; ready: unknown }> {
  const log = openSync(join(home, 'app.log'), 'a');
  const child = spawn(
    process.execPath,
    ['--max-semi-space-size=64', 'cli/leadwright.mjs', ...verb, '--json', '--home', home, '--port', '0'],
    { cwd: root, env, stdio: ['ignore', 'pipe', log] },
  );
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`the product ended with ${code} before it was ready; see ${join(home, 'app.log')}`);
  });
  const lines = createInterface({ input: child.stdout! });
  const ready = (async () => {
    for await (const line of lines) {
      const said = JSON.parse(line) as { event: string };
      if (said.event === 'ready') return said;
    }
    return gone;
  })();
  const first = await Promise.race([ready, gone]);
  // From here on an exit is ours.
  gone.catch(() => undefined);
  return { child, ready: first };
}

export async function endProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  const late = sleep(40_000, 'late', { ref: false });
  if ((await Promise.race([ended, late])) === 'late') {
    child.kill('SIGKILL');
    await ended;
  }
}
