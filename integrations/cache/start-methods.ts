import type { Method } from '../../domain/cache/cost.ts';
import type { CodecName } from './envelope.ts';

/** What a value of 16 KB or more is: its codec may take longer than other requests should wait. */
export const FIRST_LONG_BAND = 5;

/**
 * How values are stored before anything was measured: what is far ahead on values of the product's own shapes. Short ones are next to
 * nothing without a dictionary, and of those of some kilobytes the lowest level saves nearly as much in half the time.
 * @param has  which codecs are there
 */
export function startMethod(band: number, dictionary: boolean, has: (codec: CodecName) => boolean): Method {
  if (band === 0) return { codec: 'none', level: 0, dictionary: false };
  if (has('zstd')) return { codec: 'zstd', level: dictionary && (band === 3 || band === 4) ? 1 : 3, dictionary };
  if (dictionary && band < FIRST_LONG_BAND) return { codec: 'deflate', level: 6, dictionary };
  return { codec: 'brotli', level: 5, dictionary: false };
}
