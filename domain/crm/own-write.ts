import type { ContactChange } from '../leads/contact-changes.ts';
import type { Iso } from '../glossary.ts';
import type { MessageFact } from '../webhooks/event.ts';
import { canonical } from '../webhooks/payload.ts';
import type { CrmRecord, Fact, Facts, RecordChange, RecordKind, RecordNews } from './records.ts';

/** Something that we write into the CRM, in words of what its webhook will show. */
export interface OwnWrite {
  /** Names the write, e.g. `plan:<version>` or the id of the send: announced twice it is one. */
  readonly key: string;
  readonly kind: RecordKind | 'contact' | 'message';
  /** Null while a record is being created, and for a contact. */
  readonly recordId: string | null;
  /**
   * Of a record: its facts, as in `domain/crm/records.ts`; `deleted: true` for a deletion. Of a contact: `tagsAdded`, `tagsRemoved`
   * (lists), `fields` (value by field id), `assignedTo`, `dnd` (`on` or `off` by channel), each if it is written. Of a message: `channel`
   * and `body`.
   */
  readonly facts: Facts;
}

/** A message as it was stored by another event, or by our own send. */
export interface PriorMessage {
  readonly status: string | null;
  readonly body: string;
  readonly origin: string | null;
}

/** States of a send that reached the CRM or not: what comes back says which. */
export const UNSETTLED: readonly string[] = ['unknown', 'parked', 'not-sent'];

/** A text or e-mail of ours whose call began, and of which nobody knows the CRM's id. */
export interface UnsettledSend {
  readonly sendId: string;
  readonly channel: string;
  readonly body: string;
  /** When its call began, by our clock. */
  readonly since: Iso;
}

/** Facts that somebody decides, by kind; the others only describe. */
const decisive: Readonly<Partial<Record<RecordKind, readonly string[]>>> = {
  opportunity: ['pipelineId', 'stageId', 'status', 'assignedTo'],
  appointment: ['status', 'startsAt', 'calendarId'],
  task: ['completed'],
};
/** What the CRM sets by itself where a write names nothing. */
const setByItself: Readonly<Record<string, readonly Fact[]>> = {
  status: ['open', 'new', 'confirmed'],
  assignedTo: [null],
  completed: [false],
};
/** The CRM tells more of a record than we wrote; so long after our write this is still our own doing. */
const SETTLING_MS = 10 * 60_000;

/**
 * Is this news of a record only what a write of ours has done? By a write that is announced and may be under way, or by one that is
 * stored already, to which the CRM adds what we left open. What somebody decided otherwise is never ours.
 */
export function isOwnRecordEcho(
  change: RecordChange,
  news: RecordNews,
  before: CrmRecord | null,
  writes: readonly OwnWrite[],
): boolean {
  const ofKind = writes.filter(({ kind }) => kind === news.kind);
  if (change.what === 'deleted')
    return ofKind.some(({ recordId, facts }) => recordId === news.recordId && facts['deleted'] === true);
  if (ofKind.some((write) => isMeant(write, news, before) && Object.keys(change.facts).every(explainedBy(write)))) {
    return true;
  }
  const ownAt = before?.ownAt ?? null;
  if (ownAt === null || Math.abs(Date.parse(news.at) - Date.parse(ownAt)) > SETTLING_MS) return false;
  return Object.keys(change.facts).every(explainedBy({ facts: {} }));

  function explainedBy({ facts }: Pick<OwnWrite, 'facts'>): (key: string) => boolean {
    return (key) => {
      const { before: known, after = null } = change.facts[key] ?? {};
      if (Object.hasOwn(facts, key)) return same(facts[key], after);
      if (known !== undefined) return false;
      return !(decisive[news.kind] ?? []).includes(key) || (setByItself[key] ?? []).some((value) => same(value, after));
    };
  }
}

/** One that is being created has no id yet: it is known by what it was created with, and only as long as nobody knew the record. */
function isMeant(write: OwnWrite, news: RecordNews, before: CrmRecord | null): boolean {
  if (write.recordId !== null) return write.recordId === news.recordId;
  if (before !== null) return false;
  const told = Object.keys(write.facts).filter((key) => Object.hasOwn(news.facts, key));
  return told.length > 0 && told.every((key) => same(write.facts[key], news.facts[key]));
}

/** Is all that changed of a contact what we were about to write? */
export function isOwnContactEcho(changes: readonly ContactChange[], writes: readonly OwnWrite[]): boolean {
  const ours = writes.filter(({ kind }) => kind === 'contact').map(({ facts }) => facts);
  return (
    ours.length > 0 && changes.length > 0 && changes.every((change) => ours.some((facts) => explains(facts, change)))
  );
}

/** Is this message one that we are sending just now? What a person of the team writes at the same time is another one. */
export function isOwnMessageEcho(message: MessageFact, writes: readonly OwnWrite[]): boolean {
  if (message.direction !== 'outbound' || (message.origin ?? 'api') !== 'api') return false;
  return writes.some(
    ({ kind, facts }) =>
      kind === 'message' && facts['channel'] === message.channel && plain(facts['body']) === plain(message.body),
  );
}

/** Clocks differ, and a message is never older than its sending by more. */
const CLOCKS_MS = 5 * 60_000;

/**
 * Which send of unknown outcome is this message? The first one that it could be. Undefined where one that is under way just now may be
 * meant: its own call tells.
 */
export function landedSend(
  message: MessageFact,
  at: Iso,
  unsettled: readonly UnsettledSend[],
  writes: readonly OwnWrite[],
): UnsettledSend | undefined {
  if (message.messageId === undefined) return undefined;
  const underWay = writes.filter(({ key }) => !unsettled.some(({ sendId }) => sendId === key));
  if (isOwnMessageEcho(message, underWay)) return undefined;
  return unsettled.find(
    ({ sendId, channel, body, since }) =>
      Date.parse(message.at ?? at) >= Date.parse(since) - CLOCKS_MS &&
      isOwnMessageEcho(message, [{ key: sendId, kind: 'message', recordId: null, facts: { channel, body } }]),
  );
}

/** Mails come back with other line breaks and blanks than they went out with. */
function plain(text: Fact | undefined): string {
  return typeof text === 'string' ? text.replace(/\s+/g, ' ').trim() : '';
}

function explains(facts: Facts, change: ContactChange): boolean {
  if (change.field === 'tags') {
    return isWithin(change.added, facts['tagsAdded']) && isWithin(change.removed, facts['tagsRemoved']);
  }
  const [group, name] = splitPath(change.field);
  if (group === 'customFields') return name !== undefined && sameText(at(facts['fields'], name), change.after);
  if (group === 'dndChannels') return name !== undefined && same(at(facts['dnd'], name), change.after);
  return group === 'assignedTo' && Object.hasOwn(facts, 'assignedTo') && same(facts['assignedTo'], change.after);
}

function splitPath(path: string): [string, string | undefined] {
  const dot = path.indexOf('.');
  return dot < 0 ? [path, undefined] : [path.slice(0, dot), path.slice(dot + 1)];
}

function isWithin(tags: readonly string[], of: Fact | undefined): boolean {
  const named = new Set(Array.isArray(of) ? of.map((tag) => String(tag).trim().toLowerCase()) : []);
  return tags.every((tag) => named.has(tag.trim().toLowerCase()));
}

function at(group: Fact | undefined, name: string): Fact | undefined {
  const isGroup = typeof group === 'object' && group !== null && !Array.isArray(group);
  return isGroup && Object.hasOwn(group, name) ? (group as Facts)[name] : undefined;
}

function same(a: unknown, b: unknown): boolean {
  return a !== undefined && canonical(a) === canonical(b);
}

/** The CRM gives numbers of some fields back as text. */
function sameText(a: unknown, b: unknown): boolean {
  const isPlain = (value: unknown) => typeof value === 'string' || typeof value === 'number';
  return same(a, b) || (isPlain(a) && isPlain(b) && String(a) === String(b));
}
