import type { Iso } from '../../glossary.ts';
import type { TalkMessage } from '../../leads/lead.ts';

/**
 * The talk in the order in which it has to be answered. What we sent while a message of the lead was on its way to us answers nothing of it:
 * it stands before the lead's words, whatever the clocks say.
 * @param own    when what we sent ourselves was written; what people or other programs send may well be an answer
 * @param since  when the first message was written that is still to be answered
 */
export function inOrder(talk: readonly TalkMessage[], own: readonly Iso[], since: Iso): readonly TalkMessage[] {
  const inbound = ({ direction }: TalkMessage): boolean => direction === 'inbound';
  const owed = talk.findIndex((message) => inbound(message) && Date.parse(message.at) >= Date.parse(since));
  const from = owed < 0 ? talk.findLastIndex(inbound) : owed;
  if (from < 0) return talk;
  const rest = talk.slice(from);
  const crossed = rest.filter((message) => !inbound(message) && !message.human && own.includes(message.at));
  return [...talk.slice(0, from), ...crossed, ...rest.filter((message) => !crossed.includes(message))];
}
