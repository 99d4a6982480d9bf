import { Router } from 'express';
import type { LeadRef } from '../../domain/glossary.ts';
import type { Lead } from '../../domain/leads/lead.ts';
import type { LeadStore, StoredConsent } from '../../domain/ports/leads.ts';
import type { ListingStore } from '../../domain/ports/listings.ts';
import type { OutboxStore } from '../../domain/ports/outbox.ts';
import type { LeadScorer, PastScore, ScoreStore } from '../../domain/ports/scores.ts';
import type { Score } from '../../domain/scoring/score.ts';
import { AppError } from '../../domain/errors.ts';
import { leadWorkflowId, temporalUiLink } from '../../workflows/contract.ts';
import {
  leadConversation,
  leadMatches,
  leadTimeline,
  listLeads,
  showLead,
  type LeadDetail,
} from '../contract/leads.ts';
import { mount, ok } from '../mount.ts';
import { shownScore } from './lead-score.ts';

export interface LeadRouteDeps {
  readonly leads: LeadStore;
  readonly listings: ListingStore;
  readonly outbox: Pick<OutboxStore, 'parked'>;
  readonly scores: Pick<ScoreStore, 'given' | 'evidence'>;
  readonly scorer: Pick<LeadScorer, 'explain'>;
  readonly links: LinkBases;
}

/** Where the two foreign pages of a lead live. */
export interface LinkBases {
  /** Absent: no Temporal UI is known. */
  readonly temporalUiUrl: string | undefined;
  readonly namespace: string;
  /** The CRM's web app, e.g. `https://app.gohighlevel.com`. */
  readonly crmAppUrl: string;
}

export function leadRoutes(deps: LeadRouteDeps): Router {
  const router = Router();
  mount(router, listLeads, async ({ query: { tag: tags, field: fields, ...query } }) =>
    ok(await deps.leads.list(present({ ...query, tags, fields }))),
  );
  mount(router, showLead, async ({ params }) => ok(await detail(deps, params)));
  mount(router, leadTimeline, async ({ params, query }) => {
    await lookedAt(deps.leads, params);
    return ok(await deps.leads.timeline(params, query.limit, query.cursor));
  });
  mount(router, leadConversation, async ({ params, query }) => {
    await lookedAt(deps.leads, params);
    return ok({ items: await deps.leads.conversation(params, query.limit) });
  });
  mount(router, leadMatches, async ({ params, query }) => {
    await lookedAt(deps.leads, params);
    return ok({ items: await deps.listings.matched(params, query.limit) });
  });
  return router;
}

/** @throws AppError LEAD_UNKNOWN */
export async function knownLead(leads: Pick<LeadStore, 'load'>, ref: LeadRef): Promise<Lead> {
  const lead = await leads.load(ref);
  if (lead === undefined) {
    throw new AppError('LEAD_UNKNOWN', `expected a known lead, got ${ref.contactId} of ${ref.locationId}`);
  }
  return lead;
}

/** For a person who only looks. @throws AppError LEAD_UNKNOWN */
async function lookedAt(leads: Pick<LeadStore, 'shown'>, ref: LeadRef): Promise<Lead> {
  return knownLead({ load: leads.shown }, ref);
}

async function detail(deps: LeadRouteDeps, ref: LeadRef): Promise<LeadDetail> {
  const lead = await lookedAt(deps.leads, ref);
  const [score, consent, parked, next] = await Promise.all([
    scoreOf(deps, lead),
    deps.leads.consent(ref),
    deps.outbox.parked(ref),
    deps.leads.next(ref),
  ]);
  const told = ({ state, since, basis }: StoredConsent) => ({
    state,
    ...(since === null ? {} : { since }),
    ...(basis === null ? {} : { basis }),
  });
  return {
    locationId: ref.locationId,
    contactId: ref.contactId,
    stage: lead.stage,
    tier: lead.tier,
    score,
    tags: lead.snapshot?.tags === undefined ? null : [...lead.snapshot.tags],
    consent: { sms: told(consent.sms), email: told(consent.email), call: told(consent.call) },
    ...(next === null ? {} : { next: { at: next.at, what: next.what } }),
    state: lead.state,
    parked: parked.map((row) => ({
      sendId: row.sendId,
      channel: row.channel,
      step: row.stepKey,
      reason: row.reason,
      claimedAt: row.claimedAt,
    })),
    links: linksOf(deps.links, ref),
  };
}

async function scoreOf(deps: LeadRouteDeps, lead: Lead): Promise<LeadDetail['score']> {
  const { score, scoredAt } = lead;
  if (score === null) return null;
  const past = scoredAt === null ? undefined : await deps.scores.given(lead, scoredAt);
  if (past === undefined) {
    return shownScore(deps.scores, lead, score, { scoredAt, stored: null });
  }
  return shownScore(deps.scores, lead, await explained(deps, lead, score, past), { scoredAt, stored: past.trace });
}

/** A trained model's score that was given to many at once has its reasons made when somebody asks, from what was stored with it. */
async function explained(
  deps: LeadRouteDeps,
  { locationId }: Lead,
  score: Score,
  { trace }: PastScore,
): Promise<Score> {
  if (score.reasons.length > 0) return score;
  try {
    const { baseline, reasons, unsure } = await deps.scorer.explain(locationId, trace);
    return { ...score, baseline, reasons, ...(unsure === undefined ? {} : { unsure }) };
  } catch (error) {
    // Its features mean something else by now, or its file cannot be used: the score stands without its reasons.
    if (error instanceof RangeError) return score;
    throw error;
  }
}

/** Its workflow in Temporal, its contact in the CRM. */
export function linksOf(bases: LinkBases, { locationId, contactId }: LeadRef): LeadDetail['links'] {
  const { temporalUiUrl, namespace } = bases;
  return {
    temporal:
      temporalUiUrl === undefined
        ? null
        : temporalUiLink(temporalUiUrl, namespace, leadWorkflowId(locationId, contactId)),
    ghl: `${bases.crmAppUrl.replace(/\/$/, '')}/v2/location/${encodeURIComponent(locationId)}/contacts/detail/${encodeURIComponent(contactId)}`,
  };
}

/** Drops keys that were not given: our ports tell an absent filter from one that is undefined. */
export function present<T extends object>(query: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
