import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ApiOutcome, measureApi, type ReadKind } from './db-api.ts';
import { drawData } from './db-draw.ts';
import { growthTable, growthTargets, measureGrowth } from './db-growth.ts';
import { allIndexesTable, lossControls, lossTable } from './db-index-tables.ts';
import { examineIndexes } from './db-indexes.ts';
import { timeMixed } from './db-measure.ts';
import { queriesOf } from './db-queries.ts';
import type { Query } from './db-query.ts';
import { type DbWorld, openDbWorld, SEED } from './db-world.ts';
import { commit, loadAverage, machine, type Report, type Target } from './report.ts';
import { type Summary, summarise } from './summary.ts';

interface Options {
  readonly quick: boolean;
  readonly full: boolean;
  /** Folder with a seeded database, or for one; undefined: a folder of the size's own. */
  readonly home: string | undefined;
  /** Only this index is examined: who pays when it is gone. */
  readonly drop: string | undefined;
  readonly say: (line: string) => void;
}

/** The figures that the data layer is held to, milliseconds unless said otherwise. */
const goals = { list: 5, search: 25, mixed: 15, api: 20, apiSearch: 50, seedSeconds: 600 } as const;
const CLIENTS = 8;
const RATE = 200;

/**
 * Every question of the data layer as the product asks it: by its own functions, as its own login, behind the walls, on a seeded
 * database of the bench's own. Parameters are drawn from the data, half of them from the largest location.
 */
export async function dbBench(options: Options): Promise<Report> {
  const { quick, full, say } = options;
  const leads = full ? 1_000_000 : quick ? 30_000 : 300_000;
  const raw = mkdtempSync(join(tmpdir(), 'leadwright-bench-raw-'));
  const plansFolder = join(raw, 'plans');
  mkdirSync(plansFolder);
  const open: DbWorld[] = [];
  const interrupted = (): void => void closeAll(open).finally(() => process.exit(1));
  process.on('SIGINT', interrupted).on('SIGTERM', interrupted);
  try {
    const world = await openDbWorld(leads, { home: options.home, say });
    open.push(world);
    const site = await furnished(world, quick, say);
    const about = {
      bench: 'db',
      at: new Date().toISOString(),
      commit: commit(),
      machine: machine(),
      config: await configOf(world),
    };
    const measured =
      options.drop === undefined
        ? await measureAll({ site, quick, say, raw, plansFolder, open })
        : await measureLoss(site, options.drop, { quick, say, raw, plansFolder });
    return { ...about, ...measured, raw: join(raw, 'db.json') };
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await closeAll(open);
  }
}

type Site = Awaited<ReturnType<typeof furnished>>;
type Measured = Omit<Report, 'bench' | 'at' | 'commit' | 'machine' | 'config' | 'raw'>;

async function furnished(world: DbWorld, quick: boolean, say: Options['say']) {
  say(`${world.size}: drawing parameters`);
  const data = await drawData(world.owner, quick ? 40 : 100, SEED);
  return { world, data, queries: queriesOf(data) };
}

const isAwaited = ({ kind }: Query): boolean => kind !== 'job';

interface Run {
  readonly site: Site;
  readonly quick: boolean;
  readonly say: Options['say'];
  readonly raw: string;
  readonly plansFolder: string;
  readonly open: DbWorld[];
}

async function measureAll({ site, quick, say, raw, plansFolder, open }: Run): Promise<Measured> {
  const { world, data, queries } = site;
  const { size } = world;
  const smallWorld = await openDbWorld(world.leads / 10, { say });
  open.push(smallWorld);
  const small = await furnished(smallWorld, quick, say);
  const loads: Record<string, number> = {};
  const load = (part: string): void => void (loads[part] = loadAverage());

  const growth = await measureGrowth({ large: site, small }, { samples: quick ? 80 : 300, watched: 24, say });
  load('one client');
  say(`${CLIENTS} clients`);
  const mixed = await timeMixed(world.appUrl, queries.filter(isAwaited), { clients: CLIENTS, seconds: quick ? 5 : 20 });
  load(`${CLIENTS} clients`);
  say(`GET /api/leads, ${RATE}/s`);
  const api = await measureApi(world, data, { rate: RATE, seconds: quick ? 10 : 30 });
  load('api');
  const samples = { growth, mixed, api };
  writeFileSync(join(raw, 'db.json'), JSON.stringify(samples));
  const indexes = await examineIndexes(world, queries, { each: quick ? 6 : 10, plansFolder, say });
  load('indexes');

  const metrics: Record<string, Summary> = {
    ...Object.fromEntries(growth.map(({ name, large }) => [`${name}@${size}`, large.times])),
    [`mixed-${CLIENTS}@${size}`]: summarise(mixed.ms),
    ...apiMetrics(api, size),
  };
  writeFileSync(join(raw, 'db.json'), JSON.stringify({ ...samples, indexes }));
  const sizes = `${smallWorld.size}-${size}`;
  return {
    metrics,
    targets: [...targetsOf(queries, metrics, world), ...growthTargets(growth, sizes)],
    control: lossControls(indexes.losses),
    parts: {
      mixedPerSecond: mixed.perSecond,
      api: { ...api.parts, failed: api.failed },
      loadAverage: loads,
      otherAnswers: indexes.otherAnswers,
      plans: plansFolder,
    },
    tables: [growthTable(growth, sizes), allIndexesTable(indexes), lossTable(indexes.losses)],
    // An index changes how long an answer takes, never the answer.
    promises: { kept: api.failed === 0 && indexes.otherAnswers.length === 0, checks: [] },
  };
}

/** By hand: one index gone, and who pays. */
async function measureLoss(
  { world, queries }: Site,
  drop: string,
  { quick, say, raw, plansFolder }: Pick<Run, 'quick' | 'say' | 'raw' | 'plansFolder'>,
): Promise<Measured> {
  const { losses, otherAnswers } = await examineIndexes(world, queries, {
    each: quick ? 6 : 20,
    only: drop,
    plansFolder,
    say,
  });
  writeFileSync(join(raw, 'db.json'), JSON.stringify(losses));
  if (losses.length === 0) throw new Error(`expected an index that is there for speed, got ${drop}`);
  const all = losses.flatMap(({ index, payers }) => payers.map((payer) => ({ index, payers: [payer] })));
  return {
    metrics: {},
    targets: [],
    control: lossControls(losses),
    parts: { plans: plansFolder, loadAverage: loadAverage(), otherAnswers },
    tables: [lossTable(all.length === 0 ? losses : all)],
    promises: { kept: otherAnswers.length === 0, checks: [] },
  };
}

function apiMetrics({ samples }: ApiOutcome, size: string): Record<string, Summary> {
  const kinds = [...new Set(samples.map(({ kind }) => kind))].sort();
  const of = (kind: ReadKind) => samples.flatMap((sample) => (sample.kind === kind ? sample.ms : []));
  return {
    [`api@${size}`]: summarise(samples.map(({ ms }) => ms)),
    ...Object.fromEntries(kinds.map((kind) => [`api-${kind}@${size}`, summarise(of(kind))])),
  };
}

function targetsOf(queries: readonly Query[], metrics: Readonly<Record<string, Summary>>, world: DbWorld): Target[] {
  const { size, seedSeconds } = world;
  const target = (metric: string, rank: 'p90' | 'p95', max: number): Target => {
    const value = metrics[`${metric}@${size}`]![rank];
    return { metric: `${metric}@${size}.${rank}`, max, value, pass: value <= max };
  };
  const seeding = { metric: `seed_seconds@${size}`, max: goals.seedSeconds };
  return [
    ...queries.flatMap(({ name, kind }) => (kind === 'job' ? [] : target(name, 'p90', goals[kind]))),
    target(`mixed-${CLIENTS}`, 'p90', goals.mixed),
    target('api', 'p95', goals.api),
    target('api-search', 'p95', goals.apiSearch),
    ...(seedSeconds === undefined
      ? []
      : [{ ...seeding, value: Math.round(seedSeconds), pass: seedSeconds <= goals.seedSeconds }]),
  ];
}

async function configOf({ owner, leads, home }: DbWorld): Promise<Record<string, unknown>> {
  const { rows: settings } = await owner.query<{ name: string; setting: string }>(
    `select name, setting from pg_settings
     where name in ('server_version', 'fsync', 'shared_buffers', 'work_mem', 'effective_cache_size', 'jit')`,
  );
  const { rows: tables } = await owner.query<{ table: string; rows: number; mebibytes: number }>(
    `select c.relname as table, sum(greatest(r.reltuples, 0))::double precision as rows,
       round(sum(pg_total_relation_size(r.oid)) / 1048576)::integer as mebibytes
     from pg_class c
       cross join lateral (select c.oid as part union select relid from pg_partition_tree(c.oid)) p
       join pg_class r on r.oid = p.part and r.relkind = 'r'
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
     group by 1 order by 3 desc limit 12`,
  );
  return {
    leads,
    seed: SEED,
    home,
    loads: `one client: warm, after the sixth execution; ${CLIENTS} clients without pause; api: open loop ${RATE}/s, from when due`,
    postgres: Object.fromEntries(settings.map(({ name, setting }) => [name, setting])),
    tables: Object.fromEntries(tables.map(({ table, rows, mebibytes }) => [table, { rows, mebibytes }])),
  };
}

async function closeAll(open: readonly DbWorld[]): Promise<void> {
  await Promise.allSettled(open.map((world) => world.close()));
}
