import { setImmediate as turn } from 'node:timers/promises';
import { isAppError } from '../domain/errors.ts';
import type { FieldValue } from '../domain/leads/contact.ts';
import type { Crm } from '../domain/ports/crm.ts';
import type { ScoreModel } from '../domain/ports/score-model.ts';
import type { Asked, Given, Known, KnownLead, Rescored, ScoreStore } from '../domain/ports/scores.ts';
import type { Features } from '../domain/scoring/features.ts';
import { traceOf } from '../domain/scoring/features/lead-features.ts';
import { plainName } from '../domain/scoring/features/registry.ts';
import { scorecardFeatures } from '../domain/scoring/features/scorecard-features.ts';
import type { Score } from '../domain/scoring/score.ts';
import { fallbackName, scoreOfFeatures } from '../domain/scoring/scorecard.ts';
import { storedFacts } from '../domain/scoring/stored-facts.ts';
import { packed, traceSet, unpackedAt } from '../domain/scoring/vector.ts';
import { abstaining, spokenByRules } from '../domain/scoring/voice.ts';
import { ask, type OwnAnswers } from './ask-own-model.ts';
import type { Explain } from './explanations.ts';
import type { OwnModels } from './own-models.ts';

/** What scores are made with. */
export interface ScoringDeps {
  readonly scores: ScoreStore;
  readonly own: OwnModels;
  /** The rules. */
  readonly model: ScoreModel;
  readonly crm: Pick<Crm, 'fieldIds'>;
  /** Explanations as they are worked out and kept. */
  readonly explained: Explain;
}

/** A score, and what of it is stored. */
export function givenBy(
  score: Score,
  modelHash: string | null,
  asOf: string,
  vector: Float32Array,
  scoredAt = asOf,
): Given {
  const { value, probability, confidence, tier, model } = score;
  if (probability === undefined) {
    return { score, kept: { value, confidence, tier, model, scoredAt, modelHash, asOf, vector } };
  }
  return { score, kept: { value, probability, confidence, tier, model, scoredAt, modelHash, asOf, vector } };
}

/** Places of features in the values that are stored with a score. */
const rulesPlaces = scorecardFeatures.map(({ name, version }) => {
  return [name, traceSet.features.indexOf(`${name}@${version}`)] as const;
});
/** Of the price of homes viewed, and of the budget. */
const budgetPlaces = ['viewedPrice', 'budget'].map((name) =>
  traceSet.features.findIndex((feature) => plainName(feature) === name),
);

/** A lead as it is stored, and its score now. */
export interface Looked {
  readonly lead: KnownLead;
  readonly given: Given;
  /** Null: a vector from before, or one that may not be used again. */
  readonly vector: Rescored['vector'];
  /** The team's own fields could not be read. */
  readonly blind: boolean;
}

/** Scores leads by what is stored of them. */
export async function look(
  deps: ScoringDeps,
  locationId: string,
  contactIds: readonly string[],
  asked: Asked,
  inItsPlace: StandIn,
): Promise<{ readonly known: Known; readonly given: ReadonlyMap<string, Looked> }> {
  const known = await deps.scores.known(locationId, contactIds, asked);
  const fieldIds = await fieldIdsFor(deps, locationId, known);
  const told = known.leads.map((lead) => toldOf(lead, known, fieldIds, asked.asOf));
  const answers = await answersOf(deps, locationId, known.modelHash, told, inItsPlace);
  const { scores, modelHash } = await scoresOf(deps, known.modelHash, told, answers, asked.reasons ?? false);
  const given = new Map<string, Looked>();
  known.leads.forEach((lead, i) => {
    const { vector, asOf, blind } = told[i]!;
    given.set(lead.contactId, {
      lead,
      given: givenBy(scores[i]!, modelHash, asOf, vector, asked.asOf),
      vector: lead.cached === null && !blind ? { asOf, vector } : null,
      blind,
    });
  });
  return { known, given };
}

interface Told {
  readonly vector: Float32Array;
  readonly asOf: string;
  readonly blind: boolean;
}

function toldOf(
  { cached, history, fields }: KnownLead,
  { settings }: Known,
  fieldIds: Readonly<Record<string, string>> | null,
  asOf: string,
): Told {
  if (cached !== null) return { vector: cached.vector, asOf: cached.asOf, blind: false };
  const values = fields ?? {};
  const blind = fieldIds === null && hasAny(values);
  const facts = storedFacts(history!, asOf, fieldIds === null ? null : { values, fieldIds, settings });
  return { vector: packed(traceOf(facts, history!)), asOf, blind };
}

function hasAny(fields: Readonly<Record<string, FieldValue>>): boolean {
  return Object.keys(fields).length > 0;
}

/** Which field of the CRM is which; asked only where a lead has fields. Null: the CRM does not say just now. */
async function fieldIdsFor(
  { crm }: ScoringDeps,
  locationId: string,
  { leads }: Known,
): Promise<Readonly<Record<string, string>> | null> {
  if (!leads.some(({ fields }) => fields !== null && hasAny(fields))) return {};
  try {
    return await crm.fieldIds(locationId);
  } catch {
    return null;
  }
}

/** When the rules speak in the place of a location's own model: whatever befell it, or only if its file cannot be used. */
type StandIn = 'always' | 'damaged';

/** What the location's own model says. Null: it has none, or the rules stand in. */
async function answersOf(
  deps: ScoringDeps,
  locationId: string,
  modelHash: string | null,
  told: readonly Told[],
  inItsPlace: StandIn,
): Promise<OwnAnswers | null> {
  if (modelHash === null) return null;
  try {
    const own = await deps.own.ready(locationId, modelHash);
    if (own === null) return null;
    return await ask(
      own,
      told.map(({ vector }) => vector),
    );
  } catch (error) {
    if (isAppError(error) && (inItsPlace === 'always' || error.code === 'MODEL_DAMAGED')) return null;
    throw error;
  }
}

async function scoresOf(
  { model, explained }: ScoringDeps,
  modelHash: string | null,
  told: readonly Told[],
  answers: OwnAnswers | null,
  reasons: boolean,
): Promise<{ readonly scores: readonly Score[]; readonly modelHash: string | null }> {
  if (answers === null) {
    const name = modelHash === null ? model.name : fallbackName;
    return { scores: told.map(({ vector }) => byRules(vector, name)), modelHash: null };
  }
  if (!reasons) return { scores: answers.scores.map((score) => abstaining(score, [])), modelHash };
  const scores: Score[] = [];
  for (const [i] of answers.scores.entries()) {
    // Reasons of one lead take some milliseconds; in between others have their turn.
    if (i > 0) await turn();
    scores.push(explained(answers.own.modelHash, answers.own.voice, answers.answered(i)));
  }
  return { scores, modelHash };
}

function byRules(vector: Float32Array, model: string): Score {
  const features = Object.fromEntries(rulesPlaces.map(([name, place]) => [name, unpackedAt(vector, place)]));
  const [viewed, budget] = budgetPlaces.map((place) => !Number.isNaN(vector[place]!));
  return spokenByRules({ ...scoreOfFeatures(features as Features), model }, viewed === true && budget === false);
}
