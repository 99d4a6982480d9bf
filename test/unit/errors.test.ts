import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { errors } from '../../domain/errors.ts';
import { errorsDoc } from '../../platform/errors-doc.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

function sources(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(folder, name));
}

describe('the table of errors', () => {
  it('is documented in docs/errors.md exactly as it is', () => {
    const file = join(root, 'docs', 'errors.md');
    if (process.env['LEADWRIGHT_WRITE_GENERATED']) writeFileSync(file, errorsDoc());
    expect(readFileSync(file, 'utf8')).toBe(errorsDoc());
  });

  it('holds no code that nothing raises', () => {
    const folders = [
      'api',
      'activities',
      'domain',
      'integrations',
      'platform',
      'sandbox',
      'workers',
      'cli',
      'workflows',
    ];
    const text = folders
      .flatMap(sources)
      .filter((file) => file !== join('domain', 'errors.ts'))
      .map((file) => readFileSync(join(root, file), 'utf8'))
      .join('\n');
    expect(Object.keys(errors).filter((code) => !text.includes(`'${code}'`))).toEqual([]);
  });

  it('tells of each what it means and what to do next', () => {
    for (const [code, entry] of Object.entries(errors)) {
      expect(code).toMatch(/^[A-Z][A-Z_]+$/);
      expect(entry.status).toBeGreaterThanOrEqual(400);
      expect(entry.hint.length).toBeGreaterThan(10);
    }
  });
});
