import pg from 'pg';
import { AppError, isAppError } from '../../domain/errors.ts';

export type Pool = pg.Pool;
export type Client = pg.ClientBase;
/** A pool or one of its clients: whatever can run a statement. */
export type Runner = Pick<pg.Pool, 'query'> | Client;

export interface PoolOptions {
  /** Connections at most; further callers wait, at most `connectMs`. */
  readonly max: number;
  /** So many of them stay once they stand; the others are closed after half a minute without work. Default none. */
  readonly min?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Until a connection must stand or be free, default 2,000 ms: the door answers 429 soon after the database is gone. */
  readonly connectMs?: number;
  /** Longest statement, default 5,000 ms: then the server ends it. */
  readonly statementMs?: number;
  /** So much later, default 500 ms, the client gives up on a server that does not answer at all. */
  readonly silenceMs?: number;
  /** Told of connections that broke while idle; the pool replaces them by itself. */
  readonly onIdleError?: (error: Error) => void;
  /** Role that every connection takes on; without one the login is what it is. */
  readonly role?: string;
}

/**
 * A pool whose every wait has an end. Timestamps are read as ISO 8601 strings in UTC, bigints as numbers.
 * Statements of one client may be sent without waiting for the answer before (pipeline): a transaction costs two round trips.
 */
export function createPool(databaseUrl: string, options: PoolOptions): Pool {
  const statementMs = options.statementMs ?? 5_000;
  // Random reads cost little more than sequential ones on the disks of today, and nothing more in memory.
  const planned = withSetting(databaseUrl, 'random_page_cost=1.1');
  const pool = new pg.Pool({
    connectionString: options.role === undefined ? planned : withSetting(planned, `role=${options.role}`),
    max: options.max,
    min: options.min ?? 0,
    application_name: options.applicationName,
    connectionTimeoutMillis: options.connectMs ?? 2_000,
    statement_timeout: statementMs,
    query_timeout: statementMs + (options.silenceMs ?? 500),
    idle_in_transaction_session_timeout: 10_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    pipeline: true,
    types,
  });
  pool.on('error', (error) => options.onIdleError?.(error));
  // Between the pool's listener and its taker's a client has none for a moment, in which news of its end may come with the same bytes.
  pool.on('connect', (client) => void client.on('error', () => undefined));
  return pool;
}

/** The same database, with one more setting of every session; what the URL asks of it already stays. */
export function withSetting(databaseUrl: string, setting: string): string {
  const url = new URL(databaseUrl);
  const before = url.searchParams.get('options');
  url.searchParams.set('options', `${before === null ? '' : `${before} `}-c ${setting}`);
  return url.toString();
}

/** One connection for one piece of work, closed behind it. */
export async function withPool<T>(
  databaseUrl: string,
  options: Omit<PoolOptions, 'max'>,
  work: (pool: Pool) => Promise<T>,
): Promise<T> {
  const pool = createPool(databaseUrl, { ...options, max: 1 });
  try {
    return await work(pool);
  } finally {
    await pool.end();
  }
}

const TIMESTAMPTZ = 1184;
const INT8 = 20;

const types = new pg.TypeOverrides();
types.setTypeParser(TIMESTAMPTZ, toIso);
types.setTypeParser(INT8, Number);

/** `2026-03-01 09:30:00.12+00` → `2026-03-01T09:30:00.120Z`. Lists are full of them, and nearly all servers speak UTC. */
function toIso(text: string): string {
  const utc = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,3}))?\+00$/.exec(text);
  if (utc !== null) return `${utc[1]}T${utc[2]}.${(utc[3] ?? '').padEnd(3, '0')}Z`;
  return new Date(text.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00')).toISOString();
}

/**
 * Somewhere to run statements: all that a login may see, or one location's rows (`tenants.ts`).
 * Functions of one statement take anything with `query`; a transaction needs a place.
 */
export interface Place {
  query: Pool['query'];
  /** A client for several statements. */
  checkout(): Promise<Checkout>;
}

export interface Checkout {
  readonly client: Client;
  /** Fulfilled once the client stands where it should; what it answers before counts only if this is fulfilled. */
  readonly ready: Promise<unknown>;
  /** Back to the pool; with an error, or after the connection broke, it is closed instead. Call it once. */
  release(error?: Error): void;
}

/** A pool as a place: its login may do what is asked as it is. */
export function poolPlace(pool: Pool): Place {
  return {
    query: pool.query.bind<Pool['query']>(pool),
    checkout: async () => ({ ...(await takeClient(pool)), ready: Promise.resolve() }),
  };
}

/**
 * The pool listens to idle clients only. A connection that breaks between two statements says so as an event, and one that
 * nobody listens to would end the process.
 */
export async function takeClient(
  pool: Pool,
): Promise<{ readonly client: pg.PoolClient; readonly release: Checkout['release'] }> {
  const client = await pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error): void => void (broken = error);
  client.on('error', onError);
  return {
    client,
    release(error) {
      const reason = broken ?? error;
      client.release(reason);
      // The pool has its own listener by now, or has closed the client, whose late errors concern nobody.
      if (reason === undefined) client.off('error', onError);
    },
  };
}

/**
 * Runs `work` between BEGIN and COMMIT on one client. BEGIN goes out together with the first statement of `work`.
 * A client whose connection failed is closed instead of being handed to the next caller.
 */
export async function transaction<T>(place: Place, work: (client: Client) => Promise<T>): Promise<T> {
  const { client, ready, release } = await place.checkout();
  let failure: Error | undefined;
  try {
    const [, , result] = await Promise.all([ready, client.query('begin'), work(client)]);
    await client.query('commit');
    return result;
  } catch (error) {
    await client.query('rollback').catch((late: unknown) => {
      failure = late instanceof Error ? late : new Error('the connection failed');
    });
    throw error;
  } finally {
    release(failure);
  }
}

/** SQLSTATE classes and codes that say nothing about the statement, only about the server's health. */
const AWAY_STATES = /^(08|53|57P0|57014|55P03|25006|58|XX|40)/;
const AWAY_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOENT',
  'ENOTFOUND',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EAI_AGAIN',
  'EAI_FAIL',
]);
const AWAY_WORDS =
  /timeout exceeded when trying to connect|timeout expired|Connection terminated|Query read timeout|connection error|not queryable|pool after calling end/i;

/** Is this the database being away, slow or starting, rather than a fault in what we asked? */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  if (code !== undefined) return AWAY_CODES.has(code) || AWAY_STATES.test(code);
  if (error instanceof AggregateError) return error.errors.some(isAway);
  return AWAY_WORDS.test(error.message);
}

/**
 * Runs one statement, and says STORE_SLOW where the server gave it up for the time that it took: the database is there, and less may be
 * asked of it. A server that does not answer at all is away.
 */
export async function inTimeOfOne<T>(statement: () => Promise<T>): Promise<T> {
  try {
    return await statement();
  } catch (error) {
    const isSlow = error instanceof Error && 'code' in error && error.code === '57014';
    if (!isSlow) throw error;
    throw new AppError('STORE_SLOW', 'one statement took longer than it may', { cause: error, retryAfterMs: 2_000 });
  }
}

/**
 * Runs `work` and turns what the driver throws into the table of errors: STORE_AWAY (or the code given) while the database cannot
 * be used, BAD_VALUE for a value that no column can hold, LOGIN_REFUSED for a login that is not there or has another password. The driver's own text may quote values, so it stays in `cause`.
 */
export async function stored<T>(
  work: () => Promise<T>,
  away: 'STORE_AWAY' | 'CANNOT_STORE' = 'STORE_AWAY',
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (isAppError(error)) throw error;
    if (isAway(error)) {
      throw new AppError(away, 'the database did not answer in time', { cause: error, retryAfterMs: 2_000 });
    }
    const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
    if (code.startsWith('22'))
      throw new AppError('BAD_VALUE', `the database refused a value (SQLSTATE ${code})`, { cause: error });
    if (code.startsWith('28'))
      throw new AppError('LOGIN_REFUSED', `the database refused the login (SQLSTATE ${code})`, { cause: error });
    throw error;
  }
}
