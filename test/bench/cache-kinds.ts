import type { Kind } from '../../domain/cache/cache.ts';
import { type Method, sizeBand } from '../../domain/cache/cost.ts';
import { pack } from '../../domain/cache/packing.ts';
import { type SyntheticKind, syntheticKinds, syntheticValues } from '../../domain/cache/synthetic.ts';
import { syntheticSchemas } from '../../domain/cache/synthetic-schemas.ts';
import { startMethod } from '../../integrations/cache/start-methods.ts';

export const TTL_MS = 3_600_000;

/** Bytes before a row that say for how long it stands. */
const TIMES = 5;
const LOOKED_AT = 20;

/** Short enough for the figures of values up to 4 KB. */
export const shortKinds = ['lead', 'contact', 'listing'] as const satisfies readonly SyntheticKind[];

/** What a packed value is stored with when it is written: what the cache begins with for its length, pinned, so that a busy moment changes no figure. */
export function fastMethod(kind: SyntheticKind): Method {
  const lengths = syntheticValues(kind, { vocabulary: 'test', seed: 1, count: LOOKED_AT }).map(
    (value) => pack(value, syntheticSchemas[kind])!.bytes.length,
  );
  const mean = lengths.reduce((sum, length) => sum + length + TIMES, 0) / LOOKED_AT;
  return startMethod(sizeBand(mean), true, () => true);
}

/** What a value that stays cold is stored with anew. */
export const slowMethod: Method = { codec: 'zstd', level: 19, dictionary: true };

/** The one configuration of the figures of memory and processor time: a key for each value, packed and compressed with the dictionary of its kind. */
export const fastKinds = kindsWith(fastMethod);

/** The same after cold values were written anew. */
export const slowKinds = kindsWith(() => slowMethod);

/** The same for values that nobody has described: their JSON is compressed as it is. */
export const textKinds = asText(fastKinds);

export const textWithoutDictionary = asText(kindsWith((kind) => ({ ...fastMethod(kind), dictionary: false })));

/** The kinds that are short enough for buckets; by the method that the cache finds. */
export const bucketKinds = {
  lead: { name: 'lead', ttlMs: TTL_MS, place: 'bucket', schema: syntheticSchemas.lead },
  contact: { name: 'contact', ttlMs: TTL_MS, place: 'bucket', schema: syntheticSchemas.contact },
} as const satisfies Partial<Record<SyntheticKind, Kind>>;

type Kinds = Readonly<Record<SyntheticKind, Kind>>;

function kindsWith(method: (kind: SyntheticKind) => Method): Kinds {
  const kinds = syntheticKinds.map((name): [SyntheticKind, Kind] => [
    name,
    { name, ttlMs: TTL_MS, place: 'key', schema: syntheticSchemas[name], pin: method(name) },
  ]);
  return Object.fromEntries(kinds) as Record<SyntheticKind, Kind>;
}

function asText(kinds: Kinds): Kinds {
  const texts = syntheticKinds.map((name): [SyntheticKind, Kind] => {
    const { schema: _, ...kind } = kinds[name];
    return [name, kind];
  });
  return Object.fromEntries(texts) as Record<SyntheticKind, Kind>;
}
