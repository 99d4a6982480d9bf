import type { Pool } from 'pg';
import type { PromiseCheck } from './report.ts';
import type { Aim } from './webhook-events.ts';
import type { ShotResult } from './webhook-load.ts';
import { control } from './webhook-people.ts';

/** One event with its three times, milliseconds after it was due; null where the event has no such moment. */
export interface Sample extends Aim {
  readonly eventId: string;
  readonly dueAt: number;
  readonly ackMs: number;
  readonly decideMs: number | null;
  /** Null for new leads, whose first plan is mixed with their first message. */
  readonly applyMs: number | null;
}

/** One line of the stand-in's ledger, as far as it is read here. */
interface Call {
  readonly n: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
  readonly status: number;
}

/** Where the stand-in's ledger ends now. */
export async function ledgerEnd(ghlUrl: string): Promise<number> {
  return (await control<{ last: number }>(ghlUrl, 'ledger?after=1000000000')).last;
}

/**
 * Joins what the load process saw with what Postgres and the stand-in have written down. All three clocks are this machine's.
 * Decided: the time of the commit record of the decision, which precedes the flush it waits for by the time that `parts` tells.
 * Applied: the arrival of the last write of the first burst of writes that follows the decision; the answer follows at once.
 */
export async function samplesOf(
  db: Pool,
  ghlUrl: string,
  ledgerFrom: number,
  aims: readonly Aim[],
  results: readonly ShotResult[],
): Promise<Sample[]> {
  const [commits, { calls }] = await Promise.all([
    commitTimes(db, results),
    control<{ calls: Call[] }>(ghlUrl, `ledger?after=${ledgerFrom}`),
  ]);
  const bursts = burstsByContact(calls);
  return aims.flatMap((aim, index): Sample[] => {
    const result = results[index];
    if (result?.eventId == null) return [];
    const { dueAt, ackAt, eventId } = result;
    const commit = commits.get(eventId);
    const applied = aim.kind === 'new' || commit?.dirty !== true ? undefined : appliedAfter(bursts, aim, commit.at);
    return [
      {
        ...aim,
        eventId,
        dueAt,
        ackMs: ackAt - dueAt,
        decideMs: commit === undefined ? null : commit.at - dueAt,
        applyMs: applied === undefined ? null : applied - dueAt,
      },
    ];
  });
}

interface Commit {
  readonly at: number;
  readonly dirty: boolean;
}

async function commitTimes(db: Pool, results: readonly ShotResult[]): Promise<Map<string, Commit>> {
  const ids = results.flatMap((result) => result.eventId ?? []);
  const { rows } = await db.query<{ id: string; at: number; dirty: boolean }>(
    `select inbox_id as id, (verdict ->> 'dirty')::boolean as dirty,
       extract(epoch from pg_xact_commit_timestamp(xmin))::double precision * 1000 as at
     from decisions where inbox_id = any($1::uuid[])`,
    [ids],
  );
  return new Map(rows.map(({ id, at, dirty }) => [id, { at, dirty }]));
}

interface Burst {
  readonly from: number;
  to: number;
}

/** Writes of tags and fields to a contact that no read of it separates: the applier reads first, then writes. */
function burstsByContact(calls: readonly Call[]): Map<string, Burst[]> {
  const bursts = new Map<string, Burst[]>();
  const open = new Map<string, Burst>();
  for (const { method, path, at, body } of calls) {
    const [, contactId, rest] = /^\/contacts\/(\w+)(\/tags)?$/.exec(path) ?? [];
    if (contactId === undefined || isEdit(body)) continue;
    if (method === 'GET') {
      open.delete(contactId);
    } else if (rest === '/tags' || method === 'PUT') {
      const time = Date.parse(at);
      const burst = open.get(contactId);
      if (burst !== undefined) burst.to = time;
      else {
        const begun = { from: time, to: time };
        open.set(contactId, begun);
        bursts.set(contactId, [...(bursts.get(contactId) ?? []), begun]);
      }
    }
  }
  return bursts;
}

/** The load generator's own change in the CRM. */
function isEdit(body: unknown): boolean {
  return typeof body === 'object' && body !== null && 'source' in body;
}

function appliedAfter(bursts: ReadonlyMap<string, readonly Burst[]>, aim: Aim, at: number): number | undefined {
  // The ledger counts whole milliseconds.
  return bursts.get(aim.contactId)?.find((burst) => burst.from >= Math.floor(at))?.to;
}

/** Waits until nothing is left to be worked or applied. @throws after `limitMs`, with what is left */
export async function settled(db: Pool, limitMs = 180_000): Promise<void> {
  const end = Date.now() + limitMs;
  for (;;) {
    const { rows } = await db.query<{ open: number; unapplied: number; sends: number }>(
      `select (select count(*)::integer from inbox where worked_at is null) as open,
        (select count(*)::integer from leads where plan is not null and plan_version > plan_applied) as unapplied,
        (select count(*)::integer from outbox where state in ('claimed', 'sending')) as sends`,
    );
    const left = rows[0]!;
    if (left.open + left.unapplied + left.sends === 0) return;
    if (Date.now() > end) throw new Error(`after ${limitMs} ms there is still work: ${JSON.stringify(left)}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** What was acknowledged must have been worked once: one verdict, one decision, one stored message; nothing parked. */
export async function promiseKept(
  db: Pool,
  run: string,
  aims: readonly Aim[],
  results: readonly ShotResult[],
): Promise<PromiseCheck> {
  const ids = results.flatMap((result) => result.eventId ?? []);
  const messages = aims.filter(({ kind }, index) => kind === 'message' && results[index]?.eventId != null).length;
  const { rows } = await db.query<{
    once: number;
    echoes: number;
    decisions: number;
    parked: number;
    messages: number;
  }>(
    `with mine as (select unnest($1::uuid[]) as inbox_id)
     select (select count(*)::integer from mine join inbox i using (inbox_id) where i.verdict = 'worked' and i.round = 0
         and (select count(*) from decisions d where d.inbox_id = i.inbox_id) = 1) as once,
       (select count(*)::integer from mine join inbox i using (inbox_id)
         where i.verdict = 'ignored' and i.reason like 'echo:%' and i.round = 0) as echoes,
       (select count(*)::integer from mine join decisions using (inbox_id)) as decisions,
       (select count(*)::integer from inbox where verdict = 'parked') as parked,
       (select count(*)::integer from mine join messages using (inbox_id)) as messages`,
    [ids],
  );
  const { once, echoes, decisions, parked, messages: stored } = rows[0]!;
  const refused = aims.length - ids.length;
  const kept = once + echoes === ids.length && decisions === once && parked === 0 && stored === messages;
  return { run, acknowledged: ids.length, workedOnce: once, echoes, parked, refused, kept };
}
