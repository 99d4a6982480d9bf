import type { FileOptions } from '../market-files.ts';
import type { Registry } from '../main.ts';
import { json } from '../options.ts';

/** Feeds of MLSs, and figures of public files. */
export function addMarket({ program, io }: Registry): void {
  const market = program.command('market').description('listings from MLS feeds, and figures from public files');

  json(market.command('files').description('read a public file of figures: zhvi, fhfa or redfin'))
    .argument('<source>', 'whose file it is: zhvi, fhfa or redfin')
    .argument('<file>', 'its path, or an http(s) address')
    .option('--as-of <day>', 'when it was made, where the file does not say so itself')
    .option('--series <name>', 'what it counts, where its name does not say so')
    .option('--revised', 'the source has changed its figures: they may differ from what is known')
    .option('--home <dir>', 'folder of all local state (LEADWRIGHT_HOME)')
    .action(async (source: string, file: string, options: FileOptions) =>
      (await import('../market-files.ts')).readMarketFile(io, source, file, options),
    );
}
