import { readFileSync, writeFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from './failure.ts';

/** What `start` says when it is ready, on its one JSON line and in `app.json` of the home folder, where the other verbs find it. */
export interface ReadyLine {
  readonly event: 'ready';
  readonly mode: string;
  readonly pid: number;
  readonly urls: {
    readonly api: string;
    readonly temporalUi?: string;
    readonly metrics: string;
    readonly ghl?: string;
    readonly claude?: string;
    readonly reso?: string;
  };
  readonly apiToken: string;
  readonly appId: string;
  /** The seeded brokerage. */
  readonly locationId?: string;
  /** Path of the private key that the sandbox signs with. */
  readonly webhookKey?: string;
  readonly workflowSecret?: string;
  readonly temporalAddress: string;
  readonly namespace: string;
  readonly databaseUrl?: string;
  readonly redisUrl?: string;
  readonly pids: Readonly<Record<string, number>>;
}

const path = (home: string) => join(home, 'app.json');

/** For its owner only: it holds the operator's token. Written whole, so that a reader never sees half of it. */
export function writeAppFile(home: string, line: ReadyLine): void {
  mkdirSync(home, { recursive: true });
  const draft = `${path(home)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(line, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, path(home));
}

/** Undefined where nothing was ever started in this home folder. A file left by a killed process still tells ports and token. */
export function readAppFile(home: string): ReadyLine | undefined {
  let text: string;
  try {
    text = readFileSync(path(home), 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return JSON.parse(text) as ReadyLine;
  } catch (cause) {
    throw new Failure(`${path(home)} cannot be read.`, { ways: ['remove it and start again'], cause });
  }
}
