import type { Command } from 'commander';
import { connect } from '../client.ts';
import { type CostAnswer, costText } from '../cost-text.ts';
import { type TalkOptions, talks, wholeNumber } from '../options.ts';
import { type Io, printJson } from '../output.ts';

/** What the assistant's calls cost; joins the verb `assistant`. */
export function addAssistantCost(assistant: Command, io: Io): void {
  talks(assistant.command('cost').description('what calls of language models cost, and what caching saved of it'))
    .option('--location <id>', 'of one location; default: of all')
    .option('--days <n>', 'how many days, today included', '7')
    .action(async (options: TalkOptions & { location?: string; days: string }) => {
      const days = wholeNumber('--days', options.days, 1, 400);
      const query = { locationId: options.location, days };
      const answer = await connect(io, options).get<CostAnswer>('/api/assistant/cost', query);
      if (options.json) printJson(io, answer);
      else io.out(costText(io, answer));
    });
}
