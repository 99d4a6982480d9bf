import { isOwnContactEcho, isOwnMessageEcho, isOwnRecordEcho, landedSend } from '../crm/own-write.ts';
import { mergeRecord } from '../crm/record-merge.ts';
import { type Fact, type Facts, leadRecordKinds, type RecordChange, type RecordNews } from '../crm/records.ts';
import type { InboxVerdict } from '../ports/inbox.ts';
import type { Prior } from '../ports/crm-records.ts';
import type { LeadEvent } from '../webhooks/event.ts';
import { outranks } from '../webhooks/message-status.ts';
import type { ContactSnapshot } from './contact.ts';
import { contactChanges } from './contact-changes.ts';
import { blocked } from './endings.ts';
import type { Lead } from './lead.ts';
import { mergeSnapshot } from './merge-snapshot.ts';
import type { Location } from './settings.ts';
import { isHumanMessage } from './state-after.ts';

/** Reasons of events that change nothing: they repeat what is known, or what we did ourselves comes back. */
export const NOTHING_NEW = 'twin: nothing new';
const OWN_WRITE = 'echo: our own write';

/** What level 0 makes of an event. `keep`: nothing is decided because of it, and yet what it tells is stored. */
export type Admission =
  | { readonly work: true; readonly change: RecordChange | null }
  | { readonly work: false; readonly reason: string; readonly keep?: 'record' | 'contact' | 'status' }
  /** A send of ours whose outcome was not known: it has landed. */
  | { readonly work: false; readonly reason: string; readonly keep: 'send'; readonly sendId: string };

export interface Arrival {
  readonly event: LeadEvent;
  readonly verdict: InboxVerdict;
  readonly location: Pick<Location, 'status'>;
  readonly lead: Lead;
  readonly known: boolean;
  readonly prior: Prior;
  /** False only as a bench's control: what comes back is then worked like news. */
  readonly echoGuard: boolean;
}

/**
 * Is there something to decide? Several events of one change differ from what is known only once: the first of them is worked, the
 * others change nothing. So it is with what we wrote ourselves, which is known before it comes back.
 */
export function admission(arrival: Arrival): Admission {
  const { event, verdict, location } = arrival;
  if (verdict !== 'received' && verdict !== 'dispatched') return ignore(`already ${verdict}`);
  if (location.status === 'uninstalled') return ignore('location uninstalled');
  if (event.type === 'lead.resume') return ignore('resume');
  if (event.record !== undefined) return ofRecord(arrival, event.record);
  if (carryNothing.has(event.kind)) return ignore(`nothing to do for ${event.kind}`);
  return (arrival.echoGuard ? (ofContact(arrival) ?? ofMessage(arrival)) : null) ?? { work: true, change: null };
}

const carryNothing: ReadonlySet<LeadEvent['kind']> = new Set([
  ...(['appointment', 'opportunity', 'task', 'note'] as const),
  ...(['lifecycle', 'other', 'unknown'] as const),
]);

function ignore(reason: string): Admission {
  return { work: false, reason };
}

function ofRecord({ prior, echoGuard }: Arrival, news: RecordNews): Admission {
  const { change } = mergeRecord(prior.record, news);
  if (!leadRecordKinds.some((kind) => kind === news.kind)) {
    return { work: false, reason: `kept: ${news.kind}`, keep: 'record' };
  }
  if (!echoGuard) return { work: true, change };
  // Its time is kept: older news of another kind must not come to count as newer.
  if (change.what === 'none') return { work: false, reason: NOTHING_NEW, keep: 'record' };
  if (isOwnRecordEcho(change, news, prior.record, prior.writes)) {
    return { work: false, reason: OWN_WRITE, keep: 'record' };
  }
  return { work: true, change };
}

const updates: ReadonlySet<LeadEvent['kind']> = new Set(['contact.updated', 'contact.tagged', 'contact.dnd']);

function ofContact({ event, lead, known, prior }: Arrival): Admission | null {
  if (!updates.has(event.kind) || !known || lead.snapshot === null || event.contact === undefined) return null;
  const merged = mergeSnapshot(lead.snapshot, lead.snapshotAt, event.contact, event.occurredAt);
  // Its time is kept here, too: what is older than this must not come to count as newer.
  // What a read has shown before its event was told to nobody, and still ends what it ends.
  if (!merged.changed && event.kind === 'contact.dnd' && isTheirDnd(merged.snapshot, prior.writes)) return null;
  if (!merged.changed) return { work: false, reason: 'echo: nothing new', keep: 'contact' };
  if (!isOwnContactEcho(contactChanges(lead.snapshot, merged.snapshot), prior.writes)) return null;
  return { work: false, reason: OWN_WRITE, keep: 'contact' };
}

/** Is a channel closed that we have not closed ourselves? */
function isTheirDnd(snapshot: ContactSnapshot, writes: Prior['writes']): boolean {
  const ours = writes.flatMap(({ kind, facts }) => (kind === 'contact' ? [facts['dnd']] : []));
  return blocked(snapshot).some((channel) => !ours.some((dnd) => closes(dnd, channel)));
}

function closes(dnd: Fact | undefined, channel: string): boolean {
  const isGroup = typeof dnd === 'object' && dnd !== null && !Array.isArray(dnd);
  return isGroup && (dnd as Facts)[channel] === 'on';
}

/** Reports of a message that is known tell of its delivery alone, unless they bring its missing text, or the person who wrote it. */
function ofMessage({ event: { message, occurredAt }, prior }: Arrival): Admission | null {
  if (message === undefined) return null;
  if (prior.message === null) {
    const landed = landedSend(message, occurredAt, prior.unsettled, prior.writes);
    if (landed !== undefined) return { work: false, reason: OWN_WRITE, keep: 'send', sendId: landed.sendId };
    return isOwnMessageEcho(message, prior.writes) ? ignore(OWN_WRITE) : null;
  }
  if (prior.message.body === '' && message.body !== '') return null;
  if (prior.message.origin === null && isHumanMessage(message)) return null;
  if (message.status === undefined || !outranks(message.status, prior.message.status)) return ignore(NOTHING_NEW);
  return { work: false, reason: 'status of a known message', keep: 'status' };
}

/** What level 0 has to look up for this event; undefined: nothing. */
export function lookedUp(
  event: LeadEvent,
): { readonly record?: RecordNews; readonly message?: { readonly id: string; readonly inboxId: string } } | undefined {
  if (event.record !== undefined) return { record: event.record };
  const id = event.message?.messageId;
  if (event.message !== undefined) return id === undefined ? {} : { message: { id, inboxId: event.inboxId } };
  return updates.has(event.kind) ? {} : undefined;
}
