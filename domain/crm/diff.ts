import { sameTag } from '../leads/activation.ts';
import type { ContactSnapshot } from '../leads/contact.ts';
import { fieldStep } from './diff-fields.ts';
import { toggleStep } from './diff-tags.ts';
import { dndMark, fieldMark, type Mark, type Marks, marked, tagMark, workflowMark } from './marks.ts';
import { type CrmPlan, type DndChannel, dndChannels } from './plan.ts';

/**
 * The calls that bring the CRM from what it is to the plan, and what our memory of earlier calls comes to by the way. Empty when
 * nothing is to be called.
 */
export interface CrmDiff {
  readonly addTags: readonly string[];
  /** In the contact's own spelling: the vendor may compare exactly. */
  readonly removeTags: readonly string[];
  /** By field id. An empty value clears. */
  readonly setFields: readonly FieldWrite[];
  readonly dnd: Readonly<Partial<Record<DndChannel, 'on' | 'off'>>>;
  /** Ids of the workflows to be taken out of. */
  readonly leaveWorkflows: readonly string[];
  /** Undefined: the assignment is left alone. */
  readonly assignTo: string | null | undefined;
  /** Field keys of the plan that the location does not have. */
  readonly unmapped: readonly string[];
  /** Field keys that show somebody else's value. */
  readonly foreign: readonly string[];
  /** Names of marks whose write was begun earlier and has happened. */
  readonly confirmed: readonly string[];
  /** Names of marks of what was to be taken away, is still there and may stay. */
  readonly regained: readonly string[];
  /** Names of marks of what a person has taken away or changed. */
  readonly letGo: readonly string[];
  readonly forget: readonly string[];
}

export interface FieldWrite {
  readonly key: string;
  readonly id: string;
  readonly value: string | number;
  readonly before: string | number | undefined;
}

export interface DiffState {
  readonly contact: ContactSnapshot;
  readonly marks: Marks;
  /** Field key (`contact.lead_score`) → id of the location; keys it lacks are reported as `unmapped`. */
  readonly fieldIds: Readonly<Record<string, string>>;
  /** Channels on which the person may not be written to: do-not-disturb is not lifted there. */
  readonly barred: readonly DndChannel[];
}

type Building = {
  -readonly [K in keyof CrmDiff]: CrmDiff[K] extends readonly (infer T)[] ? T[] : CrmDiff[K];
};

/**
 * The difference between the plan and the contact as it was just read. Pure, and applying it twice changes nothing.
 * Unknown tags count as not yet right: setting them again is harmless.
 */
export function diffPlan(plan: CrmPlan, state: DiffState): CrmDiff {
  const diff: Building = {
    ...{ addTags: [], removeTags: [], setFields: [], dnd: {}, leaveWorkflows: [], assignTo: undefined },
    ...{ unmapped: [], foreign: [], confirmed: [], regained: [], letGo: [], forget: [] },
  };
  diffTags(diff, plan, state);
  diffFields(diff, plan, state);
  diffDnd(diff, plan, state);
  for (const id of marked(state.marks, 'workflow')) {
    // One that a step of a sequence put the contact into is not the plan's; whoever opted out leaves all of them.
    const given = state.marks[workflowMark(id)]?.state === 'given' && plan.dnd.length === 0;
    if (!plan.workflows.includes(id) && !given) diff.leaveWorkflows.push(id);
  }
  // Whose the contact is must be known: an assignment by a person is never overwritten.
  const { assignedTo: owner } = state.contact;
  if (owner !== undefined && plan.assignedTo?.from.includes(owner) === true) diff.assignTo = plan.assignedTo.agentId;
  return diff;
}

export function isEmptyDiff(diff: CrmDiff): boolean {
  const { addTags, removeTags, setFields, leaveWorkflows, dnd, assignTo } = diff;
  const calls = addTags.length + removeTags.length + setFields.length + leaveWorkflows.length + Object.keys(dnd).length;
  return calls === 0 && assignTo === undefined;
}

function diffTags(diff: Building, plan: CrmPlan, { contact, marks }: DiffState): void {
  const worn = new Map((contact.tags ?? []).map((tag) => [sameTag(tag), tag]));
  const wanted = new Map(plan.addTags.map((tag) => [sameTag(tag), tag]));
  const forced = new Map(plan.removeTags.map((tag) => [sameTag(tag), tag]));
  for (const name of new Set([...wanted.keys(), ...forced.keys(), ...marked(marks, 'tag')])) {
    const mark = marks[tagMark(name)];
    // Of a contact whose tags nobody has told, what is ours to take away is taken away unseen, and what we have set stays set.
    if (contact.tags === undefined && wanted.has(name) && mark?.state === 'ours') continue;
    const spelled = worn.get(name) ?? wanted.get(name) ?? forced.get(name) ?? String(mark?.value ?? name);
    const present = worn.has(name) || (contact.tags === undefined && !wanted.has(name));
    const step = toggleStep(wanted.has(name), present, mark, forced.has(name));
    if (step === 'set' || step === 'confirm-removal-and-set') diff.addTags.push(wanted.get(name) ?? name);
    if (step === 'remove') diff.removeTags.push(spelled);
    note(diff, tagMark(name), step);
  }
}

function diffDnd(diff: Building, plan: CrmPlan, { contact, marks, barred }: DiffState): void {
  for (const channel of dndChannels) {
    const mark = marks[dndMark(channel)];
    const wanted = plan.dnd.includes(channel);
    const on = contact.dnd === true || contact.dndChannels?.[channel] === 'on';
    // Only the lead's own word lifts it, and only where it was us who switched it on.
    if (!wanted && on && barred.includes(channel)) continue;
    const step = toggleStep(wanted, on, mark);
    if (step === 'set' || step === 'confirm-removal-and-set') diff.dnd = { ...diff.dnd, [channel]: 'on' };
    if (step === 'remove') diff.dnd = { ...diff.dnd, [channel]: 'off' };
    note(diff, dndMark(channel), step);
  }
}

function note(diff: Building, name: string, step: ReturnType<typeof toggleStep>): void {
  if (step === 'confirm-set' || step === 'confirm-removal' || step === 'confirm-removal-and-set')
    diff.confirmed.push(name);
  if (step === 'regain') diff.regained.push(name);
  if (step === 'let-go') diff.letGo.push(name);
  if (step === 'forget' || step === 'confirm-removal') diff.forget.push(name);
}

function diffFields(diff: Building, plan: CrmPlan, { contact, marks, fieldIds }: DiffState): void {
  const keys = new Set([...Object.keys(plan.fields), ...marked(marks, 'field')]);
  for (const key of keys) {
    const wanted = Object.hasOwn(plan.fields, key) ? plan.fields[key] : undefined;
    const mark: Mark | undefined = marks[fieldMark(key)];
    const id = Object.hasOwn(fieldIds, key) ? fieldIds[key] : undefined;
    if (id === undefined) {
      if (wanted === undefined) diff.forget.push(fieldMark(key));
      else diff.unmapped.push(key);
      continue;
    }
    const current = contact.customFields?.[id];
    const step = fieldStep(wanted, current, mark, plan.ownFields.includes(key));
    if (step.kind === 'set') diff.setFields.push({ key, id, value: step.value, before: step.before });
    else if (step.kind === 'confirm') diff.confirmed.push(fieldMark(key));
    else if (step.kind === 'forget') diff.forget.push(fieldMark(key));
    else if (step.mark === 'let-go') diff.letGo.push(fieldMark(key));
    else if (step.mark === 'foreign') diff.foreign.push(key);
    else if (mark?.state === 'unmapped') diff.forget.push(fieldMark(key));
  }
}
