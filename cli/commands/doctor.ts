import { type Check, examine } from '../checks.ts';
import type { Registry } from '../main.ts';
import { json } from '../options.ts';
import { type Colour, type Io, paint, printJson, printable } from '../output.ts';

export function addDoctor({ program, io, exitWith }: Registry): void {
  json(program.command('doctor').description('one line per check: pass, warn or fail, and what mends it'))
    .option('--home <dir>', 'home folder of the installation (LEADWRIGHT_HOME)')
    .action(async (options: { json?: true; home?: string }) => {
      const checks = await examine(io, options.home);
      const ok = checks.every(({ verdict }) => verdict !== 'fail');
      if (options.json) printJson(io, { ok, checks });
      else for (const check of checks) io.out(lineOf(io, check));
      if (!ok) exitWith(1);
    });
}

const colours: Readonly<Record<Check['verdict'], Colour>> = { pass: 'green', warn: 'yellow', fail: 'red' };

function lineOf(io: Io, { name, verdict, finding, fix }: Check): string {
  const head = `${paint(io, colours[verdict], verdict)}  ${name.padEnd(12)}  ${printable(finding)}`;
  return fix === undefined ? `${head}\n` : `${head}  →  ${fix}\n`;
}
