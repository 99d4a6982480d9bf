import { Router } from 'express';
import { actionKinds, type CrmAction, hasUndo, undoState, whyNoUndo } from '../../domain/crm/actions.ts';
import { fieldMark, tagMark } from '../../domain/crm/marks.ts';
import { undoOf } from '../../domain/crm/undo.ts';
import { AppError } from '../../domain/errors.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { CrmActionStore } from '../../domain/ports/crm-actions.ts';
import type { Dispatchable, InboxStore } from '../../domain/ports/inbox.ts';
import type { LeadStore } from '../../domain/ports/leads.ts';
import { sha256 } from '../../platform/secrets.ts';
import { type LeadAction, leadActions, undoLeadAction } from '../contract/lead-actions.ts';
import { mount, ok, type Reply } from '../mount.ts';
import { OPERATOR } from '../operator.ts';
import { knownLead } from './leads.ts';

export interface LeadActionRouteDeps {
  readonly actions: CrmActionStore;
  readonly leads: Pick<LeadStore, 'load' | 'plan'>;
  readonly inbox: Pick<InboxStore, 'accept'>;
  readonly onCommitted: (row: Dispatchable) => void;
  readonly now: () => Date;
}

export function leadActionRoutes(deps: LeadActionRouteDeps): Router {
  const router = Router();
  mount(router, leadActions, async ({ params, query }) => {
    await knownLead(deps.leads, params);
    const { items, nextCursor } = await deps.actions.list(params, query.limit, query.cursor);
    return ok({ items: items.map(told), nextCursor });
  });
  mount(router, undoLeadAction, ({ params, body }) => undo(deps, params, body.actionId));
  return router;
}

/**
 * The wish is stored first, and makes a new version of the plan; the event that follows only has the workflow look. Should the event be
 * lost on the way, the next one finds the wish, and asking again repeats nothing.
 */
async function undo(deps: LeadActionRouteDeps, ref: LeadRef, actionId: string): Promise<Reply> {
  await knownLead(deps.leads, ref);
  const action = await deps.actions.get(ref, actionId);
  if (action === undefined) throw new AppError('ACTION_UNKNOWN', 'expected the id of an action of this lead');
  if (!hasUndo(action)) throw new AppError('UNDO_NONE', `expected an action that can be undone: ${whyNoUndo(action)}`);
  if (action.undo?.state === 'done') throw new AppError('UNDO_DONE', 'this action is undone already');
  if (action.undo?.state === 'refused') throw new AppError('UNDO_CHANGED', action.undo.reason ?? 'it was refused');
  await refuseChanged(deps, ref, action);
  const now = deps.now().toISOString();
  await deps.actions.askUndo(ref, actionId, OPERATOR, now);
  const body = JSON.stringify({ action: 'undo', actionId, by: OPERATOR });
  const event = { type: 'operator.undo', kind: 'operator', ...ref } as const;
  const acceptance = await deps.inbox.accept({
    ...event,
    source: 'operator',
    eventKey: `${ref.contactId}/undo/${actionId}`,
    bodyHash: sha256(body),
    occurredAt: now,
    body: Buffer.from(body),
    headers: {},
  });
  if (acceptance.kind === 'accepted') deps.onCommitted({ ...acceptance, ...event });
  const asked = (await deps.actions.get(ref, actionId)) ?? action;
  return { status: 202, body: { action: told(asked), eventId: acceptance.inboxId } };
}

/** As far as our last knowledge of the contact tells; the applier looks again in the CRM itself. */
async function refuseChanged(deps: LeadActionRouteDeps, ref: LeadRef, action: CrmAction): Promise<void> {
  if (!['tag.add', 'tag.remove', 'field.set', 'dnd.off', 'assignment.set'].includes(action.kind)) return;
  const stored = await deps.leads.plan(ref);
  if (stored === undefined || stored.snapshot === null) return;
  const id = stored.marks[fieldMark(action.target)]?.id;
  if (action.kind === 'field.set' && id === undefined) return;
  const verdict = undoOf(action, {
    contact: stored.snapshot,
    fieldIds: id === undefined ? {} : { [action.target]: id },
    mark: stored.marks[tagMark(action.target)],
    opportunity: undefined,
    unchanged: undefined,
  });
  if (verdict.kind === 'changed') throw new AppError('UNDO_CHANGED', verdict.why);
}

function told(action: CrmAction): LeadAction {
  const { undo: asked, ...rest } = action;
  const state = undoState(action);
  const reason = asked?.reason ?? (state === 'none' ? whyNoUndo(action) : null);
  const does = hasUndo(action) ? actionKinds[action.kind].undo : null;
  return { ...rest, did: actionKinds[action.kind].did, undo: { state, does, reason } };
}
