import { AppError, type ErrorCode } from '../../domain/errors.ts';
import type { Answer } from './exchange.ts';
import type { QuotaTold } from './pace.ts';
import type { VendorHabits } from './vendors.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
/** Longer answers that say no are pages of something between us and the vendor. */
const TOLD_MAX = 4_096;
const WORDS_MAX = 200;

/** What an answer comes to. */
export type Verdict =
  | { readonly kind: 'yes' }
  /** 404, 410: what was asked for is not there. */
  | { readonly kind: 'absent' }
  /** The same said by a page: it may be the word of something between us and the vendor. */
  | { readonly kind: 'astray'; readonly error: AppError }
  /** The question was too long for the vendor: it may be asked in parts. */
  | { readonly kind: 'too-long'; readonly error: AppError }
  | { readonly kind: 'token-refused'; readonly error: AppError }
  /** 403: the account may not have this. */
  | { readonly kind: 'forbidden'; readonly error: AppError }
  | { readonly kind: 'no'; readonly error: AppError };

/**
 * What the vendor's answer means, by its status and, where a status says too little, by the vendor's code.
 * @param what     what was asked, e.g. `Property`, for the error's text
 * @param secrets  never repeated, should the vendor quote them
 */
export function verdictOf(
  answer: Answer,
  { codes }: VendorHabits,
  what: string,
  secrets: readonly string[],
  now: number,
): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: 'yes' };
  const told = toldBy(answer.text);
  const said = (code: ErrorCode, wait?: number): AppError =>
    new AppError(
      code,
      `${what}: expected an answer, came ${String(status)}${wordsOf(told, secrets)}`,
      wait === undefined ? {} : { retryAfterMs: wait },
    );
  const busy = status === 429 || codes.busy.includes(told.code);
  if (codes.suspended.includes(told.code) || ((busy || status === 403) && /suspend/i.test(told.words))) {
    return { kind: 'no', error: said('FEED_SUSPENDED', retryAfterMs(answer.headers, now) ?? HOUR_MS) };
  }
  if (busy) return { kind: 'no', error: said('FEED_BUSY', retryAfterMs(answer.headers, now) ?? MINUTE_MS) };
  if (status === 401) return { kind: 'token-refused', error: said('FEED_REFUSED') };
  if (status === 403) return { kind: 'forbidden', error: said('FEED_REFUSED') };
  if (status === 413 || status === 414 || codes.tooLong.includes(told.code)) {
    return { kind: 'too-long', error: said('FEED_BAD_REQUEST') };
  }
  if (status === 404 || status === 410) {
    // A page of something between us and the vendor must not make a record look deleted.
    const isTheirs = told.isData || answer.text.trim() === '';
    return isTheirs ? { kind: 'absent' } : { kind: 'astray', error: said('FEED_BROKEN') };
  }
  // 501 is OData's word for what a server has not, the others are passing.
  if (status === 408 || status === 425 || (status >= 500 && status !== 501)) {
    return { kind: 'no', error: said('FEED_AWAY', retryAfterMs(answer.headers, now)) };
  }
  return { kind: 'no', error: said(status < 400 ? 'FEED_BROKEN' : 'FEED_BAD_REQUEST') };
}

/** Milliseconds that the vendor asks to wait, between a second and a day; undefined where it does not say. */
function retryAfterMs(headers: Answer['headers'], now: number): number | undefined {
  const after = headers['retry-after']?.trim();
  if (after === undefined || after === '') return undefined;
  const seconds = Number(after);
  const wait = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(after) - now;
  return Number.isFinite(wait) ? Math.min(Math.max(Math.ceil(wait), 1_000), DAY_MS) : undefined;
}

/**
 * What the vendor says of its quotas; nothing where it does not. Numbers may be written as `7200.0`, instants as unix milliseconds or as text.
 * What comes with a refused token is another account's.
 */
export function quotasTold({ status, headers }: Answer, { quotaHeaders }: VendorHabits): readonly QuotaTold[] {
  if (status === 401) return [];
  return quotaHeaders.flatMap(({ perMs, limit, left, resetsAt }) => {
    const [most, free, until] = [numberOf(headers[limit]), numberOf(headers[left]), instantOf(headers[resetsAt])];
    if (!(most >= 1)) return [];
    const known = Number.isFinite(free) ? Math.max(0, Math.floor(free)) : null;
    return [{ limit: { requests: Math.floor(most), perMs }, left: known, resetsAt: until }];
  });
}

/** Milliseconds until the vendor counts anew what is used up, if it says so; of several stretches over the longest. */
export function resetsInMs(answer: Answer, habits: VendorHabits, now: number): number | undefined {
  const told = quotasTold(answer, habits)
    .filter(({ left }) => left === null || left === 0)
    .toSorted((one, other) => other.limit.perMs - one.limit.perMs)[0];
  const inMs = (told?.resetsAt ?? now) - now;
  return told !== undefined && inMs > 0 && inMs <= told.limit.perMs ? Math.ceil(inMs) : undefined;
}

interface Told {
  readonly isData: boolean;
  readonly code: string;
  readonly words: string;
}

/** OData's `error`, or the `D` of Spark's own interface. */
function toldBy(text: string): Told {
  const nothing: Told = { isData: false, code: '', words: text.length > TOLD_MAX ? '' : text };
  if (text.length > TOLD_MAX) return nothing;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return nothing;
  }
  if (typeof value !== 'object' || value === null) return nothing;
  const body = value as Record<string, unknown>;
  const inner = [body['error'], body['D']].find((part) => typeof part === 'object' && part !== null) ?? body;
  const { code, Code, message, Message } = inner as Record<string, unknown>;
  const words = [message, Message, body['error'], body['error_description']].filter((part) => typeof part === 'string');
  const word = code ?? Code;
  return {
    isData: true,
    code: typeof word === 'string' || typeof word === 'number' ? String(word) : '',
    words: words.join('; '),
  };
}

/** The vendor's own words in one short line, unless they are a page, or quote a secret. */
function wordsOf({ isData, code, words }: Told, secrets: readonly string[]): string {
  const told = `${code} ${words}`.replace(/[^\x20-\x7e]+/g, ' ').trim();
  if (!isData || told === '' || /bearer /i.test(told) || secrets.some((secret) => told.includes(secret))) return '';
  return `: ${told.slice(0, WORDS_MAX)}`;
}

/** Unix milliseconds; null: not said, or not to be read. */
function instantOf(value: string | undefined): number | null {
  const number = numberOf(value);
  const at = Number.isFinite(number) ? number : Date.parse(value ?? '');
  return Number.isFinite(at) ? at : null;
}

function numberOf(value: string | undefined): number {
  return value === undefined || value.trim() === '' ? Number.NaN : Number(value);
}
