import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../support/until.ts';

/**
 * A process as `start` makes one, in the midst of a step that is shown on a terminal. It needs this long to close, as one does whose
 * servers end; it says when it is ready for signals, and when it has closed.
 */
const CLOSES_IN_MS = 3_000;
const script = `
  import { runSteps } from '${source('cli/steps.ts')}';
  import { createShutdown } from '${source('platform/shutdown.ts')}';
  const quiet = () => undefined;
  const shutdown = createShutdown({ log: { debug: quiet, info: quiet, warn: quiet, error: quiet } });
  shutdown.on('close', 'servers', async () => {
    await new Promise((resolve) => setTimeout(resolve, ${CLOSES_IN_MS}));
    console.log('closed');
  });
  shutdown.listen();
  const run = () => {
    console.log('listens');
    return new Promise((resolve) => setTimeout(resolve, 60_000));
  };
  await runSteps({ terminal: true }, [{ title: 'a step', run }]);
`;
/** In the place of all that a command does: says the same of itself, and goes by itself should nobody tell it to. */
const heeds = `
  if (process.argv[1]?.endsWith('leadwright.mjs')) {
    process.on('SIGINT', () => {
      console.log('closed');
      process.exit(0);
    });
    setTimeout(() => process.exit(1), 20_000);
    console.log('listens');
  }
`;
const OUTPUT: SpawnOptions = { stdio: ['ignore', 'pipe', 'inherit'] };
let running: ChildProcess | undefined;

afterEach(() => void running?.kill('SIGKILL'));

/** Signals, each so many milliseconds after the one before; then how the process ended. */
async function signalled(child: ChildProcess, ...after: number[]): Promise<{ code: number | null; closed: boolean }> {
  running = child;
  const ended = once(child, 'close');
  const said = { listens: false, closed: false };
  createInterface(child.stdout!).on('line', (line) => {
    said.listens ||= line === 'listens';
    said.closed ||= line === 'closed';
  });
  await until(() => said.listens);
  for (const ms of after) {
    await sleep(ms);
    child.kill('SIGINT');
  }
  const [code] = (await ended) as [number | null];
  return { code, closed: said.closed };
}

function likeStart(): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], OUTPUT);
}

function npmStart(): ChildProcess {
  const preload = `--import=data:text/javascript,${encodeURIComponent(heeds)}`;
  return spawn('npm', ['start', '--', '--help'], { ...OUTPUT, env: { ...process.env, NODE_OPTIONS: preload } });
}

describe('a Ctrl-C', () => {
  it.each([
    ['by itself', [0]],
    ['that comes a second time from npm, which hands it on', [0, 30]],
  ])('%s closes everything before the process ends', async (_how, after) => {
    expect(await signalled(likeStart(), ...after)).toEqual({ code: 0, closed: true });
  });

  it('given again later ends the process at once', async () => {
    expect(await signalled(likeStart(), 0, 1_700)).toEqual({ code: 1, closed: false });
  });
});

describe('a signal to npm alone', () => {
  it('reaches what npm has started: no shell in between keeps it', async () => {
    expect(await signalled(npmStart(), 0)).toEqual({ code: 0, closed: true });
  });
});

function source(path: string): string {
  return new URL(`../../${path}`, import.meta.url).href;
}
