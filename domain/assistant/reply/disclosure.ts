import { withDisclosure } from '../../consent/disclosure.ts';
import type { Language, ReplyFacts } from './facts.ts';

/**
 * Says that no human writes. It stands in the first reply to every person: some states ask for it of licensed trades or where somebody may be
 * misled (Utah Code 13-75, California B&P 17941, Maine 10 M.R.S. 1500-DD, New Jersey 56:18), and no state forbids it, so that no table of
 * states decides.
 */
const aiLine: Readonly<Record<Language, string>> = {
  en: "I'm the team's AI assistant.",
  es: 'Soy el asistente de IA del equipo.',
};
const saysSo = /\bI['’]m (?:an|the team['’]s) AI assistant\b|\bsoy (?:un|el) asistente de IA\b/i;

/** The reply with the line in which the assistant says what it is, where the person was not told yet and the words do not tell it. */
export function disclosed(text: string, language: Language, { firstReply }: Pick<ReplyFacts, 'firstReply'>): string {
  return firstReply && !saysSo.test(text) ? `${aiLine[language]} ${text}` : text;
}

const listedBy: Readonly<Record<Language, string>> = { en: 'Listed by', es: 'Publicada por' };

/** The reply with the listing offices of the homes that it speaks of, as their MLS wants it. */
export function credited(
  text: string,
  spokenOf: readonly string[],
  language: Language,
  { listings }: Pick<ReplyFacts, 'listings'>,
): string {
  const offices = listings.flatMap(({ listingKey, office }) =>
    office !== null && spokenOf.includes(listingKey) ? [office] : [],
  );
  if (offices.length === 0) return text;
  return `${text}${/[.!?]$/.test(text) ? '' : '.'} ${listedBy[language]} ${[...new Set(offices)].join('; ')}.`;
}

/** As it will leave: a first text of ours gets its sender and the way to opt out from the gate that sends. */
export function asSent(
  text: string,
  { firstText, channel, location }: Pick<ReplyFacts, 'firstText' | 'channel' | 'location'>,
): string {
  return firstText && channel === 'sms' ? withDisclosure(text, location.name) : text;
}
