import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import pg from 'pg';
import { AppError } from '../../domain/errors.ts';
import { type Pool, poolPlace, stored, transaction, withPool, withSetting } from './pool.ts';

export interface Login {
  readonly name: string;
  readonly password: string;
}

const ROLES = ['leadwright_tenant', 'leadwright_house'] as const;

/** The same database, seen by another login. */
export function urlOf(databaseUrl: string, { name, password }: Login): string {
  const url = new URL(databaseUrl);
  url.username = encodeURIComponent(name);
  url.password = encodeURIComponent(password);
  return url.toString();
}

/** The login's name, unless somebody else made one: the database's, since logins belong to the whole server. */
export function loginName(databaseUrl: string): string {
  const database = decodeURIComponent(new URL(databaseUrl).pathname.slice(1));
  return `${database.slice(0, 50) || 'leadwright'}_app`;
}

/** The same connection in a role that may look at what concerns all locations, the migrations among it. */
export function asHouse(databaseUrl: string): string {
  return withSetting(databaseUrl, 'role=leadwright_house');
}

/**
 * Makes the product's login, or gives it this password: a member of the two roles and of nothing else, without any right of its own.
 * Nothing is changed where it can connect already.
 * @param ownerUrl  of a role that may create roles
 * Errors: LOGIN_REFUSED, STORE_AWAY.
 */
export async function ensureLogin(ownerUrl: string, login: Login): Promise<void> {
  if (await connects(urlOf(ownerUrl, login))) return;
  try {
    await stored(() => withPool(ownerUrl, { applicationName: 'leadwright migrate' }, (pool) => makeLogin(pool, login)));
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== '42501') throw error;
    throw new AppError('LOGIN_REFUSED', `the role in DATABASE_URL may not make the login ${login.name}`, {
      cause: error,
    });
  }
}

async function makeLogin(pool: Pool, login: Login): Promise<void> {
  await transaction(poolPlace(pool), async (client) => {
    await client.query(`select pg_advisory_xact_lock(hashtext('leadwright login'))`);
    const { rows } = await client.query<{ there: boolean }>(
      'select exists (select from pg_roles where rolname = $1) as there',
      [login.name],
    );
    const name = pg.escapeIdentifier(login.name);
    const secret = pg.escapeLiteral(verifier(login.password));
    await client.query(
      `${rows[0]?.there === true ? 'alter' : 'create'} role ${name} login noinherit password ${secret}`,
    );
    await client.query(`grant ${ROLES.join(', ')} to ${name}`);
  });
}

async function connects(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: asHouse(url), connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    // Whatever it is, the owner's connection says it better.
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** What the server keeps instead of a password (RFC 5803), so that the password itself is in no statement and in no log. */
function verifier(password: string): string {
  const iterations = 4096;
  const salt = randomBytes(16);
  const salted = pbkdf2Sync(password.normalize('NFKC'), salt, iterations, 32, 'sha256');
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(hmac('Client Key')).digest('base64');
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey}:${hmac('Server Key').toString('base64')}`;
}
