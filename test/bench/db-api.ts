import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadApiToken } from '../../platform/keys.ts';
import { cpuShares, readCpu } from './cpu.ts';
import type { ReadJob, ReadResult } from './db-api-load.ts';
import type { Data } from './db-draw.ts';
import type { DbWorld } from './db-world.ts';
import { cleanEnv, endProcess, startProduct } from './product.ts';
import { loadAverage } from './report.ts';
import { hundredths } from './summary.ts';

const generator = fileURLToPath(new URL('db-api-load.ts', import.meta.url));
const LEAD_TIME_MS = 3_000;
const WARM_UP_SECONDS = 5;

/** What people ask of the list, per hundred requests. */
const MIX = { inbox: 30, 'tier-activity': 20, 'tier-score': 15, deep: 20, search: 15 } as const;
export type ReadKind = keyof typeof MIX;

export interface ReadSample {
  readonly kind: ReadKind;
  readonly ms: number;
}

export interface ApiOutcome {
  readonly samples: readonly ReadSample[];
  /** Requests that were not answered 200. */
  readonly failed: number;
  readonly parts: Readonly<Record<string, unknown>>;
}

/** `GET /api/leads` of the largest location, through the product's API in a process of its own. */
export async function measureApi(
  world: DbWorld,
  data: Data,
  { rate, seconds }: { readonly rate: number; readonly seconds: number },
): Promise<ApiOutcome> {
  const { child, ready } = await startProduct(['api'], world.home, apiEnv(world));
  try {
    const apiUrl = (ready as { urls: { api: string } }).urls.api;
    const apiToken = loadApiToken(world.home, undefined);
    const paths = pathsOf(data, await deepCursors(apiUrl, apiToken, data.largest));
    const asked = Array.from({ length: rate * (WARM_UP_SECONDS + seconds) }, (_, shot) => {
      const kind = kindOf(data.dice.unit() * 100);
      return { kind, due: (shot * 1000) / rate, path: data.dice.pick(paths[kind]) };
    });
    const pids = { api: child.pid!, bench: process.pid, ...(world.postgresPid ? { postgres: world.postgresPid } : {}) };
    const { results, shares } = await shoot({ apiUrl, apiToken, shots: asked }, pids);
    const counted = results.flatMap((result, at) =>
      asked[at]!.due < WARM_UP_SECONDS * 1000 ? [] : [{ ...result, kind: asked[at]!.kind }],
    );
    return {
      samples: counted.map(({ kind, ms }) => ({ kind, ms })),
      failed: results.filter(({ status }) => status !== 200).length,
      parts: {
        loadAverage: loadAverage(),
        coreShares: shares,
        sendLagMaxMs: hundredths(Math.max(...counted.map(({ lagMs }) => lagMs))),
      },
    };
  } finally {
    await endProcess(child);
  }
}

/** Lists need the database alone: the CRM and Temporal are named because they must be, and nobody answers there. */
export function apiEnv(world: DbWorld): NodeJS.ProcessEnv {
  const keyFile = join(world.home, 'bench-webhook-key.pem');
  const { publicKey } = generateKeyPairSync('ed25519');
  writeFileSync(keyFile, publicKey.export({ type: 'spki', format: 'pem' }));
  return {
    ...cleanEnv(),
    DATABASE_URL: world.ownerUrl,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    GHL_BASE_URL: 'http://127.0.0.1:1',
    GHL_APP_ID: 'bench',
    GHL_WEBHOOK_KEYS_FILE: keyFile,
  };
}

/** Cursors from everywhere in the list, as a client gets them: page after page, to the end. */
async function deepCursors(apiUrl: string, apiToken: string, locationId: string): Promise<string[]> {
  const cursors: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const query = new URLSearchParams({ locationId, limit: '200', ...(cursor === '' ? {} : { cursor }) });
    const response = await fetch(`${apiUrl}/api/leads?${query.toString()}`, {
      headers: { authorization: `Bearer ${apiToken}` },
    });
    if (response.status !== 200) throw new Error(`the API answered ${response.status}: ${await response.text()}`);
    cursor = ((await response.json()) as { nextCursor: string | null }).nextCursor;
    if (cursor !== null) cursors.push(cursor);
  }
  // A page further down is what `deep` means.
  return cursors.slice(Math.floor(cursors.length / 10));
}

function pathsOf(data: Data, cursors: readonly string[]): Record<ReadKind, string[]> {
  const { largest: locationId, leads, search, dice } = data;
  const path = (more: Record<string, string>) =>
    `/api/leads?${new URLSearchParams({ locationId, ...more }).toString()}`;
  const tiers = leads.filter((lead) => lead.locationId === locationId).map(({ tier }) => tier);
  // Half of those who search type one name, the others the whole one, or a part of an address or of a number.
  const words = search
    .filter((lead) => lead.locationId === locationId)
    .map(({ name, email, phone }, at) => {
      if (at % 2 === 0) return dice.pick(name.split(' '));
      if (at % 4 === 1) return name;
      return at % 8 === 3 ? (email ?? name).slice(0, 10) : (phone ?? name).slice(-7);
    });
  return {
    inbox: [path({})],
    'tier-activity': tiers.map((tier) => path({ tier })),
    'tier-score': tiers.map((tier) => path({ tier, sort: 'score' })),
    deep: cursors.map((cursor) => path({ cursor })),
    search: words.map((q) => path({ q })),
  };
}

function kindOf(roll: number): ReadKind {
  let left = roll;
  for (const [kind, share] of Object.entries(MIX) as [ReadKind, number][]) {
    left -= share;
    if (left < 0) return kind;
  }
  return 'inbox';
}

async function shoot(
  job: Pick<ReadJob, 'apiUrl' | 'apiToken' | 'shots'>,
  pids: Readonly<Record<string, number>>,
): Promise<{ results: readonly ReadResult[]; shares: Record<string, number> }> {
  const folder = mkdtempSync(join(tmpdir(), 'leadwright-load-'));
  const resultFile = join(folder, 'result.json');
  const startAt = Date.now() + LEAD_TIME_MS;
  writeFileSync(join(folder, 'job.json'), JSON.stringify({ ...job, startAt, resultFile } satisfies ReadJob));
  const child = spawn(process.execPath, ['--import', 'tsx', generator, join(folder, 'job.json')], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const exit = once(child, 'exit');
  const until = (at: number) => Promise.race([exit, new Promise((resolve) => setTimeout(resolve, at - Date.now()))]);
  const named = { ...pids, load: child.pid! };
  await until(startAt + WARM_UP_SECONDS * 1000);
  const before = readCpu(named);
  // Before the last shot: a generator that has ended is no longer to be asked what it used.
  await until(startAt + job.shots.at(-1)!.due - 200);
  const shares = cpuShares(before, readCpu(named));
  const [code] = (await exit) as [number | null];
  if (code !== 0) throw new Error(`the load generator ended with ${code}`);
  return { results: JSON.parse(readFileSync(resultFile, 'utf8')) as ReadResult[], shares };
}
