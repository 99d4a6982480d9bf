import { AppError, isAppError } from '../domain/errors.ts';
import type { Iso } from '../domain/glossary.ts';
import { admission } from '../domain/leads/admission.ts';
import type { Absence } from '../domain/leads/decision.ts';
import { type EventDiff, eventDiff } from '../domain/leads/event-diff.ts';
import { keptChanges, type ReplayChanges, replayChanges } from '../domain/leads/replay-changes.ts';
import type { InboxTools } from '../domain/ports/inbox-tools.ts';
import type { InboxVerdict } from '../domain/ports/inbox.ts';
import { isStale } from '../domain/webhooks/freshness.ts';
import { type CaseFile, openCaseFile } from './case-file.ts';
import { type ContactlessDeps, contactlessWords } from './contactless-words.ts';
import { type Deps, isoNow } from './deps.ts';
import { changeOf, judge } from './judge.ts';
import { qualify, refuse, understand } from './leads.ts';

/** What would become of an event if it were worked now. */
export interface ReplayPreview {
  readonly inboxId: string;
  readonly type: string;
  readonly kind: string;
  readonly verdict: InboxVerdict;
  readonly locationId: string | null;
  readonly contactId: string | null;
  readonly occurredAt: Iso;
  /** Has it a final verdict, so that it can be taken up again? */
  readonly wouldReopen: boolean;
  /** Older than fifteen minutes now: it changes state and texts nobody. */
  readonly old: boolean;
  /** `worked`, or passed over with its reason; `no lead`: only its own handling is repeated. */
  readonly outcome:
    { readonly kind: 'worked' | 'no lead' } | { readonly kind: 'ignored' | 'unreadable'; readonly why: string };
  readonly changes: ReplayChanges;
  /** What is judged without: the CRM is not asked. */
  readonly without: readonly Absence['what'][];
}

/**
 * Levels 0 to 3 against the stored facts as of now; nothing is written.
 * @param deps  stores that cannot write: the database itself refuses it
 * @throws EVENT_UNKNOWN
 */
export async function previewReplay(
  deps: Deps & ContactlessDeps,
  tools: Pick<InboxTools, 'alreadyMade'>,
  inboxId: string,
): Promise<ReplayPreview> {
  const row = await deps.inbox.load(inboxId);
  if (row === undefined) throw new AppError('EVENT_UNKNOWN', `expected the id of a stored event, got ${inboxId}`);
  const now = isoNow(deps);
  const { type, kind, verdict, locationId, contactId } = row;
  const occurredAt = row.occurredAt ?? row.receivedAt;
  const about = {
    ...{ inboxId, type, kind, verdict, locationId, contactId, occurredAt },
    wouldReopen: row.workedAt !== null,
    old: isStale(occurredAt, now),
  };
  if (locationId === null || contactId === null) {
    const does = await contactlessWords(deps, row);
    return { ...about, outcome: { kind: 'no lead' }, changes: { does }, without: [] };
  }
  const quiet: Deps = { ...deps, crm: askingNothing(deps.crm), measure: () => undefined };
  let file: CaseFile;
  try {
    const opened = await openCaseFile(quiet, { locationId, contactId }, inboxId);
    file = { ...opened, verdict: 'received', takenUpAt: now };
  } catch (error) {
    if (!isAppError(error) || error.code !== 'EVENT_UNKNOWN') throw error;
    return { ...about, outcome: { kind: 'unreadable', why: error.message }, changes: {}, without: [] };
  }
  const why = refuse(file);
  if (why !== null) {
    const changes = keptChanges({ ...file, admitted: admission(file) });
    return { ...about, outcome: { kind: 'ignored', why }, changes, without: [] };
  }
  const changes = await changesOf(quiet, tools, file, now);
  return { ...about, outcome: { kind: 'worked' }, changes, without: file.absent.map(({ what }) => what) };
}

async function changesOf(
  deps: Deps,
  tools: Pick<InboxTools, 'alreadyMade'>,
  file: CaseFile,
  now: Iso,
): Promise<ReplayChanges> {
  const { ref } = file;
  const { inboxId } = file.event;
  const heard = await understand(deps, file);
  const found = { ...heard, ...(await qualify(deps, file, heard.reading)) };
  const [standing, stored] = await Promise.all([deps.leads.standing(ref, inboxId, now), deps.leads.plan(ref)]);
  const { decision } = await judge(deps, file, standing, found, now);
  const onceKeys = decision.tasks.map(({ onceKey }) => onceKey);
  return replayChanges({
    lead: file.lead,
    known: file.known,
    snapshot: found.snapshot,
    decision,
    plan: stored?.plan ?? null,
    made: await tools.alreadyMade(ref, inboxId, onceKeys),
    record: changeOf(file),
    sequences: Object.fromEntries(standing.enrolments.map(({ enrolmentId, document }) => [enrolmentId, document.key])),
  });
}

/** An event against what is known now, in names and a sentence. */
export interface KnownDiff extends EventDiff {
  readonly inboxId: string;
  readonly type: string;
  readonly occurredAt: Iso;
  /** Of an opportunity, an appointment …: what it changes; null where the event carries none, or nothing new of it. */
  readonly record: { readonly kind: string; readonly what: string; readonly facts: readonly string[] } | null;
  readonly says: string;
}

/** @throws EVENT_UNKNOWN, also for an event of no lead */
export async function diffEvent(deps: Deps, inboxId: string): Promise<KnownDiff> {
  const row = await deps.inbox.load(inboxId);
  if (row === undefined) throw new AppError('EVENT_UNKNOWN', `expected the id of a stored event, got ${inboxId}`);
  const { type, locationId, contactId } = row;
  const occurredAt = row.occurredAt ?? row.receivedAt;
  const about = { inboxId, type, occurredAt };
  if (locationId === null || contactId === null) {
    return { ...about, newer: [], older: [], record: null, says: 'nothing: it concerns no lead' };
  }
  const opened = await openCaseFile(deps, { locationId, contactId }, inboxId);
  // As if it were worked now: one that was worked is compared like any other.
  const file: CaseFile = { ...opened, verdict: 'received' };
  const { lead, event } = file;
  const diff =
    event.contact === undefined
      ? { newer: [], older: [] }
      : eventDiff(lead.snapshot, lead.snapshotAt, event.contact, event.occurredAt);
  const change = changeOf(file);
  const facts = change === null ? [] : Object.keys(change.facts);
  const record = change === null || facts.length === 0 ? null : { kind: change.kind, what: change.what, facts };
  return { ...about, ...diff, record, says: inWords(diff, record) };
}

function inWords({ newer, older }: EventDiff, record: KnownDiff['record']): string {
  const changes = [...newer, ...(record === null ? [] : record.facts.map((fact) => `${record.kind} ${fact}`))];
  if (changes.length > 0) return `would change ${changes.join(', ')}`;
  return older.length > 0 ? 'nothing: older than what is known' : 'nothing: all that it says is known';
}

/** Which field is which is remembered for a while; where it is not, nobody is asked, and what rests on it is judged without. */
function askingNothing(crm: Deps['crm']): Deps['crm'] {
  const unasked = (): Promise<never> =>
    Promise.reject(new AppError('CRM_UNAVAILABLE', 'a preview does not ask the CRM'));
  return new Proxy(crm, {
    get: (of, name) =>
      name === 'fieldIds' ? (locationId: string) => of.fieldIds(locationId, { remembered: true }) : unasked,
  });
}
