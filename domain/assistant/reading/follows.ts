import { wordsOfHome } from '../../leads/read-home.ts';
import { pricesIn } from '../../leads/read-money.ts';
import { personWantedIn } from '../../leads/read-person.ts';
import { mayBeArea } from '../../leads/read-place.ts';
import { plainly } from '../../leads/spelling.ts';
import type { Written } from '../../leads/written.ts';
import { written } from '../../leads/written.ts';
import type { Understood } from '../understood.ts';
import type { ReadingContext } from './context.ts';
import type { FactField, FactOf } from './record-facts.ts';

/** What a fact is checked against. */
export interface Ground {
  /** What the lead wrote, without what is asked about, or said of, a home that is for sale. */
  readonly own: Written;
  readonly rules: Understood;
  readonly context: ReadingContext;
}

/**
 * Does the value follow from the quoted words? Amounts, counts and times are read again by our own rules and must come out the same; of the rest the
 * words must at least speak of the matter, and rules must not read the contrary in the message.
 */
export function follows<F extends FactField>(field: F, fact: FactOf<F>, ground: Ground): boolean {
  return checks[field](fact as never, ground);
}

const checks: { readonly [F in FactField]: (fact: FactOf<F>, ground: Ground) => boolean } = {
  intent: ({ value, quote }) => value === 'unknown' || speaksOf(quote, intentWords[value]),
  budget({ value, quote }, { own, context }) {
    return pricesIn(own, context.asked === 'budget').some(
      (price) => price.value === value && (quote.includes(price.quote) || price.quote.includes(quote)),
    );
  },
  area({ value, quote }, { own }) {
    const words = written(value).plain.trim();
    return written(quote).plain.includes(words) && mayBeArea(own, words);
  },
  timeline: ({ value, quote }, { rules }) => agrees(rules.answers.timeline, value) && speaksOf(quote, timeWords),
  bedrooms: ({ value, quote }, { own, rules, context }) =>
    agrees(rules.bedrooms, value) &&
    counts(quote, value, own) &&
    (context.asked === 'property' || speaksOf(quote, bedWords)),
  bathrooms: ({ value, quote }, { own }) => counts(quote, value, own) && speaksOf(quote, bathWords),
  must_haves: ({ value, quote }, { own }) =>
    isIn(own, quote) && wordsOfHome(own).some((have) => have.value === value && touch(have.quote, quote)),
  financing: ({ value, quote }, { rules, context }) =>
    agrees(rules.answers.financing, value) && (context.asked === 'financing' || speaksOf(quote, moneyWords)),
  motivation: ({ value, quote }, { rules, context }) =>
    agrees(rules.answers.motivation, value) &&
    (value === 'stated' ? context.asked === 'motivation' : speaksOf(quote, motiveWords[value])),
  condition: ({ value, quote }, { rules, context }) =>
    agrees(rules.answers.condition, value) && (context.asked === 'condition' || speaksOf(quote, conditionWords)),
  pathway: ({ value, quote }, { rules }) => agrees(rules.pathway, value) && speaksOf(quote, pathwayWords[value]),
  slot: ({ value }, { rules }) => rules.slot?.value === value,
  // The words themselves must ask, and not be denied where they stand: nobody is taken over for having said "agent".
  wants_human: ({ quote }, { rules }) => rules.wantsHuman !== undefined && personWantedIn(written(quote)) !== null,
};

/** Rules read the same, or nothing. */
function agrees<T>(read: { readonly value: T } | undefined, value: T): boolean {
  return read === undefined || read.value === value;
}

function speaksOf(quote: string, words: RegExp): boolean {
  return words.test(written(quote).plain);
}

function touch(one: string, other: string): boolean {
  return one.includes(other) || other.includes(one);
}

/** Do these words stand where the lead speaks of an own wish? */
function isIn(own: Written, quote: string): boolean {
  return own.plain.replaceAll(/\s+/g, ' ').includes(plainOf(quote));
}

function plainOf(quote: string): string {
  return written(quote).plain.replaceAll(/\s+/g, ' ').trim();
}

const numerals: Readonly<Record<number, string>> = {
  1: 'one|un|una|single|master',
  2: 'two|dos',
  3: 'three|tres',
  4: 'four|cuatro',
  5: 'five|cinco',
  6: 'six|seis',
};

function counts(quote: string, value: number, own: Written): boolean {
  const word = numerals[value];
  const number = new RegExp(
    String.raw`(?<![\d.,$])${String(value).replace('.', '\\.')}(?![\d,]|\.\d)${word === undefined ? '' : String.raw`|\b(?:${word})\b`}`,
  );
  return isIn(own, quote) && number.test(plainly(quote));
}

const bedWords =
  /\d ?\/ ?\d|\d ?b(?:d|r)s?\b|\b(?:bed\w*|brs?|bds?|bdr\w*|rooms?|recamaras?|habitaci\w+|dormitorios?|cuartos?)\b/;
const bathWords = /\d ?\/ ?\d|\d ?bas?\b|\b(?:bath\w*|bas?|banos?)\b/;
const timeWords =
  /\b(?:days?|weeks?|wks?|months?|years?|yrs?|january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|spring|summer|fall|autumn|winter|soon\w*|now|later|rush|hurry|asap|urgent\w*|when\w*|until|by|before|after|ready|quick\w*|immediate\w*|timeline|someday|eventually|looking|browsing|exploring|lease|dias?|semanas?|mes(?:es)?|anos?|pronto|prisa|ya|cuando|listo|primavera|verano|otono|invierno)\b/;
const moneyWords =
  /\b(?:cash|lender|bank\w*|loan\w*|mortgage\w*|approv\w*|pre-?\w*|qualif\w*|financ\w*|credit|fund\w*|pay\w*|down|money|broker|fha|letter|efectivo|contado|banco|prestam\w*|hipoteca|aprob\w*|preaprob\w*|credito|pag\w*)\b/;
const conditionWords =
  /\b(?:condition|shape|roof|kitchen|bath\w*|floor\w*|paint\w*|work|repair\w*|fix\w*|updat\w*|upgrad\w*|remodel\w*|renovat\w*|new\w*|old\w*|dated|outdated|original|leak\w*|damage\w*|mold|foundation|hvac|ac|windows?|clean|maintain\w*|kept|needs?|good|great|perfect|rough|mess|turnkey|move-in|appliances|carpet|plumbing|electric\w*|estado|condicion\w*|techo|cocina|repara\w*|arregl\w*|nuev[oa]s?|buen\w*)\b/;
const intentWords = {
  sell: /\b(?:sell\w*|list\w*|worth|valu\w*|offer\w*|market|apprais\w*|cma|rent\w*|leas\w*|get rid|vend\w*|vale|valor|rentar|alquilar)\b/,
  viewing:
    /\b(?:see\w*|show\w*|tour\w*|view\w*|visit\w*|look\w*|open house|walk\w*|meet\w*|appointment|stop by|come\w*|check\w*|schedul\w*|book\w*|\w+day|morning|afternoon|evening|noon|tomorrow|first|second|third|last|works?|none|neither|\d{1,2}(?::\d\d)? ?(?:am|pm)|ver\w*|visit\w*|cita|mostrar|ensenar|lunes|martes|miercoles|jueves|viernes|sabado|domingo|manana)\b/,
  buy: /\b(?:buy\w*|purchas\w*|look\w*|search\w*|find\w*|hous\w*|home\w*|condo\w*|townho\w*|place|propert\w*|land|need\w*|want\w*|interest\w*|mov\w*|bed\w*|offer|invest\w*|compr\w*|busc\w*|casa\w*|quier\w*|necesit\w*|interes\w*)\b/,
  question:
    /[?¿]|\b(?:what\w*|when\w*|where\w*|who\w*|why|how\w*|which|is|are|do|does|did|can|could|would|will|info\w*|details|send|tell|know|question\w*|call|price|pics|photos|wonder\w*|curious|que|cual|cuando|donde|como|cuant\w*|informa\w*)\b/,
  greeting:
    /\b(?:h+i+|he+l+o+|he+y+|howdy|morning|afternoon|evening|thank\w*|bye|goodbye|care|cheers|day|hola|buen\w*|gracias|saludos|adios|welcome|appreciat\w*|happy|merry|see you|talk)\b/,
} as const;
const motiveWords = {
  relocating: /\b(?:relocat\w*|job\w*|work\w*|transfer\w*|mov\w*|office|company|employer|trabajo|mud\w*)\b/,
  downsizing:
    /\b(?:downsiz\w*|small\w*|big|large|less|stairs|empty|space|upkeep|mantenimiento|pequen\w*|chic\w*|grande)\b/,
  'more space':
    /\b(?:space|room\w*|big\w*|larg\w*|small|outgr\w*|tight|cramped|crowded|upsiz\w*|espacio|grande|chic\w*)\b/,
  investing: /\b(?:invest\w*|rent\w*|flip\w*|income|portfolio|airbnb|tenants?|cash ?flow|invert\w*|inversion\w*)\b/,
  'leaving a rental': /\b(?:rent\w*|leas\w*|landlord|apartment|renta\w*|alquil\w*)\b/,
  'first home': /\b(?:first|1st|never owned|primer\w*)\b/,
  commute: /\b(?:commut\w*|drive|driving|traffic|work|office|job|closer|trabajo|trafico|cerca)\b/,
} as const;
const pathwayWords = {
  list: /\b(?:list\w*|market|agents?|realtors?|mls|top dollar|mercado|agente)\b/,
  'cash-offer': /\b(?:cash|offer\w*|fast|quick\w*|as[- ]is|investor\w*|efectivo|oferta|rapido|contado)\b/,
  'rent-out': /\b(?:rent\w*|leas\w*|tenants?|landlord|rentar\w*|alquil\w*)\b/,
  unsure: /\b(?:sure|unsure|know|decid\w*|undecided|torn|debat\w*|either|options?|or|se|segur\w*|decid\w*)\b/,
} as const;
