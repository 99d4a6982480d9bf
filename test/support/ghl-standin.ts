import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { documentedOperations, loadDocuments } from '../../sandbox/vendors/ghl/documents.ts';
import { responseCompiler } from '../../sandbox/vendors/ghl/validate.ts';

/** The GHL stand-in as a process of its own, on a free port, over a home folder that outlives it. */
export interface RunningStandIn {
  readonly url: string;
  readonly home: string;
  /** Ends it by this signal and waits until it is gone; the home folder stays. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Moves its clock ahead of the machine's; only for one that was started with `movableClock`. */
  moveClock(aheadMs: number): Promise<void>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  // The tests say what they expect to find; a wrong guess fails them.
  readonly body: Answered;
}

/** JSON of any shape, walked without ceremony. */
export type Answered = { readonly [field: string]: Answered } & { readonly [index: number]: Answered } & unknown[];

export async function startStandIn(
  home = mkdtempSync(join(tmpdir(), 'ghl-standin-')),
  options: { readonly movableClock?: boolean } = {},
): Promise<RunningStandIn> {
  const main = join(import.meta.dirname, '../../sandbox/vendors/ghl/main.ts');
  const clock = options.movableClock === true ? ['--import', join(import.meta.dirname, 'movable-clock.ts')] : [];
  const child = spawn(process.execPath, ['--import', 'tsx', ...clock, main, '--port', '0', '--home', home], {
    stdio: ['ignore', 'pipe', 'inherit', ...(options.movableClock === true ? (['ipc'] as const) : [])],
  });
  const port = await listeningPort(child);
  return {
    url: `http://127.0.0.1:${port}`,
    home,
    end: async (signal) => {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
      return child.exitCode;
    },
    moveClock: async (aheadMs) => {
      const moved = once(child, 'message');
      child.send({ aheadMs });
      await moved;
    },
  };
}

export function removeHome(standIn: RunningStandIn): void {
  rmSync(standIn.home, { recursive: true, force: true });
}

async function listeningPort(child: ChildProcess): Promise<number> {
  if (child.stdout === null) throw new Error('the stand-in has no stdout');
  for await (const line of createInterface(child.stdout)) {
    const said = JSON.parse(line) as { event: string; port: number };
    if (said.event === 'listening') return said.port;
  }
  throw new Error('the stand-in ended before it listened');
}

/** A call of the control plane. */
export async function control(standIn: RunningStandIn, route: string, body?: unknown, method = 'POST'): Promise<Reply> {
  const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
  return reply(await fetch(`${standIn.url}/_sandbox/${route}`, init));
}

export async function ledger(standIn: RunningStandIn, after = 0): Promise<Answered> {
  return (await control(standIn, `ledger?after=${after}`, undefined, 'GET')).body;
}

export interface Sent {
  readonly params?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly token?: string | null;
  readonly version?: string | null;
  /** Sent as it is, with this content type. */
  readonly raw?: readonly [contentType: string, body: string];
}

const documents = loadDocuments();
const documented = new Map(documentedOperations(documents).map((operation) => [operation.key, operation]));
const compileResponse = responseCompiler(documents);

/** Every operation the documents have of those that the stand-in serves. */
export const documentedKeys: readonly string[] = [...documented.keys()];

/**
 * Calls an operation by its name in the documents, with the version they pin, and checks the answer against them.
 * Throws when the documents know the status and the body does not fit.
 */
export function client(standIn: () => RunningStandIn, token: string): (key: string, sent?: Sent) => Promise<Reply> {
  return async (key, sent = {}) => {
    const operation = documented.get(key);
    if (operation === undefined) throw new Error(`${key} is not in the documents`);
    const [method = '', template = ''] = key.split(' ');
    const path = template.replace(/\{(\w+)\}/g, (_all, name: string) => encodeURIComponent(sent.params?.[name] ?? ''));
    const pinned = operation.operation.parameters?.find((parameter) => parameter.name === 'Version')?.schema[
      'enum'
    ] as [string];
    const version = sent.version === undefined ? pinned[0] : sent.version;
    const bearer = sent.token === undefined ? token : sent.token;
    const payload = sent.raw?.[1] ?? (sent.body === undefined ? undefined : JSON.stringify(sent.body));
    const response = await fetch(`${standIn().url}${path}?${new URLSearchParams(sent.query).toString()}`, {
      method,
      headers: {
        ...(version !== null && { Version: version }),
        ...(bearer !== null && { Authorization: `Bearer ${bearer}` }),
        ...(payload !== undefined && { 'content-type': sent.raw?.[0] ?? 'application/json' }),
      },
      ...(payload !== undefined && { body: payload }),
    });
    const answer = await reply(response);
    if (String(answer.status) in operation.operation.responses) {
      const check = compileResponse(operation, answer.status);
      if (check && !check(answer.body)) throw new Error(`${key} ${answer.status}: ${JSON.stringify(check.errors)}`);
    } else if (answer.status < 300) throw new Error(`${key}: the documents have no answer ${answer.status}`);
    return answer;
  };
}

async function reply(response: Response): Promise<Reply> {
  const { status, headers } = response;
  return { status, headers, body: (await response.json()) as Answered };
}
