import type { Socket } from 'node:net';
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

export function threadOver(pipe: Socket): Thread {
  const waiting: ((answer: Answer) => void)[] = [];
  let last: Promise<Answer> | undefined;
  let heard: Buffer = Buffer.alloc(0);
  pipe.on('data', (more: Buffer) => {
    heard = heard.length === 0 ? more : Buffer.concat([heard, more]);
    while (heard.length >= lengthBytes) {
      const end = lengthBytes + heard.readUInt32LE();
      if (heard.length < end) break;
      waiting.shift()?.(deserialize(heard.subarray(lengthBytes, end)) as Answer);
      heard = heard.subarray(end);
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

/** A request as it travels: how long it is, and then itself. */
export function frameOf(request: Request): Buffer {
  const body = serialize(request);
  const length = Buffer.alloc(lengthBytes);
  length.writeUInt32LE(body.length);
  return Buffer.concat([length, body]);
}
