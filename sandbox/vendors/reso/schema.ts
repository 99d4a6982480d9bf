import { cast } from './cast.ts';
import { LOOKUPS } from './lookups.ts';
import type { Row } from './wire.ts';

export type Primitive = 'Boolean' | 'Date' | 'DateTimeOffset' | 'Decimal' | 'Double' | 'Int32' | 'Int64' | 'String';

export interface Field {
  readonly name: string;
  readonly type: Primitive;
  /** Name of the look-up that its values come from. */
  readonly lookup?: string;
  readonly collection?: boolean;
  /** Of a field that was added or has another type since: its value, which is not the one that is kept. */
  readonly derived?: (row: Row) => unknown;
}

export interface Resource {
  readonly name: string;
  readonly key: string;
  readonly fields: readonly Field[];
  /** Children by which `$expand` nests them: name → the child's field that holds this resource's key. */
  readonly children: Readonly<Record<string, string>>;
}

/** What may be changed of it while the stand-in runs. */
export interface Drift {
  readonly resource: string;
  readonly field: string;
  readonly how: 'add' | 'remove' | 'type';
  /** Of an added field, or the new one of a changed field. */
  readonly type?: Primitive;
  /** Of an added field, in every record; without it a text of the record's key. */
  readonly value?: unknown;
}

/** `Name Type`, `Name #Lookup` and `Name *Lookup` for many values at once, parted by commas. */
function fields(text: string): readonly Field[] {
  return text.split(',').map((part): Field => {
    const [name = '', type = ''] = part.trim().split(/\s+/);
    if (type.startsWith('#')) return { name, type: 'String', lookup: type.slice(1) };
    if (type.startsWith('*')) return { name, type: 'String', lookup: type.slice(1), collection: true };
    return { name, type: type as Primitive };
  });
}

const COMMON = 'ModificationTimestamp DateTimeOffset, OriginatingSystemName String';

const RESOURCES: readonly Resource[] = [
  {
    name: 'Property',
    key: 'ListingKey',
    fields:
      fields(`ListingKey String, ListingId String, OriginatingSystemKey String, UniversalPropertyId String, ${COMMON},
      StandardStatus #StandardStatus, MlsStatus #MlsStatus, PropertyType #PropertyType, PropertySubType #PropertySubType,
      ListPrice Decimal, OriginalListPrice Decimal, PreviousListPrice Decimal, ClosePrice Decimal, AssociationFee Decimal,
      TaxAnnualAmount Decimal, ListingContractDate Date, OnMarketDate Date, PurchaseContractDate Date, CloseDate Date,
      OffMarketDate Date, OriginalEntryTimestamp DateTimeOffset, StatusChangeTimestamp DateTimeOffset,
      PriceChangeTimestamp DateTimeOffset, PhotosChangeTimestamp DateTimeOffset, MajorChangeTimestamp DateTimeOffset,
      MajorChangeType #ChangeType, DaysOnMarket Int32, CumulativeDaysOnMarket Int32, BedroomsTotal Int32,
      BathroomsTotalInteger Int32, BathroomsFull Int32, BathroomsHalf Int32, LivingArea Decimal, LivingAreaUnits #AreaUnits,
      LotSizeSquareFeet Decimal, LotSizeAcres Decimal, YearBuilt Int32, StoriesTotal Int32, GarageSpaces Decimal,
      PoolPrivateYN Boolean, WaterfrontYN Boolean, NewConstructionYN Boolean, Cooling *Cooling, Latitude Double,
      Longitude Double, UnparsedAddress String, StreetNumber String, StreetName String, City String,
      StateOrProvince #StateOrProvince, PostalCode String, CountyOrParish #CountyOrParish, PublicRemarks String,
      PhotosCount Int32, ListOfficeKey String, ListOfficeName String, ListOfficeMlsId String, ListAgentKey String,
      ListAgentFullName String, ListAgentMlsId String, InternetEntireListingDisplayYN Boolean,
      InternetAddressDisplayYN Boolean, InternetAutomatedValuationDisplayYN Boolean, InternetConsumerCommentYN Boolean`),
    children: { Media: 'ResourceRecordKey', OpenHouse: 'ListingKey' },
  },
  {
    name: 'Member',
    key: 'MemberKey',
    fields:
      fields(`MemberKey String, MemberMlsId String, MemberFullName String, MemberEmail String, MemberStatus #MemberStatus,
      OfficeKey String, OfficeName String, ${COMMON}`),
    children: {},
  },
  {
    name: 'Office',
    key: 'OfficeKey',
    fields: fields(`OfficeKey String, OfficeMlsId String, OfficeName String, OfficePhone String, OfficeEmail String,
      OfficeCity String, OfficeStatus #OfficeStatus, ${COMMON}`),
    children: {},
  },
  {
    name: 'Media',
    key: 'MediaKey',
    fields:
      fields(`MediaKey String, ResourceName String, ResourceRecordKey String, MediaURL String, MediaCategory #MediaCategory,
      Order Int32, ShortDescription String, MediaModificationTimestamp DateTimeOffset, ${COMMON}`),
    children: {},
  },
  {
    name: 'OpenHouse',
    key: 'OpenHouseKey',
    fields: fields(`OpenHouseKey String, OpenHouseId String, ListingKey String, ListingId String, OpenHouseDate Date,
      OpenHouseStartTime DateTimeOffset, OpenHouseEndTime DateTimeOffset, OpenHouseStatus #OpenHouseStatus,
      OpenHouseType #OpenHouseType, AppointmentRequiredYN Boolean, OpenHouseRemarks String, ${COMMON}`),
    children: {},
  },
  {
    name: 'EntityEvent',
    key: 'EntityEventSequence',
    fields: fields(
      'EntityEventSequence Int64, ResourceName String, ResourceRecordKey String, ResourceRecordUrl String',
    ),
    children: {},
  },
  {
    name: 'Lookup',
    key: 'LookupKey',
    fields: fields(`LookupKey String, LookupName String, LookupValue String, StandardLookupValue String,
      LegacyODataValue String, ModificationTimestamp DateTimeOffset`),
    children: {},
  },
];

export interface Schema {
  readonly resources: readonly Resource[];
  resource(name: string): Resource | undefined;
}

/** The resources that records are kept of, but for events and look-ups, which follow from the rest. */
export const KEPT = ['Office', 'Member', 'Property', 'Media', 'OpenHouse'] as const;
export type Kept = (typeof KEPT)[number];

/** The schema with everything that was changed of it, and with MLS Grid's own fields where that is the vendor. */
export function schemaOf(drift: readonly Drift[], options: { canView: boolean; events: boolean }): Schema {
  const resources = RESOURCES.filter(({ name }) => options.events || name !== 'EntityEvent').map((resource) => {
    const own = KEPT.some((name) => name === resource.name) && options.canView;
    const before = own
      ? [...resource.fields, { name: 'MlgCanView', type: 'Boolean' } as const, ...fields('MlgCanUse *MlgCanUse')]
      : options.canView && resource.name === 'Lookup'
        ? [...resource.fields, ...fields('OriginatingSystemName String, MlgCanView Boolean')]
        : resource.fields;
    return { ...resource, fields: drift.reduce((all, one) => changed(all, resource, one), before) };
  });
  return { resources, resource: (name) => resources.find((one) => one.name === name) };
}

function changed(all: readonly Field[], resource: Resource, drift: Drift): readonly Field[] {
  if (drift.resource !== resource.name) return all;
  const { field: name, type = 'String', value } = drift;
  switch (drift.how) {
    case 'add':
      return [
        ...all.filter((field) => field.name !== name),
        { name, type, derived: (row) => row[name] ?? value ?? `${name} of ${String(row[resource.key])}` },
      ];
    case 'remove':
      return all.filter((field) => field.name !== name);
    case 'type':
      return all.map((field) =>
        field.name === name ? { name, type, derived: (row) => cast(valueIn(row, field), type) } : field,
      );
  }
}

/** A record's value of a field, null where it has none. */
export function valueIn(row: Row, { name, derived }: Field): unknown {
  return (derived === undefined ? row[name] : derived(row)) ?? null;
}

/** `Active Under Contract` → `ActiveUnderContract`: the member of an enumeration that a value is. */
export function codeOf(value: string): string {
  return value.replace(/[^A-Za-z0-9_]/g, '');
}

/** Look-ups that any field of these resources uses, in the order of their names. */
export function usedLookups(schema: Schema): readonly string[] {
  const used = schema.resources.flatMap(({ fields: all }) => all.flatMap(({ lookup }) => lookup ?? []));
  return [...new Set(used)].filter((name) => name in LOOKUPS).sort();
}
