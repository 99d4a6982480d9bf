import { type Asked, askedOf } from './answers.ts';
import { type Standpoint, standpointOf } from './cold-start.ts';
import { leadFeatures } from './features/lead-features.ts';
import { signatureOf } from './features/registry.ts';
import { type Answered, type LeadModel, scoreByModel, scoreLogOdds, type Weights, weightsOf } from './model-score.ts';
import { questionsWorth, rulesQuestions } from './question.ts';
import { explain, type Explanation, withReasons } from './reasons.ts';
import type { Score, ScoreFacts } from './score.ts';
import { scoreByRules } from './scorecard.ts';

/** A trained model made ready to speak: what is worked out once for it, and not for each lead. */
export interface Voice {
  readonly model: LeadModel;
  readonly weights: Weights;
  readonly askable: readonly Asked[];
}

/** A score with all that can be said of it. */
export interface Spoken {
  readonly score: Score;
  readonly explanation: Explanation;
  readonly standpoint: Standpoint;
}

export function voiceOf(model: LeadModel): Voice {
  const askable = signatureOf(leadFeatures.filter(({ words }) => words.ask !== undefined));
  return {
    model,
    weights: weightsOf(model),
    askable: askable.map((feature) => askedOf(model.trees, model.encoder, feature)),
  };
}

/** The score alone, for many leads at once: what the model file answered is a margin for each. */
export function scoreBy({ model, weights }: Voice, answered: Answered): Score {
  return scoreByModel(model, answered, weights);
}

/** The score with its reasons and the question worth asking; it takes some hundreds of times as long as the score. */
export function spokenBy(voice: Voice, answered: Answered): Spoken {
  const { model, askable } = voice;
  const score = withReasons(model, answered, scoreBy(voice, answered));
  const logOdds = (margin: number): number => scoreLogOdds(model, margin);
  const questions = questionsWorth(model.trees, model.encoder, answered.lead, { ask: askable, logOdds });
  return { score, explanation: explain(score), standpoint: standpointOf(score, questions) };
}

/** The same by the rules. */
export function spokenByRules(facts: ScoreFacts): Spoken {
  const score = scoreByRules(facts);
  return { score, explanation: explain(score), standpoint: standpointOf(score, rulesQuestions(facts)) };
}
