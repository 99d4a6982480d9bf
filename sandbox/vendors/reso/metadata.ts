import { LOOKUPS } from './lookups.ts';
import { codeOf, usedLookups } from './schema.ts';
import type { Field, Resource, Schema } from './schema.ts';
import { createTable } from './table.ts';
import type { Table } from './table.ts';

const NAMESPACE = 'org.reso.metadata';

/** The `$metadata` document: look-ups as texts with a name beside them, or as enumerations. */
export function edmx(schema: Schema, enums: 'lookups' | 'edm'): string {
  const types = schema.resources.map((resource) => entityType(resource, enums)).join('');
  const sets = schema.resources
    .map(({ name }) => `<EntitySet Name="${name}" EntityType="${NAMESPACE}.${name}"/>`)
    .join('');
  const members = (name: string): string =>
    LOOKUPS[name]!.map(
      (value, n) =>
        `<Member Name="${codeOf(value)}" Value="${n}"><Annotation Term="RESO.OData.Metadata.StandardName" String="${escaped(value)}"/></Member>`,
    ).join('');
  const enumerations = usedLookups(schema)
    .map((name) => `<EnumType Name="${name}" UnderlyingType="Edm.Int64">${members(name)}</EnumType>`)
    .join('');
  return `<?xml version="1.0" encoding="UTF-8"?>
<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" Version="4.0"><edmx:DataServices>
<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="${NAMESPACE}">${types}<EntityContainer Name="Default">${sets}</EntityContainer></Schema>
${enums === 'edm' ? `<Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" Namespace="${NAMESPACE}.enums">${enumerations}</Schema>\n` : ''}</edmx:DataServices></edmx:Edmx>
`;
}

function entityType({ name, key, fields, children }: Resource, enums: 'lookups' | 'edm'): string {
  const properties = fields.map((field) => property(field, key, enums)).join('');
  const navigations = Object.keys(children)
    .map((child) => `<NavigationProperty Name="${child}" Type="Collection(${NAMESPACE}.${child})"/>`)
    .join('');
  return `<EntityType Name="${name}"><Key><PropertyRef Name="${key}"/></Key>${properties}${navigations}</EntityType>\n`;
}

function property({ name, type, lookup, collection }: Field, key: string, enums: 'lookups' | 'edm'): string {
  const single = lookup !== undefined && enums === 'edm' ? `${NAMESPACE}.enums.${lookup}` : `Edm.${type}`;
  const whole = collection ? `Collection(${single})` : single;
  const facets = type === 'Decimal' ? ' Precision="14" Scale="2"' : type === 'DateTimeOffset' ? ' Precision="27"' : '';
  const open = `<Property Name="${name}" Type="${whole}"${name === key ? ' Nullable="false"' : ''}${facets}`;
  return lookup !== undefined && enums === 'lookups'
    ? `${open}><Annotation Term="RESO.OData.Metadata.LookupName" String="${lookup}"/></Property>`
    : `${open}/>`;
}

/** The Lookup resource: one record for each value of each look-up in use, and those that were added. */
export function lookupTable(
  schema: Schema,
  { added, system, at }: { added: Readonly<Record<string, readonly string[]>>; system: string; at: string },
): Table {
  const table = createTable();
  for (const name of usedLookups(schema)) {
    for (const value of [...LOOKUPS[name]!, ...(added[name] ?? [])]) {
      const key = `${name}-${codeOf(value)}`;
      const row = {
        LookupKey: key,
        LookupName: name,
        LookupValue: value,
        StandardLookupValue: value,
        LegacyODataValue: codeOf(value),
        ModificationTimestamp: at,
        OriginatingSystemName: system,
        MlgCanView: true,
      };
      table.put(key, row, Date.parse(at));
    }
  }
  return table;
}

function escaped(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
}
