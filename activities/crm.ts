import { Context } from '@temporalio/activity';
import type { ApplyResult, GhlActivities } from '../workflows/activities.ts';
import type { EventRef } from '../workflows/contract.ts';
import type { AtOnce } from './at-once.ts';
import { AppError, isAppError } from '../domain/errors.ts';
import type { Iso, LeadRef } from '../domain/glossary.ts';
import { stillPlanned } from '../domain/crm/assignment.ts';
import { diffPlan } from '../domain/crm/diff.ts';
import { dndMark, type Marks } from '../domain/crm/marks.ts';
import { type CrmPlan, type DndChannel, dndChannels } from '../domain/crm/plan.ts';
import { broughtTo } from '../domain/crm/words.ts';
import { activation } from '../domain/leads/activation.ts';
import { mergeSnapshot } from '../domain/leads/merge-snapshot.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { StoredPlan } from '../domain/ports/leads.ts';
import { bringOpportunity } from './crm-opportunity.ts';
import { undoAsked } from './crm-undo.ts';
import { bring } from './crm-writes.ts';
import { mayWrite, stillOpen } from './still-open.ts';
import type { FreshContact } from '../domain/ports/crm.ts';
import { nonRetryableCodes } from './failures.ts';
import { type Deps, isoNow, refOf } from './deps.ts';

/** Asked before anything is written: throws when another attempt may have taken the place of this one. */
export type StillOurs = (version: number) => Promise<void> | void;

/** The applier, on the `ghl` queue: brings a contact to the newest plan, however often it is asked. */
export function createCrmActivities(deps: Deps, atOnce: Pick<AtOnce, 'ended'>): Pick<GhlActivities, 'applyPlan'> {
  return {
    async applyPlan(input) {
      const ref = refOf(input);
      const { cancellationSignal } = Context.current();
      await atOnce.ended(ref);
      return applyPlan(deps, ref, async (version) => {
        cancellationSignal.throwIfAborted();
        const newest = await deps.leads.plan(ref);
        if (newest?.version !== version)
          throw new AppError('PLAN_OVERTAKEN', `plan ${version} gave way to a newer one`);
      });
    },
  };
}

/**
 * Reads the newest plan, reads the contact fresh, undoes what somebody asked to undo, applies the difference, writes down what was
 * reached. Older versions are never applied: whatever came in meanwhile is in the plan that is read here.
 */
export async function applyPlan(deps: Deps, ref: LeadRef, stillOurs: StillOurs): Promise<ApplyResult> {
  const [stored, location] = await Promise.all([deps.leads.plan(ref), deps.locations.get(ref.locationId)]);
  if (stored === undefined || stored.version === stored.applied) return { applied: stored?.applied ?? 0, event: null };
  if (location === undefined || !mayWrite(location)) return { applied: stored.applied, event: null };
  const began = deps.now();
  try {
    const fresh = await deps.crm.contact(ref);
    if (fresh === 'gone') return await contactGone(deps, ref, stored);
    await stillOurs(stored.version);
    // Told before it is stored: a process that dies in between finds the same news again. Stored before anything else is done: the event
    // says only that there is news, and what comes after may take long or fail.
    const { changed } = mergeSnapshot(stored.snapshot, stored.snapshotAt, fresh.snapshot, fresh.at);
    const event = changed ? await internalEvent(deps, ref, 'contact.snapshot', fresh.at) : null;
    if (changed) await deps.leads.refreshSnapshot(ref, fresh.snapshot, fresh.at);
    const own = async () => {
      await stillOurs(stored.version);
      await stillOpen(deps, ref);
    };
    const undone = await undoAsked(deps, ref, stored, fresh, own);
    // Not allowed any more by the tags as they are now: nothing is written, and the news is decided upon.
    const allowed = activation(undone.fresh.snapshot.tags, location.settings).yes;
    if (stored.plan === null || !allowed) {
      if (!changed) await deps.leads.refreshSnapshot(ref, undone.fresh.snapshot, undone.fresh.at);
      if (event === null) await deps.leads.markApplied(ref, stored.version, null);
      return { applied: stored.version, event };
    }
    const said = await reach(deps, ref, { ...stored, plan: stored.plan }, undone, location, own);
    await deps.leads.markApplied(ref, stored.version, {
      at: isoNow(deps),
      kind: 'action',
      summary: broughtTo(stored.plan.tier, said, deps.mode === 'dry-run'),
      refs: { planVersion: stored.version },
    });
    deps.measure({ kind: 'applied', ms: deps.now().getTime() - began.getTime() });
    return { applied: stored.version, event };
  } catch (error) {
    if (!isAppError(error) || !nonRetryableCodes.has(error.code)) throw error;
    // Deleted or merged under way: the CRM refuses what is asked of a contact that is no more.
    if (await isGone(deps, ref)) return contactGone(deps, ref, stored);
    await writeRefusal(deps, ref, error.code);
    throw error;
  }
}

async function reach(
  deps: Deps,
  ref: LeadRef,
  stored: StoredPlan & { readonly plan: CrmPlan },
  { fresh, marks }: { readonly fresh: FreshContact; readonly marks: Marks },
  location: Location,
  stillOurs: () => Promise<void> | void,
): Promise<string[]> {
  const { version } = stored;
  const plan = await withAssignment(deps, ref, stored.plan);
  const [fieldIds, barred] = await Promise.all([
    deps.crm.fieldIds(ref.locationId),
    barredChannels(deps, ref, plan, marks),
  ]);
  const diff = diffPlan(plan, { contact: fresh.snapshot, marks, fieldIds, barred });
  const said = await bring(deps, ref, { plan, version, fresh, marks, diff, settings: location.settings, stillOurs });
  if (deps.mode === 'dry-run') return said;
  const { assignedTo } = plan;
  if (assignedTo !== undefined && [diff.assignTo, fresh.snapshot.assignedTo].includes(assignedTo.agentId)) {
    await deps.assignments.shown(ref, assignedTo.agentId);
  }
  return [...said, ...(await moved(deps, ref, { plan, version, marks, stillOurs }))];
}

/** A pipeline that may not be read or does not take the move must not keep the rest of the plan from being done. */
async function moved(deps: Deps, ref: LeadRef, moving: Parameters<typeof bringOpportunity>[2]): Promise<string[]> {
  try {
    return await bringOpportunity(deps, ref, moving);
  } catch (error) {
    if (!isAppError(error) || !nonRetryableCodes.has(error.code) || (await isGone(deps, ref))) throw error;
    return [`the opportunity was not moved (${error.code})`];
  }
}

async function withAssignment(deps: Deps, ref: LeadRef, plan: CrmPlan): Promise<CrmPlan> {
  return plan.assignedTo === undefined ? plan : stillPlanned(plan, await deps.assignments.get(ref));
}

/** Where we would lift a do-not-disturb of our own: is the person still suppressed there? */
async function barredChannels(deps: Deps, ref: LeadRef, plan: CrmPlan, marks: Marks): Promise<readonly DndChannel[]> {
  const liftable = dndChannels.filter(
    (channel) => !plan.dnd.includes(channel) && marks[dndMark(channel)] !== undefined,
  );
  if (liftable.length === 0) return [];
  const consent = await deps.leads.consent(ref);
  return liftable.filter((channel) => consent[channel].state === 'withdrawn');
}

async function isGone(deps: Deps, ref: LeadRef): Promise<boolean> {
  return (await deps.crm.contact(ref).catch(() => undefined)) === 'gone';
}

async function contactGone(deps: Deps, ref: LeadRef, { applied }: StoredPlan): Promise<ApplyResult> {
  return { applied, event: await internalEvent(deps, ref, 'contact.deleted', isoNow(deps)) };
}

/** News that the applier found in the CRM, as an event of the lead: durable first, then worked like any other. */
async function internalEvent(
  deps: Deps,
  ref: LeadRef,
  kind: 'contact.snapshot' | 'contact.deleted',
  at: Iso,
): Promise<EventRef> {
  const accepted = await deps.inbox.accept({
    source: 'internal',
    eventKey: `${kind}:${ref.locationId}:${ref.contactId}:${deps.newId()}`,
    bodyHash: deps.sha256(kind),
    type: kind,
    kind,
    ...ref,
    occurredAt: at,
    body: new TextEncoder().encode('{}'),
    headers: {},
  });
  return { inboxId: accepted.inboxId, kind, at: isoNow(deps) };
}

async function writeRefusal(deps: Deps, ref: LeadRef, code: string): Promise<void> {
  await deps.leads.addTimeline(ref, {
    at: isoNow(deps),
    kind: 'action',
    summary: `The CRM refused the plan for good: ${code}`,
    refs: { code },
  });
}
