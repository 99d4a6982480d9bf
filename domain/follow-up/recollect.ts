import type { Iso } from '../glossary.ts';
import type { OutboxDraft } from '../ports/outbox.ts';
import type { Unclaimed } from '../ports/restores.ts';
import { isMessage } from '../glossary.ts';
import { bearsWordsOf } from './merge.ts';

type Send = Unclaimed['sends'][number];
type Words = Pick<OutboxDraft, 'channel' | 'content'>;

/** What is to be sent, as far as it tells whether it was sent before. */
export interface Wanted extends Words {
  readonly onceKey: string;
  /** When it was claimed in the database as it now is. */
  readonly claimedAt: Iso;
  /** The step's due time and its enrolment's beginning; null for sends that belong to no step. */
  readonly step: { readonly dueAt: Iso; readonly enrolledAt: Iso } | null;
}

export type Recollection =
  { readonly kind: 'was-sent'; readonly send: Send } | { readonly kind: 'may-have-been'; readonly send: Send };

/**
 * Was this sent in the lost time? Each message or task of ours that was read back from the CRM stands for one send at most.
 * One that bears the words of the template, whatever its merge fields were filled with then, is this send. One that bears other words
 * than these and than those of every other send of the lead may still be it (a document of another version, a vendor that rewrites
 * texts): a send that can have happened in the lost time is then left to a human. Undefined: it may go out.
 * @param others  what else this lead has before it: steps not done, other open sends
 */
export function recollect(wanted: Wanted, unclaimed: Unclaimed, others: readonly Words[]): Recollection | undefined {
  const { sends, until } = unclaimed;
  const same = sends.find((send) => saysSame(wanted, send) && mayBeOfThen(wanted, unclaimed));
  if (same !== undefined) return { kind: 'was-sent', send: same };
  if (!isMessage(wanted.channel) || !isInDoubt(wanted, until)) return undefined;
  const strange = sends.find((send) => !others.some((other) => saysSame({ ...other, onceKey: '' }, send)));
  return strange === undefined ? undefined : { kind: 'may-have-been', send: strange };
}

/**
 * The same words, merge fields apart, also with something before or after them: vendors add footers. A task of a decision tells numbers
 * and reasons, which may have changed; its title says what it is.
 */
function saysSame({ channel, content, onceKey }: Words & { readonly onceKey: string }, send: Send): boolean {
  if (channel !== send.channel) return false;
  if (channel !== 'call-task') return bearsWordsOf(content.body, send.body);
  if (content.title !== undefined && !bearsWordsOf(content.title, send.title ?? '')) return false;
  const ofDecision = content.title !== undefined && onceKey !== '' && !onceKey.startsWith('enrolment:');
  return ofDecision || bearsWordsOf(content.body, send.body);
}

/** A task that follows from an event received after the lost time is a new one, whatever an older one says. */
function mayBeOfThen({ channel, onceKey, claimedAt }: Wanted, { until, eventAt }: Unclaimed): boolean {
  if (channel !== 'call-task' || onceKey.startsWith('enrolment:')) return true;
  return eventAt === null ? !isAfter(claimedAt, until) : !isAfter(eventAt, until);
}

/** Claimed or due before the end of the lost time, or of an enrolment made after it, which may repeat one that was lost. */
function isInDoubt({ claimedAt, step }: Wanted, until: Iso): boolean {
  if (!isAfter(claimedAt, until)) return true;
  return step !== null && (!isAfter(step.dueAt, until) || isAfter(step.enrolledAt, until));
}

function isAfter(a: Iso, b: Iso): boolean {
  return Date.parse(a) > Date.parse(b);
}
