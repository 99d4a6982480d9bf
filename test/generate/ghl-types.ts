import openapiTS, { astToString } from 'openapi-typescript';
import { ghlDocuments, type OpenApi } from '../support/ghl-documents.ts';

/**
 * The types of GHL's operations: all extracts as one document, with the overlay. Schemas of one name in two documents differ, so each
 * bears its document's name too.
 */
export async function ghlTypes(): Promise<string> {
  const all: OpenApi = {
    openapi: '3.0.0',
    info: { title: 'GHL', version: '1' },
    paths: {},
    components: { schemas: {} },
  };
  for (const [name, document] of ghlDocuments()) {
    const text = JSON.stringify(document).replaceAll('"#/components/schemas/', `"#/components/schemas/${name}.`);
    const { paths, components } = JSON.parse(text) as OpenApi;
    Object.assign(all.paths, paths);
    for (const [key, schema] of Object.entries(components.schemas)) all.components.schemas[`${name}.${key}`] = schema;
  }
  // Callers go by operation: the lists of paths and the empty ones are left out.
  const nodes = await openapiTS(all as unknown as Parameters<typeof openapiTS>[0], { defaultNonNullable: false });
  const kept = nodes.filter((node) => 'name' in node && ['components', 'operations'].includes(nameOf(node.name)));
  return `// Made by \`npm run generate\` from openapi/*.json and openapi-overlay.json.\n${astToString(kept)}`;
}

function nameOf(name: unknown): string {
  return typeof name === 'object' && name !== null && 'text' in name ? String(name.text) : '';
}
