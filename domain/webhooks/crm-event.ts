import type { EmailStat } from '../crm/email-stat.ts';
import type { RecordNews } from '../crm/records.ts';
import type { Iso } from '../glossary.ts';
import type { ContactPatch } from '../leads/contact.ts';
import type { MessageFact } from './event.ts';

/**
 * Every delivery of the CRM in our own words, by family. What a reader cannot use is absent; a delivery that lacks what its family
 * cannot do without (an id) is `unusable`, with the reason in words that carry nothing of the body.
 */
export type CrmEvent =
  | {
      readonly family: 'contact';
      readonly action: 'created' | 'updated' | 'tagged' | 'dnd' | 'deleted';
      /** Empty for a deletion: what is gone is not updated. */
      readonly patch: ContactPatch;
    }
  | { readonly family: 'message'; readonly message: MessageFact }
  /** Opportunities, appointments, tasks, notes, and all that is kept whole: custom objects, campaigns, conversations, plans. */
  | { readonly family: 'record'; readonly news: RecordNews }
  | {
      readonly family: 'user';
      /** `name` and `email`. */
      readonly news: RecordNews;
      readonly companyId: string | undefined;
      /** Of users of an agency: the locations that they work for. */
      readonly locationIds: readonly string[];
    }
  | ({ readonly family: 'lifecycle' } & Lifecycle)
  | { readonly family: 'email-stat'; readonly stat: EmailStat }
  | { readonly family: 'unusable'; readonly why: string }
  | { readonly family: 'unknown' };

/** What happens to installations and locations themselves. */
export interface Lifecycle {
  readonly what: 'installed' | 'uninstalled' | 'plan' | 'location';
  readonly locationId: string | undefined;
  readonly companyId: string | undefined;
  /** Of a location: only what was told. */
  readonly name?: string;
  /** IANA zone; one that nobody knows is left out. */
  readonly timezone?: string;
  /** Of a plan: the vendor's ids of the old one and the new one. */
  readonly plans?: { readonly before: string | null; readonly after: string | null };
  readonly at: Iso;
}

/** When it happened: the vendor's time of sending, or where it told none the time of receipt. */
export interface EventTime {
  readonly at: Iso;
  readonly timed: boolean;
}

/** What a reader is told besides the body. */
export interface ReadOf extends EventTime {
  readonly type: string;
}

/** The last word of the type says what happened; the vendor's own examples of one family carry another's type. */
export function actionOf(type: string): RecordNews['action'] {
  if (type.endsWith('Create')) return 'created';
  return type.endsWith('Delete') ? 'deleted' : 'changed';
}
