import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json } from './context.ts';
import { DOCUMENT_NAMES } from './documents.ts';
import { operations } from './operations.ts';

/**
 * Writes `openapi/*.json` from a checkout of GoHighLevel/highlevel-api-docs: `node --import tsx generate-openapi.ts CHECKOUT`.
 * Kept are the operations that `operations.ts` serves, with the schemas they reach and the access they ask for; prose and examples
 * are left out. Prettier has the last word on the files.
 * Nothing is corrected here: the holes of the documents are closed in `overlay.ts`, where each says why.
 */
function generate(checkout: string): void {
  for (const name of DOCUMENT_NAMES) {
    const document = read(join(checkout, 'apps', `${name}.json`)) as { paths: Paths; components: { schemas: Json } };
    const paths: Record<string, Record<string, unknown>> = {};
    for (const [path, methods] of Object.entries(document.paths)) {
      for (const [method, operation] of Object.entries(methods)) {
        if (!(`${method.toUpperCase()} ${path}` in operations)) continue;
        (paths[path] ??= {})[method] = prose(operation);
      }
    }
    const schemas = reached(paths, document.components.schemas);
    write(name, { paths, components: { schemas } });
  }
  const common = read(join(checkout, 'common', 'common-schemas.json')) as { components: { schemas: Json } };
  write('common', { components: { schemas: prose(common.components.schemas) } });
}

type Paths = Readonly<Record<string, Readonly<Record<string, Json>>>>;

const SOURCE =
  'GoHighLevel/highlevel-api-docs, commit 0af86a4, apps/ and common/, CC0-1.0; prose and examples left out';

function read(path: string): unknown {
  return JSON.parse(readFileSync(path, 'utf8'));
}

function write(name: string, document: Json): void {
  const generated = { 'x-generated-by': 'generate-openapi.ts; do not edit', 'x-source': SOURCE, ...document };
  writeFileSync(new URL(`./openapi/${name}.json`, import.meta.url), JSON.stringify(generated, null, 2) + '\n');
}

/** Texts are dropped where they describe; a property that happens to be called `title` or `description` is an object and stays. */
function prose(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(prose);
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(
    ([key, inner]) =>
      !(['example', 'examples', 'x-codegen-request-body-name', 'externalDocs'].includes(key) || key.startsWith('x-')) &&
      !(['description', 'summary', 'title', 'deprecated', 'operationId'].includes(key) && typeof inner !== 'object') &&
      !(key === 'tags' && Array.isArray(inner)),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, prose(inner)]));
}

/** The schemas that these paths refer to, directly or through others, in the order of the document. */
function reached(paths: unknown, schemas: Json): Json {
  const names = new Set<string>();
  const follow = (value: unknown): void => {
    if (value === null || typeof value !== 'object') return;
    const ref = (value as Json)['$ref'];
    const name = typeof ref === 'string' && ref.startsWith('#/components/schemas/') ? ref.split('/')[3] : undefined;
    if (name !== undefined && !names.has(name)) {
      names.add(name);
      follow(schemas[name]);
    }
    Object.values(value).forEach(follow);
  };
  follow(paths);
  return Object.fromEntries(
    Object.entries(schemas)
      .filter(([name]) => names.has(name))
      .map(([name, schema]) => [name, prose(schema)]),
  );
}

const checkout = process.argv[2];
if (checkout === undefined) throw new Error('Expected the path of a checkout of GoHighLevel/highlevel-api-docs');
generate(checkout);
