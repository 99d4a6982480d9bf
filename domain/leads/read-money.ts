import type { Said } from '../assistant/understood.ts';
import type { Written } from './written.ts';
import { written } from './written.ts';

/**
 * The dollars that a text names, or null when it names none.
 * `$450,000` = 450000, `$1.2M`, `450k`, `half a million`; of a range the upper end, because that is what the person is ready
 * to spend and somebody did say it (a midpoint nobody said). Of several amounts the first. Rents, incomes, deposits, debts, prices of listings, areas,
 * distances, years, ZIP codes and phone numbers are not prices. Never guesses: `450` alone is null, not 450,000, and `2 mil` is null where
 * it may be Spanish for two thousand as well as two million.
 */
export function readMoney(text: string): number | null {
  return pricesIn(written(text), false)[0]?.value ?? null;
}

/**
 * Every price that a text names, in order, each with its words.
 * @param asked  the team has just asked for the budget: then `450` and `400-450` are thousands, and `1.2` is millions
 */
export function pricesIn(said: Written, asked: boolean): Said<number>[] {
  return pricedIn(said, asked).map(({ value, start, end }) => ({ value, quote: said.quote(start, end).trim() }));
}

/** A price, or a range of prices, and where in the text it stands. */
export interface Priced {
  /** The lower end of a range; of a single price null. */
  readonly low: number | null;
  readonly value: number;
  readonly start: number;
  readonly end: number;
}

/** The same, with the lower ends of ranges. */
export function pricedIn({ plain }: Pick<Written, 'plain'>, asked: boolean): Priced[] {
  const amounts = amountsIn(plain);
  const found: Priced[] = [];
  for (let i = 0; i < amounts.length; i++) {
    const first = amounts[i]!;
    const second = amounts[i + 1];
    const range = second !== undefined && rangeWord.test(plain.slice(first.end, second.start));
    const pair = range ? [sharing(first, second), sharing(second, first)] : [first];
    const last = pair.at(-1)!;
    if (range) i++;
    if (pair.some(({ unit }) => unit === 'mil') || isSomethingElse(plain, first.start, last.end)) continue;
    const thousands = asked && pair.every(isBare);
    if (!thousands && !pair.some((amount) => isPrice(amount, plain))) continue;
    const values = pair.map(thousands ? inThousands : dollars);
    const low = range ? Math.min(...values) : null;
    found.push({ low, value: Math.max(...values), start: first.start, end: last.end });
  }
  return found;
}

interface Amount {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  readonly unit: string;
  readonly signed: boolean;
}

/** Amounts in words, in millions. */
const inWords: readonly (readonly [RegExp, (words: string) => number])[] = [
  [/\b(?:half (?:a )?mil(?:lion)?|medio millon)\b/g, () => 0.5],
  [/\b(?:a million|un millon)\b/g, () => 1],
  [
    /\b(?:one|two|three|four|five|six|seven|eight|nine) hundred (?:and )?(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)[ -]?(?:five )?)?(?:thousand|k|grand)\b/g,
    hundredThousands,
  ],
];
const ones = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
const tens = ['ten', 'twenty', 'thirty', 'forty', 'fifty', 'sixty', 'seventy', 'eighty', 'ninety'];

function hundredThousands(words: string): number {
  const [hundreds = '', ...rest] = words.split(/[ -]/);
  const ten = rest.map((word) => tens.indexOf(word) + 1).find((value) => value > 0) ?? 0;
  return ((ones.indexOf(hundreds) + 1) * 100 + ten * 10 + (rest.includes('five') ? 5 : 0)) / 1_000;
}

const amountPattern =
  /(?<![\w.,])(?<sign>\$|usd )?\s?(?<digits>\d{1,3}(?:[,.]\d{3}|, 000)+(?:\.\d{1,2})?(?![\d,.]*\s?(?:k|m|mm|mil|million|millon|millones|thousand)\b)|\d+(?:\.\d+)?)(?:(?<short>k|mm?)|\s(?<spaced>k)|[\s-]?(?<unit>thousand|grand|million|millon(?:es)?|mil))?(?<dollars> ?(?:de )?(?:dollars|usd|bucks|dolares))?(?:ish)?(?!\w)/g;
const onlyNumbers = /^\s*\d{6,8}(?:\s*(?:-|–|to)\s*\d{6,8})?\s*$/;
const rangeWord = /^\s*(?:-|–|—|\/|to|and|or|through|thru|a|y|o|hasta)\s*$/;
const english = /\b(?:the|my|is|to|up|we|of|for|and|about|around|under|below|max|price|budget|house|home)\b/;
const spanish =
  /[¿¡]|\b(?:mi|es|de|del|el|la|los|las|un|una|y|que|por|para|con|tengo|quiero|hasta|entre|unos|como|casa|presupuesto|precio|dolares)\b/;

function amountsIn(text: string): Amount[] {
  const worded = inWords.flatMap(([pattern, millions]) =>
    [...text.matchAll(pattern)].map(({ 0: words, index }) => {
      return {
        start: index,
        end: index + words.length,
        digits: String(millions(words)),
        unit: 'million',
        signed: false,
      };
    }),
  );
  const inDigits = [...text.matchAll(amountPattern)].map((match) => {
    const { sign, digits, short, spaced, unit, dollars: word } = match.groups!;
    const blank = match[0].length - match[0].trimStart().length;
    const end = match.index + match[0].length;
    const signed = sign !== undefined || word !== undefined;
    const told = short ?? spaced ?? unit ?? '';
    return {
      start: match.index + blank,
      end,
      digits: digits!.replaceAll(/\s/g, ''),
      unit: told === 'mil' ? milOf(digits!, text) : told,
      signed,
    };
  });
  return [...worded, ...inDigits].sort((one, other) => one.start - other.start);
}

/** Short for a million in English, a thousand in Spanish. What cannot be told stays `mil`. */
function milOf(digits: string, text: string): string {
  if (/\.\d{1,2}$/.test(digits)) return 'million';
  if (Number(digits.replaceAll(/[,.]/g, '')) >= 20) return 'thousand';
  if (spanish.test(text) === english.test(text)) return 'mil';
  return spanish.test(text) ? 'thousand' : 'million';
}

/** "400-450k" and "$400k to 450": the side without a unit takes the other's, unless it is written out in full. */
function sharing(amount: Amount, other: Amount): Amount {
  const takes = amount.unit === '' && other.unit !== '' && dollars(amount) < 1_000;
  return { ...amount, unit: takes ? other.unit : amount.unit, signed: amount.signed || other.signed };
}

function dollars(amount: Amount): number {
  const grouped = /^\d{1,3}(?:[,.]\d{3})+/.test(amount.digits) && (amount.unit === '' || amount.digits.includes(','));
  // "$450.000" is a price written the continental way: cents have two digits.
  const number = Number(grouped ? amount.digits.replaceAll(/[,.](?=\d{3}(?!\d))/g, '') : amount.digits);
  if (/^(?:k|thousand|grand)$/.test(amount.unit)) return Math.round(number * 1_000);
  if (amount.unit !== '') return Math.round(number * 1_000_000);
  return number;
}

/** "450", "$325" and "1.2" behind the question for the budget. Nobody buys a home for less than fifty thousand or for more than a thousand thousands in this way. */
function isBare(amount: Amount): boolean {
  return amount.unit === '' && (/^[5-9]\d$|^[1-9]\d\d$/.test(amount.digits) || /^[1-9]\.\d{1,2}$/.test(amount.digits));
}

function inThousands({ digits }: Amount): number {
  return Math.round(Number(digits) * (digits.includes('.') ? 1_000_000 : 1_000));
}

function isPrice(amount: Amount, text: string): boolean {
  if (dollars(amount) <= 0 || dollars(amount) > 1e9) return false;
  if (amount.signed) return true;
  // "30m" without a dollar sign is minutes or metres more often than thirty million.
  if (amount.unit !== '') return amount.unit !== 'm' || dollars(amount) < 20e6;
  if (/^\d{1,3}(?:,\d{3})+/.test(amount.digits)) return dollars(amount) >= 10_000;
  if (!/^\d{5,8}$/.test(amount.digits)) return false;
  const before = text.slice(Math.max(0, amount.start - 30), amount.start);
  // The number of a listing.
  if (/\b(?:mls|listing|details?|info\w*|more|tell me|pictures|photos|number)\b[^.!?]{0,20}$/.test(before))
    return false;
  if (/(?:budget|price|afford|spend|pay|approved|offer|presupuesto|precio|gastar|pagar|aprobad[oa])\D*$/.test(before))
    return true;
  // Five digits alone are a ZIP code as often as a price.
  if (amount.digits.length < 6) return false;
  return (
    onlyNumbers.test(text) || /(?:up to|around|about|under|below|max|hasta|alrededor de|unos|menos de)\D*$/.test(before)
  );
}

const otherBefore =
  /\b(?:down\s?payment|deposit|income|salary|rent|earn|(?:i|we)\s+make|making|hoa|fees?|tax(?:es)?|owe|owing|mortgage of|savings?|saved(?: up)?|(?:re)?listed|listing|listing price|list price|asking(?: price)?|zestimate|appraised|sold|went for|going for|reduced|drop(?:ped)?|priced|valued|enganche|deposito|ingresos?|salario|sueldo|renta|alquiler|gano|ganamos|debo|debemos|impuestos)\b[^\d$.;,!?]{0,15}$/;
const otherAfter =
  /^\s*(?:\+\s*)?(?:sq|sf\b|square|acres?|mi\b|miles?|feet|ft\b|steps?|km\b|away|walk|drive|minutes?|mins?\b|%|percent|people|down\b|deposit|earnest|(?:in )?savings|saved|left on|equity|(?:\/|per|an?|each|every)\s*(?:mo\b|month|yr\b|year|week|hour|night|day)|monthly|yearly|annual|(?:list(?:ing)?|asking) price|price (?:firm|negotiable)|de enganche|(?:al|por) (?:mes|ano|semana|hora|dia)\b|mensual|anual|metros|m2|pies|millas|minutos|personas)/;

function isSomethingElse(text: string, start: number, end: number): boolean {
  return otherBefore.test(text.slice(Math.max(0, start - 40), start)) || otherAfter.test(text.slice(end));
}
