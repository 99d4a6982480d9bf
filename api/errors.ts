import type { NextFunction, Request, Response } from 'express';
import type { Log } from '../domain/ports/log.ts';
import { AppError, errors, isAppError, type ErrorCode } from '../domain/errors.ts';
import { requestIdOf } from './request-id.ts';

/** RFC 9457, with our stable `code`, what to do next, and the id under which the log knows the request. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  readonly hint: string;
  readonly requestId: string;
  /** Which parts of the request are wrong; present where a schema refused it. */
  readonly problems?: readonly FieldProblem[];
}

export interface FieldProblem {
  readonly path: string;
  readonly message: string;
}

/** An AppError that also lists what a schema found; never carries a value of the request. */
export type FieldsError = AppError & { problems?: readonly FieldProblem[] };

export function fieldsError(
  code: 'BAD_REQUEST' | 'BAD_QUERY' | 'SETTINGS_INVALID',
  problems: readonly FieldProblem[],
): FieldsError {
  const error: FieldsError = new AppError(code, problems.map(({ path, message }) => `${path}: ${message}`).join('; '));
  error.problems = problems;
  return error;
}

/**
 * The last handler of the app: everything thrown becomes a problem document. What we did not foresee is logged in full and
 * answered in general words.
 */
export function problemHandler(log: Log): (error: unknown, req: Request, res: Response, next: NextFunction) => void {
  return (error, req, res, next) => {
    const requestId = requestIdOf(res);
    const known = toAppError(error);
    if (known.code === 'INTERNAL' || known.code === 'STORE_AWAY') {
      log.error({ err: error, requestId, method: req.method }, 'a request failed');
    }
    // Half an answer is out: the connection is all that can still say that it went wrong.
    if (res.headersSent) return next(error);
    sendProblem(res, known);
  };
}

function sendProblem(res: Response, error: FieldsError): void {
  const entry = errors[error.code];
  const problem: Problem = {
    type: `/docs#${error.code}`,
    title: entry.title,
    status: entry.status,
    detail: error.message,
    code: error.code,
    hint: entry.hint,
    requestId: requestIdOf(res),
    ...(error.problems === undefined ? {} : { problems: error.problems }),
  };
  if (entry.status === 429 || entry.status === 503) {
    res.setHeader('Retry-After', String(Math.max(1, Math.ceil((error.retryAfterMs ?? 5000) / 1000))));
  }
  if (entry.status === 401) res.setHeader('WWW-Authenticate', error.code === 'UNAUTHORIZED' ? 'Bearer' : 'Signature');
  // Whoever sends too much is still sending: the connection ends with the answer.
  if (entry.status === 413) res.setHeader('Connection', 'close');
  res.status(entry.status).type('application/problem+json').send(JSON.stringify(problem));
}

function toAppError(error: unknown): FieldsError {
  if (isAppError(error)) return error;
  const { type, status, code, limit } = (typeof error === 'object' && error !== null ? error : {}) as Record<
    string,
    unknown
  >;
  if (type === 'entity.too.large') return new AppError('BODY_TOO_LARGE', `expected at most ${String(limit)} bytes`);
  if (type === 'encoding.unsupported') return new AppError('CONTENT_TYPE', 'expected a body without content encoding');
  if (type === 'charset.unsupported') return new AppError('CONTENT_TYPE', 'expected UTF-8');
  if (typeof type === 'string' && /^(entity|request)\./.test(type)) {
    return new AppError('BODY_MALFORMED', 'expected one complete JSON object');
  }
  if (status === 400) return new AppError('BAD_QUERY', 'expected a readable address');
  if (typeof code === 'string' && storeIsAway(code)) {
    return new AppError('STORE_AWAY', 'expected an answer from the database', { cause: error });
  }
  return new AppError('INTERNAL', 'an unforeseen failure; the log has it under this request id', { cause: error });
}

/** Connection failures of Node, and PostgreSQL's classes 08 (connection), 53 (resources) and 57P (shutting down). */
function storeIsAway(code: string): boolean {
  return /^(ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOENT|08...|53...|57P0[0-5]|57014)$/.test(code);
}
