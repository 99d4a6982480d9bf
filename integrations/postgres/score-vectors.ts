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

/** Vectors of one width, one after another: a parameter for many rows. */
export function manyBytes(vectors: readonly Float32Array[]): Buffer {
  return Buffer.concat(vectors.map(bytesOf));
}

/** The `i`-th of them, counted from 1, in SQL. */
export const nthVector = (parameter: string, place: string): string => {
  const width = 4 * traceSet.features.length;
  return `substring(${parameter}::bytea from ((${place} - 1) * ${width} + 1)::integer for ${width})`;
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
