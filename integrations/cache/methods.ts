import type { Method } from '../../domain/cache/cost.ts';
import type { Codecs } from './codecs.ts';
import type { CodecName } from './envelope.ts';
import { FIRST_LONG_BAND } from './start-methods.ts';

const EVERY: readonly (readonly [CodecName, number, boolean])[] = [
  ['none', 0, false],
  ['lz4', 1, false],
  ...[1, 3, 9, 19].flatMap((level) => [['zstd', level, false] as const, ['zstd', level, true] as const]),
  ['deflate', 6, true],
  ['brotli', 5, false],
  ['brotli', 11, false],
];

/** What a trial tries: every codec that is there, with and without a dictionary where there is one. */
export function methodsToTry(codecs: Pick<Codecs, 'has'>, dictionaries: boolean): Method[] {
  return EVERY.filter(([codec, , dictionary]) => codecs.has(codec) && (dictionaries || !dictionary)).map(
    ([codec, level, dictionary]) => ({ codec, level, dictionary }),
  );
}

/**
 * May a caller wait for it? Levels that take milliseconds are for values that are stored anew in the background; long values of what works in
 * the thread pool are in nobody's way.
 */
export function isSwift({ codec, level }: Method, band: number): boolean {
  if (codec === 'zstd') return level <= (band < FIRST_LONG_BAND ? 9 : 3);
  if (codec === 'deflate' || codec === 'brotli') return level <= 6 && band >= FIRST_LONG_BAND;
  return level < 9;
}
