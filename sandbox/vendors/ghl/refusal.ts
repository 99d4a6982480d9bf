/** A request that GHL would not serve; thrown by handlers before they change anything, answered by the server. */
export class Refusal extends Error {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Readonly<Record<string, unknown>>) {
    super(`${status} ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
  }
}

/** GHL's 400: `{statusCode, message}`, with `meta` where the message points at another record. */
export function badRequest(message: string, meta?: Readonly<Record<string, unknown>>): Refusal {
  return new Refusal(400, { statusCode: 400, message, ...(meta === undefined ? {} : { meta }) });
}

/** GHL's 401. A missing or wrong `Version` is answered with it as well, only the message tells it from a bad token. */
export function unauthorized(message: string): Refusal {
  return new Refusal(401, { statusCode: 401, message, error: 'Unauthorized' });
}

/** GHL's 403 for a token of another location. */
export function wrongLocation(): Refusal {
  return forbidden('The token does not have access to this location.');
}

/** GHL's 403 for what is not this caller's to do. */
export function forbidden(message: string): Refusal {
  return new Refusal(403, { statusCode: 403, message, error: 'Forbidden' });
}

/** A token of the wrong level: a company's where a location's is asked for is a 401, the other way round a 403. */
export function wrongLevel(level: 'Location' | 'Company'): Refusal {
  const message = 'The token does not have access to this location.';
  return level === 'Location' ? wrongLocation() : unauthorized(message);
}

/** The token was issued without the scope that the documents ask for here. */
export function forbiddenScope(): Refusal {
  return unauthorized('The token is not authorized for this scope.');
}

/** GHL's 422: one message per broken property, in the words of its validator. */
export function unprocessable(messages: readonly string[]): Refusal {
  return new Refusal(422, { statusCode: 422, message: messages, error: 'Unprocessable Entity' });
}

/** The burst or the daily limit is used up. The vendor documents neither a body nor `Retry-After`. */
export function tooManyRequests(): Refusal {
  return new Refusal(429, { statusCode: 429, message: 'Too Many Requests' });
}
