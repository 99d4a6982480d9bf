import { chmod, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { runCommand } from '../../sandbox/services/command.ts';
import { downloadOfficial } from '../../sandbox/services/download.ts';
import { messageOf } from '../../sandbox/services/errors.ts';
import { installed } from '../../sandbox/services/install.ts';
import type { Way } from '../../sandbox/services/install.ts';
import { tryLock, withLock } from '../../sandbox/services/lock.ts';
import { postgresAnswers, temporalAnswers } from '../../sandbox/services/probe.ts';
import { endProcess, identify, isRunning, spawnDetached, until } from '../../sandbox/services/process.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'leadwright-unit-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe('a process on record', () => {
  it('is not taken for a later one of the same number, and that one is not ended', async () => {
    const { identity, hasExited } = await spawnDetached(sleeper(), join(folder, 'log'));
    const recycled = { pid: identity.pid, started: 'another time' };
    expect(await isRunning(identity)).toBe(true);
    expect(await isRunning(recycled)).toBe(false);
    await endProcess(recycled, [['SIGKILL', 1_000]]);
    expect(await isRunning(identity)).toBe(true);
    await endProcess(identity, [['SIGTERM', 5_000]]);
    expect(await identify(identity.pid)).toBeUndefined();
    expect(await until(async () => hasExited(), 5_000)).toBe(true);
  });

  it('is ended by the next signal when it does not heed the first', async () => {
    const script = "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000); console.log('deaf')";
    const log = join(folder, 'log');
    const launch = { command: process.execPath, args: ['-e', script], env: process.env };
    const { identity } = await spawnDetached(launch, log);
    const deaf = async () => (await runCommand('cat', [log], { env: process.env, timeoutMs: 5_000 })).includes('deaf');
    expect(await until(deaf, 10_000)).toBe(true);
    await endProcess(identity, [
      ['SIGTERM', 200],
      ['SIGKILL', 5_000],
    ]);
    expect(await isRunning(identity)).toBe(false);
  });
});

describe('a lock', () => {
  it('is held by one at a time among many who want it', async () => {
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    const file = join(folder, 'a.lock');
    await Promise.all(Array.from({ length: 12 }, () => withLock(file, { waitMs: 30_000 }, work)));
    expect(most).toBe(1);
    expect(await readdir(folder)).toEqual([]);
  });

  it('names its living holder, and is taken over from a dead one', async () => {
    const file = join(folder, 'a.lock');
    const held = await tryLock(file);
    expect(await tryLock(file)).toEqual({ heldBy: process.pid });
    if ('release' in held) await held.release();
    // The same number, started at another time: its holder was killed and the number went to somebody else.
    await writeFile(file, JSON.stringify({ pid: process.pid, started: 'long ago', token: 'dead' }));
    expect(await tryLock(file)).toHaveProperty('release');
  });

  it('says who holds it when the wait is over', async () => {
    const file = join(folder, 'a.lock');
    await tryLock(file);
    await expect(withLock(file, { waitMs: 150 }, async () => undefined)).rejects.toThrow(String(process.pid));
  });
});

describe('an installation into the cache', () => {
  it('happens once when two want it at the same time', async () => {
    let fills = 0;
    const way = filling(async () => void (fills += 1));
    const [one, other] = await Promise.all([installed(wanted([way])), installed(wanted([way]))]);
    expect(fills).toBe(1);
    expect(one.path).toBe(other.path);
    expect([one.kind, other.kind].sort()).toEqual(['cache', 'writing it']);
  });

  it('takes the next way when one fails half way, and leaves nothing of the first', async () => {
    const broken: Way = {
      what: 'breaking off',
      fill: async (draft) => {
        await writeFile(join(draft, 'half'), 'x');
        throw new Error('the line went dead');
      },
    };
    const { path, kind } = await installed(wanted([broken, filling()]));
    expect(kind).toBe('writing it');
    expect(await readdir(join(path, '..'))).toEqual(['program']);
    expect(await readdir(folder)).toEqual(['thing-1']);
  });

  it('repairs an entry whose program is gone', async () => {
    await mkdir(join(folder, 'thing-1'));
    await writeFile(join(folder, 'thing-1', 'rest'), 'x');
    const { path } = await installed(wanted([filling()]));
    expect(await readdir(join(path, '..'))).toEqual(['program']);
  });

  it('names each way with its reason, and the ways out, when none works', async () => {
    const empty: Way = { what: 'bringing nothing', fill: async () => undefined };
    const message = await installed(wanted([empty])).then(String, messageOf);
    expect(message).toContain('bringing nothing: it brought no program');
    expect(message).toContain('install it by hand');
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('the official download', () => {
  it('asks for this machine, and puts the named file of the archive into place', async () => {
    const archive = join(folder, 'sent.tar.gz');
    await writeFile(join(folder, 'temporal'), '#!/bin/sh\necho here\n');
    await runCommand('tar', ['-czf', archive, '-C', folder, 'temporal'], { env: process.env, timeoutMs: 10_000 });
    const bytes = await readFile(archive);
    let asked = '';
    const answer: RequestListener = (request, response) => {
      if (request.url === '/archive') return void response.end(bytes);
      asked = request.url ?? '';
      response.end(JSON.stringify({ archiveUrl: `http://${request.headers.host}/archive`, fileToExtract: 'temporal' }));
    };
    await serving(answer, async (source) => {
      const target = join(folder, 'target');
      await mkdir(target);
      await downloadOfficial('cli', 'temporal', target, source);
      expect(await readdir(target)).toEqual(['temporal']);
      const said = await runCommand(join(target, 'temporal'), [], { env: process.env, timeoutMs: 10_000 });
      expect(said).toBe('here\n');
      expect(asked).toMatch(/^\/cli\/default\?arch=(amd64|arm64)&platform=(linux|darwin)&format=tar\.gz&sdk-name=/);
    });
  });

  it('says what came when the answer is not the expected one', async () => {
    const closed: RequestListener = (_request, response) => void response.writeHead(403).end('no');
    await serving(closed, async (source) => {
      await expect(downloadOfficial('cli', 'temporal', folder, source)).rejects.toThrow('403');
    });
  });
});

describe('the question whether a server answers', () => {
  it('is no for a Postgres that is starting up, and yes for one that asks for a password', async () => {
    const starting = Buffer.from('E\0\0\0\x1fSFATAL\0C57P03\0Mstarting up\0\0', 'latin1');
    const asking = Buffer.from('R\0\0\0\x08\0\0\0\x0a', 'latin1');
    expect(await replying(starting, (port) => postgresAnswers('127.0.0.1', port))).toBe(false);
    expect(await replying(asking, (port) => postgresAnswers('127.0.0.1', port))).toBe(true);
    expect(await replying(undefined, (port) => postgresAnswers('127.0.0.1', port))).toBe(false);
  });

  it('is no for something else on the port of a Temporal', async () => {
    const page: RequestListener = (_request, response) => void response.end('hello');
    await serving(page, async (source) => {
      expect(await temporalAnswers(source.replace('http://', ''), 'default')).toBe(false);
    });
    expect(await temporalAnswers('127.0.0.1:1', 'default')).toBe(false);
  });
});

const sleeper = () => ({
  command: process.execPath,
  args: ['-e', 'setInterval(() => undefined, 1000)'],
  env: process.env,
});

function filling(also: () => Promise<void> = async () => undefined): Way {
  return {
    what: 'writing it',
    fill: async (draft) => {
      await also();
      await writeFile(join(draft, 'program'), '#!/bin/sh\n');
      await chmod(join(draft, 'program'), 0o755);
    },
  };
}

const wanted = (ways: readonly Way[]) => ({
  name: 'thing',
  cache: folder,
  entry: 'thing-1',
  program: 'program',
  ways,
  help: ['install it by hand'],
  progress: () => undefined,
});

async function serving(listener: RequestListener, use: (url: string) => Promise<void>): Promise<void> {
  const server: Server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

/** A server that sends these bytes, or closes at once without any. */
async function replying<T>(bytes: Buffer | undefined, ask: (port: number) => Promise<T>): Promise<T> {
  const server = createTcpServer((socket) => {
    socket.on('error', () => undefined).resume();
    if (bytes) socket.write(bytes);
    else socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await ask((server.address() as AddressInfo).port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
