import type { AllPaused } from '../domain/leads/settings.ts';
import type { World } from '../sandbox/services/world.ts';
import { allPausedWords, LIFT_ALL } from './all-paused.ts';
import type { ReadyLine } from './app-file.ts';
import { type Io, paint, printable } from './output.ts';

/** What a person needs to go on: where everything is, which servers were taken, and what to try first. */
export function banner(
  io: Pick<Io, 'colour'>,
  line: ReadyLine,
  { world, firstEvents, allPaused }: { world: World; firstEvents: number; allPaused: AllPaused | null },
): string {
  const row = (label: string, text: string) => `  ${paint(io, 'dim', label.padEnd(14))}${text}\n`;
  const { urls } = line;
  const vendor = (label: string, name: string, url: string | undefined) =>
    url === undefined ? [] : [row(label, `${url}${world.vendors[name] ? '  (stand-in on this machine)' : ''}`)];
  return [
    `\n${paint(io, 'bold', 'Leadwright is ready')}, mode ${paint(io, 'green', line.mode)}\n\n`,
    row('API', `${urls.api}  (description: ${urls.api}/docs)`),
    row('Temporal UI', urls.temporalUi ?? 'unknown; set TEMPORAL_UI_URL'),
    row('Metrics', urls.metrics),
    ...vendor('GoHighLevel', 'ghl', urls.ghl),
    ...vendor('Claude', 'claude', urls.claude),
    ...vendor('MLS', 'reso', urls.reso),
    row('Token', line.apiToken),
    ...(line.locationId === undefined ? [] : [row('Brokerage', line.locationId)]),
    ...(allPaused === null
      ? []
      : [row('Paused', paint(io, 'yellow', `${printable(allPausedWords(allPaused))}; lift it: npx ${LIFT_ALL}`))]),
    '\n',
    row('Postgres', taken(world.postgres)),
    row(
      'Redis',
      'reason' in world.redis ? paint(io, 'yellow', `none: ${firstLine(world.redis.reason)}`) : taken(world.redis),
    ),
    row('Temporal', `${taken(world.temporal)}, ${world.temporal.address}`),
    ...(firstEvents === 0 ? [] : [`\n  ${firstEvents} first events came in; see what became of them:\n`]),
    '\n',
    '  npx leadwright leads list\n',
    '  npx leadwright leads show CONTACT\n',
    '  npx leadwright webhooks send FILE.json\n\n',
    '  Ctrl-C stops everything in order; a later start goes on where this one ends.\n\n',
  ].join('');
}

function taken(service: { readonly kind: string; readonly reused: boolean }): string {
  return `${service.kind}${service.reused ? ', found running' : ''}`;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
