import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { isAppError } from '../../../domain/errors.ts';
import { readDatasetSchema, readWithRefusals, schemaText } from '../../../domain/scoring/data/dataset-schema.ts';

const visits = { name: 'visits', type: 'number', knownAt: 'capture' };
const tags = { name: 'tags', type: 'category', knownAt: 'outcome' };
const leads = { task: 'classify', label: 'won', positive: '1', decisionStage: 'capture', features: [visits] };
const houses = { task: 'value', label: 'price', decisionStage: 'capture', features: [visits] };

/** Code and text of the refusal. */
function refusal(document: unknown): string {
  try {
    readDatasetSchema(document);
  } catch (error) {
    if (isAppError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return 'none';
}

describe('the schema of a data set', () => {
  it('refuses by name what is known later than the model decides, and all of it at once', () => {
    const call = { name: 'call', type: 'number', knownAt: 'contact' };
    expect(refusal({ ...leads, features: [visits, tags, call] })).toBe(
      'FEATURE_REFUSED: tags is known at outcome and the model decides at capture; ' +
        'call is known at contact and the model decides at capture',
    );
    expect(refusal({ ...leads, decisionStage: 'contact', features: [visits, call] })).toBe('none');
    expect(refusal({ ...leads, decisionStage: 'contact', features: [visits, tags] })).toContain(
      'tags is known at outcome',
    );
  });

  it('refuses a sensitive feature where leads are ranked, and allows it where a house is valued', () => {
    const features = [visits, { name: 'zipcode', type: 'category', knownAt: 'capture', sensitive: true }];
    expect(refusal({ ...leads, features })).toBe('FEATURE_REFUSED: zipcode is sensitive and may not rank leads');
    expect(refusal({ ...houses, features })).toBe('none');
  });

  it('refuses a feature whose name tells what must not be known, unless somebody has said whether it is sensitive', () => {
    const zip = { name: 'zip_code', type: 'category', knownAt: 'capture' };
    const document = { ...leads, features: [visits, zip] };
    expect(refusal(document)).toBe(
      'FEATURE_REFUSED: zip_code tells a place by its name: say whether it is sensitive (true or false)',
    );
    expect(readWithRefusals(document).refused).toMatchObject([{ feature: { name: 'zip_code', sensitive: true } }]);
    expect(refusal({ ...leads, features: [visits, { ...zip, sensitive: false }] })).toBe('none');
    expect(refusal({ ...houses, features: [visits, zip] })).toBe('none');
  });

  it('leaves a place out with a part of it that is left out', () => {
    const [lat, long] = [visits, { ...visits, knownAt: 'outcome' }].map((one, i) => ({
      ...one,
      name: ['lat', 'long'][i],
    }));
    const { admitted } = readWithRefusals({ ...houses, place: ['lat', 'long'], features: [visits, lat, long] });
    expect(admitted.features.map(({ name }) => name)).toEqual(['visits', 'lat']);
    expect(readDatasetSchema(JSON.parse(JSON.stringify(admitted)))).toEqual(admitted);
    const whole = readWithRefusals({ ...houses, place: ['lat', 'visits'], features: [visits, lat] });
    expect(whole.admitted.place).toEqual(['lat', 'visits']);
  });

  it('refuses what is made of a refused feature, at any remove', () => {
    const call = { name: 'call', type: 'number', knownAt: 'contact' };
    const made = (name: string, ...parts: string[]) => ({ ...visits, name, of: { how: 'plus', parts } });
    expect(refusal({ ...leads, features: [visits, call, made('a', 'visits', 'call'), made('b', 'a', 'visits')] })).toBe(
      'FEATURE_REFUSED: call is known at contact and the model decides at capture; a is made of call, which is refused; b is made of a, which is refused',
    );
  });

  it('keeps a promise of direction in what is made of a feature, or refuses it by name', () => {
    const steady = { ...visits, monotone: 1 };
    const calls = { ...visits, name: 'calls' };
    const made = (how: string, parts: string[], monotone?: 1 | -1) =>
      refusal({ ...leads, features: [steady, calls, { ...calls, name: 'both', of: { how, parts }, monotone }] });
    const held = 'none';
    expect(made('plus', ['calls', 'visits'], 1)).toBe(held);
    expect(made('less', ['visits', 'calls'], 1)).toBe(held);
    expect(made('less', ['calls', 'visits'], -1)).toBe(held);
    const must =
      'DATASET_SCHEMA: features: visits is monotone, and a part of both, which then must be monotone as well: ';
    expect(made('plus', ['calls', 'visits'])).toBe(`${must}1`);
    expect(made('less', ['calls', 'visits'], 1)).toBe(`${must}-1`);
    expect(made('less', ['visits', 'visits'], 1)).toBe(`${must}-1`);
    for (const how of ['times', 'per']) {
      expect(made(how, ['visits', 'calls'], 1)).toMatch(
        /visits is monotone, and a part of both, which may rise or fall/,
      );
    }
    expect(made('times', ['calls', 'calls'])).toBe(held);
    const place = { ...houses, place: ['lat', 'visits'], features: [steady, { ...calls, name: 'lat' }] };
    expect(refusal(place)).toMatch(/place: visits is monotone/);
  });

  it('leaves nothing to be decided at the outcome', () => {
    expect(refusal({ ...leads, decisionStage: 'outcome', features: [tags] })).toMatch(/^DATASET_SCHEMA: decisionStage/);
  });

  it.each([
    ['no document', 'text', /^DATASET_SCHEMA: schema: /],
    ['an unknown key', { ...leads, extra: 1 }, /DATASET_SCHEMA: .*extra/],
    ['no features', { ...leads, features: [] }, /DATASET_SCHEMA: features/],
    ['no positive label', { ...leads, positive: undefined }, /positive: expected the label that counts as yes/],
    ['a positive value', { ...houses, positive: '1' }, /positive: a value has none/],
    ['a logarithm of classes', { ...leads, transform: 'log' }, /of values only/],
    ['a feature twice', { ...leads, features: [visits, visits] }, /visits stands there twice/],
    ['the label as a feature', { ...leads, label: 'visits' }, /visits is the label and no feature/],
    ['the id as a feature', { ...leads, id: 'visits' }, /visits is the id and no feature/],
    ['a time that is no date', { ...leads, time: 'visits' }, /time: visits is a feature of another type/],
    ['a place of unknown numbers', { ...houses, place: ['lat', 'visits'] }, /place: lat is no feature of type number/],
    [
      'a feature to compare by',
      { ...leads, audit: [{ name: 'visits', type: 'number' }] },
      /audit: visits is a feature/,
    ],
    ['a label to compare by', { ...leads, audit: [{ name: 'won', type: 'number' }] }, /audit: won is the label/],
    ['a monotone word', { ...houses, features: [{ ...tags, knownAt: 'capture', monotone: 1 }] }, /tags is no number/],
  ])('says what is wrong with %s', (_, document, message) => {
    expect(refusal(document)).toMatch(message);
  });

  it('is the same text for the same meaning', () => {
    const turned = Object.fromEntries(Object.entries(leads).reverse());
    expect(schemaText(readDatasetSchema(turned))).toBe(schemaText(readDatasetSchema({ ...leads, missing: [] })));
    expect(schemaText(readDatasetSchema({ ...leads, positive: '2' }))).not.toBe(schemaText(readDatasetSchema(leads)));
  });

  it('is read from every file that ships, and none of them names a column that gives the outcome away', () => {
    const folder = new URL('../../fixtures/datasets/', import.meta.url);
    const files = readdirSync(folder).filter((file) => file.endsWith('.schema.json'));
    expect(files.length).toBeGreaterThanOrEqual(6);
    const leaks = [
      'Tags',
      'Lead Quality',
      'duration',
      'PageValues',
      'won_date',
      'Sale Condition',
      'age',
      'marital',
      'City',
    ];
    const compared: Record<string, string[]> = {};
    for (const file of files) {
      const { features, audit } = readDatasetSchema(JSON.parse(readFileSync(new URL(file, folder), 'utf8')));
      expect(features.map(({ name }) => name).filter((name) => leaks.includes(name))).toEqual([]);
      if (audit !== undefined) compared[file.replace('.schema.json', '')] = audit.map(({ name }) => name);
    }
    // What the proxy test asks about on public sets.
    expect(compared).toEqual({
      'uci-bank-marketing': ['age', 'marital'],
      'x-education-leads': ['Country', 'City'],
    });
  });
});
