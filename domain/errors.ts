import { askedErrors } from './errors-asked.ts';
import { marketErrors } from './errors-market.ts';
import { runningErrors } from './errors-running.ts';

/**
 * The one table of errors. A code is stable for ever; `docs/errors.md` explains each and a test holds both together.
 * Messages say what was expected, what came and what to do next; they never carry secrets or a lead's words.
 */
export interface ErrorEntry {
  /** HTTP status where the error reaches a caller. */
  readonly status: number;
  readonly title: string;
  /** What the reader can do next. */
  readonly hint: string;
}

export const errors = { ...askedErrors, ...marketErrors, ...runningErrors } satisfies Record<string, ErrorEntry>;

export type ErrorCode = keyof typeof errors;

/** An error with a code of the table; `detail` is safe to show and to log. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, detail: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(detail, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** By name, not by class: errors cross realms (workflow sandbox, jest). */
export function isAppError(error: unknown): error is AppError {
  return error instanceof Error && error.name === 'AppError' && 'code' in error;
}
