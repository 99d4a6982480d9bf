import type { Said } from '../assistant/understood.ts';
import { isOddTown } from '../market/place-spellings.ts';
import { knownPlaces } from './known-places.ts';
import { tellsTooMuch } from './protected-words.ts';
import { sentenceAt } from './written.ts';
import type { Written } from './written.ts';

/**
 * The area that the lead names, in the lead's own words and at most 60 characters; of several the first.
 * Places are recognised behind a preposition by a capital letter, by their name, or by a plain word for a part of town. Schools, houses of worship and
 * languages are no areas to us: fair housing keeps them out of what we know. Where somebody lives now, or comes from, is not where they want to be.
 * @param asked  the team has just asked for the area: then a short answer is one
 */
export function placeIn(said: Written, asked: boolean, seller = false): Said<string> | null {
  for (const { index, 0: words } of said.plain.matchAll(beforePlace)) {
    const start = index + words.length;
    const before = said.plain.slice(sentenceAt(said.plain, index).start, index);
    // Where a seller moves to is not where the home is.
    if (elsewhere.test(before) || (seller && /\b(?:to|a) $/.test(words))) continue;
    const place = zipAt(said, start, words) ?? placeFrom(said, start);
    if (place !== null) return place;
  }
  const part = partOfTown.exec(said.plain);
  if (part !== null && !elsewhere.test(said.plain.slice(0, part.index))) return partWithName(said, part.index, part[0]);
  return listed(said) ?? (asked ? bareAnswer(said) : null);
}

const beforePlace =
  /(?<![\w'])(?:in|near|around|close to|outside(?: of)?|area of|(?:mov(?:e|ing)(?: (?:up|down|over|out|back))?|relocat(?:e|ing)|(?:be|get|stay|staying) close) to|prefer(?:ably)?|ideally(?: in)?|somewhere in|en|cerca de|por|zona de|area de|(?:mudar(?:me|nos)|mudando(?:me|nos)|mudamos|mudo) a|(?<=\bfrom [a-z .,]{2,30} )to|(?:preferred )?(?:area|location|city|zona|ciudad)s? ?:)\s+(?:the\s+(?=(?:heights|woodlands|villages|bay|hill|domain)\b|[a-z.]+(?: [a-z]+){0,2} area\b)|el area de |la zona de )?/g;

/** Where somebody lives, works or comes from, not where they want to live; what lies there is a listing that they ask about; or it is not wanted there. */
const elsewhere = new RegExp(
  [
    String.raw`\b(?:(?<!\b(?<!used )(?:to|wanna|gonna) )live|liv(?:es|ed|ing)|rent(?:s|ed|ing)?|work(?:s|ed|ing)?|based|located|born|raised|grew up|from|currently|staying|stuck|vivo|vivimos|rento|rentamos|trabajo|estoy|estamos|i'm|we're|i am|we are|job(?: offer)?|position|role)(?: (?:currently|here|now|right now|over|out|down|up|still|an?|house|place|apartment|home|condo|una?|apartamento|casa))*\s*$`,
    String.raw`\b(?:not|never|except|(?:any|every)(?:where|thing) but|other than|nothing|nada|menos|excepto|don't want(?: to be)?|no)\s*$`,
    String.raw`\b(?:the|this|that|your|la|esta|esa|su) (?!perfect|right|best|ideal)(?:[\w/.#-]+ ){0,3}(?:house|home|condo|townhouse|listing|property|place|one|unit|apartment|casa|propiedad)s? (?:(?:on|at|en) (?:[\w.]+ ){1,3})?$`,
  ].join('|'),
);

const partOfTown =
  /(?<!\bfrom )\b(?:downtown|midtown|uptown|(?:in |en )?the (?:suburbs|waterfront|country|countryside)|near the beach|by the beach|(?:on )?the (?:north|south|east|west) ?side(?: of town)?|el centro|cerca de la playa)\b/;

/** A word that no name of a place begins with or goes on with, be it written large or small. */
const noPart =
  /^(?:a|an|the|or|and|y|o|but|with|under|over|for|below|above|around|about|up|max|min|near|by|if|is|are|was|i|i'm|we|we're|my|our|your|this|that|it|to|on|at|of|from|no|not|please|thanks|thank|budget|price|timeline|beds?|baths?|type|message|looking|need|want|would|can|could|do|does|any|some|good|great|nice|mind|case|fact|general|short|particular|advance|person|town|town's|cash|person|touch|contact|order|addition|spring|summer|fall|autumn|winter|english|spanish|french|german|chinese|mandarin|cantonese|russian|arabic|korean|vietnamese|portuguese|hindi|tagalog|polish|italian|hebrew|japanese|ingles|espanol|de|del|con|sin|hasta|menos|para|que|una|un|la|el|los|las|mi|su|favor|efectivo|general|hoa|mls|zillow|ac|hvac|ready|less|more|least|half|two|three|four|five|six|couple|few|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sep|sept|oct|nov|dec|monday|tuesday|wednesday|thursday|friday|saturday|sunday|mon|tue|tues|wed|thu|thurs|fri|sat|sun|mondays|saturdays|sundays|morning|afternoon|evening|weekends?|weekdays?|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre|lunes|martes|miercoles|jueves|viernes|sabado|domingo|ok|okay|hi|hello|hey|yes|single|move|new|existing|pre|we'd|i'd|let|me|you|us|they|he|she|what|when|where|which|who|how|ideally|preferably|prefer|only|maybe|also|because|so|then|than|as|asap|now|today|tomorrow|soon|next|last|area|areas|[\w-]{2,}ing)$/;
const notAPlace = /\b(?:lender|bank|agent|realtor|work|job|office|cash|hospital)\b/;
const street =
  /(?:^| )(?:st|street|ave|avenue|rd|road|dr|drive|ln|lane|ct|court|blvd|way|pl|cir|circle|trl|trail|pkwy|parkway|hwy|highway)\.?$/;
const behindState =
  /^,?\s*(?:tx|fl|az|ca|nv|nc|sc|ga|co|tn|wa|or|texas|florida|arizona|california|georgia|colorado|nevada)\b/;

/** Five digits behind "around" are an amount as often as a ZIP code. */
function zipAt(said: Written, start: number, before: string): Said<string> | null {
  const zip = /^(?:zip(?: code)? )?\d{5}(?![\d,.]*\d|\w| ?(?:sq|dollars|usd))/.exec(said.plain.slice(start));
  if (zip === null || before.startsWith('around')) return null;
  return asPlace(said, start + zip[0].length - 5, start + zip[0].length);
}

/** The name that begins at this place of the text: a known one, or words with capital letters. */
function placeFrom(said: Written, start: number): Said<string> | null {
  const end = Math.max(knownUntil(said, start), namedUntil(said, start));
  return end === start || street.test(said.plain.slice(start, end)) ? null : asPlace(said, start, end);
}

/** Up to four words that are the name of a known place, a part of it before them included. */
function knownUntil(said: Written, start: number): number {
  const words = /^[a-z][a-z'-]*\.?(?: +[a-z][a-z'-]*\.?){0,4}/.exec(said.plain.slice(start))?.[0].split(/ +/) ?? [];
  for (let count = words.length; count > 0; count -= 1) {
    const name = words.slice(0, count).join(' ');
    const bare = name.replace(/[.']+$/, '');
    const whole =
      knownPlaces.has(bare) ||
      isOddTown(bare) ||
      knownPlaces.has(bare.replace(/^(?:north|south|east|west|downtown|central|greater) /, ''));
    if (whole && said.plain.startsWith(name, start)) return start + bare.length;
  }
  return start;
}

/** Up to four words with capital letters that are no other words. */
function namedUntil(said: Written, start: number): number {
  let end = start;
  let parts = 0;
  const rest = said.plain.slice(start);
  for (const { 0: word, index } of rest.matchAll(/[a-z][a-z'-]*\.?(?=[\s,;:!?)/.]|$)/g)) {
    const bare = word.replace(/[.']+$/, '');
    const short = /^(?:st|ft|mt)\.$/.test(word);
    const follows = parts === 0 ? index === 0 : /^\s+$/.test(rest.slice(end - start, index));
    const until = start + index + (short ? word.length : bare.length);
    if (parts > 3 || !follows || (noPart.test(bare) && !direction.test(bare)) || !isLarge(said, start, until)) break;
    parts += 1;
    end = until;
    if (word.endsWith('.') && !short) break;
  }
  return end;
}

const direction = /^(?:new|north|south|east|west)$/;

/** Every word of it has a capital letter, in a text that is not all capitals. */
function isLarge(said: Written, start: number, end: number): boolean {
  const words = said.quote(start, end).split(/\s+/);
  // Coeur d'Alene.
  return words.every((word) => /^(?:[dl]['’‘`´])?\p{Lu}/u.test(word)) && /\p{Ll}{2}/u.test(said.text);
}

function asPlace(said: Written, start: number, end: number): Said<string> | null {
  const quote = said.quote(start, end).trim();
  const state = behindState.exec(said.plain.slice(end));
  // "Lakewood Elementary" is no Lakewood.
  const next = state === null ? (/^ [a-z]+/.exec(said.plain.slice(end))?.[0] ?? '') : '';
  const more = said.plain.slice(start, end) + next;
  return quote.length < 2 || quote.length > 60 || notAPlace.test(more) || tellsTooMuch(more)
    ? null
    : { value: quote, quote };
}

/**
 * May these words of the text be taken for the area, whoever read them? Not where they say where somebody lives or comes from, nor for what is no place.
 * @param words  plain
 */
export function mayBeArea(said: Written, words: string): boolean {
  const at = said.plain.indexOf(words);
  if (at < 0 || words.length < 2 || words.length > 60 || notAPlace.test(words) || tellsTooMuch(words)) return false;
  const [first = ''] = words.replace(/^(?:the|el|la) /, '').split(/[\s,]/);
  if (noPart.test(first) && !direction.test(first)) return false;
  const before = said.plain.slice(sentenceAt(said.plain, at).start, at);
  return !elsewhere.test(before.replace(/(?:\b(?:in|near|around|to|en|at|outside|of|by)\s+)+(?:the\s+)?$/, ''));
}

/** "downtown Tampa", or the part alone. */
function partWithName(said: Written, start: number, part: string): Said<string> | null {
  const from = start + part.length + 1;
  const named = /^(?:downtown|midtown|uptown)$/.test(part) ? placeFrom(said, from) : null;
  const end = named === null ? start + part.length : from + named.quote.length;
  const quote = said.quote(start, end);
  const value = named === null ? part.replace(/^(?:in|en|on) (?=the|el)/, '') : quote;
  return { value, quote };
}

/** "4 beds, Frisco, 475k": a known name between commas, which is not the name of whom they greet. */
function listed(said: Written): Said<string> | null {
  if (!/\d/.test(said.plain)) return null;
  for (const { index, 0: mark } of said.plain.matchAll(betweenCriteria)) {
    const start = index + mark.length;
    const end = knownUntil(said, start);
    const greeted = /\b(?:hi|hello|hey|thanks|thank you|regards|best|gracias|hola)\W*$/.test(
      said.plain.slice(0, start),
    );
    if (
      end > start &&
      !greeted &&
      /^\s?(?:[,.;/|•\n\d$]|$|(?:area|under|max|up to|budget)\b)/.test(said.plain.slice(end))
    ) {
      return asPlace(said, start, end);
    }
  }
  return null;
}

const betweenCriteria =
  /(?:[,.;/|•\n-]|\b(?:bed\w*|brs?|bds?|bath\w*|ba|condos?|townhouses?|houses?|homes?))\s+(?=[a-z])/g;

const openers =
  /^(?:(?:yes|yeah|oh|well|um|hi|maybe|probably|ideally|preferably|somewhere|i think|i'd say|we like|i like|we love|we prefer|i prefer|prefer|we want|i want|we're thinking|thinking|looking|looking at|mostly|mainly|just|either|like|in|near|around|close to|the area of|en|por|cerca de|me gusta|nos gusta|we'd like|i'd like|we'd love|i'd love|we would love|to be|love|want|it's|its|it is) +)*/;
const noAnswer =
  /^(?:yes|no|yeah|yep|nope|ok|okay|hi|hey|hello|thanks?|any\w*|not|none|no preference|idk|i|we|we're|i'm|unsure|depends|wherever|open|flexible|all|whatever|what|why|where|which|who|how|can|do|doesn't|don't|good|great|better|safe|quiet|nice|sure|maybe|stop|your|you|same|here|there|still|si|cualquier\w*|donde sea|somewhere|my|our|me|let|call|text|within|walking|close|sorry|hmm+|a|an)\b/;

/** A short answer to the question for the area. */
function bareAnswer(said: Written): Said<string> | null {
  const from = said.plain.length - said.plain.trimStart().length;
  const lead = openers.exec(said.plain.trimStart())![0].length + from;
  const rest = said.plain.slice(lead);
  const zip = /^\d{5}\b/.exec(rest);
  if (zip) return asPlace(said, lead, lead + 5);
  const known = knownUntil(said, lead);
  if (known > lead) return asPlace(said, lead, known);
  const name =
    /^[a-z][\w'.-]*(?:\s+[a-z][\w'.-]*){0,3}?(?=\s*(?:[,;!?/&+(]|\.(?:\s|$)|$|\b(?:or|and|but|area|areas|please|though|maybe|probably|is|would|preferably|preferred|if|works|region|o|y|zip)\b))/.exec(
      rest,
    );
  if (name === null || noAnswer.test(name[0])) return null;
  return asPlace(said, lead, lead + name[0].replace(/[.,'-]+$/, '').length);
}
