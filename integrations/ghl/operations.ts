import type { operations as documented } from './types.generated.ts';

/**
 * Every call we make, by the vendor's operation id: method, path and the one `Version` that its document pins.
 * A call without the header, or with another date, is answered 401; that is no problem of the token.
 */
export const operations = {
  'get-contact': { method: 'GET', path: '/contacts/{contactId}', version: '2021-07-28' },
  'update-contact': { method: 'PUT', path: '/contacts/{contactId}', version: '2021-07-28' },
  'add-tags': { method: 'POST', path: '/contacts/{contactId}/tags', version: '2021-07-28' },
  'remove-tags': { method: 'DELETE', path: '/contacts/{contactId}/tags', version: '2021-07-28' },
  'get-all-tasks': { method: 'GET', path: '/contacts/{contactId}/tasks', version: '2021-07-28' },
  'create-task': { method: 'POST', path: '/contacts/{contactId}/tasks', version: '2021-07-28' },
  'delete-task': { method: 'DELETE', path: '/contacts/{contactId}/tasks/{taskId}', version: '2021-07-28' },
  'get-all-notes': { method: 'GET', path: '/contacts/{contactId}/notes', version: '2021-07-28' },
  'create-note': { method: 'POST', path: '/contacts/{contactId}/notes', version: '2021-07-28' },
  'delete-note': { method: 'DELETE', path: '/contacts/{contactId}/notes/{id}', version: '2021-07-28' },
  'add-contact-to-workflow': {
    method: 'POST',
    path: '/contacts/{contactId}/workflow/{workflowId}',
    version: '2021-07-28',
  },
  'delete-contact-from-workflow': {
    method: 'DELETE',
    path: '/contacts/{contactId}/workflow/{workflowId}',
    version: '2021-07-28',
  },
  'search-conversation': { method: 'GET', path: '/conversations/search', version: '2021-04-15' },
  'get-messages': { method: 'GET', path: '/conversations/{conversationId}/messages', version: '2021-04-15' },
  'get-email-by-id': { method: 'GET', path: '/conversations/messages/email/{id}', version: '2021-04-15' },
  'send-a-new-message': { method: 'POST', path: '/conversations/messages', version: '2021-04-15' },
  'search-opportunity': { method: 'GET', path: '/opportunities/search', version: '2021-07-28' },
  'get-opportunity': { method: 'GET', path: '/opportunities/{id}', version: '2021-07-28' },
  'create-opportunity': { method: 'POST', path: '/opportunities/', version: '2021-07-28' },
  'update-opportunity': { method: 'PUT', path: '/opportunities/{id}', version: '2021-07-28' },
  'delete-opportunity': { method: 'DELETE', path: '/opportunities/{id}', version: '2021-07-28' },
  'get-pipelines': { method: 'GET', path: '/opportunities/pipelines', version: '2021-07-28' },
  'get-location': { method: 'GET', path: '/locations/{locationId}', version: '2021-07-28' },
  'get-custom-fields': { method: 'GET', path: '/locations/{locationId}/customFields', version: '2021-07-28' },
  'task-search': { method: 'POST', path: '/locations/{locationId}/tasks/search', version: '2021-07-28' },
  'get-location-tags': { method: 'GET', path: '/locations/{locationId}/tags', version: '2021-07-28' },
  'get-user-by-location': { method: 'GET', path: '/users/', version: '2021-07-28' },
  'get-calendars': { method: 'GET', path: '/calendars/', version: '2021-04-15' },
  'get-workflow': { method: 'GET', path: '/workflows/', version: '2021-07-28' },
  'active-numbers': { method: 'GET', path: '/phone-system/numbers/location/{locationId}', version: '2021-07-28' },
} as const satisfies { readonly [O in keyof documented]: Route<O> };

interface Route<O extends keyof documented> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly version: documented[O]['parameters']['header']['Version'];
}

export type OperationId = keyof typeof operations;

type Documented<O extends OperationId> = documented[O];
type Json<T> = T extends { content: { 'application/json': infer Body } } ? Body : undefined;
type Named<Key extends string, T> = [T] extends [undefined] ? unknown : { readonly [K in Key]: Readonly<T> };
type Query<T> = T extends { query: infer Q } ? Q : T extends { query?: infer Q } ? Q : undefined;

/** What the document of the operation takes: the path's placeholders, the query, the body. */
export type CallInput<O extends OperationId> = Named<'path', Documented<O>['parameters']['path']> &
  Named<'query', Query<Documented<O>['parameters']>> &
  Named<'body', Json<Documented<O>['requestBody']>>;

/** What the document says a yes looks like. No field of it is sure to come: see `schemas.ts`. */
export type AnswerOf<O extends OperationId> = Json<
  Documented<O>['responses'][keyof Documented<O>['responses'] & (200 | 201)]
>;

/** The same without the names of one operation, for what treats all alike. */
export interface AnyInput {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
}

/** Path and query of a call; every value is encoded, so that an id can never reach another path. */
export function pathOf(operation: OperationId, input: AnyInput): string {
  const path = operations[operation].path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = input.path?.[name];
    if (typeof value !== 'string' || value === '' || value === '.' || value === '..') {
      throw new TypeError(`${operation}: the path needs ${name}`);
    }
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(input.query ?? {})) if (value !== undefined) query.set(key, String(value));
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}
