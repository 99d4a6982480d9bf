import { linkSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { AppError } from '../domain/errors.ts';

export interface HomeKeys {
  /** 32 bytes; seals tokens at rest. */
  readonly masterKey: Buffer;
  /** 32 bytes; turns a phone number or an address into a person's hash. */
  readonly personKey: Buffer;
}

/**
 * Keys of this installation, in `keys/` of the home folder, made on first use and readable by their owner alone.
 * A damaged file is an error, never replaced: a new key would make what the old one sealed or hashed unreadable for ever.
 * @throws AppError KEY_DAMAGED
 */
export function loadHomeKeys(home: string): HomeKeys {
  return { masterKey: keyFile(home, 'master.key'), personKey: keyFile(home, 'person.key') };
}

/** The operator's token: the configured one, or one kept in the home folder. */
export function loadApiToken(home: string, configured: string | undefined): string {
  if (configured !== undefined) return configured;
  const token = onFirstUse(home, 'api-token', () => randomBytes(24).toString('base64url')).trim();
  if (token.length < 16) throw new AppError('KEY_DAMAGED', 'expected at least 16 characters in keys/api-token');
  return token;
}

function keyFile(home: string, name: string): Buffer {
  const text = onFirstUse(home, name, () => randomBytes(32).toString('base64'));
  const key = Buffer.from(text.trim(), 'base64');
  if (key.length !== 32) throw new AppError('KEY_DAMAGED', `expected 32 bytes in base64 in keys/${name}`);
  return key;
}

/** Several processes may start at once: each writes a file of its own, and the first to link it under the name wins. */
function onFirstUse(home: string, name: string, make: () => string): string {
  const folder = join(home, 'keys');
  const path = join(folder, name);
  const known = readIfThere(path);
  if (known !== undefined) return known;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, `${make()}\n`, { mode: 0o600, flag: 'wx', flush: true });
  try {
    linkSync(draft, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    unlinkSync(draft);
  }
  return readFileSync(path, 'utf8');
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
