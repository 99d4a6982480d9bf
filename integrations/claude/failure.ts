import { APIError } from '@anthropic-ai/sdk';
import type { Usage } from '../../domain/assistant/prices.ts';
import type { ModelFailure } from '../../domain/ports/model.ts';

type Verdict = Pick<ModelFailure, 'how' | 'then'>;

/** Where a call was when it broke. */
export interface Broken {
  /** Whether a byte of it can have left us. */
  readonly sent: boolean;
  /** What the first event of the answer told, if it came and its cost is known. */
  readonly begun: Usage | undefined;
  /** The first event came. */
  readonly answering: boolean;
  /** Why we stopped waiting, if it was us. */
  readonly gaveUp: 'timeout' | 'aborted' | undefined;
  readonly requestId: string | null;
}

/** The vendor may ask for any wait; what is longer than this is asked again by then. */
const LONGEST_WAIT_MS = 300_000;

/** What an exception of the vendor's client means, by status, type and code; of its sentences, one kind alone has no other sign. */
export function failureOf(error: unknown, broken: Broken): ModelFailure {
  const told: APIError | undefined = error instanceof APIError ? (error as APIError) : undefined;
  const requestId = idOf(told?.requestID) ?? broken.requestId;
  const { begun, gaveUp } = broken;
  const beginning = begun === undefined ? {} : { begun };
  if (told?.status !== undefined) {
    const wait = waitOf(told.headers);
    const { how, then } = byStatus(told, told.status);
    const later = then === 'again' && wait !== undefined ? 'later' : then;
    const retryAfterMs = later === 'later' && wait !== undefined ? { retryAfterMs: wait } : {};
    return { kind: 'failed', how, then: later, ...retryAfterMs, code: codeOf(told), requestId };
  }
  if (gaveUp !== undefined) {
    const how = broken.sent ? 'timeout' : 'no-connection';
    return { kind: 'failed', how, then: 'again', ...beginning, code: gaveUp, requestId };
  }
  // An error in the place of an event: the answer was promised, and is not to be had.
  const then = told?.type == null ? 'again' : thenOf(told.type);
  return { kind: 'failed', how: lineOf(broken), then, ...beginning, code: codeOf(told ?? error), requestId };
}

/** How the line broke, by how far the call had come. */
function lineOf({ sent, answering }: Pick<Broken, 'sent' | 'answering'>): ModelFailure['how'] {
  if (!sent) return 'no-connection';
  return answering ? 'cut-mid-answer' : 'cut-before-first-byte';
}

function byStatus(error: APIError, status: number): Verdict {
  if (saysSpent(error, status)) return { how: status === 429 ? 'rate-limited' : 'refused', then: 'spend' };
  if (status === 429) return { how: 'rate-limited', then: 'later' };
  if (status === 529 || error.type === 'overloaded_error') return { how: 'overloaded', then: 'again' };
  if (status === 413) return { how: 'refused', then: 'never' };
  // Without an error object it is the word of something between us and the vendor, which may have asked it or not.
  const between = error.type === null;
  if (status >= 500) return { how: between ? 'cut-before-first-byte' : 'server-error', then: 'again' };
  if (between || status === 408 || status === 409) return { how: 'cut-before-first-byte', then: 'again' };
  if (status === 401 || status === 403) return { how: 'refused', then: 'key' };
  if (status === 400 || status === 404) return { how: 'refused', then: 'never' };
  // The vendor says of no other status that it is free of charge.
  return { how: 'cut-before-first-byte', then: 'never' };
}

/**
 * Is it money that is missing? Limits of the vendor's have codes, bills that are not paid a status; a limit of one's own and a balance that is
 * used up come as an ordinary 400, and only their sentence tells them from a prompt that is refused.
 */
function saysSpent({ errorCode, apiMessage }: APIError, status: number): boolean {
  if (status === 402 || errorCode?.endsWith('spend_limit_reached') === true) return true;
  return status === 400 && /reached your specified\b.*\busage limit|credit balance is too low/i.test(apiMessage ?? '');
}

function thenOf(type: string): ModelFailure['then'] {
  if (type === 'rate_limit_error') return 'later';
  if (type === 'authentication_error' || type === 'permission_error') return 'key';
  if (type === 'billing_error') return 'spend';
  return type === 'invalid_request_error' || type === 'not_found_error' ? 'never' : 'again';
}

/** Milliseconds until the vendor wants to be asked again, never longer than we care to wait; undefined where it does not say. */
function waitOf(headers: Headers | undefined): number | undefined {
  const ms = headers?.get('retry-after-ms');
  const after = headers?.get('retry-after');
  const wait = ms != null ? Number(ms) : after == null ? NaN : secondsOrDate(after);
  return Number.isFinite(wait) ? Math.min(Math.max(0, Math.ceil(wait)), LONGEST_WAIT_MS) : undefined;
}

function secondsOrDate(after: string): number {
  const seconds = Number(after);
  return Number.isNaN(seconds) ? Date.parse(after) - Date.now() : seconds * 1_000;
}

/** The vendor's word, or the line's; never a sentence, which may quote what was sent. */
function codeOf(error: unknown): string {
  if (error instanceof APIError) {
    const word = error.errorCode ?? error.type;
    if (word !== null) return wordOf(word) ?? 'unknown_error';
    if (error.status !== undefined) return `status_${String(error.status)}`;
  }
  return lineCode(error) ?? 'broken_off';
}

/** The code of the error that lies deepest: those around it only say that something failed. */
function lineCode(error: unknown, depth = 4): string | undefined {
  if (typeof error !== 'object' || error === null || depth === 0) return undefined;
  const { cause, code } = error as { readonly cause?: unknown; readonly code?: unknown };
  return lineCode(cause, depth - 1) ?? (typeof code === 'string' ? wordOf(code) : undefined);
}

/** What may be a vendor's word: it goes into our log. */
export function wordOf(word: string): string | undefined {
  return /^\w{1,64}$/.test(word) ? word : undefined;
}

/** An id that looks like one: it goes into our ledger and our log. */
export function idOf(id: string | null | undefined): string | null {
  return id != null && /^[\w-]{1,128}$/.test(id) ? id : null;
}
