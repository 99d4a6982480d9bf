import type { HomeWord } from '../leads/home-words.ts';

/** Words of a wish that name a kind of home. All others are things that a home may have. */
export const homeKinds = [
  'condo',
  'townhouse',
  'single-family',
  'duplex',
  'mobile home',
  'land',
] as const satisfies readonly HomeWord[];
export type HomeKind = (typeof homeKinds)[number];

/** A kind in the MLS's words: any of these subtypes, or any of these types. */
interface InMls {
  readonly subtypes: readonly string[];
  readonly types: readonly string[];
}

const inMls: Readonly<Record<HomeKind, InMls>> = {
  condo: { subtypes: ['condominium', 'stock cooperative', 'apartment', 'loft'], types: [] },
  townhouse: { subtypes: ['townhouse'], types: [] },
  'single-family': { subtypes: ['single family residence', 'single family detached'], types: [] },
  duplex: { subtypes: ['duplex', 'triplex', 'quadruplex', 'multi family'], types: ['residential income'] },
  'mobile home': {
    subtypes: ['manufactured home', 'manufactured on land', 'mobile home'],
    types: ['manufactured in park'],
  },
  land: { subtypes: [], types: ['land'] },
};

/**
 * Types that a wish for a home to buy looks among. Leases never: their price is a rent. Land, shops and businesses are no homes; land is
 * looked for where the lead said so.
 * @see RESO Data Dictionary 2.0, PropertyType
 */
const homesForSale = ['residential', 'residential income', 'manufactured in park', 'farm'] as const;

/** Types whose closing is a sale. */
const sold: readonly string[] = [...homesForSale, 'land', 'commercial sale', 'business opportunity'];

/** Is it sold? Not what is let, and not what the feed does not tell or calls by a word of its own: that is not known. */
export function isForSale(propertyType: string): boolean {
  return sold.includes(propertyType);
}

/** What must be so in the MLS's words: the type is one of `types`, and, where `subtypes` is not null, the subtype one of these or the type one of `whole`. */
export interface KindsInMls {
  readonly types: readonly string[];
  readonly subtypes: readonly string[] | null;
  readonly whole: readonly string[];
}

/** @param kinds  empty: any home */
export function kindsInMls(kinds: readonly HomeKind[]): KindsInMls {
  if (kinds.length === 0) return { types: homesForSale, subtypes: null, whole: [] };
  const asked = kinds.map((kind) => inMls[kind]);
  const whole = asked.flatMap(({ types }) => types);
  return {
    types: [...new Set([...homesForSale, ...whole])],
    subtypes: asked.flatMap(({ subtypes }) => subtypes),
    whole,
  };
}

export function isOfKind(
  { propertyType, subtype }: { readonly propertyType: string; readonly subtype: string | null },
  kinds: readonly HomeKind[],
): boolean {
  const { types, subtypes, whole } = kindsInMls(kinds);
  if (!types.includes(propertyType)) return false;
  return subtypes === null || whole.includes(propertyType) || (subtype !== null && subtypes.includes(subtype));
}

/** The kinds that a listing is one of, by which those find it who ask for a kind and for no place. */
export function kindsOf(listing: { readonly propertyType: string; readonly subtype: string | null }): HomeKind[] {
  return homeKinds.filter((kind) => isOfKind(listing, [kind]));
}
