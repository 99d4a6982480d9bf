import { setImmediate as turn } from 'node:timers/promises';
import { createTenants, type Tenants } from '../../integrations/postgres/tenants.ts';
import type { Query } from './db-query.ts';

/** Postgres plans a prepared statement anew five times; from the sixth execution on it may keep one plan for all parameters. */
const UNTIL_PLANNED = 6;

/** A query with the time of each execution, milliseconds. */
export interface Timed {
  readonly query: Query;
  readonly ms: readonly number[];
}

/** The application's own way in, with one connection for each role, so that every statement's executions are known. */
export function oneConnection(appUrl: string): Tenants {
  return createTenants(appUrl, { max: 1, applicationName: 'bench', statementMs: 60_000 });
}

/**
 * Every call once, and at least so often that plans are settled; then each call timed.
 * @param samples  how many to take, in rounds over the calls
 */
export async function timeQuery(tenants: Tenants, query: Query, samples: number): Promise<Timed> {
  const { calls } = query;
  for (let i = 0; i < Math.max(UNTIL_PLANNED, calls.length); i += 1) await calls[i % calls.length]!(tenants);
  const ms: number[] = [];
  for (let i = 0; i < samples; i += 1) {
    const begun = performance.now();
    await calls[i % calls.length]!(tenants);
    ms.push(performance.now() - begun);
    // Answers are collected as garbage between the samples, not within one.
    if (i % 50 === 0) await turn();
  }
  return { query, ms };
}

/**
 * Clients that ask without a pause, each on connections of its own and each question equally often, in another order.
 * @returns milliseconds of every question asked after all clients were warm
 */
export async function timeMixed(
  appUrl: string,
  queries: readonly Query[],
  { clients, seconds }: { readonly clients: number; readonly seconds: number },
): Promise<{ readonly ms: readonly number[]; readonly perSecond: number }> {
  const all = Array.from({ length: clients }, () => oneConnection(appUrl));
  try {
    await Promise.all(all.map((tenants) => warm(tenants, queries)));
    const ms: number[] = [];
    const begun = performance.now();
    const end = begun + seconds * 1000;
    await Promise.all(
      all.map(async (tenants, client) => {
        // Steps through the questions that share no divisor with their number reach all of them.
        const step = stepFor(queries.length, client);
        for (let asked = client; performance.now() < end; asked += step) {
          const { calls } = queries[asked % queries.length]!;
          const from = performance.now();
          await calls[asked % calls.length]!(tenants);
          ms.push(performance.now() - from);
        }
      }),
    );
    return { ms, perSecond: Math.round(ms.length / ((performance.now() - begun) / 1000)) };
  } finally {
    await Promise.all(all.map((tenants) => tenants.close()));
  }
}

async function warm(tenants: Tenants, queries: readonly Query[]): Promise<void> {
  for (const { calls } of queries) {
    for (let i = 0; i < UNTIL_PLANNED; i += 1) await calls[i % calls.length]!(tenants);
  }
}

function stepFor(count: number, client: number): number {
  let step = client + 1;
  while (divisor(step, count) > 1) step += 1;
  return step;
}

function divisor(a: number, b: number): number {
  return b === 0 ? a : divisor(b, a % b);
}
