import { LIFT_ALL } from '../all-paused.ts';
import { connect } from '../client.ts';
import { usage } from '../failure.ts';
import type { Registry } from '../main.ts';
import { type TalkOptions, talks } from '../options.ts';
import { printJson } from '../output.ts';

interface SwitchOptions extends TalkOptions {
  readonly location?: string;
  readonly all?: true;
  readonly sending?: true;
}

interface Switched {
  readonly status: 'active' | 'paused';
  readonly locations: number;
  readonly allPaused: boolean;
}

/** The kill switch and its reverse: in force before the next send. */
export function addSwitches({ program, io }: Registry): void {
  const switches = [
    ['pause', 'send nothing for a location, or for all and those that come later, from now on'],
    ['resume', 'lift the pause of a location, or that of all; the one leaves the other as it is'],
  ] as const;
  for (const [action, description] of switches) {
    const command = talks(program.command(action).description(description))
      .option('--location <id>', 'this location')
      .option('--all', 'every location');
    if (action === 'resume')
      command.option('--sending', 'lift what a location’s sending paused by itself, and nothing else');
    command.action(async (options: SwitchOptions) => {
      if ((options.location === undefined) === (options.all === undefined)) {
        throw usage('expected either --location ID or --all');
      }
      if (options.sending) return resumeSending(io, options);
      const body = options.all ? { all: true } : { locationId: options.location };
      const done = await connect(io, options).post<Switched>(`/api/${action}`, body);
      if (options.json) return printJson(io, done);
      const { locations, status, allPaused } = done;
      if (status === 'active' && allPaused) {
        io.out(`its own pause is lifted, and nothing is sent: everything is still paused  →  ${LIFT_ALL}\n`);
      } else io.out(`${locations} ${locations === 1 ? 'location is' : 'locations are'} ${status}\n`);
    });
  }
}

/** Some look why it paused comes first: the doctor says it. */
async function resumeSending(io: Registry['io'], options: SwitchOptions): Promise<void> {
  if (options.location === undefined) throw usage('expected --location ID with --sending: each is looked at by itself');
  const path = `/api/locations/${encodeURIComponent(options.location)}/sending/resume`;
  const done = await connect(io, options).post<{ readonly lifted: number }>(path, {});
  if (options.json) printJson(io, done);
  else io.out(done.lifted === 0 ? 'nothing had paused by itself\n' : 'lifted; the counts begin anew\n');
}
