import { execFileSync } from 'node:child_process';
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { cp, open, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readModelDir, writeModelDir } from '../../../cli/model-dir.ts';
import { modelCommand, type Ran } from '../../support/model-command.ts';

let folder: string;
const run = (...args: string[]): Promise<Ran> => modelCommand(folder, ...args);
const file = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const bytes = (path: string): Buffer => readFileSync(join(folder, path));

const schema = {
  task: 'classify',
  label: 'won',
  positive: 'Yes',
  id: 'id',
  decisionStage: 'capture',
  features: [{ name: 'visits', type: 'number', knownAt: 'capture' }],
};
const rows = (seed: number): string =>
  Array.from(
    { length: 120 },
    (_, i) => `l${i},${(i * seed) % 13},${(i * seed) % 13 > 6 === i % 7 > 0 ? 'Yes' : 'No'}`,
  ).join('\n');
const io = () => ({ out: () => {}, err: () => {}, terminal: false, colour: false, env: {}, cwd: folder });

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leadwright-model-files-'));
  file('schema.json', JSON.stringify(schema));
  for (const [name, seed] of [
    ['one', 1],
    ['other', 5],
  ] as const) {
    file(`${name}.csv`, `id,visits,won\n${rows(seed)}\n`);
    const trained = await run('train', '--data', `${name}.csv`, '--schema', 'schema.json', '--out', name);
    expect(trained.code).toBe(0);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const longAgo = new Date(Date.now() - 2 * 3_600_000);

describe('the directory of a model', () => {
  it('holds the one before until the new one has come whole, wherever the writing is broken off', async () => {
    const [before, after] = await Promise.all(['one', 'other'].map((name) => readModelDir(io(), name)));
    const names = readdirSync(join(folder, 'other'));
    const hashOf = async (): Promise<string> => (await readModelDir(io(), 'dir')).card.hashes.model;
    for (let moved = -1; moved <= names.length; moved += 1) {
      rmSync(join(folder, 'dir'), { recursive: true, force: true });
      await cp(join(folder, 'one'), join(folder, 'dir'), { recursive: true });
      // As a kill leaves it: files half written aside; or come whole, and some of them moved to their places.
      const aside = join(folder, 'dir', moved < 0 ? '.part-abc' : '.come');
      mkdirSync(aside);
      for (const name of moved < 0 ? names.slice(0, 2) : names)
        await cp(join(folder, 'other', name), join(aside, name));
      if (moved < 0) utimesSync(aside, longAgo, longAgo);
      for (const name of names.slice(0, Math.max(0, moved))) await rename(join(aside, name), join(folder, 'dir', name));
      expect(await hashOf()).toBe((moved < 0 ? before! : after!).card.hashes.model);
      await writeModelDir(io(), 'dir', before!);
      expect(await hashOf()).toBe(before!.card.hashes.model);
      expect(readdirSync(join(folder, 'dir')).sort()).toEqual([...names].sort());
    }
  });

  it('is read once more when another model moves in meanwhile', async () => {
    await cp(join(folder, 'one'), join(folder, 'moving'), { recursive: true });
    const card = join(folder, 'moving', 'card.json');
    rmSync(card);
    // Whoever reads it has the model of before by now, and is given the card of the new one.
    const makesPipe = 'mkfifo';
    execFileSync(makesPipe, [card]);
    const read = readModelDir(io(), 'moving');
    const writer = await open(card, 'w');
    for (const name of ['model.onnx', 'card.json']) {
      await cp(join(folder, 'other', name), join(folder, `new-${name}`));
      await rename(join(folder, `new-${name}`), join(folder, 'moving', name));
    }
    await writer.writeFile(bytes('other/card.json'));
    await writer.close();
    expect((await read).card.hashes.model).toBe((await readModelDir(io(), 'other')).card.hashes.model);
  });

  it('keeps what somebody else is writing aside', async () => {
    await cp(join(folder, 'one'), join(folder, 'both'), { recursive: true });
    mkdirSync(join(folder, 'both', '.part-other'));
    await writeModelDir(io(), 'both', await readModelDir(io(), 'one'));
    expect(readdirSync(join(folder, 'both'))).toContain('.part-other');
  });

  it('leaves other files of the directory alone', async () => {
    mkdirSync(join(folder, 'shared'));
    file('shared/notes.txt', 'mine');
    await writeModelDir(io(), 'shared', await readModelDir(io(), 'one'));
    expect(bytes('shared/notes.txt').toString()).toBe('mine');
    expect((await readModelDir(io(), 'shared')).card.name).toBe('one');
  });

  it('is asked for before anything is learned', async () => {
    const { code, err } = await run('train', '--data', 'one.csv', '--schema', 'schema.json', '--out', 'other.csv');
    expect([code, err]).toEqual([2, expect.stringContaining('expected a directory, got the file other.csv')]);
    expect(err).not.toContain('1 of 11');
  });
});

describe('model score --out', () => {
  it.each([
    ['the same name', 'in.csv', 'in.csv'],
    ['another spelling', 'in.csv', 'one/../in.csv'],
    ['a link to it', 'in.csv', 'link.csv'],
    ['itself, read through a link', 'link.csv', 'in.csv'],
    ['a second name of the same file', 'in.csv', 'hard.csv'],
    ['the model that scores', 'in.csv', 'one/model.onnx'],
  ])('is refused where it is what is read: %s', async (_, data, out) => {
    for (const name of ['link.csv', 'hard.csv']) rmSync(join(folder, name), { force: true });
    file('in.csv', `id,visits\n${rows(3)}`);
    symlinkSync('in.csv', join(folder, 'link.csv'));
    linkSync(join(folder, 'in.csv'), join(folder, 'hard.csv'));
    const before = [data, out].map(bytes);
    const { code, err } = await run('score', '--model', 'one', '--data', data, '--out', out);
    expect([code, err]).toEqual([2, expect.stringMatching(/--out: .* itself, which is read[^]*Name another file/)]);
    expect([data, out].map(bytes)).toEqual(before);
  });

  it('goes through a link to the file that it names, and appears when all of it is there', async () => {
    file('in.csv', 'id,visits\na,3\n');
    file('scores-1.csv', 'old\n');
    symlinkSync('scores-1.csv', join(folder, 'latest.csv'));
    expect((await run('score', '--model', 'one', '--data', 'in.csv', '--out', 'latest.csv')).code).toBe(0);
    expect(bytes('scores-1.csv').toString()).toMatch(/^id,score\na,0\.\d+\n$/);

    file('latest.csv', 'kept\n');
    file('long.csv', `id,visits\n${rows(3)}\n"${'x'.repeat(70_000)}`);
    const { code, err } = await run('score', '--model', 'one', '--data', 'long.csv', '--out', 'latest.csv');
    expect([code, err]).toEqual([1, expect.stringContaining('is longer than 65536 characters')]);
    expect(bytes('latest.csv').toString()).toBe('kept\n');
    expect(readdirSync(folder).filter((name) => name.includes('.part'))).toEqual([]);
  });

  it.each([
    ['a directory', 'one', /expected a file, got one, which is none/],
    ['a directory that is not there', 'nowhere/scores.csv', /nowhere\/scores\.csv cannot be written \(ENOENT\)/],
  ])('says what is wrong with %s', async (_, out, message) => {
    file('in.csv', 'id,visits\na,3\n');
    const { code, err } = await run('score', '--model', 'one', '--data', 'in.csv', '--out', out);
    expect([code, err]).toEqual([2, expect.stringMatching(message)]);
  });
});
