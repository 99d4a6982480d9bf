import { Context } from '@temporalio/activity';
import type { ApplyResult, GhlActivities } from '../workflows/activities.ts';
import type { EventRef } from '../workflows/contract.ts';
import type { AtOnce } from './at-once.ts';
import { AppError, isAppError } from '../domain/errors.ts';
import type { Iso, LeadRef } from '../domain/glossary.ts';
import { diffPlan, isEmptyDiff } from '../domain/crm/diff.ts';
import type { CrmDiff, CrmPlan } from '../domain/crm/plan.ts';
import { activation } from '../domain/leads/activation.ts';
import type { ContactSnapshot } from '../domain/leads/contact.ts';
import { mergeSnapshot } from '../domain/leads/merge-snapshot.ts';
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
 * Reads the newest plan, reads the contact fresh, applies the difference, writes down what was reached. Older versions are never
 * applied: whatever came in meanwhile is in the plan that is read here.
 */
export async function applyPlan(deps: Deps, ref: LeadRef, stillOurs: StillOurs): Promise<ApplyResult> {
  const [stored, location] = await Promise.all([deps.leads.plan(ref), deps.locations.get(ref.locationId)]);
  if (stored === undefined || stored.version === stored.applied) return { applied: stored?.applied ?? 0, event: null };
  if (location === undefined || location.status !== 'active') return { applied: stored.applied, event: null };
  const began = deps.now();
  try {
    const fresh = await readContact(deps, ref);
    if (fresh === 'gone')
      return { applied: stored.applied, event: await internalEvent(deps, ref, 'contact.deleted', isoNow(deps)) };
    await stillOurs(stored.version);
    // Told before it is stored: a process that dies in between finds the same news again. Stored before anything else is done: the event
    // says only that there is news, and what comes after may take long or fail.
    const { changed } = mergeSnapshot(stored.snapshot, stored.snapshotAt, fresh.snapshot, fresh.at);
    const event = changed ? await internalEvent(deps, ref, 'contact.snapshot', fresh.at) : null;
    if (changed) await refresh(deps, ref, fresh);
    // Not allowed any more by the tags as they are now: nothing is written, and the news is decided upon.
    const allowed = activation(fresh.snapshot.tags, location.settings).yes;
    if (stored.plan === null || !allowed) {
      if (!changed) await refresh(deps, ref, fresh);
      if (event === null) await deps.leads.markApplied(ref, stored.version, null);
      return { applied: stored.version, event };
    }
    const diff = diffPlan(stored.plan, fresh.snapshot, await deps.crm.fieldIds(ref.locationId));
    await bring(deps, ref, diff, fresh, () => stillOurs(stored.version));
    await deps.leads.markApplied(ref, stored.version, {
      at: isoNow(deps),
      kind: 'action',
      summary: sentence(deps, stored.plan, diff),
      refs: { planVersion: stored.version },
    });
    deps.measure({ kind: 'applied', ms: deps.now().getTime() - began.getTime() });
    return { applied: stored.version, event };
  } catch (error) {
    if (isAppError(error) && nonRetryableCodes.has(error.code)) await writeRefusal(deps, ref, error.code);
    throw error;
  }
}

/** A fresh read is news as of now, even where the contact's last change is older: it overrules what came before it. */
export async function readContact(
  deps: Pick<Deps, 'crm' | 'now'>,
  ref: LeadRef,
): Promise<{ snapshot: ContactSnapshot; at: Iso } | 'gone'> {
  const asked = isoNow(deps);
  const fresh = await deps.crm.contact(ref);
  if (fresh === 'gone') return 'gone';
  return { snapshot: fresh.snapshot, at: Date.parse(fresh.at) > Date.parse(asked) ? fresh.at : asked };
}

async function bring(
  deps: Deps,
  ref: LeadRef,
  diff: CrmDiff,
  fresh: { readonly snapshot: ContactSnapshot; readonly at: Iso },
  stillOurs: () => Promise<void> | void,
): Promise<void> {
  if (isEmptyDiff(diff) || deps.mode === 'dry-run') {
    await refresh(deps, ref, fresh);
    return;
  }
  const { removeTags, addTags, setFields } = diff;
  const writes: { readonly part: Partial<CrmDiff>; readonly write: () => Promise<void> }[] = [];
  if (removeTags.length > 0) writes.push({ part: { removeTags }, write: () => deps.crm.removeTags(ref, removeTags) });
  if (addTags.length > 0) writes.push({ part: { addTags }, write: () => deps.crm.addTags(ref, addTags) });
  if (setFields.length > 0) writes.push({ part: { setFields }, write: () => deps.crm.setFields(ref, setFields) });
  await deps.pauses.at('apply.before-call');
  let done: CrmDiff = { removeTags: [], addTags: [], setFields: [], unmapped: [] };
  // What we just wrote is known, so the vendor's echo of it brings nothing new. It counts as of our read: whatever a colleague
  // changed between the read and our writes is newer, and must not be taken for an echo.
  const remember = () => refresh(deps, ref, { snapshot: afterOurWrites(fresh.snapshot, done), at: fresh.at });
  try {
    for (const { part, write } of writes) {
      await stillOurs();
      await write();
      done = { ...done, ...part };
    }
  } catch (error) {
    // The next attempt finds out by itself what this one could not write down.
    await remember().catch(() => undefined);
    throw error;
  }
  await deps.pauses.at('apply.after-call');
  await remember();
}

function refresh(deps: Deps, ref: LeadRef, read: { readonly snapshot: ContactSnapshot; readonly at: Iso }) {
  return deps.leads.refreshSnapshot(ref, read.snapshot, read.at);
}

function afterOurWrites(before: ContactSnapshot, diff: CrmDiff): ContactSnapshot {
  const removed = new Set(diff.removeTags.map((tag) => tag.toLowerCase()));
  const kept = (before.tags ?? []).filter((tag) => !removed.has(tag.toLowerCase()));
  const set = Object.fromEntries(diff.setFields.map(({ id, value }) => [id, value]));
  return { ...before, tags: [...kept, ...diff.addTags], customFields: { ...before.customFields, ...set } };
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

function sentence(deps: Deps, plan: CrmPlan, diff: CrmDiff): string {
  const parts = [
    ...diff.removeTags.map((tag) => `tag ${tag} removed`),
    ...diff.addTags.map((tag) => `tag ${tag} added`),
    ...(diff.setFields.length > 0 ? [`${diff.setFields.length} field(s) set`] : []),
    ...diff.unmapped.map((key) => `field ${key} does not exist in this location`),
  ];
  const did = parts.length === 0 ? 'nothing to change' : parts.join(', ');
  return `CRM brought to ${plan.tier ?? 'no tier'}: ${did}${deps.mode === 'dry-run' ? ' (recorded only: dry run)' : ''}`;
}
