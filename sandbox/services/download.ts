import { createWriteStream } from 'node:fs';
import { chmod, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { runCommand } from './command.ts';

/** Where Temporal's SDKs fetch the same programs from, with the same question and answer. */
const OFFICIAL_SOURCE = 'https://temporal.download';

/** The SDK whose default version is wanted; the source maps it to the program's version. */
const SDK = { name: 'sdk-typescript', version: '1.24.0' };

/** Short for the question: on a closed network we want to know soon. Longer for the archive. */
const ASK_MS = 5_000;
const FETCH_MS = 120_000;

/**
 * Fetches one of Temporal's programs and puts it into the folder.
 * @param artifact `cli` or `temporal-test-server`, as the source names them
 * @param program  file name it gets in the folder
 * @throws when the source cannot be reached in time or answers otherwise
 */
export async function downloadOfficial(
  artifact: 'cli' | 'temporal-test-server',
  program: string,
  folder: string,
  source = OFFICIAL_SOURCE,
): Promise<void> {
  const arch = { x64: 'amd64', arm64: 'arm64' }[process.arch as string];
  if (!arch || !['linux', 'darwin'].includes(process.platform)) throw new Error('not offered for this machine');
  const query = new URLSearchParams({ arch, platform: process.platform, format: 'tar.gz' });
  query.set('sdk-name', SDK.name);
  query.set('sdk-version', SDK.version);
  const answer = await fetch(`${source}/${artifact}/default?${query.toString()}`, {
    signal: AbortSignal.timeout(ASK_MS),
  });
  if (!answer.ok) throw new Error(`${source} answered ${answer.status}`);
  const info = (await answer.json()) as { archiveUrl?: unknown; fileToExtract?: unknown };
  if (typeof info.archiveUrl !== 'string' || typeof info.fileToExtract !== 'string') {
    throw new Error(`${source} answered without archiveUrl and fileToExtract`);
  }
  const archive = join(folder, 'archive.tar.gz');
  const body = await fetch(info.archiveUrl, { signal: AbortSignal.timeout(FETCH_MS) });
  if (!body.ok || !body.body) throw new Error(`the archive's address answered ${body.status}`);
  await pipeline(Readable.fromWeb(body.body), createWriteStream(archive));
  // A name from outside: no dashes in front, nothing above the folder. tar itself refuses `..` in members.
  const member = info.fileToExtract.replace(/^[-/.]+/, '');
  await runCommand('tar', ['-xzf', archive, '-C', folder, '--', member], { env: process.env, timeoutMs: 60_000 });
  await rename(join(folder, member), join(folder, program)).catch((error: unknown) => {
    throw new Error(`the archive holds no ${member}`, { cause: error });
  });
  await chmod(join(folder, program), 0o755);
  await rm(archive);
}
