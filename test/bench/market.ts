import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPool } from '../../integrations/postgres/pool.ts';
import { createTenants } from '../../integrations/postgres/tenants.ts';
import { loginToMake, productUrl } from '../../platform/login.ts';
import { migrateDatabase } from '../../platform/migrations.ts';
import { emptyDatabase } from '../support/database.ts';
import { type MarketWorld, openMarketWorld } from '../support/market-world.ts';
import type { AssistantPart } from './assistant-part.ts';
import { marketAlerts } from './market-alerts.ts';
import { marketFaults } from './market-faults.ts';
import { marketLoad } from './market-load.ts';
import { marketMatching, wholeSize } from './market-matching.ts';
import { commit, loadAverage, machine, type Report } from './report.ts';

export interface MarketOptions {
  readonly quick: boolean;
  readonly say: (line: string) => void;
}

type Part = (world: MarketWorld, options: MarketOptions) => Promise<AssistantPart>;

const parts: Readonly<Record<string, Part>> = {
  'a feed with faults, by its journal and by timestamps': marketFaults,
  'a market as a whole': marketLoad,
  'from a change to the decisions of leads': marketAlerts,
  'leads and listings': matching,
};

/** Is the copy of a market right after everything that can go wrong, how long does it take, and who hears of a change and when. */
export async function marketBench({ quick, say }: MarketOptions): Promise<Report> {
  const loads = [loadAverage()];
  const measured: AssistantPart[] = [];
  say('starting servers');
  const world = await openMarketWorld({ purpose: 'bench-market', roles: ['api'] });
  try {
    for (const [what, measure] of Object.entries(parts)) {
      say(what);
      measured.push(await measure(world, { quick, say }));
      loads.push(loadAverage());
    }
  } finally {
    await world.stop();
  }
  const raw = join(mkdtempSync(join(tmpdir(), 'leadwright-bench-raw-')), 'market.json');
  writeFileSync(raw, JSON.stringify(measured));
  return {
    bench: 'market',
    at: new Date().toISOString(),
    commit: commit(),
    machine: machine(),
    config: {
      quick,
      loadAverages: loads,
      processes: 'API, leads and market each in a process of its own, run from the sources',
      vendor: 'stand-in of an MLS on this machine, latency 0',
    },
    metrics: Object.assign({}, ...measured.map(({ metrics }) => metrics)) as Report['metrics'],
    targets: measured.flatMap(({ targets }) => targets),
    control: Object.assign({}, ...measured.map(({ control }) => control)) as Report['control'],
    parts: Object.assign({}, ...measured.map((part) => part.parts)) as Report['parts'],
    tables: measured.flatMap(({ tables }) => tables),
    promises: { kept: true, checks: [] },
    raw,
  };
}

/** In a database of its own on the same server. */
async function matching(world: MarketWorld, { quick }: MarketOptions): Promise<AssistantPart> {
  const url = await emptyDatabase(world.product.line().databaseUrl!);
  const named = { home: world.home, databaseAppUrl: undefined };
  await migrateDatabase(url, { login: loginToMake(named, url) });
  const pool = createPool(url, { max: 2, applicationName: 'bench owner', statementMs: 600_000 });
  const tenants = createTenants(productUrl(named, url), { max: 4, applicationName: 'bench', statementMs: 600_000 });
  try {
    return await marketMatching({ pool, tenants }, quick ? { listings: 20_000, leads: 10_000, asks: 150 } : wholeSize);
  } finally {
    await Promise.all([pool.end(), tenants.close()]);
  }
}
