import type { Said } from '../assistant/understood.ts';
import { clausesIn, without, written } from './written.ts';
import type { Span, Written } from './written.ts';

/**
 * How soon somebody wants to buy or sell, in the three words that the scorecard knows, or null when the text does not say.
 * `immediate`: within a month; `soon`: within half a year; `exploring`: later, or no hurry. Where a text says two things the
 * last one counts ("we were just looking, but now it is urgent"); a denied word ("not urgent") means the opposite.
 * The name of a month or a season is not read: what it means depends on today.
 */
export function readTimeline(text: string): Timeline | null {
  return timelineIn(written(text))?.value ?? null;
}

export type Timeline = 'immediate' | 'soon' | 'exploring';

/** The same with the words that say so. */
export function timelineIn(said: Written): Said<Timeline> | null {
  const talk = clausesIn(said.plain).filter(({ start, end }) => isAboutTalking(said.plain.slice(start, end)));
  let rest = said.plain;
  let found: (Span & { readonly timeline: Timeline }) | null = null;
  const take = (pattern: RegExp, meaning: (match: RegExpMatchArray) => Timeline | null): void => {
    for (const match of rest.matchAll(pattern)) {
      const timeline = meaning(match);
      if (timeline === null || (found !== null && match.index <= found.start)) continue;
      found = { start: match.index, end: match.index + match[0].length, timeline };
    }
    // What one pattern has read, the next must not read again: "not urgent" holds "urgent".
    rest = rest.replaceAll(pattern, (words) => ' '.repeat(words.length));
  };
  take(smallTalk, () => null);
  take(pastSpan, () => null);
  take(noHurry, () => 'exploring');
  rest = without({ ...said, plain: rest }, talk).plain;
  take(span, (match) => spanned(match));
  take(hurry, () => 'immediate');
  take(shortly, () => 'soon');
  const last = found as (Span & { readonly timeline: Timeline }) | null;
  return last === null ? null : { value: last.timeline, quote: said.quote(last.start, last.end).trim() };
}

/** When somebody wants to see a home, or to be called, is not when they want to move. */
function isAboutTalking(sentence: string): boolean {
  return meeting.test(sentence) && !moving.test(sentence);
}

const meeting =
  /\b(?:call|calls|calling|phone|text|email|talk|talking|speak|chat|meet|meeting|appointment|showings?|viewing|open house|tour|visit|see|check (?:it )?out|look at|walk through|ver (?:la|el|esa|esta|una?|unas)|stop by|free|available|availability|vacation|out of town|can't|cannot|busy|photos?|pictures|back in (?:town|the office)|hear from|get back|llam\w+|hablar|verl[ao]|visitar|cita|open)\b/;
const moving =
  /\b(?:buy|buying|purchase|sell|selling|move|moving|close|closing|relocat\w+|list|listing|lease|decide|offer|compr\w+|vend\w+|mud\w+)\b/;
const smallTalk =
  /\b(?:talk|speak|chat|see you|hear from you|text you|call you|get back to you) (?:\w+ )?soon\b|\b(?:hablamos|nos vemos|hasta|saludos) (?:\w+ )?pronto\b/g;
const amountOfTime = String.raw`(?:\d{1,3}|(?<=\b(?:in|within|about|around|than|next|under|en|dentro de|como)\s)(?:an?|una?)|(?<=^\W*)(?:an?|una?)|an?(?= (?:year|month|week) (?:from now|or (?:so|two)|out)\b)|one|two|three|four|five|six|seven|eight|nine|ten|twelve|(?:a )?(?:few|couple)(?: of)?|several|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|un par de|un[oa]s(?: cuantos| pocos)?|vari[oa]s)`;
const unitOfTime = String.raw`(?:days?|weeks?|wks?|months?|mos?|years?|yrs?|dias?|semanas?|mes(?:es)?|anos?)`;
/** What lasts, was, or is as old as that. */
const pastSpan = new RegExp(
  [
    String.raw`\b(?:for|past|last|since|here|been)(?: the| about| over| almost| like)?(?: past| last)? ${amountOfTime}\s?${unitOfTime}\b`,
    String.raw`\b${amountOfTime}[\s-]?${unitOfTime}[\s-](?:ago|old|lease|fixed|mortgage|loan|arm|contract|warranty|notice|roof|of (?:experience|renting|searching)|per|a (?:week|month)|away)\b`,
    String.raw`\b(?:hace|desde|llevo|llevamos)(?: unos| mas de)? ${amountOfTime}\s${unitOfTime}\b`,
    String.raw`\b(?:roof|ac|hvac|heater|furnace|windows) (?:is|are) (?:about |only )?${amountOfTime}\s${unitOfTime}\b`,
    String.raw`\b${amountOfTime}\s${unitOfTime} de (?:antiguedad|garantia)\b`,
  ].join('|'),
  'g',
);
const noHurry =
  /\b(?:not|no|isn't|aren't|don't|won't|never|ain't) (?:[\w']+ ){0,3}?(?:urgent|rush|hurry|soon|right now|right away|immediately|asap|ready)\b|\b(?:just|only|still|casually|merely) (?:looking(?! (?:for(?! now)|to|into|at)\b)|browsing|curious(?=\W*$|[.!]| (?:for|right) now)|exploring|starting)\b|\bkicking (?:the )?tires\b|\bexploring\b(?! (?:the|a|an|our|my|selling)\b)|\bbrowsing\b|\bnext year\b|\bsome ?day\b|\beventually\b|\bno (?:set |specific |real |particular )?time ?(?:line|frame)\b|\bdown the (?:road|line)\b|\bwhenever\b|\bnot for (?:a while|some time)\b|\bnot (?:any ?time|this year)\b|\ba long (?:time|way) (?:off|out)\b|\b(?:no|sin|nada de) (?:\w+ ){0,3}?(?:prisas?|apuro|urgente|urgencia|pronto|list[oa])\b|\b(?:solo|solamente|apenas) (?:estoy |estamos )?(?:mirando|viendo|explorando|empezando)\b|\b(?:proximo ano|ano que viene|algun dia|mas adelante)\b/g;
const span = new RegExp(
  String.raw`\b(?:(?<low>\d+|one|two|three|four|five|six)\s?(?:-|–|to|or|a|o)\s?)?(?<amount>${amountOfTime})(?<plus>\s?\+)?[\s-]?(?<unit>${unitOfTime})\b(?<more>\s?\+| or more| plus)?`,
  'g',
);
const hurry =
  /\b(?:lo antes posible|lo mas pronto posible|cuanto antes|de inmediato|inmediatamente|(?<!\bsi es )urgente(?:mente)?(?! (?:escrib|llam|contact)\w*)|ahora mismo|ya mismo|est[ea] (?:mes|semana)|(?:proxim[oa] (?:mes|semana)|(?:mes|semana) que viene)|(?:comprar|vender|mudar(?:me|nos)) ya)\b|\basap\b|\bthe sooner the better\b|\bas (?:soon|quick(?:ly)?|fast) as (?:possible|we can|i can)\b|\bimmediate(?:ly)?\b|(?<!\bif (?:it's |it is |this is |its )?)\burgent(?:ly)?\b(?! (?:matters?|issues?|inquir\w+|questions?|requests?|needs?|please|contact|call))|\bright away\b|\b(?:this|next) (?:week|month)(?:end)?\b|\b(?:ready|buy|move|moving|sell|start|need)\b[^.!?]{0,25}\bnow\b|^\s*(?:right )?now\W*$/g;
const shortly =
  /\bpronto\b|(?<!\b(?:as|how) )\bsoon(?:er)?\b(?![- ]?ish)|\b(?:this|next) quarter\b|\bcouple (?:of )?months\b/g;

const wordsForNumbers: Readonly<Record<string, number>> = {
  a: 1,
  an: 1,
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  twelve: 12,
  un: 1,
  una: 1,
  dos: 2,
  tres: 3,
  cuatro: 4,
  cinco: 5,
  seis: 6,
  siete: 7,
  ocho: 8,
  nueve: 9,
  diez: 10,
  doce: 12,
  'un par de': 2,
};

/** A month is immediate, half a year soon; of "3-6 months" the upper end counts. */
function spanned(match: RegExpMatchArray): Timeline | null {
  const { amount, unit, plus, more } = match.groups!;
  const words = amount!
    .replace(/ of$/, '')
    .replace(/^a (?=few|couple)/, '')
    .trim();
  const count = /^\d+$/.test(words) ? Number(words) : (wordsForNumbers[words] ?? (words === 'couple' ? 2 : 3));
  const days = count * (/^d/.test(unit!) ? 1 : /^[ws]/.test(unit!) ? 7 : /^m/.test(unit!) ? 30 : 365);
  const open = plus !== undefined || more !== undefined;
  if (days <= 31 && !open) return 'immediate';
  return days < 183 && !(open && days >= 90) ? 'soon' : 'exploring';
}
