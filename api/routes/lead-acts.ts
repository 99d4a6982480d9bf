import { randomUUID } from 'node:crypto';
import { Router } from 'express';
import type { LeadRef, LeadState } from '../../domain/glossary.ts';
import type { Dispatchable, InboxStore } from '../../domain/ports/inbox.ts';
import type { LeadActs } from '../../domain/ports/lead-acts.ts';
import type { LeadStore } from '../../domain/ports/leads.ts';
import type { SequenceStore } from '../../domain/ports/sequences.ts';
import type { Log } from '../../domain/ports/log.ts';
import type { LeadScorer, ScoreStore } from '../../domain/ports/scores.ts';
import { traceFeatures } from '../../domain/scoring/features/lead-features.ts';
import { unpacked } from '../../domain/scoring/vector.ts';
import type { OperatorAct } from '../../domain/webhooks/event.ts';
import { AppError } from '../../domain/errors.ts';
import { sha256 } from '../../platform/secrets.ts';
import {
  answerOptOut,
  enrolLead,
  pauseLead,
  resumeLead,
  scoreLead,
  stopLead,
  takeOverLead,
} from '../contract/leads.ts';
import { mount, ok, type Reply } from '../mount.ts';
import { OPERATOR } from '../operator.ts';
import { type Patient, within } from '../within.ts';
import { shownScore } from './lead-score.ts';
import { knownLead } from './leads.ts';

export interface LeadActRouteDeps extends Patient {
  readonly inbox: Pick<InboxStore, 'accept' | 'markDispatched'>;
  readonly leads: Pick<LeadStore, 'load' | 'act' | 'followUp'>;
  readonly sequences: Pick<SequenceStore, 'get'>;
  readonly scores: Pick<ScoreStore, 'evidence'>;
  readonly scorer: Pick<LeadScorer, 'stored'>;
  readonly acts: LeadActs;
  readonly onCommitted: (row: Dispatchable) => void;
  readonly log: Log;
  readonly now: () => Date;
}

export function leadActRoutes(deps: LeadActRouteDeps): Router {
  const router = Router();
  const simple = [
    [pauseLead, 'pause'],
    [resumeLead, 'resume'],
    [stopLead, 'stop'],
    [takeOverLead, 'takeOver'],
  ] as const;
  for (const [route, action] of simple) {
    mount(router, route, ({ params, requestId }) => actOn(deps, params, { action, by: OPERATOR }, requestId));
  }
  mount(router, answerOptOut, ({ params, body, requestId }) =>
    actOn(deps, params, { action: 'resume', optOut: body.answer, by: OPERATOR }, requestId),
  );
  mount(router, enrolLead, async ({ params, body, requestId }) => {
    const document = await deps.sequences.get(body.sequence);
    if (document === undefined) throw new AppError('SEQUENCE_UNKNOWN', 'expected the key of a published sequence');
    await knownLead(deps.leads, params);
    const { available } = await deps.leads.followUp(params);
    const missing = document.needs.filter((need) => !available.includes(need));
    if (missing.length > 0) {
      throw new AppError(
        'SEQUENCE_NEEDS',
        `${document.key} needs ${missing.join(' and ')}, and this location has none`,
      );
    }
    return actOn(deps, params, { action: 'enrol', sequence: body.sequence, by: OPERATOR }, requestId);
  });
  mount(router, scoreLead, ({ params }) => scoreNow(deps, params));
  return router;
}

/**
 * A person's act takes three steps. It is written into the inbox, so that the relay's sweep brings it to the workflow whatever happens
 * here; it is put in force in the store, which every send reads; and the workflow is told, for as long as a caller likes to wait.
 * Asking again with the same `X-Request-Id` repeats nothing.
 */
async function actOn(deps: LeadActRouteDeps, ref: LeadRef, act: OperatorAct, requestId: string): Promise<Reply> {
  await knownLead(deps.leads, ref);
  const now = deps.now().toISOString();
  const body = JSON.stringify(act);
  const acceptance = await deps.inbox.accept({
    source: 'operator',
    eventKey: `${ref.contactId}/${act.action}/${requestId}`,
    bodyHash: sha256(body),
    type: `operator.${act.action}`,
    kind: 'operator',
    locationId: ref.locationId,
    contactId: ref.contactId,
    occurredAt: now,
    body: Buffer.from(body),
    headers: {},
    // Before the lead is resumed: no gate may open in between. The store adds the person's addresses.
    ...(act.optOut === 'yes' ? { optOut: { personHashes: [], channels: ['sms', 'email'] as const } } : {}),
  });
  if (acceptance.kind === 'conflict') {
    throw new AppError('EVENT_CONFLICT', 'expected the same act under this X-Request-Id, got another');
  }
  const { inboxId } = acceptance;
  const stored = await deps.leads.act(ref, inboxId, act, now);
  const told = await tellWorkflow(deps, ref, act, inboxId);
  return {
    status: told === undefined ? 202 : 200,
    body: { state: told ?? stored, delivery: told === undefined ? 'pending' : 'delivered', eventId: inboxId },
  };
}

/** The workflow's new state, or undefined when it could not be told now; then the sweep tells it later. */
async function tellWorkflow(
  deps: LeadActRouteDeps,
  ref: LeadRef,
  act: OperatorAct,
  inboxId: string,
): Promise<LeadState | undefined> {
  const { action, sequence, by } = act;
  const input = { inboxId, ...(sequence === undefined ? {} : { sequence }), ...(by === undefined ? {} : { by }) };
  try {
    const late = (): Error => new AppError('TEMPORAL_UNAVAILABLE', 'the workflow did not answer in time');
    const { state } = await within(deps.patienceMs, deps.acts.act(ref, action, input), late);
    await deps.inbox.markDispatched([inboxId]);
    return state;
  } catch (error) {
    deps.log.warn({ err: error, inboxId, action }, 'an act is in force, and its workflow is told later');
    return undefined;
  }
}

/** Scores from what is stored, and writes an event that has the workflow decide again with it. */
async function scoreNow(deps: LeadActRouteDeps, ref: LeadRef): Promise<Reply> {
  const lead = await knownLead(deps.leads, ref);
  const now = deps.now().toISOString();
  const [given] = await deps.scorer.stored(ref.locationId, [ref.contactId], { asOf: now, reasons: true });
  if (given === undefined || given === null) throw new AppError('INTERNAL', 'expected one score for one lead');
  const event = {
    source: 'internal',
    eventKey: `rescore:${ref.contactId}:${randomUUID()}`,
    bodyHash: sha256('{}'),
    type: 'lead.rescore',
    // Worked like a fresh look at the contact that brought nothing new.
    kind: 'contact.snapshot',
    locationId: ref.locationId,
    contactId: ref.contactId,
    occurredAt: now,
    body: Buffer.from('{}'),
    headers: {},
  } as const;
  const acceptance = await deps.inbox.accept(event);
  if (acceptance.kind === 'accepted') {
    const { type, kind, locationId, contactId } = event;
    deps.onCommitted({ ...acceptance, type, kind, locationId, contactId });
  }
  const stored = { features: traceFeatures, values: unpacked(given.kept.vector) };
  const score = await shownScore(deps.scores, lead, given.score, { scoredAt: now, stored });
  return ok({ state: lead.state, eventId: acceptance.inboxId, score: { ...score, tier: given.score.tier } });
}
