import { created, newId, ok, own } from './context.ts';
import type { Answer, Context, Json, Operations } from './context.ts';
import { recordEvent } from './events.ts';
import { badRequest } from './refusal.ts';
import type { Row } from './store.ts';

/** Custom objects, such as properties and listings: their schemas are seeded, their records live here. */
export const objectOperations: Operations = {
  'GET /objects/': (context) => ok({ objects: context.store.of('objects', context.locationId).map(shownObject) }),

  'GET /objects/{key}': (context) => {
    const object = objectOf(context, context.params['key']);
    const wanted = context.query['fetchProperties'] === 'true';
    return ok({ object: shownObject(object), cache: false, ...(wanted && { fields: object['_fields'] ?? [] }) });
  },

  'POST /objects/{schemaKey}/records': (context) => {
    const object = objectOf(context, context.params['schemaKey']);
    const { owner, followers, properties } = context.body;
    const { now, locationId } = context;
    const record: Row = {
      ...{ id: newId(), locationId, objectId: object.id, objectKey: object['key'] },
      ...{ owner: owner ?? [], followers: followers ?? [], properties, createdAt: now, updatedAt: now },
    };
    context.store.put('records', record);
    context.emit('RecordCreate', recordEvent(record, now));
    return created({ record: shownRecord(record) });
  },

  'GET /objects/{schemaKey}/records/{id}': (context) => ok({ record: shownRecord(recordOf(context)) }),

  'PUT /objects/{schemaKey}/records/{id}': (context) => {
    const before = recordOf(context);
    const { locationId: _known, properties, ...rest } = context.body;
    const merged = { ...(before['properties'] as Json), ...(properties as Json | undefined) };
    const record: Row = { ...before, ...rest, properties: merged, updatedAt: context.now };
    context.store.put('records', record);
    context.emit('RecordUpdate', recordEvent(record, context.now));
    return ok({ record: shownRecord(record) });
  },

  'DELETE /objects/{schemaKey}/records/{id}': (context) => {
    const record = recordOf(context);
    context.store.remove('records', record.id);
    context.emit('RecordDelete', recordEvent(record, context.now));
    return ok({ id: record.id, success: true });
  },

  'POST /objects/{schemaKey}/records/search': (context) => search(context),
};

/** `query` is a word anywhere in the record, or `property:word`; the cursor of a hit is its `searchAfter`. */
function search(context: Context): Answer {
  const object = objectOf(context, context.params['schemaKey']);
  const { page, pageLimit, query, searchAfter } = context.body as {
    readonly page: number;
    readonly pageLimit: number;
    readonly query?: string;
    readonly searchAfter: readonly unknown[];
  };
  const [, property, word] = /^(?:(\w+):)?(.*)$/s.exec((query ?? '').toLowerCase()) ?? [];
  const hits = context.store
    .of('records', context.locationId)
    .filter((record) => record['objectId'] === object.id)
    .filter((record) => {
      const properties = record['properties'] as Json;
      const values = property === undefined ? Object.values(properties) : [properties[property]];
      return (
        word === '' ||
        values.some((value) =>
          String(value)
            .toLowerCase()
            .includes(word ?? ''),
        )
      );
    });
  const [, last] = searchAfter;
  const start = last === undefined ? (page - 1) * pageLimit : hits.findIndex((record) => record.id === last) + 1;
  return ok({ records: hits.slice(start, start + pageLimit).map(shownHit), total: hits.length });
}

function objectOf(context: Context, key: string | undefined): Row {
  const object = context.store.of('objects', context.locationId).find((row) => row['key'] === key || row.id === key);
  if (object === undefined) throw badRequest('Object not found');
  return object;
}

function recordOf(context: Context): Row {
  const object = objectOf(context, context.params['schemaKey']);
  const record = own(context, 'records', context.params['id'], 'Record');
  if (record['objectId'] !== object.id) throw badRequest('Record not found');
  return record;
}

function shownObject({ _fields, ...object }: Row): Json {
  return object;
}

function shownRecord({ id, owner, followers, properties, createdAt, updatedAt }: Row): Json {
  return { id, owner, followers, properties, dateAdded: createdAt, dateUpdated: updatedAt };
}

function shownHit(record: Row): Json {
  const made = (at: unknown): Json => ({ channel: 'OAUTH', createdAt: at, source: 'INTEGRATION', sourceId: 'sandbox' });
  return {
    ...record,
    createdBy: made(record['createdAt']),
    lastUpdatedBy: made(record['updatedAt']),
    searchAfter: [Date.parse(String(record['createdAt'])), record.id],
  };
}
