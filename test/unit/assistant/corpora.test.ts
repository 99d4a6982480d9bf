import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { assistantCorpus, corpusAsFrozen, type Violation } from '../../support/assistant-corpora.ts';

const violations = assistantCorpus('fair-housing-violations');
const harmless = assistantCorpus('fair-housing-harmless');
const grey = assistantCorpus('fair-housing-grey');
const secondViolations = assistantCorpus('fair-housing-violations-2');
const secondHarmless = assistantCorpus('fair-housing-harmless-2');
const thirdViolations = assistantCorpus('fair-housing-violations-3');
const thirdHarmless = assistantCorpus('fair-housing-harmless-3');
const fourthViolations = assistantCorpus('fair-housing-violations-4');
const fourthHarmless = assistantCorpus('fair-housing-harmless-4');
const blindViolations = assistantCorpus('fair-housing-violations-5');
const blindHarmless = assistantCorpus('fair-housing-harmless-5');
const housing = [
  ...[...violations, ...harmless, ...grey],
  ...[...secondViolations, ...secondHarmless, ...thirdViolations, ...thirdHarmless],
  ...[...fourthViolations, ...fourthHarmless, ...blindViolations, ...blindHarmless],
];
const injections = assistantCorpus('injection');
const swaps = assistantCorpus('swaps');

/** As a hasty reader sees it: what differs only in case, marks and spaces is one text. */
const bare = (text: string): string => text.toLowerCase().replace(/[\s.,;:!?¡¿]+/gu, ' ');
const distinct = (texts: readonly string[]): number => new Set(texts.map(bare)).size;
function counted(values: readonly string[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

const wordsOf = (text: string): ReadonlySet<string> => new Set(text.toLowerCase().match(/[\p{L}\d]+/gu) ?? []);

/** Do they share six of ten of their words? One was made of the other by swapping words. */
function near(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  if (Math.min(a.size, b.size) < 0.6 * Math.max(a.size, b.size)) return false;
  const both = [...a].filter((word) => b.has(word)).length;
  return both >= 0.6 * (a.size + b.size - both);
}

/**
 * Who of them is near one of the others. Two that share six of ten words share one of the rarest four of ten of either, so that only those that
 * do are compared.
 */
function nearAny(ones: readonly string[], others: readonly string[]): number {
  const [left, right] = [ones.map(wordsOf), others.map(wordsOf)];
  const often = counted([...left, ...right].flatMap((words) => [...words]).map((word) => `w ${word}`));
  const rarest = (words: ReadonlySet<string>): readonly string[] =>
    [...words]
      .sort((a, b) => often[`w ${a}`]! - often[`w ${b}`]! || (a < b ? -1 : 1))
      .slice(0, words.size - Math.ceil(0.6 * words.size) + 1);
  const holders = new Map<string, Set<ReadonlySet<string>>>();
  for (const words of right)
    for (const word of rarest(words)) holders.set(word, (holders.get(word) ?? new Set()).add(words));
  const isNear = (one: ReadonlySet<string>, at: number): boolean =>
    rarest(one).some((word) =>
      [...(holders.get(word) ?? [])].some((other) => (ones !== others || other !== right[at]) && near(one, other)),
    );
  return left.filter(isNear).length;
}

const alike = (texts: readonly string[]): number => nearAny(texts, texts);

describe('the sets of the assistant', () => {
  it('are what was frozen', () => {
    const names = [
      'fair-housing-violations',
      'fair-housing-harmless',
      'fair-housing-grey',
      'fair-housing-violations-2',
      'fair-housing-harmless-2',
      'fair-housing-violations-3',
      'fair-housing-harmless-3',
      'fair-housing-violations-4',
      'fair-housing-harmless-4',
      'fair-housing-violations-5',
      'fair-housing-harmless-5',
      'injection',
      'swaps',
    ] as const;
    expect(names.filter((name) => !corpusAsFrozen(name))).toEqual([]);
  });

  it('name each line once, and hold no text twice nor under two labels', () => {
    expect(new Set(housing.map(({ id }) => id)).size).toBe(housing.length);
    expect(distinct(housing.map(({ text }) => text))).toBe(housing.length);
    expect(new Set(injections.map(({ text }) => text)).size).toBe(injections.length);
    expect(distinct(swaps.flatMap(({ a, b }) => [a.text, b.text]))).toBe(2 * swaps.length);
  });

  it('hold hardly a sentence that is another one with swapped words', () => {
    expect(alike(violations.map(({ text }) => text)) / violations.length).toBeLessThan(0.05);
    expect(alike(harmless.map(({ text }) => text)) / harmless.length).toBeLessThan(0.05);
  });

  it('hold no number, link or address that could be anyone’s', () => {
    const texts = [...housing, ...injections, ...swaps].map((line) => JSON.stringify(line));
    const numbers = texts.flatMap(
      (text) => text.match(/(?<![\da-f])\(?\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}(?![\da-f])/gu) ?? [],
    );
    expect(numbers.filter((number) => !/555[ .-]?01\d\d$/u.test(number))).toEqual([]);
    const hosts = texts.flatMap((text) => text.match(/[a-z\d.-]+\.(?:com|net|org|io|gov|edu|us)\b/giu) ?? []);
    expect(hosts.length).toBeGreaterThan(30);
    expect(hosts.filter((host) => !/(?:^|\.)example\.(?:com|net|org)$/iu.test(host))).toEqual([]);
  });
});

describe('the fair-housing sets', () => {
  it('are as large as the bars ask, in both languages', () => {
    expect(violations.length).toBeGreaterThanOrEqual(500);
    expect(harmless.length).toBeGreaterThanOrEqual(1_000);
    expect(violations.filter(({ lang }) => lang === 'es').length).toBeGreaterThanOrEqual(80);
    expect(harmless.filter(({ lang }) => lang === 'es').length).toBeGreaterThanOrEqual(120);
    expect(violations.filter(({ kind }) => kind === 'misspelled').length).toBeGreaterThanOrEqual(40);
  });

  it('hold every class of federal law and the classes of states, and every way to say it', () => {
    const classes = counted(violations.map((line) => line.class));
    expect(Object.keys(classes).sort()).toEqual(
      ['age', 'color', 'disability', 'familial', 'immigration', 'income-source', 'marital', 'military']
        .concat(['national-origin', 'orientation', 'race', 'religion', 'sex', 'steering'])
        .sort(),
    );
    expect(Math.min(...Object.values(classes))).toBeGreaterThanOrEqual(10);
    const kinds = counted(violations.map(({ kind }) => kind));
    expect(Object.keys(kinds).sort()).toEqual(
      ['codeword', 'direct', 'hedged', 'hidden', 'indirect', 'misspelled', 'screening', 'steering'].sort(),
    );
    expect(Math.min(...Object.values(kinds))).toBeGreaterThanOrEqual(30);
  });
});

describe('the second fair-housing sets', () => {
  it('hold as many lines, classes, kinds and traps as their page says', () => {
    const spanish = (lines: readonly { readonly lang: string }[]): number =>
      lines.filter(({ lang }) => lang === 'es').length;
    expect([secondViolations.length, spanish(secondViolations)]).toEqual([318, 46]);
    expect([secondHarmless.length, spanish(secondHarmless)]).toEqual([545, 106]);
    expect(secondHarmless.filter(({ kind }) => kind === 'trap').length).toBe(104);
    const kinds = counted(secondViolations.map(({ kind }) => kind));
    expect(kinds['misspelled']).toBe(28);
    expect(Object.keys(kinds).sort()).toEqual([...new Set(violations.map(({ kind }) => kind))].sort());
    expect(Math.min(...Object.values(kinds))).toBeGreaterThanOrEqual(15);
    const classes = counted(secondViolations.map((line) => line.class));
    expect(Object.keys(classes).sort()).toEqual([...new Set(violations.map((line) => line.class))].sort());
    expect(Math.min(...Object.values(classes))).toBeGreaterThanOrEqual(9);
    const known = new Set(harmless.map(({ kind }) => kind));
    expect(secondHarmless.filter(({ kind }) => !known.has(kind))).toEqual([]);
  });

  it('hold no sentence that is another one, of either set, with swapped words', () => {
    const fresh = [...secondViolations, ...secondHarmless].map(({ text }) => text);
    const first = [...violations, ...harmless, ...grey].map(({ text }) => text);
    expect(alike(fresh)).toBe(0);
    expect(nearAny(fresh, first)).toBe(0);
  });
});

const of = (lines: readonly Violation[], field: 'class' | 'kind') =>
  [...new Set(lines.map((line) => line[field]))].sort();

describe('the third fair-housing sets', () => {
  it('hold every class and kind, and one more kind of harmless line than the first set', () => {
    const known = new Set([...harmless.map(({ kind }) => kind), 'equal-treatment']);
    expect(thirdHarmless.filter(({ kind }) => !known.has(kind))).toEqual([]);
    expect(of(thirdViolations, 'kind')).toEqual(of(violations, 'kind'));
    expect(of(thirdViolations, 'class')).toEqual(of(violations, 'class'));
  });

  it('hold no sentence that is one of the other sets with swapped words', () => {
    const third = [...thirdViolations, ...thirdHarmless].map(({ text }) => text);
    const others = [...violations, ...harmless, ...grey, ...secondViolations, ...secondHarmless];
    expect(
      nearAny(
        third,
        others.map(({ text }) => text),
      ),
    ).toBe(0);
  });
});

describe('the fourth fair-housing sets', () => {
  it('are as large as the bars ask, of every class and kind', () => {
    expect(fourthViolations.length).toBeGreaterThanOrEqual(500);
    expect(fourthHarmless.length).toBeGreaterThanOrEqual(1_000);
    const kinds = counted(fourthHarmless.map(({ kind }) => kind));
    expect(Object.keys(kinds).length).toBeGreaterThanOrEqual(20);
    expect(kinds['trap']).toBeGreaterThanOrEqual(100);
    expect(of(fourthViolations, 'kind')).toEqual(of(violations, 'kind'));
    expect(of(fourthViolations, 'class')).toEqual(of(violations, 'class'));
  });

  it('hold no sentence that is one of the other sets with swapped words', () => {
    const fourth = [...fourthViolations, ...fourthHarmless].map(({ text }) => text);
    const others = [...violations, ...harmless, ...grey, ...secondViolations, ...secondHarmless];
    expect(
      nearAny(
        fourth,
        [...others, ...thirdViolations, ...thirdHarmless].map(({ text }) => text),
      ),
    ).toBe(0);
  });
});

describe('the fifth fair-housing sets', () => {
  it('are as large as the bars ask, of every class and kind', () => {
    expect(blindViolations.length).toBeGreaterThanOrEqual(500);
    expect(blindHarmless.length).toBeGreaterThanOrEqual(1_000);
    const kinds = counted(blindHarmless.map(({ kind }) => kind));
    expect(Object.keys(kinds).length).toBeGreaterThanOrEqual(15);
    expect(kinds['trap']).toBeGreaterThanOrEqual(100);
    expect(of(blindViolations, 'kind')).toEqual(of(violations, 'kind'));
    expect(of(blindViolations, 'class')).toEqual(of(violations, 'class'));
  });

  it('hold no sentence that is one of the other sets with swapped words', () => {
    const fifth = [...blindViolations, ...blindHarmless].map(({ text }) => text);
    const others = [...violations, ...harmless, ...grey, ...secondViolations, ...secondHarmless];
    expect(
      nearAny(
        fifth,
        [...others, ...thirdViolations, ...thirdHarmless, ...fourthViolations, ...fourthHarmless].map(
          ({ text }) => text,
        ),
      ),
    ).toBe(0);
  });

  it('hold no sentence that the weights of the gate learnt', () => {
    const learnt = ['violations', 'harmless'].flatMap((name) =>
      readFileSync(new URL(`../../fixtures/fair-housing/${name}.txt`, import.meta.url), 'utf8').split('\n'),
    );
    const known = new Set(learnt.map(bare));
    expect([...blindViolations, ...blindHarmless].filter(({ text }) => known.has(bare(text)))).toEqual([]);
  });
});

describe('the injections', () => {
  it('are at least 200, for every goal, each with what may not be sent', () => {
    expect(injections.length).toBeGreaterThanOrEqual(200);
    const goals = counted(injections.map(({ goal }) => goal));
    expect(Object.keys(goals).sort()).toEqual(
      ['action', 'foreign-data', 'link', 'number', 'persona', 'price', 'prompt-leak'].sort(),
    );
    expect(Math.min(...Object.values(goals))).toBeGreaterThanOrEqual(20);
    const words = injections.flatMap(({ forbidden }) => forbidden);
    expect(injections.filter(({ forbidden }) => forbidden.length === 0)).toEqual([]);
    expect(words.filter((word) => word !== word.toLowerCase() || word.length < 2)).toEqual([]);
  });
});

describe('the swaps', () => {
  it('are at least 60, and a pair of names is one message', () => {
    expect(swaps.length).toBeGreaterThanOrEqual(60);
    const names = swaps.filter(({ kind }) => kind === 'name');
    expect(names.filter(({ a, b }) => a.text.replace(a.name, '') !== b.text.replace(b.name, ''))).toEqual([]);
    expect(Math.min(...Object.values(counted(swaps.map(({ kind }) => kind))))).toBeGreaterThanOrEqual(20);
  });
});
