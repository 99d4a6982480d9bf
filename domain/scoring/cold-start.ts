import { type Interval, intervals } from './judge/intervals.ts';
import { wordsFor } from './reasons.ts';
import type { Score } from './score.ts';
import { fallbackName, logOddsOf } from './scorecard.ts';
import type { OpenQuestion } from './question.ts';
import { calibrated, fitCalibrator } from './trainer/calibrate.ts';
import type { Groups } from './trainer/groups.ts';

/**
 * From when on a team's own leads may train a model: a thousand whose outcome is known and 120 that were won, as Salesforce asks before it
 * leaves its own global model. With fewer won leads than about three for each feature trees learn the few by heart. These counts only open
 * the trial; whether the model speaks is decided by how it does on later leads.
 */
const fewest = { leads: 1_000, won: 120, wonInTrial: 30 } as const;

/** How a model did on leads that came after all those it learned from, beside the rules and beside saying the base rate of everybody. */
export interface Trial {
  readonly leads: number;
  readonly won: number;
  /** Mean log loss in nats; lower is better. */
  readonly logLoss: Readonly<Record<'model' | 'rules' | 'baseRate', number>>;
  /** By how much the model's loss is lower, with 95 % intervals; null: too few leads to tell. */
  readonly gain: Readonly<Record<'overRules' | 'overBaseRate', Interval | null>>;
}

/** Leads before a day and leads after it, each with its outcome (1: won) and the rules' log-odds. */
export interface TrialLeads {
  readonly before: { readonly labels: ArrayLike<number>; readonly rules: ArrayLike<number> };
  readonly after: {
    readonly labels: ArrayLike<number>;
    readonly rules: ArrayLike<number>;
    /** Probabilities by a model that saw only the leads before. */
    readonly model: ArrayLike<number>;
    /** Who belongs together, as one person's contacts do. */
    readonly groups?: Groups;
  };
}

/**
 * Compares on the same later leads. The rules give no probability, so they are given the fairest one: a line fitted to the leads before.
 * @throws RangeError when there is no lead before or after
 */
export function trialOf({ before, after }: TrialLeads, seed: number): Trial {
  const leads = after.labels.length;
  if (leads === 0 || before.labels.length === 0) throw new RangeError('a trial needs leads before it and in it');
  const won = sum(after.labels);
  // One lead more, half of it won: a base rate of 0 would be infinitely wrong once.
  const baseRate = (sum(before.labels) + 0.5) / (before.labels.length + 1);
  const calibrator = fitCalibrator(before.rules, before.labels);
  const losses = {
    model: lossesOf(after.labels, after.model),
    rules: lossesOf(
      after.labels,
      Float64Array.from(after.rules, (logOdds) => calibrated(calibrator, logOdds)),
    ),
    baseRate: lossesOf(after.labels, new Float64Array(leads).fill(baseRate)),
  };
  const figures = (weights: Float64Array): Record<'overRules' | 'overBaseRate', number | null> => ({
    overRules: meanGain(losses.rules, losses.model, weights),
    overBaseRate: meanGain(losses.baseRate, losses.model, weights),
  });
  const gain = intervals(leads, figures, {
    seed,
    draws: 400,
    ...(after.groups === undefined ? {} : { groups: after.groups }),
  });
  const mean = (of: Float64Array): number => sum(of) / leads;
  return {
    ...{ leads, won, gain },
    logLoss: { model: mean(losses.model), rules: mean(losses.rules), baseRate: mean(losses.baseRate) },
  };
}

/** What speaks for a team's own model. */
export interface Evidence {
  /** Leads with a matured outcome, and how many of them were won. */
  readonly leads: number;
  readonly won: number;
  /** Null: none was held yet. */
  readonly trial: Trial | null;
}

/** Who scores a team's leads, and why. `needs`: how many more leads and won ones open the trial. */
export type Speaker =
  | { readonly speaks: 'model'; readonly trial: Trial }
  | {
      readonly speaks: 'rules';
      readonly why:
        'too-few-leads' | 'not-tried' | 'too-few-won-in-trial' | 'no-better-than-base-rate' | 'no-better-than-rules';
      readonly needs?: { readonly leads: number; readonly won: number };
    };

/** The rules speak until the team's own model is better than they and than the base rate, beyond chance, on leads that came later. */
export function speakerFor({ leads, won, trial }: Evidence): Speaker {
  const needs = { leads: Math.max(0, fewest.leads - leads), won: Math.max(0, fewest.won - won) };
  if (needs.leads > 0 || needs.won > 0) return { speaks: 'rules', why: 'too-few-leads', needs };
  if (trial === null) return { speaks: 'rules', why: 'not-tried' };
  if (trial.won < fewest.wonInTrial) return { speaks: 'rules', why: 'too-few-won-in-trial' };
  if (!isGain(trial.gain.overBaseRate)) return { speaks: 'rules', why: 'no-better-than-base-rate' };
  if (!isGain(trial.gain.overRules)) return { speaks: 'rules', why: 'no-better-than-rules' };
  return { speaks: 'model', trial };
}

function isGain(gain: Interval | null): boolean {
  return gain !== null && gain.low > 0;
}

/** Can this score be trusted as it stands, and what is to be asked if not. */
export interface Standpoint {
  /** False: too little is known, or one answer would as likely as not make it another tier. */
  readonly tells: boolean;
  /** The question worth most; null: nothing that can be asked would change anything. */
  readonly ask: { readonly feature: string; readonly question: string; readonly moves: number } | null;
}

/** Abstains where less than half is sure, and where the answer to the best question would on average carry the score over a tier's bar. */
export function standpointOf(score: Score, questions: readonly OpenQuestion[]): Standpoint {
  const [best] = questions.flatMap(({ feature, moves }) => {
    const question = wordsFor(feature).ask;
    return question === undefined ? [] : [{ feature, question, moves }];
  });
  if (score.confidence < 0.5) return { tells: false, ask: best ?? null };
  return { tells: best === undefined || best.moves < toBar(score), ask: best ?? null };
}

/** How far the log-odds are from the nearest bar of a tier, where half or more is sure. */
function toBar(score: Score): number {
  const logOdds = logOddsOf(score);
  return Math.min(...[50, 70].map((bar) => Math.abs(logOdds - Math.log(bar / (100 - bar)))));
}

/**
 * Who speaks and how sure it is, for a page or a call: counts instead of digits that nobody can vouch for.
 * @param speaker who speaks for the location by now
 */
export function inWords(score: Score, speaker: Speaker): string {
  const who =
    score.probability === undefined
      ? `By the rules, not by your own results: ${Math.round(score.value)} of 100, ${score.tier}. ${rulesSpoke(score, speaker)}`
      : `By your team’s own closed leads: of leads like this ${oneIn(score.probability)} won.`;
  return score.unsure === undefined ? who : `${who} ${unsureInWords(score.unsure)}`;
}

/** `Not enough is known to tell; ask: How soon would you like to move?` */
export function unsureInWords({ ask }: NonNullable<Score['unsure']>): string {
  return `Not enough is known to tell${ask === null ? '.' : `; ask: ${ask}`}`;
}

function rulesSpoke({ model }: Score, speaker: Speaker): string {
  if (speaker.speaks === 'rules') return rulesBecause(speaker);
  return model === fallbackName
    ? 'Your own model could not be asked.'
    : 'Your own model did not speak when this was scored.';
}

/** Who speaks from now on and why, to whoever has just trained a model. */
export function speakerInWords(speaker: Speaker): string {
  if (speaker.speaks === 'rules') return rulesBecause(speaker);
  const { leads, won } = speaker.trial;
  return `On ${leads} later leads, ${won} of them won, your own model was better than the rules and than the base rate, beyond chance.`;
}

/** `about 1 in 5 is`, `about 7 in 10 are`. */
function oneIn(probability: number): string {
  if (probability >= 0.45) return `about ${Math.min(9, Math.round(probability * 10))} in 10 are`;
  return `about 1 in ${Math.round(1 / Math.max(probability, 0.001))} is`;
}

function rulesBecause({ why, needs }: Extract<Speaker, { speaks: 'rules' }>): string {
  switch (why) {
    case 'too-few-leads':
      return `A model of your own needs ${lacking(needs)} first.`;
    case 'not-tried':
      return 'A model of your own has not been tried yet.';
    case 'too-few-won-in-trial':
      return 'Too few leads were won since for a trial of your own model.';
    case 'no-better-than-base-rate':
    case 'no-better-than-rules':
      return 'Your own model has not been better on later leads so far.';
  }
}

function lacking(needs: { readonly leads: number; readonly won: number } = { leads: 0, won: 0 }): string {
  const leads = needs.leads > 0 ? [`${needs.leads} more leads with a known outcome`] : [];
  const won = needs.won > 0 ? [`${needs.won} more that were won`] : [];
  return [...leads, ...won].join(' and ');
}

function lossesOf(labels: ArrayLike<number>, probabilities: ArrayLike<number>): Float64Array {
  return Float64Array.from(labels, (label, i) => {
    const said = label === 1 ? probabilities[i]! : 1 - probabilities[i]!;
    return -Math.log(Math.max(1e-15, said));
  });
}

function meanGain(from: Float64Array, to: Float64Array, weights: Float64Array): number | null {
  const all = sum(weights);
  return all === 0 ? null : from.reduce((gain, loss, i) => gain + weights[i]! * (loss - to[i]!), 0) / all;
}

function sum(numbers: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < numbers.length; i += 1) total += numbers[i]!;
  return total;
}
