import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ensureServer, stopServer } from './daemon.ts';
import type { ServiceOptions } from './postgres.ts';
import { httpAnswers } from './probe.ts';
import type { Ending } from './process.ts';

export interface VendorOptions extends Omit<ServiceOptions, 'cache'> {
  /** `ghl`, `claude`, … : names its state folder. */
  readonly name: string;
  /** Full path of its main file, run by Node with tsx; it takes `--port` and `--home`. */
  readonly entry: string;
  /** Where `tsx` can be found from: the checkout. */
  readonly root: string;
  /** More arguments for its main file. */
  readonly args?: readonly string[];
}

export interface VendorService {
  /** The vendor's name. */
  readonly kind: string;
  readonly url: string;
  readonly pid: number;
  readonly reused: boolean;
  stop(): Promise<void>;
}

const ENDING: Ending = [
  ['SIGTERM', 5_000],
  ['SIGKILL', 5_000],
];

/**
 * A vendor's stand-in as a process of its own, answering at its control plane. Its ledger and state lie in
 * `<home>/vendors/<name>` and outlive it.
 */
export async function startVendor(options: VendorOptions): Promise<VendorService> {
  const { name, entry, root, args = [] } = options;
  const state = join(options.home, 'vendors', name);
  const server = await ensureServer({
    name,
    folder: vendorFolder(options.home, name),
    kind: name,
    // One left behind by an older version of its own files is ended, not reused.
    fingerprint: JSON.stringify([entry, args, await newestChange(dirname(entry))]),
    ports: { http: options.port },
    launch: (ports) => ({
      command: process.execPath,
      args: ['--import', 'tsx', entry, '--port', String(ports.http), '--home', state, ...args],
      env: options.env,
      cwd: root,
    }),
    answers: (ports) => httpAnswers(`http://127.0.0.1:${ports.http}/_sandbox/state`),
    readyWithinMs: 30_000,
    ending: ENDING,
    progress: options.progress,
  });
  const url = `http://127.0.0.1:${server.ports.http}`;
  return { kind: name, url, pid: server.pid, reused: server.reused, stop: server.stop };
}

/** Ends a stand-in of a home folder, whoever started it. */
export async function stopVendor(home: string, name: string): Promise<void> {
  await stopServer(vendorFolder(home, name), ENDING);
}

const vendorFolder = (home: string, name: string) => join(home, 'services', `vendor-${name}`);

/** Milliseconds since 1970 of the latest change of any file below a folder. */
async function newestChange(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const times = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs));
  return times.reduce((newest, time) => Math.max(newest, time), 0);
}
