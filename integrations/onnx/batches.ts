import type { Answer, Outputs } from './thread.ts';

/**
 * Rows that travel together: enough to make the way there cheap, few enough that whoever asks meanwhile waits only some
 * milliseconds.
 */
export const chunkRows = 512;

/** How long a request waits for others to travel with, when somebody is under way already. */
const waitMs = 1;

interface Job {
  readonly features: Float32Array;
  readonly rows: number;
  readonly settle: (answer: Answer) => void;
  sent: number;
  answered: number;
  /** What is known of its answer so far. */
  readonly outputs: Record<string, Float32Array | Float64Array>;
}

/** Rows of one job in a batch. */
interface Piece {
  readonly job: Job;
  readonly from: number;
  readonly rows: number;
}

export interface BatchOptions {
  readonly columns: number;
  /** How many batches are computed at once; as many again may wait at the door, so that no thread runs dry. */
  readonly threads: number;
  readonly run: (features: Float32Array, rows: number) => Promise<Answer>;
}

/**
 * Puts requests for one model together and cuts large ones up. A request goes at once when a thread is idle; else it waits for a
 * full batch, a thread, or a millisecond, whatever comes first. Short requests go before long ones, and never wait for a part of
 * one: a batch is made of whole requests, or of a part of a single one.
 */
export function createBatches({ columns, threads, run }: BatchOptions) {
  /** Those with rows that were not sent yet. */
  let waiting: Job[] = [];
  let underWay = 0;
  let timer: NodeJS.Timeout | undefined;

  function pump(waited: boolean): void {
    while (waiting.length > 0 && underWay < 2 * threads) {
      if (underWay >= threads && !waited && rowsWaiting() < chunkRows) {
        timer ??= setTimeout(() => {
          timer = undefined;
          pump(true);
        }, waitMs);
        return;
      }
      void send(take());
    }
  }

  function rowsWaiting(): number {
    return waiting.reduce((sum, job) => sum + job.rows - job.sent, 0);
  }

  function take(): Piece[] {
    const pieces: Piece[] = [];
    let room = chunkRows;
    for (const job of waiting.sort((a, b) => a.rows - a.sent - (b.rows - b.sent))) {
      const left = job.rows - job.sent;
      if (left > room && pieces.length > 0) break;
      const rows = Math.min(room, left);
      pieces.push({ job, from: job.sent, rows });
      job.sent += rows;
      room -= rows;
    }
    waiting = waiting.filter((job) => job.sent < job.rows);
    return pieces;
  }

  async function send(pieces: readonly Piece[]): Promise<void> {
    underWay += 1;
    const rows = pieces.reduce((sum, piece) => sum + piece.rows, 0);
    const answer = await run(gather(pieces, rows, columns), rows);
    underWay -= 1;
    let at = 0;
    for (const piece of pieces) {
      deliver(piece, answer, at, rows);
      at += piece.rows;
    }
    pump(false);
  }

  function deliver({ job, from, rows }: Piece, answer: Answer, at: number, of: number): void {
    if (!answer.ok) {
      waiting = waiting.filter((other) => other !== job);
      job.settle(answer);
      return;
    }
    for (const [name, values] of Object.entries(answer.outputs)) {
      const width = values.length / of;
      const whole = (job.outputs[name] ??= emptyLike(values, job.rows * width));
      whole.set(values.subarray(at * width, (at + rows) * width), from * width);
    }
    job.answered += rows;
    if (job.answered === job.rows) job.settle({ ok: true, outputs: job.outputs });
  }

  return (features: Float32Array, rows: number): Promise<Answer> => {
    if (!Number.isInteger(rows) || rows < 1 || features.length !== rows * columns) {
      throw new RangeError(`${rows} rows of ${columns} columns expected, ${features.length} numbers came`);
    }
    return new Promise((settle) => {
      waiting.push({ features, rows, settle, sent: 0, answered: 0, outputs: {} });
      pump(false);
    });
  };
}

function gather(pieces: readonly Piece[], rows: number, columns: number): Float32Array {
  const part = ({ job, from, rows: count }: Piece): Float32Array =>
    job.features.subarray(from * columns, (from + count) * columns);
  if (pieces.length === 1) return part(pieces[0]!);
  const features = new Float32Array(rows * columns);
  let at = 0;
  for (const piece of pieces) {
    features.set(part(piece), at);
    at += piece.rows * columns;
  }
  return features;
}

function emptyLike(values: Outputs[string], length: number): Float32Array | Float64Array {
  return values instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
}
