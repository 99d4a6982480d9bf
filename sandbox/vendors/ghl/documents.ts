import { readFileSync } from 'node:fs';
import { closeHoles } from './overlay.ts';

/** A JSON schema as far as this folder looks into it. */
export interface Schema {
  type?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  $ref?: string;
  [keyword: string]: unknown;
}

interface Parameter {
  name: string;
  in: 'path' | 'query' | 'header';
  required?: boolean;
  schema: Schema;
}

type Content = Record<string, { schema: Schema }>;

export interface Operation {
  parameters?: Parameter[];
  requestBody?: { required?: boolean; content: Content };
  /** Kind of token → scopes; any one of them will do. */
  security?: Record<string, string[]>[];
  responses: Record<string, { content?: Content }>;
}

export interface Document {
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema> };
}

export const DOCUMENT_NAMES = [
  'contacts',
  'locations',
  'users',
  'conversations',
  'opportunities',
  'calendars',
  'oauth',
  'marketplace',
  'workflows',
  'phone-system',
  'objects',
  'associations',
] as const;

export type Documents = Record<(typeof DOCUMENT_NAMES)[number] | 'common', Document>;

/** One operation of the documents, with the document that its references resolve in. */
export interface Documented {
  readonly key: string;
  readonly document: string;
  readonly method: string;
  readonly template: string;
  readonly operation: Operation;
}

/** GHL's OpenAPI documents as generated beside this file, with their known holes closed. */
export function loadDocuments(): Documents {
  const entries = [...DOCUMENT_NAMES, 'common'].map((name) => {
    const path = new URL(`./openapi/${name}.json`, import.meta.url);
    return [name, { paths: {}, ...(JSON.parse(readFileSync(path, 'utf8')) as object) }];
  });
  const documents = Object.fromEntries(entries) as Documents;
  closeHoles(documents);
  return documents;
}

/** Every operation, keyed `GET /contacts/{contactId}`. */
export function documentedOperations(documents: Documents): Documented[] {
  return DOCUMENT_NAMES.flatMap((document) =>
    Object.entries(documents[document].paths).flatMap(([template, methods]) =>
      Object.entries(methods).map(([verb, operation]) => {
        const method = verb.toUpperCase();
        return { key: `${method} ${template}`, document, method, template, operation };
      }),
    ),
  );
}
