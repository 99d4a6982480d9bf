import { fork, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../domain/ports/log.ts';

/** What a model says of its rows, by the names of its outputs; a fixed count of numbers per row. */
export type Outputs = Readonly<Record<string, Float32Array | Float64Array>>;

/** `lost`: the process died, or gave no answer in time. `failed`: it answered that it could not. */
export type Answer =
  | { readonly ok: true; readonly outputs: Outputs }
  | { readonly ok: false; readonly why: 'lost' | 'failed'; readonly detail: string };

export type Request =
  | { readonly kind: 'load'; readonly model: number; readonly bytes: Uint8Array }
  | { readonly kind: 'run'; readonly model: number; readonly features: Float32Array; readonly rows: number }
  | { readonly kind: 'unload'; readonly model: number };

type Reply =
  | { readonly id: number; readonly kind: 'done'; readonly outputs?: Outputs }
  | { readonly id: number; readonly kind: 'failed'; readonly detail: string };

/** What the scoring process may know of ours: where to find programs and where to put files. No secret is among it. */
const passedOn = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot'];

/** Variables by name, as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** The scoring process, with so many threads. `execArgv` is emptied: its files are plain JavaScript and need no loader. */
export function startProcess(threads: number, environment: Environment = process.env): ChildProcess {
  const file = fileURLToPath(new URL('./process.mjs', import.meta.url).href);
  const known = passedOn.flatMap((name) =>
    environment[name] === undefined ? [] : [[name, environment[name]] as const],
  );
  return fork(file, [String(threads)], {
    execArgv: [],
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    // Since 1.29 onnxruntime reports usage to its maker unless told otherwise before it loads.
    env: { ...Object.fromEntries(known), ORT_DISABLE_TELEMETRY: '1' },
  });
}

/** One life of the scoring process. */
export interface Life {
  gone(): boolean;
  ask(request: Request): Promise<Answer>;
  /** Ends it once everything asked is answered. */
  close(): Promise<void>;
}

/** @param patienceMs  after this long without the answer that is waited for, the process is ended */
export function beginLife(child: ChildProcess, patienceMs: number, log: Log): Life {
  const pending = new Map<number, Once<Answer>>();
  const ended = once<void>();
  let lastId = 0;
  let dead = false;
  let detail = '';

  child.on('message', (reply: Reply) => {
    if (reply.kind === 'done') pending.get(reply.id)?.resolve({ ok: true, outputs: reply.outputs ?? {} });
    else pending.get(reply.id)?.resolve({ ok: false, why: 'failed', detail: reply.detail });
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (detail = `${detail}${text}`.slice(-2_000)));
  child.on('error', (error) => end(error.message));
  child.on('exit', (code, signal) => end(`ended by ${signal ?? `code ${code ?? 'unknown'}`}`));

  function end(how: string): void {
    if (dead) return;
    dead = true;
    if (pending.size > 0) log.error({ detail, how, requests: pending.size }, 'the scoring process died at work');
    for (const answer of pending.values()) answer.resolve({ ok: false, why: 'lost', detail: how });
    ended.resolve();
    // One that can no longer be reached may live on.
    child.kill('SIGKILL');
  }

  /** Our own process stays up for a pending answer, and for nothing else of the child's. */
  function hold(held: boolean): void {
    for (const part of [child, child.channel]) {
      if (held) part?.ref();
      else part?.unref();
    }
  }
  (child.stderr as unknown as { unref(): void } | null)?.unref();

  /** Ends a child that does not come to what is waited for. */
  async function patiently<T>(waited: Promise<T>): Promise<T> {
    hold(true);
    const timer = setTimeout(() => child.kill('SIGKILL'), patienceMs);
    try {
      return await waited;
    } finally {
      clearTimeout(timer);
      if (pending.size === 0) hold(false);
    }
  }

  return {
    gone: () => dead || !child.connected,
    ask(request) {
      const answer = once<Answer>();
      if (dead || !child.connected) return Promise.resolve({ ok: false, why: 'lost', detail: 'the process is gone' });
      const id = ++lastId;
      pending.set(id, answer);
      child.send({ ...request, id }, (error) => {
        if (error !== null) end(error.message);
      });
      return patiently(answer.promise.finally(() => pending.delete(id)));
    },
    async close() {
      await Promise.all([...pending.values()].map((answer) => answer.promise));
      if (dead) return;
      if (child.connected) child.disconnect();
      await patiently(ended.promise);
    },
  };
}

interface Once<T> {
  readonly promise: Promise<T>;
  resolve(value: T): void;
}

/** A promise and the handle that settles it; later calls change nothing. */
function once<T>(): Once<T> {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((settle) => (resolve = settle));
  return { promise, resolve };
}
