import { readMessage } from '../domain/leads/read-message.ts';

/** Words that every reader has a look at. */
const WORDS = 'Hi, I want to buy a 3 bed house in Austin for 450k, not now: may I see it on Friday?';

/**
 * The patterns by which messages are read are compiled when they first meet a text, which takes a second of processor time. Done at the
 * start, it holds up nobody who has written.
 */
export function warmRules(): void {
  readMessage(WORDS, { optedOut: false });
}
