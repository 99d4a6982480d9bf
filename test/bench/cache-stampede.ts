import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import type { BenchRedis } from './cache-redis.ts';

/** What a process of the stampede is told: to ask for one value so many times at once, at this instant. */
export interface Ask {
  readonly id: string;
  readonly how: How;
  readonly times: number;
  /** Epoch ms. */
  readonly at: number;
}

/** `unguarded`: who finds nothing loads, as with a cache that only gets and sets. */
export type How = 'wrap' | 'unguarded';

export interface Asked {
  /** Milliseconds after the instant at which all had their answer. */
  readonly ms: number;
  /** How many of the answers were not the value. */
  readonly wrong: number;
}

export interface StampedeFigures {
  readonly processes: number;
  readonly asks: number;
  readonly loadMs: number;
  readonly rounds: number;
  /** Loader runs by round. */
  readonly loads: readonly number[];
  /** Until everybody had an answer, by round. */
  readonly answeredMs: readonly number[];
  readonly wrong: number;
  readonly unguarded: { readonly loads: readonly number[]; readonly answeredMs: readonly number[] };
}

const PROCESSES = 4;
const ASKS = 500;
/** How long the loader takes. */
export const LOAD_MS = 100;
export const loadsKey = (id: string): string => `bench:loads:${id}`;
/** Time for all to hear of it before it begins. */
const NOTICE_MS = 60;
const PATIENCE_MS = 30_000;

export async function measureStampede(
  redis: BenchRedis,
  rounds: number,
  say: (line: string) => void,
): Promise<StampedeFigures> {
  say(`stampede: ${ASKS} misses in ${PROCESSES} processes, ${rounds} times`);
  await redis.clear();
  const file = fileURLToPath(new URL('./cache-stampede-asker.ts', import.meta.url));
  const children: ChildProcess[] = [];
  const end = (): void => children.forEach((child) => child.kill('SIGKILL'));
  process.once('exit', end);
  const counts = new Redis(redis.url);
  try {
    for (let at = 0; at < PROCESSES; at += 1) {
      children.push(fork(file, [redis.url], { execArgv: ['--import', 'tsx'], serialization: 'json' }));
    }
    await Promise.all(children.map(answerOf));
    const run = async (id: string, how: How) => {
      const ask: Ask = { id, how, times: ASKS / PROCESSES, at: Date.now() + NOTICE_MS };
      const answers = children.map((child) => answerOf(child) as Promise<Asked>);
      for (const child of children) child.send(ask);
      const asked = await Promise.all(answers);
      return {
        loads: Number(await counts.get(loadsKey(id))),
        ms: Math.max(...asked.map(({ ms }) => ms)),
        wrong: asked.reduce((sum, { wrong }) => sum + wrong, 0),
      };
    };
    await run('warm-up', 'wrap');
    const runs = { wrap: [] as Awaited<ReturnType<typeof run>>[], unguarded: [] as Awaited<ReturnType<typeof run>>[] };
    for (let round = 0; round < rounds; round += 1) runs.wrap.push(await run(`round-${round}`, 'wrap'));
    for (let round = 0; round < Math.min(3, rounds); round += 1) {
      runs.unguarded.push(await run(`unguarded-${round}`, 'unguarded'));
    }
    const both = (of: typeof runs.wrap) => ({ loads: of.map((one) => one.loads), answeredMs: of.map((one) => one.ms) });
    const wrong = [...runs.wrap, ...runs.unguarded].reduce((sum, one) => sum + one.wrong, 0);
    return {
      ...{ processes: PROCESSES, asks: ASKS, loadMs: LOAD_MS, rounds, wrong },
      ...both(runs.wrap),
      unguarded: both(runs.unguarded),
    };
  } finally {
    process.off('exit', end);
    counts.disconnect();
    const ended = children.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const exits = ended.map((child) => once(child, 'exit'));
    end();
    await Promise.all(exits);
  }
}

/** The next word of a process. @throws when it ends instead, or says nothing */
async function answerOf(child: ChildProcess): Promise<unknown> {
  const over = new AbortController();
  const { signal } = over;
  const late = setTimeout(() => over.abort(new Error('A process of the stampede says nothing.')), PATIENCE_MS);
  try {
    return await Promise.race([
      once(child, 'message', { signal }).then(([message]) => message as unknown),
      once(child, 'exit', { signal }).then(() => {
        throw new Error('A process of the stampede has ended.');
      }),
    ]);
  } finally {
    clearTimeout(late);
    over.abort();
  }
}
