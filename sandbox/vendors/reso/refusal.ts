import type { Json } from './wire.ts';

/** A request that the API would not serve; thrown before anything is changed, answered by the server. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly details: Json | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Instead of OData's envelope. */
  readonly page: string | undefined;

  constructor(
    status: number,
    message: string,
    more: { code?: string; target?: string; headers?: Readonly<Record<string, string>>; page?: string } = {},
  ) {
    super(message);
    this.status = status;
    this.code = more.code ?? `${status}00`;
    this.details = more.target === undefined ? undefined : { code: '30212', target: more.target, message };
    this.headers = more.headers ?? {};
    this.page = more.page;
  }
}

/** A query option that is wrong, e.g. `$filter`. */
export function badQuery(target: string, message: string): Refusal {
  return new Refusal(400, message, { target });
}

export function notFound(message: string): Refusal {
  return new Refusal(404, message);
}

/** The body of every error, as OData words it. */
export function envelope({ code, message, details }: Pick<Refusal, 'code' | 'message' | 'details'>): Json {
  return {
    error: { code, message, ...(details !== undefined && { target: 'Query', details: [details] }) },
  };
}
