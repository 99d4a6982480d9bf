import { type Contact, hear } from './ghl-model-crm.ts';
import { stageOf } from './ghl-model-reckoning.ts';
import type { Text, What } from './ghl-model-story.ts';

/**
 * The one thing of an opportunity that the order of news decides: how far it was moved before it was moved no more. News of an answer may
 * overtake an earlier STOP, which was not known then; and news of a STOP, or a person who closes the opportunity in the CRM itself, may
 * come before the news of an earlier answer. Moved is moved (never back), and what is closed stays as it is.
 * @param before      the contact as the chapter began: news of earlier chapters is worked by then
 * @param happenings  the contact's in this chapter, in the vendor's order
 * @param positions   of the pipeline's stages, by ours
 * @returns           where it may stand besides where the vendor's order puts it; nothing unless a STOP or a closing is in this chapter
 */
export function alsoStandsAt(
  before: Contact,
  happenings: readonly What[],
  positions: Readonly<Record<string, number | undefined>>,
): number[] {
  const [standing] = before.ours;
  // Where it is not ours to move, or a person moves it in between, nothing is left open.
  const still = before.silenced || before.optedOut || standing?.status !== 'open';
  if (still || standing === undefined || happenings.some(({ kind }) => kind === 'moved')) return [];
  const closed = happenings.findIndex(({ kind }) => kind === 'closed');
  const stopped = happenings.some((what) => what.kind === 'text' && what.text.optOut === 'clear');
  if (closed < 0 && !stopped) return [];
  // What is written after the closing finds it closed, in every order; after a STOP it may have been worked before the STOP was known.
  const inTime = closed < 0 ? happenings : happenings.slice(0, closed);
  const texts = inTime.flatMap((what) => (what.kind === 'text' && what.text.optOut !== 'clear' ? [what.text] : []));
  const reached = afterAnyOf(before, texts).map((contact) => positions[stageOf(contact)] ?? standing.stage);
  return [...new Set(reached.map((stage) => Math.max(stage, standing.stage)))];
}

/** The contact after each selection of the texts: any of them may have been heard in time. */
function afterAnyOf(contact: Contact, texts: readonly Text[]): Contact[] {
  const [first, ...others] = texts;
  if (first === undefined) return [contact];
  const heard = structuredClone(contact);
  hear(heard, first);
  return [...afterAnyOf(contact, others), ...afterAnyOf(heard, others)];
}
