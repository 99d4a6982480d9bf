import type { ChildProcess } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Log } from '../../domain/ports/log.ts';
import { createBatches } from './batches.ts';
import { beginLife, startProcess, type Life } from './life.ts';
import { createPauses } from './pauses.ts';
import type { Answer, Lost, Request } from './thread.ts';

/** Runs model files in a process apart; several models share its threads. */
export interface Engine {
  /** Takes a model in. `columns` is how many numbers a row of its input `features` has. */
  load(bytes: Uint8Array, columns: number): Promise<Loaded | Lost>;
  /** Ends the process once what it works on is answered. */
  close(): Promise<void>;
}

export interface Loaded {
  readonly ok: true;
  /**
   * `rows` rows of `features`, which the caller leaves unchanged until the answer is there. Throws RangeError when they are not
   * that many numbers.
   */
  run(features: Float32Array, rows: number): Promise<Answer>;
  /** Lets the model go once every run of it is answered. */
  unload(): Promise<void>;
}

export interface EngineOptions {
  /** Each with one compute thread. */
  readonly threads?: number;
  /** How long an answer may take before the process counts as hanging. */
  readonly patienceMs?: number;
  /** Tests end what it started. It may throw. */
  readonly start?: (threads: number) => ChildProcess;
}

/** All but one core, since the process that asks needs one as well; beyond four, scoring is no bottleneck. */
const defaultThreads = Math.max(1, Math.min(4, availableParallelism() - 1));

/**
 * The engine over a supervised process: a dead one is started anew by the next request, with every model that was loaded, and a
 * request that died with its process is sent once more. One that dies again and again before it has scored anything is left
 * alone for a while, and whoever asks meanwhile hears so at once. Loading takes a tenth of a second, a chunk of rows a few
 * milliseconds: whoever needs half a minute hangs.
 */
export function startEngine(
  log: Log,
  { threads = defaultThreads, patienceMs = 30_000, start = startProcess }: EngineOptions = {},
): Engine {
  const models = new Map<number, Uint8Array>();
  const pauses = createPauses();
  let life: Life | null = null;
  /** What was loaded before is loaded in the process that lives. */
  let ready: Promise<unknown> = Promise.resolve();
  let lastModel = 0;
  let closed = false;

  function living(): Life | Lost {
    if (closed) return lostBy('the engine is closed');
    if (life !== null && !life.gone()) return life;
    const pause = pauses.left();
    if (pause > 0) return lostBy(`the process keeps dying and is not started for another ${Math.ceil(pause)} ms`);
    try {
      life = beginLife(start(threads), { patienceMs, log, onEnd: pauses.ended });
    } catch (error) {
      pauses.ended(false);
      log.error({ err: error }, 'the scoring process could not be started');
      return lostBy('the process could not be started');
    }
    // The process works in order: what is loaded first is there for what comes after.
    ready = Promise.all([...models].map(([model, bytes]) => loadAgain(life!, model, bytes)));
    return life;
  }

  /** A process that lacks a model of before, be it in one thread, would answer of it what it answers of none, for as long as it lives. */
  async function loadAgain(one: Life, model: number, bytes: Uint8Array): Promise<void> {
    const answer = await one.ask({ kind: 'load', model, bytes });
    if (answer.ok || answer.why === 'lost') return;
    log.error({ model, detail: answer.detail }, 'a new scoring process cannot load a model; it is ended');
    one.end('a model of before could not be loaded');
  }

  async function ask(request: Request, tries = 2): Promise<Answer> {
    const one = living();
    if (!('ask' in one)) return one;
    if (request.kind === 'run') await ready;
    const answer = await one.ask(request);
    if (answer.ok || answer.why !== 'lost' || tries === 1) return answer;
    log.warn({ detail: answer.detail, asked: request.kind }, 'the scoring process was lost; asking a new one');
    return ask(request, tries - 1);
  }

  /** A process that does not live holds no model, and none is started to let one go. */
  async function forget(model: number): Promise<void> {
    models.delete(model);
    if (life !== null && !life.gone()) await life.ask({ kind: 'unload', model });
  }

  return {
    async load(bytes, columns) {
      const model = ++lastModel;
      const answer = await ask({ kind: 'load', model, bytes });
      if (!answer.ok) {
        // Other threads may have it.
        if (answer.why === 'failed') await forget(model);
        return answer;
      }
      models.set(model, bytes);
      const underWay = new Set<Promise<Answer>>();
      const batched = createBatches({
        columns,
        threads,
        run: (features, rows) => ask({ kind: 'run', model, features, rows }),
      });
      return {
        ok: true,
        run(matrix, count) {
          const answer = batched(matrix, count);
          underWay.add(answer);
          void answer.then(() => underWay.delete(answer));
          return answer;
        },
        async unload() {
          while (underWay.size > 0) await Promise.all(underWay);
          await forget(model);
        },
      };
    },
    async close() {
      closed = true;
      await ready;
      await life?.close();
    },
  };
}

function lostBy(detail: string): Lost {
  return { ok: false, why: 'lost', detail };
}
