import { readFileSync, writeFileSync } from 'node:fs';
import { Pool } from 'undici';

/** What the load process is given. */
export interface ReadJob {
  readonly apiUrl: string;
  readonly apiToken: string;
  /** Wall clock, ms. */
  readonly startAt: number;
  readonly shots: readonly { /** Milliseconds after the start. */ readonly due: number; readonly path: string }[];
  readonly resultFile: string;
}

/** One per shot, in order. `ms` runs from when the shot was due; `status` 0: no answer. */
export interface ReadResult {
  readonly ms: number;
  readonly lagMs: number;
  readonly status: number;
}

/**
 * The load generator, a process of its own: `db-api-load.ts JOB-FILE`. Open loop: requests go out when they are due, whatever became
 * of the earlier ones, and are timed from when they were due, so that a stall cannot hide the requests that waited for it.
 */
async function run(job: ReadJob): Promise<void> {
  const api = new Pool(job.apiUrl, { connections: 64, pipelining: 1, keepAliveTimeout: 9_000, bodyTimeout: 60_000 });
  const late = clock() - job.startAt;
  if (late > 0) throw new Error(`the load generator was ready ${Math.round(late)} ms too late`);
  const results: ReadResult[] = [];
  const under: Promise<void>[] = [];
  for (const [index, { due, path }] of job.shots.entries()) {
    const left = job.startAt + due - clock();
    if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
    under.push(get(api, path, job, due).then((result) => void (results[index] = result)));
  }
  await Promise.all(under);
  writeFileSync(job.resultFile, JSON.stringify(results));
  await api.close();
}

async function get(api: Pool, path: string, { apiToken, startAt }: ReadJob, due: number): Promise<ReadResult> {
  const dueAt = startAt + due;
  const lagMs = clock() - dueAt;
  try {
    const { statusCode, body } = await api.request({
      method: 'GET',
      path,
      headers: { authorization: `Bearer ${apiToken}` },
    });
    await body.arrayBuffer();
    return { ms: clock() - dueAt, lagMs, status: statusCode };
  } catch {
    return { ms: clock() - dueAt, lagMs, status: 0 };
  }
}

/** The wall clock with fractions of a millisecond. */
function clock(): number {
  return performance.timeOrigin + performance.now();
}

await run(JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as ReadJob);
