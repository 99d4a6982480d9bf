import { Router } from 'express';
import { AppError } from '../../domain/errors.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { unsettledSend } from '../../domain/leads/needs-person.ts';
import type { SendFinding, UnsettledSends } from '../../domain/ports/inbox-tools.ts';
import type { Dispatchable, InboxStore } from '../../domain/ports/inbox.ts';
import { sha256 } from '../../platform/secrets.ts';
import { listSends, sendWasNotSent, sendWasSent } from '../contract/sends.ts';
import { mount, ok, type Reply } from '../mount.ts';
import { OPERATOR } from '../operator.ts';
import { present } from './leads.ts';

export interface SendRouteDeps {
  readonly unsettled: UnsettledSends;
  readonly inbox: Pick<InboxStore, 'accept'>;
  readonly onCommitted: (row: Dispatchable) => void;
  readonly now: () => Date;
}

/** Sends of unknown outcome: look, and settle what a person has found out. Nothing is taken back. */
export function sendRoutes(deps: SendRouteDeps): Router {
  const router = Router();
  mount(router, listSends, async ({ query }) => {
    const { items, nextCursor } = await deps.unsettled.list(present(query));
    return ok({ items: items.map((send) => ({ ...send, ...unsettledSend(send) })), nextCursor });
  });
  mount(router, sendWasSent, ({ params, body }) => settle(deps, params, { what: 'sent', vendorId: body.vendorId }));
  mount(router, sendWasNotSent, ({ params, body: { again, sure } }) => {
    if (again && !sure) throw new AppError('SEND_NOT_SURE', 'expected `sure` with `again`, got a guess');
    return settle(deps, params, { what: 'not-sent', again });
  });
  return router;
}

async function settle(
  deps: SendRouteDeps,
  { sendId, ...ref }: LeadRef & { readonly sendId: string },
  finding: SendFinding,
): Promise<Reply> {
  const now = deps.now().toISOString();
  const state = await deps.unsettled.resolve(ref, sendId, finding, OPERATOR, now);
  if (state === undefined) throw new AppError('SEND_UNKNOWN', `expected a send of this lead, got ${sendId}`);
  await tellLead(deps, ref, `settled:${sendId}:${state}:${now}`);
  return ok({ sendId, state });
}

/** Its workflow waits for the read-back, or for nothing; an event makes it look at the stored facts again. */
async function tellLead(deps: SendRouteDeps, ref: LeadRef, eventKey: string): Promise<void> {
  const event = { source: 'internal', type: 'lead.resume', kind: 'other', ...ref } as const;
  const acceptance = await deps.inbox.accept({
    ...event,
    eventKey,
    bodyHash: sha256('{}'),
    occurredAt: null,
    body: Buffer.from('{}'),
    headers: {},
  });
  if (acceptance.kind !== 'accepted') return;
  const { inboxId, receivedAt } = acceptance;
  deps.onCommitted({ inboxId, receivedAt, kind: event.kind, type: event.type, ...ref });
}
