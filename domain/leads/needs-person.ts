import { errors } from '../errors.ts';
import type { UnsettledSend } from '../ports/inbox-tools.ts';

/** What stopped something, and what a person can do about it, in plain words. */
export interface InWords {
  readonly words: string;
  readonly acts: readonly string[];
}

const EVENT_ACTS = ['replay', 'ignore'] as const;

/** Why an event is parked. @param reason  a code of the table of errors, or a sentence of the relay */
export function parkedEvent(reason: string | null): InWords {
  return { words: wordsOf(reason), acts: EVENT_ACTS };
}

/** Why a send waits for a person. One whose outcome is unknown is still looked for in the CRM; a person who knows may say so before. */
export function unsettledSend({ state, reason }: Pick<UnsettledSend, 'state' | 'reason'>): InWords {
  const why = wordsOf(reason);
  const words =
    state === 'parked'
      ? `It may have gone out or not: ${why} Look into the conversation in the CRM.`
      : `The CRM did not say whether it took it: ${why} It is looked for there 1, 5 and 15 minutes after it was begun.`;
  return { words, acts: ['sent', 'not-sent', 'not-sent and again'] };
}

const SENTENCES: readonly (readonly [RegExp, string])[] = [
  [/^refused \d+ times/, 'Temporal would not take it for its lead.'],
  [/ids cannot name a lead/, 'The ids that it names could not be those of a lead.'],
  [/^not found in the CRM/, 'It was not found in the CRM a quarter of an hour after it was begun.'],
  [/^not found yet/, 'It was not found there yet.'],
  [/^cut short/, 'The process that sent it was cut short.'],
];

function wordsOf(reason: string | null): string {
  if (reason === null) return 'No reason was written down.';
  if (Object.hasOwn(errors, reason)) {
    const { title, hint } = errors[reason as keyof typeof errors];
    return `${title}. ${hint}`;
  }
  const sentence = SENTENCES.find(([pattern]) => pattern.test(reason))?.[1];
  return sentence ?? 'It failed in a way that was not foreseen; the log has more under its id.';
}
