import type { Intent, Understood } from '../../domain/assistant/understood.ts';
import type { ReadingLabel } from '../support/reading-score.ts';

const words: readonly (readonly [Intent, RegExp])[] = [
  ['sell', /sell|list|worth|vender/iu],
  ['viewing', /see|tour|view|showing|visit|ver\b/iu],
  ['buy', /buy|purchase|looking|house|home|casa|comprar/iu],
  ['question', /\?|can|what|how/iu],
  ['greeting', /\b(?:hi|hello|hey|hola|thanks)\b/iu],
];

/** A reader as one writes it in ten minutes, against which the real one has to show that it is worth more: words anywhere, numbers anywhere. */
export function keywordReader({ text }: ReadingLabel): Understood {
  const intent = words.find(([, sign]) => sign.test(text))?.[0] ?? 'unknown';
  const money = /(\d[\d,.]*)\s?(k|mil)?/iu.exec(text);
  const beds = /(\d)\s?(?:bed|br|bd|rec|cuart)/iu.exec(text)?.[1];
  const place = /\b(?:in|near|en)\s+(\w+)/iu.exec(text)?.[1];
  const soon = /asap|now|soon|month/iu.exec(text)?.[0];
  const dollars = money && Number(money[1]!.replaceAll(/[,.]/gu, '')) * (money[2] === undefined ? 1 : 1000);
  return {
    intent,
    answers: {
      ...(dollars ? { budget: { value: dollars, quote: money[0] } } : {}),
      ...(soon === undefined ? {} : { timeline: { value: 'immediate', quote: soon } }),
    },
    ...(beds === undefined ? {} : { bedrooms: { value: Number(beds), quote: beds } }),
    ...(place === undefined ? {} : { area: { value: place, quote: place } }),
  };
}
