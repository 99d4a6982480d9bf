import type { Iso } from '../glossary.ts';

/** What belongs to a lead and is decided upon; each kind has facts of its own. */
export const leadRecordKinds = ['opportunity', 'appointment', 'task', 'note'] as const;
/** Kept for later and decided upon by nobody: stored whole under its kind. */
export const otherKinds = ['record', 'relation', 'association', 'schema', 'campaign', 'conversation', 'plan'] as const;
export type LeadRecordKind = (typeof leadRecordKinds)[number];
/** A user of the CRM is a record, too: an agent of the team. */
export type RecordKind = LeadRecordKind | (typeof otherKinds)[number] | 'user';

/** A fact as the CRM gave it: absent is unknown, null is known to be empty. Instants are in UTC with milliseconds. */
export type Fact = string | number | boolean | null | readonly Fact[] | { readonly [key: string]: Fact };
/**
 * By our own names; of the kinds in `otherKinds` some are the vendor's.
 *
 * - opportunity: pipelineId, stageId, status (open, won, lost, abandoned), name, value (dollars), assignedTo, source, createdAt
 * - appointment: calendarId, groupId, status (new, confirmed, cancelled, showed, noshow, invalid …), assignedTo, users, title, address,
 *   notes, source (`booking_widget`: the person booked it, nobody of the team), startsAt, endsAt, createdAt
 * - task: title, body, assignedTo, dueAt, completed, createdAt
 * - note: body, createdAt
 * - user: name, email
 * - record (of a custom object): objectKey, schemaId, owners, followers, `property.<key>` for each property
 */
export type Facts = Readonly<Record<string, Fact>>;

/** One piece of news of a record. */
export interface RecordNews {
  readonly kind: RecordKind;
  readonly recordId: string;
  /** Undefined: the delivery did not say whose it is. */
  readonly contactId: string | undefined;
  readonly action: 'created' | 'changed' | 'deleted';
  readonly facts: Facts;
  /** When it was so: by the vendor's clock, else when it was received. */
  readonly at: Iso;
  /** False: `at` is our own clock's, for want of the vendor's. */
  readonly timed: boolean;
}

/** A record as stored. */
export interface CrmRecord {
  readonly kind: RecordKind;
  readonly recordId: string;
  readonly contactId: string | null;
  readonly facts: Facts;
  /** Time of the news that each fact came with; `~` before one of our own clock. */
  readonly factsAt: Readonly<Record<string, string>>;
  /** Time of the newest news. */
  readonly knownAt: Iso;
  readonly deletedAt: Iso | null;
  /** When a write of ours was last stored here; null: never. */
  readonly ownAt: Iso | null;
}

/** What one piece of news changed of a record. */
export interface RecordChange {
  readonly kind: RecordKind;
  readonly recordId: string;
  readonly what: 'created' | 'changed' | 'deleted' | 'none';
  /** By fact: what was known before (absent: nothing) and what is known now. */
  readonly facts: Readonly<Record<string, { readonly before?: Fact; readonly after: Fact }>>;
}
