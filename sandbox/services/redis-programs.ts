import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath, runCommand, ticking } from './command.ts';
import { installed } from './install.ts';
import type { ServiceOptions } from './postgres.ts';

export interface RedisProgram {
  readonly kind: string;
  readonly program: string;
  /** What its process needs beside the common environment. */
  readonly env: NodeJS.ProcessEnv;
}

/** The server and the libraries that Debian and Ubuntu link it with; the rest is on every such system. */
const PACKAGES = ['redis-server', 'redis-tools', 'libjemalloc2', 'liblzf1', 'libatomic1'];

/**
 * `redis-server` or `valkey-server` on PATH, then the cached one, then Debian's package, fetched as an ordinary user.
 * @throws when there is none and none can be fetched
 */
export async function findRedis(options: ServiceOptions): Promise<RedisProgram> {
  for (const name of ['redis-server', 'valkey-server']) {
    const program = await findOnPath(name, options.env);
    if (program) return { kind: `system ${name}`, program, env: {} };
  }
  const entry = `redis-debian-${process.arch}`;
  const { path, kind } = await installed({
    name: 'redis',
    cache: options.cache,
    entry,
    program: 'usr/bin/redis-server',
    ways: [{ what: "fetching Debian's package", fill: (folder) => fromDebian(folder, options) }],
    help: [
      'install redis or valkey',
      'set REDIS_URL to a running server',
      'go on without: the cache is in-process then',
    ],
    progress: options.progress,
  });
  const libraries = await libraryFolders(join(options.cache, entry));
  return { kind: kind === 'cache' ? 'cache' : 'Debian package', program: path, env: { LD_LIBRARY_PATH: libraries } };
}

/**
 * apt with a state of its own downloads and verifies, dpkg unpacks: neither needs root nor touches what is installed.
 * Nothing is run from the packages but the server itself, so no service is set up.
 */
async function fromDebian(folder: string, { env, progress }: ServiceOptions): Promise<void> {
  if (!(await findOnPath('apt-get', env)) || !(await findOnPath('dpkg', env))) throw new Error('this is no Debian');
  const state = join(folder, '.apt');
  for (const part of ['state/lists/partial', 'cache/archives/partial'])
    await mkdir(join(state, part), { recursive: true });
  await writeFile(join(state, 'status'), '');
  const own = Object.entries({
    'Dir::State': join(state, 'state'),
    'Dir::State::status': join(state, 'status'),
    'Dir::Cache': join(state, 'cache'),
    'APT::Sandbox::User': '',
    'Acquire::Retries': '1',
    'Acquire::http::Timeout': '15',
    'Acquire::https::Timeout': '15',
    // An index that cannot be fetched is an error here, not a warning.
    'APT::Update::Error-Mode': 'any',
  }).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
  const tick = ticking(progress, "redis: fetching Debian's package");
  const quiet = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }, timeoutMs: 180_000, tick };
  await runCommand('apt-get', [...own, '-q', 'update'], quiet);
  await runCommand('apt-get', [...own, '-q', 'download', ...PACKAGES], { ...quiet, cwd: folder });
  for (const archive of (await readdir(folder)).filter((name) => name.endsWith('.deb'))) {
    await runCommand('dpkg', ['-x', join(folder, archive), folder], quiet);
    await rm(join(folder, archive));
  }
  await rm(state, { recursive: true });
}

/** `usr/lib/<machine>-linux-gnu` of the unpacked packages. */
async function libraryFolders(folder: string): Promise<string> {
  const machines = await readdir(join(folder, 'usr', 'lib'));
  return machines
    .filter((name) => name.endsWith('-linux-gnu'))
    .map((name) => join(folder, 'usr', 'lib', name))
    .join(':');
}
