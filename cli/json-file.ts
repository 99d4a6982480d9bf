import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Failure } from './failure.ts';
import type { Io } from './output.ts';

/**
 * Reads a JSON file that a person named.
 * @param code  of the failure where it is no JSON
 */
export async function readJsonFile(io: Pick<Io, 'cwd'>, file: string, code: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(resolve(io.cwd, file), 'utf8');
  } catch (cause) {
    throw new Failure(`${file} cannot be read.`, { exitCode: 2, cause });
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch (cause) {
    throw new Failure(`${file} is not JSON.`, { code, cause });
  }
}
