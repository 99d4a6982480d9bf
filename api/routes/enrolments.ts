import { Router } from 'express';
import { AppError } from '../../domain/errors.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { ActedOn, EnrolmentAct } from '../../domain/ports/enrolments.ts';
import type { Dispatchable, InboxStore } from '../../domain/ports/inbox.ts';
import type { LeadStore } from '../../domain/ports/leads.ts';
import { sha256 } from '../../platform/secrets.ts';
import { actOnEnrolment, leadEnrolments } from '../contract/enrolments.ts';
import { mount, ok, type Reply } from '../mount.ts';
import { OPERATOR } from '../operator.ts';
import { knownLead } from './leads.ts';

export interface EnrolmentRouteDeps {
  readonly leads: Pick<LeadStore, 'load' | 'allEnrolments' | 'actOnEnrolment'>;
  readonly inbox: Pick<InboxStore, 'accept'>;
  readonly onCommitted: (row: Dispatchable) => void;
  readonly now: () => Date;
}

const AT_MOST = 100;

export function enrolmentRoutes(deps: EnrolmentRouteDeps): Router {
  const router = Router();
  mount(router, leadEnrolments, async ({ params }) => {
    await knownLead(deps.leads, params);
    return ok({ items: await deps.leads.allEnrolments(params, AT_MOST) });
  });
  mount(router, actOnEnrolment, ({ params, body, requestId }) => {
    const { locationId, contactId, enrolmentId, act } = params;
    return actOn(deps, { locationId, contactId }, { enrolmentId, act, stepKey: body?.step ?? null, requestId });
  });
  return router;
}

/**
 * The act is stored first and is in force with that: every send reads it under the lead's lock. The event that follows has the workflow
 * ask anew what is next. Should it be lost on the way, asking again with the same `X-Request-Id` brings it and repeats nothing else.
 */
async function actOn(
  deps: EnrolmentRouteDeps,
  ref: LeadRef,
  asked: {
    readonly enrolmentId: string;
    readonly act: EnrolmentAct;
    readonly stepKey: string | null;
    readonly requestId: string;
  },
): Promise<Reply> {
  await knownLead(deps.leads, ref);
  const { enrolmentId, act, stepKey, requestId } = asked;
  const now = deps.now().toISOString();
  const actId = `${enrolmentId}/${act}/${requestId}`;
  const acted = await deps.leads.actOnEnrolment(ref, { actId, act, enrolmentId, stepKey, by: OPERATOR }, now);
  if (acted.kind === 'unknown') throw new AppError('ENROLMENT_UNKNOWN', 'expected the id of an enrolment of this lead');
  if (acted.kind !== 'done') throw new AppError('ENROLMENT_STATE', whyNot[acted.kind]);
  const body = JSON.stringify({ action: `enrolment.${act}`, enrolmentId, by: OPERATOR });
  const event = { type: 'operator.enrolment', kind: 'operator', ...ref } as const;
  const acceptance = await deps.inbox.accept({
    ...event,
    source: 'operator',
    eventKey: `${ref.contactId}/${actId}`,
    bodyHash: sha256(body),
    occurredAt: now,
    body: Buffer.from(body),
    headers: {},
  });
  if (acceptance.kind === 'accepted') deps.onCommitted({ ...acceptance, ...event });
  return { status: 202, body: { enrolment: acted.enrolment, eventId: acceptance.inboxId } };
}

const whyNot: Readonly<Record<Exclude<ActedOn['kind'], 'done' | 'unknown'>, string>> = {
  over: 'expected an enrolment that is under way; this one has ended',
  paused: 'expected an enrolment that is not paused; resume it first',
  'under-way':
    'expected a step that has not been begun; this one is on its way, or it is not known whether it went out',
  'not-next': 'expected the step that comes next; another one does by now, or none',
};
