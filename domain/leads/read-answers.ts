import { plainly } from './reading-values.ts';

/** Readers of single answers. Each answers null when the text does not say; none knows more than the words in front of it. */

/**
 * The area that the lead names, in the lead's own words and at most 60 characters.
 * Places are recognised by a preposition and a capital letter, or by a plain word for a part of town. Schools, houses of worship and
 * languages are no areas to us: fair housing keeps them out of what we know.
 * @param asked  the team has just asked for the area: then a short capitalised answer is one
 */
export function readPlace(text: string, asked: boolean): string | null {
  for (const match of text.matchAll(placeAfterWord)) {
    const place = asPlace(match[1]!);
    if (place !== null) return place;
  }
  const part = /\b(?:downtown|midtown|uptown|the suburbs|the waterfront|near the beach|by the beach)\b/i.exec(text);
  if (part) return part[0].toLowerCase();
  const zip =
    /\b(?:zip(?: code)?|in|near|around)\s+(\d{5})\b/i.exec(text) ?? (asked ? /^\W*(\d{5})\W*$/.exec(text) : null);
  if (zip) return zip[1]!;
  const bare = asked ? /^\W*((?:the\s+)?[A-Za-z][\w'.-]*(?:[\s,]+[A-Za-z][\w'.-]*){0,3})\W*$/.exec(text) : null;
  return bare && !/^(?:yes|no|yeah|yep|nope|ok|okay|hi|hey|hello|thanks?|any|not|i|we)\b/i.test(bare[1]!)
    ? asPlace(bare[1]!)
    : null;
}

const placeAfterWord =
  /\b(?:[Ii]n|[Nn]ear|[Aa]round|[Cc]lose to|[Oo]utside(?: of)?|[Aa]rea of)\s+((?:the\s+)?(?:[Nn]orth|[Ss]outh|[Ee]ast|[Ww]est)?\s?[A-Z][\w'.-]*(?:,?\s+[A-Z][\w'.-]*){0,3})/g;
const noPlace =
  /^(?:the\s+)?(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\b|^(?:the\s+)?(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?s?\b|^(?:spring|summer|fall|autumn|winter|cash|general|case|fact|i|english|spanish|french|german|chinese|mandarin|cantonese|russian|arabic|korean|vietnamese|portuguese|hindi|tagalog|polish|italian|hebrew|japanese)\b|\b(?:church|temple|mosque|synagogue|parish|cathedral|chapel|shul|schools?|elementary|academy|university|college)\b/i;

function asPlace(words: string): string | null {
  const place = words.trim().replace(/[.,'-]+$/, '');
  return place === '' || place.length > 60 || noPlace.test(place) ? null : place;
}

const numbers: Readonly<Record<string, string>> = { one: '1', two: '2', three: '3', four: '4', five: '5', six: '6' };
const spanishNumbers: Readonly<Record<string, string>> = {
  un: '1',
  una: '1',
  dos: '2',
  tres: '3',
  cuatro: '4',
  cinco: '5',
  seis: '6',
};
const words = [...Object.keys(numbers), ...Object.keys(spanishNumbers)].join('|');
const count = String.raw`(\d(?:\.\d)?|${words})(?:\s?(?:-|to|or|a|o)\s?\d)?\s?\+?[\s-]?`;
const beds = new RegExp(
  String.raw`\b${count}(?:beds?|br|bd|bedrooms?|bdrms?|recamaras?|habitaci(?:on|ones)|dormitorios?|cuartos?)\b`,
);
const baths = new RegExp(String.raw`\b${count}(?:baths?|ba|bathrooms?|banos?)\b`);

/** Features of a house alone; nothing that would tell who is going to live in it. */
const features: readonly (readonly [string, RegExp])[] = [
  ['pool', /\bpool\b/i],
  ['garage', /\bgarage\b/i],
  ['yard', /\b(?:back)?yard\b|\bgarden\b/i],
  ['basement', /\bbasement\b/i],
  ['single story', /\b(?:single|one)[- ](?:story|level)\b/i],
  ['waterfront', /\bwater ?front\b|\blake ?front\b|\bocean ?front\b/i],
  ['acreage', /\bacres?\b|\bacreage\b/i],
  ['home office', /\bhome office\b/i],
  ['fireplace', /\bfireplace\b/i],
  ['condo', /\bcondos?\b/i],
  ['townhouse', /\btown ?(?:house|home)s?\b/i],
  ['new build', /\bnew (?:build|construction)\b/i],
  ['move-in ready', /\bmove[- ]in ready\b|\bturn ?key\b/i],
  ['fixer-upper', /\bfixer(?:[- ]upper)?\b/i],
];

/** Beds, baths and must-haves as short words, e.g. `3 bed, 2 bath, pool`. */
export function readProperty(text: string, asked: boolean): string | null {
  const pair = /\b([1-9])\s?\/\s?([1-9](?:\.5)?)\b(?!\s?\/)/.exec(text);
  // "3/2" is beds and baths after that question or beside a word for a home, else it may be a date.
  const short = pair && (asked || /\b(?:bed|bath|house|home|condo)/i.test(text)) ? pair : null;
  const plain = plainly(text);
  const bed = short?.[1] ?? counted(beds.exec(plain));
  const bath = short?.[2] ?? counted(baths.exec(plain));
  const found = [
    ...(bed ? [`${bed} bed`] : []),
    ...(bath ? [`${bath} bath`] : []),
    ...features.filter(([, pattern]) => wanted(text, pattern)).map(([name]) => name),
  ];
  return found.length > 0 ? found.join(', ') : null;
}

function counted(match: RegExpExecArray | null): string | undefined {
  const number = match?.[1];
  return number === undefined ? undefined : (numbers[number] ?? spanishNumbers[number] ?? number);
}

function wanted(text: string, pattern: RegExp): boolean {
  const match = pattern.exec(text);
  return match !== null && !/\b(?:no|not|without|don't (?:need|want)(?: an?)?)\s*$/i.test(text.slice(0, match.index));
}

const noPlanYet =
  /\b(?:not|no|never|haven't|havent|isn't|aren't|don't|needs?(?: to find| to get| to talk to)?|looking for)\b(?:(?!\bbut\b)[^.!?]){0,25}\b(?:pre[- ]?(?:approv|qualif)\w*|lender|mortgage|loan|bank|financing)\b/i;
const plan =
  /\bpre[- ]?(?:approved|approval|qualified)\b|\b(?:all[- ]cash|cash buyers?)\b|\b(?:pay|paying|buy|buying|purchase|purchasing)\b[^.!?]{0,20}\bcash\b|\bhave (?:the |all )?cash\b|\b(?:have|got|found|with|talked to|talking to|working with|spoke to|met with)\b[^.!?]{0,15}\b(?:lender|mortgage|loan officer|bank|financing)\b|\bfinancing (?:is )?(?:in place|lined up|set)\b/i;

const noPlanYetEs =
  /\b(?:no|sin|falta|necesito|necesitamos|busco|buscando)\b(?:(?!\bpero\b)[^.!?]){0,25}\b(?:pre[- ]?aprob\w*|prestamista|hipoteca|prestamo|banco|financiamiento|credito)\b/;
const planEs =
  /\bpre[- ]?aprob(?:ad[oa]s?|acion)\b|\bal contado\b|\b(?:pago|pagar|pagamos|compro|comprar|tengo|tenemos)\b[^.!?]{0,20}\b(?:en )?efectivo\b|\b(?:tengo|tenemos|con|hable con|hablando con)\b[^.!?]{0,15}\b(?:prestamista|hipoteca|prestamo|banco|financiamiento)\b/;

/** Is there a plan for the money? True or false only: which loan it is may tell more than we should know. */
export function readFinancing(text: string, asked: boolean): boolean | null {
  const plain = plainly(text);
  if (noPlanYet.test(plain) || noPlanYetEs.test(plain)) return false;
  if (plan.test(plain) || planEs.test(plain) || (asked && /\b(?:cash|efectivo)\b/.test(plain))) return true;
  if (!asked) return null;
  if (/^\W*(?:yes|yeah|yep|yup|sure|we do|i do|we are|i am|we have|i have|si|claro|ya)\b/.test(plain)) return true;
  return /^\W*(?:no|nope|not yet|not really|todavia no|aun no)\b/.test(plain) ? false : null;
}

const reasons: readonly (readonly [string, RegExp])[] = [
  [
    'relocating',
    /\brelocat\w+|\bnew job\b|\bjob (?:transfer|change|offer)\b|\bbeing transferred\b|\bmoving for work\b/i,
  ],
  ['downsizing', /\bdownsiz\w+|\btoo big\b|\bsomething smaller\b/i],
  ['more space', /\b(?:more|extra) (?:space|room)\b|\bup ?siz\w+|\boutgrow\w*|\bsomething bigger\b|\btoo small\b/i],
  ['investing', /\binvest(?:ment|ing|or)?\b|\brental property\b|\bto rent (?:it )?out\b|\bflip(?:ping)?\b/i],
  [
    'leaving a rental',
    /\btired of renting\b|\bstop renting\b|\b(?:lease|rent) (?:is )?(?:up|ends?|ending|expir\w+)\b/i,
  ],
  ['first home', /\bfirst[- ](?:home|house|time)\b/i],
  ['commute', /\bcommut\w+|\bcloser to work\b/i],
];

/** Why they move, as one of a few words; asked for and answered otherwise: `stated`, without what was said. */
export function readMotivation(text: string, asked: boolean): string | null {
  const reason = reasons.find(([, pattern]) => pattern.test(text));
  if (reason) return reason[0];
  const words = text.split(/\s+/).filter((word) => /[a-z]/i.test(word)).length;
  return asked && words >= 3 && !text.includes('?') ? 'stated' : null;
}

/** State of the seller's own home. What needs doing outweighs what was done. */
export function readCondition(text: string): 'needs work' | 'updated' | 'good' | null {
  if (
    /\bneeds? (?:\w+ ){0,3}(?:work|repairs?|updat\w+|tlc|fixing|renovat\w+|roof)\b|\bfixer\b|\bas[- ]is\b|\bdated\b|\bbad shape\b/i.test(
      text,
    )
  ) {
    return 'needs work';
  }
  if (
    /\b(?:renovated|remodel(?:l?ed)?|updated|upgraded|refurbished)\b|\bnew (?:roof|kitchen|hvac|windows|floors?)\b/i.test(
      text,
    )
  ) {
    return 'updated';
  }
  return /\b(?:good|great|excellent|perfect|mint|nice|move[- ]in ready)(?: (?:condition|shape))?\b/i.test(text)
    ? 'good'
    : null;
}
