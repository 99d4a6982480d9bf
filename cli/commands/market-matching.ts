import type { Command } from 'commander';
import type { CatchUpOptions } from '../market-catch-up.ts';
import { json } from '../options.ts';
import { type Io, printJson } from '../output.ts';

/** Judges rankings by what leads did, and brings matches to what leads said before there were any; joins the verb `market`. */
export function addMatching(market: Command, io: Io): void {
  json(market.command('evaluate').description('how well homes are ranked, by what leads turned to afterwards'))
    .requiredOption('--log <file>', 'what was on offer, wished, shown and done: one JSON object a line, in its order')
    .action(async (options: { readonly log: string; readonly json?: true }) => {
      const { evaluateLog, evaluatedText } = await import('../market-evaluate.ts');
      const evaluated = await evaluateLog(io, options.log);
      if (options.json) printJson(io, evaluated);
      else io.out(evaluatedText(evaluated));
    });

  json(
    market
      .command('catch-up')
      .description('look through the market for leads that spoke before their wishes were kept'),
  )
    .requiredOption('--location <id>', 'of which location')
    .option('--after <contact>', 'go on behind this contact, as the last line of a run that was broken off says')
    .option('--home <dir>', 'folder of all local state (LEADWRIGHT_HOME)')
    .action(async (options: CatchUpOptions) => {
      // The database's and Temporal's packages would make every other verb wait for seconds.
      const { catchUp } = await import('../market-catch-up.ts');
      const { leads, stored, matched, ...rest } = await catchUp(io, options);
      if (options.json) printJson(io, { ...rest, leads, stored, matched });
      else io.out(`${leads} leads: wishes of ${stored} kept anew, the market looked through for ${matched}\n`);
    });
}
