import { randomBytes } from 'node:crypto';
import { badRequest, wrongLocation } from './refusal.ts';
import type { Row, Store, Table } from './store.ts';

/** A JSON object whose fields nobody has looked at yet. */
export type Json = Readonly<Record<string, unknown>>;

/** What a handler gets: a request that passed version, token, limits and the OpenAPI documents. */
export interface Context {
  readonly store: Store;
  /** ISO-8601, UTC: the moment of the request. */
  readonly now: string;
  /** The location whose token was sent, or that a company's token named; empty for a company as a whole. */
  readonly locationId: string;
  readonly companyId: string;
  /** The install that the token was issued for; undefined for a static token, and for whoever needs none. */
  readonly install: string | undefined;
  readonly actor: Actor;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Json;
  readonly body: Json;
  /** Queues the webhook event that this write makes GHL fire; `body` lacks the envelope. */
  emit(type: string, body: Json): void;
}

/** Who does it, in the words that GHL's messages carry. */
export interface Actor {
  readonly source: 'api' | 'app' | 'workflow' | 'bulk_actions' | 'campaign';
  readonly userId?: string;
}

export interface Answer {
  readonly status: number;
  readonly body: Json;
}

/** Refuses by throwing before its first `put`; what it put is committed together with the ledger's entry. */
export type Handler = (context: Context) => Answer;

/** Keyed as the OpenAPI documents name an operation: `GET /contacts/{contactId}`. */
export type Operations = Readonly<Record<string, Handler>>;

export const ok = (body: Json): Answer => ({ status: 200, body });
export const created = (body: Json): Answer => ({ status: 201, body });

/** The row, if it exists and belongs to the token's location; GHL answers an unknown id with 400 and a foreign one with 403. */
export function own(context: Context, table: Table, id: string | undefined, name: string): Row {
  const row = id === undefined ? undefined : context.store.get(table, id);
  if (row === undefined) throw badRequest(`${name} not found`);
  if (row['locationId'] !== context.locationId) throw wrongLocation();
  return row;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** An id of GHL's look: twenty letters and digits. */
export function newId(): string {
  let id = '';
  while (id.length < 20) {
    for (const byte of randomBytes(24)) {
      if (byte < 248 && id.length < 20) id += ALPHABET.charAt(byte % 62);
    }
  }
  return id;
}

/** Without the fields that are undefined, null or empty text: GHL leaves those out of its answers. */
export function present(fields: Json): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
}

/** A text field of an untyped object; undefined when it is absent, empty or no text. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
