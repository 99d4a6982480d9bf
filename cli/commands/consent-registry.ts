import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { RegistryLoad } from '../../domain/ports/registry.ts';
import type { Client } from '../client.ts';
import { Failure, usage } from '../failure.ts';
import { talks } from '../options.ts';
import { type Io, printJson, table } from '../output.ts';
import { registryLines } from '../registry-file.ts';
import { type LocationOptions, openLocation } from '../the-location.ts';

/** Numbers that go to the API in one call. */
const AT_ONCE = 20_000;
/** Bad lines that are named; of a file of another kind all are bad. */
const NAMED = 20;

interface ImportOptions extends LocationOptions {
  readonly asOf: string;
  readonly list: string;
  readonly areaCodes?: string;
}

export function addConsentRegistry(consent: Command, io: Io): void {
  const registry = consent.command('registry').description('Do-Not-Call lists, by dated files');

  talks(registry.command('list').description('what was imported, newest first'))
    .option('--location <id>', 'default: the only one there is')
    .action(async (options: LocationOptions) => {
      const { client, path } = await openLocation(io, options);
      const { items } = await client.get<{ items: RegistryLoad[] }>(`${path}/consent/registry`);
      if (options.json) return printJson(io, { items });
      io.out(loadsTable(items));
    });

  talks(registry.command('import').description('a whole list; in force once all of it is in'))
    .argument('<file>', 'a number on each line')
    .requiredOption('--as-of <day>', 'when the list was got, e.g. 2026-11-01')
    .requiredOption('--list <name>', 'national, or a state by its two letters')
    .option('--area-codes <codes>', 'those that it was bought for, with commas; absent: those that are in it')
    .option('--location <id>', 'default: the only one there is')
    .action(async (file: string, options: ImportOptions) => {
      const declared = options.areaCodes === undefined ? null : codesOf(options.areaCodes);
      const { client, path } = await openLocation(io, options);
      const load = await bring(io, client, `${path}/consent/registry`, resolve(io.cwd, file), declared, options);
      if (options.json) printJson(io, load);
      else io.out(loadsTable([load]));
    });
}

async function bring(
  io: Io,
  client: Client,
  path: string,
  file: string,
  declared: ReadonlySet<string> | null,
  { asOf, list }: ImportOptions,
): Promise<RegistryLoad> {
  const { loadId } = await client.post<{ loadId: string }>(path, { list: list.toLowerCase(), asOf });
  const codes = new Set(declared);
  const bad: string[] = [];
  let [numbers, parts, sent, wrong]: [string[], number, number, number] = [[], 0, 0, 0];
  const send = async (): Promise<void> => {
    if (numbers.length === 0) return;
    parts += 1;
    await client.post(`${path}/${loadId}/numbers`, { part: parts, numbers });
    sent += numbers.length;
    numbers = [];
    if (io.terminal) io.err(`\r${sent} numbers`);
  };
  for await (const read of registryLines(file)) {
    const why = 'why' in read ? read.why : outside(read.number, declared);
    if (why !== undefined) {
      wrong += 1;
      if (bad.length < NAMED) bad.push(`line ${read.line}: ${why}`);
    } else if ('number' in read) {
      codes.add(read.number.slice(0, 3));
      numbers.push(read.number);
      if (numbers.length === AT_ONCE) await send();
    }
  }
  await send();
  if (io.terminal && sent > 0) io.err('\n');
  if (wrong > 0) {
    // A line that is left out is somebody who would be called.
    throw new Failure(
      `${wrong} lines are no numbers of this list; it is not in force, and the one before it stays so.`,
      {
        code: 'REGISTRY_FILE_BAD',
        ways: bad,
      },
    );
  }
  if (codes.size === 0) throw usage('expected a number in the file, or --area-codes that have none');
  return finish(client, `${path}/${loadId}/finish`, { areaCodes: [...codes].sort(), parts });
}

/** Numbers of older lists go some at a time. */
async function finish(client: Client, path: string, body: object): Promise<RegistryLoad> {
  for (;;) {
    const { load, left } = await client.post<{ load: RegistryLoad; left: boolean }>(path, body);
    if (!left) return load;
  }
}

function outside(number: string, declared: ReadonlySet<string> | null): string | undefined {
  return declared === null || declared.has(number.slice(0, 3)) ? undefined : 'its area code is none of --area-codes';
}

function codesOf(text: string): ReadonlySet<string> {
  const codes = text.split(/[\s,]+/).filter(Boolean);
  if (codes.length === 0 || codes.some((code) => !/^[2-9]\d{2}$/.test(code))) {
    throw usage('--area-codes: expected codes as 813,727');
  }
  return new Set(codes);
}

function loadsTable(loads: readonly RegistryLoad[]): string {
  return table(loads, [
    { title: 'LIST', of: ({ list }) => list },
    { title: 'AS OF', of: ({ asOf }) => asOf.slice(0, 10) },
    { title: 'NUMBERS', of: ({ numbers }) => numbers, right: true },
    { title: 'AREA CODES', of: ({ areaCodes }) => (areaCodes.length > 8 ? areaCodes.length : areaCodes.join(' ')) },
    { title: 'STATE', of: stateOf },
    { title: 'BY', of: ({ by }) => by },
  ]);
}

function stateOf({ finishedAt, replacedAt }: RegistryLoad): string {
  if (replacedAt !== null) return 'replaced';
  return finishedAt === null ? 'not finished' : 'in force';
}
