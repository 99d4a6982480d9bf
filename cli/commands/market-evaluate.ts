import type { Command } from 'commander';
import { json } from '../options.ts';
import { type Io, printJson } from '../output.ts';

/** Judges rankings by what leads did; joins the verb `market`. */
export function addMarketEvaluate(market: Command, io: Io): void {
  json(market.command('evaluate').description('how well homes are ranked, by what leads turned to afterwards'))
    .requiredOption('--log <file>', 'what was on offer, wished, shown and done: one JSON object a line, in its order')
    .action(async (options: { readonly log: string; readonly json?: true }) => {
      const { evaluateLog, evaluatedText } = await import('../market-evaluate.ts');
      const evaluated = await evaluateLog(io, options.log);
      if (options.json) printJson(io, evaluated);
      else io.out(evaluatedText(evaluated));
    });
}
