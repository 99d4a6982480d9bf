import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { on, once } from 'node:events';
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
      const messages = on(child, 'message') as AsyncIterable<[{ readonly moved?: number }]>;
      child.send({ aheadMs });
      for await (const [{ moved }] of messages) if (moved === aheadMs) return;
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

const FORM = 'application/x-www-form-urlencoded';
const documents = loadDocuments();
const documented = new Map(documentedOperations(documents).map((operation) => [operation.key, operation]));
const compileResponse = responseCompiler(documents);

/** Every operation the documents have of those that the stand-in serves. */
export const documentedKeys: readonly string[] = [...documented.keys()];

/** What an installed app needs besides contacts, conversations and calendars; proven in a file of its own. */
export const integrationKeys: readonly string[] = [
  ...documentedKeys.filter((key) =>
    /^\w+ \/(oauth|marketplace|workflows|phone-system|objects|associations)\//.test(key),
  ),
  ...documentedKeys.filter((key) => key.includes('/workflow/') || key.includes('/unsubscriptions/')),
  'POST /opportunities/upsert',
  'PUT /conversations/messages/{messageId}/status',
  'DELETE /conversations/messages/{messageId}/schedule',
];

/** Every parameter of an operation's path, by a value that names nothing. */
export function anyParams(key: string, params: Readonly<Record<string, string>>): Record<string, string> {
  const names = [...key.matchAll(/\{(\w+)\}/g)].map(([, name]) => String(name));
  return { ...Object.fromEntries(names.map((name) => [name, 'x'])), ...params };
}

export interface Tokens {
  readonly access_token: string;
  readonly refresh_token: string;
  readonly expires_in: number;
  readonly [field: string]: unknown;
}

export const app = {
  clientId: 'client-1',
  clientSecret: 'secret-1',
  redirectUri: 'http://127.0.0.1/oauth/callback',
} as const;

/** Registers `app`; further fields as the control plane takes them. */
export async function registerApp(
  standIn: RunningStandIn,
  more: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { clientId, clientSecret, redirectUri } = app;
  const answer = await control(standIn, 'app', { clientId, clientSecret, redirectUris: [redirectUri], ...more });
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
}

/** Goes through the marketplace's page for a location or a company, and comes back with what the browser was sent on with. */
export async function approve(
  standIn: RunningStandIn,
  holderId: string,
  more: Readonly<Record<string, string>> = {},
): Promise<URLSearchParams> {
  const query = { response_type: 'code', client_id: app.clientId, redirect_uri: app.redirectUri, _approve: holderId };
  const url = `${standIn.url}/v2/oauth/chooselocation?${new URLSearchParams({ ...query, ...more }).toString()}`;
  const response = await fetch(url, { redirect: 'manual' });
  if (response.status !== 302) throw new Error(`${response.status} ${await response.text()}`);
  return new URL(String(response.headers.get('location'))).searchParams;
}

/** The form that exchanges a code, or with `refresh_token` a token. */
export function grantForm(code: string, more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { clientId, clientSecret, redirectUri } = app;
  const form = { client_id: clientId, client_secret: clientSecret, grant_type: 'authorization_code', code };
  return { ...form, redirect_uri: redirectUri, user_type: 'Location', ...more };
}

/** Installs the app for a location or a company and exchanges the code. */
export async function install(
  standIn: RunningStandIn,
  holderId: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Tokens> {
  const code = String((await approve(standIn, holderId, more)).get('code'));
  const send = client(() => standIn, '');
  return (await send('POST /oauth/token', { token: null, body: grantForm(code) })).body as unknown as Tokens;
}

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
    const pinned = operation.operation.parameters?.find((parameter) => parameter.name === 'Version')?.schema['enum'] as
      [string] | undefined;
    const version = sent.version === undefined ? (pinned?.[0] ?? null) : sent.version;
    const bearer = sent.token === undefined ? token : sent.token;
    const form = FORM in (operation.operation.requestBody?.content ?? {});
    const written = form
      ? new URLSearchParams(sent.body as Record<string, string>).toString()
      : JSON.stringify(sent.body);
    const payload = sent.raw?.[1] ?? (sent.body === undefined ? undefined : written);
    const response = await fetch(`${standIn().url}${path}?${new URLSearchParams(sent.query).toString()}`, {
      method,
      headers: {
        ...(version !== null && { Version: version }),
        ...(bearer !== null && { Authorization: `Bearer ${bearer}` }),
        ...(payload !== undefined && { 'content-type': sent.raw?.[0] ?? (form ? FORM : 'application/json') }),
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
