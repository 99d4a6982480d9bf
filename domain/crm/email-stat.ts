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
  /** Why the address must not be written to any more; null: it may. */
  readonly suppress: EmailSuppression | null;
}

/** Weakest first: a stronger reason is never softened by a weaker one. None of them is lifted by the person's writing START. */
export const emailSuppressions = ['bounce', 'unsubscribe', 'complaint'] as const;
export type EmailSuppression = (typeof emailSuppressions)[number];
