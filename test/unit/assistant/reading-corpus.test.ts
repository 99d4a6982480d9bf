import { describe, expect, it } from '@jest/globals';
import { intents } from '../../../domain/assistant/understood.ts';
import { readOptOut } from '../../../domain/consent/opt-out.ts';
import { kindOf, readingAsFrozen, readingCorpus } from '../../support/reading-corpus.ts';

describe('the labelled messages', () => {
  const corpus = readingCorpus();
  const ofIntent = (intent: string) => corpus.filter((label) => label.intent === intent).length;

  it('are what was frozen', () => {
    expect(readingAsFrozen()).toBe(true);
  });

  it('are many of each intent, and many in Spanish', () => {
    expect(corpus).toHaveLength(364);
    expect(intents.map((intent) => [intent, ofIntent(intent)])).toEqual([
      ['buy', 83],
      ['sell', 62],
      ['viewing', 55],
      ['question', 57],
      ['greeting', 42],
      ['unknown', 65],
    ]);
    expect(corpus.filter((label) => kindOf(label).language === 'es').length).toBe(72);
    expect(corpus.filter((label) => kindOf(label).language === 'mixed').length).toBe(14);
  });

  it('differ from each other, by id and by words', () => {
    expect(new Set(corpus.map(({ id }) => id)).size).toBe(corpus.length);
    expect(new Set(corpus.map(({ text, asked }) => JSON.stringify([text.trim().toLowerCase(), asked]))).size).toBe(
      corpus.length,
    );
  });

  it('choose among times that were offered, and only there', () => {
    const wrong = corpus.filter(({ facts, offered }) => {
      const keys = ['none', ...(offered ?? []).map(({ key }) => key)];
      return facts.slot === undefined ? offered !== undefined : offered === undefined || !keys.includes(facts.slot);
    });
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  it('tell the state of a home and what shall become of it of sellers alone', () => {
    const wrong = corpus.filter(
      ({ intent, asked, facts }) =>
        (facts.condition !== undefined && intent !== 'sell' && asked !== 'condition') ||
        (facts.pathway !== undefined && intent !== 'sell'),
    );
    expect(wrong.map(({ id }) => id)).toEqual([]);
  });

  it('have no opt-out among them', () => {
    expect(corpus.filter(({ text }) => readOptOut(text) === 'clear').map(({ id }) => id)).toEqual([]);
  });

  it('name no real number and no real address of mail', () => {
    const phones = corpus.flatMap(({ text }) => text.match(/\b(?:\d{3}[-. ])?\d{3}[-. ]\d{4}\b/gu) ?? []);
    const mails = corpus.flatMap(({ text }) => text.match(/[\w.]+@[\w.]*\w/gu) ?? []);
    expect(phones.length).toBeGreaterThan(0);
    expect(phones.filter((phone) => !/\b555[-. ]/u.test(phone))).toEqual([]);
    expect(mails.filter((mail) => !mail.endsWith('@example.com'))).toEqual([]);
  });
});
