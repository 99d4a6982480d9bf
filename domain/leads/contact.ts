import type { Iso } from '../glossary.ts';

export type FieldValue = string | number | boolean | readonly unknown[] | Readonly<Record<string, unknown>> | null;

/** Do-not-disturb of one channel: `on` blocks (vendor: active, permanent), `unknown` when the vendor did not say. */
export type Dnd = 'on' | 'off' | 'unknown';

/** What we last knew of a contact in the CRM. A missing key is unknown; null is known to be empty. */
export interface ContactSnapshot {
  readonly firstName?: string | null;
  readonly lastName?: string | null;
  readonly email?: string | null;
  /** E.164 */
  readonly phone?: string | null;
  /** IANA zone of the contact. */
  readonly timezone?: string | null;
  readonly state?: string | null;
  readonly country?: string | null;
  readonly postalCode?: string | null;
  readonly source?: string | null;
  readonly assignedTo?: string | null;
  readonly tags?: readonly string[];
  /** By custom field id. */
  readonly customFields?: Readonly<Record<string, FieldValue>>;
  readonly dnd?: boolean | null;
  readonly dndChannels?: Readonly<Partial<Record<'sms' | 'email' | 'call', Dnd>>>;
  readonly dateAdded?: Iso | null;
  /** When the CRM last said that the contact was created: a deletion before that is undone. */
  readonly toldCreatedAt?: Iso | null;
  /** Time of the news that each field came with, by path (`phone`, `customFields.<id>`); kept by `mergeSnapshot` alone. */
  readonly knownAt?: Readonly<Record<string, Iso>>;
}

/** Only the fields that one delivery carried. */
export type ContactPatch = Partial<ContactSnapshot>;
