import { understoodByRules } from '../../domain/assistant/reading/by-rules.ts';
import { intents, type Intent, type Understood } from '../../domain/assistant/understood.ts';
import { wilson } from '../support/opt-out-corpus.ts';
import { createRandom } from '../support/random.ts';
import { kindOf, readingCorpus } from '../support/reading-corpus.ts';
import { f1ByIntent, readingScore, type ReadingLabel, type ReadingScore } from '../support/reading-score.ts';
import type { AssistantPart } from './assistant-part.ts';
import { keywordReader } from './assistant-reading-baseline.ts';
import type { Table } from './report.ts';

type Reader = (label: ReadingLabel) => Understood;
type Pair = readonly [wanted: Intent, got: Intent];

const RESAMPLES = 2000;
const byRules: Reader = ({ text, asked, offered }) => understoodByRules(text, { asked, offered });

/** How well rules alone read the messages that were labelled and frozen before them, and how much better than a list of keywords. */
export function assistantReading(): AssistantPart {
  const corpus = readingCorpus();
  const pairs = corpus.map((label): Pair => [label.intent, byRules(label).intent]);
  const score = readingScore(corpus, byRules);
  const plain = readingScore(corpus, keywordReader);
  const precision = share(score.precision);
  const controls = {
    'keywords-intent': ['F1 of intents by keywords', 'intentMacroF1', score.macroF1, plain.macroF1],
    'keywords-facts': ['precision of facts by keywords', 'factPrecision', precision, share(plain.precision)],
  } as const;
  return {
    metrics: {},
    targets: [
      { metric: 'intentMacroF1', min: 0.85, value: thousandths(score.macroF1), pass: score.macroF1 >= 0.85 },
      { metric: 'factPrecision', min: 0.95, value: thousandths(precision), pass: precision >= 0.95 },
    ],
    control: Object.fromEntries(
      Object.entries(controls).map(([name, [what, metric, normal, value]]) => [
        name,
        { what, metric, normal: thousandths(normal), value: thousandths(value), worse: value < normal },
      ]),
    ),
    tables: [intentTable(pairs, score), factTable(score), kindTable(corpus)],
    parts: {
      reading: {
        messages: corpus.length,
        macroF1: { value: thousandths(score.macroF1), between: bootstrap(pairs) },
        precision: { value: thousandths(precision), between: interval(right(score), score.read) },
        recall: { value: thousandths(share(score.recall)), between: interval(right(score), score.labelled) },
      },
    },
  };
}

function intentTable(pairs: readonly Pair[], { f1 }: ReadingScore): Table {
  const rows = intents.map((intent) => {
    const labelled = pairs.filter(([wanted]) => wanted === intent);
    const read = pairs.filter(([, got]) => got === intent);
    const both = labelled.filter(([, got]) => got === intent).length;
    return [
      ...[intent, labelled.length, read.length],
      ...[cell(both, read.length), cell(both, labelled.length), thousandths(f1[intent] ?? 0)],
    ];
  });
  return {
    title: 'Intents read by rules alone (95 % by Wilson)',
    head: ['intent', 'labelled', 'read', 'precision', 'recall', 'F1'],
    rows,
  };
}

function factTable(score: ReadingScore): Table {
  const rows = Object.entries(score.byField)
    .toSorted(([one], [other]) => one.localeCompare(other))
    .map(([field, count]) => [
      ...[field, count.labelled, count.read],
      ...[cell(count.right, count.read), cell(count.right, count.labelled)],
    ]);
  const all = [score.labelled, score.read, cell(right(score), score.read), cell(right(score), score.labelled)];
  return {
    title: 'Facts read by rules alone (95 % by Wilson)',
    head: ['fact', 'labelled', 'read', 'precision', 'recall'],
    rows: [...rows, ['all', ...all]],
  };
}

/** Which messages are read worse than others: by language, and by how they are written. */
function kindTable(corpus: readonly ReadingLabel[]): Table {
  const groups = (label: ReadingLabel) => Object.values(kindOf(label));
  const rows = [...new Set(corpus.flatMap(groups))].map((group) => {
    const labels = corpus.filter((label) => groups(label).includes(group));
    const score = readingScore(labels, byRules);
    const hits = labels.filter((label) => byRules(label).intent === label.intent).length;
    return [group, labels.length, cell(hits, labels.length), cell(right(score), score.read)];
  });
  return {
    title: 'Messages read by rules alone, by language and kind',
    head: ['messages', 'n', 'intent right', 'fact precision'],
    rows,
  };
}

/** 95 % interval of the macro F1 over messages drawn again, with replacement and a seed. */
function bootstrap(pairs: readonly Pair[]): readonly [number, number] {
  const random = createRandom(20_261_129);
  const drawn = Array.from({ length: RESAMPLES }, () => {
    const again = pairs.map(() => random.pick(pairs));
    const scores = Object.values(f1ByIntent(again));
    return scores.reduce((all, one) => all + one, 0) / scores.length;
  }).toSorted((one, other) => one - other);
  return [thousandths(drawn[Math.floor(0.025 * RESAMPLES)]!), thousandths(drawn[Math.ceil(0.975 * RESAMPLES) - 1]!)];
}

function right({ byField }: ReadingScore): number {
  return Object.values(byField).reduce((all, one) => all + one.right, 0);
}

function cell(hits: number, n: number): string {
  if (n === 0) return '–';
  const [low, high] = interval(hits, n);
  return `${hits}/${n} ${thousandths(hits / n)} (${low}–${high})`;
}

function interval(hits: number, n: number): readonly [number, number] {
  if (n === 0) return [0, 1];
  const [low, high] = wilson(hits, n);
  return [thousandths(low), thousandths(high)];
}

/** Nothing read at all is no precision of 1: it fails the bar. */
function share(value: number | null): number {
  return value ?? 0;
}

function thousandths(value: number): number {
  return Math.round(value * 1000) / 1000;
}
