import { spawn, type ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Log } from '../../domain/ports/log.ts';
import { frameOf, threadOver, type Answer, type Lost, type Request } from './thread.ts';

/** What the scoring process may know of ours: where to find programs and where to put files. No secret is among it. */
const passedOn = ['PATH', 'HOME', 'TMPDIR', 'TEMP', 'SystemRoot'];

/** Variables by name, as a process has them. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Its input, output and errors; the pipes of the threads come after. */
const ownStreams = 3;

/** How long the end of a process that was killed may take to be heard of. */
const exitMs = 1_000;

/** The scoring process, with a pipe for each of so many threads. Its files are plain JavaScript and need no loader. */
export function startProcess(threads: number, environment: Environment = process.env): ChildProcess {
  const file = fileURLToPath(new URL('./process.mjs', import.meta.url).href);
  const known = passedOn.flatMap((name) =>
    environment[name] === undefined ? [] : [[name, environment[name]] as const],
  );
  return spawn(process.execPath, [file, String(threads)], {
    stdio: ['pipe', 'ignore', 'pipe', ...Array<'pipe'>(threads).fill('pipe')],
    // Since 1.29 onnxruntime reports usage to its maker unless told otherwise before it loads.
    env: { ...Object.fromEntries(known), ORT_DISABLE_TELEMETRY: '1' },
  });
}

/** One life of the scoring process. */
export interface Life {
  gone(): boolean;
  ask(request: Request): Promise<Answer>;
  /** Ends it at once, as one that was good for nothing. */
  end(how: string): void;
  /** Ends it once everything asked is answered. */
  close(): Promise<void>;
}

export interface LifeOptions {
  /** After this long without the answer that is waited for, the process is ended. */
  readonly patienceMs: number;
  readonly log: Log;
  /** Told of its end, before those who wait are; `worked`: it had scored something. */
  readonly onEnd: (worked: boolean) => void;
}

export function beginLife(child: ChildProcess, { patienceMs, log, onEnd }: LifeOptions): Life {
  let lost: Lost | null = null;
  let worked = false;
  let said = '';
  let fault: string | null = null;
  let ended!: () => void;
  const end = new Promise<void>((resolve) => (ended = resolve));

  // One that could not be started for want of descriptors has no streams at all.
  const streams = (child.stdio as ChildProcess['stdio'] | undefined) ?? [];
  const threads = streams.slice(ownStreams).map((pipe) => threadOver(pipe as Socket));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (said = `${said}${text}`.slice(-2_000)));
  child.on('exit', (code, signal) => {
    const how = `ended by ${signal ?? `code ${code ?? 'unknown'}`}`;
    lose(fault === null ? how : `${how} (${fault})`);
  });
  child.on('error', (error) => lose(error.message));
  for (const stream of streams) stream?.on('error', broken);
  for (const part of [child, ...streams] as (ChildProcess | Socket | null)[]) {
    // What is waited for keeps our own process up, by the clock of its patience; nothing else of the child's does.
    part?.unref();
  }

  function asked(): number {
    return threads.reduce((sum, thread) => sum + thread.asked(), 0);
  }

  /** A pipe breaks a moment before it is known what ended the process, and that is what has to be known. */
  function broken({ message }: Error): void {
    fault ??= message;
    if (child.pid === undefined) return lose(message);
    kill();
    setTimeout(() => lose(message), exitMs).unref();
  }

  function lose(how: string): void {
    if (lost !== null) return;
    lost = { ok: false, why: 'lost', detail: how };
    if (asked() > 0) log.error({ detail: said, how, requests: asked() }, 'the scoring process died at work');
    onEnd(worked);
    for (const thread of threads) thread.giveUp(lost);
    ended();
    // One that can no longer be reached may live on.
    kill();
  }

  /** What never started has no number, and is not to be signalled: its handle says 0, which is everybody of our own group. */
  function kill(): void {
    if (child.pid !== undefined) child.kill('SIGKILL');
  }

  /** Ends a child that does not come to what is waited for. */
  async function patiently<T>(waited: Promise<T>): Promise<T> {
    const timer = setTimeout(kill, patienceMs);
    try {
      return await waited;
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    gone: () => lost !== null,
    async ask(request) {
      if (threads.length === 0) await patiently(end);
      if (lost !== null) return lost;
      const idlest = threads.reduce((best, thread) => (thread.asked() < best.asked() ? thread : best));
      const frame = frameOf(request);
      // Every thread has every model.
      const all = (request.kind === 'run' ? [idlest] : threads).map((thread) => thread.ask(frame));
      const answers = await patiently(Promise.all(all));
      const answer = answers.find(({ ok }) => !ok) ?? answers[0]!;
      worked ||= request.kind === 'run' && answer.ok;
      return answer;
    },
    end(how) {
      worked = false;
      lose(how);
    },
    async close() {
      await Promise.all(threads.map((thread) => thread.idle()));
      kill();
      await patiently(end);
    },
  };
}
