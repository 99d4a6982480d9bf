/**
 * The dollars that a text names, or null when it names none.
 * `$450,000` = 450000, `$1.2M`, `450k`, `half a million`; of a range the upper end, because that is what the person is ready
 * to spend and somebody did say it (a midpoint nobody said). Of several amounts the first. Rents, incomes, deposits, areas,
 * distances, years, ZIP codes and phone numbers are not prices. Never guesses: `450` alone is null, not 450,000, and `2 mil` is null where
 * it may be Spanish for two thousand as well as two million.
 */
export function readMoney(text: string): number | null {
  const plain = plainly(text)
    .replaceAll(/\b(?:half (?:a )?mil(?:lion)?|medio millon)\b/g, '500k')
    .replaceAll(/\b(?:a million|un millon)\b/g, '1 million');
  const amounts = amountsIn(plain);
  for (let i = 0; i < amounts.length; i++) {
    const first = amounts[i]!;
    const second = amounts[i + 1];
    const range = second !== undefined && rangeWord.test(plain.slice(first.end, second.start));
    const pair = range ? [sharing(first, second), sharing(second, first)] : [first];
    const last = pair.at(-1)!;
    if (range) i++;
    if (pair.some(({ unit }) => unit === 'mil')) continue;
    if (pair.some((amount) => isPrice(amount, plain)) && !isSomethingElse(plain, first.start, last.end)) {
      return Math.max(...pair.map(dollars));
    }
  }
  return null;
}

/**
 * How soon somebody wants to buy or sell, in the three words that the scorecard knows, or null when the text does not say.
 * `immediate`: within a month; `soon`: within half a year; `exploring`: later, or no hurry. Where a text says two things the
 * last one counts ("we were just looking, but now it is urgent"); a denied word ("not urgent") means the opposite.
 * A month's name is not read: what it means depends on today.
 */
export function readTimeline(text: string): Timeline | null {
  let rest = plainly(text).replaceAll('’', "'");
  let found: { at: number; timeline: Timeline } | null = null;
  const take = (pattern: RegExp, meaning: (match: RegExpMatchArray) => Timeline | null): void => {
    for (const match of rest.matchAll(pattern)) {
      const timeline = meaning(match);
      if (timeline !== null && (found === null || match.index > found.at)) found = { at: match.index, timeline };
    }
    // What one pattern has read, the next must not read again: "not urgent" holds "urgent".
    rest = rest.replaceAll(pattern, (words) => ' '.repeat(words.length));
  };
  take(smallTalk, () => null);
  take(pastSpan, () => null);
  take(noHurry, () => 'exploring');
  take(span, (match) => spanned(match));
  take(hurry, () => 'immediate');
  take(shortly, () => 'soon');
  return (found as { timeline: Timeline } | null)?.timeline ?? null;
}

export type Timeline = 'immediate' | 'soon' | 'exploring';

/** In small letters and without accents, which are left out as often as not. */
export function plainly(text: string): string {
  return text.toLowerCase().normalize('NFD').replaceAll(/\p{M}/gu, '');
}

interface Amount {
  readonly start: number;
  readonly end: number;
  readonly digits: string;
  readonly unit: string;
  readonly signed: boolean;
}

const amountPattern =
  /(?<![\w.,])(?<sign>\$|usd )?\s?(?<digits>\d{1,3}(?:[,.]\d{3})+(?:\.\d{1,2})?(?![\d,.]*\s?(?:k|m|mm|mil|million|millon|millones|thousand)\b)|\d+(?:\.\d+)?)(?:(?<short>k|mm?)|\s(?<spaced>k)|[\s-]?(?<unit>thousand|grand|million|millon(?:es)?|mil))?(?<dollars> ?(?:de )?(?:dollars|usd|bucks|dolares))?(?!\w)/g;
const onlyNumbers = /^\s*\d{6,8}(?:\s*(?:-|–|to)\s*\d{6,8})?\s*$/;
const rangeWord = /^\s*(?:-|–|—|\/|to|and|or|through|thru|a|y|o|hasta)\s*$/;
const english = /\b(?:the|my|is|to|up|we|of|for|and|about|around|under|below|max|price|budget|house|home)\b/;
const spanish =
  /[¿¡]|\b(?:mi|es|de|del|el|la|los|las|un|una|y|que|por|para|con|tengo|quiero|hasta|entre|unos|como|casa|presupuesto|precio|dolares)\b/;

function amountsIn(text: string): Amount[] {
  return [...text.matchAll(amountPattern)].map((match) => {
    const { sign, digits, short, spaced, unit, dollars: word } = match.groups!;
    const end = match.index + match[0].length;
    const signed = sign !== undefined || word !== undefined;
    const told = short ?? spaced ?? unit ?? '';
    return { start: match.index, end, digits: digits!, unit: told === 'mil' ? milOf(digits!, text) : told, signed };
  });
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

function isPrice(amount: Amount, text: string): boolean {
  if (dollars(amount) <= 0 || dollars(amount) > 1e9) return false;
  if (amount.signed) return true;
  // "30m" without a dollar sign is minutes or metres more often than thirty million.
  if (amount.unit !== '') return amount.unit !== 'm' || dollars(amount) < 20e6;
  if (/^\d{1,3}(?:,\d{3})+/.test(amount.digits)) return dollars(amount) >= 10_000;
  if (!/^\d{5,8}$/.test(amount.digits)) return false;
  const before = text.slice(Math.max(0, amount.start - 30), amount.start);
  if (/(?:budget|price|afford|spend|pay|approved|offer|presupuesto|precio|gastar|pagar|aprobad[oa])\D*$/.test(before))
    return true;
  // Five digits alone are a ZIP code as often as a price.
  if (amount.digits.length < 6) return false;
  return (
    onlyNumbers.test(text) || /(?:up to|around|about|under|below|max|hasta|alrededor de|unos|menos de)\D*$/.test(before)
  );
}

const otherBefore =
  /(?:down\s?payment|deposit|income|salary|rent|earn|(?:\bi|\bwe)\s+make|making|hoa|tax(?:es)?|owe|enganche|deposito|ingresos?|salario|sueldo|renta|alquiler|gano|ganamos|impuestos)\b[^\d$.;,]{0,15}$/;
const otherAfter =
  /^\s*(?:\+\s*)?(?:sq|sf\b|square|acres?|mi\b|miles?|feet|ft\b|steps?|km\b|away|walk|drive|minutes?|mins?\b|%|percent|people|down\b|deposit|earnest|(?:\/|per|an?|each|every)\s*(?:mo\b|month|yr\b|year|week|hour|night|day)|monthly|yearly|annual|de enganche|(?:al|por) (?:mes|ano|semana|hora|dia)\b|mensual|anual|metros|m2|pies|millas|minutos|personas)/;

function isSomethingElse(text: string, start: number, end: number): boolean {
  return otherBefore.test(text.slice(Math.max(0, start - 35), start)) || otherAfter.test(text.slice(end));
}

const smallTalk =
  /\b(?:talk|speak|chat|see you|hear from you|text you|call you|get back to you) (?:\w+ )?soon\b|\b(?:hablamos|nos vemos|hasta|saludos) (?:\w+ )?pronto\b/g;
const amountOfTime = String.raw`(?:\d+|an?|one|two|three|four|five|six|nine|twelve|(?:a )?(?:few|couple)(?: of)?|several|una?|dos|tres|cuatro|cinco|seis|nueve|doce|un par de|un[oa]s(?: cuantos| pocos)?|vari[oa]s)`;
const unitOfTime = String.raw`(?:days?|weeks?|wks?|months?|mos?|years?|yrs?|dias?|semanas?|mes(?:es)?|anos?)`;
const pastSpan = new RegExp(
  String.raw`\b(?:for|past|last|since)(?: the| about| over)?(?: past| last)? ${amountOfTime}\s?${unitOfTime}\b|\b${amountOfTime}[\s-]${unitOfTime}[\s-](?:ago|old|lease|fixed)\b|\b(?:hace|desde|llevo|llevamos)(?: unos| mas de)? ${amountOfTime}\s${unitOfTime}\b`,
  'g',
);
const noHurry =
  /\b(?:not|no|isn't|aren't|don't|won't|never) (?:[\w']+ ){0,3}?(?:urgent|rush|hurry|soon|right now|right away|immediately|asap|ready)\b|\b(?:just|only|still|casually) (?:looking|browsing|curious|exploring|starting)\b|\bexploring\b|\bbrowsing\b|\bnext year\b|\bsome ?day\b|\beventually\b|\bno (?:set )?time ?(?:line|frame)\b|\bdown the (?:road|line)\b|\b(?:no|sin|nada de) (?:\w+ ){0,3}?(?:prisas?|apuro|urgente|urgencia|pronto|list[oa])\b|\b(?:solo|solamente|apenas) (?:estoy |estamos )?(?:mirando|viendo|explorando|empezando)\b|\b(?:proximo ano|ano que viene|algun dia|mas adelante)\b/g;
const span = new RegExp(
  String.raw`\b(?:(?<low>\d+)\s?(?:-|–|to|or|a|o)\s?)?(?<amount>${amountOfTime})(?<plus>\s?\+)?[\s-]?(?<unit>${unitOfTime})\b(?<more>\s?\+| or more| plus)?`,
  'g',
);
const hurry =
  /\b(?:lo antes posible|lo mas pronto posible|cuanto antes|de inmediato|inmediatamente|urgente(?:mente)?|ahora mismo|ya mismo|est[ea] (?:mes|semana)|(?:proxim[oa] (?:mes|semana)|(?:mes|semana) que viene))\b|\basap\b|\bas soon as possible\b|\bimmediate(?:ly)?\b|\burgent(?:ly)?\b|\bright away\b|\b(?:this|next) (?:week|month)(?:end)?\b|\b(?:ready|buy|move|moving|sell|start|need)\b[^.!?]{0,25}\bnow\b|^\s*(?:right )?now\W*$/g;
const shortly =
  /\bpronto\b|\best[ea] (?:primavera|verano|otono|invierno)\b|\bsoon(?:er)?\b|\b(?:this|next) (?:spring|summer|fall|autumn|winter|quarter)\b|\bcouple of months\b/g;

const wordsForNumbers: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  nine: 9,
  twelve: 12,
  un: 1,
  una: 1,
  dos: 2,
  tres: 3,
  cuatro: 4,
  cinco: 5,
  seis: 6,
  nueve: 9,
  doce: 12,
  'un par de': 2,
};

/** A month is immediate, half a year soon; of "3-6 months" the upper end counts. */
function spanned(match: RegExpMatchArray): Timeline | null {
  const { amount, unit, plus, more } = match.groups!;
  const words = amount!.replace(/ of$/, '').replace(/^a (?=few|couple)/, '');
  const count = /^\d+$/.test(words) ? Number(words) : (wordsForNumbers[words] ?? (words === 'couple' ? 2 : 3));
  const days = count * (/^d/.test(unit!) ? 1 : /^[ws]/.test(unit!) ? 7 : /^m/.test(unit!) ? 30 : 365);
  const open = plus !== undefined || more !== undefined;
  if (days <= 31 && !open) return 'immediate';
  return days < 183 && !(open && days >= 90) ? 'soon' : 'exploring';
}
