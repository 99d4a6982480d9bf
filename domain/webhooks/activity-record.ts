import type { Iso } from '../glossary.ts';
import type { ActivityObject } from '../leads/settings.ts';
import {
  type ActivityEvent,
  type ActivityHashing,
  type ActivityPerson,
  BY_ADDRESS,
  emailIn,
  phoneIn,
  uuidOf,
} from './activity.ts';
import { activityKindOf, readActivityDetail } from './activity-kinds.ts';
import { isStale } from './freshness.ts';
import { flatten, idAt, isObject, isoAt, type Json, own, textAt } from './payload.ts';

/**
 * A record of a custom object of GHL, read as behaviour of a lead. Which object it belongs to is told by its schema's key where the
 * vendor sends one; its own examples do not, and then a mapping fits whose properties the record has.
 * @returns undefined where no mapping fits, or nobody is named
 */
export function activityFromRecord(
  objects: Readonly<Record<string, ActivityObject>>,
  json: Json,
  { locationId, receivedAt }: { readonly locationId: string; readonly receivedAt: Iso },
  hashing: ActivityHashing,
): ActivityEvent | undefined {
  const record = flatten(json);
  const recordId = idAt(record, 'id') ?? idAt(record, 'recordId');
  const properties = propertiesOf(record);
  const object = objectOf(objects, record, properties);
  const kind = object === undefined ? undefined : activityKindOf(object.kind);
  if (object === undefined || kind === undefined || recordId === undefined) return undefined;
  const person = personOf(properties[object.contact], hashing);
  if (person === undefined) return undefined;
  const told = isoAt(record, 'timestamp');
  const at = told ?? receivedAt;
  const listing = object.listing === undefined ? undefined : properties[object.listing];
  const old = Date.parse(receivedAt) - Date.parse(at) > 28 * 86_400_000;
  return {
    eventId: uuidOf(hashing.sha256([locationId, 'record', recordId, at].join('\n'))),
    kind,
    at: old ? receivedAt : at,
    late: isStale(at, receivedAt),
    person,
    detail: {
      ...readActivityDetail(kind, { ...properties, ...(listing === undefined ? {} : { listing }) }),
      ...(old ? { happenedAt: at } : {}),
      record: recordId,
    },
  };
}

/** `[{key, valueString}]` as the vendor sends them, or an object. Keys may bear the object's in front: `custom_objects.visit.home`. */
function propertiesOf(record: Json): Record<string, string> {
  const given = own(record, 'properties');
  const entries: (readonly [string | undefined, unknown])[] = Array.isArray(given)
    ? given.filter(isObject).map((one) => [textAt(one, 'key'), valueOf(one)] as const)
    : isObject(given)
      ? Object.entries(given)
      : [];
  const read: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [key, value] of entries) {
    if (key === undefined || (typeof value !== 'string' && typeof value !== 'number')) continue;
    read[key] = String(value);
    read[key.split('.').at(-1) ?? key] ??= String(value);
  }
  return read;
}

/** The value's name says its type: `valueString`, `valueNumber` …, or plainly `value`. */
function valueOf(property: Json): unknown {
  const name = Object.keys(property).find((key) => /^value([A-Z]\w*)?$/.test(key));
  return name === undefined ? undefined : own(property, name);
}

function objectOf(
  objects: Readonly<Record<string, ActivityObject>>,
  record: Json,
  properties: Readonly<Record<string, string>>,
): ActivityObject | undefined {
  const key = textAt(record, 'objectKey') ?? textAt(record, 'schemaKey');
  if (key !== undefined) return Object.hasOwn(objects, key) ? objects[key] : undefined;
  const fitting = Object.values(objects).filter(
    ({ contact, listing }) => contact in properties && (listing === undefined || listing in properties),
  );
  // Two that fit: which is meant cannot be known.
  return fitting.length === 1 ? fitting[0] : undefined;
}

function personOf(value: string | undefined, { hashPerson }: ActivityHashing): ActivityPerson | undefined {
  const address = emailIn(value) ?? (/^\+?[\s().\d-]+$/.test(value ?? '') ? phoneIn(value) : undefined);
  if (address !== undefined) {
    const hash = hashPerson(address);
    return { visitor: `${BY_ADDRESS}${hash}`, contactId: null, hashes: [hash] };
  }
  const contactId = idAt({ value }, 'value');
  return contactId === undefined ? undefined : { visitor: null, contactId, hashes: [] };
}
