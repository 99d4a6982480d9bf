import { AppError, isAppError } from '../domain/errors.ts';
import type { LeadRef } from '../domain/glossary.ts';
import { type CrmAction, actionKinds, hasUndo, type NewCrmAction, whyNoUndo } from '../domain/crm/actions.ts';
import {
  dndMark,
  fieldMark,
  type Mark,
  type Marks,
  OPPORTUNITY_MARK,
  tagMark,
  workflowMark,
} from '../domain/crm/marks.ts';
import { type UndoCall, undoOf } from '../domain/crm/undo.ts';
import type { StoredPlan } from '../domain/ports/leads.ts';
import type { FreshContact } from '../domain/ports/crm.ts';
import { type Deps, isoNow } from './deps.ts';
import { marked } from './making.ts';
import { nonRetryableCodes } from './failures.ts';

/**
 * Undoes what somebody asked to undo, each wish once, against the CRM as it is now: what somebody has changed since stays, and the wish
 * is refused with that reason. What is undone is not done again while the plan goes on wanting it.
 * @returns the contact and our memory of it, as they are afterwards
 */
export async function undoAsked(
  deps: Deps,
  ref: LeadRef,
  { undos, marks }: Pick<StoredPlan, 'undos' | 'marks'>,
  fresh: FreshContact,
  stillOurs: () => Promise<void> | void,
): Promise<{ readonly fresh: FreshContact; readonly marks: Marks }> {
  let now = { fresh, marks };
  for (const { action } of undos) {
    await stillOurs();
    now = await undo(deps, ref, action, now);
  }
  return now;
}

type Now = { readonly fresh: FreshContact; readonly marks: Marks };

async function undo(deps: Deps, ref: LeadRef, action: CrmAction, now: Now): Promise<Now> {
  if (deps.mode === 'dry-run') return refuse(deps, ref, action, now, 'dry run: nothing is written');
  if (!hasUndo(action)) return refuse(deps, ref, action, now, whyNoUndo(action));
  const fieldIds = action.kind === 'field.set' ? await deps.crm.fieldIds(ref.locationId) : {};
  const verdict = undoOf(action, {
    contact: now.fresh.snapshot,
    fieldIds,
    mark: now.marks[tagMark(action.target)],
    opportunity: action.kind.startsWith('opportunity.')
      ? await deps.crm.opportunity(ref.locationId, action.target)
      : undefined,
    unchanged: await isUnchanged(deps, ref, action),
  });
  if (verdict.kind === 'none') return refuse(deps, ref, action, now, whyNoUndo(action));
  if (verdict.kind === 'changed') return refuse(deps, ref, action, now, `changed since: ${verdict.why}`);
  if (verdict.kind === 'call') {
    const begun = begunBy(verdict.call, isoNow(deps));
    await deps.actions.record(ref, { actions: [], marks: begun, drop: [] });
    try {
      await deps.pauses.at('apply.before-call');
      await callOf(deps, ref, verdict.call);
      await deps.pauses.at('apply.after-call');
    } catch (error) {
      if (!isAppError(error) || !nonRetryableCodes.has(error.code)) throw error;
      await deps.actions.record(ref, { actions: [], ...asBefore(begun, now.marks) });
      return refuse(deps, ref, action, now, `the CRM refused it: ${error.code}`);
    }
  }
  const at = isoNow(deps);
  const books = afterUndo(action, now.marks, at);
  await deps.actions.record(ref, books);
  await deps.actions.settleUndo(ref, action.actionId, { state: 'done', reason: null }, at);
  await tell(deps, ref, action, `Undone: what ${actionKinds[action.kind].did}`);
  const kept = Object.entries({ ...now.marks, ...books.marks }).filter(([name]) => !books.drop.includes(name));
  const read = verdict.kind === 'call' ? await deps.crm.contact(ref) : now.fresh;
  if (read === 'gone') throw new AppError('CRM_NOT_FOUND', 'the contact is gone');
  if (verdict.kind === 'call') await deps.leads.refreshSnapshot(ref, read.snapshot, read.at);
  return { fresh: read, marks: Object.fromEntries(kept) };
}

async function refuse(deps: Deps, ref: LeadRef, action: CrmAction, now: Now, reason: string): Promise<Now> {
  await deps.actions.settleUndo(ref, action.actionId, { state: 'refused', reason }, isoNow(deps));
  await tell(deps, ref, action, `Not undone (${reason}): what ${actionKinds[action.kind].did}`);
  return now;
}

/** A note or a task bears our reference, and is found as long as nobody has changed its words. */
async function isUnchanged(
  deps: Deps,
  ref: LeadRef,
  { kind, sendId, target }: CrmAction,
): Promise<boolean | undefined> {
  if ((kind !== 'note.create' && kind !== 'task.create') || sendId === null) return undefined;
  const row = await deps.outbox.get(sendId, ref);
  if (row === undefined) return false;
  const { title, body } = row.content;
  const found =
    kind === 'note.create'
      ? await deps.crm.findNote(ref, { body: marked(row, body) })
      : await deps.crm.findTask(ref, { title: title ?? 'Call this lead', body: marked(row, body) });
  return found === target;
}

function callOf(deps: Deps, ref: LeadRef, call: UndoCall): Promise<unknown> {
  const { crm } = deps;
  switch (call.do) {
    case 'add-tag':
      return crm.addTags(ref, [call.tag]);
    case 'remove-tag':
      return crm.removeTags(ref, [call.tag]);
    case 'set-field':
      return crm.setFields(ref, [{ id: call.id, value: call.value }]);
    case 'dnd-on':
      return crm.setDnd(ref, { [call.channel]: 'on' });
    case 'move-opportunity':
      return crm.updateOpportunity(ref.locationId, call.opportunityId, { stageId: call.stageId });
    case 'delete-opportunity':
      return crm.deleteOpportunity(ref.locationId, call.opportunityId);
    case 'leave-workflow':
      return crm.removeFromWorkflow(ref, call.workflowId);
    case 'delete-note':
      return crm.deleteNote(ref, call.id);
    case 'delete-task':
      return crm.deleteTask(ref, call.id);
    case 'assign':
      return crm.assign(ref, call.userId);
  }
}

/** As before any write of ours: an echo that is faster than the answer is known by it. */
function begunBy(call: UndoCall, at: string): Marks {
  const setting = { state: 'setting', at } as const;
  switch (call.do) {
    case 'add-tag':
      return { [tagMark(call.tag)]: { ...setting, value: call.tag } };
    case 'remove-tag':
      return { [tagMark(call.tag)]: { state: 'removing', at, value: call.tag } };
    case 'set-field':
      return { [fieldMark(call.key)]: { ...setting, id: call.id, value: call.value } };
    case 'dnd-on':
      return { [dndMark(call.channel)]: setting };
    default:
      return {};
  }
}

function asBefore(begun: Marks, marks: Marks): { readonly marks: Marks; readonly drop: readonly string[] } {
  const names = Object.keys(begun);
  const known = names.flatMap((name) => (marks[name] === undefined ? [] : [[name, marks[name]] as const]));
  return { marks: Object.fromEntries(known), drop: names.filter((name) => marks[name] === undefined) };
}

/** The plan must not do at once again what a person had undone. */
function afterUndo(action: CrmAction, marks: Marks, at: string): Parameters<Deps['actions']['record']>[1] {
  const { kind, target, before, after, actionId, planVersion } = action;
  const undone: NewCrmAction = {
    kind: inverse[kind] ?? kind,
    target,
    before: after,
    after: before,
    planVersion,
    at,
    undoes: actionId,
  };
  const letGo = (value: string | number | null): Mark => ({
    state: 'let-go',
    at,
    ...(value === null ? {} : { value }),
  });
  const books = (set: Marks, drop: string[] = []) => ({ actions: [undone], marks: set, drop });
  switch (kind) {
    case 'tag.add':
      return books({ [tagMark(target)]: letGo(target) });
    case 'tag.remove':
      return books({ [tagMark(target)]: { state: 'kept', at, value: target } });
    case 'field.set':
      return books({ [fieldMark(target)]: letGo(after) });
    case 'opportunity.move': {
      const mark = marks[OPPORTUNITY_MARK];
      return books(mark === undefined ? {} : { [OPPORTUNITY_MARK]: { ...mark, state: 'let-go', at } });
    }
    case 'dnd.off':
      return books({ [dndMark(target)]: { state: 'kept', at } });
    case 'workflow.add':
      return books({}, [workflowMark(target)]);
    default:
      return books({});
  }
}

const inverse: Readonly<Partial<Record<CrmAction['kind'], CrmAction['kind']>>> = {
  'tag.add': 'tag.remove',
  'tag.remove': 'tag.add',
  'dnd.off': 'dnd.on',
  'workflow.add': 'workflow.remove',
};

async function tell(deps: Deps, ref: LeadRef, { actionId }: CrmAction, summary: string): Promise<void> {
  await deps.leads.addTimeline(ref, { at: isoNow(deps), kind: 'action', summary, refs: { actionId } });
}
