import { type UsState, usStates } from '../consent/us-states.ts';
import { plainly } from '../leads/spelling.ts';
import { isOddName, parted, spellings } from './place-spellings.ts';

/** Places that a lead named, as lists to be looked for; all empty: none that a listing could be in. In lower case, without accents. */
export interface NamedPlaces {
  /** Each in its usual spellings. */
  readonly cities: readonly string[];
  /** Without the word county. */
  readonly counties: readonly string[];
  /** Only where the lead named the ZIP code itself. */
  readonly postalCodes: readonly string[];
  /** Two letters, small. Narrows the others, and is a place where there is no other. */
  readonly states: readonly string[];
  /** "Austin area": the places and what lies around them. */
  readonly around: boolean;
}

/**
 * The places in the words of a lead: `Austin or Round Rock`, `Kansas City, MO`, `78701`, `Travis County`, `downtown Tampa`. Of a part of a city the
 * city is kept, which is all that a listing tells of itself. A place that no listing names stays as it was said, and so nothing is in it: what
 * cannot be told apart is not widened to everything.
 * @param area  the lead's words, at most 60 characters
 */
export function placesIn(area: string): NamedPlaces {
  const found = {
    cities: [] as string[],
    counties: [] as string[],
    postalCodes: [] as string[],
    states: [] as string[],
  };
  let around = false;
  for (const whole of namesIn(area)) {
    const { name, wide } = bare(whole);
    around ||= wide;
    if (name === '') continue;
    const state = stateOf(name);
    const [, city, behind] = /^(.+) ([a-z]{2})$/.exec(name) ?? [];
    if (/^\d{5}$/.test(name)) found.postalCodes.push(name);
    else if (/ county$/.test(name)) found.counties.push(...spellings(name.replace(/ county$/, '')));
    else if (state !== null) found.states.push(state);
    else if (city !== undefined && behind !== undefined && codes.has(behind)) {
      found.cities.push(...spellings(city));
      found.states.push(behind);
    } else found.cities.push(...spellings(name));
  }
  return {
    cities: sorted(found.cities),
    counties: sorted(found.counties),
    postalCodes: sorted(found.postalCodes),
    states: sorted(found.states),
    around,
  };
}

/** What joins two places: a sign, or a word of its own. */
const between = /\s*[,;/&+|]\s*|\s+(?:or|and|o|y)\s+/;

/** The names in the words of a lead, each by itself. */
function namesIn(area: string): string[] {
  // "Portland, OR" names a state; a small one joins two places.
  const text = plainly(area.replace(/(?:,\s*OR\b|\sOR$)\.?/, ', Oregon')).replaceAll(/[’‘ʻʼ`´]/g, "'");
  return parted(text.replaceAll(/[!?"()\s]+/g, ' ').trim(), between).map((part, index) => {
    // "Buda, or Kyle" is joined twice. What the text begins with joins nothing: O Fallon.
    const name = part.replace(/\s+(?:or|and|o|y)$/, '');
    return index === 0 || isOddName(name) ? name : name.replace(/^(?:or|and|o|y)(?:\s+|$)/, '');
  });
}

/** Without what tells a part of a city, or that its surroundings are meant as well. */
function bare(said: string): { readonly name: string; readonly wide: boolean } {
  const name = said
    .replace(
      /^(?:(?:in|near|around|close to|zip code|zipcode|zip|greater|downtown|midtown|uptown|central|the city of|city of)\s+)+/,
      '',
    )
    .replace(/^(?:zip code|zip)\s*:?\s*/, '');
  const without = name.replace(/\s+(?:metro area|metro|area|region|surroundings)$/, '');
  return {
    name: without.replace(/[.,]+$/, ''),
    wide: without !== name || /^(?:near|around|close to|greater)\s/.test(said),
  };
}

const codes: ReadonlySet<string> = new Set(usStates.map((code) => code.toLowerCase()));

/** Names that are cities first, `new york` and `washington`, are none of states. */
function stateOf(name: string): string | null {
  // Los Angeles as often as Louisiana.
  if (name === 'la') return null;
  if (codes.has(name)) return name;
  const plain = name.replaceAll("'", '');
  return (Object.entries(stateNames).find(([, words]) => words === plain)?.[0] ?? null)?.toLowerCase() ?? null;
}

const stateNames: Readonly<Partial<Record<UsState, string>>> = {
  ...{
    AL: 'alabama',
    AK: 'alaska',
    AZ: 'arizona',
    AR: 'arkansas',
    CA: 'california',
    CO: 'colorado',
    CT: 'connecticut',
  },
  ...{
    DE: 'delaware',
    FL: 'florida',
    GA: 'georgia',
    HI: 'hawaii',
    ID: 'idaho',
    IL: 'illinois',
    IN: 'indiana',
    IA: 'iowa',
  },
  ...{
    KS: 'kansas',
    KY: 'kentucky',
    LA: 'louisiana',
    ME: 'maine',
    MD: 'maryland',
    MA: 'massachusetts',
    MI: 'michigan',
  },
  ...{ MN: 'minnesota', MS: 'mississippi', MO: 'missouri', MT: 'montana', NE: 'nebraska', NV: 'nevada' },
  ...{ NH: 'new hampshire', NJ: 'new jersey', NM: 'new mexico', NC: 'north carolina', ND: 'north dakota', OH: 'ohio' },
  ...{ OK: 'oklahoma', OR: 'oregon', PA: 'pennsylvania', RI: 'rhode island', SC: 'south carolina', SD: 'south dakota' },
  ...{
    TN: 'tennessee',
    TX: 'texas',
    UT: 'utah',
    VT: 'vermont',
    VA: 'virginia',
    WV: 'west virginia',
    WI: 'wisconsin',
    WY: 'wyoming',
  },
};

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted();
}
