import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readModelDir } from '../../../cli/model-dir.ts';
import { modelCommand, type Ran } from '../../support/model-command.ts';

let folder: string;
const run = (...args: string[]): Promise<Ran> => modelCommand(folder, ...args);
const file = (name: string, text: string | Uint8Array): void => writeFileSync(join(folder, name), text);
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');

const schema = {
  task: 'classify',
  label: 'won',
  positive: 'Yes',
  id: 'id',
  decisionStage: 'capture',
  features: [
    { name: 'visits', type: 'number', knownAt: 'capture' },
    { name: 'source', type: 'category', knownAt: 'capture' },
    { name: 'seen', type: 'date', knownAt: 'capture' },
  ],
};
const header = 'id,visits,source,seen';
const labelled = Array.from({ length: 150 }, (_, i) => {
  const won = i % 13 > 6 === i % 7 > 0 ? 'Yes' : 'No';
  return `l${i},${i % 13},${['web', 'phone', ''][i % 3]},2026-01-${10 + (i % 15)},${won}`;
});
const training = [`${header},won`, ...labelled].join('\n');

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leadwright-bad-input-'));
  file('ok.csv', training);
  file('schema.json', JSON.stringify(schema));
  expect((await run('train', '--data', 'ok.csv', '--schema', 'schema.json', '--out', 'model')).code).toBe(0);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function scored(body: string | Uint8Array, name = 'in.csv'): Promise<Ran & { scores: string[] }> {
  file(name, body);
  rmSync(join(folder, 'out.csv'), { force: true });
  const ran = await run('score', '--model', 'model', '--data', name, '--out', 'out.csv');
  return { ...ran, scores: existsSync(join(folder, 'out.csv')) ? text('out.csv').trimEnd().split('\n').slice(1) : [] };
}
const scoreOf = (line: string): string => line.slice(line.lastIndexOf(',') + 1);

describe('model score', () => {
  it('takes what is no finite number, no date or no word that it knows for missing, and counts it', async () => {
    const seen = '2026-01-12';
    const bad = ['NaN', 'Infinity', '-inf', '1e999'].map((cell, i) => `b${i},${cell},web,${seen}`);
    const known = [`k0,,web,${seen}`, `k1,4,,${seen}`, `k2,4,fax,${seen}`, `k3,4,web,2026-13-45`, `k4,4,web,`];
    const { code, err, scores } = await scored([header, ...bad, ...known].join('\n'));
    expect([code, scores.length]).toEqual([0, 9]);
    expect(err).toContain('emptied 4: visits: not a number (lines 2, 3, 4, 5)');
    expect(err).toContain('emptied 1: seen: not a date (line 9)');
    expect(err).toContain('noticed 1: source: words that the model has not learned; they count as missing');
    // The empty word was learned; one that was not is another thing, and has a score as well.
    const of = Object.fromEntries(scores.map((line) => [line.split(',')[0], scoreOf(line)]));
    expect(new Set(['b0', 'b1', 'b2', 'b3', 'k0'].map((id) => of[id])).size).toBe(1);
    expect(of['k3']).toBe(of['k4']);
    expect(scores.every((line) => Number(scoreOf(line)) > 0 && Number(scoreOf(line)) < 1)).toBe(true);
  });

  it('reads a byte-order mark, any line ends, quotes and columns beyond its own the same as a plain file', async () => {
    const plain = await scored(`${header}\na,4,web,2026-01-12\nb,9,phone,2026-01-13\n`);
    const dressed = await scored(
      `\uFEFFextra,"source",visits,id,seen\r\nx,"web","4",a,2026-01-12\r\n"y, ""z""",phone,9,"b",2026-01-13`,
    );
    expect(dressed.scores).toEqual(plain.scores);
    expect(dressed.err).toContain('columns not in the schema: extra');
  });

  it('writes ids as they stand, and says where one is a formula to a spreadsheet', async () => {
    const ids = ['=HYPERLINK("http://x")', '@SUM(1)', '-5', 'plain'];
    const rows = ids.map((id) => `"${id.replaceAll('"', '""')}",4,web,2026-01-12`);
    const { err, scores } = await scored([header, ...rows].join('\n'));
    expect(err).toContain('noticed 2: id: begins as a formula does; it is written as it stands (lines 2, 3)');
    expect(scores.map((line) => line.slice(0, line.lastIndexOf(',')))).toEqual([
      '"=HYPERLINK(""http://x"")"',
      ...ids.slice(1),
    ]);
  });

  it('says that rows are named by their number where the file has no ids', async () => {
    const { err, scores } = await scored('visits,source,seen\n4,web,2026-01-12\n');
    expect(err).toContain('noticed 1: id: the file lacks it; rows are named by their number (line 1)');
    expect(scores.map((line) => line.split(',')[0])).toEqual(['1']);
  });

  it('answers a file without rows with one without scores', async () => {
    const { code, err } = await scored(`${header}\n`);
    expect([code, err, text('out.csv')]).toEqual([0, '0 of 0 rows\n', 'id,score\n']);
  });

  it.each<[string, string | Uint8Array, number, string]>([
    ['a column that is missing', 'id,source,seen\na,web,2026-01-12\n', 1, 'the file lacks visits; it has 3 columns'],
    ['a column twice', `${header},visits\na,1,web,,2\n`, 1, 'visits stands there twice'],
    ['semicolons', `${header.replaceAll(',', ';')}\na;1;web;\n`, 1, 'expected commas between the columns'],
    ['nothing', '', 1, 'is empty: expected a first line that names the columns'],
    ['only blank lines', '\n\r\n \n', 1, 'is empty: expected a first line'],
    ['rows none of which is whole', `${header}\na,1\n`, 1, 'expected rows to score, got none of 1 (1: fewer or more'],
    ['a cell that never ends', `${header}\na,1,"${'x'.repeat(70_000)}`, 1, 'longer than 65536 characters'],
    ['a column of another type', `${header}\na,many,web,\nb,few,web,\n`, 1, 'visits: 2 of 2 filled cells are not'],
    ['another alphabet’s bytes', Buffer.from(`${header}\na,1,w\xE9b,\n`, 'latin1'), 1, 'expected text in UTF-8'],
    ['UTF-16', Buffer.from(`\uFEFF${header}\na,1,web,\n`, 'utf16le'), 1, 'expected text in UTF-8'],
    ['bytes that no text has', `${header}\na,1,w\0b,\n`, 1, 'bytes that no text has'],
    ['gzip under a plain name', gzipSync(`${header}\na,1,web,\n`), 1, 'its name must end in .gz'],
  ])('refuses %s with what was expected and what came, and writes nothing', async (_, body, code, message) => {
    const ran = await scored(body);
    expect([ran.code, ran.out, ran.err]).toEqual([code, '', expect.stringContaining(message)]);
    expect(ran.err).toMatch(/failed: .*\n {2}- ./);
    expect(existsSync(join(folder, 'out.csv'))).toBe(false);
  });

  it('refuses a packed file that is cut anywhere, or followed by something else', async () => {
    const whole = gzipSync([header, ...labelled.map((row) => row.replace(/,[^,]*$/, ''))].join('\n'));
    for (const cut of [12, 200, whole.length - 9, whole.length - 1]) {
      const { code, err } = await scored(whole.subarray(0, cut), 'in.csv.gz');
      expect([code, err]).toEqual([1, expect.stringContaining('in.csv.gz is cut short')]);
    }
    const { err } = await scored(Buffer.concat([whole, Buffer.from('more')]), 'in.csv.gz');
    expect(err).toContain('is not packed by gzip, or is damaged');
    expect(existsSync(join(folder, 'out.csv'))).toBe(false);
  });
});

describe('model train and evaluate', () => {
  const rows = (change: (row: string, i: number) => string): string =>
    [`${header},won`, ...labelled.map(change)].join('\n');
  it.each<[string, string, string]>([
    ['no rows', `${header},won\n`, 'expected rows, got none'],
    ['one class only', rows((row) => row.replace(/No$/, 'Yes')), '150 rows are positive and 0 are not'],
    ['blank targets', rows((row) => row.replace(/(Yes|No)$/, '')), 'dropped 150: won: the label is blank'],
    ['a label column of another word', training.replace(',won', ',lost'), 'the file lacks won; it has 5 columns'],
  ])('refuse %s', async (_, body, message) => {
    file('bad.csv', body);
    const { code, err } = await run('train', '--data', 'bad.csv', '--schema', 'schema.json', '--out', 'never');
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
    expect(existsSync(join(folder, 'never'))).toBe(false);
    expect(existsSync(join(folder, 'never.progress'))).toBe(false);
  });

  it('leave out doubled and repair wrapped rows, and say so', async () => {
    const wrapped = labelled.map((row, i) => (i % 10 === 0 ? `"${row}"` : row));
    file('faults.csv', [`${header},won`, ...wrapped, ...labelled.slice(0, 3)].join('\n'));
    const order = ['train', '--data', 'faults.csv', '--schema', 'schema.json', '--out', 'faults'];
    const { code, err } = await run(...order);
    expect([code, err]).toEqual([0, expect.stringContaining('150 of 153 rows')]);
    expect(err).toContain('repaired 15: the row was wrapped whole in quotes');
    expect(err).toContain('dropped 3: the same row stands in the file before');
    expect(JSON.parse(text('faults/card.json')).rows).toMatchObject({ read: 153, used: 150 });
  });

  it('call a figure of one class undefined, not one half', async () => {
    file(
      'one.csv',
      rows((row) => row.replace(/No$/, 'Yes')),
    );
    const { code, out } = await run('evaluate', '--model', 'model', '--data', 'one.csv', '--json');
    expect([code, JSON.parse(out)]).toEqual([0, expect.objectContaining({ n: 150, auc: null, baseRate: 1 })]);
  });
});

describe('a model file', () => {
  it('that is cut short anywhere is refused, even where its hash is made to fit', async () => {
    cpSync(join(folder, 'model'), join(folder, 'cut'), { recursive: true });
    const whole = readFileSync(join(folder, 'model/model.onnx'));
    const card = JSON.parse(text('model/card.json'));
    const io = { out: () => {}, err: () => {}, terminal: false, colour: false, env: {}, cwd: folder };
    const lengths = [...Array.from({ length: Math.ceil(whole.length / 1_000) }, (_, i) => i * 1_000), whole.length - 1];
    for (const length of lengths) {
      const part = whole.subarray(0, length);
      const hash = createHash('sha256').update(part).digest('hex');
      file('cut/card.json', JSON.stringify({ ...card, hashes: { ...card.hashes, model: hash } }));
      file('cut/model.onnx', part);
      await expect(readModelDir(io, 'cut')).rejects.toMatchObject({
        code: 'MODEL_DAMAGED',
        ways: ['Train it anew, or bring back the whole of cut from a copy.'],
      });
    }
    expect(lengths.length).toBeGreaterThan(20);
  });

  it('of another schema is refused', async () => {
    cpSync(join(folder, 'model'), join(folder, 'mixed'), { recursive: true });
    file('mixed/schema.json', JSON.stringify({ ...schema, positive: 'No' }));
    const { code, err } = await run('evaluate', '--model', 'mixed', '--data', 'ok.csv');
    expect([code, err]).toEqual([1, expect.stringContaining('not the schema that the model was trained by')]);
  });
});
