import { withDisclosure } from '../../consent/disclosure.ts';
import type { Language, ReplyFacts } from './facts.ts';

/** Says that no human writes; stands in the first reply to a person in every state, whether its law asks for it or not. */
export const aiLine: Readonly<Record<Language, string>> = {
  en: "I'm the team's AI assistant.",
  es: 'Soy el asistente de IA del equipo.',
};

/** The reply with the line in which the assistant says what it is, where the person was not told yet. */
export function disclosed(text: string, language: Language, { firstReply }: Pick<ReplyFacts, 'firstReply'>): string {
  return firstReply && !text.includes(aiLine[language]) ? `${aiLine[language]} ${text}` : text;
}

/** As it will leave: a first text of ours gets its sender and the way to opt out from the gate that sends. */
export function asSent(
  text: string,
  { firstText, channel, location }: Pick<ReplyFacts, 'firstText' | 'channel' | 'location'>,
): string {
  return firstText && channel === 'sms' ? withDisclosure(text, location.name) : text;
}
