import { fileURLToPath } from 'node:url';
import { SHARE_ENV, Worker } from 'node:worker_threads';
import type { Log } from '../../domain/ports/log.ts';

/** What the model says, row after row; `contributions` holds one number per feature and row. */
export interface Outputs {
  readonly contributions: Float32Array;
  readonly logOdds: Float32Array;
  readonly value: Float32Array;
  readonly confidence: Float32Array;
}

/** `lost`: the thread died, twice in a row. `failed`: it answered that it could not compute. `refused`: it could not load. */
export type Answer =
  | { readonly ok: true; readonly outputs: Outputs }
  | { readonly ok: false; readonly why: 'lost' | 'failed' | 'refused'; readonly detail: string };

export interface ScoreThread {
  /** Resolves when the model is loaded or refused. */
  readonly ready: Promise<Ready>;
  run(features: Float32Array, rows: number): Promise<Answer>;
  close(): Promise<void>;
}

export type Ready =
  { readonly ok: true } | { readonly ok: false; readonly why: 'lost' | 'refused'; readonly detail: string };

/** A worker thread with its own onnxruntime session. `execArgv` is emptied: the file is plain JavaScript and needs no loader. */
export function startWorker(model: Uint8Array): Worker {
  const file = fileURLToPath(new URL('./worker.mjs', import.meta.url).href);
  return new Worker(file, { workerData: model, execArgv: [], env: SHARE_ENV });
}

/**
 * Keeps one worker at hand: a dead one is started anew by the next request, and a request that died with its worker is sent
 * once more. A worker that does not answer in time is ended, which counts as dead.
 */
export function superviseThread(start: () => Worker, log: Log): ScoreThread {
  let current: Attempt | null = launch(start, log);
  const first = current;
  let closed = false;

  async function attempt(features: Float32Array, rows: number): Promise<Answer> {
    if (closed) return { ok: false, why: 'lost', detail: 'closed' };
    if (current === null || current.gone()) current = launch(start, log);
    return current.ask(features, rows);
  }

  return {
    ready: first.ready,
    async run(features, rows) {
      const answer = await attempt(features, rows);
      if (answer.ok || answer.why !== 'lost' || closed) return answer;
      log.warn({ detail: answer.detail, rows }, 'the scoring thread was lost; asking a new one');
      return attempt(features, rows);
    },
    async close() {
      closed = true;
      const last = current;
      current = null;
      await last?.close();
    },
  };
}

interface Attempt {
  readonly ready: Promise<Ready>;
  gone(): boolean;
  ask(features: Float32Array, rows: number): Promise<Answer>;
  close(): Promise<void>;
}

type Reply =
  | { readonly kind: 'ready' }
  | { readonly kind: 'refused'; readonly detail: string }
  | { readonly kind: 'answer'; readonly id: number; readonly outputs: Outputs }
  | { readonly kind: 'failed'; readonly id: number; readonly detail: string };

/** Loading takes a tenth of a second, a thousand rows a few milliseconds: whoever needs this long hangs. */
const patienceMs = 30_000;

/** One life of the worker. */
function launch(start: () => Worker, log: Log): Attempt {
  const worker = start();
  const pending = new Map<number, (answer: Answer) => void>();
  let lastId = 0;
  let dead = false;
  let detail = 'the thread ended';
  const loaded = once<Ready>();
  const ended = once<void>();

  worker.on('message', (reply: Reply) => {
    if (reply.kind === 'ready') loaded.resolve({ ok: true });
    else if (reply.kind === 'refused') loaded.resolve({ ok: false, why: 'refused', detail: reply.detail });
    else if (reply.kind === 'answer') pending.get(reply.id)?.({ ok: true, outputs: reply.outputs });
    else pending.get(reply.id)?.({ ok: false, why: 'failed', detail: reply.detail });
  });
  worker.on('error', (error) => {
    detail = error.message;
    log.error({ err: error }, 'the scoring thread failed');
  });
  worker.on('exit', () => {
    dead = true;
    loaded.resolve({ ok: false, why: 'lost', detail });
    for (const settle of pending.values()) settle({ ok: false, why: 'lost', detail });
    ended.resolve();
  });

  /** The process stays up for a pending answer, and for nothing else of ours. */
  async function patiently<T>(waited: Promise<T>): Promise<T> {
    worker.ref();
    const timer = setTimeout(() => {
      detail = `no answer within ${patienceMs} ms`;
      void worker.terminate();
    }, patienceMs);
    try {
      return await waited;
    } finally {
      clearTimeout(timer);
      if (pending.size === 0 && !dead) worker.unref();
    }
  }

  const ready = patiently(loaded.promise);
  return {
    ready,
    gone: () => dead,
    async ask(features, rows) {
      const state = await ready;
      if (!state.ok) return state;
      if (dead) return { ok: false, why: 'lost', detail };
      const id = ++lastId;
      const answer = once<Answer>();
      pending.set(id, answer.resolve);
      // The thread gets a copy to keep: the caller's numbers are needed again if it dies with them.
      const copy = features.slice();
      worker.postMessage({ kind: 'run', id, rows, features: copy }, [copy.buffer]);
      return patiently(answer.promise.finally(() => pending.delete(id)));
    },
    async close() {
      await ready;
      if (dead) return;
      worker.postMessage({ kind: 'close' });
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
