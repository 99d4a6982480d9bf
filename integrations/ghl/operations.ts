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
  'search-conversation': { method: 'GET', path: '/conversations/search', version: '2021-04-15' },
  'get-messages': { method: 'GET', path: '/conversations/{conversationId}/messages', version: '2021-04-15' },
  'get-email-by-id': { method: 'GET', path: '/conversations/messages/email/{id}', version: '2021-04-15' },
  'send-a-new-message': { method: 'POST', path: '/conversations/messages', version: '2021-04-15' },
  'get-location': { method: 'GET', path: '/locations/{locationId}', version: '2021-07-28' },
  'get-custom-fields': { method: 'GET', path: '/locations/{locationId}/customFields', version: '2021-07-28' },
} as const;

export type OperationId = keyof typeof operations;

export interface CallInput {
  /** Values of the path's placeholders. */
  readonly path?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | number>>;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** Path and query of a call; every value is encoded, so that an id can never reach another path. */
export function pathOf(operation: OperationId, input: CallInput): string {
  const path = operations[operation].path.replace(/\{(\w+)\}/g, (_whole, name: string) => {
    const value = input.path?.[name];
    if (value === undefined || value === '' || value === '.' || value === '..') {
      throw new TypeError(`${operation}: the path needs ${name}`);
    }
    return encodeURIComponent(value);
  });
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(input.query ?? {})) query.set(key, String(value));
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}
