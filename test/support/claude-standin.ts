import { createClaudeStandin } from '../../sandbox/vendors/claude/server.ts';
import type { ClaudeStandin } from '../../sandbox/vendors/claude/server.ts';

/** JSON of any shape, walked without ceremony. */
export type Answered = { readonly [field: string]: Answered } & { readonly [index: number]: Answered } & unknown[];

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Answered;
}

/** The documentation's oldest model whose prefixes are cached from 512 tokens on. */
export const MODEL = 'claude-opus-5';
/** Where frozen clocks stand. */
const NOON = Date.parse('2026-11-02T12:00:00Z');

export async function startClaude(): Promise<ClaudeStandin> {
  return createClaudeStandin({ port: 0, seed: 7 });
}

/** An order to the control plane; throws where it is not understood. */
export async function order(standin: ClaudeStandin, name: string, body: unknown = {}): Promise<Answered> {
  const response = await fetch(`${standin.url}/_sandbox/${name}`, { method: 'POST', body: JSON.stringify(body) });
  const answer = (await response.json()) as Answered;
  if (response.status !== 200) throw new Error(JSON.stringify(answer));
  return answer;
}

export async function look(standin: ClaudeStandin, name: string): Promise<Answered> {
  return (await (await fetch(`${standin.url}/_sandbox/${name}`)).json()) as Answered;
}

/** Empties the stand-in and stops its clock at noon. */
export async function fresh(standin: ClaudeStandin): Promise<void> {
  await order(standin, 'reset');
  await order(standin, 'clock', { at: new Date(NOON).toISOString() });
}

/** A call as the documentation writes it; a header that is null is left out. */
export async function call(
  standin: ClaudeStandin,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string | null>> = {},
): Promise<Reply> {
  const all = {
    'x-api-key': 'sk-ant-1',
    'anthropic-version': '2026-10-21',
    'content-type': 'application/json',
    ...headers,
  };
  const sent = Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== null);
  const payload = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(`${standin.url}${path}`, {
    method,
    headers: Object.fromEntries(sent),
    ...(body !== undefined && { body: payload }),
  });
  return { status: response.status, headers: response.headers, body: (await response.json()) as Answered };
}

/** `POST /v1/messages` of the least that is needed, and what is given. */
export function ask(
  standin: ClaudeStandin,
  fields: Readonly<Record<string, unknown>> = {},
  headers: Readonly<Record<string, string | null>> = {},
): Promise<Reply> {
  const least = { model: MODEL, max_tokens: 100, messages: [{ role: 'user', content: 'Hello' }] };
  return call(standin, 'POST', '/v1/messages', { ...least, ...fields }, headers);
}

/** A text block of exactly so many tokens, by the stand-in's own count; `name` tells one from another. */
export function textOf(tokens: number, name = '', marker?: '5m' | '1h'): Record<string, unknown> {
  const text = `${name} `.padEnd(Math.floor((tokens - 4) * 2.5), 'abcdefghi ');
  return { type: 'text', text, ...(marker && { cache_control: { type: 'ephemeral', ttl: marker } }) };
}

export interface Counted {
  readonly read: number;
  readonly write1h: number;
  readonly write5m: number;
  readonly input: number;
}

/** The four numbers that input is billed by. */
export function counted({ body }: Reply): Counted {
  const usage = body['usage'] as unknown as {
    readonly input_tokens: number;
    readonly cache_read_input_tokens: number;
    readonly cache_creation: { readonly ephemeral_1h_input_tokens: number; readonly ephemeral_5m_input_tokens: number };
  };
  return {
    read: usage.cache_read_input_tokens,
    write1h: usage.cache_creation.ephemeral_1h_input_tokens,
    write5m: usage.cache_creation.ephemeral_5m_input_tokens,
    input: usage.input_tokens,
  };
}
