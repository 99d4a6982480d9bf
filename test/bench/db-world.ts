import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { seedDatabase } from '../../cli/seed.ts';
import { readMigrations } from '../../integrations/postgres/migration-files.ts';
import { createPool, type Pool } from '../../integrations/postgres/pool.ts';
import { loginToMake, productUrl } from '../../platform/login.ts';
import { migrateDatabase } from '../../platform/migrations.ts';
import { startPostgres } from '../../sandbox/services/postgres.ts';
import { fillInbox } from './db-inbox.ts';
import { cleanEnv, services } from './product.ts';

/** A seeded database of the bench's own. */
export interface DbWorld {
  readonly home: string;
  /** `1M`, `300k`: what metrics are named by. */
  readonly size: string;
  readonly leads: number;
  /** Of the owner: it may do everything. */
  readonly ownerUrl: string;
  /** Of the product's login. */
  readonly appUrl: string;
  /** The owner's, for drawing parameters and looking around. */
  readonly owner: Pool;
  readonly postgresPid: number | undefined;
  /** Of when it was seeded; undefined where somebody else did it. */
  readonly seedSeconds: number | undefined;
  close(): Promise<void>;
}

export const SEED = 42;
/** The newest moment in the seeded rows: a database that is used again must not depend on the day it was made. */
const AS_OF = '2026-11-01T00:00:00.000Z';

interface Note {
  readonly leads: number;
  readonly seed: number;
  readonly asOf: string;
  readonly schema: string;
  readonly seconds: number;
}

/**
 * Starts Postgres in the home folder and seeds it, unless it holds just that already.
 * @param given  undefined: a folder of the size's own under the temporal one, kept for the next time and filled anew when the schema changes
 * @throws when a given folder holds something else
 */
export async function openDbWorld(
  leads: number,
  { home: given, say }: { readonly home?: string | undefined; readonly say: (line: string) => void },
): Promise<DbWorld> {
  const home = given ?? join(tmpdir(), `leadwright-bench-db-${sizeName(leads)}`);
  mkdirSync(home, { recursive: true });
  // Postgres may run as another user than we do.
  chmodSync(home, 0o755);
  const postgres = await startPostgres(services(home, cleanEnv()));
  const { url: ownerUrl } = postgres;
  const named = { home, databaseAppUrl: undefined };
  let owner: Pool | undefined;
  const close = async (): Promise<void> => {
    await owner?.end();
    if (!postgres.reused) await postgres.stop();
  };
  try {
    const schema = await schemaNow();
    const contents = contentsOf(home, leads, schema);
    if (given === undefined && contents !== 'wanted') await startOver(ownerUrl);
    await migrateDatabase(ownerUrl, { login: loginToMake(named, ownerUrl) });
    owner = createPool(ownerUrl, { max: 2, applicationName: 'bench owner', statementMs: 600_000 });
    const seedSeconds = await seeded(home, leads, { contents, schema, owner, ownerUrl, say });
    await fillInbox(owner);
    const appUrl = productUrl(named, ownerUrl);
    return {
      home,
      size: sizeName(leads),
      leads,
      ownerUrl,
      appUrl,
      owner,
      postgresPid: postgres.pid,
      seedSeconds,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

const noteIn = (home: string): string => join(home, 'bench-seed.json');

function readNote(home: string): Note | undefined {
  return existsSync(noteIn(home)) ? (JSON.parse(readFileSync(noteIn(home), 'utf8')) as Note) : undefined;
}

/** `unknown`: nobody has left a note. */
function contentsOf(home: string, leads: number, schema: string): Found['contents'] {
  const note = readNote(home);
  if (note === undefined) return 'unknown';
  const wanted = note.leads === leads && note.seed === SEED && note.asOf === AS_OF && note.schema === schema;
  return wanted ? 'wanted' : 'other';
}

/** What the database's tables are made by. */
async function schemaNow(): Promise<string> {
  const checksums = (await readMigrations(migrations)).map(({ checksum }) => checksum);
  return createHash('sha256').update(checksums.join()).digest('hex').slice(0, 16);
}

async function startOver(ownerUrl: string): Promise<void> {
  const url = new URL(ownerUrl);
  const database = pg.escapeIdentifier(url.pathname.slice(1));
  url.pathname = '/postgres';
  const client = new pg.Client(url.toString());
  await client.connect();
  try {
    await client.query(`drop database if exists ${database} with (force)`);
    await client.query(`create database ${database}`);
  } finally {
    await client.end();
  }
}

interface Found {
  readonly contents: 'wanted' | 'other' | 'unknown';
  readonly schema: string;
  readonly owner: Pool;
  readonly ownerUrl: string;
  readonly say: (line: string) => void;
}

async function seeded(
  home: string,
  leads: number,
  { contents, schema, owner, ownerUrl, say }: Found,
): Promise<number | undefined> {
  const { rows } = await owner.query<{ leads: number }>('select count(*) as leads from leads');
  const found = rows[0]!.leads;
  if (found === 0) {
    say(`seeding ${leads} leads in ${home}`);
    const { seconds } = await seedDatabase(ownerUrl, {
      leads,
      seed: SEED,
      asOf: Date.parse(AS_OF),
      progress: told(say),
    });
    const note: Note = { leads, seed: SEED, asOf: AS_OF, schema, seconds };
    writeFileSync(noteIn(home), JSON.stringify(note));
    return seconds;
  }
  if (contents === 'other' || found !== leads) {
    throw new Error(`${home} holds another database (${found} leads); remove it, or name another with --home`);
  }
  say(`${home} is seeded already (${found} leads)`);
  return readNote(home)?.seconds;
}

function told(say: (line: string) => void): Parameters<typeof seedDatabase>[1]['progress'] {
  return {
    begun: () => undefined,
    at: () => undefined,
    done: ({ what, rows, seconds }) =>
      say(`  ${what}${rows === null ? '' : `: ${rows} rows`} (${seconds.toFixed(1)} s)`),
  };
}

const migrations = fileURLToPath(new URL('../../migrations', import.meta.url));

/** 300000 → `300k`. */
function sizeName(leads: number): string {
  return leads % 1_000_000 === 0 ? `${leads / 1_000_000}M` : `${leads / 1_000}k`;
}
