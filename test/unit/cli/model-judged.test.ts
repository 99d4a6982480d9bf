import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { bareAccuracy } from '../../support/bare-accuracy.ts';
import { modelCommand, type Ran } from '../../support/model-command.ts';
import { createRandom } from '../../support/random.ts';

let folder: string;
/** What training printed. */
let trained: string;
const run = (...args: string[]): Promise<Ran> => modelCommand(folder, ...args);
const file = (name: string, text: string): void => writeFileSync(join(folder, name), text);
const document = (path: string) => JSON.parse(readFileSync(join(folder, path), 'utf8'));

const schema = {
  task: 'classify',
  label: 'won',
  positive: 'Yes',
  id: 'id',
  group: 'person',
  weight: 'weight',
  decisionStage: 'capture',
  features: [{ name: 'visits', type: 'number', knownAt: 'capture' }],
  audit: [
    { name: 'age', type: 'number' },
    { name: 'region', type: 'category' },
  ],
};

/** People with several rows each; whoever visits often is old, and the region says nothing. */
function people(seed: number, count: number, rowsEach: number): string[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, person) => {
    const visits = random.below(40);
    const won = random.chance(0.1 + visits / 50) ? 'Yes' : 'No';
    const told = `${visits},${(visits > 20 ? 70 : 30) + random.below(5)},${random.pick(['north', 'south'])},${won}`;
    return Array.from({ length: rowsEach }, (__, i) => `r${person}-${i},p${person},${1 + (person % 3)},${told}`);
  }).flat();
}
const header = 'id,person,weight,visits,age,region,won';

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'leadwright-model-judged-'));
  file('schema.json', JSON.stringify(schema));
  file('leads.csv', [header, ...people(1, 500, 1)].join('\n'));
  const order = ['train', '--data', 'leads.csv', '--schema', 'schema.json', '--out', 'model'];
  const ran = await run(...order);
  expect(ran.code).toBe(0);
  trained = ran.out;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('model evaluate', () => {
  const auc = /^auc +(0\.\d+) +(0\.\d+) to (0\.\d+)/m;

  it('says the same in words and as a document, by weights', async () => {
    file('new.csv', [header, ...people(2, 200, 1)].join('\n'));
    const words = (await run('evaluate', '--model', 'model', '--data', 'new.csv')).out;
    const figures = JSON.parse((await run('evaluate', '--model', 'model', '--data', 'new.csv', '--json')).out);
    for (const name of ['auc', 'logLoss', 'brier', 'ece', 'liftTopDecile']) {
      expect(words).toMatch(new RegExp(`^${name} +${figures[name].toFixed(3)} `, 'm'));
    }
    expect(words).toContain(`base rate ${(100 * figures.baseRate).toFixed(1)} %`);
    const flat = [header, ...people(2, 200, 1).map((row) => row.replace(/^([^,]*,[^,]*),\d/, '$1,1'))].join('\n');
    file('flat.csv', flat);
    const unweighed = JSON.parse((await run('evaluate', '--model', 'model', '--data', 'flat.csv', '--json')).out);
    expect(unweighed.baseRate).not.toBeCloseTo(figures.baseRate, 3);
  });

  it('is as unsure of eight rows of each person as of one row, and says where nobody is named', async () => {
    const widthOf = (text: string): number => Number(auc.exec(text)![3]) - Number(auc.exec(text)![2]);
    file('one.csv', [header, ...people(3, 100, 1)].join('\n'));
    file('eight.csv', [header, ...people(3, 100, 8)].join('\n'));
    const [one, eight] = [
      await run('evaluate', '--model', 'model', '--data', 'one.csv'),
      await run('evaluate', '--model', 'model', '--data', 'eight.csv'),
    ];
    expect(widthOf(eight.out)).toBeCloseTo(widthOf(one.out), 3);
    const nameless = [header, ...people(3, 100, 8)].map((row) => row.split(',').toSpliced(1, 1).join(','));
    file('nameless.csv', nameless.join('\n'));
    const alone = await run('evaluate', '--model', 'model', '--data', 'nameless.csv');
    expect(widthOf(alone.out)).toBeLessThan(widthOf(one.out) / 2);
    expect(alone.err).toContain('The file lacks person, so each row is taken to stand for itself');
  });

  it('tells what the bars of training decide of the new rows, beside what is found on them', async () => {
    const { out } = await run('evaluate', '--model', 'model', '--data', 'one.csv');
    expect(out.match(/accuracy at coverage .*found on these very rows: base rate .* stage capture/g)).toHaveLength(2);
    expect(out.match(/accuracy aimed at by a bar found on other rows: .* base rate .* stage capture/g)).toHaveLength(2);
    for (const told of [out, trained, readFileSync(join(folder, 'model/card.html'), 'utf8')]) {
      expect(told).toMatch(/9[58] % accuracy/);
      expect(bareAccuracy(told)).toEqual([]);
    }
  });
});

describe('columns by which people are compared', () => {
  it('are no business of training: it does without them, and the model never asks for them', async () => {
    const narrow = [header, ...people(1, 500, 1)].map((row) => row.split(',').toSpliced(4, 2).join(','));
    file('narrow.csv', narrow.join('\n'));
    const { code, err } = await run('train', '--data', 'narrow.csv', '--schema', 'schema.json', '--out', 'narrow');
    expect([code, err]).toEqual([0, expect.not.stringContaining('age')]);
    expect(document('narrow/card.json').features.map(({ name }: { name: string }) => name)).toEqual(['visits']);
    expect(document('narrow/card.json').fairness).toEqual({ proxies: [], selection: [] });
    file('score.csv', 'id,visits\na,3\n');
    expect((await run('score', '--model', 'model', '--data', 'score.csv', '--out', 'scores.csv')).code).toBe(0);
  });

  it('are told with --leave-out: how well the model’s own columns tell them, and the alarm', async () => {
    const order = ['train', '--data', 'leads.csv', '--schema', 'schema.json', '--out', 'asked', '--leave-out'];
    const { code, out, err } = await run(...order);
    expect([code, err]).toEqual([0, expect.not.stringContaining('columns not in the schema')]);
    expect(out).toMatch(/^age +\S.* 0\.[89]\d\d +0\.\d+ to [01]\.\d+ +alarm$/m);
    expect(out).toMatch(/^region +\S+ +0\.[45]\d\d +0\.\d+ to 0\.\d+ +clear$/m);
    expect(document('asked/card.json').fairness.proxies.map(({ column }: { column: string }) => column)).toEqual([
      'age',
      'region',
    ]);
    const models = ['model', 'asked'].map((name) => readFileSync(join(folder, name, 'model.onnx')));
    expect(models[0]!.equals(models[1]!)).toBe(true);
    const lacking = await run(...order.with(2, 'narrow.csv'));
    expect([lacking.code, lacking.err]).toEqual([1, expect.stringContaining('the file lacks age, region')]);
  });
});
