import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { modelCommand, type Ran } from '../../support/model-command.ts';

let folder: string;

const run = (...args: string[]): Promise<Ran> => modelCommand(folder, ...args);

const feature = (name: string, type = 'number', knownAt = 'capture') => ({ name, type, knownAt });
const leads = {
  task: 'classify',
  label: 'won',
  positive: 'Yes',
  id: 'id',
  decisionStage: 'capture',
  features: [feature('visits'), feature('source', 'category')],
};
const houses = {
  task: 'value',
  label: 'price',
  id: 'id',
  decisionStage: 'capture',
  features: [feature('size'), feature('rooms')],
};

/** Won by many visits, and by the web; every seventh the other way round. */
function leadLine(i: number): string {
  const [visits, source] = [i % 13, ['web', 'phone', ''][i % 3]!];
  const won = visits > 6 || source === 'web' ? i % 7 !== 0 : i % 7 === 0;
  return `l${i},${visits},${source},${won ? 'Yes' : 'No'}`;
}

const houseLine = (i: number): string =>
  `h${i},${80 + ((i * 37) % 100)},${2 + (i % 4)},"$${((80 + ((i * 37) % 100)) * (1000 + ((i * 7919) % 100))).toLocaleString('en-US')}"`;
const lines = (count: number, line: (i: number) => string): string[] =>
  Array.from({ length: count }, (_, i) => line(i));

const file = (name: string, text: string | Uint8Array): void => writeFileSync(join(folder, name), text);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leadwright-model-'));
  const rows = ['id,visits,source,won', ...lines(400, leadLine)];
  file('leads.csv', rows.join('\r\n'));
  file('leads.csv.gz', gzipSync(rows.join('\r\n')));
  file('leads.schema.json', JSON.stringify(leads));
  file('houses.csv', ['id,size,rooms,price', ...lines(200, houseLine)].join('\n'));
  file('houses.schema.json', JSON.stringify(houses));
  for (const name of ['leads', 'houses']) {
    const trained = await run(
      'train',
      '--data',
      `${name}.csv`,
      '--schema',
      `${name}.schema.json`,
      '--out',
      name,
      '--seed',
      '3',
    );
    expect([trained.code, trained.err]).toEqual([0, expect.stringContaining('11 of 11: all rows')]);
  }
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const bytes = (path: string): Buffer => readFileSync(join(folder, path));

describe('leadwright model', () => {
  it('train leaves a model, its card and its schema, and nothing half written', () => {
    expect(readdirSync(join(folder, 'leads')).sort()).toEqual([
      'card.html',
      'card.json',
      'card.md',
      'model.onnx',
      'schema.json',
    ]);
    expect(JSON.parse(bytes('leads/card.json').toString())).toMatchObject({
      name: 'leads',
      rows: { used: 400 },
      seed: 3,
    });
  });

  it('train makes the same model of the same rows, packed or not', async () => {
    const again = await run(
      'train',
      '--data',
      'leads.csv.gz',
      '--schema',
      'leads.schema.json',
      '--out',
      'again',
      '--seed',
      '3',
      '--json',
    );
    expect(JSON.parse(again.out)).toMatchObject({ task: 'classify', hashes: { schema: expect.any(String) } });
    expect(bytes('again/model.onnx').equals(bytes('leads/model.onnx'))).toBe(true);
  });

  it('train --leave-out learns without what it must not use, and says what that would have won', async () => {
    const tagged = (i: number): string => `${leadLine(i)},${leadLine(i).endsWith('Yes') ? 'closed' : 'lost'}`;
    file('tagged.csv', ['id,visits,source,won,tag', ...lines(200, tagged)].join('\n'));
    const features = [...leads.features, feature('tag', 'category', 'outcome')];
    file('tagged.schema.json', JSON.stringify({ ...leads, features }));
    const order = ['train', '--data', 'tagged.csv', '--schema', 'tagged.schema.json', '--out', 'tagged'];
    const refused = await run(...order);
    expect([refused.code === 0, refused.err]).toEqual([false, expect.stringContaining('tag is known at outcome')]);
    const { code, out } = await run(...order, '--leave-out');
    expect(code).toBe(0);
    expect(out).toMatch(/LEFT OUT[^]*tag is known at outcome .* AUC +0\.\d+ +1\.000/);
    const { refused: left } = JSON.parse(bytes('tagged/card.json').toString());
    expect(left).toMatchObject([{ name: 'tag', won: { figure: 'AUC', with: 1 } }]);
    expect(left[0].won.without).toBeLessThan(0.97);
    expect(JSON.parse(bytes('tagged/schema.json').toString()).features).toHaveLength(2);
  });

  it('train --leave-out leaves out the place of which a part is refused, and the model can be used', async () => {
    const features = [feature('size'), feature('rooms'), feature('lat', 'number', 'outcome')];
    file('late.schema.json', JSON.stringify({ ...houses, features, place: ['lat', 'size'] }));
    file('late.csv', ['id,size,rooms,price,lat', ...lines(200, (i) => `${houseLine(i)},${i % 9}`)].join('\n'));
    const order = ['--data', 'late.csv', '--schema', 'late.schema.json', '--out', 'late', '--leave-out'];
    expect((await run('train', ...order)).code).toBe(0);
    expect(JSON.parse(bytes('late/schema.json').toString())).not.toHaveProperty('place');
    const judged = await run('evaluate', '--model', 'late', '--data', 'houses.csv', '--json');
    expect([judged.code, JSON.parse(judged.out).n]).toEqual([0, 200]);
  });

  it('evaluate judges no row whose label the model has not learned, and no file of nothing else', async () => {
    file('mixed.csv', 'id,visits,source,won\na,9,web,yes\nb,1,,NO\nc,1,,false\nd,12,web,true\n');
    const mixed = await run('evaluate', '--model', 'leads', '--data', 'mixed.csv', '--json');
    expect(JSON.parse(mixed.out)).toMatchObject({ n: 2, baseRate: 0.5 });
    expect(mixed.err).toContain('dropped 2: won: the label is none that the model has learned (lines 4, 5)');
    file('other.csv', 'id,visits,source,won\na,9,web,true\nb,1,,false\n');
    const other = await run('evaluate', '--model', 'leads', '--data', 'other.csv', '--json');
    expect([other.code, JSON.parse(other.out).error]).toEqual([
      1,
      expect.objectContaining({
        code: 'DATASET_UNUSABLE',
        message: expect.stringContaining('expected rows to judge, got none of 2'),
      }),
    ]);
  });

  it('evaluate prints the figures, and only them, and warns of rows that the model has learned from', async () => {
    const { out, err } = await run('evaluate', '--model', 'leads', '--data', 'leads.csv', '--json');
    const figures = JSON.parse(out);
    expect(Object.keys(figures)).toEqual([
      'n',
      'auc',
      'averagePrecision',
      'logLoss',
      'brier',
      'ece',
      'liftTopDecile',
      'accuracy',
      'baseRate',
      'selective',
    ]);
    expect(figures.selective.map((one: { accuracy: number }) => one.accuracy)).toEqual([0.98, 0.95]);
    expect(figures.n).toBe(400);
    expect(figures.auc).toBeGreaterThan(0.75);
    expect(err).toContain('has learned from this very file');
    const value = JSON.parse((await run('evaluate', '--model', 'houses', '--data', 'houses.csv', '--json')).out);
    expect(Object.keys(value)).toEqual([
      'n',
      'mdape',
      'mape',
      'rmse',
      'r2',
      'within10',
      'within20',
      'cod',
      'coverage90',
    ]);
    expect(value.mdape).toBeLessThan(0.1);
  });

  it('evaluate tells people an accuracy only with coverage, base rate, n, window and stage', async () => {
    const { out } = await run('evaluate', '--model', 'leads', '--data', 'leads.csv');
    expect(out).toMatch(/98 % accuracy at coverage .*: base rate .*, n 400, window undated, stage capture/);
    expect(out).not.toMatch(/^accuracy/m);
  });

  it('score writes an id and a score per row, without labels, and says what it could not read', async () => {
    file('new.csv', 'visits,id,source\n12,"a,b",web\n1,c,fax\nmany,d,\nshort\n');
    const { code, err } = await run('score', '--model', 'leads', '--data', 'new.csv', '--out', 'scores.csv');
    expect([code, err]).toEqual([0, expect.stringContaining('dropped 1: fewer or more cells than columns (line 5)')]);
    expect(err).toContain('emptied 1: visits: not a number (line 4)');
    const [header, ...rows] = bytes('scores.csv').toString().trimEnd().split('\n');
    expect(header).toBe('id,score');
    expect(rows.map((row) => row.replace(/,[^,]*$/, ''))).toEqual(['"a,b"', 'c', 'd']);
    const scores = rows.map((row) => Number(row.split(',').at(-1)));
    expect(scores.every((score) => score > 0 && score < 1)).toBe(true);
    expect(scores[0]).toBeGreaterThan(scores[1]!);
  });

  it('score gives a value its range, many rows as one', async () => {
    file('many.csv', ['id,size,rooms', ...lines(5_000, (i) => `h${i},${80 + ((i * 37) % 100)},3`)].join('\n'));
    await run('score', '--model', 'houses', '--data', 'many.csv', '--out', 'many-scores.csv');
    file('one.csv', 'id,size,rooms\nh4999,143,3\n');
    await run('score', '--model', 'houses', '--data', 'one.csv', '--out', 'one-scores.csv');
    const many = bytes('many-scores.csv').toString().trimEnd().split('\n');
    expect(many.slice(0, 1).concat(String(many.length))).toEqual(['id,score,low,high', '5001']);
    expect(bytes('one-scores.csv').toString().trimEnd().split('\n').at(-1)).toBe(many.at(-1));
    const [, score, low, high] = many.at(-1)!.split(',').map(Number) as [number, number, number, number];
    expect(low < score && score < high).toBe(true);
  });

  it('explain adds up to the score that is served', async () => {
    await run('score', '--model', 'leads', '--data', 'leads.csv', '--out', 'all.csv');
    const served = Number(
      bytes('all.csv')
        .toString()
        .split('\n')
        .find((row) => row.startsWith('l42,'))!
        .split(',')[1],
    );
    const reasons = JSON.parse(
      (await run('explain', '--model', 'leads', '--data', 'leads.csv', '--id', 'l42', '--json')).out,
    );
    const sum = reasons.contributions.reduce(
      (total: number, one: { contribution: number }) => total + one.contribution,
      reasons.base,
    );
    expect(sum).toBeCloseTo(reasons.margin, 9);
    expect(reasons.score).toBeCloseTo(served, 6);
    expect(reasons).toMatchObject({ id: 'l42', unit: 'log-odds', low: null });
    expect((await run('explain', '--model', 'houses', '--data', 'houses.csv')).out).toMatch(/^h0: \d+ \(90 % range/);
  });

  it.each([
    [
      'a feature that is known too late',
      'train',
      { ...leads, features: [feature('visits', 'number', 'outcome')] },
      'visits is known at outcome',
    ],
    [
      'a sensitive feature',
      'train',
      { ...leads, features: [{ ...feature('visits'), sensitive: true }] },
      'visits is sensitive',
    ],
    ['a column that is not there', 'train', { ...leads, features: [feature('clicks')] }, 'the file lacks clicks'],
    ['one class', 'train', { ...leads, positive: 'Perhaps' }, '0 rows are positive and 400 are not'],
  ])('refuses %s, by name', async (_, verb, schema, message) => {
    file('bad.schema.json', JSON.stringify(schema));
    const { code, err, out } = await run(verb, '--data', 'leads.csv', '--schema', 'bad.schema.json', '--out', 'bad');
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain(message);
    expect(readdirSync(folder)).not.toContain('bad');
  });

  it.each([
    ['empty.csv', '', 'is empty'],
    ['header.csv', 'id,visits,source,won\n', 'expected rows, got none'],
    ['cut.csv.gz', 'cut', 'is cut short'],
    ['plain.csv.gz', 'id,visits\n', 'is not packed by gzip'],
  ])('refuses the file %s', async (name, text, message) => {
    file(name, text === 'cut' ? gzipSync(bytes('leads.csv')).subarray(0, 600) : text);
    const { code, err } = await run('train', '--data', name, '--schema', 'leads.schema.json', '--out', 'bad');
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
  });

  it.each([
    ['model.onnx', (text: Buffer) => text.subarray(0, -9), 'model.onnx is not the file that card.json tells of'],
    [
      'schema.json',
      () => Buffer.from(JSON.stringify({ ...leads, positive: 'No' })),
      'not the schema that the model was trained by',
    ],
    ['card.json', () => Buffer.from('{}'), 'card.json is not a model card'],
  ])('refuses a model whose %s is not its own', async (name, change, message) => {
    const before = bytes(`leads/${name}`);
    file(`leads/${name}`, change(before));
    const { code, err } = await run('score', '--model', 'leads', '--data', 'leads.csv', '--out', 'never.csv');
    file(`leads/${name}`, before);
    expect([code, err]).toEqual([1, expect.stringContaining(message)]);
    expect(readdirSync(folder).filter((one) => one.startsWith('never'))).toEqual([]);
  });

  it('leaves no half of a file behind when rows cannot be scored', async () => {
    file('wrong.csv', ['id,visits,source', ...lines(60, (i) => `w${i},word,web`)].join('\n'));
    const { code, err } = await run('score', '--model', 'leads', '--data', 'wrong.csv', '--out', 'never.csv');
    expect([code, err]).toEqual([1, expect.stringContaining('visits: 60 of 60 filled cells are not of the type')]);
    expect(readdirSync(folder).filter((one) => one.startsWith('never'))).toEqual([]);
  });
});
