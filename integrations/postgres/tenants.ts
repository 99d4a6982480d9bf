import type pg from 'pg';
import { type Client, type Place, type Pool, type PoolOptions, createPool, poolPlace, takeClient } from './pool.ts';
import { clean } from './values.ts';

/**
 * The product's two ways into the database. The walls are the database's own (row-level security): a statement that forgets its
 * location finds nothing instead of everything.
 */
export interface Tenants {
  /** The rows of this location and no others. */
  at(locationId: string): Place;
  /** What concerns all locations: the inbox, and looking at leads, enrolments, sends and locations. */
  readonly house: Place;
  /** Connections that are at work. */
  busy(): number;
  close(): Promise<void>;
}

/**
 * Pools for both roles of the product's login. The house's is small: its statements are single and short.
 * @param url      login that is a member of both roles and of no other
 * @param options  of the tenants' pool; the house has half as many connections
 */
export function createTenants(url: string, options: Omit<PoolOptions, 'role'>): Tenants {
  const tenants = createPool(url, { ...options, role: 'leadwright_tenant' });
  const half = { max: Math.ceil(options.max / 2), min: 0 };
  const house = createPool(url, { ...options, ...half, role: 'leadwright_house' });
  return {
    at: (locationId) => locationPlace(tenants, clean(locationId)),
    house: poolPlace(house),
    busy: () => [tenants, house].reduce((sum, pool) => sum + pool.totalCount - pool.idleCount, 0),
    close: async () => {
      await Promise.all([tenants.end(), house.end()]);
    },
  };
}

/** Most statements find a connection that stands there already: the last one given back is the first to be taken. */
function locationPlace(pool: Pool, locationId: string): Place {
  async function checkout() {
    const { client, release } = await takeClient(pool);
    return { client, release, ready: stand(client, locationId) };
  }
  async function query(config: pg.QueryConfig | string, values?: unknown[]): Promise<pg.QueryResult> {
    const { client, ready, release } = await checkout();
    try {
      // Told and asked in one round trip.
      const [, answer] = await Promise.all([ready, client.query(config, values)]);
      release();
      return answer;
    } catch (error) {
      release(error instanceof Error ? error : new Error('the statement failed'));
      throw error;
    }
  }
  return { query: query as Pool['query'], checkout };
}

/** Where each connection stands. One that could not be told is nowhere, until the next telling succeeds. */
const standing = new WeakMap<pg.PoolClient, string>();

/** Before BEGIN, so that no rollback takes it back. */
async function stand(client: pg.PoolClient, locationId: string): Promise<void> {
  if (standing.get(client) === locationId) return;
  standing.delete(client);
  await client.query({
    name: 'stand',
    text: `select set_config('leadwright.location', $1, false)`,
    values: [locationId],
  });
  standing.set(client, locationId);
}

/** For the rest of a transaction that the house began: one location's rows, with the tenant's rights. */
export async function enter(client: Client, locationId: string): Promise<void> {
  await client.query({
    name: 'enter',
    text: `select set_config('role', 'leadwright_tenant', true), set_config('leadwright.location', $1, true)`,
    values: [clean(locationId)],
  });
}

/** Back to the house's rights, for the rest of that transaction. */
export async function leave(client: Client): Promise<void> {
  await client.query({ name: 'leave', text: `select set_config('role', 'leadwright_house', true)` });
}
