import { created, newId, ok, own, present } from './context.ts';
import type { Context, Json, Operations } from './context.ts';
import { badRequest, wrongLocation } from './refusal.ts';
import type { Row } from './store.ts';
import { fold } from './tags.ts';

/** A location and what belongs to it as a whole. The server has checked that the path's location is the token's. */
export const locationOperations: Operations = {
  'GET /locations/{locationId}': (context) => ok({ location: context.store.get('locations', context.locationId) }),

  'GET /locations/{locationId}/tags': (context) => ok({ tags: context.store.of('tags', context.locationId) }),

  'POST /locations/{locationId}/tags': (context) => {
    const name = String(context.body['name']).trim();
    const known = context.store.of('tags', context.locationId).find((tag) => fold(String(tag['name'])) === fold(name));
    if (known) throw badRequest('The tag name is already exist.');
    const tag = { id: newId(), name, locationId: context.locationId };
    context.store.put('tags', tag);
    return ok({ tag });
  },

  'GET /locations/{locationId}/customFields': (context) => {
    const model = context.query['model'] ?? 'contact';
    const fields = context.store.of('customFields', context.locationId);
    return ok({ customFields: fields.filter((field) => model === 'all' || field['model'] === model) });
  },

  'POST /locations/{locationId}/customFields': (context) => {
    const field = customField(context.locationId, context.body, context.store.of('customFields', context.locationId));
    context.store.put('customFields', field);
    return created({ customField: field });
  },

  'GET /locations/{locationId}/customFields/{id}': (context) =>
    ok({ customField: own(context, 'customFields', context.params['id'], 'Custom field') }),

  'GET /locations/{locationId}/customValues': (context) =>
    ok({ customValues: context.store.of('customValues', context.locationId) }),

  'POST /locations/{locationId}/tasks/search': (context) => {
    const { skip, limit } = context.body as { skip?: number; limit?: number };
    const tasks = context.store
      .of('contacts', context.locationId)
      .flatMap((contact) => context.store.of('tasks', contact.id))
      .filter((task) => matches(context.body, task));
    return ok({
      tasks: tasks.slice(skip ?? 0, (skip ?? 0) + (limit ?? 25)).map((task) => ({ _id: task.id, ...task })),
    });
  },
};

/** Users of the company, as far as they work in the token's location; a company's own token sees all of them. */
export const userOperations: Operations = {
  'GET /users/search': (context) => {
    if (context.query['companyId'] !== context.companyId) throw wrongLocation();
    const skip = Number(context.query['skip'] ?? 0);
    const found = users(context).filter((user) => {
      const said = `${String(user['name'])} ${String(user['email'])}`.toLowerCase();
      return said.includes(String(context.query['query'] ?? '').toLowerCase());
    });
    return ok({ users: found.slice(skip, skip + Number(context.query['limit'] ?? 25)), count: found.length });
  },
  'GET /users/': (context) => ok({ users: users(context) }),
  'GET /users/{userId}': (context) => {
    const user = context.store.get('users', context.params['userId'] ?? '');
    if (user === undefined) throw badRequest('User not found');
    if (!visible(context, user)) throw wrongLocation();
    return ok(user);
  },
};

/** A field as GHL lists it: its key is the model and its name in snake case, made unique by a number. */
export function customField(locationId: string, body: Json, known: readonly Row[]): Row {
  const model = body['model'] ?? 'contact';
  const slug = String(body['name'])
    .trim()
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_|_$/g, '');
  const keys = new Set(known.map((field) => field['fieldKey']));
  let fieldKey = `${String(model)}.${slug}`;
  for (let number = 1; keys.has(fieldKey); number += 1) fieldKey = `${String(model)}.${slug}_${number}`;
  const { name, dataType, placeholder, position } = body;
  return {
    id: newId(),
    ...present({ name, placeholder, dataType }),
    fieldKey,
    position: position ?? 0,
    locationId,
    model,
  };
}

function users(context: Context): Row[] {
  return [...context.store.all('users')].filter((user) => visible(context, user));
}

function visible({ locationId, companyId }: Context, user: Row): boolean {
  const roles = user['roles'] as { locationIds?: readonly string[] } | undefined;
  return locationId === '' ? user['companyId'] === companyId : roles?.locationIds?.includes(locationId) === true;
}

function matches(search: Json, task: Row): boolean {
  const among = (list: unknown, value: unknown): boolean =>
    !Array.isArray(list) || list.length === 0 || list.includes(value);
  const said = `${String(task['title'])} ${String(task['body'] ?? '')}`.toLowerCase();
  return (
    among(search['contactId'], task['contactId']) &&
    among(search['assignedTo'], task['assignedTo']) &&
    (search['completed'] === undefined || task['completed'] === search['completed']) &&
    said.includes(String(search['query'] ?? '').toLowerCase())
  );
}
