import { created, newId, ok, own } from './context.ts';
import type { Context, Json, Operations } from './context.ts';
import { badRequest } from './refusal.ts';
import type { Row } from './store.ts';

/** How kinds of records belong together (associations, seeded), and which record belongs to which (relations). */
export const associationOperations: Operations = {
  'GET /associations/': (context) => {
    const all = context.store.of('associations', context.locationId);
    return ok({ associations: page(context, all), total: all.length });
  },

  'GET /associations/{associationId}': (context) =>
    ok(own(context, 'associations', context.params['associationId'], 'Association')),

  'GET /associations/key/{key_name}': (context) => {
    const rows = context.store.of('associations', context.locationId);
    const found = rows.find((row) => row['key'] === context.params['key_name']);
    if (found === undefined) throw badRequest('Association not found');
    return ok(found);
  },

  'GET /associations/objectKey/{objectKey}': (context) => {
    const key = context.params['objectKey'];
    const rows = context.store.of('associations', context.locationId);
    return ok({ associations: rows.filter((row) => row['firstObjectKey'] === key || row['secondObjectKey'] === key) });
  },

  'GET /associations/relations/{recordId}': (context) => {
    const { recordId } = context.params;
    const asked = context.query['associationIds'] as readonly string[] | undefined;
    const all = context.store
      .of('relations', context.locationId)
      .filter((row) => row['firstRecordId'] === recordId || row['secondRecordId'] === recordId)
      .filter((row) => asked?.includes(String(row['associationId'])) !== false);
    return ok({ relations: page(context, all), total: all.length });
  },

  'POST /associations/relations': (context) => {
    const { associationId, firstRecordId, secondRecordId } = context.body;
    const association = own(context, 'associations', String(associationId), 'Association');
    const { firstObjectKey, secondObjectKey } = association;
    const { locationId } = context;
    const relation: Row & Json = {
      ...{ id: newId(), firstObjectKey, firstRecordId, secondObjectKey, secondRecordId, associationId, locationId },
    };
    context.store.put('relations', relation);
    context.emit('RelationCreate', relation);
    return created(relation);
  },
};

function page(context: Context, rows: readonly Row[]): readonly Row[] {
  const { skip, limit } = context.query as { readonly skip: number; readonly limit: number };
  return rows.slice(skip, skip + limit);
}
