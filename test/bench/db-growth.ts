import { type Stage, openStage } from './db-plans.ts';
import { type Timed, oneConnection, timeQuery } from './db-measure.ts';
import type { Query } from './db-query.ts';
import type { DbWorld } from './db-world.ts';
import type { Table, Target } from './report.ts';
import { hundredths, summarise, type Summary } from './summary.ts';

/** One query in a database and in one a tenth of its size. */
export interface Growth {
  readonly name: string;
  readonly kind: Query['kind'];
  readonly origin: string;
  readonly small: Sized | undefined;
  readonly large: Sized;
}

interface Sized {
  readonly times: Summary;
  readonly ms: readonly number[];
  /** Pages touched by a call on average. */
  readonly buffers: number;
}

/** A job reads whole tables. */
const JOB_SAMPLES = 10;

interface Site {
  readonly world: DbWorld;
  readonly queries: readonly Query[];
}

/** A single client asks every query in both databases, one right after the other, so that a busy machine is busy for both. */
export async function measureGrowth(
  { large, small }: { readonly large: Site; readonly small: Site },
  {
    samples,
    watched,
    say,
  }: { readonly samples: number; readonly watched: number; readonly say: (line: string) => void },
): Promise<Growth[]> {
  const sites = await Promise.all([large, small].map(open));
  try {
    const found: Growth[] = [];
    for (const query of large.queries) {
      const [big, little] = await inTurn(sites, async (site) => {
        const same = site.queries.find(({ name }) => name === query.name);
        return same === undefined
          ? undefined
          : sized(site, same, query.kind === 'job' ? JOB_SAMPLES : samples, watched);
      });
      say(`${query.name}: p90 ${big!.times.p90} ms, ${big!.buffers} pages`);
      found.push({ name: query.name, kind: query.kind, origin: query.origin, small: little, large: big! });
    }
    return found;
  } finally {
    await Promise.all(sites.flatMap(({ tenants, stage }) => [tenants.close(), stage.close()]));
  }
}

async function open({ world, queries }: Site) {
  return { queries, tenants: oneConnection(world.appUrl), stage: await openStage(world.ownerUrl, 60_000) };
}

async function inTurn<A, B>(items: readonly A[], work: (item: A) => Promise<B>): Promise<B[]> {
  const done: B[] = [];
  for (const item of items) done.push(await work(item));
  return done;
}

async function sized(
  { tenants, stage }: Awaited<ReturnType<typeof open>>,
  query: Query,
  samples: number,
  watched: number,
): Promise<Sized> {
  const { ms }: Timed = await timeQuery(tenants, query, samples);
  return { times: summarise(ms), ms, buffers: await pagesOf(stage, query, watched) };
}

async function pagesOf(stage: Stage, { calls }: Query, watched: number): Promise<number> {
  const chosen = calls.slice(0, watched);
  for (let i = 0; i < 6; i += 1) await chosen[i % chosen.length]!(stage.tenants);
  const seen = await inTurn(chosen, async (call) => (await stage.watch(call)).buffers);
  return Math.round((seen.reduce((sum, one) => sum + one, 0) / seen.length) * 10) / 10;
}

/** Pages at most half as many again; time at most half as long again, or half a millisecond longer. */
export function growthTargets(growth: readonly Growth[], sizes: string): Target[] {
  return growth.flatMap(({ name, kind, small, large }) => {
    if (small === undefined || kind === 'job') return [];
    const pages = hundredths(large.buffers / small.buffers);
    const limit = hundredths(Math.max(small.times.p90 * 1.5, small.times.p90 + 0.5));
    return [
      { metric: `growth-pages:${name}@${sizes}`, max: 1.5, value: pages, pass: pages <= 1.5 },
      { metric: `growth-p90:${name}@${sizes}`, max: limit, value: large.times.p90, pass: large.times.p90 <= limit },
    ];
  });
}

export function growthTable(growth: readonly Growth[], sizes: string): Table {
  return {
    title: `One client, ${sizes} leads: p90 in ms and pages touched by a call`,
    head: ['query', 'origin', 'p90 small', 'p90 large', 'pages small', 'pages large', 'ratio'],
    rows: growth.map(({ name, origin, small, large }) => [
      name,
      origin === '' ? '–' : origin,
      small?.times.p90 ?? '–',
      large.times.p90,
      small?.buffers ?? '–',
      large.buffers,
      small === undefined ? '–' : hundredths(large.buffers / small.buffers),
    ]),
  };
}
