import type { Duplex } from 'node:stream';
import { deserialize, serialize } from 'node:v8';

/** What a model says of its rows, by the names of its outputs; a fixed count of numbers per row. */
export type Outputs = Readonly<Record<string, Float32Array | Float64Array>>;

/** `lost`: the process died, or gave no answer in time. `failed`: it answered that it could not. */
export type Answer =
  | { readonly ok: true; readonly outputs: Outputs }
  | { readonly ok: false; readonly why: 'lost' | 'failed'; readonly detail: string };

export type Lost = Exclude<Answer, { ok: true }>;

export type Request =
  | { readonly kind: 'load'; readonly model: number; readonly bytes: Uint8Array }
  | { readonly kind: 'run'; readonly model: number; readonly features: Float32Array; readonly rows: number }
  | { readonly kind: 'unload'; readonly model: number };

/** A thread of the scoring process, by our end of its pipe. It answers in the order in which it is asked. */
export interface Thread {
  /** How many requests it has not answered yet. */
  asked(): number;
  ask(frame: Buffer): Promise<Answer>;
  /** Resolves once everything asked so far is answered. */
  idle(): Promise<unknown>;
  /** Gives every request that is not answered yet this answer. */
  giveUp(answer: Lost): void;
}

export function threadOver(pipe: Duplex): Thread {
  const waiting: ((answer: Answer) => void)[] = [];
  let last: Promise<Answer> | undefined;
  const hear = framesFrom((body) => {
    const answer = deserialize(body) as Answer;
    waiting.shift()?.(answer);
  });
  pipe.on('data', (more: Buffer) => {
    try {
      hear(more);
    } catch (error) {
      // What follows has no beginning that could be found. Whoever waits hears of it with the end of the process.
      pipe.destroy(error as Error);
    }
  });
  return {
    asked: () => waiting.length,
    ask(frame) {
      last = new Promise((resolve) => waiting.push(resolve));
      pipe.write(frame);
      return last;
    },
    idle: async () => last,
    giveUp(answer) {
      for (const resolve of waiting.splice(0)) resolve(answer);
    },
  };
}

const lengthBytes = 4;

/** No answer is nearly as long: a length beyond this is not one. */
const longestFrame = 256 * 1_024 * 1_024;

/**
 * Cuts what comes in pieces into frames. Pieces are put together when a frame is whole, not as each comes.
 * @throws RangeError for a length that is none, and whatever `take` throws
 */
function framesFrom(take: (body: Buffer) => void): (piece: Buffer) => void {
  let pieces: Buffer[] = [];
  let [held, wanted] = [0, lengthBytes];
  const joined = (): Buffer => (pieces.length === 1 ? pieces[0]! : Buffer.concat(pieces));
  return (piece) => {
    pieces.push(piece);
    held += piece.length;
    while (held >= wanted) {
      const heard = joined();
      const end = lengthBytes + heard.readUInt32LE();
      if (end > longestFrame) throw new RangeError(`a frame of ${end} bytes is announced`);
      pieces = [heard];
      wanted = end;
      if (held < end) return;
      pieces = held > end ? [heard.subarray(end)] : [];
      [held, wanted] = [held - end, lengthBytes];
      take(heard.subarray(lengthBytes, end));
    }
  };
}

/** A request as it travels: how long it is, and then itself. */
export function frameOf(request: Request): Buffer {
  const body = serialize(request);
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(body.length);
  return Buffer.concat([length, body]);
}
