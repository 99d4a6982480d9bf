import { Ajv } from 'ajv';
import type { ErrorObject, ValidateFunction } from 'ajv';
import { accessOf } from './access.ts';
import type { Access } from './access.ts';
import type { Json } from './context.ts';
import type { Documented, Documents, Schema } from './documents.ts';

/** The checks of one operation, compiled once. */
export interface Checks {
  /** The one `Version` that the operation takes; undefined where the documents pin none. */
  readonly version: string | undefined;
  readonly access: readonly Access[] | 'open';
  /** How the documents want the body; one sent otherwise is not looked at. */
  readonly encoding: 'json' | 'form';
  /** Returns the messages of what is wrong, in the words of GHL's validator; numbers in `query` are converted in place. */
  query(query: Record<string, unknown>): string[];
  body(body: unknown): string[];
}

/** Compiles schemas of the documents; references resolve within the document that an operation stands in. */
export function compiler(documents: Documents): (documented: Documented) => Checks {
  const bodies = ajvFor(documents, false);
  // One value of a list arrives like a single text.
  const queries = ajvFor(documents, 'array');
  return ({ document, operation }) => {
    const parameters = operation.parameters ?? [];
    const version = parameters.find((parameter) => parameter.name === 'Version')?.schema['enum'] as
      string[] | undefined;
    const asked = parameters.filter((parameter) => parameter.in === 'query');
    const querySchema: Schema = {
      type: 'object',
      properties: Object.fromEntries(asked.map(({ name, schema }) => [name, absolute(schema, document)])),
      required: asked.filter((parameter) => parameter.required).map((parameter) => parameter.name),
    };
    const form = operation.requestBody?.content['application/x-www-form-urlencoded'];
    const reference = (form ?? operation.requestBody?.content['application/json'])?.schema;
    const bodySchema = reference && resolve(documents, document, reference);
    return {
      version: version?.[0],
      access: accessOf(operation),
      encoding: form ? 'form' : 'json',
      query: checker(queries.compile(querySchema), querySchema),
      body:
        reference && bodySchema
          ? checker(bodies.compile(absolute(reference, document)), bodySchema)
          : (): string[] => [],
    };
  };
}

/** For contract tests: does this body fit what the documents say the operation answers with this status? */
export function responseCompiler(
  documents: Documents,
): (documented: Documented, status: number) => ValidateFunction | undefined {
  const ajv = ajvFor(documents, false);
  return ({ document, operation }, status) => {
    const response = operation.responses[String(status)];
    const schema = response?.content?.['application/json']?.schema;
    if (response === undefined) throw new Error(`The documents have no answer ${status} here`);
    return schema && ajv.compile(absolute(schema, document));
  };
}

function ajvFor(documents: Documents, coerceTypes: false | 'array'): Ajv {
  const ajv = new Ajv({ strict: false, allErrors: true, coerceTypes });
  ajv.addFormat('email', /^[^\s@]+@[^\s@]+\.[^\s@]+$/);
  ajv.addFormat('date-time', /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/);
  ajv.addFormat('iso-date', /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?$/);
  for (const [name, document] of Object.entries(documents))
    ajv.addSchema(absolute(document as unknown as Schema, name), name);
  return ajv;
}

/** References made to start at a document's name: `#/…` → `contacts#/…`, `../common/common-schemas.json#/…` → `common#/…`. */
function absolute(schema: Schema, document: string): Schema {
  const text = JSON.stringify(schema)
    .replaceAll('"$ref":"#/', `"$ref":"${document}#/`)
    .replaceAll('"$ref":"../common/common-schemas.json#/', '"$ref":"common#/');
  return JSON.parse(text) as Schema;
}

function resolve(documents: Documents, document: string, schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  const found = name === undefined ? schema : documents[document as keyof Documents].components.schemas[name];
  if (found === undefined) throw new Error(`The document ${document} has no schema ${String(name)}`);
  return found;
}

/**
 * The schema's own check, and two habits of GHL's validator that no schema states: a property it does not know is refused, and
 * a required text must not be empty.
 */
function checker(validate: ValidateFunction, schema: Schema): (value: unknown) => string[] {
  const known = new Set(Object.keys(schema.properties ?? {}));
  const texts = (schema.required ?? []).filter((name) => schema.properties?.[name]?.type === 'string');
  return (value) => {
    if (value === null || typeof value !== 'object' || Array.isArray(value)) return ['body must be an object'];
    const strangers = Object.keys(value).filter((name) => !known.has(name));
    const empty = texts.filter((name) => (value as Json)[name] === '');
    const messages = [
      ...strangers.map((name) => `property ${name} should not exist`),
      ...empty.map((name) => `${name} should not be empty`),
    ];
    if (!validate(value)) messages.push(...(validate.errors ?? []).flatMap(worded));
    return [...new Set(messages)];
  };
}

const KINDS: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number conforming to the specified constraints',
  integer: 'an integer number',
  boolean: 'a boolean value',
  array: 'an array',
  object: 'an object',
};

function worded({ keyword, instancePath, params, message }: ErrorObject): string[] {
  const parts = instancePath.split('/').slice(1);
  // One entry of a list of plain values: "each value in tags must be …".
  const listed = parts.length === 2 && /^\d+$/.test(parts[1] ?? '') && keyword === 'type';
  const name = listed ? `each value in ${parts[0]}` : parts.join('.');
  const inside = (child: unknown): string => [...parts, String(child)].join('.');
  switch (keyword) {
    case 'required':
      return [`${inside(params['missingProperty'])} should not be empty`];
    case 'additionalProperties':
      return [`property ${inside(params['additionalProperty'])} should not exist`];
    case 'type':
      return [`${name} must be ${KINDS[String(params['type'])] ?? String(params['type'])}`];
    case 'enum':
      return [`${name} must be one of the following values: ${(params['allowedValues'] as unknown[]).join(', ')}`];
    case 'format':
      return [`${name} must be ${params['format'] === 'email' ? 'an email' : 'a valid ISO 8601 date string'}`];
    case 'minimum':
      return [`${name} must not be less than ${String(params['limit'])}`];
    case 'maximum':
      return [`${name} must not be greater than ${String(params['limit'])}`];
    case 'anyOf':
      return [];
    default:
      return [`${name} ${message ?? 'is invalid'}`];
  }
}
