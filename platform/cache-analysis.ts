import { AppError } from '../domain/errors.ts';
import { analyze, type Analysis } from '../integrations/cache/analyze.ts';
import { DEFAULT_PRICES } from '../integrations/cache/coder.ts';
import { kindsWith, type CachePins } from './cache-pins.ts';

export type { Analysis };

/** By which the cache chooses, unless an analysis is asked for others. */
export const cachePrices = {
  dollarsPerGbHour: DEFAULT_PRICES.dollarsPerGbHour,
  dollarsPerCpuHour: DEFAULT_PRICES.dollarsPerCpuSecond * 3600,
};

export interface CacheAnalysisOptions {
  readonly redisUrl: string | undefined;
  readonly pins: CachePins;
  readonly memoryUsage: boolean;
  readonly prices: { readonly dollarsPerGbHour: number; readonly dollarsPerCpuHour: number };
  readonly progress: (keys: number) => void;
}

/** What the cache holds in Redis and how it pays. Reads only. Errors: CACHE_ALONE, CACHE_AWAY, CACHE_REFUSED. */
export async function analyzeCache({ redisUrl, pins, prices, ...options }: CacheAnalysisOptions): Promise<Analysis> {
  if (redisUrl === undefined) throw new AppError('CACHE_ALONE', ALONE);
  const { dollarsPerGbHour, dollarsPerCpuHour } = prices;
  try {
    return await analyze({
      ...{ redisUrl, kinds: kindsWith(pins), ...options },
      prices: { dollarsPerGbHour, dollarsPerCpuSecond: dollarsPerCpuHour / 3600 },
    });
  } catch (error) {
    throw asAppError(error);
  }
}

const ALONE = 'No Redis is known here: each process caches for itself, and nothing is shared that could be looked at.';

/** What the server or the system calls it, and no more: their sentences may repeat what was asked. */
function asAppError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof TypeError || error instanceof RangeError) return error;
  const [word = 'it does not say why'] = /^[A-Z]+\b/.exec(error.message) ?? [];
  const isReply = error.name === 'ReplyError';
  if (isReply && !NOT_YET.includes(word)) {
    return new AppError('CACHE_REFUSED', `Redis refuses: ${word}.`, { cause: error });
  }
  return new AppError('CACHE_AWAY', `Redis does not answer: ${isReply ? word : wordsOf(error)}.`, { cause: error });
}

/** What a server says that will answer later. */
const NOT_YET = ['LOADING', 'MASTERDOWN', 'CLUSTERDOWN', 'BUSY'];

/** Of the system or the client. */
function wordsOf(error: Error): string {
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (/RESP|Protocol/.test(error.message)) return 'what answers there is no Redis';
  return /timed out/i.test(error.message) ? 'it takes too long' : 'the connection was lost';
}
