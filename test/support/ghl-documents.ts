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

/** One hole of a document: what stands at `at` (RFC 6901) gives way to `value`; without a value it goes. */
interface Hole {
  readonly document: string;
  readonly at: string;
  readonly value?: unknown;
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

/** What has been mended by the vendor meanwhile must not be mended again in silence. */
function mend(documents: ReadonlyMap<string, OpenApi>, { document, at, value }: Hole): void {
  const keys = at
    .slice(1)
    .split('/')
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  const last = keys.pop() ?? '';
  let place: unknown = documents.get(document);
  for (const key of keys) place = isRecord(place) ? place[key] : undefined;
  if (!isRecord(place)) throw new Error(`The overlay names ${document} ${at}, which is not there.`);
  if (value === undefined) delete place[last];
  else place[last] = value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parsed(name: string): unknown {
  return JSON.parse(readFileSync(join(extractsFolder, name), 'utf8'));
}
