import { type Asked, askedOf } from './answers.ts';
import { standpointOf } from './cold-start.ts';
import { leadFeatures } from './features/lead-features.ts';
import { signatureOf } from './features/registry.ts';
import { type Answered, type LeadModel, scoreByModel, scoreLogOdds, type Weights, weightsOf } from './model-score.ts';
import { type OpenQuestion, questionsWorth, rulesQuestions } from './question.ts';
import { withReasons } from './reasons.ts';
import type { Score, ScoreFacts } from './score.ts';
import { featuresOf } from './trainer/encoder.ts';

/** A trained model made ready to speak: what is worked out once for it, and not for each lead. */
export interface Voice {
  readonly model: LeadModel;
  readonly weights: Weights;
  readonly askable: readonly Asked[];
  /** `name@version` of all that it looks at. */
  readonly features: readonly string[];
}

export function voiceOf(model: LeadModel): Voice {
  const askable = signatureOf(leadFeatures.filter(({ words }) => words.ask !== undefined));
  return {
    model,
    weights: weightsOf(model),
    askable: askable.map((feature) => askedOf(model.trees, model.encoder, feature)),
    features: [...new Set(model.encoder.columns.flatMap(featuresOf))],
  };
}

/** The score alone, for many leads at once: what the model file answered is a margin for each. */
export function scoreBy({ model, weights }: Voice, answered: Answered): Score {
  return scoreByModel(model, answered, weights);
}

/** The score with its reasons and, where it cannot tell, the question worth asking; it takes some hundreds of times as long as the score. */
export function spokenBy(voice: Voice, answered: Answered): Score {
  const { model, askable } = voice;
  const score = withReasons(model, answered, scoreBy(voice, answered));
  const logOdds = (margin: number): number => scoreLogOdds(model, margin);
  return abstaining(score, questionsWorth(model.trees, model.encoder, answered.lead, { ask: askable, logOdds }));
}

/**
 * The same of a score by the rules, whoever worked it out.
 * @param budgetTells see `rulesQuestions`
 */
export function spokenByRules(score: Score, budgetTells: boolean): Score {
  return abstaining(score, rulesQuestions(score, budgetTells));
}

/** Whether the answer to the price range would tell the rules anything. */
export function budgetTells({ budget, viewedPrices }: Pick<ScoreFacts, 'budget' | 'viewedPrices'>): boolean {
  return budget === undefined && (viewedPrices ?? []).some((price) => price > 0);
}

/** Says so where it cannot tell. Without questions it does where too little is known, and no question is named. */
export function abstaining(score: Score, questions: readonly OpenQuestion[]): Score {
  const { tells, ask } = standpointOf(score, questions);
  return tells ? score : { ...score, unsure: { ask: ask?.question ?? null } };
}
