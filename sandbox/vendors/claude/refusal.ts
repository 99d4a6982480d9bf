import type { Json } from './wire.ts';

/** A request that the API would not serve; thrown before anything is changed, answered by the server. */
export class Refusal extends Error {
  readonly status: number;
  readonly type: string;
  readonly details: Json | undefined;
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: number,
    type: string,
    message: string,
    more: { readonly details?: Json; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(message);
    this.status = status;
    this.type = type;
    this.details = more.details;
    this.headers = more.headers ?? {};
  }
}

/** The error type that goes with a status, as the documentation lists them. */
const TYPES: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  504: 'timeout_error',
  529: 'overloaded_error',
};

export function errorType(status: number): string {
  return TYPES[status] ?? (status >= 500 ? 'api_error' : 'invalid_request_error');
}

export function invalid(message: string): Refusal {
  return new Refusal(400, 'invalid_request_error', message);
}

export function notFound(message: string): Refusal {
  return new Refusal(404, 'not_found_error', message);
}

/** The body of every error, in an answer, in a stream and in a batch's results. */
export function envelope(refusal: Pick<Refusal, 'type' | 'message' | 'details'>, requestId: string | null): Json {
  const { type, message, details } = refusal;
  return { type: 'error', error: { type, message, ...(details && { details }) }, request_id: requestId };
}
