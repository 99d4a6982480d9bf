import type { Key, Kind } from '../../domain/cache/cache.ts';

/** Where a value lives: its kind, its key as Redis and the checksum see it, and both in one text. */
export interface Slot {
  readonly kind: Kind;
  /** As whoever asks wrote it. */
  readonly asked: Key;
  /** Escaped, so that no two keys are ever written alike. */
  readonly key: Key;
  /** `kind:location:id`, after an `@` where the kind lives in buckets; no two values share one. */
  readonly name: string;
}

/** Before everything of the cache in Redis. A value lies under it and its name; what else there is begins with a sign no kind begins with. */
export const PREFIX = 'lw:c:';
/** Where the processes tell one another what is no longer so. */
export const CHANNEL = `${PREFIX}~`;
/** What all processes counted, one field per kind and count. */
export const COUNTS = `${PREFIX}=`;
/** Which processes say what they have in force, by when that is forgotten; under it and its name, what each says. */
export const TOLD = `${PREFIX}+`;

const KIND_NAME = /^[a-z][a-z0-9-]*$/;

/** @throws RangeError for a name that could be taken for something else, or is there twice */
export function kindsByName(kinds: readonly Kind[]): ReadonlyMap<string, Kind> {
  const byName = new Map(kinds.map((kind) => [kind.name, kind]));
  const wrong = kinds.find(({ name }) => !KIND_NAME.test(name));
  if (wrong !== undefined)
    throw new RangeError(`A kind is named in lower-case letters, digits and dashes, not "${wrong.name}".`);
  if (byName.size !== kinds.length) throw new RangeError('Two kinds share a name.');
  return byName;
}

export function slotOf(kind: Kind, asked: Key): Slot {
  const key = { location: escapedLocation(asked.location), id: escapedId(asked.id) };
  return { kind, asked, key, name: `${kind.place === 'bucket' ? '@' : ''}${kind.name}:${key.location}:${key.id}` };
}

export const tagKey = (location: string, tag: string): string =>
  `${PREFIX}#${escapedLocation(location)}:${escapedId(tag)}`;

/** A location ends where a colon or a zero stands, so it holds none. */
export const escapedLocation = (location: string): string => location.replace(/[%:\0]|\p{Surrogate}/gu, escaped);

/** Halves of a surrogate pair would all be written as the same three bytes. */
const escapedId = (id: string): string => id.replace(/%|\p{Surrogate}/gu, escaped);

const escaped = (character: string): string => `%${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
