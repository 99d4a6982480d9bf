import { newPart } from '../consent/message-text.ts';
import { asksForHelp, explainOptOut } from '../consent/opt-out.ts';
import type { Question } from './lead.ts';
import { readCondition, readFinancing, readMotivation, readPlace, readProperty } from './read-answers.ts';
import { readIntent } from './read-intent.ts';
import { readMoney, readTimeline } from './reading-values.ts';
import type { Reading } from './reading.ts';

/** Nobody answers seven questions in more; what follows is history or an advertisement. Opt-outs are read in the whole text. */
const readableLength = 5_000;

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
  const written = newPart(text.slice(0, readableLength)).replaceAll('’', "'").trim();
  const intent = readIntent(written);
  const help = asksForHelp(text) ? { asksForHelp: true as const } : {};
  return { ...heard, ...help, intent, answers: answersIn(written, intent, context.lastQuestion) };
}

function answersIn(text: string, intent: Reading['intent'], asked: Question | undefined): Reading['answers'] {
  const found: { [Q in Question]: string | number | boolean | null } = {
    budget: readMoney(text),
    location: readPlace(text, asked === 'location'),
    timeline: readTimeline(text),
    property: readProperty(text, asked === 'property'),
    financing: readFinancing(text, asked === 'financing'),
    motivation: readMotivation(text, asked === 'motivation'),
    // "Needs work" is a wish in a buyer's mouth and a condition in a seller's.
    condition: intent === 'sell' || asked === 'condition' ? readCondition(text) : null,
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== null));
}
