import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { choices } from '../../domain/leads/settings-schema.ts';
import { changedChoices, type LocationSettings } from '../../domain/leads/settings.ts';
import type { LocationAct, SettingsVersion } from '../../domain/ports/settings.ts';
import type { Client } from '../client.ts';
import { usage } from '../failure.ts';
import type { Registry } from '../main.ts';
import { talks, wholeNumber } from '../options.ts';
import { type Io, printJson, printable, table } from '../output.ts';
import { type LocationOptions, openLocation } from '../the-location.ts';

type SettingsOptions = LocationOptions;

type Name = keyof LocationSettings;

export function addSettings(registry: Registry): void {
  const { program, io } = registry;
  const settings = program
    .command('settings')
    .description('what a location has chosen; each choice is read and changed as a whole')
    .addHelpText('after', `\nChoices, and who decides them:\n${choiceLines()}`);
  const verb = (name: string, description: string) =>
    talks(settings.command(name).description(description)).option('--location <id>', 'default: the only one there is');

  verb('get', 'the settings in force, or one choice of them')
    .argument('[choice]')
    .option('--at <version>', 'as they were in this version')
    .action(async (choice: string | undefined, options: SettingsOptions & { at?: string }) => {
      const { client, path } = await openLocation(io, options);
      const found = await versionAt(client, path, options.at);
      const shown = choice === undefined ? found.settings : found.settings[named(choice)];
      if (options.json) return printJson(io, choice === undefined ? found : shown);
      io.out(choice === undefined ? settingsText(found) : `${JSON.stringify(shown, null, 2)}\n`);
    });

  verb('set', 'change choices; in force for every send from then on')
    .argument('[changes...]', `choice=JSON, e.g. capPer24h=2 or stopTags='["AI-Off"]'`)
    .option('--file <file>', 'JSON object of choices, instead of or beside those given')
    .option('--if-version <version>', 'only while this version is in force')
    .action(async (given: readonly string[], options: SettingsOptions & { file?: string; ifVersion?: string }) => {
      const changes = { ...fileOf(io, options.file), ...Object.fromEntries(given.map(changeOf)) };
      if (Object.keys(changes).length === 0) throw usage('expected choice=JSON, or --file FILE');
      const { client, path } = await openLocation(io, options);
      const version =
        options.ifVersion === undefined ? {} : { version: versionNumber('--if-version', options.ifVersion) };
      await change(registry, client, path, { changes, ...version }, options);
    });

  verb('history', 'who changed, paused or resumed the location, newest first')
    .option('--limit <n>', 'how many', '20')
    .option('--cursor <cursor>', 'nextCursor of the page before')
    .action(async (options: SettingsOptions & { limit: string; cursor?: string }) => {
      const { client, path } = await openLocation(io, options);
      const limit = wholeNumber('--limit', options.limit, 1, 200);
      const page = await client.get<{ items: LocationAct[]; nextCursor: string | null }>(`${path}/history`, {
        ...{ limit, cursor: options.cursor },
      });
      if (options.json) return printJson(io, page);
      io.out(
        table(page.items, [
          { title: 'WHEN', of: (act) => act.at },
          { title: 'BY', of: (act) => act.by },
          { title: 'WHAT', of: whatOf },
          { title: 'CHOICES', of: (act) => (act.what === 'settings' ? Object.keys(act.changes).join(', ') : null) },
        ]),
      );
      if (page.nextCursor !== null) io.out(`more: --cursor ${page.nextCursor}\n`);
    });

  verb('diff', 'what differs between a version and a later one, or the one in force')
    .argument('<version>')
    .argument('[later]')
    .action(async (from: string, to: string | undefined, options: SettingsOptions) => {
      const { client, path } = await openLocation(io, options);
      const [before, after] = await Promise.all([versionAt(client, path, from), versionAt(client, path, to)]);
      const changed = changedChoices(before.settings, after.settings);
      const both = changed.map((name) => ({
        choice: name,
        before: before.settings[name],
        after: after.settings[name],
      }));
      if (options.json) return printJson(io, { from: before.version, to: after.version, changes: both });
      if (both.length === 0) io.out('nothing differs\n');
      for (const one of both) {
        io.out(
          `${one.choice}\n  - ${printable(JSON.stringify(one.before))}\n  + ${printable(JSON.stringify(one.after))}\n`,
        );
      }
    });

  // What differs alone is given: a choice that is as it was, and would not be taken any more, is in nobody's way.
  verb('rollback', 'back to what was in force in a version; that is a new version')
    .argument('<version>')
    .action(async (version: string, options: SettingsOptions) => {
      const { client, path } = await openLocation(io, options);
      const [wanted, now] = await Promise.all([versionAt(client, path, version), versionAt(client, path, undefined)]);
      const changed = changedChoices(now.settings, wanted.settings);
      const changes = Object.fromEntries(changed.map((name) => [name, wanted.settings[name]]));
      await change(registry, client, path, { changes, version: now.version }, options);
    });
}

function versionAt(client: Client, path: string, version: string | undefined): Promise<SettingsVersion> {
  const query = version === undefined ? {} : { version: versionNumber('version', version) };
  return client.get<SettingsVersion>(`${path}/settings`, query);
}

function versionNumber(name: string, text: string): number {
  return wholeNumber(name, text, 1, 2_147_483_647);
}

async function change(
  { io }: Registry,
  client: Client,
  path: string,
  body: { readonly version?: number; readonly changes: object },
  options: SettingsOptions,
): Promise<void> {
  const now = await client.patch<SettingsVersion>(`${path}/settings`, body);
  if (options.json) printJson(io, now);
  else io.out(`version ${now.version} is in force\n`);
}

/** `choice=JSON`. Which choices there are and what they may be is the server's to say, all problems at once. */
function changeOf(text: string): [string, unknown] {
  const at = text.indexOf('=');
  if (at < 1) throw usage(`expected choice=JSON, got ${text}`);
  try {
    return [text.slice(0, at), JSON.parse(text.slice(at + 1))];
  } catch {
    throw usage(`${text.slice(0, at)}: expected JSON after the equals sign`, ['in a shell, put it in single quotes']);
  }
}

function fileOf(io: Io, file: string | undefined): object {
  if (file === undefined) return {};
  const read: unknown = JSON.parse(readFileSync(resolve(io.cwd, file), 'utf8'));
  if (typeof read !== 'object' || read === null || Array.isArray(read)) throw usage('--file: expected a JSON object');
  return read;
}

function named(choice: string): Name {
  if (!Object.hasOwn(choices, choice)) {
    throw usage(`expected one of the choices, got ${choice}`, ['leadwright settings --help lists them']);
  }
  return choice as Name;
}

function settingsText({ version, by, at, settings }: SettingsVersion): string {
  const rows = Object.keys(choices) as Name[];
  const head = `version ${version}, by ${printable(by)}, ${at}\n`;
  return (
    head +
    table(rows, [
      { title: 'CHOICE', of: (name) => name },
      { title: 'OWNER', of: (name) => choices[name].owner },
      {
        title: 'VALUE',
        of: (name) => (name === 'rules' ? `${settings.rules.length} rules` : JSON.stringify(settings[name])),
      },
    ])
  );
}

function choiceLines(): string {
  return Object.entries(choices)
    .map(([name, { owner, means }]) => `  ${name.padEnd(16)}  ${owner.padEnd(10)}  ${means}\n`)
    .join('');
}

/** A switch of all locations is in the history of each. */
function whatOf(act: LocationAct): string {
  if (act.what === 'settings') return `version ${act.version}`;
  return act.all === true ? `${act.what} (all)` : act.what;
}
