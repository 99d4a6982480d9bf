import type { Iso } from '../glossary.ts';

/**
 * Why a person is not written to by one channel. Several may hold at once, each is lifted by what is said here and by nothing else, and
 * none of them expires.
 */
export const suppressionReasons = [
  /** The CRM's mail system reports that the address does not take e-mails, or three in a row did not arrive. Never lifted. */
  'bounce',
  /** A carrier reports that the number takes no texts. Never lifted. */
  'unreachable',
  /** The person said so in a message; they take it back by one (START). */
  'opt-out',
  /** A message may have meant so. Lifted, or made an opt-out, by the answer of somebody who has read it, or by the person's own plain word. */
  'possible-opt-out',
  /** The person used the link in an e-mail of ours; they take it back on that page. */
  'link',
  /** The person used the link that the CRM puts into e-mails. Never lifted by us. */
  'unsubscribe',
  /** The person reported an e-mail as unwanted. Never lifted. */
  'complaint',
] as const;
export type SuppressionReason = (typeof suppressionReasons)[number];

/** By which the person wants no more e-mails, as opposed to an address that does not work: everybody of the team is told. */
export const unsubscribedBy: readonly SuppressionReason[] = ['link', 'unsubscribe', 'complaint'];

/** One reason that holds, or held. */
export interface Suppression {
  readonly channel: 'sms' | 'email';
  readonly reason: SuppressionReason;
  readonly since: Iso;
  readonly liftedAt: Iso | null;
  /** What it is stored under: a number, an address, or the contact itself, which stays when those change. */
  readonly of: 'phone' | 'email' | 'contact';
  /** The event that said so; null where that is not known. */
  readonly inboxId: string | null;
}
