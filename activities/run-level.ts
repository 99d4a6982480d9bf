import { AppError } from '../domain/errors.ts';
import type { Deps } from './deps.ts';

/** How long the tasks of a level may take, in ms. */
export interface LevelTimes {
  /** What the database does; a level whose task is late is repeated. */
  readonly store: number;
  /** A CRM read; the level goes on without it and says so. The same holds of those below. */
  readonly crm: number;
  readonly score: number;
  /** Looking through the market for a lead whose wishes changed; a later pass makes up for what took longer. */
  readonly match: number;
}

export const levelTimes: LevelTimes = { store: 3_000, crm: 800, score: 1_500, match: 500 };

/** A result that may be missing: absent is recorded as absent, never as a plausible default. */
export type Maybe<T> =
  { readonly present: true; readonly value: T } | { readonly present: false; readonly why: string };

interface RequiredTask<T> {
  readonly kind: 'required';
  readonly timeoutMs: number;
  readonly run: () => Promise<T>;
}
interface OptionalTask<T> {
  readonly kind: 'optional';
  readonly timeoutMs: number;
  readonly run: () => Promise<T>;
}

/** A task whose failure fails the level; the level is then repeated. */
export function required<T>(timeoutMs: number, run: () => Promise<T>): RequiredTask<T> {
  return { kind: 'required', timeoutMs, run };
}

/** A task that the level can do without. */
export function optional<T>(timeoutMs: number, run: () => Promise<T>): OptionalTask<T> {
  return { kind: 'optional', timeoutMs, run };
}

type Tasks = Readonly<Record<string, RequiredTask<unknown> | OptionalTask<unknown>>>;
type Results<T extends Tasks> = {
  readonly [K in keyof T]: T[K] extends RequiredTask<infer R>
    ? R
    : T[K] extends OptionalTask<infer O>
      ? Maybe<O>
      : never;
};

/**
 * Runs the tasks of one level side by side, each within its own time and measured.
 * @throws the first failure of a required task, when all tasks have come to an end or run out of time
 */
export async function runLevel<T extends Tasks>(
  deps: Pick<Deps, 'bench' | 'measure'>,
  level: string,
  tasks: T,
): Promise<Results<T>> {
  const names = Object.keys(tasks);
  const outcomes: PromiseSettledResult<unknown>[] = [];
  if (deps.bench.serial) {
    for (const name of names) outcomes.push(...(await Promise.allSettled([runTask(deps, level, name, tasks[name]!)])));
  } else {
    outcomes.push(...(await Promise.allSettled(names.map((name) => runTask(deps, level, name, tasks[name]!)))));
  }
  const results: Record<string, unknown> = {};
  for (const [index, name] of names.entries()) {
    const outcome = outcomes[index]!;
    if (tasks[name]!.kind === 'required') {
      if (outcome.status === 'rejected') throw outcome.reason;
      results[name] = outcome.value;
    } else {
      results[name] =
        outcome.status === 'fulfilled'
          ? { present: true, value: outcome.value }
          : { present: false, why: reasonOf(outcome.reason) };
    }
  }
  return results as Results<T>;
}

async function runTask(
  deps: Pick<Deps, 'bench' | 'measure'>,
  level: string,
  task: string,
  { run, timeoutMs }: RequiredTask<unknown> | OptionalTask<unknown>,
): Promise<unknown> {
  const began = performance.now();
  let timer: NodeJS.Timeout | undefined;
  const timeUp = new Promise<never>((_resolve, reject) => {
    // Made only when it is needed: a stack trace for each of ten tasks per event costs more than the tasks' own bookkeeping.
    const late = (): AppError => new AppError('TASK_TIMEOUT', `${level}.${task} took more than ${timeoutMs} ms`);
    timer = setTimeout(() => reject(late()), timeoutMs);
  });
  let ok = false;
  try {
    const slowed = async () => {
      if (deps.bench.taskDelayMs > 0) await new Promise((resolve) => setTimeout(resolve, deps.bench.taskDelayMs));
      return run();
    };
    const value = await Promise.race([slowed(), timeUp]);
    ok = true;
    return value;
  } finally {
    clearTimeout(timer);
    deps.measure({ kind: 'task', level, task, ms: performance.now() - began, ok });
  }
}

/** A code where there is one; never the text of a foreign error, which may quote what it was given. */
function reasonOf(error: unknown): string {
  if (error instanceof Error) return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return 'unknown';
}
