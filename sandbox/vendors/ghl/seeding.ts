import type { Json } from './context.ts';
import { present, text } from './context.ts';
import { customField } from './locations.ts';
import type { Row, Store, Table } from './store.ts';
import { canonicalTags } from './tags.ts';

const SEEDABLE: Readonly<Record<string, Table>> = {
  locations: 'locations',
  contacts: 'contacts',
  users: 'users',
  calendars: 'calendars',
  pipelines: 'pipelines',
  opportunities: 'opportunities',
  customFields: 'customFields',
  customValues: 'customValues',
  workflows: 'workflows',
  numbers: 'numbers',
  objects: 'objects',
  records: 'records',
  associations: 'associations',
  relations: 'relations',
  companies: 'companies',
};

/** Whose rows belong to no location. */
const UNPLACED: readonly Table[] = ['locations', 'users', 'companies'];

/** Wrappers in which GHL's own GET puts one object or many. */
const WRAPPERS = Object.keys(SEEDABLE).flatMap((plural) => [plural, plural.replace(/ies$/, 'y').replace(/s$/, '')]);

export function seedable(name: string): Table | undefined {
  return SEEDABLE[name];
}

/**
 * Puts objects in as they are, one or a list, bare or wrapped as GHL's GET returns them; nothing fires.
 * All are checked before the first is stored. Returns their ids, or what is wrong.
 */
export function seed(store: Store, table: Table, body: unknown, now: string): string[] | string {
  const objects = unwrapped(body);
  const seen = new Set<string>();
  for (const object of objects) {
    const id = text(object['id']);
    if (id === undefined) return 'every object must carry its id';
    if (seen.has(id)) return `id ${id} comes twice`;
    seen.add(id);
    if (UNPLACED.includes(table)) continue;
    if (!store.get('locations', String(object['locationId'])))
      return `seed the location of ${id} first, and name it in locationId`;
    if (table === 'customFields' && !text(object['name'])) return `custom field ${id} must carry its name`;
  }
  for (const object of objects) {
    const id = String(object['id']);
    store.put(table, completed(store, table, { ...object, id }, now));
    // What was seeded is found at once, whatever was still on its way into the index.
    store.remove('unindexed', `${table}:${id}`);
  }
  store.commit();
  return objects.map((object) => String(object['id']));
}

function unwrapped(body: unknown): Json[] {
  if (Array.isArray(body)) return body.flatMap(unwrapped);
  if (body === null || typeof body !== 'object') return [{}];
  const inner = Object.entries(body).find(
    ([name, value]) => WRAPPERS.includes(name) && typeof value === 'object' && !('id' in body),
  );
  return inner ? unwrapped(inner[1]) : [body as Json];
}

/** What every object of its kind has at GHL, where the seed left it out. */
function completed(store: Store, table: Table, row: Row, now: string): Row {
  const locationId = String(row['locationId']);
  switch (table) {
    case 'locations': {
      const { _token, ...location } = row;
      for (const old of store.of('tokens', row.id)) if (!old['install']) store.remove('tokens', old.id);
      store.put('tokens', { id: text(_token) ?? `pit-${row.id}`, locationId: row.id });
      return location;
    }
    case 'companies': {
      const { _token, ...company } = row;
      if (text(_token))
        store.put('tokens', { id: String(_token), level: 'Company', locationId: '', companyId: row.id });
      return { ...company, id: row.id, kind: 'company' };
    }
    case 'workflows':
      return { ...{ status: 'published', version: 1, createdAt: now, updatedAt: now }, ...row };
    case 'contacts': {
      const name = text(row['name']) ?? [row['firstName'], row['lastName']].filter(Boolean).join(' ');
      const defaults = { type: 'lead', dnd: false, customFields: [], dateAdded: now, dateUpdated: now };
      const email = text(row['email'])?.toLowerCase();
      const tags = canonicalTags(store, locationId, (row['tags'] ?? []) as string[]);
      return { ...present({ ...defaults, ...row, name, email, emailLowerCase: email }), id: row.id, tags };
    }
    case 'customFields': {
      const others = store.of('customFields', locationId).filter((field) => field.id !== row.id);
      return { ...customField(locationId, row, others), ...row };
    }
    default:
      return row;
  }
}
