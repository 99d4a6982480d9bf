import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Where the extracts of the vendor's OpenAPI documents are. */
export const extractsFolder = join(import.meta.dirname, '../../integrations/ghl/openapi');

export interface Schema {
  type?: string;
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
  enum?: unknown[];
  anyOf?: Schema[];
  oneOf?: Schema[];
  allOf?: Schema[];
  nullable?: boolean;
  additionalProperties?: boolean;
  $ref?: string;
  [keyword: string]: unknown;
}

export interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required?: boolean;
  readonly schema: Schema;
}

interface Content {
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>;
}

export interface OperationDocument {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: Content;
  readonly responses: Readonly<Record<string, Content>>;
}

export interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string; readonly 'x-origin'?: string };
  readonly paths: Record<string, Record<string, OperationDocument>>;
  readonly components: { readonly schemas: Record<string, Schema> };
}

/** One hole of a document: what stands at `at` (RFC 6901) gives way to `value`. */
interface Hole {
  readonly document: string;
  readonly at: string;
  readonly value: unknown;
  readonly reason: string;
}

/** The extracts with their known holes mended, by name; the one copy for types and for judging requests and answers. */
export function ghlDocuments(): ReadonlyMap<string, OpenApi> {
  const names = readdirSync(extractsFolder).filter((name) => name.endsWith('.json'));
  const documents = new Map(names.map((name) => [name.replace('.json', ''), parsed(name) as OpenApi]));
  const holes = JSON.parse(readFileSync(join(extractsFolder, '../openapi-overlay.json'), 'utf8')) as readonly Hole[];
  for (const hole of holes) mend(documents, hole);
  return documents;
}

/** What the overlay names must be there: a document that has changed is looked at again. */
function mend(documents: ReadonlyMap<string, OpenApi>, { document, at, value }: Hole): void {
  const keys = at
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop() ?? '';
  let place: unknown = documents.get(document);
  for (const key of keys) place = isRecord(place) ? place[key] : undefined;
  if (!isRecord(place) || !(last in place)) throw new Error(`The overlay names ${document} ${at}, which is not there.`);
  place[last] = value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parsed(name: string): unknown {
  return JSON.parse(readFileSync(join(extractsFolder, name), 'utf8'));
}

/**
 * An answer as the document describes it, with every field that it has.
 * @param values  for fields of these names, instead of an invented value
 */
export function sampleAnswer(operation: string, values: Readonly<Record<string, unknown>> = {}): unknown {
  for (const document of ghlDocuments().values()) {
    for (const { operationId, responses } of Object.values(document.paths).flatMap((methods) =>
      Object.values(methods),
    )) {
      if (operationId !== operation) continue;
      const schema = (responses['200'] ?? responses['201'])?.content?.['application/json']?.schema;
      if (schema !== undefined) return sampleOf(document, schema, values);
    }
  }
  throw new Error(`No answer of ${operation} is documented.`);
}

function sampleOf(document: OpenApi, schema: Schema, values: Readonly<Record<string, unknown>>): unknown {
  const { $ref, allOf, anyOf, oneOf, enum: choices, type, items, properties } = schema;
  const of = (inner: Schema | undefined): unknown => (inner === undefined ? {} : sampleOf(document, inner, values));
  if ($ref !== undefined) return of(document.components.schemas[$ref.replace('#/components/schemas/', '')]);
  const part = (allOf ?? anyOf ?? oneOf)?.[0];
  if (part !== undefined) return of(part);
  if (choices !== undefined) return choices[0];
  if (type === 'array') return [of(items)];
  if (type === 'number') return 1;
  if (type === 'boolean') return true;
  if (type === 'string') return schema['format'] === 'date-time' ? '2026-05-04T12:00:00.000Z' : 'text';
  const fields = Object.entries(properties ?? {});
  return Object.fromEntries(
    fields.map(([name, field]) => [name, Object.hasOwn(values, name) ? values[name] : of(field)]),
  );
}
