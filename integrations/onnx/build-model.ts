import { writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { scorecardModel, scorecardName } from '../../domain/scoring/onnx/scorecard-model.ts';
import { bundledModelFile, featureSchemaHash, sha256, type ModelManifest } from './model-file.ts';

/** The bundled model and its manifest, from their source; same source, same bytes. */
export function buildModel(): { readonly bytes: Uint8Array; readonly manifest: string } {
  const bytes = scorecardModel({ name: scorecardName, schemaHash: featureSchemaHash });
  const manifest: ModelManifest = { name: scorecardName, sha256: sha256(bytes) };
  return { bytes, manifest: `${JSON.stringify(manifest, null, 2)}\n` };
}

// Run as a program: node --import tsx integrations/onnx/build-model.ts
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { bytes, manifest } = buildModel();
  await writeFile(bundledModelFile, bytes);
  await writeFile(bundledModelFile.replace(/\.onnx$/, '.json'), manifest);
}
