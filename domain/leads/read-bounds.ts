import type { Understood } from '../assistant/understood.ts';
import type { Question } from './lead.ts';
import { type Priced, pricedIn } from './read-money.ts';
import type { Reading } from './reading.ts';
import { plainly } from './spelling.ts';
import { ownWishes, readablePart } from './unread-parts.ts';
import { type Written, written } from './written.ts';

/**
 * How what a buyer says binds: the lower end of a range of prices, or that the price is the least and not the most; the least living area; that
 * close to the place will do. No network, no guess: what is not said is absent, and what may be meant otherwise is not read.
 * @param text     the lead's own new words
 * @param answers  what was read in the same words
 * @param asked    what the team asked last
 */
export function boundsIn(
  text: string,
  answers: Understood['answers'],
  asked: Question | undefined,
): NonNullable<Reading['bounds']> {
  if (Object.keys(answers).length === 0 && !squareFeet.test(plainly(text))) return {};
  const own = readablePart(ownWishes(written(text), false));
  const { budget, location } = answers;
  const minSqft = leastArea(own);
  return {
    ...(typeof budget?.value === 'number' ? priceBounds(own, budget.value, asked === 'budget') : {}),
    ...(minSqft === null ? {} : { minSqft }),
    ...(location !== undefined && isNear(own, location.quote) ? { near: true as const } : {}),
  };
}

function priceBounds(
  said: Written,
  budget: number,
  asked: boolean,
): Pick<NonNullable<Reading['bounds']>, 'priceFrom' | 'priceTo'> {
  const priced = pricedIn(said, asked);
  const own = priced.find(({ value }) => value === budget);
  if (own === undefined) return {};
  if (own.low !== null) return own.low > 0 && own.low < own.value ? { priceFrom: own.low } : {};
  if (!isLeast(said.plain, own)) return {};
  const more = priced.map(({ value }) => value).filter((value) => value > budget);
  return { priceFrom: budget, ...(more.length === 0 ? {} : { priceTo: Math.min(...more) }) };
}

const leastBefore =
  /\b(?:at least|min(?:imum)?(?: of| is)?|no less than|not less than|starting (?:at|from)|al menos|por lo menos|minimo(?: de)?|desde)\s*$/;
const leastAfter =
  /^\s?(?:\+|plus\b|and (?:up|above|over)\b|or (?:more|above|over)\b|o mas\b|en adelante\b|(?:min|minimum|minimo)\b)/;

/** "over 400k" is left alone: it is said of what is too much as often as of what is enough. */
function isLeast(plain: string, { start, end }: Pick<Priced, 'start' | 'end'>): boolean {
  return leastBefore.test(plain.slice(Math.max(0, start - 30), start)) || leastAfter.test(plain.slice(end, end + 15));
}

const squareFeet =
  /(?<![\d.,$])(?<area>\d{1,2},\d{3}|\d{3,5})\s?(?:\+|plus|or more)?(?:\s?(?:-|to|a)\s?(?:\d{1,2},\d{3}|\d{3,5}))?\s?(?:\+|plus)?\s?-?(?:sq\.? ?(?:ft|feet|foot)\b|sqft\b|sf\b|square (?:feet|foot)\b|pies cuadrados\b)/;
/** Of the lot, of the home where they live now, or the most that it may have. */
const otherArea =
  /\b(?:lot|yard|land|terreno|lote|have|own|current|currently|our|my|it's|is|was|under|below|less than|no more than|max|maximum|up to|smaller than|over|menos de|hasta|maximo|tenemos|tengo)(?: \w+)?\s*$/;
const ofTheLot = /^\.?\s?(?:lot|yard|of land|land|terreno|lote|max|or (?:less|smaller))\b/;

/** Of a range the lower number, as with bedrooms. */
function leastArea({ plain }: Written): number | null {
  const match = squareFeet.exec(plain);
  if (match === null) return null;
  const before = plain.slice(Math.max(0, match.index - 30), match.index);
  const after = plain.slice(match.index + match[0].length);
  if (!leastBefore.test(before) && otherArea.test(before)) return null;
  const area = Number(match.groups!['area']!.replace(',', ''));
  return ofTheLot.test(after) || area < 300 || area > 20_000 ? null : area;
}

const closeBy =
  /\b(?:near|around|close to|outside(?: of)?|surrounding|vicinity of|cerca de|alrededor de|alrededores de)\s+(?:the |downtown |el |la )?$/;

function isNear({ plain }: Written, quote: string): boolean {
  const at = plain.indexOf(plainly(quote));
  return at >= 0 && closeBy.test(plain.slice(Math.max(0, at - 30), at));
}
