import { type Check, examine } from './checks.ts';
import type { RoleOptions } from './commands/processes.ts';
import type { Registry } from './main.ts';
import { type Colour, type Io, paint, printJson, printable } from './output.ts';

/** One line per check; a failed one makes the exit code 1. */
export async function doctor({ io, exitWith }: Registry, options: RoleOptions): Promise<void> {
  const checks = await examine(io, options.home);
  const ok = checks.every(({ verdict }) => verdict !== 'fail');
  if (options.json) printJson(io, { ok, checks });
  else for (const check of checks) io.out(checkLine(io, check));
  if (!ok) exitWith(1);
}

const colours: Readonly<Record<Check['verdict'], Colour>> = { pass: 'green', warn: 'yellow', fail: 'red' };

export function checkLine(io: Pick<Io, 'colour'>, { name, verdict, finding, fix }: Check): string {
  const head = `${paint(io, colours[verdict], verdict)}  ${name.padEnd(12)}  ${printable(finding)}`;
  return fix === undefined ? `${head}\n` : `${head}  →  ${fix}\n`;
}
