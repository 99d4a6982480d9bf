import { setImmediate as turn } from 'node:timers/promises';
import { isAppError } from '../domain/errors.ts';
import type { FieldValue } from '../domain/leads/contact.ts';
import type { Crm } from '../domain/ports/crm.ts';
import type { ScoreModel } from '../domain/ports/score-model.ts';
import type { Asked, Given, Known, KnownLead, LeadScorer, Rescored, ScoreStore } from '../domain/ports/scores.ts';
import { standpointOf } from '../domain/scoring/cold-start.ts';
import type { Features } from '../domain/scoring/features.ts';
import { traceOf } from '../domain/scoring/features/lead-features.ts';
import { type LeadHistory, withNews } from '../domain/scoring/features/lead-history.ts';
import type { FeatureValue } from '../domain/scoring/features/registry.ts';
import { scorecardFeatures } from '../domain/scoring/features/scorecard-features.ts';
import type { Answered } from '../domain/scoring/model-score.ts';
import { pastScore } from '../domain/scoring/past-score.ts';
import { withReasons } from '../domain/scoring/reasons.ts';
import type { Score, ScoreFacts, ScoreTrace } from '../domain/scoring/score.ts';
import { fallbackName, scoreOfFeatures } from '../domain/scoring/scorecard.ts';
import { storedFacts } from '../domain/scoring/stored-facts.ts';
import { packed, unpacked } from '../domain/scoring/vector.ts';
import { scoreBy, type Spoken, spokenBy, spokenByRules } from '../domain/scoring/voice.ts';
import { ask, placeOf } from './ask-own-model.ts';
import { inTime } from './in-time.ts';
import type { OwnModels, OwnVoice } from './own-models.ts';

export interface ScorerDeps {
  readonly scores: ScoreStore;
  readonly own: OwnModels;
  /** The rules. */
  readonly model: ScoreModel;
  readonly crm: Pick<Crm, 'fieldIds'>;
}

/** See `LeadScorer`. */
export function createLeadScorer(deps: ScorerDeps): LeadScorer {
  return {
    one: (ref, facts, news) => one(deps, ref, facts, news),
    async stored(locationId, contactIds, asked) {
      const { given } = await look(deps, locationId, contactIds, asked, 'always');
      return contactIds.map((contactId) => given.get(contactId)?.given ?? null);
    },
    rescore: (locationId, contactIds, asked, beforeStored) =>
      rescore(deps, locationId, contactIds, asked, beforeStored),
    explain: (locationId, trace) => explain(deps, locationId, trace),
  };
}

async function one(
  deps: ScorerDeps,
  { locationId, contactId }: Parameters<LeadScorer['one']>[0],
  facts: ScoreFacts,
  { createdAt, ...news }: Parameters<LeadScorer['one']>[2],
): Promise<Given> {
  const known = await deps.scores.known(locationId, [contactId], { asOf: facts.asOf, fresh: true });
  const stored = known.leads[0]?.history ?? unheardOf(createdAt);
  const values = traceOf(facts, withNews(stored, news));
  const speaks =
    known.modelHash === null ? allLeadsWord(deps, facts) : ownWord(deps, locationId, known.modelHash, values);
  const { score, standpoint, modelHash } = (await inTime(speaks)) ?? { ...spokenByRules(facts), modelHash: null };
  return givenBy({ ...score, ...unsure(standpoint) }, modelHash, facts.asOf, packed(values));
}

type Word = Pick<Spoken, 'score' | 'standpoint'> & { readonly modelHash: string | null };

async function allLeadsWord({ model }: ScorerDeps, facts: ScoreFacts): Promise<Word> {
  const [score] = await model.score([facts]);
  if (score === undefined) throw new Error('the rules answered no score');
  return { score, standpoint: spokenByRules(facts).standpoint, modelHash: null };
}

/** Null: its file cannot be used. */
async function ownWord(
  { own }: ScorerDeps,
  locationId: string,
  modelHash: string,
  values: readonly FeatureValue[],
): Promise<Word | null> {
  const ready = await own.ready(locationId, modelHash);
  if (ready === null) return null;
  const [answered] = await ask(ready, [values]);
  return { ...spokenBy(ready.voice, answered!), modelHash };
}

function unsure({ tells, ask: worth }: Spoken['standpoint']): Pick<Score, 'unsure'> {
  return tells ? {} : { unsure: { ask: worth?.question ?? null } };
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
  const said = { value, ...(probability === undefined ? {} : { probability }), confidence, tier, model };
  return { score, kept: { ...said, scoredAt, modelHash, asOf, vector } };
}

/** Places of features in the values that are stored with a score. */
const rulesPlaces = scorecardFeatures.map(({ name, version }) => [name, placeOf.get(`${name}@${version}`)!] as const);

interface Looked {
  readonly lead: KnownLead;
  readonly given: Given;
  /** Null: a vector from before, or one that may not be used again. */
  readonly vector: Rescored['vector'];
  /** The team's own fields could not be read. */
  readonly blind: boolean;
}

async function look(
  deps: ScorerDeps,
  locationId: string,
  contactIds: readonly string[],
  asked: Asked,
  inItsPlace: StandIn,
): Promise<{ readonly known: Known; readonly given: ReadonlyMap<string, Looked> }> {
  const known = await deps.scores.known(locationId, contactIds, asked);
  const fieldIds = await fieldIdsFor(deps, locationId, known);
  const told = known.leads.map((lead) => toldOf(lead, known, fieldIds, asked.asOf));
  const answers = await answersOf(deps, locationId, known.modelHash, told, inItsPlace);
  const scores = await scoresOf(deps, known.modelHash, told, answers, asked.reasons ?? false);
  const given = new Map<string, Looked>();
  known.leads.forEach((lead, i) => {
    const { vector, asOf, blind } = told[i]!;
    const { score, modelHash } = scores[i]!;
    const reusable = lead.cached === null && !blind ? { asOf, vector } : null;
    given.set(lead.contactId, {
      lead,
      given: givenBy(score, modelHash, asOf, vector, asked.asOf),
      vector: reusable,
      blind,
    });
  });
  return { known, given };
}

interface Told {
  readonly values: readonly FeatureValue[];
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
  if (cached !== null)
    return { values: unpacked(cached.vector), vector: cached.vector, asOf: cached.asOf, blind: false };
  const values = fields ?? {};
  const blind = fieldIds === null && hasAny(values);
  const facts = storedFacts(history!, asOf, fieldIds === null ? null : { values, fieldIds, settings });
  const traced = traceOf(facts, history!);
  return { values: traced, vector: packed(traced), asOf, blind };
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
): Promise<Answers | null> {
  if (modelHash === null) return null;
  try {
    const own = await deps.own.ready(locationId, modelHash);
    if (own === null) return null;
    const rows = await ask(
      own,
      told.map(({ values }) => values),
    );
    return { own, rows };
  } catch (error) {
    if (isAppError(error) && (inItsPlace === 'always' || error.code === 'MODEL_DAMAGED')) return null;
    throw error;
  }
}

interface Answers {
  readonly own: OwnVoice;
  readonly rows: readonly Answered[];
}

/** Reasons of one lead take some milliseconds; after so many leads others have their turn. */
const LEADS_A_TURN = 4;

async function scoresOf(
  { model }: ScorerDeps,
  modelHash: string | null,
  told: readonly Told[],
  answers: Answers | null,
  reasons: boolean,
): Promise<readonly { readonly score: Score; readonly modelHash: string | null }[]> {
  if (answers === null) {
    const name = modelHash === null ? model.name : fallbackName;
    return told.map(({ values }) => ({ score: { ...byRules(values), model: name }, modelHash: null }));
  }
  const { voice } = answers.own;
  const scores = answers.rows.map((answered) => scoreBy(voice, answered));
  if (!reasons) return scores.map((score) => ({ score, modelHash }));
  const explained: { score: Score; modelHash: string | null }[] = [];
  for (const [i, score] of scores.entries()) {
    if (i % LEADS_A_TURN === LEADS_A_TURN - 1) await turn();
    explained.push({ score: withReasons(voice.model, answers.rows[i]!, score), modelHash });
  }
  return explained;
}

function byRules(values: readonly FeatureValue[]): Score {
  return scoreOfFeatures(Object.fromEntries(rulesPlaces.map(([name, place]) => [name, values[place]])) as Features);
}

async function rescore(
  deps: ScorerDeps,
  locationId: string,
  contactIds: readonly string[],
  asked: Asked,
  beforeStored: NonNullable<Parameters<LeadScorer['rescore']>[3]> = () => Promise.resolve(),
): ReturnType<LeadScorer['rescore']> {
  const { known, given } = await look(deps, locationId, contactIds, asked, 'damaged');
  const looked = [...given.values()];
  const moved = looked.filter((one) => one.lead.active && changes(one) && one.lead.last?.tier !== one.given.score.tier);
  const left = new Set(moved);
  const rescored = looked.flatMap((one): Rescored[] => {
    const score = changes(one) && !left.has(one) ? { ...one.given.kept, ...parts(one.given.score) } : null;
    if (score === null && one.vector === null) return [];
    return [{ contactId: one.lead.contactId, news: one.lead.news, score, vector: one.vector }];
  });
  await beforeStored(moved.map(({ lead }) => lead.contactId));
  const changed = await deps.scores.keep(locationId, rescored, known.settingsVersion);
  return { scored: looked.length, changed };
}

/** A pass looks for no question worth asking, but says where too little is known. */
function parts(score: Score): Pick<Score, 'baseline' | 'reasons' | 'unsure'> {
  const { baseline, reasons } = score;
  return { baseline, reasons, ...unsure(standpointOf(score, [])) };
}

/** Without the team's own fields a lead may only look colder than it is. */
function changes({ lead: { last }, given: { score }, blind }: Looked): boolean {
  if (last === null) return true;
  if (blind && score.value < last.value) return false;
  return (['value', 'confidence', 'tier', 'model'] as const).some((key) => last[key] !== score[key]);
}

async function explain(deps: ScorerDeps, locationId: string, trace: ScoreTrace): Promise<Score> {
  if (trace.modelHash === null) return pastScore(trace, null);
  const own = await deps.own.ready(locationId, trace.modelHash).catch((error: unknown) => {
    if (isAppError(error) && error.code === 'SCORING_LOST') return null;
    throw error;
  });
  if (own === null) throw new RangeError(`the file of ${trace.model} cannot be used`);
  return pastScore(trace, own.voice);
}
