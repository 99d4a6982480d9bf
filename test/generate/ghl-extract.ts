/**
 * Makes the extracts in `integrations/ghl/openapi` from a checkout of the vendor's documents: the operations of our table, with all the
 * schemas that they reach, and without a word of prose. By hand, when an operation is added or the vendor publishes anew:
 *   node --import tsx test/generate/ghl-extract.ts FOLDER COMMIT
 * FOLDER holds `contacts.json` and its neighbours; COMMIT is what the folder was checked out at.
 */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { operations } from '../../integrations/ghl/operations.ts';
import { extractsFolder, type OpenApi } from '../support/ghl-documents.ts';

/** Kept in a document for people only. */
const PROSE = new Set(['description', 'summary', 'title', 'example', 'examples', 'externalDocs', 'tags']);
const METHODS = ['get', 'post', 'put', 'patch', 'delete'];

const [folder, commit] = process.argv.slice(2);
if (folder === undefined || commit === undefined) throw new Error('Say where the documents are, and at which commit.');

const wanted = new Map(Object.entries(operations).map(([id, { method, path }]) => [`${method} ${path}`, id]));
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const document = withCommonSchemas(JSON.parse(readFileSync(join(folder, file), 'utf8')) as OpenApi, folder);
  const extract = extractOf(document);
  if (extract === undefined) continue;
  writeFileSync(join(extractsFolder, basename(file)), `${JSON.stringify(extract, undefined, 1)}\n`);
}
if (wanted.size > 0) throw new Error(`No document has ${[...wanted.keys()].join(', ')}.`);

function extractOf(document: OpenApi): OpenApi | undefined {
  const paths: OpenApi['paths'] = {};
  for (const [path, methods] of Object.entries(document.paths)) {
    for (const method of METHODS) {
      const operation = methods[method];
      const id = wanted.get(`${method.toUpperCase()} ${path}`);
      if (operation === undefined || id === undefined || operation.operationId !== id) continue;
      wanted.delete(`${method.toUpperCase()} ${path}`);
      paths[path] = { ...paths[path], [method]: withoutProse(operation) as (typeof paths)[string][string] };
    }
  }
  if (Object.keys(paths).length === 0) return undefined;
  const { title, version } = document.info;
  const origin = `GoHighLevel/highlevel-api-docs at ${commit}, CC0-1.0: the operations used here, without prose`;
  return {
    openapi: document.openapi,
    info: { title, version, 'x-origin': origin },
    paths,
    components: { schemas: reached(document, paths) },
  };
}

/** Error answers are described in a file that all documents share; what a document refers to there becomes its own. */
function withCommonSchemas(document: OpenApi, folder: string): OpenApi {
  const text = JSON.stringify(document);
  const [, file] = /"\$ref":"([^"#]+)#/.exec(text) ?? [];
  if (file === undefined) return document;
  const common = JSON.parse(readFileSync(join(folder, file), 'utf8')) as OpenApi;
  const own = JSON.parse(text.replaceAll(`"$ref":"${file}#`, '"$ref":"#')) as OpenApi;
  return { ...own, components: { schemas: { ...common.components.schemas, ...own.components.schemas } } };
}

/** The schemas that are referred to, and those that they refer to, in the order of their names. */
function reached(document: OpenApi, from: unknown): OpenApi['components']['schemas'] {
  const found = new Map<string, OpenApi['components']['schemas'][string]>();
  const look = (value: unknown): void => {
    for (const [, name = ''] of JSON.stringify(value).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)) {
      if (found.has(name)) continue;
      const schema = document.components.schemas[name];
      if (schema === undefined) throw new Error(`The document has no schema ${name}.`);
      const bare = withoutProse(schema) as typeof schema;
      found.set(name, bare);
      look(bare);
    }
  };
  look(from);
  return Object.fromEntries([...found].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** A property may be called `title` or `description`: names of properties are no prose. */
function withoutProse(value: unknown, namesOfProperties = false): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutProse(item));
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([key]) => namesOfProperties || !(PROSE.has(key) || key === 'security'));
  return Object.fromEntries(
    kept.map(([key, inner]) => [key, withoutProse(inner, key === 'properties' && !namesOfProperties)]),
  );
}
