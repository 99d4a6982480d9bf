import type { PackingSchema } from './packing.ts';

/** What a value is: `lead`, `listing` … Each has dictionaries, choices and figures of its own. */
export type KindName = string;

/** A kind of value, registered when a cache is made. */
export interface Kind {
  readonly name: KindName;
  /** Absent: values are JSON text before they are compressed. */
  readonly schema?: PackingSchema;
  /** Values below about a kilobyte share a Redis hash instead of having a key each. */
  readonly small?: 'bucket';
  /** How long a value lives where its writer does not say. */
  readonly ttlMs: number;
}
