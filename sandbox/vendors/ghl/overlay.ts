import type { Document, Documents, Schema } from './documents.ts';

/**
 * Closes the documented holes of GHL's OpenAPI documents in place. Each correction names what the vendor's service does instead;
 * the sources are the vendor's own issue tracker (GoHighLevel/highlevel-api-docs) and reports of users of the API.
 */
export function closeHoles(documents: Documents): void {
  closeContacts(documents.contacts.components.schemas);
  closeConversations(documents.conversations.components.schemas);
  closeOpportunities(documents.opportunities.components.schemas);
  closeObjects(documents.objects.components.schemas);
  closeAssociations(documents.associations);
  const { locations, calendars } = documents;
  // A list of objects that the documents declare as a list of lists.
  change(locations.components.schemas, 'LocationTaskListSuccessfulResponseDto', { tasks: listOf({ type: 'object' }) });

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

function closeOpportunities(schemas: Record<string, Schema>): void {
  // A list of objects that the documents declare as a list of lists.
  change(schemas, 'PipelinesResponseSchema', { stages: listOf({ type: 'object' }) });
  // The union of three shapes knows no numbers, neither written nor read back.
  for (const name of ['CreateDto', 'UpdateOpportunityDto'])
    change(schemas, name, { customFields: listOf(CUSTOM_FIELD_WRITE) });
  change(schemas, 'CustomFieldResponseSchema', { fieldValue: {} });
  // Followers are ids of users, declared as lists.
  change(schemas, 'SearchOpportunitiesResponseSchema', { followers: listOf(TEXT) });
  // Declared as an object; it is the number that create and update take.
  change(schemas, 'UpsertOpportunityDto', { monetaryValue: { type: 'number' } });
}

function closeObjects(schemas: Record<string, Schema>): void {
  // Both bodies are empty in the documents; the answers say what a record consists of.
  const record = { properties: { type: 'object' }, owner: listOf(TEXT), followers: listOf(TEXT) };
  schemas['CreateCustomObjectRecordDto'] = {
    type: 'object',
    properties: { locationId: TEXT, ...record },
    required: ['locationId', 'properties'],
  };
  schemas['UpdateCustomObjectRecordDto'] = { type: 'object', properties: { locationId: TEXT, ...record } };
  // Declared as text beside an example that is an object.
  for (const name of ['IRecordSchema', 'RecordResponseDTO']) change(schemas, name, { properties: { type: 'object' } });
  // The cursor is a time and an id, a number and a text.
  for (const name of ['SearchRecordsBody', 'RecordResponseDTO']) change(schemas, name, { searchAfter: listOf({}) });
  // Marked required, which would leave no way to list all records: a required text must not be empty.
  const search = schemas['SearchRecordsBody'];
  if (search) search.required = search.required?.filter((name) => name !== 'query') ?? [];
  // Declared as an object beside an example that is a word.
  change(schemas, 'ICustomObjectSchema', { type: TEXT });
}

function closeAssociations({ paths, components: { schemas } }: Document): void {
  // Labels, keys and the type are words, declared as objects.
  const words = ['firstObjectLabel', 'firstObjectKey', 'secondObjectLabel', 'secondObjectKey', 'associationType'];
  change(schemas, 'GetPostSuccessfulResponseDto', Object.fromEntries(words.map((word) => [word, TEXT])));
  // Every answer of the document is declared to be one association; some are lists, and relations are none.
  const relation = ['id', 'associationId', 'firstRecordId', 'secondRecordId', 'firstObjectKey', 'secondObjectKey'];
  const one: Schema = {
    type: 'object',
    properties: Object.fromEntries([...relation, 'locationId'].map((name) => [name, TEXT])),
    required: relation,
  };
  const association = { $ref: '#/components/schemas/GetPostSuccessfulResponseDto' };
  const many = (name: string, items: Schema): Schema => ({
    type: 'object',
    properties: { [name]: listOf(items), total: { type: 'number' } },
    required: [name],
  });
  const answers: [path: string, method: string, status: string, schema: Schema][] = [
    ['/associations/', 'get', '200', many('associations', association)],
    ['/associations/objectKey/{objectKey}', 'get', '200', many('associations', association)],
    ['/associations/relations/{recordId}', 'get', '200', many('relations', one)],
    ['/associations/relations', 'post', '201', one],
  ];
  for (const [path, method, status, schema] of answers) {
    const response = paths[path]?.[method]?.responses[status];
    if (response) response.content = { 'application/json': { schema } };
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
