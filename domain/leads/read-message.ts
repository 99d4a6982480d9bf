import { newPart } from '../consent/message-text.ts';
import { asksForHelp, explainOptOut } from '../consent/opt-out.ts';
import type { Question } from './lead.ts';
import { boundsIn } from './read-bounds.ts';
import { factsIn } from './read-facts.ts';
import type { Reading } from './reading.ts';

/** Nobody answers seven questions in more; what follows is history or an advertisement. Opt-outs are read in the whole text. */
const readableLength = 5_000;

/** What of a message is read for facts: the lead's own new words, and not more of them than anybody would answer with. */
export function readableWords(text: string): string {
  return newPart(text.slice(0, readableLength)).trim();
}

/**
 * What one message says, by rules alone: no network, no guess, and nothing that touches a protected characteristic. Reasons that tell
 * of family, age, faith, health or origin are not recorded, only that a reason was given.
 * @param text  plain text as the lead wrote it, quoted history included; that part is not read for answers
 * @param context.optedOut  has this person opted out before? Then a plain yes lifts it
 * @param context.lastQuestion  what the team asked last, so that a bare `yes` or `450` has a meaning
 */
export function readMessage(
  text: string,
  context: { readonly optedOut: boolean; readonly lastQuestion?: Question },
): Reading {
  const { verdict: optOut, rule } = explainOptOut(text, { optedOut: context.optedOut });
  const heard = { optOut, ...(rule === null ? {} : { optOutRule: rule }) };
  // Who tells us to stop answers nothing, whatever else the sentence holds.
  if (optOut === 'clear') return { ...heard, intent: 'unknown', answers: {} };
  const words = readableWords(text);
  const { intent, answers } = factsIn(words, { asked: context.lastQuestion });
  const help = asksForHelp(text) ? { asksForHelp: true as const } : {};
  const values = Object.entries(answers).map(([question, { value }]) => [question, value]);
  const bounds = intent === 'sell' ? {} : boundsIn(words, answers, context.lastQuestion);
  return {
    ...heard,
    ...help,
    intent,
    answers: Object.fromEntries(values) as Reading['answers'],
    ...(Object.keys(bounds).length === 0 ? {} : { bounds }),
  };
}
