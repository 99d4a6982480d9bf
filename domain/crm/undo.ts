import { sameTag } from '../leads/activation.ts';
import type { ContactSnapshot } from '../leads/contact.ts';
import type { CrmOpportunity } from '../ports/crm.ts';
import type { CrmAction } from './actions.ts';
import { holds, isEmpty, isSpellingOf } from './diff-fields.ts';
import type { Mark } from './marks.ts';
import type { DndChannel } from './plan.ts';

/** What undoes an action, as one call to the CRM. */
export type UndoCall =
  | { readonly do: 'add-tag' | 'remove-tag'; readonly tag: string }
  | { readonly do: 'set-field'; readonly key: string; readonly id: string; readonly value: string | number }
  | { readonly do: 'dnd-on'; readonly channel: DndChannel }
  | { readonly do: 'move-opportunity'; readonly opportunityId: string; readonly stageId: string }
  | { readonly do: 'delete-opportunity'; readonly opportunityId: string }
  | { readonly do: 'leave-workflow'; readonly workflowId: string }
  | { readonly do: 'delete-note' | 'delete-task'; readonly id: string }
  | { readonly do: 'assign'; readonly userId: string | null };

/** `changed`: somebody has changed it since, and their work stands. `already`: it is as it was before, whoever did that. */
export type UndoVerdict =
  | { readonly kind: 'call'; readonly call: UndoCall }
  | { readonly kind: 'already' }
  | { readonly kind: 'changed'; readonly why: string }
  | { readonly kind: 'none' };

/** The CRM as it was just read, as far as the action is about it. */
export interface UndoState {
  readonly contact: ContactSnapshot;
  readonly fieldIds: Readonly<Record<string, string>>;
  /** What we remember of the tag. */
  readonly mark: Mark | undefined;
  readonly opportunity: CrmOpportunity | 'gone' | undefined;
  /** Does the note or the task still say what we wrote? Undefined: not asked. */
  readonly unchanged: boolean | undefined;
}

/** What to call to undo this action now. Only what still is as we left it is changed: nobody's work is overwritten. */
export function undoOf(action: CrmAction, state: UndoState): UndoVerdict {
  const { target, before, after } = action;
  const { contact, opportunity } = state;
  switch (action.kind) {
    case 'tag.add': {
      const worn = contact.tags?.find((tag) => sameTag(tag) === sameTag(target));
      if (worn === undefined) return already;
      return isOurs(state.mark)
        ? call({ do: 'remove-tag', tag: worn })
        : changed('somebody else has set the tag since');
    }
    case 'tag.remove':
      return contact.tags?.some((tag) => sameTag(tag) === sameTag(target))
        ? already
        : call({ do: 'add-tag', tag: target });
    case 'field.set':
      return undoField(action, state);
    case 'dnd.off':
      if (contact.dndChannels?.[target as DndChannel] === 'on') return already;
      return call({ do: 'dnd-on', channel: target as DndChannel });
    case 'opportunity.create':
      if (opportunity === undefined || opportunity === 'gone') return already;
      if (opportunity.status !== 'open' || opportunity.stageId !== after)
        return changed('the opportunity was moved or closed');
      return call({ do: 'delete-opportunity', opportunityId: target });
    case 'opportunity.move':
      if (opportunity === undefined || opportunity === 'gone') return changed('the opportunity is deleted');
      if (opportunity.stageId === before) return already;
      if (opportunity.status !== 'open' || opportunity.stageId !== after)
        return changed('the opportunity was moved or closed');
      return call({ do: 'move-opportunity', opportunityId: target, stageId: String(before) });
    case 'workflow.add':
      return call({ do: 'leave-workflow', workflowId: target });
    case 'note.create':
      return state.unchanged === true
        ? call({ do: 'delete-note', id: target })
        : changed('the note was changed or deleted');
    case 'task.create':
      return state.unchanged === true
        ? call({ do: 'delete-task', id: target })
        : changed('the task was changed or deleted');
    case 'assignment.set':
      if ((contact.assignedTo ?? null) === before) return already;
      if ((contact.assignedTo ?? null) !== after) return changed('somebody else has the contact now');
      return call({ do: 'assign', userId: before === null ? null : String(before) });
    case 'dnd.on':
    case 'workflow.remove':
    case 'message.send':
      return { kind: 'none' };
  }
}

function undoField({ target, before, after }: CrmAction, { contact, fieldIds }: UndoState): UndoVerdict {
  const id = Object.hasOwn(fieldIds, target) ? fieldIds[target] : undefined;
  if (id === undefined) return changed('the field does not exist any more');
  const current = contact.customFields?.[id];
  if (before === null ? isEmpty(current) : holds(current, before)) return already;
  if (after === null ? !isEmpty(current) : !isSpellingOf(current, after))
    return changed('the field shows another value now');
  return call({ do: 'set-field', key: target, id, value: before ?? '' });
}

/** A tag that we took away, or let go, and that is there again was put there by somebody else. */
function isOurs(mark: Mark | undefined): boolean {
  return mark !== undefined && ['ours', 'given', 'setting', 'removing'].includes(mark.state);
}

const already: UndoVerdict = { kind: 'already' };

function call(value: UndoCall): UndoVerdict {
  return { kind: 'call', call: value };
}

function changed(why: string): UndoVerdict {
  return { kind: 'changed', why };
}
