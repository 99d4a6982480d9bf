import { execFile, spawn } from 'node:child_process';
import { mkdirSync, openSync, closeSync, renameSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { serviceError, systemCode } from './errors.ts';

const run = promisify(execFile);

/** A process that cannot be confused with a later one of the same number: pids are recycled, pids with start times are not. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Opaque; equal for the same process only. */
  readonly started: string;
}

/** Who a server runs as, when not as ourselves. */
export interface RunAs {
  readonly uid: number;
  readonly gid: number;
}

/** The identity of a running process; undefined when there is none, or only a zombie that nobody has reaped. */
export async function identify(pid: number): Promise<ProcessIdentity | undefined> {
  return process.platform === 'linux' ? identifyByProc(pid) : identifyByPs(pid);
}

async function identifyByProc(pid: number): Promise<ProcessIdentity | undefined> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'utf8'),
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
    ]);
    // The second field is the program's name in brackets and may hold blanks and brackets itself; fields count from the last one.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    return { pid, started: `${boot.trim()}:${fields[19]}` };
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ESRCH') return undefined;
    throw error;
  }
}

async function identifyByPs(pid: number): Promise<ProcessIdentity | undefined> {
  const answer = await run('ps', ['-o', 'stat=,lstart=', '-p', String(pid)]).catch(() => undefined);
  const line = answer?.stdout.trim() ?? '';
  return line === '' || line.startsWith('Z') ? undefined : { pid, started: line.replace(/^\S+\s+/, '') };
}

export async function isRunning(identity: ProcessIdentity): Promise<boolean> {
  return (await identify(identity.pid))?.started === identity.started;
}

/** The command line of a process, or an empty text when it cannot be read. */
export async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim();
  }
  return (await run('ps', ['-o', 'command=', '-p', String(pid)]).catch(() => ({ stdout: '' }))).stdout.trim();
}

/** Signals to try in order, each with the milliseconds it is given. */
export type Ending = readonly (readonly [signal: NodeJS.Signals, waitMs: number])[];

/**
 * Ends exactly this process, gently first. Works on processes that an earlier, killed parent started.
 * @throws when it outlives the last signal
 */
export async function endProcess(identity: ProcessIdentity, ending: Ending): Promise<void> {
  for (const [signal, waitMs] of ending) {
    if (!(await isRunning(identity))) return;
    try {
      process.kill(identity.pid, signal);
    } catch (error) {
      if (systemCode(error) !== 'ESRCH') throw error;
    }
    if (await until(async () => !(await isRunning(identity)), waitMs)) return;
  }
  if (await isRunning(identity))
    throw serviceError(`Process ${identity.pid} does not end.`, [`kill -9 ${identity.pid}`]);
}

/** Asks again every few milliseconds until the answer is yes (true) or the time is over (false). */
export async function until(condition: () => Promise<boolean>, forMs: number, everyMs = 25): Promise<boolean> {
  const deadline = performance.now() + forMs;
  for (;;) {
    if (await condition()) return true;
    if (performance.now() >= deadline) return false;
    await sleep(everyMs);
  }
}

export interface Launch {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly runAs?: RunAs | undefined;
}

export interface Spawned {
  readonly identity: ProcessIdentity;
  /** True once the program has ended. */
  hasExited(): boolean;
}

/**
 * Starts a server in a session of its own: a Ctrl-C goes to the terminal's process group, and servers must outlive the app that
 * drains into them. Its output goes to the log file, so that it does not die of a closed pipe when we do.
 */
export async function spawnDetached(launch: Launch, logFile: string): Promise<Spawned> {
  const log = openLog(logFile);
  let exited = false;
  try {
    const child = spawn(launch.command, launch.args, {
      detached: true,
      stdio: ['ignore', log, log],
      env: launch.env,
      cwd: launch.cwd,
      ...(launch.runAs ?? {}),
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => {
        exited = true;
        reject(serviceError(`${launch.command} cannot be run: ${error.message}`, [], error));
      });
    });
    child.once('exit', () => (exited = true));
    child.unref();
    const pid = child.pid as number;
    // A program that is gone before we could look keeps its number with a start time that fits nothing.
    const identity = (await identify(pid)) ?? { pid, started: 'gone at once' };
    return { identity, hasExited: () => exited };
  } finally {
    closeSync(log);
  }
}

const LOG_LIMIT_BYTES = 10 * 1024 * 1024;

/** Opens a log for appending; a big one of earlier runs steps aside first. */
function openLog(file: string): number {
  mkdirSync(dirname(file), { recursive: true });
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > LOG_LIMIT_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a', 0o600);
}

/** The last lines of a log, for an error text. */
export async function tail(file: string, lines = 12): Promise<string> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text.trimEnd().split('\n').slice(-lines).join('\n');
}
