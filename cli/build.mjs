/**
 * `npm run build`: compiles the product into `dist/` and lays beside it what the code reads at run time. The launcher
 * `cli/leadwright.mjs` takes `dist/` when NODE_ENV is `production`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const dist = join(root, 'dist');

/** What is not compiled. A file that moves makes the build fail, not the product later. */
const ASSETS = [
  'domain/follow-up/sequences',
  'integrations/onnx/process.mjs',
  'integrations/onnx/worker.mjs',
  'integrations/cache/dictionaries',
  'integrations/onnx/models',
  'workers/bundle-process.mjs',
  'migrations',
  'sandbox/vendors/ghl/openapi',
  // What `validate ml` judges by.
  'test/data/king-county-sales',
  'test/data/uci-bank-marketing',
  'test/fixtures/datasets',
  // The kept workflow code is named after the sources and the packages that it was made of.
  'package-lock.json',
];

// A file that is gone from the sources must not live on here.
rmSync(dist, { recursive: true, force: true });
const typescript = dirname(createRequire(import.meta.url).resolve('typescript/package.json'));
const compiled = spawnSync(process.execPath, [join(typescript, 'bin/tsc'), '-p', 'tsconfig.build.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (compiled.status === 0) {
  for (const asset of ASSETS) cpSync(join(root, asset), join(dist, asset), { recursive: true });
} else {
  process.exitCode = 1;
}
