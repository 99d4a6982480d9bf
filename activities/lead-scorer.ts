import { setImmediate as turn } from 'node:timers/promises';
import { isAppError } from '../domain/errors.ts';
import type { FieldValue } from '../domain/leads/contact.ts';
import type { Crm } from '../domain/ports/crm.ts';
import type { ScoreModel } from '../domain/ports/score-model.ts';
import type { Asked, Given, Known, KnownLead, LeadScorer, Rescored, ScoreStore } from '../domain/ports/scores.ts';
import type { Features } from '../domain/scoring/features.ts';
import { traceOf } from '../domain/scoring/features/lead-features.ts';
import { type LeadHistory, seenAt, withNews } from '../domain/scoring/features/lead-history.ts';
import { plainName } from '../domain/scoring/features/registry.ts';
import { scorecardFeatures } from '../domain/scoring/features/scorecard-features.ts';
import { pastScore } from '../domain/scoring/past-score.ts';
import type { Score, ScoreFacts, ScoreTrace } from '../domain/scoring/score.ts';
import { fallbackName, scoreByRules, scoreOfFeatures } from '../domain/scoring/scorecard.ts';
import { storedFacts, withBehaviour } from '../domain/scoring/stored-facts.ts';
import { packed, traceSet, unpackedAt } from '../domain/scoring/vector.ts';
import { abstaining, budgetTells, spokenByRules } from '../domain/scoring/voice.ts';
import { ask, type OwnAnswers } from './ask-own-model.ts';
import { createExplanations, type Explain } from './explanations.ts';
import { inTime } from './in-time.ts';
import { movedLeads } from './moved-leads.ts';
import type { OwnModels } from './own-models.ts';

/** What a lead's event waits for its location's own model; a process that hangs is found out much later than the event's level may end. */
export const ANSWER_MS = 800;

export interface ScorerDeps {
  readonly scores: ScoreStore;
  readonly own: OwnModels;
  /** The rules. */
  readonly model: ScoreModel;
  readonly crm: Pick<Crm, 'fieldIds'>;
  /** Absent: `ANSWER_MS`. */
  readonly answerMs?: number;
}

type Deps = ScorerDeps & { readonly explained: Explain };

/**
 * See `LeadScorer`.
 * @param explained  explanations as they are worked out and kept
 */
export function createLeadScorer(given: ScorerDeps, explained: Explain = createExplanations()): LeadScorer {
  const deps: Deps = { ...given, explained };
  return {
    one: (ref, facts, news) => one(deps, ref, facts, news),
    async stored(locationId, contactIds, asked) {
      const { given } = await look(deps, locationId, contactIds, asked, 'always');
      return contactIds.map((contactId) => given.get(contactId)?.given ?? null);
    },
    rescore: (locationId, contactIds, asked, hand) => rescore(deps, locationId, contactIds, asked, hand),
    explain: (locationId, trace) => explain(deps, locationId, trace),
  };
}

async function one(
  deps: Deps,
  { locationId, contactId }: Parameters<LeadScorer['one']>[0],
  told: ScoreFacts,
  { createdAt, ...news }: Parameters<LeadScorer['one']>[2],
): Promise<Given> {
  const known = await deps.scores.known(locationId, [contactId], { asOf: told.asOf, fresh: true });
  const history = withNews(known.leads[0]?.history ?? unheardOf(createdAt), news);
  const facts = withBehaviour(told, seenAt(history, told.asOf));
  const vector = packed(traceOf(facts, history));
  const speaks =
    known.modelHash === null ? allLeadsWord(deps, facts) : ownWord(deps, locationId, known.modelHash, vector);
  const { score, modelHash } = (await inTime(deps.answerMs ?? ANSWER_MS, speaks)) ?? {
    score: ruled(scoreByRules(facts), facts),
    modelHash: null,
  };
  return givenBy(score, modelHash, facts.asOf, vector);
}

interface Word {
  readonly score: Score;
  readonly modelHash: string | null;
}

async function allLeadsWord({ model }: ScorerDeps, facts: ScoreFacts): Promise<Word> {
  const [score] = await model.score([facts]);
  if (score === undefined) throw new Error('the rules answered no score');
  return { score: ruled(score, facts), modelHash: null };
}

function ruled(score: Score, facts: ScoreFacts): Score {
  return spokenByRules(score, budgetTells(facts));
}

/** Null: its file cannot be used. */
async function ownWord(
  { own, explained }: Deps,
  locationId: string,
  modelHash: string,
  vector: Float32Array,
): Promise<Word | null> {
  const ready = await own.ready(locationId, modelHash);
  if (ready === null) return null;
  const { answered } = await ask(ready, [vector]);
  return { score: explained(modelHash, ready.voice, answered(0)), modelHash };
}

/** A lead that comes with this very event. */
function unheardOf(createdAt: string): LeadHistory {
  const since = { site: null, emails: null, appointments: null, matches: null };
  return {
    createdAt,
    source: null,
    answers: {},
    messages: [],
    behaviour: [],
    emails: [],
    appointments: [],
    matches: [],
    deals: [],
    since,
  };
}

function givenBy(score: Score, modelHash: string | null, asOf: string, vector: Float32Array, scoredAt = asOf): Given {
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

interface Looked {
  readonly lead: KnownLead;
  readonly given: Given;
  /** Null: a vector from before, or one that may not be used again. */
  readonly vector: Rescored['vector'];
  /** The team's own fields could not be read. */
  readonly blind: boolean;
}

async function look(
  deps: Deps,
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
  { crm }: ScorerDeps,
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
  deps: ScorerDeps,
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
  { model, explained }: Deps,
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

async function rescore(
  deps: Deps,
  locationId: string,
  contactIds: readonly string[],
  asked: Asked,
  hand: NonNullable<Parameters<LeadScorer['rescore']>[3]> = (moved) => Promise.resolve(moved.length),
): ReturnType<LeadScorer['rescore']> {
  const { known, given } = await look(deps, locationId, contactIds, asked, 'damaged');
  const looked = [...given.values()];
  const moved = await movedLeads(deps, locationId, looked.filter(changes), known.settings.customFields.score);
  const handed = moved.length === 0 ? 0 : await hand(moved.map(({ lead }) => lead.contactId));
  const stopped = moved[handed];
  const done = new Set(stopped === undefined ? looked : looked.slice(0, looked.indexOf(stopped)));
  const left = new Set(moved);
  const rescored = looked.flatMap((one): Rescored[] => {
    const stored = done.has(one) && !left.has(one) && changes(one);
    const score = stored ? { ...one.given.kept, ...parts(one.given.score) } : null;
    if (score === null && one.vector === null) return [];
    return [{ contactId: one.lead.contactId, news: one.lead.news, score, vector: one.vector }];
  });
  const changed = await deps.scores.keep(locationId, rescored, known.settingsVersion);
  return { scored: done.size, changed, handed, stoppedAt: stopped?.lead.contactId ?? null };
}

/** What is stored of a score besides what it is kept with. */
function parts({ baseline, reasons, unsure }: Score): Pick<Score, 'baseline' | 'reasons' | 'unsure'> {
  return { baseline, reasons, ...(unsure === undefined ? {} : { unsure }) };
}

/** Without the team's own fields a lead may only look colder than it is. */
function changes({ lead: { last }, given: { score }, blind }: Looked): boolean {
  if (last === null) return true;
  if (blind && score.value < last.value) return false;
  return (['value', 'confidence', 'tier', 'model'] as const).some((key) => last[key] !== score[key]);
}

async function explain(deps: Deps, locationId: string, trace: ScoreTrace): Promise<Score> {
  const { modelHash } = trace;
  if (modelHash === null) return pastScore(trace, null);
  const spoke = await deps.own.voice(locationId, modelHash);
  if (spoke === null) throw new RangeError(`the file of ${trace.model} cannot be used`);
  return pastScore(trace, spoke, (voice, answered) => deps.explained(modelHash, voice, answered));
}
