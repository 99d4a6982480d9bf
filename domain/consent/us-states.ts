/** The fifty states and DC, each with all zones that parts of it keep. The nearest well-known zone stands for hamlets that keep no official one. */
const zonesOf = {
  AL: ['America/Chicago'],
  AK: ['America/Anchorage', 'America/Juneau', 'America/Metlakatla', 'America/Nome', 'America/Adak'],
  // The Navajo Nation changes its clocks, the rest of the state does not.
  AZ: ['America/Phoenix', 'America/Denver'],
  AR: ['America/Chicago'],
  CA: ['America/Los_Angeles'],
  CO: ['America/Denver'],
  CT: ['America/New_York'],
  DE: ['America/New_York'],
  DC: ['America/New_York'],
  FL: ['America/New_York', 'America/Chicago'],
  GA: ['America/New_York'],
  HI: ['Pacific/Honolulu'],
  ID: ['America/Boise', 'America/Los_Angeles'],
  IL: ['America/Chicago'],
  IN: ['America/Indiana/Indianapolis', 'America/Indiana/Tell_City'],
  IA: ['America/Chicago'],
  KS: ['America/Chicago', 'America/Denver'],
  KY: ['America/Kentucky/Louisville', 'America/Chicago'],
  LA: ['America/Chicago'],
  ME: ['America/New_York'],
  MD: ['America/New_York'],
  MA: ['America/New_York'],
  MI: ['America/Detroit', 'America/Menominee'],
  MN: ['America/Chicago'],
  MS: ['America/Chicago'],
  MO: ['America/Chicago'],
  MT: ['America/Denver'],
  NE: ['America/Chicago', 'America/Denver'],
  NV: ['America/Los_Angeles', 'America/Denver'],
  NH: ['America/New_York'],
  NJ: ['America/New_York'],
  NM: ['America/Denver'],
  NY: ['America/New_York'],
  NC: ['America/New_York'],
  ND: ['America/North_Dakota/Center', 'America/Denver'],
  OH: ['America/New_York'],
  OK: ['America/Chicago'],
  OR: ['America/Los_Angeles', 'America/Boise'],
  PA: ['America/New_York'],
  RI: ['America/New_York'],
  SC: ['America/New_York'],
  SD: ['America/Chicago', 'America/Denver'],
  TN: ['America/Chicago', 'America/New_York'],
  TX: ['America/Chicago', 'America/Denver'],
  UT: ['America/Denver'],
  VT: ['America/New_York'],
  VA: ['America/New_York'],
  WA: ['America/Los_Angeles'],
  WV: ['America/New_York'],
  WI: ['America/Chicago'],
  WY: ['America/Denver'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type UsState = keyof typeof zonesOf;

export const usStates = Object.keys(zonesOf) as readonly UsState[];

export function zonesOfState(state: UsState): readonly string[] {
  return zonesOf[state];
}

/**
 * The zones of the fifty states and DC, one for each set of rules in force. Whoever's zone we do not know lives in one of them, so the
 * hours that are safe are those open in all.
 */
export const usZones: readonly string[] = [...new Set<string>(usStates.flatMap((state) => zonesOf[state]))];

const names: Readonly<Record<string, UsState>> = {
  ...{
    alabama: 'AL',
    alaska: 'AK',
    arizona: 'AZ',
    arkansas: 'AR',
    california: 'CA',
    colorado: 'CO',
    connecticut: 'CT',
  },
  ...{
    delaware: 'DE',
    'district of columbia': 'DC',
    'washington dc': 'DC',
    florida: 'FL',
    georgia: 'GA',
    hawaii: 'HI',
  },
  ...{
    idaho: 'ID',
    illinois: 'IL',
    indiana: 'IN',
    iowa: 'IA',
    kansas: 'KS',
    kentucky: 'KY',
    louisiana: 'LA',
    maine: 'ME',
  },
  ...{ maryland: 'MD', massachusetts: 'MA', michigan: 'MI', minnesota: 'MN', mississippi: 'MS', missouri: 'MO' },
  ...{ montana: 'MT', nebraska: 'NE', nevada: 'NV', 'new hampshire': 'NH', 'new jersey': 'NJ', 'new mexico': 'NM' },
  ...{ 'new york': 'NY', 'north carolina': 'NC', 'north dakota': 'ND', ohio: 'OH', oklahoma: 'OK', oregon: 'OR' },
  ...{
    pennsylvania: 'PA',
    'rhode island': 'RI',
    'south carolina': 'SC',
    'south dakota': 'SD',
    tennessee: 'TN',
    texas: 'TX',
  },
  ...{
    utah: 'UT',
    vermont: 'VT',
    virginia: 'VA',
    washington: 'WA',
    'west virginia': 'WV',
    wisconsin: 'WI',
    wyoming: 'WY',
  },
};

/** A state as people write it, by its letters or its name; undefined: none of ours. */
export function stateNamed(written: string | null | undefined): UsState | undefined {
  const plain = (written ?? '')
    .replaceAll(/[.,]/g, '')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase()
    .replace(/^us-/, '');
  const letters = plain.replaceAll(' ', '').toUpperCase();
  if (letters.length === 2 && Object.hasOwn(zonesOf, letters)) return letters as UsState;
  return Object.hasOwn(names, plain) ? names[plain] : undefined;
}
