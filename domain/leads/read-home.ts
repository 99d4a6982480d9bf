import type { Said } from '../assistant/understood.ts';
import type { HomeWord } from './home-words.ts';
import { spansOf } from './written.ts';
import type { Written } from './written.ts';

const numbers: Readonly<Record<string, number>> = {
  ...{ one: 1, two: 2, three: 3, four: 4, five: 5, six: 6 },
  ...{ un: 1, una: 1, dos: 2, tres: 3, cuatro: 4, cinco: 5, seis: 6 },
};
const count = String.raw`(?<![\w.,$-]|\d ?\/ ?|\b(?:looking|searching|hunting|shopping) )(?<count>\d(?:\.\d)?|${Object.keys(numbers).join('|')})(?:\s?(?:-|to|or|a|o)\s?(?:\d|${Object.keys(numbers).join('|')})(?!\d))?\s?(?:\+|or more|plus)?[\s-]?`;
const bedWord = String.raw`(?:beds?|brs?|bds?|bedrooms?|bdrms?|bdrs?|recamaras?|habitaci(?:on|ones)|dormitorios?|cuartos?|alcobas?)\b`;
const bathWord = String.raw`(?:baths?|ba|bathrooms?|bthrms?|banos?)\b`;
const beds = new RegExp(`${count}${bedWord}`, 'g');
const baths = new RegExp(`${count}(?:full )?${bathWord}`, 'g');
const labelled = (word: string): RegExp => new RegExp(String.raw`\b${word}\s?[:=]\s?(?<count>\d(?:\.\d)?)\b`, 'g');
const bedLabel = labelled('(?:beds?|bedrooms?|br|recamaras)');
const bathLabel = labelled('(?:baths?|bathrooms?|ba|banos)');
const pair = /(?<![\w/.$])(?<count>[1-9])\s?\/\s?(?<other>[1-9](?:\.5)?)(?![\w/]|\s?\/)/;

/** How many bedrooms; of a range or "at least three" the lower number. */
export function bedroomsIn(said: Written, asked: boolean, seller = false): Said<number> | null {
  const bare = asked
    ? /^\W*(?:just |only |at least |min(?:imum)? |maybe |like |probably |about |around |minimo |al menos )?(?<count>[1-9]|one|two|three|four|five|six|dos|tres|cuatro|cinco)(?:\s?(?:-|to|or)\s?\d)?\s?\+?(?: or more| plus| minimum| min| at least| minimo)?\W*$/g
    : null;
  return counted(said, [bedLabel, beds, bare], seller) ?? half(said, asked, 'count');
}

export function bathsIn(said: Written, asked: boolean, seller = false): Said<number> | null {
  return counted(said, [bathLabel, baths], seller) ?? half(said, asked, 'other');
}

/** The home where they live now. */
const present =
  /\b(?:(?<!\bdo )(?:we|i) (?:already |currently |now )?have|we've got|i've got|(?:live|living|renting|currently|now|crammed|stuck|are|am) in|we're in|i'm in|from|renting|our|my|current|vivo en|vivimos en|tengo|tenemos|de mi|nuestr[oa])\s+(?:an? |una? |our |my )?(?:(?:current|small|little|tiny|rental|apartment|house|home|departamento|apartamento|casa) (?:de |with )?)?$/;
/** "… 3 beds right?" is said of the home that they ask about. */
const makesSure = /^[^.!?\n]{0,40}\b(?:right|correct|verdad|yes)\s?\?/;

function counted(said: Written, patterns: readonly (RegExp | null)[], seller: boolean): Said<number> | null {
  const matches = patterns.flatMap((pattern) => (pattern === null ? [] : [...said.plain.matchAll(pattern)]));
  for (const match of matches) {
    const before = said.plain.slice(Math.max(0, match.index - 50), match.index);
    if (!seller && (present.test(before) || makesSure.test(said.plain.slice(match.index)))) continue;
    const number = match.groups!['count']!;
    const value = numbers[number] ?? Number(number);
    if (value > 0) return { value, quote: said.quote(match.index, match.index + match[0].length).trim() };
  }
  return null;
}

/** "3/2" is beds and baths after that question or beside a word for a home, else it may be a date. */
function half(said: Written, asked: boolean, side: 'count' | 'other'): Said<number> | null {
  const match = pair.exec(said.plain);
  if (match === null || !(asked || /\b(?:bed|bath|house|home|condo|townhouse|casa)/.test(said.plain))) return null;
  return { value: Number(match.groups![side]), quote: said.quote(match.index, match.index + match[0].length) };
}

/** Words of a house and its land alone. */
const features: readonly (readonly [HomeWord, RegExp])[] = [
  ['condo', /\bcondo(?:minium)?s?\b|\bcondominios?\b/g],
  ['townhouse', /\btown ?(?:house|home)s?\b|\btownhouses?\b/g],
  ['single-family', /\bsingle[- ]family\b|\bsfh\b|\bdetached (?:home|house)s?\b/g],
  ['duplex', /\b(?:duplex|triplex|fourplex|quadplex)(?:es)?\b|\bmulti[- ]?family\b/g],
  ['mobile home', /\b(?:mobile|manufactured) homes?\b|\bcasas? movil(?:es)?\b/g],
  [
    'land',
    /\b(?:vacant|raw|some|buy|of) (?:land|lots?)\b|\b(?:building )?lots? to build\b|\bland to build\b|\bterrenos?\b/g,
  ],
  ['new build', /\bnew(?:ly)?[- ](?:build|builds|built|construction)\b|\bnueva construccion\b|\bcasa nueva\b/g],
  ['move-in ready', /\bmove[- ]in[- ]ready\b|\bturn[- ]?key\b|\blista para (?:vivir|mudarse)\b/g],
  ['fixer-upper', /\bfixer(?:[- ]?upper)?s?\b|\bhandyman special\b|\bneeds (?:some )?work\b/g],
  [
    'single story',
    /\b(?:single|one|1)[- ](?:story|storey|level|floor)\b|\branch (?:style|home|house)\b|\bno stairs\b|\bde un (?:solo )?piso\b|\buna planta\b/g,
  ],
  ['pool', /\bpools?\b(?! table)|\balberca\b|\bpiscina\b/g],
  ['garage', /\bgarages?\b|\bgaraje\b|\bcochera\b/g],
  [
    'RV parking',
    /\brv (?:parking|pad|gate|garage|access|hookup)s?\b|\bparking for (?:my|our|an|the) rv\b|\broom for (?:my|our|an|the) rv\b/g,
  ],
  ['parking', /(?<!\brv )\bparking(?! for (?:my|our|an|the) rv)\b|\bcarport\b|\bestacionamiento\b/g],
  [
    'fenced yard',
    /\bfenced?[- ]?(?:in )?(?:back ?)?(?:yard|lot|garden)\b|\b(?:yard|backyard) (?:that is |that's |is )?fenced\b|\bpatio (?:con )?(?:cerca|cercado|bardeado)\b/g,
  ],
  [
    'yard',
    /(?<!\bfenced? |\bfenced in )\b(?:back ?|front ?)?yards?\b(?! (?:sale|(?:that is |that's |is )?fenced))|(?<!\bwinter |\bmadison )\bgardens?\b(?! (?:home|grove|city))|\bjardin\b/g,
  ],
  ['patio', /\bpatios?\b|\bdecks?\b|\bporch(?:es)?\b|\blanai\b|\bbalcon(?:y|ies)?\b/g],
  ['acreage', /\bacres?\b|\bacreage\b|\bhectareas?\b/g],
  [
    'waterfront',
    /\b(?:water|lake|ocean|river|canal|bay|gulf|beach)[- ]?front\b|\bon (?:the|a) (?:water|lake|river|canal)\b|\bfrente al (?:mar|lago|agua)\b/g,
  ],
  ['dock', /\b(?:boat )?docks?\b(?!or)|\bmuelle\b/g],
  [
    'view',
    /\b(?:with|has|have|good|great|nice|a|water|lake|mountain|ocean|city|golf|bay) (?:an? )?(?:\w+ )?views?\b(?! (?:it|the|this|that|home|house)\b)|\bvistas? (?:al?|del?)\b/g,
  ],
  ['basement', /\bbasements?\b|\bsotano\b/g],
  ['home office', /\b(?:home|an|dedicated) office\b(?! (?:building|space))|\boficina en casa\b/g],
  [
    'guest house',
    /\bguest[- ]?(?:house|suite|quarters)\b|(?:\b(?:an|a|with|plus|separate|detached|has|con) (?:an? |una )?(?:\w+ )?|w\/ ?)casitas?\b|\badus?\b|\bin[- ]law (?:suite|unit|apartment|quarters)\b|\bmother[- ]in[- ]law suite\b|\bgranny flat\b/g,
  ],
  ['workshop', /\bwork ?shops?\b|\btaller\b/g],
  ['fireplace', /\bfire ?places?\b|\bchimenea\b/g],
  ['open floor plan', /\bopen (?:floor ?plan|concept|layout|plan)\b|\bconcepto abierto\b/g],
  [
    'updated kitchen',
    /\b(?:updated|modern|renovated|remodel(?:l?ed)?|new|chef'?s) kitchen\b|\bcocina (?:nueva|moderna|remodelada|actualizada)\b/g,
  ],
  ['hardwood floors', /\b(?:hard ?)?wood floor(?:s|ing)?\b|\bhardwoods?\b|\bpisos? de madera\b/g],
  ['walk-in closet', /\bwalk[- ]?in[- ]closets?\b|\bvestidor\b/g],
  ['solar', /\bsolar\b/g],
  ['elevator', /\belevators?\b|\belevador\b|\bascensor\b/g],
  [
    'pets allowed',
    /\b(?:allows?|accepts?|takes?|ok with|okay with|permit(?:e|en)?|acept(?:e|en)) (?:dogs?|cats?|pets?|mascotas|perros?|gatos?)\b|\b(?:pet|dog|cat)s?[- ]?(?:friendly|allowed|ok|okay)\b/g,
  ],
  ['no HOA', /\b(?:no|not? an?|without(?: an?)?|non|sin) ?-?hoa\b|\b(?:don't|do not) want (?:an? )?hoa\b/g],
];

/** In a seller's mouth these tell in which state the home is, which is asked for by itself. */
const states: ReadonlySet<string> = new Set<HomeWord>(['move-in ready', 'fixer-upper', 'updated kitchen', 'new build']);

const unwanted =
  /\b(?:(?:not|isn't|aren't|no longer)(?: \w+)? (?:looking (?:for|at)|interested in|after|into|in the market for)(?: an?| the| any)?|no (?:busco|buscamos)(?: una?)?|anything (?:but|except)(?: an?)?|no|not|without|not? (?:a|an|in|interested in)|minus|skip the|(?:don't|do not|doesn't|won't)(?: really)? (?:need|want|care (?:about|for)|like|have)(?: to have)?(?: an?| the| any)?|(?:isn't|not) (?:a must|required|necessary)|sin|no (?:quiero|queremos|necesito|necesitamos|tiene)(?: una?)?|nothing with an?|rather not have an?|hate)\s+(?:\w+ )?$/;
/** Asked about, or the mark of a certain home: "the one with the pool". */
const ofAListing =
  /\b(?:is there|does (?:it|this|that|the \w+) (?:come with|have)|do they have|has it got|(?:the|that|this) (?:house|home|one|place|property|condo|townhouse) (?:with|w ?\/?|that has|that's got)(?: the)|(?:the|that|this) (?:house|home|one|place|property|condo|townhouse) that has|(?:la|el|esa|esta) (?:casa|propiedad|que tiene)(?: con)? (?:la|el))\s+(?:an? |any |the |una? )?(?:\w+ )?$/;
const unneeded =
  /^(?:\s?(?:is|are|isn't|aren't|not))?\s?(?:not|isn't|aren't|optional|unnecessary|not needed|doesn't matter|no es necesari[oa])\b/;

/**
 * What of the home is said, each once. A thing that is not wanted is left out.
 * @param seller  of an own home: then what tells its state is left out as well
 */
export function mustHavesIn(said: Written, seller: boolean): Said<HomeWord>[] {
  return wordsOfHome(said).filter(({ value }) => !seller || !states.has(value));
}

/** The same, whoever says it. */
export function wordsOfHome(said: Written): Said<HomeWord>[] {
  // "Patio" is a yard in Spanish.
  const spanish = /\b(?:busco|buscamos|quiero|queremos|casa|con|grande|necesito|vendo|vender)\b/.test(said.plain);
  const found = features.flatMap(([word, pattern]): { at: number; have: Said<HomeWord> }[] => {
    const span = spansOf(said.plain, pattern).find(({ start, end }) => word === 'no HOA' || isWanted(said, start, end));
    if (span === undefined) return [];
    const value = word === 'patio' && spanish && said.plain.slice(span.start, span.end) === 'patio' ? 'yard' : word;
    return [{ at: span.start, have: { value, quote: said.quote(span.start, span.end).trim() } }];
  });
  return found
    .filter(({ have }, i) => found.findIndex((other) => other.have.value === have.value) === i)
    .map(({ have }) => have);
}

function isWanted(said: Written, start: number, end: number): boolean {
  const own = /^(?:no|sin) /.test(said.plain.slice(start, end));
  return (
    own ||
    !(
      unwanted.test(said.plain.slice(Math.max(0, start - 50), start)) ||
      ofAListing.test(said.plain.slice(Math.max(0, start - 60), start)) ||
      unneeded.test(said.plain.slice(end, end + 25))
    )
  );
}

/** The home in one line, e.g. `3 bed, 2 bath, pool`. */
export function homeInOneLine(parts: {
  readonly bedrooms?: number | undefined;
  readonly baths?: number | undefined;
  readonly mustHaves: readonly string[];
}): string {
  return [
    ...(parts.bedrooms === undefined ? [] : [`${parts.bedrooms} bed`]),
    ...(parts.baths === undefined ? [] : [`${parts.baths} bath`]),
    ...parts.mustHaves,
  ].join(', ');
}
