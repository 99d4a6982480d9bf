import type { Iso } from '../glossary.ts';
import type { NewCrmAction } from './actions.ts';
import type { CrmDiff, FieldWrite } from './diff.ts';
import { dndMark, fieldMark, type Mark, type Marks, tagMark, workflowMark } from './marks.ts';
import type { DndChannel } from './plan.ts';

/** What is to be written down: actions, marks, and marks that are no more. */
export interface Books {
  readonly actions: readonly NewCrmAction[];
  readonly marks: Marks;
  readonly drop: readonly string[];
}

/** One call that was made. */
export type WriteStep =
  | { readonly kind: 'add-tags' | 'remove-tags'; readonly tags: readonly string[] }
  | { readonly kind: 'fields'; readonly fields: readonly FieldWrite[] }
  /** Fields that the CRM did not take, or that somebody has written since. */
  | { readonly kind: 'fields-left'; readonly fields: readonly FieldWrite[] }
  | { readonly kind: 'dnd'; readonly dnd: Readonly<Partial<Record<DndChannel, 'on' | 'off'>>> }
  | { readonly kind: 'leave-workflow'; readonly workflowId: string }
  | { readonly kind: 'assign'; readonly userId: string | null; readonly before: string | null };

/** What a difference says of earlier calls: those that were begun and have happened are actions, whoever began them. */
export function bookkeeping(diff: CrmDiff, marks: Marks, at: Iso): Books {
  const actions: NewCrmAction[] = [];
  const next: Record<string, Mark> = {};
  const drop = new Set(diff.forget);
  for (const name of diff.confirmed) {
    const mark = marks[name];
    if (mark === undefined) continue;
    actions.push(actionOf(name, mark));
    const stays = mark.state === 'setting' && mark.value !== '';
    if (stays) next[name] = { ...mark, state: 'ours' };
    else drop.add(name);
  }
  for (const name of diff.regained) if (marks[name] !== undefined) next[name] = { ...marks[name], state: 'ours' };
  for (const name of diff.letGo) if (marks[name] !== undefined) next[name] = { ...marks[name], state: 'let-go' };
  for (const key of diff.foreign) next[fieldMark(key)] = { state: 'foreign', at };
  for (const key of diff.unmapped) next[fieldMark(key)] = { state: 'unmapped', at };
  const changed = Object.entries(next).filter(([name, mark]) => marks[name]?.state !== mark.state);
  return { actions, marks: Object.fromEntries(changed), drop: [...drop] };
}

/** What stands in the books before the calls of a difference are made. */
export function intended(diff: CrmDiff, at: Iso, planVersion: number): Marks {
  const setting = (more: Partial<Mark>): Mark => ({ state: 'setting', at, planVersion, ...more });
  const removing = (more: Partial<Mark>): Mark => ({ state: 'removing', at, planVersion, ...more });
  return Object.fromEntries([
    ...diff.addTags.map((tag) => [tagMark(tag), setting({ value: tag })]),
    ...diff.removeTags.map((tag) => [tagMark(tag), removing({ value: tag })]),
    ...diff.setFields.map(({ key, id, value, before }) => [
      fieldMark(key),
      setting({ id, value, ...(before === undefined ? {} : { before }) }),
    ]),
    ...Object.entries(diff.dnd).map(([channel, to]) => [dndMark(channel), to === 'on' ? setting({}) : removing({})]),
    ...diff.leaveWorkflows.map((id) => [workflowMark(id), removing({})]),
  ]) as Marks;
}

/** What the calls that were made come to. */
export function done(steps: readonly WriteStep[], at: Iso, planVersion: number | null): Books {
  const actions: NewCrmAction[] = [];
  const marks: Record<string, Mark> = {};
  const drop: string[] = [];
  const ours = (more: Partial<Mark>): Mark => ({
    state: 'ours',
    at,
    ...(planVersion === null ? {} : { planVersion }),
    ...more,
  });
  const did = (
    kind: NewCrmAction['kind'],
    target: string,
    before: NewCrmAction['before'],
    after: NewCrmAction['after'],
  ) => actions.push({ kind, target, before, after, planVersion, at });
  for (const step of steps) {
    switch (step.kind) {
      case 'add-tags':
        for (const tag of step.tags) {
          marks[tagMark(tag)] = ours({ value: tag });
          did('tag.add', tag, null, tag);
        }
        break;
      case 'remove-tags':
        for (const tag of step.tags) {
          drop.push(tagMark(tag));
          did('tag.remove', tag, tag, null);
        }
        break;
      case 'fields':
        for (const { key, id, value, before } of step.fields) {
          if (value === '') drop.push(fieldMark(key));
          else marks[fieldMark(key)] = ours({ id, value });
          did('field.set', key, before ?? null, value === '' ? null : value);
        }
        break;
      case 'fields-left':
        for (const { key, id, value } of step.fields) marks[fieldMark(key)] = { state: 'let-go', at, id, value };
        break;
      case 'dnd':
        for (const [channel, to] of Object.entries(step.dnd)) {
          if (to === 'on') marks[dndMark(channel)] = ours({});
          else drop.push(dndMark(channel));
          did(to === 'on' ? 'dnd.on' : 'dnd.off', channel, to === 'on' ? 'off' : 'on', to);
        }
        break;
      case 'leave-workflow':
        drop.push(workflowMark(step.workflowId));
        did('workflow.remove', step.workflowId, step.workflowId, null);
        break;
      case 'assign':
        did('assignment.set', 'assignedTo', step.before, step.userId);
        break;
    }
  }
  return { actions, marks, drop };
}

function actionOf(name: string, { state, at, value, before, planVersion }: Mark): NewCrmAction {
  const [kind, target] = [name.slice(0, name.indexOf(':')), name.slice(name.indexOf(':') + 1)];
  const set = state === 'setting';
  const base = { planVersion: planVersion ?? null, at };
  if (kind === 'field') {
    const after = value === undefined || value === '' ? null : value;
    return { ...base, kind: 'field.set', target, before: before ?? null, after };
  }
  if (kind === 'dnd') {
    return { ...base, kind: set ? 'dnd.on' : 'dnd.off', target, before: set ? 'off' : 'on', after: set ? 'on' : 'off' };
  }
  const tag = String(value ?? target);
  return {
    ...base,
    kind: set ? 'tag.add' : 'tag.remove',
    target: tag,
    before: set ? null : tag,
    after: set ? tag : null,
  };
}
