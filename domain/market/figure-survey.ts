import type { Figure, FigureProblem, FigureRow } from './figures.ts';

/** What is remembered of rows that were not taken: how many by reason, and the first of them. */
export interface DeadRows {
  readonly reasons: Readonly<Record<string, number>>;
  readonly rows: readonly (FigureProblem & { readonly row: number })[];
}

/** What a file was found to be when it was read through before anything of it is stored. */
export interface FigureSurvey {
  readonly rows: number;
  readonly figures: number;
  readonly dead: DeadRows;
  readonly oldest: string | null;
  readonly newest: string | null;
  readonly regions: number;
  /** Regions whose figures end long before the newest. */
  readonly stopped: number;
  readonly series: readonly string[];
  /** The newest date of making that rows say; null: they say none. */
  readonly asOf: string | null;
  /** Some figures from all over the file, to be compared with what is known of them. */
  readonly sample: readonly Figure[];
}

/** Problems that are remembered one by one. */
const NAMED = 100;
const SAMPLE = 1_000;
/** A region that says nothing new for so long has stopped. */
const STOPPED_DAYS = 400;

export function deadRows(): { add(row: number, problems: readonly FigureProblem[]): void; dead(): DeadRows } {
  const reasons: Record<string, number> = {};
  const rows: (FigureProblem & { row: number })[] = [];
  return {
    add(row, problems) {
      for (const problem of problems) {
        reasons[problem.reason] = (reasons[problem.reason] ?? 0) + 1;
        if (rows.length < NAMED) rows.push({ row, ...problem });
      }
    },
    dead: () => ({ reasons: { ...reasons }, rows: [...rows] }),
  };
}

const deadCount = ({ reasons }: DeadRows): number => Object.values(reasons).reduce((sum, n) => sum + n, 0);

/** Reads through a file; its memory grows with regions and series, never with rows. */
export async function surveyed(rows: AsyncIterable<FigureRow>): Promise<FigureSurvey> {
  const newestOf = new Map<string, string>();
  const series = new Set<string>();
  const dead = deadRows();
  let [seen, figures, step]: [number, number, number] = [0, 0, 1];
  let [oldest, newest, asOf]: [string | null, string | null, string | null] = [null, null, null];
  let sample: Figure[] = [];
  for await (const { row, figures: found, problems } of rows) {
    seen += 1;
    dead.add(row, problems);
    for (const figure of found) {
      const { period, region, regionType } = figure;
      const key = `${regionType}/${region}`;
      if ((newestOf.get(key) ?? '') < period) newestOf.set(key, period);
      series.add(figure.series);
      if (oldest === null || period < oldest) oldest = period;
      if (newest === null || period > newest) newest = period;
      if (figure.asOf !== null && (asOf === null || figure.asOf > asOf)) asOf = figure.asOf;
      // Evenly over a file whose length nobody knows: when the sample is full, every other one goes and the steps double.
      if (figures % step === 0) sample.push(figure);
      if (sample.length > SAMPLE) {
        sample = sample.filter((_one, at) => at % 2 === 0);
        step *= 2;
      }
      figures += 1;
    }
  }
  const stopped = [...newestOf.values()].filter(
    (period) => daysBetween(period, newest ?? period) > STOPPED_DAYS,
  ).length;
  const found = { rows: seen, figures, dead: dead.dead(), oldest, newest, regions: newestOf.size, stopped };
  return { ...found, series: [...series].sort(), asOf, sample };
}

/** What the house knows besides, to judge a file by. */
export interface FigureContext {
  readonly asOf: string;
  /** Somebody or something says so; false: it is only when the file was read. */
  readonly asOfSaid: boolean;
  /** The newest period that is stored of these series. */
  readonly newestStored: string | null;
  /** Stored values of the sample, in its order; null: none is known. */
  readonly known: readonly (string | null)[];
  /** A person says that the source has changed its figures. */
  readonly revised: boolean;
}

/** Why nothing of a file may be stored. */
export type FileRefusal = { readonly why: 'empty' | 'dead' | 'stale' | 'older' | 'strange'; readonly says: string };

/** So many may always be dead, and of a larger file one in a hundred. */
const DEAD = 20;
/** Figures that moved by more than a quarter, of those that were known: one in five is no revision any more. */
const MOVED = 0.25;
const STRANGE = 0.2;
const COMPARED = 20;

/** May a file be stored? Null: it may. What is wrong in single rows is counted and no reason to refuse the others. */
export function fileRefusal(survey: FigureSurvey, context: FigureContext): FileRefusal | null {
  const { figures, newest, regions, stopped } = survey;
  const dead = deadCount(survey.dead);
  if (dead > DEAD && dead > (figures + dead) / 100) {
    const reasons = Object.entries(survey.dead.reasons).map(([reason, n]) => `${reason} ${n}`);
    const says = `expected at most 1 % of it to be unusable, got ${dead} beside ${figures} figures (${reasons.join(', ')})`;
    return { why: 'dead', says: `${says}; its columns may not belong to their headings` };
  }
  if (newest === null) return { why: 'empty', says: 'expected figures, got none' };
  if (daysBetween(newest, context.asOf.slice(0, 10)) > STOPPED_DAYS) {
    return { why: 'stale', says: `expected figures up to about ${context.asOf.slice(0, 7)}, got none after ${newest}` };
  }
  if (stopped > regions / 2) {
    return {
      why: 'stale',
      says: `expected most of ${regions} regions up to ${newest}, got ${stopped} that end long before`,
    };
  }
  if (!context.asOfSaid && context.newestStored !== null && newest < context.newestStored) {
    return {
      why: 'older',
      says: `expected figures up to ${context.newestStored} as they are stored, got none after ${newest}`,
    };
  }
  return context.revised ? null : strange(survey.sample, context.known);
}

function strange(sample: readonly Figure[], known: readonly (string | null)[]): FileRefusal | null {
  const both = sample.flatMap(({ value }, at) => {
    const before = known[at];
    return before === null || before === undefined ? [] : [[Number(value), Number(before)] as const];
  });
  const moved = both.filter(([now, before]) => Math.abs(now - before) > MOVED * Math.abs(before)).length;
  if (both.length < COMPARED || moved <= STRANGE * both.length) return null;
  const says = `expected about the figures that are known, got ${moved} of ${both.length} that moved by more than a quarter`;
  return { why: 'strange', says: `${says}; its columns may not belong to their headings` };
}

function daysBetween(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}
