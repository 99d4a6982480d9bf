/**
 * Files that are made from sources are compared with what their sources make now. `migrations/schema.sql` is not among them: it
 * takes a database, and a contract test holds it.
 *   node --import tsx test/generated.ts            says which differ, and fails
 *   node --import tsx test/generated.ts --write    writes them anew
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { builtDictionaries } from '../integrations/cache/build-dictionaries.ts';
import { dictionaryFile } from '../integrations/cache/dictionary-file.ts';
import { buildModel } from '../integrations/onnx/build-model.ts';
import { bundledModelFile } from '../integrations/onnx/model-file.ts';
import { activityDoc } from '../platform/activity-doc.ts';
import { configDoc } from '../platform/config-doc.ts';
import { sequenceJsonSchema } from '../domain/follow-up/document.ts';
import { settingsDoc } from '../domain/leads/settings-doc.ts';
import { errorsDoc } from '../platform/errors-doc.ts';
import { featureDoc } from '../platform/feature-doc.ts';
import { assistantDocFrom } from './generate/assistant-prompt.ts';
import { ghlTypes } from './generate/ghl-types.ts';

const model = buildModel();
const docs = new URL('../docs/', import.meta.url);

const files: readonly (readonly [file: URL | string, made: string | Uint8Array])[] = [
  [new URL('activity-kinds.md', docs), activityDoc()],
  [new URL('assistant.md', docs), assistantDocFrom(readFileSync(new URL('assistant.md', docs), 'utf8'))],
  [new URL('config.md', docs), configDoc()],
  [new URL('errors.md', docs), errorsDoc()],
  [new URL('features.md', docs), featureDoc()],
  [new URL('sequence.schema.json', docs), `${JSON.stringify(sequenceJsonSchema(), null, 2)}\n`],
  [new URL('settings.md', docs), settingsDoc()],
  ...Array.from(builtDictionaries(), ([kind, made]) => [dictionaryFile(kind), made] as const),
  [bundledModelFile, model.bytes],
  [new URL('../integrations/ghl/types.generated.ts', import.meta.url), await ghlTypes()],
  [bundledModelFile.replace(/\.onnx$/, '.json'), model.manifest],
];

const stale = files.filter(([file, made]) => !Buffer.from(made).equals(present(file)));
if (process.argv.includes('--write')) {
  for (const [file, made] of stale) writeFileSync(file, made);
} else if (stale.length > 0) {
  process.stderr.write(stale.map(([file]) => `not what its source makes: ${String(file)}\n`).join(''));
  process.exitCode = 1;
}

/** A file that is not there yet is as stale as an empty one. */
function present(file: URL | string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return Buffer.alloc(0);
    throw error;
  }
}
