import { createHash } from 'node:crypto';
import { traceSet } from '../../domain/scoring/vector.ts';
import type { Client } from './pool.ts';

const text = JSON.stringify(traceSet);

/** What is stored with a score today, under the hash of its own text. */
export const currentSet = { id: createHash('sha256').update(text).digest('hex'), set: traceSet, text } as const;

/** float32, little-endian, as every machine that runs Node stores it. */
export function bytesOf(vector: Float32Array): Buffer {
  return Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength);
}

/** A copy: a buffer of the driver's need not begin where a number may. */
export function vectorFrom(bytes: Uint8Array): Float32Array {
  return new Float32Array(Uint8Array.from(bytes).buffer);
}

const width = traceSet.features.length;

/**
 * A place for so many of today's vectors in one piece of memory: of thousands in pieces of their own the clearing away costs more than the
 * reading. The function puts one in and answers it.
 */
export function vectorRoom(most: number): (bytes: Uint8Array) => Float32Array {
  const all = new Float32Array(most * width);
  const room = new Uint8Array(all.buffer);
  let next = 0;
  return (bytes) => {
    if (bytes.length !== 4 * width) {
      throw new RangeError(`a stored vector has ${bytes.length} bytes, and its features are ${width}`);
    }
    room.set(bytes, 4 * width * next);
    next += 1;
    return all.subarray((next - 1) * width, next * width);
  };
}

/** Vectors of one width, one after another: a parameter for many rows. */
export function manyBytes(vectors: readonly Float32Array[]): Buffer {
  return Buffer.concat(vectors.map(bytesOf));
}

/** The `i`-th of them, counted from 1, in SQL. */
export const nthVector = (parameter: string, place: string): string => {
  return `substring(${parameter}::bytea from ((${place} - 1) * ${4 * width} + 1)::integer for ${4 * width})`;
};

/** Before a row that refers to it. */
export async function keepCurrentSet(client: Client, locationId: string): Promise<void> {
  await client.query({
    name: 'feature-set-keep',
    text: `insert into feature_sets (location_id, feature_set, features)
      select $1, $2, $3 where not exists (select from feature_sets where location_id = $1 and feature_set = $2)
      on conflict do nothing`,
    values: [locationId, currentSet.id, currentSet.text],
  });
}
