import type { AssistResult, ClaudeActivities } from '../workflows/activities.ts';
import { answerByHand } from '../domain/assistant/reply-tasks.ts';
import { isAppError } from '../domain/errors.ts';
import type { Iso, LeadRef } from '../domain/glossary.ts';
import { assistNext } from '../domain/leads/assist.ts';
import type { AssistNext } from '../domain/ports/leads.ts';
import type { AssistJob, ReplyOwed } from '../domain/ports/drafts.ts';
import { readOne } from './assist-read.ts';
import { reply } from './assist-reply.ts';
import { summarise } from './assist-summary.ts';
import { type Deps, isoNow, later, refOf } from './deps.ts';

/** Jobs that one call works side by side; what is left follows in the next. */
const AT_ONCE = 4;
/** What nobody foresaw may be a moment's: so often a job is tried, so long apart. */
const TRIES = 3;
const AGAIN_MS = 20_000;

/** What a language model is asked about leads, on the `claude` queue. */
export function createAssistActivities(deps: Deps): ClaudeActivities {
  return { assist: (input) => assist(deps, refOf(input)) };
}

/**
 * Safe to call at any time: what waits is stored, each answer is stored before it is used, and what it leads to is stored once. A reply waits
 * for what was just read to reach the lead, since it depends on it.
 */
async function assist(deps: Deps, ref: LeadRef): Promise<AssistResult> {
  const now = isoNow(deps);
  const due = (await deps.drafts.jobs(ref, AT_ONCE)).filter(({ dueAt }) => isDue(dueAt, now));
  const worked = await Promise.all(due.map((job) => workJob(deps, ref, job)));
  const events = worked.flatMap(({ event }) => event ?? []);
  const owed = await deps.drafts.owed(ref);
  const drafts = owed !== undefined && isDue(owed.dueAt, isoNow(deps)) && events.length === 0;
  const made = drafts && (await workReply(deps, ref, owed));
  return { events, next: await next(deps, ref), made: made || worked.some((one) => one.made) };
}

interface JobDone {
  readonly event: AssistResult['events'][number] | null;
  readonly made: boolean;
}

async function workJob(deps: Deps, ref: LeadRef, job: AssistJob): Promise<JobDone> {
  try {
    if (job.job === 'read') return { event: await readOne(deps, ref, job), made: false };
    return { event: null, made: await summarise(deps, ref, job) };
  } catch (error) {
    if (isAppError(error)) throw error;
    deps.log.error({ err: error, inboxId: job.inboxId, job: job.job }, 'the assistant stumbled over a message');
    const again = job.attempts + 1 < TRIES;
    const now = isoNow(deps);
    await deps.drafts.settleJob(
      ref,
      job,
      again ? { state: 'waiting', dueAt: later(now, AGAIN_MS) } : { state: 'absent', why: 'INTERNAL', cost: 0 },
      [],
      now,
    );
    return { event: null, made: false };
  }
}

async function workReply(deps: Deps, ref: LeadRef, owed: ReplyOwed): Promise<boolean> {
  try {
    return await reply(deps, ref, owed);
  } catch (error) {
    if (isAppError(error)) throw error;
    deps.log.error({ err: error, inboxId: owed.inboxId }, 'the assistant stumbled over a reply');
    if (owed.attempts + 1 < TRIES) {
      await deps.drafts.postponeReply(ref, owed.inboxId, later(deps.now(), AGAIN_MS));
      return false;
    }
    return deps.drafts.forgive(ref, owed.inboxId, [answerByHand(owed.inboxId, 'words')], isoNow(deps));
  }
}

/** The assistant could not be asked: the rules' reading stands, and a person answers. */
export async function giveUp(deps: Deps, ref: LeadRef): Promise<void> {
  const now = isoNow(deps);
  for (;;) {
    const jobs = await deps.drafts.jobs(ref, AT_ONCE);
    if (jobs.length === 0) break;
    const absent = { state: 'absent', why: 'provider', cost: 0 } as const;
    for (const job of jobs) await deps.drafts.settleJob(ref, job, absent, [], now);
  }
  const owed = await deps.drafts.owed(ref);
  if (owed !== undefined) await deps.drafts.forgive(ref, owed.inboxId, [answerByHand(owed.inboxId, 'away')], now);
}

/** When it is asked next, by stored facts. */
async function next(deps: Deps, ref: LeadRef): Promise<AssistNext | null> {
  const [waits, lead] = await Promise.all([deps.drafts.waits(ref), deps.leads.load(ref)]);
  return lead === undefined || lead.deletedAt !== null ? null : assistNext(waits, lead.snapshot?.timezone ?? null);
}

function isDue(at: Iso, now: Iso): boolean {
  return Date.parse(at) <= Date.parse(now);
}
