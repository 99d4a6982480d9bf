import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { workflowBundle } from '../../workers/bundle.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leadwright-bundles-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

it('is whole, and one, for all that build it at the same time', async () => {
  const built = await Promise.all([1, 2, 3].map(() => workflowBundle(folder)));
  expect(new Set(built.map(({ codePath }) => codePath)).size).toBe(1);
  expect(await readdir(folder)).toEqual([`workflows-${built[0]!.hash}.js`]);
  const code = await readFile(built[0]!.codePath, 'utf8');
  expect(code).toContain('marketRefresh');
  expect(code.trimEnd()).toMatch(/sourceMappingURL=data:application\/json;charset=utf-8;base64,[A-Za-z0-9+/=]+$/);
});
