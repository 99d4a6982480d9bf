import type { Iso } from '../glossary.ts';

/** What GHL's mail system reports of one e-mail and one recipient. */
export interface EmailStat {
  /** Unique in its location: the same report twice is one. */
  readonly key: string;
  /** Vendor's word: delivered, opened, clicked, failed, unsubscribed, complained … */
  readonly event: string;
  /** The address; it is hashed before anything is stored. */
  readonly recipient: string;
  /** The mail's own `Message-Id`, without brackets. */
  readonly messageId: string | null;
  /** SMTP code, where the vendor told one. */
  readonly code: number | null;
  readonly at: Iso;
  /** What a failure is of; null: it is none. */
  readonly failure: EmailFailure | null;
  /** Why the address must not be written to any more; null: it may. */
  readonly suppress: 'bounce' | 'unsubscribe' | 'complaint' | null;
}

/**
 * `address`: it does not exist, or takes no e-mails. `temporary`: it passes, or may. `other`: of the contents, the sender or the systems
 * between; it says nothing of the address.
 */
export type EmailFailure = 'address' | 'temporary' | 'other';

/** E-mails in a row to one address, none of which arrived, after which it counts as one that takes none. */
export const FAILURES_IN_A_ROW = 3;
