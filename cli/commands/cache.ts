import type { Registry } from '../main.ts';
import { json } from '../options.ts';
import type { AnalyzeCacheOptions } from '../cache-analysis.ts';

/** Verbs about the cache that all processes share; its packages are loaded only when one of them is called. */
export function addCache({ program, io }: Registry): void {
  const cache = program.command('cache').description('look at the cache that all processes share');

  json(cache.command('analyze').description(ANALYZES))
    .option(
      '--memory-usage',
      'also ask the server what keys take (MEMORY USAGE of some of each kind), and what that costs',
    )
    .option('--gb-hour <dollars>', 'price of a gigabyte of Redis for an hour')
    .option('--cpu-hour <dollars>', 'price of a processor for an hour')
    .option('--home <dir>', 'folder of all local state (LEADWRIGHT_HOME)')
    .action(async (options: AnalyzeCacheOptions) =>
      (await import('../cache-analysis.ts')).analyzeCacheFor(io, options),
    );
}

const ANALYZES =
  'by kind: keys, values, bytes before and after compression, hit rate, CPU, how it is stored and why, ' +
  'and what other ways would change. It only reads';
