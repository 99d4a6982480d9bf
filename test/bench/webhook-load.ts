import { readFileSync, writeFileSync } from 'node:fs';
import { Pool } from 'undici';

/** What the load process is given: everything is signed, due times are fixed. */
export interface LoadJob {
  readonly apiUrl: string;
  readonly ghlUrl: string;
  /** Wall clock, ms. */
  readonly startAt: number;
  readonly shots: readonly Shot[];
  readonly resultFile: string;
}

export interface Shot {
  /** Milliseconds after the start. */
  readonly due: number;
  readonly body: string;
  readonly signature: string;
  /** What somebody does in the CRM shortly before it tells us; not part of what is timed. */
  readonly edit?: { readonly path: string; readonly token: string; readonly body: string };
}

/** One per shot, in order. Times are wall-clock milliseconds with fractions; `status` 0: no answer. */
export interface ShotResult {
  readonly dueAt: number;
  readonly sentAt: number;
  readonly ackAt: number;
  readonly status: number;
  readonly eventId: string | null;
}

/** How long before its webhook an edit is made. */
const EDIT_AHEAD_MS = 150;

/**
 * The load generator, a process of its own: `webhook-load.ts JOB-FILE`. Open loop: shots go out when they are due, whatever became of
 * the earlier ones, and are timed from when they were due, so that a stall of the product cannot hide the shots that waited for it.
 */
async function run(job: LoadJob): Promise<void> {
  const api = new Pool(job.apiUrl, { connections: 128, pipelining: 1, keepAliveTimeout: 9_000, bodyTimeout: 60_000 });
  const ghl = new Pool(job.ghlUrl, { connections: 16, pipelining: 1 });
  const late = clock() - job.startAt;
  if (late > 0) throw new Error(`the load generator was ready ${Math.round(late)} ms too late`);
  const shots = job.shots.map((shot, index) => ({ index, at: shot.due, act: () => post(api, shot, job.startAt) }));
  const edits = job.shots.flatMap(({ due, edit }) =>
    edit === undefined ? [] : [{ index: -1, at: due - EDIT_AHEAD_MS, act: () => put(ghl, edit) }],
  );
  const results: ShotResult[] = [];
  const under: Promise<void>[] = [];
  for (const { index, at, act } of [...shots, ...edits].sort((a, b) => a.at - b.at)) {
    await until(job.startAt + at);
    under.push(
      act().then((result) => {
        if (index >= 0 && result !== undefined) results[index] = result;
      }),
    );
  }
  await Promise.all(under);
  writeFileSync(job.resultFile, JSON.stringify(results));
  await Promise.all([api.close(), ghl.close()]);
}

async function post(pool: Pool, shot: Shot, startAt: number): Promise<ShotResult> {
  const dueAt = startAt + shot.due;
  const sentAt = clock();
  try {
    const { statusCode, body } = await pool.request({
      method: 'POST',
      path: '/webhooks/ghl',
      headers: { 'content-type': 'application/json', 'x-ghl-signature': shot.signature },
      body: shot.body,
    });
    const text = await body.text();
    const ackAt = clock();
    const answer = statusCode < 300 ? (JSON.parse(text) as { eventId: string }) : undefined;
    return { dueAt, sentAt, ackAt, status: statusCode, eventId: answer?.eventId ?? null };
  } catch {
    return { dueAt, sentAt, ackAt: clock(), status: 0, eventId: null };
  }
}

async function put(pool: Pool, edit: NonNullable<Shot['edit']>): Promise<undefined> {
  const { statusCode, body } = await pool.request({
    method: 'PUT',
    path: edit.path,
    headers: {
      authorization: `Bearer ${edit.token}`,
      version: '2021-07-28',
      'content-type': 'application/json',
      accept: 'application/json',
    },
    body: edit.body,
  });
  const text = await body.text();
  if (statusCode >= 300) throw new Error(`the CRM refused an edit with ${statusCode}: ${text.slice(0, 200)}`);
  return undefined;
}

/** The wall clock with fractions of a millisecond. */
function clock(): number {
  return performance.timeOrigin + performance.now();
}

async function until(at: number): Promise<void> {
  const left = at - clock();
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}

await run(JSON.parse(readFileSync(process.argv[2]!, 'utf8')) as LoadJob);
