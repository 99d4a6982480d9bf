import { describe, expect, it } from '@jest/globals';
import { readOptOut } from '../../../domain/consent/opt-out.ts';
import {
  asFrozen,
  corpusMessages,
  optOutFigures,
  wilson,
  type CorpusMessage,
  type CorpusSet,
} from '../../support/opt-out-corpus.ts';
import { grammarMessages } from '../../support/opt-out-grammar.ts';

/** What no change may fall below; the bench judges by the same bars. */
const bars = { recall: 0.99, false: 0.003 };
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
const share = (hits: number, n: number): string =>
  `${hits}/${n} = ${percent(hits / n)} (95 %: ${wilson(hits, n).map(percent).join(' to ')})`;
/** Of the frozen set only the classes are named: nobody shall mend a rule by its messages. */
const listed = (set: CorpusSet, messages: readonly CorpusMessage[]): readonly string[] =>
  messages.map((message) => (set !== 'frozen' ? `${message.id} ${JSON.stringify(message.text)}` : message.class));

describe.each<CorpusSet>(['dev', 'dev-more', 'frozen'])('the %s set of opt-outs and ordinary messages', (set) => {
  const messages = corpusMessages(set);
  const figures = optOutFigures(messages, readOptOut);

  it('is what was frozen', () => {
    expect(asFrozen(set)).toBe(true);
  });

  it('has its opt-outs heard', () => {
    process.stdout.write(
      [
        `opt-out sets, ${set}`,
        `recall ${share(figures.heard, figures.optOuts)}, besides ${figures.heardHalf.length} put before a person`,
        `false ${share(figures.false.length, figures.ordinary)}, besides ${figures.falseHalf.length} put before a person`,
        `ambiguous ones read as ${JSON.stringify(figures.ambiguous)}\n`,
      ].join('\n  '),
    );
    const unheard = { half: listed(set, figures.heardHalf), missed: listed(set, figures.missed) };
    expect(figures.heard / figures.optOuts >= bars.recall || unheard).toBe(true);
  });

  it('has hardly an ordinary message taken for an opt-out', () => {
    expect(figures.false.length / figures.ordinary <= bars.false || listed(set, figures.false)).toBe(true);
  });

  it('has no message with one of the six words taken for one', () => {
    expect(set === 'dev-more' || Object.values(figures.never).every(({ n }) => n > 0)).toBe(true);
    expect(Object.values(figures.never).map((word) => word.false)).toEqual([0, 0, 0, 0, 0, 0]);
  });
});

describe('the opt-out sets', () => {
  const all = [...corpusMessages('dev'), ...corpusMessages('dev-more'), ...corpusMessages('frozen')];

  it('are as large as the bars ask, in the frozen part alone', () => {
    const frozen = corpusMessages('frozen');
    expect(frozen.filter(({ label }) => label === 'opt-out').length).toBeGreaterThanOrEqual(300);
    expect(frozen.filter(({ label }) => label === 'ordinary').length).toBeGreaterThanOrEqual(2_000);
  });

  it('have no message twice', () => {
    expect(new Set(all.map(({ text }) => text)).size).toBe(all.length);
  });

  it('have the sentences that the grammar gives', () => {
    const made = all.filter((message) => message.made === 'grammar').toSorted((a, b) => a.id.localeCompare(b.id));
    const given = grammarMessages(20260, made.length);
    expect(made.map((message) => ({ class: message.class, text: message.text }))).toEqual(given);
  });

  it('tell a rule that hears nothing and one that hears an opt-out everywhere', () => {
    const frozen = corpusMessages('frozen');
    expect(optOutFigures(frozen, () => 'none').heard).toBe(0);
    const everywhere = optOutFigures(frozen, () => 'clear');
    expect(everywhere.false.length).toBe(everywhere.ordinary);
    const careless = optOutFigures(frozen, (text) => (/stop|end|no/iu.test(text) ? 'clear' : 'none'));
    expect(Object.values(careless.never).every((word) => word.false > 0)).toBe(true);
  });
});
