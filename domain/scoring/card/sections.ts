import { proxyAlarm } from '../judge/proxy-test.ts';
import { fourFifths, verdictOn } from '../judge/selection-rates.ts';
import type { Card, Evaluation } from './card.ts';
import { reliabilityPicture } from './reliability-picture.ts';
import { accuracyClaim, frameOf, percent, plain, range, whole, windowText } from './words.ts';

/** A card in words, the same for every way of writing it down. Texts are plain: whoever writes them down escapes them. */
export interface Section {
  readonly title: string;
  readonly blocks: readonly Block[];
}

export type Block =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table';
      readonly caption: string;
      readonly head: readonly string[];
      readonly rows: readonly (readonly string[])[];
    }
  /** Safe SVG of our own; the table that follows says the same. */
  | { readonly kind: 'picture'; readonly svg: string };

export function cardSections(card: Card): readonly Section[] {
  return [
    { title: 'What it is', blocks: [table('The model', ['', ''], identity(card))] },
    { title: 'What it learnt from', blocks: [table('Rows', ['', 'n'], rowsOf(card)), featuresTable(card)] },
    ...(card.refused.length === 0 ? [] : [{ title: 'What it was refused', blocks: [refusedTable(card)] }]),
    ...card.evaluations.map((evaluation, i) => ({
      title: `How good it is: ${evaluation.method}`,
      blocks: evaluationBlocks(card, evaluation, i),
    })),
    { title: 'Fairness', blocks: fairnessBlocks(card) },
    { title: 'Limits', blocks: [{ kind: 'list', items: card.limits }] },
    {
      title: 'Hashes',
      blocks: [table('SHA-256, and the version of the code', ['of', ''], Object.entries(card.hashes))],
    },
  ];
}

function table(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): Block {
  return { kind: 'table', caption, head, rows };
}

function identity(card: Card): string[][] {
  const learners = { trees: 'boosted trees', logistic: 'logistic regression (the fallback)' };
  const { column, positive } = card.label;
  return [
    ['predicts', positive === null ? `the value of ${column}` : `the chance that ${column} is ${positive}`],
    ['decides at', card.decisionStage],
    ['learner', learners[card.learner]],
    ['trained', card.trainedAt ?? 'unknown'],
    ['rows from', windowText(card.window)],
    ['seed', String(card.seed)],
  ];
}

function rowsOf({ rows }: Card): string[][] {
  return [
    ['read', whole(rows.read)],
    ...rows.dropped.map(({ reason, n }) => [`dropped: ${reason}`, whole(n)]),
    ['used', whole(rows.used)],
    ...(rows.positives === null ? [] : [['positive', whole(rows.positives)]]),
    ...(rows.groups === null ? [] : [['independent groups', whole(rows.groups)]]),
  ];
}

function featuresTable({ features }: Card): Block {
  return table(
    'Features',
    ['name', 'type', 'known at'],
    features.map(({ name, type, knownAt }) => [name, type, knownAt]),
  );
}

function refusedTable({ refused }: Card): Block {
  const rows = refused.map(({ name, why, won }) => {
    const leak = won === null ? 'not measured' : `${won.figure} ${plain(won.without)} would read ${plain(won.with)}`;
    return [name, why, leak];
  });
  return table('Columns the model may not use', ['name', 'why', 'what it would have "won"'], rows);
}

function evaluationBlocks(card: Card, evaluation: Evaluation, index: number): Block[] {
  const { baseRate, n, window, figures, selective, reliability, slices } = evaluation;
  const stage = card.decisionStage;
  const frame = card.task === 'classify' ? frameOf({ baseRate, n, window, stage }) : framed(evaluation, stage);
  const blocks: Block[] = [
    table(
      `Figures (${frame})`,
      ['figure', 'value', '95 % interval', 'spread between folds'],
      figures.map(({ name, value, interval, spread }) => [
        figureNames[name] ?? name,
        plain(value),
        range(interval),
        spread === null ? '' : plain(spread),
      ]),
    ),
  ];
  if (selective.length > 0) {
    const items = selective.map((one) => accuracyClaim({ ...one, baseRate, n, window, stage }));
    const text = 'It can decide a part of the leads, the surest, and abstain on all others:';
    blocks.push({ kind: 'text', text });
    blocks.push({ kind: 'list', items });
  }
  if (reliability.length > 0) {
    blocks.push({ kind: 'picture', svg: reliabilityPicture(reliability, `reliability-${index}`) });
    blocks.push(reliabilityTable(reliability));
  }
  if (slices.length > 0) blocks.push(slicesTable(slices));
  return blocks;
}

function framed({ n, window }: Evaluation, stage: string): string {
  return `n ${whole(n)}, window ${windowText(window)}, stage ${stage}`;
}

function reliabilityTable(bins: Evaluation['reliability']): Block {
  const rows = bins.map(({ from, to, n, predicted, observed, interval }) => [
    `${percent(from, 0)} to ${percent(to, 0)}`,
    whole(n),
    percent(predicted),
    percent(observed),
    range(interval, percent),
  ]);
  return table('Reliability', ['said between', 'n', 'said on average', 'came true', '95 % interval'], rows);
}

function slicesTable(slices: Evaluation['slices']): Block {
  const names = [...new Set(slices.flatMap(({ figures }) => figures.map(({ name }) => name)))];
  const rows = slices.map(({ column, level, n, figures }) => [
    `${column}: ${level}`,
    whole(n),
    ...names.map((name) => {
      const figure = figures.find((one) => one.name === name);
      if (figure === undefined) return '';
      return figure.interval === null ? plain(figure.value) : `${plain(figure.value)} (${range(figure.interval)})`;
    }),
  ]);
  return table('Parts of the data', ['part', 'n', ...names.map((name) => figureNames[name] ?? name)], rows);
}

function fairnessBlocks({ fairness: { proxies, selection } }: Card): Block[] {
  if (proxies.length === 0 && selection.length === 0) {
    return [{ kind: 'text', text: 'Not measured: the data holds no column to compare people by.' }];
  }
  const told = proxies.map(({ column, levels, auc, verdict }) => {
    const best = levels[0];
    const of = best === undefined ? 'no level with enough rows' : `${best.level} (n ${whole(best.n)})`;
    return [column, of, plain(auc), range(best?.interval ?? null), verdict];
  });
  const rates = selection.flatMap(({ column, groups }) =>
    groups.map(({ level, n, rate, interval, ratio, ratioInterval }) => [
      `${column}: ${level}`,
      whole(n),
      `${percent(rate)} (${range(interval, percent)})`,
      ratioInterval === null ? plain(ratio) : `${plain(ratio)} (${range(ratioInterval)})`,
      verdictOn(ratio),
    ]),
  );
  const proxyHead = ['barred column', 'level told best', 'AUC', '95 % interval', `verdict (alarm above ${proxyAlarm})`];
  const rateHead = ['group', 'n', 'put on top', 'ratio to the highest', `verdict (alarm below ${fourFifths})`];
  return [
    ...(told.length === 0 ? [] : [table('How well the features tell what they must not', proxyHead, told)]),
    ...(rates.length === 0 ? [] : [table('Who is put on top', rateHead, rates)]),
  ];
}

const figureNames: Readonly<Record<string, string>> = {
  auc: 'AUC',
  averagePrecision: 'average precision',
  logLoss: 'log loss (nats)',
  brier: 'Brier score',
  ece: 'calibration error (ECE)',
  liftTopDecile: 'lift of the top tenth',
  accuracy: 'share decided rightly, yes from even odds up',
  baseRate: 'base rate',
  mdape: 'median error (MdAPE)',
  mape: 'mean error (MAPE)',
  rmse: 'RMSE',
  r2: 'R²',
  within10: 'within 10 %',
  within20: 'within 20 %',
  cod: 'dispersion (COD)',
  coverage90: 'values inside the 90 % range',
};
