import { randomUUID } from 'node:crypto';
import { chmod, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf, serviceError, systemCode } from './errors.ts';
import { withLock } from './lock.ts';
import { freePort, isFree } from './port.ts';
import { endProcess, isRunning, spawnDetached, tail, until } from './process.ts';
import type { Ending, Launch, ProcessIdentity, Spawned } from './process.ts';

/** Says what goes on, one line at a time. */
export type Progress = (line: string) => void;

/** What is known on disk about a server, so that a later process can find, judge, reuse or end it. */
export interface ServerRecord {
  /** Absent while none runs; the ports stay, to be taken again next time. */
  readonly process?: ProcessIdentity;
  readonly ports: Readonly<Record<string, number>>;
  /** Which source the program came from, for the banner. */
  readonly kind: string;
  /** Everything that makes two launches differ; a server left behind with another one is ended, not reused. */
  readonly fingerprint: string;
}

export interface ServerPlan {
  /** `postgres`, `redis`, … : the folder's name and the start of each progress line. */
  readonly name: string;
  /** Its own state folder. */
  readonly folder: string;
  readonly kind: string;
  readonly fingerprint: string;
  /** Port names in order, each with the port it must have or undefined for any. */
  readonly ports: Readonly<Record<string, number | undefined>>;
  /** Runs under the start lock, before a new process: makes data folders, removes stale lock files, or finds a process whose record was lost. */
  readonly prepare?: () => Promise<void | Pick<ServerRecord, 'process' | 'ports'>>;
  readonly launch: (ports: Readonly<Record<string, number>>) => Launch;
  /** Does it really answer? Never throws. */
  readonly answers: (ports: Readonly<Record<string, number>>) => Promise<boolean>;
  readonly readyWithinMs: number;
  readonly ending: Ending;
  readonly progress: Progress;
}

export interface RunningServer {
  readonly ports: Readonly<Record<string, number>>;
  readonly pid: number;
  /** Found running and kept, instead of started. */
  readonly reused: boolean;
  readonly stop: () => Promise<void>;
}

const ATTEMPTS = 3;

/**
 * Brings a server up, or keeps the one that a killed parent left behind. Safe when two processes try at once: the second
 * waits and then finds it running.
 * @throws with the end of the server's log when it does not come up
 */
export async function ensureServer(plan: ServerPlan): Promise<RunningServer> {
  await mkdir(plan.folder, { recursive: true });
  const waiting = (pid: number) => plan.progress(`${plan.name}: process ${pid} is starting it, waiting`);
  return withLock(lockFile(plan.folder), { waitMs: plan.readyWithinMs + 60_000, waiting }, async () => {
    const left = await keep(plan, await readRecord(plan.folder));
    if (left) return left;
    const found = await plan.prepare?.();
    if (found?.process) {
      const adopted = { ...found, kind: plan.kind, fingerprint: plan.fingerprint };
      await writeRecord(plan.folder, adopted);
      const kept = await keep(plan, adopted);
      if (kept) return kept;
    }
    return start(plan);
  });
}

/** Ends the server recorded in a folder, if it runs, whoever started it. Its ports are remembered. */
export async function stopServer(folder: string, ending: Ending): Promise<void> {
  const record = await readRecord(folder);
  if (!record?.process) return;
  await endProcess(record.process, ending);
  await writeRecord(folder, { ports: record.ports, kind: record.kind, fingerprint: record.fingerprint });
}

async function readRecord(folder: string): Promise<ServerRecord | undefined> {
  try {
    return JSON.parse(await readFile(recordFile(folder), 'utf8')) as ServerRecord;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw serviceError(`${recordFile(folder)} cannot be read: ${messageOf(error)}`, ['remove that file'], error);
  }
}

/** The recorded server, if it lives, is the one we want, and answers; else it is ended. */
async function keep(plan: ServerPlan, record: ServerRecord | undefined): Promise<RunningServer | undefined> {
  if (!record?.process || !(await isRunning(record.process))) return undefined;
  const wanted = Object.entries(plan.ports).every(([name, port]) => port === undefined || port === record.ports[name]);
  if (wanted && record.fingerprint === plan.fingerprint) {
    // It may be starting still, when its parent was killed a moment ago.
    if (await until(() => plan.answers(record.ports), 5_000)) {
      plan.progress(`${plan.name}: found running (pid ${record.process.pid}), kept`);
      return running(plan, record.process, record.ports, true);
    }
    plan.progress(`${plan.name}: found running (pid ${record.process.pid}) but silent, ending it`);
  } else {
    plan.progress(`${plan.name}: found running (pid ${record.process.pid}) with other settings, ending it`);
  }
  await stopServer(plan.folder, plan.ending);
  return undefined;
}

async function start(plan: ServerPlan): Promise<RunningServer> {
  const log = logFile(plan.folder, plan.name);
  const last = (await readRecord(plan.folder))?.ports ?? {};
  for (let attempt = 1; ; attempt += 1) {
    const ports = await choosePorts(plan, last);
    const spawned = await spawnDetached(plan.launch(ports), log);
    const record = { process: spawned.identity, ports, kind: plan.kind, fingerprint: plan.fingerprint };
    // Recorded before it is ready: should we be killed now, the next start still finds it.
    await writeRecord(plan.folder, record);
    if (await becomesReady(plan, spawned, ports)) return running(plan, spawned.identity, ports, false);
    const exited = spawned.hasExited();
    await stopServer(plan.folder, plan.ending);
    // An early end may be a port snatched in between or an orphaned child of a killed server still letting go: worth another try.
    if (!exited || attempt === ATTEMPTS) {
      const what = exited ? 'ended at once' : `did not answer within ${plan.readyWithinMs / 1000} s`;
      throw serviceError(`${plan.name} (${plan.kind}) ${what}. The end of ${log}:\n${await tail(log)}`, [
        `read ${log}, put right what it names, and start again`,
      ]);
    }
    plan.progress(`${plan.name}: ended at once, trying again`);
  }
}

async function becomesReady(plan: ServerPlan, spawned: Spawned, ports: Record<string, number>): Promise<boolean> {
  let ready = false;
  await until(async () => {
    if (spawned.hasExited()) return true;
    ready = await plan.answers(ports);
    return ready;
  }, plan.readyWithinMs);
  return ready && !spawned.hasExited();
}

async function choosePorts(plan: ServerPlan, last: Readonly<Record<string, number>>): Promise<Record<string, number>> {
  const ports: Record<string, number> = {};
  for (const [name, given] of Object.entries(plan.ports)) {
    if (given !== undefined && !(await isFree(given))) {
      throw serviceError(`Port ${given}, asked for ${plan.name}, is taken.`, ['give another port', 'end what uses it']);
    }
    ports[name] = given ?? (await freePort(last[name]));
  }
  return ports;
}

function running(
  plan: ServerPlan,
  identity: ProcessIdentity,
  ports: Readonly<Record<string, number>>,
  reused: boolean,
): RunningServer {
  return { ports, pid: identity.pid, reused, stop: () => stopServer(plan.folder, plan.ending) };
}

async function writeRecord(folder: string, record: ServerRecord): Promise<void> {
  // Two may end one server at the same time: a start that failed, and the signal that made it fail.
  const draft = `${recordFile(folder)}.${randomUUID()}.new`;
  await writeFile(draft, `${JSON.stringify(record)}\n`);
  await chmod(draft, 0o600);
  await rename(draft, recordFile(folder));
}

const recordFile = (folder: string) => join(folder, 'server.json');
const lockFile = (folder: string) => join(folder, 'start.lock');
const logFile = (folder: string, name: string) => join(folder, `${name}.log`);
