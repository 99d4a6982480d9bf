import { createHash, randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { totalmem } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command.ts';
import { ensureServer, stopServer } from './daemon.ts';
import type { Progress, ServerRecord } from './daemon.ts';
import { messageOf, serviceError, systemCode } from './errors.ts';
import { commandLine, identify } from './process.ts';
import type { Ending, RunAs } from './process.ts';
import { findPostgres } from './postgres-programs.ts';
import type { PostgresPrograms } from './postgres-programs.ts';
import { postgresAnswers } from './probe.ts';
import { reachableBy, unprivilegedUser } from './user.ts';

export interface ServiceOptions {
  /** State folder of this installation (`LEADWRIGHT_HOME`). */
  readonly home: string;
  /** Programs shared between checkouts (`LEADWRIGHT_CACHE`). */
  readonly cache: string;
  /** The port it must have; absent: the last one, else any free one. */
  readonly port?: number;
  readonly env: NodeJS.ProcessEnv;
  readonly progress: Progress;
}

export interface PostgresService {
  /** Which source was taken, for the banner: `DATABASE_URL`, `npm 18.4`, `system 15.10`. */
  readonly kind: string;
  /** Holds the password. */
  readonly url: string;
  /** Absent when it is not ours. */
  readonly pid?: number;
  readonly reused: boolean;
  stop(): Promise<void>;
}

const DATABASE = 'leadwright';
const OWNER = 'postgres';

/** SIGINT is Postgres' fast shutdown; SIGQUIT leaves recovery to the next start, which a stuck server must accept. */
const ENDING: Ending = [
  ['SIGINT', 15_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];

/**
 * A Postgres that answers: `DATABASE_URL`, else a local server with its data in the home folder.
 * @throws with the ways out when there is none
 */
export async function startPostgres(options: ServiceOptions): Promise<PostgresService> {
  const external = options.env.DATABASE_URL;
  if (external) return useExternal(external);
  const folder = await stateFolder(options.home);
  const data = join(folder, 'data');
  const runAs = await serverUser(data);
  const programs = await findPostgres({ ...options, runAs }, await majorOf(data));
  const password = await keptPassword(folder);
  const server = await ensureServer({
    name: 'postgres',
    folder,
    kind: programs.kind,
    fingerprint: JSON.stringify([programs.postgres, SETTINGS]),
    ports: { sql: options.port },
    prepare: () => prepareData({ folder, data, programs, password, runAs, ...options }),
    launch: (ports) => ({
      command: programs.postgres,
      args: ['-D', data, '-p', String(ports.sql), ...SETTINGS.flatMap((setting) => ['-c', setting])],
      env: localeFree(options.env),
      cwd: folder,
      runAs,
    }),
    answers: (ports) => postgresAnswers('127.0.0.1', ports.sql as number),
    readyWithinMs: 60_000,
    ending: ENDING,
    progress: options.progress,
  });
  const url = `postgres://${OWNER}:${password}@127.0.0.1:${server.ports.sql}/${DATABASE}`;
  return { kind: programs.kind, url, pid: server.pid, reused: server.reused, stop: server.stop };
}

/** Ends the Postgres of a home folder, whoever started it. */
export async function stopPostgres(home: string): Promise<void> {
  await stopServer(await stateFolder(home), ENDING);
}

/** Of the machine's memory, in MiB: enough for the pages that are asked for all the time, and no burden on a small machine. */
const BUFFERS_MIB = Math.min(1024, Math.max(128, Math.floor(totalmem() / 8 / 2 ** 20)));

/** A socket file is left out: its path may be longer than the 107 bytes it is allowed. Each commit is on disk (fsync is on). */
const SETTINGS = [
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
  `shared_buffers=${BUFFERS_MIB}MB`,
  'max_wal_size=2GB',
  'shared_preload_libraries=pg_stat_statements',
  'logging_collector=off',
  'timezone=UTC',
  'log_timezone=UTC',
] as const;

async function useExternal(url: string): Promise<PostgresService> {
  const { hostname, port } = new URL(url);
  if (!(await postgresAnswers(hostname, Number(port || 5432)))) {
    throw serviceError(`DATABASE_URL names ${hostname}:${port || 5432}, where no Postgres answers.`, [
      'start that server, or correct DATABASE_URL',
      'unset DATABASE_URL: a local server is started then',
    ]);
  }
  return { kind: 'DATABASE_URL', url, reused: true, stop: async () => undefined };
}

/**
 * Where its data lies: in the home folder, unless its user cannot get there (root's own home is closed to others); then under
 * /var/lib, in a folder named after the home.
 */
async function stateFolder(home: string): Promise<string> {
  const folder = join(home, 'services', 'postgres');
  const note = join(folder, 'MOVED');
  await mkdir(folder, { recursive: true });
  const moved = await readFile(note, 'utf8').catch(() => undefined);
  if (moved === undefined && (await reachableBy(folder, await unprivilegedUser()))) return folder;
  // Once moved it stays there: the data is what counts, even if the home folder is opened later.
  const id = createHash('sha256').update(home).digest('hex').slice(0, 12);
  const elsewhere = join('/var/lib/leadwright', id, 'postgres');
  await mkdir(elsewhere, { recursive: true, mode: 0o755 });
  await writeFile(note, `The data of this home folder lies in ${elsewhere}: its user cannot reach it here.\n`);
  return elsewhere;
}

/** As root: whom the data belongs to already, else the unprivileged user. */
async function serverUser(data: string): Promise<RunAs | undefined> {
  const chosen = await unprivilegedUser();
  if (!chosen) return undefined;
  const owner = await stat(data).catch(() => undefined);
  return owner && owner.uid !== 0 ? { uid: owner.uid, gid: owner.gid } : chosen;
}

async function keptPassword(folder: string): Promise<string> {
  const file = join(folder, 'password');
  try {
    await writeFile(file, randomBytes(24).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
  }
  return (await readFile(file, 'utf8')).trim();
}

/** The major version that wrote a data folder, from the folder itself. */
async function majorOf(data: string): Promise<number | undefined> {
  try {
    return Number((await readFile(join(data, 'PG_VERSION'), 'utf8')).trim());
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw serviceError(`The local data in ${data} cannot be read: ${messageOf(error)}`, [
      'start as the user (or root) who started it first',
      'choose another folder with --home',
    ]);
  }
}

interface DataPlan extends ServiceOptions {
  readonly folder: string;
  readonly data: string;
  readonly programs: PostgresPrograms;
  readonly password: string;
  readonly runAs: RunAs | undefined;
}

async function prepareData(plan: DataPlan): Promise<void | Pick<ServerRecord, 'process' | 'ports'>> {
  if ((await majorOf(plan.data)) === undefined) return createCluster(plan);
  return clearPidFile(plan);
}

/** Built aside and renamed into place: a cluster is whole or absent, whatever is killed in between. */
async function createCluster(plan: DataPlan): Promise<void> {
  const { folder, data, programs, runAs, progress } = plan;
  progress('postgres: creating the database cluster');
  await removeDrafts(folder);
  const draft = join(folder, `data.new-${process.pid}`);
  const passwordFile = join(folder, `data.new-${process.pid}.password`);
  await mkdir(draft, { mode: 0o700 });
  await writeFile(passwordFile, plan.password, { mode: 0o600 });
  if (runAs) await Promise.all([draft, passwordFile].map((path) => chown(path, runAs.uid, runAs.gid)));
  const options = { env: localeFree(plan.env), cwd: draft, runAs, timeoutMs: 120_000 };
  const auth = ['-U', OWNER, '-A', 'scram-sha-256', `--pwfile=${passwordFile}`];
  await runCommand(programs.initdb, ['-D', draft, '-E', 'UTF8', ...localeOf(programs.major), ...auth], options);
  // Single-user mode: the one way to make a database without a client or a running server.
  await runCommand(programs.postgres, ['--single', '-D', draft, 'postgres'], {
    ...options,
    input: `CREATE DATABASE ${DATABASE}\n`,
  });
  await chmod(draft, 0o700);
  await rename(draft, data);
  await removeDrafts(folder);
}

async function removeDrafts(folder: string): Promise<void> {
  const drafts = (await readdir(folder)).filter((name) => name.startsWith('data.new-'));
  await Promise.all(drafts.map((name) => rm(join(folder, name), { recursive: true, force: true })));
}

/** The same order of text on every machine: since 17 Postgres brings C.UTF-8 itself, before it is the C library's. */
function localeOf(major: number): string[] {
  if (major >= 17) return ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  return process.platform === 'linux' ? ['--locale=C.UTF-8'] : ['--no-locale'];
}

/** The user's own locale and `PG…` settings must not reach a server that is the same for everybody. */
function localeFree(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const kept = Object.entries(env).filter(([name]) => !/^(LC_|LANG|PG)/.test(name));
  return { ...Object.fromEntries(kept), LC_ALL: 'C' };
}

/**
 * Without a record of ours a pid file means one of two things: a server that runs and whose record was lost, which is taken
 * over, or a dead one's leaving, which is removed, as its number may belong to anybody by now.
 */
async function clearPidFile({ data, progress }: DataPlan): Promise<void | Pick<ServerRecord, 'process' | 'ports'>> {
  const file = join(data, 'postmaster.pid');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const [pid, , , port] = text.split('\n').map(Number);
  const running = pid && pid > 0 ? await identify(pid) : undefined;
  if (running && port && (await commandLine(running.pid)).includes(data))
    return { process: running, ports: { sql: port } };
  progress('postgres: removing the pid file of a server that is gone');
  await rm(file, { force: true });
  return undefined;
}
