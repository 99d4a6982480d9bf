import { readFileSync, readdirSync } from 'node:fs';
import { parseSequence } from '../domain/follow-up/document.ts';
import { AppError } from '../domain/errors.ts';
import type { SequenceDocument } from '../domain/follow-up/sequence.ts';

const folder = new URL('../domain/follow-up/sequences/', import.meta.url);

/** The sequence documents that ship with the product, checked like any other. */
export function bundledSequences(): Omit<SequenceDocument, 'version'>[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => {
      const parsed = parseSequence(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
      if (!parsed.ok) throw new AppError('INTERNAL', `the bundled sequence ${file} does not pass its own check`);
      return parsed.document;
    });
}
