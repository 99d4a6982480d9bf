import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Candidate, Method } from '../../domain/cache/cost.ts';
import type { Dictionary } from './dictionary.ts';

/** `dictionary`: which of the job's dictionaries a sample's own location writes with. */
export interface Measure {
  readonly samples: readonly { readonly bytes: Uint8Array; readonly dictionary: number | undefined }[];
  readonly dictionaries: readonly Dictionary[];
  readonly methods: readonly Method[];
}

export interface Build {
  readonly samples: readonly Uint8Array[];
  readonly bytes: number;
}

export interface Encode {
  readonly plains: readonly {
    readonly bytes: Uint8Array;
    readonly scope: string;
    readonly dictionary: number | undefined;
  }[];
  readonly dictionaries: readonly Dictionary[];
  readonly method: Method;
}

export type Job = { readonly measure: Measure } | { readonly build: Build } | { readonly encode: Encode };
export type Answer = { readonly id: number } & ({ readonly done: unknown } | { readonly failed: string });

/**
 * What takes long and has time: trials, dictionaries, slow levels. A process of its own does it, so that nobody waits for it here; it is
 * started when there is something to do and ends when there was nothing for a while. Every answer may be a rejection.
 */
export interface Workshop {
  measure(job: Measure): Promise<Candidate[]>;
  build(job: Build): Promise<Uint8Array>;
  /** Sealed, in the order of the plain values. */
  encode(job: Encode): Promise<Uint8Array[]>;
  /** What its process holds of anybody's values is gone; jobs that are under way, or wait for their turn, fail. */
  empty(): void;
  close(): void;
}

const IDLE_MS = 20_000;
const JOB_LIMIT_MS = 60_000;

/** @param zstd  the route that this process has, so that what is measured is what is used */
export function createWorkshop({ zstd }: { zstd: string | undefined }): Workshop {
  let child: ChildProcess | undefined;
  let idle: NodeJS.Timeout | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  let closed = false;
  /** Counted up whenever it is emptied. */
  let emptied = 0;
  let ids = 0;

  function stop(): void {
    clearTimeout(idle);
    // One that never came up has no id, and a signal to it would be a signal to all of our own group.
    if (child?.pid !== undefined) child.kill('SIGKILL');
    child = undefined;
  }

  async function ask(job: Job): Promise<unknown> {
    if (closed) throw new Error('The cache is closed.');
    clearTimeout(idle);
    const working = (child ??= started(zstd));
    try {
      return await answerOf(working, { id: (ids += 1), job });
    } catch (error) {
      stop();
      throw error;
    } finally {
      idle = setTimeout(stop, IDLE_MS);
      idle.unref();
    }
  }

  /** One after the other: what is measured is measured alone. */
  function inTurn(job: Job): Promise<unknown> {
    const asked = emptied;
    const answer = turn.then(() => {
      if (asked !== emptied) throw new Error('The workshop was emptied.');
      return ask(job);
    });
    turn = answer.catch(() => undefined);
    return answer;
  }

  return {
    measure: async (measure) => (await inTurn({ measure })) as Candidate[],
    build: async (build) => (await inTurn({ build })) as Uint8Array,
    encode: async (encode) => (await inTurn({ encode })) as Uint8Array[],
    empty() {
      emptied += 1;
      stop();
    },
    close() {
      closed = true;
      stop();
    },
  };
}

/** From the sources it needs what strips the types; a build has plain JavaScript beside this file. */
function started(zstd: string | undefined): ChildProcess {
  const source = import.meta.url.endsWith('.ts');
  const file = new URL(`./workshop-process.${source ? 'ts' : 'js'}`, import.meta.url);
  const child = fork(fileURLToPath(file.href), [zstd ?? 'off'], {
    execArgv: source ? ['--import', 'tsx'] : [],
    cwd: fileURLToPath(new URL('.', import.meta.url).href),
    // Nothing of ours is its business.
    env: { PATH: process.env.PATH ?? '' },
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.unref();
  child.channel?.unref();
  child.on('error', () => undefined);
  return child;
}

function answerOf(child: ChildProcess, asked: { id: number; job: Job }): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const late = setTimeout(() => settle(() => reject(new Error('A job took too long.'))), JOB_LIMIT_MS);
    late.unref();
    const settle = (then: () => void): void => {
      clearTimeout(late);
      child.off('message', onMessage);
      child.off('exit', onExit);
      then();
    };
    const onMessage = (answer: Answer): void => {
      if (answer.id !== asked.id) return;
      settle(() => ('done' in answer ? resolve(answer.done) : reject(new Error(answer.failed))));
    };
    const onExit = (): void => settle(() => reject(new Error('The process of the workshop ended.')));
    child.on('message', onMessage);
    child.on('exit', onExit);
    child.send(asked, (error) => {
      if (error !== null) settle(() => reject(error));
    });
  });
}
