import { smsSegments } from '../follow-up/segments.ts';
import type { Channel } from '../glossary.ts';
import { footerLacks } from './email-footer.ts';
import type { WordsFacts } from './facts.ts';

/** Longer texts are cut up by carriers into more parts than anybody reads. */
export const mostSegments = 6;

const OPT_OUT = 'Reply STOP to opt out.';

/**
 * The first text of ours to a person names the sender and says how to opt out: what the words lack is added, before and behind them.
 * @param sender  name of the location
 */
export function withDisclosure(body: string, sender: string): string {
  const named = namesSender(body, sender) ? body : `${sender.trim()}: ${body}`;
  return tellsOptOut(named) ? named : `${named.trimEnd()}\n${OPT_OUT}`;
}

/** What the store knows that the words depend on. */
export interface WordsAsked {
  /** No text of ours has reached this person yet. */
  readonly first: boolean;
  /** What the Do-Not-Call registries say; null where that could not be read. */
  readonly registry: 'listed' | 'clear' | 'unknown' | null;
}

/** The words as they go out: a first text with its disclosure, a task to call with what is known of the registries. */
export function finalWords<T extends { readonly body: string; readonly call?: true }>(
  channel: Channel,
  words: T,
  sender: string,
  { first, registry }: WordsAsked,
): T {
  if (channel === 'sms' && first && words.body.trim() !== '')
    return { ...words, body: withDisclosure(words.body, sender) };
  if (channel !== 'call-task' || words.call === undefined || registry === 'clear') return words;
  const note =
    registry === 'listed'
      ? 'The number is on a Do-Not-Call registry; consent or past business allows this call.'
      : 'Whether the number is on a Do-Not-Call registry is not known: look before you call.';
  return { ...words, body: `${words.body}\n\n${note}` };
}

/** What the gate asks of the words. `first`: no text of ours has reached this person yet. `mail`: an e-mail that solicits. */
export function wordsFacts(
  channel: Channel,
  words: { readonly body: string; readonly subject?: string },
  sender: string,
  first: boolean,
  mail?: { readonly postalAddress: string | null },
): WordsFacts {
  const all = [words.body, words.subject ?? ''];
  return {
    segments: channel === 'sms' ? smsSegments(words.body).segments : 0,
    unresolved: all.some((text) => /\{\{|\}\}/.test(text)),
    empty: words.body.trim() === '',
    first: channel === 'sms' && first,
    namesSender: namesSender(words.body, sender),
    tellsOptOut: tellsOptOut(words.body),
    lacks: mail === undefined ? [] : footerLacks(words.body, { sender, ...mail }),
  };
}

function namesSender(text: string, sender: string): boolean {
  const name = bare(sender);
  return name !== '' && bare(text).includes(name);
}

function tellsOptOut(text: string): boolean {
  return /\b(?:reply|text|send|write|answer|responda|env[ií]e)\b[^.!?\n]{0,30}\bSTOP\b/i.test(text);
}

function bare(text: string): string {
  return text.replace(/\s+/g, ' ').trim().toLowerCase();
}
