import { beginningHere } from '../domain/follow-up/chosen.ts';
import { type FollowedLead, sequenceFactsOf } from '../domain/follow-up/facts.ts';
import { type PlanFacts, planNext } from '../domain/follow-up/plan.ts';
import type { Iso, LeadRef } from '../domain/glossary.ts';
import { activation } from '../domain/leads/activation.ts';
import type { Decision } from '../domain/leads/decision.ts';
import type { Lead } from '../domain/leads/lead.ts';
import type { Location } from '../domain/leads/settings.ts';
import { newsLook } from '../domain/leads/listing-news.ts';
import { silenceLook } from '../domain/leads/silence.ts';
import { isHumanTouch } from '../domain/leads/state-after.ts';
import { takeoverEnd } from '../domain/leads/takeover.ts';
import type { AlertName, News } from '../domain/market/alerts.ts';
import type { FollowUpStanding } from '../domain/ports/enrolments.ts';
import type { NextTouch, Standing } from '../domain/ports/leads.ts';
import type { CaseFile, Findings } from './case-file.ts';
import { type Deps, isoNow } from './deps.ts';

type Facts = Pick<PlanFacts, 'facts' | 'silenceAt' | 'takeoverEndsAt' | 'news' | 'newsAt'>;

/** A lead, its location, and what the question of what is next depends on, by stored facts alone. */
export interface Stored {
  readonly lead: Lead;
  readonly location: Location | undefined;
  readonly planFacts: PlanFacts;
}

/** Undefined when nothing was ever decided about this lead. */
export async function storedFacts(
  deps: Pick<Deps, 'leads' | 'outbox' | 'assignments' | 'locations'>,
  ref: LeadRef,
  now: Iso,
): Promise<Stored | undefined> {
  const [lead, enrolments, openSends, assignment, location, standing] = await Promise.all([
    deps.leads.load(ref),
    deps.leads.enrolments(ref),
    deps.outbox.open(ref),
    deps.assignments.get(ref),
    deps.locations.get(ref.locationId),
    deps.leads.followUp(ref),
  ]);
  if (lead === undefined) return undefined;
  const planFacts = {
    state: lead.state,
    ...{ enrolments, openSends, assignment: assignment ?? null, zone: lead.snapshot?.timezone ?? null },
    ...followUpFacts(lead, location, enrolments, standing, now),
  };
  return { lead, location, planFacts };
}

/** What branches look at, and when the lead is looked at although nothing came in. */
export function followUpFacts(
  lead: Lead,
  location: Location | undefined,
  enrolments: PlanFacts['enrolments'],
  { talk, began, available, waiting, news }: FollowUpStanding,
  now: Iso,
): Facts {
  const facts = sequenceFactsOf(followedLead(lead), talk, now);
  if (location === undefined) return { facts, silenceAt: null, takeoverEndsAt: null, news };
  const { state, stage, snapshot, createdAt } = lead;
  const settled = { state, stage, active: activation(snapshot?.tags, location.settings) };
  const sequences = beginningHere(waiting, location.settings.sequences);
  const asked = { settled, snapshot, createdAt, enrolments, facts, talk, began, available, sequences };
  return {
    facts,
    silenceAt: silenceLook(asked, now),
    news,
    newsAt: newsLook({ ...asked, news, market: location.settings.market }, now),
    takeoverEndsAt: takeoverEnd(lead, location.settings.takeoverEndsAfter),
  };
}

function followedLead({ qualification, snapshot, tier, score, stage, createdAt, lastActivityAt }: Lead): FollowedLead {
  return {
    ...{ qualification, snapshot, tier, stage, createdAt },
    score: score?.value ?? null,
    lastEventAt: lastActivityAt ?? null,
  };
}

/** What is next, from stored facts; kept with the lead so that people see it too. */
export async function plan(deps: Deps, ref: LeadRef): Promise<NextTouch | null> {
  const now = isoNow(deps);
  const stored = await storedFacts(deps, ref, now);
  if (stored === undefined) return null;
  if (stored.lead.deletedAt !== null) {
    // A touch that was under way while the contact was deleted may have left something, and its workflow ends with it.
    if (stored.planFacts.openSends.some(({ state }) => state === 'claimed' || state === 'not-sent')) {
      await deps.outbox.cancelOpen(ref, now);
    }
    return null;
  }
  const next = planNext(stored.planFacts, now);
  await deps.leads.storeNext(ref, next);
  return next;
}

/** When the lead is looked at although nothing comes in, as it stands after the decision. */
export function looksAfter(
  { lead, event, location }: CaseFile,
  { began, available, sequences, news: waiting }: Standing,
  { snapshot }: Findings,
  { stage, active, followUp, drop = [] }: Decision,
  after: Pick<PlanFacts, 'state' | 'enrolments'>,
  now: Iso,
): Facts {
  const { facts, talk } = followUp;
  const { state, enrolments } = after;
  const begun = Object.fromEntries(enrolments.map(({ document, enrolledAt }) => [document.key, enrolledAt]));
  const news = without(waiting, drop);
  const silent = {
    ...{ settled: { state, stage, active }, snapshot, createdAt: lead.createdAt, enrolments, facts, talk },
    ...{ began: { ...began, ...begun }, available },
    sequences: beginningHere(sequences, location.settings.sequences),
  };
  const since = state === lead.state ? lead.stateSince : event.occurredAt;
  const human = isHumanTouch(event) ? event.occurredAt : lead.lastHumanAt;
  const takenOver = { state, stateSince: since, lastHumanAt: human };
  return {
    facts,
    silenceAt: silenceLook(silent, now),
    news,
    newsAt: newsLook({ ...silent, news, market: location.settings.market }, now),
    takeoverEndsAt: takeoverEnd(takenOver, location.settings.takeoverEndsAfter),
  };
}

function without(news: readonly News[], drop: readonly AlertName[]): readonly News[] {
  return news.filter(
    (one) => !drop.some(({ listingKey, change }) => listingKey === one.listingKey && change === one.change),
  );
}
