import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** Ten digits, or what is wrong with the line. */
export type RegistryLine =
  { readonly line: number; readonly number: string } | { readonly line: number; readonly why: string };

/**
 * Lines of a list as registries hand them out: a number on each, as `813,5550142`, `8135550142` or with other marks between. A first line
 * without a digit is a title. Read as a stream: the national list is larger than memory.
 */
export async function* registryLines(path: string): AsyncGenerator<RegistryLine> {
  let line = 0;
  for await (const text of createInterface({ input: createReadStream(path, 'utf8'), crlfDelay: Infinity })) {
    line += 1;
    const bare = text.replace(/^\uFEFF/, '').trim();
    if (bare === '' || (line === 1 && !/\d/.test(bare))) continue;
    yield read(line, bare);
  }
}

function read(line: number, text: string): RegistryLine {
  // A list of changes has a date and a letter behind each number: taken for a whole list it would clear everybody whom it does not name.
  if (/[A-Za-z]/.test(text) || text.split(',').length > 2) {
    return { line, why: 'expected a number alone; a list of changes is not a whole list' };
  }
  const digits = text.replace(/\D/g, '').replace(/^1(?=\d{10}$)/, '');
  return /^[2-9]\d{9}$/.test(digits) ? { line, number: digits } : { line, why: 'expected a number of ten digits' };
}
