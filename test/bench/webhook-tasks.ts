import { hundredths } from './summary.ts';

/** Level and task → how often and how long so far, in seconds. */
export type TaskTimes = ReadonlyMap<string, { readonly count: number; readonly seconds: number }>;

/** The product's own measurement of the tasks inside the levels, from `/metrics`. */
export async function readTaskTimes(apiUrl: string): Promise<TaskTimes> {
  const text = await (await fetch(`${apiUrl}/metrics`)).text();
  const times = new Map<string, { count: number; seconds: number }>();
  for (const line of text.split('\n')) {
    const [, what, labels = '', value] =
      /^leadwright_(task_seconds_(?:sum|count)|(?:dispatch|decide|apply)_seconds_(?:sum|count))(?:\{(.*)\})? (\S+)$/.exec(
        line,
      ) ?? [];
    if (what === undefined) continue;
    const label = (name: string): string => new RegExp(`${name}="([^"]*)"`).exec(labels)?.[1] ?? '';
    const key = what.startsWith('task') ? `${label('level')}.${label('task')}` : what.replace(/_seconds_.*/, '');
    const known = times.get(key) ?? { count: 0, seconds: 0 };
    if (what.endsWith('_sum')) known.seconds += Number(value);
    else known.count += Number(value);
    times.set(key, known);
  }
  return times;
}

/** Mean milliseconds per task between two readings. */
export function taskTimes(before: TaskTimes, after: TaskTimes): Record<string, number> {
  const means = [...after].map(([key, { count, seconds }]) => {
    const earlier = before.get(key) ?? { count: 0, seconds: 0 };
    const more = count - earlier.count;
    return [key, more === 0 ? 0 : hundredths(((seconds - earlier.seconds) / more) * 1000)] as const;
  });
  return Object.fromEntries(means);
}
