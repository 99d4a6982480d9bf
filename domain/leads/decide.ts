import type { Tier } from '../glossary.ts';
import { consentEvents } from '../consent/consent-events.ts';
import { withAssignment } from '../crm/assignment.ts';
import { decideAssignment } from '../crm/assignment-decision.ts';
import { draftsFor } from '../crm/drafts.ts';
import type { CrmPlan } from '../crm/plan.ts';
import { planFor } from '../crm/plan-for.ts';
import { type RuleFacts, ruleFactsOf } from '../crm/rules.ts';
import { beginningHere } from '../follow-up/chosen.ts';
import { sequenceFactsOf, type TalkRecord } from '../follow-up/facts.ts';
import type { SequenceFacts } from '../follow-up/sequence.ts';
import { activation } from './activation.ts';
import type { Activation } from './activation.ts';
import { assistFor, looksFor } from './assist.ts';
import { beginnings } from './beginnings.ts';
import { consentNews } from './consent-news.ts';
import type { Decision, Situation } from './decision.ts';
import { deletedSince } from './deletion.ts';
import { endings, moves } from './endings.ts';
import type { Settled } from './endings.ts';
import { newsToDrop } from './listing-news.ts';
import { stageOf } from './qualify.ts';
import { stateAfterEvent } from './state-after.ts';
import { withoutOldTakeover } from './takeover.ts';
import { talkAfter } from './talk-after.ts';
import { tasksFor } from './tasks.ts';
import { timelineOf } from './timeline.ts';

/**
 * Level 3: what follows from one event, as plain data. Pure: the same situation gives the same decision.
 * What ends and what begins follows from the lead as it now is more than from the event, so that events which come late, twice or in
 * another order end in the same state.
 */
export function decide(situation: Situation): Decision {
  const { event, reading, settings, snapshot, qualification, score } = situation;
  const lead = withoutOldTakeover(situation.lead, settings.takeoverEndsAfter, situation.now);
  const deletedAt = deletedSince(situation);
  const gone = deletedAt !== null;
  const consent = consentNews(situation);
  const settled: Settled = {
    state: stateAfterEvent(lead, event, reading),
    stage: stageOf({
      gone,
      optedOut: consent.optedOut,
      heardFrom: lead.lastInboundAt !== null || event.kind === 'message.inbound',
      qualification,
      snapshot,
    }),
    active: gone ? contactGone : activation(snapshot?.tags, settings),
  };
  // A score that failed leaves the last one standing; the timeline says that it failed.
  const tier = score?.tier ?? lead.tier;
  const talk = talkAfter(situation);
  const facts = followUpFacts(situation, settled, tier, talk);
  const ended = endings(situation, settled, talk);
  const begun = beginnings(situation, { settled, tier, talk, facts, end: ended });
  const end = [...ended, ...begun.end];
  const drop = newsDropped(situation, settled, facts, talk);
  const assignment = decideAssignment(situation, settled, tier);
  const now = factsNow(situation, settled, tier);
  const plan = withAssignment(planOf(situation, settled, now), assignment?.row ?? situation.team.assignment);
  return {
    stage: settled.stage,
    tier,
    state: settled.state,
    active: settled.active,
    deletedAt,
    qualification,
    score,
    plan,
    assignment,
    enrol: begun.enrol,
    end,
    move: moves(situation, talk, end),
    ...(drop.length === 0 ? {} : { drop }),
    followUp: { facts, talk },
    tasks: [
      ...tasksFor(situation, settled, tier, begun.missed),
      ...looksFor(situation, settled),
      ...draftsFor(situation, settled, plan, { before: factsBefore(situation), now }),
    ],
    suppress: event.carrier === 'opt-out' ? [...new Set([...consent.suppress, 'sms' as const])] : consent.suppress,
    release: consent.release,
    doubt: consent.doubt,
    assist: assistFor(situation, settled, tier),
    link: linkUsed(event),
    unreachable: event.carrier === 'unreachable',
    absent: situation.absent,
    timeline: timelineOf(situation, settled, tier, begun, end, drop),
  };
}

/** News of homes that this lead is not told any more, as it is after this event. */
function newsDropped(situation: Situation, settled: Settled, facts: SequenceFacts, talk: TalkRecord) {
  const { news = [], settings, available, began, now } = situation;
  if (news.length === 0) return [];
  const sequences = beginningHere(situation.sequences, settings.sequences);
  return newsToDrop({ news, settled, market: settings.market, sequences, available, facts, talk, began }, now);
}

const contactGone: Activation = { yes: false, reason: 'the contact is deleted', by: 'unknown' };

/** Tier, score and answers are shown in the CRM while we may act, also while a person works the lead; not once the lead was stopped. */
function planOf(situation: Situation, { active, state, stage }: Settled, facts: RuleFacts): CrmPlan | null {
  if (!active.yes || state === 'stopped') return null;
  const { score, lead, settings, unsubscribed } = situation;
  const value = score?.value ?? lead.score?.value ?? null;
  return planFor({ tier: score?.tier ?? lead.tier, score: value, stage, facts, unsubscribed }, settings);
}

function linkUsed({ type }: Situation['event']): Decision['link'] {
  if (type === consentEvents.unsubscribed) return 'withdrawn';
  return type === consentEvents.resubscribed ? 'granted' : null;
}

/** What rules see before this event; null where we were not allowed to act. */
function factsBefore({ lead }: Situation): RuleFacts | null {
  if (lead.activatedAt === null) return null;
  const { qualification, snapshot, tier, stage, lastActivityAt } = lead;
  const lastEventAt = lastActivityAt ?? null;
  return ruleFactsOf({ qualification, snapshot, tier, score: lead.score?.value ?? null, stage, lastEventAt });
}

function factsNow(situation: Situation, settled: Settled, tier: Tier | null): RuleFacts {
  return ruleFactsOf(leadAfter(situation, settled, tier));
}

/** What branches and audiences of sequences look at. */
function followUpFacts(situation: Situation, settled: Settled, tier: Tier | null, talk: TalkRecord): SequenceFacts {
  const { createdAt } = situation.lead;
  return sequenceFactsOf({ ...leadAfter(situation, settled, tier), createdAt }, talk, situation.now);
}

function leadAfter(situation: Situation, { stage }: Settled, tier: Tier | null) {
  const { lead, event, qualification, snapshot, score } = situation;
  const before = lead.lastActivityAt ?? null;
  // Events come in any order; the last one is the one that happened last. What the market does is nothing that happened to the lead.
  const happened = event.kind !== 'market.alert';
  const isLast = happened && (before === null || Date.parse(event.occurredAt) > Date.parse(before));
  return {
    ...{ qualification, snapshot, tier, stage },
    score: score?.value ?? lead.score?.value ?? null,
    lastEventAt: isLast ? event.occurredAt : before,
  };
}
