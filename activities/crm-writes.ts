import { AppError, isAppError } from '../domain/errors.ts';
import type { LeadRef } from '../domain/glossary.ts';
import { type CrmDiff, type FieldWrite, isEmptyDiff } from '../domain/crm/diff.ts';
import { isSpellingOf } from '../domain/crm/diff-fields.ts';
import { type Books, bookkeeping, done, intended, type WriteStep } from '../domain/crm/books.ts';
import type { Marks } from '../domain/crm/marks.ts';
import type { CrmPlan } from '../domain/crm/plan.ts';
import { wordsOf } from '../domain/crm/words.ts';
import type { ContactSnapshot } from '../domain/leads/contact.ts';
import type { LocationSettings } from '../domain/leads/settings.ts';
import type { FreshContact } from '../domain/ports/crm.ts';
import { type Deps, isoNow } from './deps.ts';
import { nonRetryableCodes } from './failures.ts';

export interface Bringing {
  readonly plan: CrmPlan;
  readonly version: number;
  readonly fresh: FreshContact;
  readonly marks: Marks;
  readonly diff: CrmDiff;
  readonly settings: LocationSettings;
  readonly stillOurs: () => Promise<void> | void;
}

/**
 * Makes the calls of a difference. What is about to be written is marked first, so that neither a crash nor an echo leaves it
 * unexplained; what was written is an action afterwards, with what was there before.
 * @returns what was done, in words without personal data
 */
export async function bring(deps: Deps, ref: LeadRef, bringing: Bringing): Promise<string[]> {
  const { diff, fresh, version, marks, settings } = bringing;
  const words = wordsOf(diff, marks, settings);
  // Nothing was written, so nothing is remembered as written.
  if (deps.mode === 'dry-run') return deps.leads.refreshSnapshot(ref, fresh.snapshot, fresh.at).then(() => words);
  const at = isoNow(deps);
  const before = bookkeeping(diff, marks, at);
  if (isEmptyDiff(diff)) {
    await keep(deps, ref, before);
    await deps.leads.refreshSnapshot(ref, fresh.snapshot, fresh.at);
    return words;
  }
  await deps.actions.record(ref, { ...before, marks: { ...before.marks, ...intended(diff, at, version) } });
  await deps.pauses.at('apply.before-call');
  const written = await write(deps, ref, bringing);
  await deps.pauses.at('apply.after-call');
  await finish(deps, ref, bringing, written.steps);
  return [...words, ...written.refused];
}

/**
 * What we just wrote is known, so the vendor's echo of it brings nothing new. It counts as of our read: whatever a colleague changed
 * between the read and our writes is newer, and must not be taken for an echo.
 */
async function finish(
  deps: Deps,
  ref: LeadRef,
  { fresh, version }: Bringing,
  steps: readonly WriteStep[],
): Promise<void> {
  await deps.leads.refreshSnapshot(ref, afterWrites(fresh.snapshot, steps), fresh.at);
  await keep(deps, ref, done(steps, isoNow(deps), version));
}

async function write(
  deps: Deps,
  ref: LeadRef,
  bringing: Bringing,
): Promise<{ readonly steps: readonly WriteStep[]; readonly refused: readonly string[] }> {
  const { diff, stillOurs } = bringing;
  const steps: WriteStep[] = [];
  const refused: string[] = [];
  const refusals: AppError[] = [];
  try {
    for (const step of stepsOf(diff, bringing.fresh.snapshot)) {
      await stillOurs();
      if (step.kind !== 'fields') {
        const refusal = await refusalOf(call(deps, ref, step));
        if (refusal === undefined) steps.push(step);
        else refusals.push(refusal);
        continue;
      }
      const fields = await setFields(deps, ref, step.fields);
      steps.push({ kind: 'fields', fields: fields.written });
      if (fields.left.length > 0) steps.push({ kind: 'fields-left', fields: fields.left });
      refused.push(...fields.left.map(({ key }) => `field ${key} was not taken`));
    }
    if (refusals[0] !== undefined) throw refusals[0];
  } catch (error) {
    // What this attempt cannot write down the next one finds out by the marks.
    await finish(deps, ref, bringing, steps).catch(() => undefined);
    throw error;
  }
  return { steps, refused };
}

/** What the CRM refuses for good of one thing must not keep the others from being done: it is told when they are. Of a contact that is gone nothing can be done. */
async function refusalOf(calling: Promise<void>): Promise<AppError | undefined> {
  try {
    await calling;
    return undefined;
  } catch (error) {
    if (!isAppError(error) || !nonRetryableCodes.has(error.code) || error.code === 'CRM_NOT_FOUND') throw error;
    return error;
  }
}

function stepsOf(diff: CrmDiff, contact: ContactSnapshot): (CallStep | FieldsStep)[] {
  const { removeTags, addTags, setFields: fields, dnd, leaveWorkflows, assignTo } = diff;
  return [
    // First of all what keeps others from writing to the person.
    ...(Object.keys(dnd).length > 0 ? [{ kind: 'dnd', dnd } as const] : []),
    ...leaveWorkflows.map((workflowId) => ({ kind: 'leave-workflow', workflowId }) as const),
    ...(removeTags.length > 0 ? [{ kind: 'remove-tags', tags: removeTags } as const] : []),
    ...(addTags.length > 0 ? [{ kind: 'add-tags', tags: addTags } as const] : []),
    ...(fields.length > 0 ? [{ kind: 'fields', fields } as const] : []),
    ...(assignTo === undefined
      ? []
      : [{ kind: 'assign', userId: assignTo, before: contact.assignedTo ?? null } as const]),
  ];
}

type FieldsStep = { readonly kind: 'fields'; readonly fields: readonly FieldWrite[] };
type CallStep = Exclude<WriteStep, { readonly fields: readonly FieldWrite[] }>;

function call(deps: Deps, ref: LeadRef, step: CallStep): Promise<void> {
  switch (step.kind) {
    case 'dnd':
      return deps.crm.setDnd(ref, step.dnd);
    case 'leave-workflow':
      return deps.crm.removeFromWorkflow(ref, step.workflowId);
    case 'remove-tags':
      return deps.crm.removeTags(ref, step.tags);
    case 'add-tags':
      return deps.crm.addTags(ref, step.tags);
    case 'assign':
      return deps.crm.assign(ref, step.userId);
  }
}

interface FieldsWritten {
  readonly written: readonly FieldWrite[];
  /** The CRM did not take the value, or somebody has written another one since: it stands. */
  readonly left: readonly FieldWrite[];
}

/** One field that cannot be set must not keep the others from being set. */
async function setFields(deps: Deps, ref: LeadRef, fields: readonly FieldWrite[]): Promise<FieldsWritten> {
  try {
    await deps.crm.setFields(
      ref,
      fields.map(({ id, value }) => ({ id, value })),
    );
    return { written: fields, left: [] };
  } catch (error) {
    if (!isAppError(error)) throw error;
    if (error.code === 'CRM_FIELD_NOT_TAKEN') return readAgain(deps, ref, fields);
    if (error.code !== 'CRM_FIELD_UNKNOWN' && error.code !== 'CRM_BAD_REQUEST') throw error;
    if ((await deps.crm.contact(ref)) === 'gone')
      throw new AppError('CRM_NOT_FOUND', 'the contact is gone', { cause: error });
    if (fields.length === 1) return { written: [], left: fields };
  }
  const each: FieldsWritten[] = [];
  for (const field of fields) each.push(await setFields(deps, ref, [field]));
  return { written: each.flatMap(({ written }) => written), left: each.flatMap(({ left }) => left) };
}

async function readAgain(deps: Deps, ref: LeadRef, fields: readonly FieldWrite[]): Promise<FieldsWritten> {
  const now = await deps.crm.contact(ref);
  if (now === 'gone') throw new AppError('CRM_NOT_FOUND', 'the contact is gone');
  const shows = ({ id, value }: FieldWrite) => {
    const current = now.snapshot.customFields?.[id];
    return value === '' ? (current ?? '') === '' : isSpellingOf(current, value);
  };
  return { written: fields.filter(shows), left: fields.filter((field) => !shows(field)) };
}

async function keep(deps: Deps, ref: LeadRef, books: Books): Promise<void> {
  if (books.actions.length + Object.keys(books.marks).length + books.drop.length === 0) return;
  await deps.actions.record(ref, books);
}

function afterWrites(before: ContactSnapshot, steps: readonly WriteStep[]): ContactSnapshot {
  return steps.reduce<ContactSnapshot>((known, step) => {
    switch (step.kind) {
      case 'remove-tags': {
        const removed = new Set(step.tags.map((tag) => tag.toLowerCase()));
        return { ...known, tags: (known.tags ?? []).filter((tag) => !removed.has(tag.toLowerCase())) };
      }
      case 'add-tags':
        return { ...known, tags: [...(known.tags ?? []), ...step.tags] };
      case 'fields': {
        const set = Object.fromEntries(step.fields.map(({ id, value }) => [id, value === '' ? null : value]));
        return { ...known, customFields: { ...known.customFields, ...set } };
      }
      case 'dnd':
        return { ...known, dndChannels: { ...known.dndChannels, ...step.dnd } };
      case 'assign':
        return { ...known, assignedTo: step.userId };
      default:
        return known;
    }
  }, before);
}
