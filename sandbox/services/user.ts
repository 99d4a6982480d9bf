import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { serviceError } from './errors.ts';
import type { RunAs } from './process.ts';

const run = promisify(execFile);

/**
 * Whom Postgres runs as: ourselves, or, since it refuses root, the user `postgres`, else `nobody`. A number without an
 * account would not do: initdb looks its owner up.
 */
export async function unprivilegedUser(): Promise<RunAs | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of ['postgres', 'nobody']) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {
      // No such account: the next one.
    }
  }
  throw serviceError('Postgres refuses to run as root, and there is no account `postgres` or `nobody` to run it as.', [
    'start as an ordinary user',
    'set DATABASE_URL to a running Postgres',
  ]);
}

/** Can this user walk to the path, through every folder above it, and enter or run it? Ourselves: always taken as yes. */
export async function reachableBy(path: string, user: RunAs | undefined): Promise<boolean> {
  if (!user) return true;
  for (let at = path; ; at = dirname(at)) {
    const { mode, uid, gid } = await stat(at);
    const bit = uid === user.uid ? 0o100 : gid === user.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
