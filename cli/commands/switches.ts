import { connect } from '../client.ts';
import { usage } from '../failure.ts';
import type { Registry } from '../main.ts';
import { type TalkOptions, talks } from '../options.ts';
import { printJson } from '../output.ts';

interface SwitchOptions extends TalkOptions {
  readonly location?: string;
  readonly all?: true;
}

/** The kill switch and its reverse: in force before the next send. */
export function addSwitches({ program, io }: Registry): void {
  const switches = [
    ['pause', 'send nothing for a location, or for all, from now on'],
    ['resume', 'send again for a location, or for all'],
  ] as const;
  for (const [action, description] of switches) {
    talks(program.command(action).description(description))
      .option('--location <id>', 'this location')
      .option('--all', 'every location')
      .action(async (options: SwitchOptions) => {
        if ((options.location === undefined) === (options.all === undefined)) {
          throw usage('expected either --location ID or --all');
        }
        const body = options.all ? { all: true } : { locationId: options.location };
        const done = await connect(io, options).post<{ status: string; locations: number }>(`/api/${action}`, body);
        if (options.json) return printJson(io, done);
        io.out(`${done.locations} ${done.locations === 1 ? 'location is' : 'locations are'} ${done.status}\n`);
      });
  }
}
