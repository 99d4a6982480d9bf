import { mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { findOnPath, isExecutable, runCommand, ticking } from './command.ts';
import { downloadOfficial } from './download.ts';
import { installed } from './install.ts';
import type { ServiceOptions } from './postgres.ts';

/** Newer versions cannot be had by `go install`: their module file replaces a module by a folder. */
const GO_VERSION = '1.5.1';
const GO_MODULE = `github.com/temporalio/cli/cmd/temporal@v${GO_VERSION}`;
const BUILD_TIMEOUT_MS = 20 * 60_000;

/**
 * The `temporal` program: on PATH, else cached, else the official download, else built by Go (about four minutes, once).
 * @throws naming the three ways
 */
export async function findTemporal(
  options: Pick<ServiceOptions, 'cache' | 'env' | 'progress'>,
): Promise<{ readonly kind: string; readonly program: string }> {
  const onPath = await findOnPath('temporal', options.env);
  if (onPath) return { kind: 'system', program: onPath };
  const cached = await findCached(options.cache);
  if (cached) return { kind: 'cache', program: cached };
  const { path, kind } = await installed({
    name: 'temporal',
    cache: options.cache,
    entry: `temporal-${GO_VERSION}`,
    program: 'temporal',
    ways: [
      { what: 'official download', fill: (folder) => downloadOfficial('cli', 'temporal', folder) },
      { what: 'go install', fill: (folder) => goInstall(folder, options) },
    ],
    help: [
      'install the Temporal CLI so that `temporal` is on PATH (https://docs.temporal.io/cli)',
      'install Go 1.25 or newer, so that it can be built here',
      'set TEMPORAL_ADDRESS to a running Temporal server',
    ],
    progress: options.progress,
  });
  return { kind, program: path };
}

async function findCached(cache: string): Promise<string | undefined> {
  const entries = await readdir(cache).catch(() => []);
  for (const entry of entries.filter((name) => /^temporal-\d/.test(name)).sort()) {
    const program = join(cache, entry, 'temporal');
    if (await isExecutable(program)) return program;
  }
  return undefined;
}

async function goInstall(folder: string, { env, progress }: Pick<ServiceOptions, 'env' | 'progress'>): Promise<void> {
  const go = (await findOnPath('go', env)) ?? (await findOnPath('go', { PATH: '/usr/local/go/bin:/usr/lib/go/bin' }));
  if (!go) throw new Error('Go is not installed');
  const bin = join(folder, 'bin');
  await mkdir(bin);
  // `-v` names each package as it is compiled: something moves while one waits.
  await runCommand(go, ['install', '-v', GO_MODULE], {
    // Flags of the user's own projects, such as -mod=vendor, do not fit this one.
    env: { ...env, GOBIN: bin, GOFLAGS: '' },
    cwd: folder,
    timeoutMs: BUILD_TIMEOUT_MS,
    tick: ticking(progress, 'temporal: building it with Go, once, about four minutes on two cores'),
  });
  await rename(join(bin, 'temporal'), join(folder, 'temporal'));
}
