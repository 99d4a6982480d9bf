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
  if (redisUrl === undefined) throw new AppError('CACHE_ALONE', 'No Redis is known here.');
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

/** What the server or the system calls it, and no more: their sentences may repeat what was asked. */
function asAppError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  if (error.name === 'ReplyError') {
    const [word = ''] = /^[A-Z]+\b/.exec(error.message) ?? [];
    if (word === 'LOADING' || word === 'MASTERDOWN' || word === 'CLUSTERDOWN') return away(word, error);
    return new AppError('CACHE_REFUSED', `Redis refuses: ${word || 'it does not say why'}.`, { cause: error });
  }
  if ('code' in error && typeof error.code === 'string') return away(error.code, error);
  // The client's own words for what happened to a connection.
  return /^(Connection|Command timed out|connect ETIMEDOUT|Protocol error)/.test(error.message)
    ? away(error.message.replace(/[,.].*$/s, ''), error)
    : error;
}

const away = (why: string, cause: Error): AppError =>
  new AppError('CACHE_AWAY', `Redis does not answer: ${why}.`, { cause });
