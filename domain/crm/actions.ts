import type { Iso } from '../glossary.ts';

/** What an action wrote: a tag, a value, a stage, the words of a note. Null: nothing was or is there. */
export type ActionValue = string | number | null;

interface Kind {
  readonly did: string;
  /** How it is undone, in words; null: it cannot be undone. */
  readonly undo: string | null;
  /** Why it cannot be undone, and what helps instead. */
  readonly without?: string;
}

/** Every kind of thing that we do in the CRM, and its undo. */
export const actionKinds = {
  'tag.add': {
    did: 'added a tag',
    undo: 'takes the tag away again; it is not set again until the lead’s facts change',
  },
  'tag.remove': { did: 'took a tag away', undo: 'puts the tag back' },
  'field.set': { did: 'set a custom field', undo: 'puts back what the field showed before' },
  'dnd.on': {
    did: 'switched do-not-disturb on',
    undo: null,
    without: 'the lead asked for it: the lead’s own START lifts it, or a person in GoHighLevel who knows why',
  },
  'dnd.off': { did: 'switched do-not-disturb off', undo: 'switches do-not-disturb on again' },
  'opportunity.create': { did: 'made an opportunity', undo: 'deletes the opportunity, if nobody has changed it' },
  'opportunity.move': { did: 'moved an opportunity', undo: 'moves the opportunity back to the stage before' },
  'workflow.add': {
    did: 'added the contact to a GHL workflow',
    undo: 'takes the contact out of the workflow; what the workflow has done meanwhile stays done',
  },
  'workflow.remove': {
    did: 'took the contact out of a GHL workflow',
    undo: null,
    without: 'the workflow would begin anew: add the contact in GoHighLevel if that is what you want',
  },
  'note.create': { did: 'wrote a note', undo: 'deletes the note, if nobody has changed it' },
  'task.create': { did: 'made a task', undo: 'deletes the task, if nobody has changed it' },
  'assignment.set': { did: 'assigned the contact', undo: 'gives the contact back to whoever had it before' },
  'message.send': { did: 'sent a message', undo: null, without: 'what went out cannot be called back' },
} as const satisfies Record<string, Kind>;

export type ActionKind = keyof typeof actionKinds;

export interface NewCrmAction {
  readonly kind: ActionKind;
  /** What it was done to: a tag, a field key, a channel, the id of an opportunity, a workflow, a note or a task. */
  readonly target: string;
  readonly before: ActionValue;
  readonly after: ActionValue;
  readonly planVersion: number | null;
  readonly at: Iso;
  /** The action that this one undid. */
  readonly undoes?: string;
}

export interface CrmAction extends Omit<NewCrmAction, 'undoes'> {
  readonly actionId: string;
  /** The send that did it, where it went through the outbox. */
  readonly sendId: string | null;
  readonly undoes: string | null;
  /** What became of the wish to undo it; null: nobody has asked. */
  readonly undo: {
    readonly state: 'asked' | 'done' | 'refused';
    readonly reason: string | null;
    readonly at: Iso;
  } | null;
}

/** A wish to undo that is still to be done. */
export interface AskedUndo {
  readonly action: CrmAction;
  readonly by: string | null;
}

/** May it be undone, as far as is known without asking the CRM? */
export function undoState(action: CrmAction): 'possible' | 'none' | 'asked' | 'done' | 'refused' {
  if (action.undo !== null) return action.undo.state;
  return hasUndo(action) ? 'possible' : 'none';
}

/** An undo is an action as well, and has none itself: what it put back is as it was. */
export function hasUndo({ kind, undoes }: Pick<CrmAction, 'kind' | 'undoes'>): boolean {
  return undoes === null && actionKinds[kind].undo !== null;
}

/** Why it has no undo, and what helps instead. */
export function whyNoUndo({ kind, undoes }: Pick<CrmAction, 'kind' | 'undoes'>): string {
  if (undoes !== null) return 'it is itself the undo of another action';
  const entry: Kind = actionKinds[kind];
  return entry.without ?? 'it has none';
}
