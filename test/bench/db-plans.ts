import type pg from 'pg';
import { type Client, createPool, type Place } from '../../integrations/postgres/pool.ts';
import type { Tenants } from '../../integrations/postgres/tenants.ts';
import type { Call } from './db-query.ts';

/** What `explain (analyze, buffers, format json)` prints of a statement, as far as it is read here. */
export interface Plan {
  readonly 'Query Text': string;
  readonly Plan: PlanNode;
}

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Index Name'?: string;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

export interface Watched {
  readonly ms: number;
  /** Pages of 8 KiB touched by all statements of the call, in memory or not, those within functions included. */
  readonly buffers: number;
  readonly indexes: ReadonlySet<string>;
  /** Statements inside functions come before the one that calls them. */
  readonly plans: readonly Plan[];
  readonly answer: unknown;
}

/**
 * The product's roles on one connection of the owner, so that what it does can be taken back, and plans of functions that run as the
 * owner be seen. `set role` gives away every right that the product has not.
 */
export interface Stage {
  readonly client: pg.PoolClient;
  readonly tenants: Tenants;
  /** Whatever role and location the connection has by now, the next statement chooses anew. */
  forget(): void;
  /** Runs a call with its plans as they really were, after the sixth execution too: `auto_explain` says them as the statement ends. */
  watch(call: Call): Promise<Watched>;
  close(): Promise<void>;
}

export async function openStage(ownerUrl: string, statementMs: number): Promise<Stage> {
  const pool = createPool(ownerUrl, { max: 1, applicationName: 'bench stage', statementMs });
  const client = await pool.connect();
  const notices: string[] = [];
  client.on('notice', ({ message }) => notices.push(message ?? ''));
  await client.query(`load 'auto_explain'`);
  for (const setting of SETTINGS) await client.query(`set auto_explain.${setting}`);
  const tenants = actors(client);

  async function watch(call: Call): Promise<Watched> {
    notices.length = 0;
    await client.query('reset role; set auto_explain.log_min_duration = 0');
    tenants.forget();
    const begun = performance.now();
    const answer = await call(tenants);
    const ms = performance.now() - begun;
    await client.query('reset role; set auto_explain.log_min_duration = -1');
    tenants.forget();
    const plans = notices
      .filter((text) => text.startsWith('duration:'))
      .map(planOf)
      .filter(isAsked);
    const outer = plans.filter(({ 'Query Text': text }) => tenants.asked.has(text));
    return {
      ms,
      buffers: outer.reduce(
        (sum, { Plan: { 'Shared Hit Blocks': hit, 'Shared Read Blocks': read } }) => sum + hit + read,
        0,
      ),
      indexes: new Set(plans.flatMap((plan) => indexesOf(plan.Plan))),
      plans,
      answer,
    };
  }

  return {
    client,
    tenants,
    forget: tenants.forget,
    watch,
    close: async () => {
      client.release();
      await pool.end();
    },
  };
}

const SETTINGS = [
  'log_analyze = on',
  'log_buffers = on',
  'log_timing = off',
  'log_format = json',
  'log_level = notice',
  'log_nested_statements = on',
  'log_parameter_max_length = 0',
] as const;

function planOf(notice: string): Plan {
  return JSON.parse(notice.slice(notice.indexOf('{'))) as Plan;
}

/** The statements that choose role and location are ours. */
function isAsked({ 'Query Text': text }: Plan): boolean {
  return !text.startsWith('select set_config(');
}

function indexesOf(node: PlanNode): string[] {
  const own = node['Index Name'];
  return [...(own === undefined ? [] : [own]), ...(node.Plans ?? []).flatMap(indexesOf)];
}

type Actors = Tenants & {
  readonly forget: () => void;
  /** Texts of all statements that were asked. */
  readonly asked: ReadonlySet<string>;
};

function actors(client: pg.PoolClient): Actors {
  let standing: string | undefined;
  const asked = new Set<string>();

  function place(role: string, locationId: string): Place {
    async function stand(): Promise<void> {
      if (standing === `${role} ${locationId}`) return;
      // One client, one role at a time.
      await client.query(`select set_config('role', $1, false), set_config('leadwright.location', $2, false)`, [
        role,
        locationId,
      ]);
      standing = `${role} ${locationId}`;
    }
    async function query(first: string | { readonly text: string }, ...rest: unknown[]): Promise<unknown> {
      const text = typeof first === 'string' ? first : first.text;
      asked.add(text);
      await stand();
      // Whoever wants a transaction is in one already, or asks nothing that has to be taken back.
      if (/^(begin|commit|rollback)$/.test(text)) return { rows: [] };
      return (client.query as (...args: unknown[]) => Promise<unknown>).call(client, first, ...rest);
    }
    return {
      query: query as Place['query'],
      checkout: async () => ({ client: { query } as unknown as Client, ready: stand(), release: () => undefined }),
    };
  }

  return {
    asked,
    forget: () => void (standing = undefined),
    at: (locationId) => place('leadwright_tenant', locationId),
    house: place('leadwright_house', ''),
    busy: () => 0,
    close: () => Promise.resolve(),
  };
}
