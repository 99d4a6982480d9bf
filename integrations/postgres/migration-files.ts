import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../domain/errors.ts';
import { type Statement, bareText, splitStatements } from './split-statements.ts';

export interface Migration {
  /** `0001-spine`: number and name, unique for ever. */
  readonly name: string;
  /** SHA-256 of the text with line ends unified: a checkout on another system must not look like an edit. */
  readonly checksum: string;
  /** False with the pragma `-- no-transaction` in the first line: its statements commit one by one. */
  readonly transactional: boolean;
  readonly statements: readonly Statement[];
}

const FILE = /^(\d{4})-[a-z0-9-]+\.sql$/;

/** Reads `NNNN-name.sql` in their order; `schema.sql` is the dump and no migration. Throws MIGRATION_INVALID. */
export async function readMigrations(folder: string): Promise<Migration[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.sql') && name !== 'schema.sql').sort();
  const numbers = new Map<string, string>();
  for (const name of names) {
    const number = FILE.exec(name)?.[1];
    if (number === undefined) throw invalid(`expected NNNN-name.sql, found ${name}`);
    const twin = numbers.get(number);
    if (twin !== undefined) throw invalid(`${twin} and ${name} bear the same number`);
    numbers.set(number, name);
  }
  return Promise.all(names.map((name) => readMigration(folder, name)));
}

async function readMigration(folder: string, file: string): Promise<Migration> {
  const text = (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n');
  const statements = split(file, text);
  const control = statements.find((statement) =>
    /^(begin|commit|rollback|start transaction|end|abort)\b/i.test(bareText(statement.text)),
  );
  if (control !== undefined) throw invalid(`${file}, line ${control.line}: transactions are the runner's business`);
  return {
    name: file.replace(/\.sql$/, ''),
    checksum: createHash('sha256').update(text).digest('hex'),
    transactional: !/^--\s*no-transaction\s*(\n|$)/.test(text),
    statements,
  };
}

function split(file: string, text: string): Statement[] {
  try {
    return splitStatements(text);
  } catch (error) {
    throw new AppError('MIGRATION_INVALID', `${file}: ${error instanceof Error ? error.message : 'unreadable'}`, {
      cause: error,
    });
  }
}

export function invalid(detail: string): AppError {
  return new AppError('MIGRATION_INVALID', detail);
}
