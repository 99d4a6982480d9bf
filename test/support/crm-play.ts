import { bookkeeping, done, intended, type WriteStep } from '../../domain/crm/books.ts';
import { type CrmDiff, diffPlan, isEmptyDiff } from '../../domain/crm/diff.ts';
import type { NewCrmAction } from '../../domain/crm/actions.ts';
import type { Marks } from '../../domain/crm/marks.ts';
import type { CrmPlan, DndChannel } from '../../domain/crm/plan.ts';
import type { ContactSnapshot } from '../../domain/leads/contact.ts';

const AT = '2026-05-04T12:00:00.000Z';

/** A contact in the CRM, and what we remember of our own writes to it. */
export interface Played {
  readonly contact: ContactSnapshot;
  readonly marks: Marks;
  readonly actions: readonly NewCrmAction[];
}

export const nothing: Played = { contact: { tags: [], customFields: {} }, marks: {}, actions: [] };

export interface PlayOptions {
  readonly fieldIds?: Readonly<Record<string, string>>;
  readonly barred?: readonly DndChannel[];
  /** Dies right before its call of this number, or right after it with `after`; undefined: comes through. */
  readonly dies?: { readonly call: number; readonly after: boolean };
}

export const fieldIds = {
  'contact.lead_score': 'f-score',
  'contact.lead_tier': 'f-tier',
  'contact.budget': 'f-budget',
  'contact.preferred_location': 'f-location',
  'contact.timeline': 'f-timeline',
};

/** What the applier does with a plan, calls included, told as plain data. */
export function applied(plan: CrmPlan, before: Played, options: PlayOptions = {}): Played {
  const diff = diffOf(plan, before, options);
  const books = bookkeeping(diff, before.marks, AT);
  const begun = kept({ ...before, marks: { ...before.marks, ...books.marks } }, books);
  if (isEmptyDiff(diff)) return begun;
  let now: Played = { ...begun, marks: { ...begun.marks, ...intended(diff, AT, 1) } };
  const made: WriteStep[] = [];
  for (const [at, step] of stepsOf(diff).entries()) {
    if (options.dies?.call === at && !options.dies.after) return now;
    now = { ...now, contact: called(now.contact, step) };
    if (options.dies?.call === at) return now;
    made.push(step);
  }
  const end = done(made, AT, 1);
  return kept({ ...now, marks: { ...now.marks, ...end.marks } }, end);
}

export function diffOf(plan: CrmPlan, { contact, marks }: Played, options: PlayOptions = {}): CrmDiff {
  return diffPlan(plan, { contact, marks, fieldIds: options.fieldIds ?? fieldIds, barred: options.barred ?? [] });
}

function kept(now: Played, { actions, drop }: { actions: readonly NewCrmAction[]; drop: readonly string[] }): Played {
  const marks = Object.fromEntries(Object.entries(now.marks).filter(([name]) => !drop.includes(name)));
  return { ...now, marks, actions: [...now.actions, ...actions] };
}

function stepsOf({ removeTags, addTags, setFields, dnd, leaveWorkflows }: CrmDiff): WriteStep[] {
  return [
    ...(Object.keys(dnd).length > 0 ? [{ kind: 'dnd', dnd } as const] : []),
    ...leaveWorkflows.map((workflowId) => ({ kind: 'leave-workflow', workflowId }) as const),
    ...(removeTags.length > 0 ? [{ kind: 'remove-tags', tags: removeTags } as const] : []),
    ...(addTags.length > 0 ? [{ kind: 'add-tags', tags: addTags } as const] : []),
    ...(setFields.length > 0 ? [{ kind: 'fields', fields: setFields } as const] : []),
  ];
}

/** What the CRM makes of a call; it folds the case of tags. */
function called(contact: ContactSnapshot, step: WriteStep): ContactSnapshot {
  const tags = contact.tags ?? [];
  switch (step.kind) {
    case 'remove-tags': {
      const removed = new Set(step.tags.map((tag) => tag.toLowerCase()));
      return { ...contact, tags: tags.filter((tag) => !removed.has(tag.toLowerCase())) };
    }
    case 'add-tags':
      return { ...contact, tags: [...new Set([...tags, ...step.tags.map((tag) => tag.toLowerCase())])] };
    case 'fields': {
      const set = step.fields.map(({ id, value }) => [id, value === '' ? null : value] as const);
      return { ...contact, customFields: { ...contact.customFields, ...Object.fromEntries(set) } };
    }
    case 'dnd':
      return { ...contact, dndChannels: { ...contact.dndChannels, ...step.dnd } };
    default:
      return contact;
  }
}
