import type { Trial } from '../cold-start.ts';
import type { IngestReport } from '../data/ingest-report.ts';
import type { ExampleCounts } from '../lead-examples.ts';
import { matureAfterDays } from '../lead-model.ts';
import type { Card, Evaluation } from './card.ts';
import { whole } from './words.ts';

/** What became of a team's leads, as a file's rows are told of. */
export function leadsReport({ leads, censored, closed, unusable }: ExampleCounts): IngestReport {
  const dropped = [
    { why: `their ${matureAfterDays} days are not over`, count: censored },
    { why: 'their deal was closed before the age at which they were to be looked at', count: closed },
    { why: 'their history is too long to be read', count: unusable },
  ];
  return {
    read: leads + censored + closed + unusable,
    kept: leads,
    columnsIgnored: [],
    notes: dropped.flatMap(({ why, count }) =>
      count === 0 ? [] : [{ what: 'dropped' as const, why, count, lines: [] }],
    ),
  };
}

/** The card of a team's own model: what the trainer says of it, its trial on later leads, and what its history cannot tell. */
export function ownCard(
  card: Card,
  {
    counts,
    trial,
    triedFrom,
    blind,
  }: {
    readonly counts: ExampleCounts;
    readonly trial: Trial | null;
    /** The day on which the leads of the trial begin. */
    readonly triedFrom: string | null;
    readonly blind: boolean;
  },
): Card {
  const tried = trial === null || triedFrom === null ? [] : [trialEvaluation(trial, triedFrom, card)];
  return {
    ...card,
    evaluations: [...card.evaluations, ...tried],
    limits: [...card.limits, ...limitsOf(counts, blind)],
  };
}

function trialEvaluation(trial: Trial, from: string, { window }: Card): Evaluation {
  const { leads, won, logLoss, gain } = trial;
  const figure = (name: string, value: number, interval: Evaluation['figures'][number]['interval'] = null) => ({
    ...{ name, value, interval, spread: null },
  });
  return {
    method: 'a trial on later leads, by a model that learned only from those whose outcome was known before',
    window: window && { from, to: window.to },
    n: leads,
    baseRate: won / leads,
    figures: [
      figure('logLoss', logLoss.model),
      figure('log loss of the rules', logLoss.rules),
      figure('log loss of the base rate', logLoss.baseRate),
      figure('gain over the rules', logLoss.rules - logLoss.model, gain.overRules),
      figure('gain over the base rate', logLoss.baseRate - logLoss.model, gain.overBaseRate),
    ],
    ...{ selective: [], reliability: [], slices: [] },
  };
}

function limitsOf({ leads, reread }: ExampleCounts, blind: boolean): string[] {
  const late =
    'What the site told late is in them as if it had been known at its own time, which flatters the model; the team’s fields, at which only the rules look, are those of today.';
  const unknown =
    'How they came, their appointments and their matches are not known of these, for only how that stands today is kept, and so are left out of all.';
  const read = `${whole(reread)} of its ${whole(leads)} leads were read again from their history, because no score was stored in the day before. ${unknown} ${late}`;
  const drawn =
    'Each lead was looked at once, at an age between an hour and 150 days that its id decides. The base rate is that of these ages, and not of the leads of one day; a lead older than that is judged as one of 150 days.';
  return [
    `Won means: the CRM told so within ${matureAfterDays} days. A sale that comes, or is told, later counts as none.`,
    drawn,
    ...(reread === 0 ? [] : [read]),
    ...(blind
      ? ['The CRM did not say which of its fields is which: in the trial the rules knew less than they do.']
      : []),
  ];
}
