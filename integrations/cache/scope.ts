import type { Key, Kind } from '../../domain/cache/cache.ts';

/** What the checksum of a stored value binds it to. */
export const scopeOf = (kind: Kind, { location, id }: Key): string => `${kind.name}\0${location}\0${id}`;
