import type { FieldValue } from '../domain/leads/contact.ts';
import type { Crm } from '../domain/ports/crm.ts';
import type { ScoreModel } from '../domain/ports/score-model.ts';
import type { Asked, Given, Known, KnownLead, LeadScorer, Rescored, ScoreStore } from '../domain/ports/scores.ts';
import type { Features } from '../domain/scoring/features.ts';
import { traceOf } from '../domain/scoring/features/lead-features.ts';
import { type LeadHistory, withNews } from '../domain/scoring/features/lead-history.ts';
import { type FeatureValue, plainName } from '../domain/scoring/features/registry.ts';
import { scorecardFeatures } from '../domain/scoring/features/scorecard-features.ts';
import type { Answered } from '../domain/scoring/model-score.ts';
import { pastScore } from '../domain/scoring/past-score.ts';
import { withReasons } from '../domain/scoring/reasons.ts';
import type { Score, ScoreFacts, ScoreTrace } from '../domain/scoring/score.ts';
import { fallbackName, scoreOfFeatures } from '../domain/scoring/scorecard.ts';
import { storedFacts } from '../domain/scoring/stored-facts.ts';
import type { RawColumn } from '../domain/scoring/table.ts';
import { encode } from '../domain/scoring/trainer/encoder.ts';
import { packed, traceSet, unpacked } from '../domain/scoring/vector.ts';
import { scoreBy, spokenBy, spokenByRules } from '../domain/scoring/voice.ts';
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
      const { given } = await look(deps, locationId, contactIds, asked);
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
  const own = known.modelHash === null ? null : await deps.own.ready(locationId, known.modelHash);
  if (own === null) {
    const [score] = await deps.model.score([facts]);
    if (score === undefined) throw new Error('the rules answered no score');
    const name = known.modelHash === null ? score.model : fallbackName;
    const { standpoint } = spokenByRules(facts);
    return givenBy({ ...score, model: name, ...unsure(standpoint) }, null, facts.asOf, packed(values));
  }
  const [answered] = await ask(own, [values]);
  const { score, standpoint } = spokenBy(own.voice, answered!);
  return givenBy({ ...score, ...unsure(standpoint) }, own.modelHash, facts.asOf, packed(values));
}

function unsure({ tells, ask: worth }: ReturnType<typeof spokenByRules>['standpoint']): Pick<Score, 'unsure'> {
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
const placeOf = new Map(traceSet.features.map((feature, i) => [feature, i]));
const rulesPlaces = scorecardFeatures.map(({ name, version }) => [name, placeOf.get(`${name}@${version}`)!] as const);

async function ask(own: OwnVoice, many: readonly (readonly FeatureValue[])[]): Promise<readonly Answered[]> {
  const places = own.features.map((feature) => {
    const place = placeOf.get(feature);
    if (place === undefined) throw new RangeError(`the stored facts lack ${plainName(feature)}, as ${feature}`);
    return [feature, place] as const;
  });
  const { margin } = await own.scorer.score(matrixOf(own, places, many), many.length);
  return many.map((values, row) => {
    const lead: Record<string, FeatureValue> = {};
    for (const [feature, place] of places) lead[feature] = values[place] ?? null;
    return { lead, margin: margin[row]! };
  });
}

/** Column by column, and then one lead after another, as the engine takes them. */
function matrixOf(
  { voice }: OwnVoice,
  places: readonly (readonly [string, number])[],
  many: readonly (readonly FeatureValue[])[],
): Float32Array {
  const raw = places.map(([feature, place]) => [feature, rawColumn(place, many)] as const);
  const columns = encode(voice.model.encoder, { rows: many.length, columns: Object.fromEntries(raw) });
  const matrix = new Float32Array(many.length * columns.length);
  columns.forEach((column, i) => {
    for (let row = 0; row < many.length; row += 1) matrix[row * columns.length + i] = column[row]!;
  });
  return matrix;
}

function rawColumn(place: number, many: readonly (readonly FeatureValue[])[]): RawColumn {
  if (traceSet.levels[place] === null) {
    return { kind: 'number', values: Float64Array.from(many, (values) => (values[place] ?? Number.NaN) as number) };
  }
  return { kind: 'category', values: many.map((values) => (values[place] ?? null) as string | null) };
}

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
): Promise<{ readonly known: Known; readonly given: ReadonlyMap<string, Looked> }> {
  const known = await deps.scores.known(locationId, contactIds, asked);
  const fieldIds = await fieldIdsFor(deps, locationId, known);
  const told = known.leads.map((lead) => toldOf(lead, known, fieldIds, asked.asOf));
  const scores = await scoresOf(deps, locationId, known.modelHash, told, asked.reasons ?? false);
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

async function scoresOf(
  deps: ScorerDeps,
  locationId: string,
  modelHash: string | null,
  told: readonly Told[],
  reasons: boolean,
): Promise<readonly { readonly score: Score; readonly modelHash: string | null }[]> {
  const own = modelHash === null ? null : await deps.own.ready(locationId, modelHash);
  if (own === null) {
    const name = modelHash === null ? deps.model.name : fallbackName;
    return told.map(({ values }) => ({ score: { ...byRules(values), model: name }, modelHash: null }));
  }
  const answers = await ask(
    own,
    told.map(({ values }) => values),
  );
  return answers.map((answered) => {
    const score = scoreBy(own.voice, answered);
    return { score: reasons ? withReasons(own.voice.model, answered, score) : score, modelHash: own.modelHash };
  });
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
  const { known, given } = await look(deps, locationId, contactIds, asked);
  const looked = [...given.values()];
  const rescored = looked.flatMap((one): Rescored[] => {
    const score = changes(one) ? { ...one.given.kept, ...parts(one.given.score) } : null;
    if (score === null && one.vector === null) return [];
    return [{ contactId: one.lead.contactId, news: one.lead.news, score, vector: one.vector }];
  });
  const moved = rescored.flatMap(({ contactId, score }) => {
    const { lead } = given.get(contactId)!;
    return score !== null && lead.active && lead.last?.tier !== score.tier ? [contactId] : [];
  });
  await beforeStored(moved);
  const changed = await deps.scores.keep(locationId, rescored, known.settingsVersion);
  return { scored: looked.length, changed };
}

function parts({ baseline, reasons }: Score): Pick<Score, 'baseline' | 'reasons'> {
  return { baseline, reasons };
}

/** Without the team's own fields a lead may only look colder than it is. */
function changes({ lead: { last }, given: { score }, blind }: Looked): boolean {
  if (last === null) return true;
  if (blind && score.value < last.value) return false;
  return (['value', 'confidence', 'tier', 'model'] as const).some((key) => last[key] !== score[key]);
}

async function explain(deps: ScorerDeps, locationId: string, trace: ScoreTrace): Promise<Score> {
  if (trace.modelHash === null) return pastScore(trace, null);
  const own = await deps.own.ready(locationId, trace.modelHash);
  if (own === null) throw new RangeError(`the file of ${trace.model} cannot be used`);
  return pastScore(trace, own.voice);
}
