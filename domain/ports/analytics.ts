import type { Iso } from '../glossary.ts';
import type { PageRequest } from './page.ts';

/** Something that is counted later: a page viewed, a mail opened, a touch answered. */
export interface AnalyticsEvent {
  /**
   * A UUID made of what the event is, not of when it was told: a repeat bears the same one and the same instant, and is stored once.
   * The events lie in one table per month, and a key can only be unique together with the instant that chooses the month.
   */
  readonly eventId: string;
  readonly at: Iso;
  readonly type: string;
  readonly contactId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Events of one type from `from` on and before `to`. */
export interface OfType extends PageRequest {
  readonly type: string;
  readonly from: Iso;
  readonly to: Iso;
}
