import { type Analysis, analyzeCache, cachePrices } from '../platform/cache-analysis.ts';
import { readConfig } from '../platform/config.ts';
import { readAppFile } from './app-file.ts';
import { analysisText } from './cache-text.ts';
import { withHome } from './client.ts';
import type { RoleOptions } from './commands/processes.ts';
import { usage } from './failure.ts';
import { type Io, printJson } from './output.ts';

export interface AnalyzeCacheOptions extends RoleOptions {
  readonly memoryUsage?: true;
  readonly gbHour?: string;
  readonly cpuHour?: string;
}

/** Says what the shared cache of this installation holds and how it pays. It only reads. */
export async function analyzeCacheFor(io: Io, options: AnalyzeCacheOptions): Promise<void> {
  const prices = {
    dollarsPerGbHour: priceOf('--gb-hour', options.gbHour) ?? cachePrices.dollarsPerGbHour,
    dollarsPerCpuHour: priceOf('--cpu-hour', options.cpuHour) ?? cachePrices.dollarsPerCpuHour,
  };
  const config = readConfig(withHome(io.env, options.home), io.cwd);
  const analysis: Analysis = await analyzeCache({
    redisUrl: config.redisUrl ?? readAppFile(config.home)?.redisUrl,
    pins: config.cachePins,
    memoryUsage: options.memoryUsage === true,
    prices,
    progress: io.terminal ? progressLines(io) : () => undefined,
  });
  if (options.json) printJson(io, analysis);
  else io.out(analysisText(io, analysis));
}

const EVERY_MS = 2000;

/** For whoever waits: a line now and then, none where it is quick. */
function progressLines(io: Pick<Io, 'err'>): (keys: number) => void {
  let saidAt = Date.now();
  return (keys) => {
    if (Date.now() < saidAt + EVERY_MS) return;
    saidAt = Date.now();
    io.err(`  ${keys.toLocaleString('en-US')} keys so far\n`);
  };
}

/** @throws usage failure naming the option */
function priceOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const price = /^\d{1,6}(\.\d{1,9})?$/.test(text) ? Number(text) : Number.NaN;
  if (Number.isNaN(price)) throw usage(`${name}: expected dollars, like 0.086`);
  return price;
}
