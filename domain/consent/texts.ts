import type { Iso } from '../glossary.ts';
import type { ConsentChannel } from './ledger.ts';

/** Words that people agree to, kept as they were shown. A version never changes: other words are another version. */
export interface ConsentText {
  readonly version: string;
  /** Exactly as shown. */
  readonly words: string;
  readonly channels: readonly ConsentChannel[];
  /**
   * The brokerage says that these words make prior express written consent, 47 CFR 64.1200(f)(9): they name the seller, authorise marketing
   * texts or calls by automated means to the number given, say that agreeing is no condition of a purchase, and are signed.
   */
  readonly written: boolean;
  /** Who may write or call by it. */
  readonly seller: string;
  /** Shown to people since this day. */
  readonly usedFrom: string;
  readonly addedAt: Iso;
  readonly addedBy: string;
}

export const textVersion = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/**
 * Does agreeing to these words make a consent that we write upon? E-mail asks for the person's agreement to e-mail; texts and calls for
 * prior express written consent.
 */
export function suffices(
  text: Pick<ConsentText, 'channels' | 'written'> | undefined,
  channel: ConsentChannel,
): boolean {
  if (text === undefined || !text.channels.includes(channel)) return false;
  return channel === 'email' || text.written;
}
