import type { Asked, Given, LeadScorer, Rescored } from '../domain/ports/scores.ts';
import { traceOf } from '../domain/scoring/features/lead-features.ts';
import { type LeadHistory, seenAt, withNews } from '../domain/scoring/features/lead-history.ts';
import { pastScore } from '../domain/scoring/past-score.ts';
import type { Score, ScoreFacts, ScoreTrace } from '../domain/scoring/score.ts';
import { scoreByRules } from '../domain/scoring/scorecard.ts';
import { withBehaviour } from '../domain/scoring/stored-facts.ts';
import { packed } from '../domain/scoring/vector.ts';
import { budgetTells, spokenByRules } from '../domain/scoring/voice.ts';
import { ask } from './ask-own-model.ts';
import { createExplanations, type Explain } from './explanations.ts';
import { inTime } from './in-time.ts';
import { movedLeads } from './moved-leads.ts';
import { givenBy, look, type Looked, type ScoringDeps } from './score-stored.ts';

/** What a lead's event waits for its location's own model; a process that hangs is found out much later than the event's level may end. */
export const ANSWER_MS = 800;

export interface ScorerDeps extends Omit<ScoringDeps, 'explained'> {
  /** Absent: `ANSWER_MS`. */
  readonly answerMs?: number;
}

type Deps = ScorerDeps & ScoringDeps;

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

async function allLeadsWord({ model }: Deps, facts: ScoreFacts): Promise<Word> {
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
