import { limitsOf } from '../domain/assistant/limits.ts';
import type { RecordChange } from '../domain/crm/records.ts';
import type { Iso } from '../domain/glossary.ts';
import { admission } from '../domain/leads/admission.ts';
import type { AssistSituation } from '../domain/leads/assist.ts';
import { decide } from '../domain/leads/decide.ts';
import type { Decision } from '../domain/leads/decision.ts';
import { factsWithEvent, scoreThatStands } from '../domain/leads/score-facts.ts';
import type { KeptWishes, Standing } from '../domain/ports/leads.ts';
import type { KeptScore } from '../domain/ports/scores.ts';
import type { ScoreFacts } from '../domain/scoring/score.ts';
import { isStale } from '../domain/webhooks/freshness.ts';
import { type CaseFile, type Findings, valueOr } from './case-file.ts';
import type { Deps } from './deps.ts';
import { matchListings, wishChange, wishesToKeep } from './match-listings.ts';
import { optional, runLevel } from './run-level.ts';
import { scoreEvent } from './score-event.ts';

/** What level 3 comes to, before anything is written. */
export async function judge(
  deps: Pick<Deps, 'bench' | 'measure' | 'times' | 'scorer' | 'assistant'> & Partial<Pick<Deps, 'matcher'>>,
  file: CaseFile,
  standing: Standing,
  found: Findings,
  now: Iso,
): Promise<{
  readonly decision: Decision;
  readonly facts: ScoreFacts;
  readonly kept: KeptScore | null;
  readonly wishes: KeptWishes | undefined;
}> {
  const { enrolments, sequences, began, talk: record, available, news } = standing;
  const { talk, reading, qualification, snapshot, crmFacts } = found;
  const { timezone, status, parked } = file.location;
  const facts = factsWithEvent(standing.facts, { event: file.event, qualification, snapshot, talk, crm: crmFacts });
  const change = wishChange(file, found);
  const { score, matches } = await runLevel(deps, 'decide', {
    score: optional(deps.times.score, async () => (isQuiet(file.event) ? null : scoreEvent(deps, file, found, facts))),
    matches: optional(deps.times.match, () => matchListings(deps.matcher, file, change)),
  });
  const given = valueOr(file, 'score', score, null);
  const matched = valueOr(file, 'listing-matches', matches, null);
  const decision = decide({
    now,
    event: file.event,
    stale: isStale(file.event.occurredAt, file.takenUpAt),
    lead: file.lead,
    snapshot,
    recordChange: changeOf(file),
    reading,
    qualification,
    score: scoreThatStands(given?.score ?? null, file.lead.score, file.absent),
    absent: file.absent,
    settings: file.location.settings,
    ...{ enrolments, sequences, began, talk: record, available, news },
    unsubscribed: standing.unsubscribed,
    assistant: assistantOf(deps, file, standing),
    team: { ...standing.team, zone: timezone, held: status !== 'active' || parked !== null },
  });
  return {
    ...{ decision, facts, kept: decision.score === null ? null : (given?.kept ?? null) },
    wishes: wishesToKeep(file, decision.deletedAt, change, matched),
  };
}

/** News of the market is nothing that the lead did, and changes nothing of how it is judged. */
export function isQuiet({ kind }: CaseFile['event']): boolean {
  return kind === 'market.alert';
}

/** Whether there is an assistant for this lead, and what it owes. */
function assistantOf(
  { assistant }: Pick<Deps, 'assistant'>,
  { location }: CaseFile,
  { assist }: Standing,
): AssistSituation {
  return { present: assistant.present && limitsOf(location.settings) !== null, ...assist };
}

/** What an event changes of a record of the CRM; null where it carries none. */
export function changeOf(file: CaseFile): RecordChange | null {
  const admitted = admission(file);
  return admitted.work ? admitted.change : null;
}
