import { type StoredCrmPlan, wholePlan } from '../crm/plan.ts';
import { mergeRecord } from '../crm/record-merge.ts';
import { recordChangeWords } from '../crm/record-words.ts';
import type { RecordChange } from '../crm/records.ts';
import { stepWords } from '../follow-up/step-words.ts';
import type { Prior } from '../ports/crm-records.ts';
import type { AlreadyMade } from '../ports/inbox-tools.ts';
import type { LeadEvent } from '../webhooks/event.ts';
import type { Admission } from './admission.ts';
import { sameTag } from './activation.ts';
import type { ContactSnapshot } from './contact.ts';
import { contactChanges } from './contact-changes.ts';
import type { Decision } from './decision.ts';
import type { Lead } from './lead.ts';
import { mergeSnapshot } from './merge-snapshot.ts';

interface Turn {
  readonly from: string | number | null;
  readonly to: string | number | null;
}

/** What would become other than it is, if an event were worked now. What is absent stays; no value of the contact is in it. */
export interface ReplayChanges {
  readonly stage?: Turn;
  readonly tier?: Turn;
  /** Rounded, as the CRM shows it. */
  readonly score?: Turn;
  readonly state?: Turn;
  /** Names of facts of the contact that the event would change in what we know. */
  readonly contact?: readonly string[];
  /** In the CRM. */
  readonly tags?: { readonly add: readonly string[]; readonly remove: readonly string[] };
  /** Keys of custom fields that would be set anew in the CRM. */
  readonly fields?: readonly string[];
  /** Titles of tasks, and other things that would be made once in the CRM. */
  readonly tasks?: readonly string[];
  readonly enrolments?: { readonly begin: readonly string[]; readonly end: readonly string[] };
  /** First messages of sequences that would begin. Each still has to pass the gate. */
  readonly sends?: readonly string[];
  readonly optOut?: { readonly suppress: readonly string[]; readonly release: readonly string[] };
  /** Of an opportunity, an appointment, a task, a note …: what becomes of it, then its facts. */
  readonly record?: readonly string[];
  /** Of a message that is known: how far it has come. */
  readonly message?: readonly string[];
  /** What its own handling would do, in words: of an event that concerns no lead. */
  readonly does?: readonly string[];
}

export interface ReplaySituation {
  readonly lead: Lead;
  readonly known: boolean;
  readonly snapshot: ContactSnapshot | null;
  readonly decision: Decision;
  /** What is wanted in the CRM at present. */
  readonly plan: StoredCrmPlan | null;
  readonly made: AlreadyMade;
  /** What the event tells of a record of the CRM; null: it carries none. */
  readonly record: RecordChange | null;
  /** Keys of the lead's sequences, by enrolment. */
  readonly sequences: Readonly<Record<string, string>>;
}

/** The differences between a lead as it stands and as a decision would leave it. */
export function replayChanges(situation: ReplaySituation): ReplayChanges {
  const { lead, known, decision, made, sequences } = situation;
  const tasks = decision.tasks.filter(({ onceKey }) => !made.onceKeys.includes(onceKey));
  const begun = decision.enrol.map(({ document }) => document).filter(({ key }) => !made.sequences.includes(key));
  const messages = begun.flatMap((document) => {
    const step = document.steps.find(({ channel }) => channel === 'sms' || channel === 'email');
    return step === undefined ? [] : stepWords(document, step);
  });
  return filled({
    stage: turn(known ? lead.stage : null, decision.stage),
    tier: turn(lead.tier, decision.tier),
    score: decision.score === null ? undefined : turn(rounded(lead.score?.value), rounded(decision.score.value)),
    state: turn(lead.state, decision.state),
    contact: contactChanges(lead.snapshot, situation.snapshot).map(({ field }) => field),
    ...crmChanges(situation),
    tasks: tasks.map(({ content, channel }) => content.title ?? channel),
    enrolments: {
      begin: begun.map(({ key }) => key),
      end: decision.end.map(({ enrolmentId, reason }) => `${sequences[enrolmentId] ?? 'a sequence'}: ${reason}`),
    },
    sends: messages,
    optOut: { suppress: decision.suppress, release: decision.release },
    record: recordWords(situation.record),
  });
}

/** What is stored of an event although nothing is decided because of it. */
export function keptChanges({ event, lead, prior, admitted }: Kept): ReplayChanges {
  if (admitted.work || admitted.keep === undefined) return {};
  const { contact, record, message } = event;
  if (admitted.keep === 'record') {
    return filled({ record: recordWords(record === undefined ? null : mergeRecord(prior.record, record).change) });
  }
  if (admitted.keep === 'status') {
    return message?.status === undefined
      ? {}
      : { message: [`status: ${prior.message?.status ?? 'unknown'} → ${message.status}`] };
  }
  if (contact === undefined) return {};
  const { snapshot } = mergeSnapshot(lead.snapshot, lead.snapshotAt, contact, event.occurredAt);
  return filled({ contact: contactChanges(lead.snapshot, snapshot).map(({ field }) => field) });
}

interface Kept {
  readonly event: LeadEvent;
  readonly lead: Lead;
  readonly prior: Prior;
  readonly admitted: Admission;
}

function recordWords(change: RecordChange | null): readonly string[] {
  return change === null ? [] : recordChangeWords(change);
}

function crmChanges({ decision, plan: stored, snapshot }: ReplaySituation): Pick<ReplayChanges, 'tags' | 'fields'> {
  if (decision.plan === null) return {};
  const plan = wholePlan(decision.plan);
  const before = stored === null ? null : wholePlan(stored);
  const worn = new Set((snapshot?.tags ?? before?.addTags ?? []).map(sameTag));
  return {
    tags: {
      add: plan.addTags.filter((tag) => !worn.has(sameTag(tag))),
      remove: plan.removeTags.filter((tag) => worn.has(sameTag(tag))),
    },
    fields: Object.keys(plan.fields).filter((key) => plan.fields[key] !== before?.fields[key]),
  };
}

function turn(from: Turn['from'], to: Turn['to']): Turn | undefined {
  return from === to ? undefined : { from, to };
}

function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Math.round(value);
}

/** Without what stays as it is: undefined, empty lists and objects of empty lists. */
function filled(changes: { readonly [K in keyof ReplayChanges]: ReplayChanges[K] | undefined }): ReplayChanges {
  const says = (value: unknown): boolean => {
    if (value === undefined) return false;
    if (Array.isArray(value)) return value.length > 0;
    if (typeof value !== 'object' || value === null) return true;
    const inner = Object.values(value);
    return inner.some((one) => !Array.isArray(one)) || inner.some(says);
  };
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => says(value)));
}
