import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readFile, readdir, rename } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What a bundle is made of: workflow code imports nothing else at run time. */
const sources = ['workflows', 'domain'].map((folder) => fileURLToPath(new URL(`../${folder}/`, import.meta.url)));

/**
 * The workflow code as one file for the workers, built when its sources change and kept in `folder` under their hash.
 * Bundling costs one to three seconds; a warm start finds the file.
 */
export async function workflowBundle(folder: string): Promise<{ codePath: string; hash: string }> {
  const hash = await sourceHash();
  const codePath = join(folder, `workflows-${hash}.js`);
  if (existsSync(codePath)) return { codePath, hash };
  await mkdir(folder, { recursive: true });
  // Two processes may build at once, also in containers: each writes its own file, the last rename wins, and both are the same.
  const draft = `${codePath}.${randomUUID()}`;
  await run(process.execPath, [
    fileURLToPath(new URL('./bundle-process.mjs', import.meta.url)),
    workflowsPath(),
    draft,
  ]);
  await rename(draft, codePath);
  return { codePath, hash };
}

/** Entry of the workflow code, whether run from sources or compiled. */
function workflowsPath(): string {
  const source = new URL('../workflows/bundle.ts', import.meta.url);
  return fileURLToPath(existsSync(source) ? source : new URL('../workflows/bundle.js', import.meta.url));
}

async function sourceHash(): Promise<string> {
  const hash = createHash('sha256');
  const lock = new URL('../package-lock.json', import.meta.url);
  if (existsSync(lock)) hash.update(await readFile(lock));
  for (const folder of sources) {
    const files = (await readdir(folder, { recursive: true })).filter((file) => /\.(ts|js)$/.test(file)).sort();
    for (const file of files) hash.update(file).update(await readFile(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}
