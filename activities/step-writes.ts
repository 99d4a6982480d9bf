import { isEmpty, isSpellingOf } from '../domain/crm/diff-fields.ts';
import type { NewCrmAction } from '../domain/crm/actions.ts';
import { type Marks, OPPORTUNITY_MARK, tagMark } from '../domain/crm/marks.ts';
import { isAppError } from '../domain/errors.ts';
import { PREVIEW_TAG } from '../domain/follow-up/preview.ts';
import { render } from '../domain/follow-up/merge.ts';
import type { Enrolment, WriteStep } from '../domain/follow-up/sequence.ts';
import { stepWords } from '../domain/follow-up/step-words.ts';
import type { LeadRef } from '../domain/glossary.ts';
import { activation, sameTag } from '../domain/leads/activation.ts';
import type { ContactSnapshot } from '../domain/leads/contact.ts';
import type { Location, LocationSettings } from '../domain/leads/settings.ts';
import { saidByPeople } from '../domain/leads/settings-tags.ts';
import type { FreshContact } from '../domain/ports/crm.ts';
import { bringOpportunity } from './crm-opportunity.ts';
import { type Deps, isoNow, later } from './deps.ts';
import { nonRetryableCodes } from './failures.ts';
import { mergeFactsOf } from './merge-facts.ts';
import { mayWrite, stillOpen } from './still-open.ts';

/** A location that keeps still, and a contact that we may not act on, are looked at again by themselves after this. */
const HOLD_MS = { location: 15 * 60_000, contact: 6 * 3_600_000, read: 60_000 } as const;

export type Written =
  | { readonly kind: 'done'; readonly outcome: 'done' | 'recorded' }
  /** There is nothing to be done, and why. */
  | { readonly kind: 'none'; readonly why: string }
  /** Asked again later; the enrolment says when. */
  | { readonly kind: 'wait' };

interface Writing {
  readonly enrolment: Enrolment;
  readonly location: Location;
  readonly fresh: FreshContact;
}

/**
 * A step that only writes to the contact in the CRM. It compares with a fresh read and may be repeated: what is there already is not
 * written again. What it writes is announced first, so that its echo is none, and is an action with its undo afterwards.
 */
export async function writeStep(
  deps: Deps,
  ref: LeadRef,
  { enrolment, step }: { readonly enrolment: Enrolment; readonly step: WriteStep },
  { location }: { readonly location: Location | undefined },
): Promise<Written> {
  const hold = (ms: number) => holdUntil(deps, ref, enrolment, ms);
  if (location === undefined || !mayWrite(location)) return hold(HOLD_MS.location);
  try {
    const fresh = await deps.crm.contact(ref);
    if (fresh === 'gone') return { kind: 'none', why: 'the contact is gone' };
    if (!activation(fresh.snapshot.tags, location.settings).yes) return await hold(HOLD_MS.contact);
    if (!(await isStillWanted(deps, ref, enrolment, step))) return { kind: 'wait' };
    await stillOpen(deps, ref);
    const writing = { enrolment, location, fresh };
    const written = await writeOne(deps, ref, step, writing);
    if (written.kind === 'done') await tell(deps, ref, enrolment, step);
    return written;
  } catch (error) {
    if (!isAppError(error) || nonRetryableCodes.has(error.code) || !error.code.startsWith('CRM_')) throw error;
    return hold(error.retryAfterMs ?? HOLD_MS.read);
  }
}

async function holdUntil(deps: Deps, ref: LeadRef, { enrolmentId }: Enrolment, ms: number): Promise<Written> {
  await deps.leads.postpone(ref, enrolmentId, later(deps.now(), ms));
  return { kind: 'wait' };
}

/** A reply, a pause or a person's skip may have come while the contact was read. */
async function isStillWanted(deps: Deps, ref: LeadRef, { enrolmentId }: Enrolment, step: WriteStep): Promise<boolean> {
  const [lead, active] = await Promise.all([deps.leads.load(ref), deps.leads.enrolments(ref)]);
  const now = active.find((one) => one.enrolmentId === enrolmentId);
  const open = now !== undefined && now.pausedAt === null && !Object.hasOwn(now.done, step.key);
  return open && lead?.state === 'active';
}

function writeOne(deps: Deps, ref: LeadRef, step: WriteStep, writing: Writing): Promise<Written> {
  switch (step.channel) {
    case 'tag':
      return writeTags(deps, ref, step, writing);
    case 'field':
      return writeField(deps, ref, step, writing);
    case 'stage':
      return writeStage(deps, ref, step, writing);
  }
}

type StepOn<C extends WriteStep['channel']> = Extract<WriteStep, { readonly channel: C }>;

const recorded: Written = { kind: 'done', outcome: 'recorded' };
const done: Written = { kind: 'done', outcome: 'done' };

async function writeTags(
  deps: Deps,
  ref: LeadRef,
  step: StepOn<'tag'>,
  { enrolment, location, fresh }: Writing,
): Promise<Written> {
  const { settings } = location;
  const why = [...(step.add ?? []), ...(step.remove ?? [])].map((tag) => notOurs(tag, settings)).find(Boolean);
  if (why !== undefined) return { kind: 'none', why };
  const worn = new Map((fresh.snapshot.tags ?? []).map((tag) => [sameTag(tag), tag]));
  const added = (step.add ?? []).filter((tag) => !worn.has(sameTag(tag)));
  const removed = (step.remove ?? []).flatMap((tag) => worn.get(sameTag(tag)) ?? []);
  if (deps.mode === 'dry-run') return recorded;
  if (added.length + removed.length === 0) return done;
  const gone = new Set(removed.map(sameTag));
  const tags = [...(fresh.snapshot.tags ?? []).filter((tag) => !gone.has(sameTag(tag))), ...added];
  await write(deps, ref, enrolment, step, {
    facts: { tagsAdded: added, tagsRemoved: removed },
    call: async () => {
      if (removed.length > 0) await deps.crm.removeTags(ref, removed);
      if (added.length > 0) await deps.crm.addTags(ref, added);
    },
    after: { ...fresh.snapshot, tags },
    at: fresh.at,
    // Given by a step: ours to undo, and not the plan's to take away.
    marks: (at) => Object.fromEntries(added.map((tag) => [tagMark(tag), { state: 'given', at, value: tag }])),
    actions: [
      ...added.map((tag) => ({ kind: 'tag.add', target: tag, before: null, after: tag }) as const),
      ...removed.map((tag) => ({ kind: 'tag.remove', target: tag, before: tag, after: null }) as const),
    ],
  });
  return done;
}

/** By some tags people say what we may do and who may see previews: no sequence says it for them, in either direction. */
function notOurs(tag: string, settings: LocationSettings): string | undefined {
  const choice = sameTag(tag) === PREVIEW_TAG ? PREVIEW_TAG : saidByPeople(settings).get(sameTag(tag));
  if (choice === undefined) return undefined;
  return choice.startsWith('consent')
    ? 'its tag stands for consent, which is the lead’s own to give and to take'
    : `its tag is one by which people say what we may do (${choice})`;
}

async function writeField(
  deps: Deps,
  ref: LeadRef,
  step: StepOn<'field'>,
  { enrolment, location, fresh }: Writing,
): Promise<Written> {
  if (location.settings.consentSources.some((source) => 'field' in source && source.field === step.field)) {
    return { kind: 'none', why: 'its field stands for consent, which is the lead’s own to give and to take' };
  }
  const facts = await mergeFactsOf(deps, ref, {
    snapshot: fresh.snapshot,
    location,
    enrolmentId: enrolment.enrolmentId,
  });
  const rendered = render(step.value, facts);
  if (!rendered.ok) return { kind: 'none', why: `missing: ${rendered.missing.join(', ')}` };
  const ids = await deps.crm.fieldIds(ref.locationId);
  const id = Object.hasOwn(ids, step.field) ? ids[step.field] : undefined;
  if (id === undefined) return { kind: 'none', why: `the location has no field ${step.field}` };
  if (deps.mode === 'dry-run') return recorded;
  const { text: value } = rendered;
  const current = fresh.snapshot.customFields?.[id];
  if (isSpellingOf(current, value)) return done;
  await write(deps, ref, enrolment, step, {
    facts: { fields: { [id]: value } },
    call: () => deps.crm.setFields(ref, [{ id, value }]),
    after: { ...fresh.snapshot, customFields: { ...fresh.snapshot.customFields, [id]: value } },
    at: fresh.at,
    marks: () => ({}),
    actions: [{ kind: 'field.set', target: step.field, before: plainValue(current), after: value }],
  });
  return done;
}

function plainValue(value: NonNullable<ContactSnapshot['customFields']>[string] | undefined): string | number | null {
  if (isEmpty(value)) return null;
  return typeof value === 'string' || typeof value === 'number' ? value : JSON.stringify(value);
}

async function writeStage(
  deps: Deps,
  ref: LeadRef,
  { stage }: StepOn<'stage'>,
  { location }: Writing,
): Promise<Written> {
  const { pipeline } = location.settings;
  const stageId = pipeline?.stages[stage];
  if (pipeline === null || stageId === undefined) {
    return { kind: 'none', why: `the settings of the location name no stage for ${stage}` };
  }
  const { pipelineId, backwards } = pipeline;
  const stored = await deps.leads.plan(ref);
  const marks = stored?.marks ?? {};
  const found = await deps.crm.opportunities(ref);
  const known = marks[OPPORTUNITY_MARK]?.pipelineId === pipelineId && marks[OPPORTUNITY_MARK].id !== undefined;
  if (!known && found.every((one) => one.pipelineId !== pipelineId)) {
    return { kind: 'none', why: 'the contact has no opportunity in the pipeline' };
  }
  if (deps.mode === 'dry-run') return recorded;
  const [said] = await bringOpportunity(deps, ref, {
    plan: { opportunity: { pipelineId, stageId, backwards } },
    version: stored?.version ?? 0,
    marks,
    stillOurs: () => stillOpen(deps, ref),
  });
  return said?.includes('stays') ? { kind: 'none', why: said } : done;
}

/** Announced, called, stored, written down: whoever dies in between finds by a fresh read how far it came. */
async function write(
  deps: Deps,
  ref: LeadRef,
  { enrolmentId }: Enrolment,
  { key }: WriteStep,
  writing: {
    readonly facts: Parameters<Deps['records']['announce']>[1]['facts'];
    readonly call: () => Promise<void>;
    readonly after: ContactSnapshot;
    readonly at: string;
    readonly marks: (at: string) => Marks;
    readonly actions: readonly Pick<NewCrmAction, 'kind' | 'target' | 'before' | 'after'>[];
  },
): Promise<void> {
  const at = isoNow(deps);
  const announced = `step:${enrolmentId}:${key}`;
  await deps.records.announce(ref, { key: announced, kind: 'contact', recordId: null, facts: writing.facts }, at);
  await deps.pauses.at('apply.before-call');
  await writing.call();
  await deps.pauses.at('apply.after-call');
  await deps.leads.refreshSnapshot(ref, writing.after, writing.at);
  await deps.actions.record(ref, {
    actions: writing.actions.map((action) => ({ ...action, planVersion: null, at })),
    marks: writing.marks(at),
    drop: [],
  });
  await deps.records.withdraw(ref, announced);
}

async function tell(deps: Deps, ref: LeadRef, { enrolmentId, document }: Enrolment, step: WriteStep): Promise<void> {
  const how = deps.mode === 'dry-run' ? 'recorded, since nothing is written in a dry run' : 'done';
  await deps.leads.addTimeline(ref, {
    at: isoNow(deps),
    kind: 'action',
    summary: `${stepWords(document, step)}: ${how}.`,
    refs: { enrolmentId, step: step.key },
  });
}
