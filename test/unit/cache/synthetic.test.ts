import { describe, expect, it } from '@jest/globals';
import { syntheticKinds, syntheticValues } from '../../../domain/cache/synthetic.ts';
import { type Vocabulary, vocabularies, type VocabularyName } from '../../../domain/cache/synthetic-words.ts';

const drawn = (vocabulary: VocabularyName, seed = 1) =>
  syntheticKinds.map((kind) => syntheticValues(kind, { vocabulary, seed, count: kind === 'conversation' ? 5 : 100 }));

/** All runs of so many words. */
function runs(texts: readonly string[], length: number): Set<string> {
  const words = texts.map((text) => text.toLowerCase().match(/[\p{L}\p{N}{}’-]+/gu) ?? []);
  return new Set(words.flatMap((all) => all.slice(length - 1).map((_, at) => all.slice(at, at + length).join(' '))));
}
const freeText = ({ asked, answered, remarks, features, things }: Vocabulary) =>
  [asked, answered, remarks, features, things].flat();
const namesOf = ({ firstNames, lastNames, cities, streets }: Vocabulary) =>
  [firstNames, lastNames, cities, streets].flat();
const shared = <T>(a: Iterable<T>, b: Iterable<T>): T[] => {
  const those = new Set(b);
  return [...new Set(a)].filter((one) => those.has(one));
};

describe('invented values', () => {
  it.each([
    ['lead', 250, 400],
    ['contact', 1000, 1250],
    ['listing', 3200, 3700],
    ['conversation', 66_000, 73_000],
  ] as const)('of a %s are between %i and %i bytes on average', (kind, least, most) => {
    const values = syntheticValues(kind, { vocabulary: 'test', seed: 5, count: kind === 'conversation' ? 8 : 200 });
    const mean = values.reduce((sum, value) => sum + JSON.stringify(value).length, 0) / values.length;
    expect(mean).toBeGreaterThan(least);
    expect(mean).toBeLessThan(most);
  });

  it('are the same for the same seed, and others for another', () => {
    expect(drawn('training')).toStrictEqual(drawn('training'));
    expect(JSON.stringify(drawn('training', 2))).not.toBe(JSON.stringify(drawn('training')));
  });

  it('have only numbers and addresses that belong to nobody', () => {
    const text = JSON.stringify([drawn('training'), drawn('test')]);
    for (const number of text.match(/\+\d+/g)!) expect(number).toMatch(/^\+1\d{3}55501\d\d$/);
    for (const address of text.match(/[^"@]+@[^"]+/g)!) expect(address).toMatch(/@example\.com$/);
  });
});

describe('the two vocabularies', () => {
  const { training, test } = vocabularies;

  it('share no name, place or area code', () => {
    expect(shared(namesOf(training), namesOf(test))).toStrictEqual([]);
    expect(shared(training.areaCodes, test.areaCodes)).toStrictEqual([]);
  });

  it('share no three words in a row of free text, and few in pairs', () => {
    expect(shared(runs(freeText(training), 3), runs(freeText(test), 3))).toStrictEqual([]);
    const pairs = runs(freeText(test), 2);
    expect(shared(runs(freeText(training), 2), pairs).length).toBeLessThan(pairs.size / 20);
  });

  it('share no id', () => {
    const ids = (vocabulary: VocabularyName) => JSON.stringify(drawn(vocabulary)).match(/\b[0-9A-Za-z]{20}\b/g)!;
    expect(ids('training').length).toBeGreaterThan(1500);
    expect(shared(ids('training'), ids('test'))).toStrictEqual([]);
    expect(ids('training').every((id) => /^[A-Z]/.test(id))).toBe(true);
    expect(ids('test').every((id) => /^[a-z]/.test(id))).toBe(true);
  });
});
