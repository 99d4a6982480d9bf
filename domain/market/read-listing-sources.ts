import type { MarketListing } from './listing.ts';

type Sourced = Exclude<keyof MarketListing, 'listingKey' | 'market' | 'changedAt' | 'uses'>;

/** From which fields of Property each part of a listing is read. Where one of them is frozen, the part keeps its last value. */
export const sources: Readonly<Record<Sourced, readonly string[]>> = {
  status: ['StandardStatus'],
  propertyType: ['PropertyType'],
  price: ['ListPrice'],
  city: ['City'],
  postalCode: ['PostalCode'],
  bedrooms: ['BedroomsTotal'],
  bathrooms: [
    'BathroomsFull',
    'BathroomsThreeQuarter',
    'BathroomsHalf',
    'BathroomsOneQuarter',
    'BathroomsPartial',
    'BathroomsTotalInteger',
  ],
  livingSqft: ['LivingArea', 'LivingAreaUnits'],
  latitude: ['Latitude', 'Longitude'],
  longitude: ['Latitude', 'Longitude'],
  remarks: ['PublicRemarks'],
  listedAt: ['OnMarketTimestamp', 'OnMarketDate', 'ListingContractDate', 'OriginalEntryTimestamp'],
  listingId: ['ListingId'],
  subtype: ['PropertySubType'],
  address: ['UnparsedAddress'],
  state: ['StateOrProvince'],
  county: ['CountyOrParish'],
  lotSqft: ['LotSizeSquareFeet', 'LotSizeAcres'],
  yearBuilt: ['YearBuilt'],
  originalPrice: ['OriginalListPrice'],
  closePrice: ['ClosePrice'],
  closedOn: ['CloseDate'],
  officeKey: ['ListOfficeKey'],
  officeName: ['ListOfficeName'],
  agentKey: ['ListAgentKey'],
  shown: ['InternetEntireListingDisplayYN'],
  addressShown: ['InternetAddressDisplayYN'],
  valuationShown: ['InternetAutomatedValuationDisplayYN'],
  systemName: ['OriginatingSystemName'],
};

/** Permissions keep no last value that allows: what was allowed may have been withdrawn, and cannot be read. */
const RIGHTS: ReadonlySet<string> = new Set<Sourced>(['shown', 'addressShown', 'valuationShown']);

/**
 * The listing with every part that a frozen field feeds as it was before. A listing that is new has no last value: such a part is unknown,
 * but for the day of listing, which any of its other sources tells as well.
 */
export function keepFrozen(
  read: MarketListing,
  before: MarketListing | null,
  frozen: ReadonlySet<string>,
): MarketListing {
  if (frozen.size === 0) return read;
  const kept = Object.entries(sources)
    .filter(([, names]) => names.some((name) => frozen.has(name)))
    .map(([part]) => [part, lastValue(part as Sourced, read, before)]);
  return { ...read, ...(Object.fromEntries(kept) as Partial<MarketListing>) };
}

/** Is a part of listings read from a field that is frozen? Then what is stored of it may be wrong by now. */
export function isFrozen(part: Sourced, frozen: readonly string[]): boolean {
  return sources[part].some((name) => frozen.includes(name));
}

function lastValue(part: Sourced, read: MarketListing, before: MarketListing | null): unknown {
  if (RIGHTS.has(part)) return before?.[part] === false ? false : null;
  if (part === 'listedAt') return before?.listedAt ?? read.listedAt;
  if (part === 'propertyType' || part === 'status') return before?.[part] ?? read[part];
  return before?.[part] ?? null;
}
