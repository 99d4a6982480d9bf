import type { Documents, Schema } from './documents.ts';

/**
 * Closes the documented holes of GHL's OpenAPI documents in place. Each correction names what the vendor's service does instead;
 * the sources are the vendor's own issue tracker (GoHighLevel/highlevel-api-docs) and reports of users of the API.
 */
export function closeHoles(documents: Documents): void {
  closeContacts(documents.contacts.components.schemas);
  closeConversations(documents.conversations.components.schemas);
  const { locations, opportunities, calendars } = documents;
  // Lists of objects that the documents declare as lists of lists.
  change(locations.components.schemas, 'LocationTaskListSuccessfulResponseDto', { tasks: listOf({ type: 'object' }) });
  change(opportunities.components.schemas, 'PipelinesResponseSchema', { stages: listOf({ type: 'object' }) });

  // A queued message is answered with 201, where the documents only know 200.
  const send = documents.conversations.paths['/conversations/messages']?.['post'];
  if (send?.responses['200']) send.responses['201'] = send.responses['200'];
  const search = documents.conversations.paths['/conversations/search']?.['get'];
  const since = search?.parameters?.find((parameter) => parameter.name === 'startAfterDate');
  // `type: any` is no type; numbers and texts are both in use.
  if (since) since.schema = {};

  // Dates map to slots, and every answer carries a `traceId` besides.
  const slots = calendars.paths['/calendars/{calendarId}/free-slots']?.['get']?.responses['200'];
  if (slots) {
    const days = { '^\\d{4}-\\d{2}-\\d{2}$': { $ref: '#/components/schemas/SlotsSchema' } };
    const schema = {
      type: 'object',
      properties: { traceId: TEXT },
      patternProperties: days,
      additionalProperties: false,
    };
    slots.content = { 'application/json': { schema } };
  }
}

const TEXT: Schema = { type: 'string' };
const NULLABLE_TEXT: Schema = { type: 'string', nullable: true };

function closeContacts(schemas: Record<string, Schema>): void {
  for (const name of ['CreateContactDto', 'UpdateContactDto', 'UpsertContactDto']) {
    change(schemas, name, {
      // The union of nine shapes knows no numbers and demands `id`; `key` alone is in use, and so is `fieldValue`.
      customFields: listOf(CUSTOM_FIELD_WRITE),
      // Declared as an object, sent as a date.
      dateOfBirth: NULLABLE_TEXT,
      email: { ...NULLABLE_TEXT, format: 'email' },
    });
  }
  // Accepted by the service though not declared (issue 314).
  change(schemas, 'UpdateContactDto', { companyName: NULLABLE_TEXT, keyword: TEXT, ssn: TEXT, type: TEXT });
  // Numbers, lists and objects are read back as such, not only texts.
  change(schemas, 'CustomFieldSchema', { value: {} });
  for (const name of ['CreateTaskParams', 'UpdateTaskBody'])
    change(schemas, name, { dueDate: { ...TEXT, format: 'iso-date' } });
  // Empty in the documents; without these two the service answers 422 (issue 31).
  schemas['SearchBodyV2DTO'] = {
    type: 'object',
    properties: {
      locationId: TEXT,
      pageLimit: { type: 'integer', minimum: 1, maximum: 500 },
      page: { type: 'integer', minimum: 1 },
      searchAfter: { type: 'array', minItems: 2, maxItems: 2 },
      query: TEXT,
      filters: listOf({ type: 'object' }),
      sort: listOf({
        type: 'object',
        properties: { field: TEXT, direction: { enum: ['asc', 'desc'] } },
        required: ['field'],
      }),
    },
    required: ['locationId', 'pageLimit'],
  };
}

const CUSTOM_FIELD_WRITE: Schema = {
  type: 'object',
  properties: { id: TEXT, key: TEXT, field_value: {}, fieldValue: {} },
  anyOf: [{ required: ['id'] }, { required: ['key'] }],
  additionalProperties: false,
};

function closeConversations(schemas: Record<string, Schema>): void {
  // `status` and `subType` are marked required, and calls that work leave them out.
  const body = schemas['SendMessageBodyDto'];
  if (body) body.required = ['type', 'contactId'];
  change(schemas, 'SendMessageBodyDto', { subType: {} });
  // Documented flat, answered nested under `messages` (issue 54).
  const flat = schemas['GetMessagesByConversationResponseDto'];
  if (flat) {
    schemas['GetMessagesByConversationResponseDto'] = {
      type: 'object',
      properties: { messages: flat },
      required: ['messages'],
    };
  }
}

function listOf(items: Schema): Schema {
  return { type: 'array', items };
}

function change(schemas: Record<string, Schema>, name: string, properties: Record<string, Schema>): void {
  const schema = schemas[name];
  if (schema === undefined) throw new Error(`The documents have no schema ${name}; run generate-openapi.ts`);
  schema.properties = { ...schema.properties, ...properties };
}
