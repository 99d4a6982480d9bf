import type { ContactSnapshot } from '../../leads/contact.ts';
import { isSeller } from '../../leads/qualify.ts';
import type { Qualification, Question } from '../../leads/lead.ts';

/** In the order in which an agent asks: what a search or a visit needs first, money once there is something to talk about. */
const order: Readonly<Record<'buy' | 'sell', readonly Question[]>> = {
  buy: ['location', 'property', 'timeline', 'budget', 'financing', 'motivation'],
  sell: ['location', 'timeline', 'condition', 'motivation', 'property', 'budget', 'financing'],
};

/**
 * The one question that the next reply may ask; null: all that apply are answered. It depends on what was answered and on nothing else of the
 * person, so that equal answers are asked the same.
 */
export function nextQuestion(qualification: Qualification, snapshot: ContactSnapshot | null = null): Question | null {
  const side = isSeller(qualification, snapshot) ? 'sell' : 'buy';
  return order[side].find((question) => qualification[question] === undefined) ?? null;
}
