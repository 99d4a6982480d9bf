import type { Understood } from '../../domain/assistant/understood.ts';

/** The words that stand behind everything that was understood. */
export function quotesOf({
  intentQuote,
  answers,
  area,
  bedrooms,
  mustHaves,
  pathway,
  slot,
  wantsHuman,
}: Understood): string[] {
  const facts = [...Object.values(answers), area, bedrooms, ...(mustHaves ?? []), pathway, slot, wantsHuman];
  return [intentQuote, ...facts.map((fact) => fact?.quote)].filter((quote) => quote !== undefined);
}
