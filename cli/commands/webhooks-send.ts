import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { type Json, readJsonObject, textAt } from '../../domain/webhooks/payload.ts';
import { type Client, connect, problemOf, reach } from '../client.ts';
import { type Completion, completeMarketplace, completeWorkflow, systemOf } from '../envelope.ts';
import { Failure, usage } from '../failure.ts';
import type { Registry } from '../main.ts';
import { type TalkOptions, talks, wholeNumber } from '../options.ts';
import { type Io, paint, printJson } from '../output.ts';

interface SendOptions extends TalkOptions {
  readonly url?: string;
  readonly key?: string;
  readonly secret?: string;
  readonly repeat: string;
  readonly fresh?: true;
  readonly keep?: true;
  readonly location?: string;
  readonly contact?: string;
}

interface Sent {
  readonly file: string;
  readonly type: string;
  readonly webhookId: string | null;
  readonly status: number;
  readonly eventId: string | null;
  readonly duplicate: boolean;
  readonly error?: string;
}

/** As many deliveries are under way at once at most. */
const AT_ONCE = 10;

export function addSend(webhooks: Command, { io, exitWith }: Registry): void {
  talks(webhooks.command('send').description('complete, sign and post JSON payloads as GHL would'))
    .argument('<file...>', 'files with one JSON payload each, or - for stdin')
    .option('--url <url>', 'where to post; with a path it is used as it is')
    .option('--key <file>', 'PEM of the private Ed25519 key to sign with; default: the sandbox’s')
    .option('--secret <secret>', 'secret of the location, for workflow payloads; default: the seeded brokerage’s')
    .option('--repeat <n>', 'deliver each payload n times, under one id as the vendor repeats', '1')
    .option('--fresh', 'with --repeat: a fresh id and time for each, n events instead of one')
    .option('--keep', 'post the payload as it is: complete nothing')
    .option('--location <id>', 'put in this location')
    .option('--contact <id>', 'put in this contact')
    .action(async (files: string[], options: SendOptions) => {
      const sent = await sendAll(io, files, options);
      const ok = sent.every(({ status }) => status >= 200 && status < 300);
      if (options.json) printJson(io, { ok, sent });
      else for (const one of sent) io.out(lineOf(io, one));
      if (!ok) exitWith(1);
    });
}

async function sendAll(io: Io, files: readonly string[], options: SendOptions): Promise<Sent[]> {
  const repeat = wholeNumber('--repeat', options.repeat, 1, 100_000);
  const post = await poster(io, options);
  const payloads = await Promise.all(files.map(async (file) => ({ file, payload: await readPayload(io, file) })));
  // File by file, so that a story told by several files is told in order; the repeats of one file run side by side.
  const sent: Sent[] = [];
  for (const { file, payload } of payloads) {
    const one = options.fresh ? undefined : post.complete(payload);
    for (let done = 0; done < repeat; done += AT_ONCE) {
      const batch = Array.from({ length: Math.min(AT_ONCE, repeat - done) }, () => one ?? post.complete(payload));
      sent.push(...(await Promise.all(batch.map((body) => post.deliver(file, body)))));
    }
  }
  return sent;
}

interface Poster {
  complete(payload: Json): Json;
  deliver(file: string, payload: Json): Promise<Sent>;
}

async function poster(io: Io, options: SendOptions): Promise<Poster> {
  const client = connect(io, options);
  const { app, config, apiUrl } = client.installation;
  const base = options.url ?? apiUrl;
  const appId = config.ghl.appId ?? app?.appId;
  const completion = options.keep ? undefined : await completionOf(client, options, appId);
  const key = memo(() => signingKey(io, options.key, app?.webhookKey, config.home));
  const secret = () => {
    const known = options.secret ?? app?.workflowSecret;
    if (known !== undefined) return known;
    throw new Failure('A workflow payload needs the secret of its location.', { ways: ['give it: --secret SECRET'] });
  };
  return {
    complete: (payload) => {
      if (completion === undefined) return payload;
      const now = { ...completion, now: new Date() };
      return systemOf(payload) === 'workflow' ? completeWorkflow(payload, now) : completeMarketplace(payload, now);
    },
    deliver: async (file, payload) => {
      const body = Buffer.from(JSON.stringify(payload));
      const workflow = systemOf(payload) === 'workflow';
      const url = target(base, workflow ? '/webhooks/ghl/workflow' : '/webhooks/ghl');
      const proof = workflow
        ? { 'x-webhook-secret': secret() }
        : { 'x-ghl-signature': sign(null, body, key()).toString('base64') };
      const headers = { 'content-type': 'application/json', ...proof };
      const response = await reach(url.origin, `${url.pathname}${url.search}`, { method: 'POST', headers, body });
      return outcomeOf(basename(file), payload, response);
    },
  };
}

/** With a path of its own the address is taken as it is; a bare server gets the door's path. */
function target(base: string, path: string): URL {
  if (!URL.canParse(base)) throw usage('--url: expected an address such as http://127.0.0.1:8080');
  const url = new URL(base);
  return url.pathname === '/' ? new URL(path, url) : url;
}

async function completionOf(
  client: Client,
  options: SendOptions,
  appId: string | undefined,
): Promise<Omit<Completion, 'now'>> {
  if (appId === undefined) {
    throw new Failure('It is not known which app the events are to name.', {
      ways: ['start the sandbox first: npm start', 'or set GHL_APP_ID', 'or post the payload as it is: --keep'],
    });
  }
  const locationId = options.location ?? client.installation.app?.locationId;
  // A location that the sample names is kept if it is installed; `--location` overrules it.
  const installed = options.location === undefined ? await installedLocations(client) : new Set<string>();
  return { appId, locationId, installed, contactId: options.contact, newId: randomUUID };
}

/** Nobody need be asked where the list cannot be had (another address, no token): then the seeded brokerage is put in. */
async function installedLocations(client: Client): Promise<ReadonlySet<string>> {
  try {
    const { items } = await client.get<{ items: { locationId: string; status: string }[] }>('/api/locations');
    return new Set(items.filter(({ status }) => status !== 'uninstalled').map(({ locationId }) => locationId));
  } catch (error) {
    if (error instanceof Failure) return new Set();
    throw error;
  }
}

async function readPayload(io: Io, file: string): Promise<Json> {
  const text = file === '-' ? await stdin() : await readFile(resolve(io.cwd, file), 'utf8').catch(unreadable(file));
  const read = readJsonObject(text.replace(/^\uFEFF/, ''));
  if (!read.ok) throw usage(`${file}: expected one JSON object, but it is ${read.why}`);
  return read.json;
}

async function stdin(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) chunks.push(Buffer.from(chunk as Uint8Array));
  return Buffer.concat(chunks).toString('utf8');
}

function unreadable(file: string): (cause: unknown) => never {
  return (cause) => {
    throw new Failure(`${file} cannot be read.`, { exitCode: 2, cause });
  };
}

function signingKey(io: Io, given: string | undefined, known: string | undefined, home: string): KeyObject {
  const path =
    given === undefined
      ? (known ?? join(home, 'vendors', 'ghl', 'keys', 'ghl-webhook.private.pem'))
      : resolve(io.cwd, given);
  return createPrivateKey(readKeyFile(path));
}

function readKeyFile(path: string): Buffer {
  if (existsSync(path)) return readFileSync(path);
  throw new Failure(`There is no key to sign with at ${path}.`, {
    ways: ['start the sandbox once, it makes one: npm start', 'or name another: --key FILE'],
  });
}

function memo<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

async function outcomeOf(file: string, payload: Json, response: Response): Promise<Sent> {
  const text = await response.text();
  const type = textAt(payload, 'type') ?? (systemOf(payload) === 'workflow' ? 'workflow' : 'unknown');
  const about = { file, type, webhookId: textAt(payload, 'webhookId') ?? null, status: response.status };
  if (!response.ok) {
    const { code, message } = problemOf(response.status, text);
    return { ...about, eventId: null, duplicate: false, error: `${code}: ${message}` };
  }
  const { eventId, duplicate } = JSON.parse(text) as { eventId: string; duplicate: boolean };
  return { ...about, eventId, duplicate };
}

function lineOf(io: Io, { file, type, status, eventId, duplicate, error }: Sent): string {
  const colour = error !== undefined ? 'red' : duplicate ? 'yellow' : 'green';
  const what = error ?? (duplicate ? `duplicate of ${eventId ?? '-'}` : `accepted as ${eventId ?? '-'}`);
  return `${paint(io, colour, String(status))}  ${type}  ${what}  (${file})\n`;
}
