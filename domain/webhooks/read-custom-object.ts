import type { Fact, RecordNews } from '../crm/records.ts';
import { actionOf, type ReadOf } from './crm-event.ts';
import { factsFrom, id, ids, text, time } from './facts.ts';
import { idAt, isObject, own, type Json } from './payload.ts';

/** Properties of one record that are kept; more than any object has. */
const MOST_PROPERTIES = 500;

/**
 * Events of custom objects come without a type now and then. What they are shows by their fields; what happened does not: it is
 * taken for a change.
 * @returns the type that such a delivery would have borne, or undefined
 */
export function shapeOf(body: Json): string | undefined {
  const has = (...keys: readonly string[]) => keys.every((key) => own(body, key) !== undefined);
  if (!has('id')) return undefined;
  if (has('firstRecordId', 'secondRecordId')) return 'RelationUpdate';
  if (has('associationType', 'firstObjectKey', 'secondObjectKey')) return 'AssociationUpdate';
  if (has('objectType', 'labels', 'key')) return 'ObjectSchemaUpdate';
  const isRecord = Array.isArray(own(body, 'properties')) && (has('owners') || has('followers'));
  return isRecord ? 'RecordUpdate' : undefined;
}

/** A record of a custom object; each of its properties is a fact of its own, so that a delivery of some leaves the others as they were. */
export function readCustomRecord(body: Json, of: ReadOf): RecordNews | undefined {
  const facts = factsFrom(body, [
    ['objectKey', 'objectKey', id],
    ['schemaId', 'schemaId', id],
    ['owners', 'owners', ids],
    ['followers', 'followers', ids],
    ['createdAt', 'createdAt', time],
  ]);
  return news('record', body, of, { ...facts, ...propertiesOf(own(body, 'properties')) });
}

export function readRelation(body: Json, of: ReadOf): RecordNews | undefined {
  const facts = factsFrom(body, [
    ['firstObjectKey', 'firstObjectKey', id],
    ['firstRecordId', 'firstRecordId', id],
    ['secondObjectKey', 'secondObjectKey', id],
    ['secondRecordId', 'secondRecordId', id],
    ['associationId', 'associationId', id],
  ]);
  const read = news('relation', body, of, facts);
  return read === undefined ? undefined : { ...read, ...contactOfRelation(body) };
}

export function readAssociation(body: Json, of: ReadOf): RecordNews | undefined {
  const facts = factsFrom(body, [
    ['key', 'key', id],
    ['associationType', 'associationType', id],
    ['firstObjectKey', 'firstObjectKey', id],
    ['firstObjectLabel', 'firstObjectLabel', text],
    ['secondObjectKey', 'secondObjectKey', id],
    ['secondObjectLabel', 'secondObjectLabel', text],
  ]);
  return news('association', body, of, facts);
}

export function readSchema(body: Json, of: ReadOf): RecordNews | undefined {
  const facts = factsFrom(body, [
    ['key', 'key', id],
    ['objectType', 'objectType', id],
    ['description', 'description', text],
    ['primaryDisplayProperty', 'primaryDisplayProperty', id],
    ['searchableProperties', 'searchableProperties', ids],
    ['createdAt', 'createdAt', time],
  ]);
  return news('schema', body, of, facts);
}

/** Names of properties are the team's; each stands under a prefix, so that none can be taken for a fact of ours. */
function propertiesOf(list: unknown): Readonly<Record<string, Fact>> {
  if (!Array.isArray(list)) return {};
  const entries = list.slice(0, MOST_PROPERTIES).flatMap((item): [string, Fact][] => {
    const key = isObject(item) ? id(item, 'key') : undefined;
    if (!isObject(item) || typeof key !== 'string') return [];
    const value = valueOf(item);
    return value === undefined ? [] : [[`property.${key}`, value]];
  });
  return Object.fromEntries(entries);
}

/** The value's name says its type: `valueString`, `valueNumber` …, or plainly `value`. */
function valueOf(item: Json): Fact | undefined {
  const name = Object.keys(item).find((key) => /^value([A-Z]\w*)?$/.test(key));
  const value = name === undefined ? undefined : own(item, name);
  if (value === null) return null;
  if (typeof value === 'string') return text({ value }, 'value');
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value === 'boolean') return value;
  return Array.isArray(value) ? ids({ value }, 'value') : undefined;
}

/** A relation between a contact and a record belongs to the contact. */
function contactOfRelation(body: Json): { readonly contactId?: string | undefined } {
  const side = (['first', 'second'] as const).find((one) => own(body, `${one}ObjectKey`) === 'contact');
  const contactId = side === undefined ? undefined : idAt(body, `${side}RecordId`);
  return contactId === undefined ? {} : { contactId };
}

function news(
  kind: RecordNews['kind'],
  body: Json,
  { type, at, timed }: ReadOf,
  facts: RecordNews['facts'],
): RecordNews | undefined {
  const recordId = idAt(body, 'id');
  if (recordId === undefined) return undefined;
  return { kind, recordId, contactId: idAt(body, 'contactId'), action: actionOf(type), facts, at, timed };
}
