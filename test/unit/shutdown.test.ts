import { type ChildProcess, spawn, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '../support/until.ts';

/**
 * A process as `start` makes one, in the midst of a step that is shown on a terminal. It closes when its input ends; it says when it is
 * ready for signals, when it has heard one, and when it has closed.
 * @param handedOn  the first signal comes again before anything else can happen
 */
const scriptOf = (handedOn: boolean) => `
  import { runSteps } from '${source('cli/steps.ts')}';
  import { createShutdown } from '${source('platform/shutdown.ts')}';
  const quiet = () => undefined;
  const shutdown = createShutdown({ log: { debug: quiet, info: quiet, warn: quiet, error: quiet } });
  shutdown.on('close', 'servers', async () => {
    for await (const _ of process.stdin);
    console.log('closed');
  });
  shutdown.listen();
  if (${handedOn}) process.once('SIGINT', () => process.kill(process.pid, 'SIGINT'));
  process.on('SIGINT', () => console.log('heard'));
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
const STREAMS: SpawnOptions = { stdio: ['pipe', 'pipe', 'inherit'] };
let running: ChildProcess | undefined;

afterEach(() => void running?.kill('SIGKILL'));

/** A process that is ready for signals, and what it says. */
async function listening(child: ChildProcess) {
  running = child;
  const ended = once(child, 'close');
  const said: string[] = [];
  createInterface(child.stdout!).on('line', (line) => void said.push(line));
  const times = (word: string) => said.filter((line) => line === word).length;
  await until(() => times('listens') > 0);
  return {
    interrupt: () => child.kill('SIGINT'),
    heard: (signals: number) => until(() => times('heard') >= signals || child.exitCode !== null),
    endInput: () => child.stdin!.end(),
    async end(): Promise<{ code: number | null; closed: boolean }> {
      const [code] = (await ended) as [number | null];
      return { code, closed: times('closed') > 0 };
    },
  };
}

function likeStart({ handedOn = false } = {}): ChildProcess {
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', scriptOf(handedOn)], STREAMS);
}

function npmStart(): ChildProcess {
  const preload = `--import=data:text/javascript,${encodeURIComponent(heeds)}`;
  return spawn('npm', ['start', '--', '--help'], { ...STREAMS, env: { ...process.env, NODE_OPTIONS: preload } });
}

describe('a Ctrl-C', () => {
  it.each([
    ['by itself', { handedOn: false }, 1],
    ['that comes a second time from npm, which hands it on', { handedOn: true }, 2],
  ])('%s closes everything before the process ends', async (_how, options, signals) => {
    const child = await listening(likeStart(options));
    child.interrupt();
    await child.heard(signals);
    child.endInput();
    expect(await child.end()).toEqual({ code: 0, closed: true });
  });

  it('given again later ends the process at once', async () => {
    const child = await listening(likeStart());
    child.interrupt();
    await child.heard(1);
    await sleep(1_100);
    child.interrupt();
    expect(await child.end()).toEqual({ code: 1, closed: false });
  });
});

describe('a signal to npm alone', () => {
  it('reaches what npm has started: no shell in between keeps it', async () => {
    const child = await listening(npmStart());
    child.interrupt();
    expect(await child.end()).toEqual({ code: 0, closed: true });
  });
});

function source(path: string): string {
  return new URL(`../../${path}`, import.meta.url).href;
}
