import type { LeadActivities, WorkInput, Worked } from '../workflows/activities.ts';
import { type CrmFacts, factsFromFields } from '../domain/scoring/crm-facts.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { DecideVerdict } from '../domain/ports/leads.ts';
import { boughtShown } from '../domain/consent/shown.ts';
import type { ContactSnapshot } from '../domain/leads/contact.ts';
import type { Reading } from '../domain/leads/reading.ts';
import { admission } from '../domain/leads/admission.ts';
import { mergeSnapshot } from '../domain/leads/merge-snapshot.ts';
import { advance } from '../domain/leads/qualify.ts';
import { verdictOf } from '../domain/leads/verdict.ts';
import { giveUp } from './assist.ts';
import type { AtOnce } from './at-once.ts';
import { type CaseFile, type Findings, openCaseFile, valueOr } from './case-file.ts';
import { currentVerdict } from './current-verdict.ts';
import { decideDraft } from './decide-draft.ts';
import { isQuiet, judge } from './judge.ts';
import { keepNews } from './keep-news.ts';
import { looksAfter, plan } from './plan.ts';
import { shownBy } from './fresh-consent.ts';
import { tellOwnerBefore } from './owner-before.ts';
import { hashes } from './person-hashes.ts';
import { readEvent, saidIn } from './read-event.ts';
import { recordAct } from './record-act.ts';
import { type Deps, isoNow, refOf } from './deps.ts';
import { optional, required, runLevel } from './run-level.ts';

/** Levels 0 to 3 and what belongs to them, on the `leads` queue. */
export function createLeadActivities(deps: Deps, atOnce: Pick<AtOnce, 'apply'>): LeadActivities {
  return {
    work: (input) => work(deps, atOnce, input),
    park: (input) => park(deps, input),
    recordAct: (input) => recordAct(deps, input),
    plan: (input) => plan(deps, refOf(input)),
    decideDraft: (input) => decideDraft(deps, input),
    giveUpAssist: (input) => giveUp(deps, refOf(input)),
  };
}

/**
 * One event through the levels; the next level starts when all required tasks of the one before are in. Repeated as a whole: nothing
 * is written before level 3, and level 3 answers a repeat from what it stored.
 */
async function work(deps: Deps, atOnce: Pick<AtOnce, 'apply'>, input: WorkInput): Promise<Worked> {
  const file = await admit(deps, input);
  const refusal = refuse(file);
  const verdict =
    refusal === null ? await decideOn(deps, file, input) : await passOver(deps, file, input.inboxId, refusal);
  const done = input.thenAct && mayAct(deps, verdict) ? await atOnce.apply(file.ref) : undefined;
  return { verdict, decided: refusal === null, acted: done !== undefined, event: done?.event ?? null };
}

async function decideOn(deps: Deps, file: CaseFile, { inboxId }: WorkInput): Promise<DecideVerdict> {
  await tellOwnerBefore(deps, file);
  if (file.event.kind === 'consent') await releaseHolds(deps, file.ref);
  const heard = await understand(deps, file);
  return decide(deps, file, inboxId, { ...heard, ...(await qualify(deps, file, heard.reading)) });
}

/** A message that is due goes first: the person waits, the CRM does not. */
function mayAct(deps: Deps, verdict: DecideVerdict | null): boolean {
  if (verdict === null || !verdict.dirty || verdict.ended !== null) return false;
  return verdict.next === null || Date.parse(verdict.next.at) > deps.now().getTime();
}

/** Level 0: what came, for whom, and what is known. */
async function admit(deps: Deps, input: WorkInput): Promise<CaseFile> {
  const { file } = await runLevel(deps, 'admit', {
    file: required(deps.times.store, () => openCaseFile(deps, refOf(input), input.inboxId)),
  });
  return file;
}

/** An event with nothing to do: where the lead stands by stored facts, so that a run that lost its memory picks up what is under way. */
async function passOver(deps: Deps, file: CaseFile, inboxId: string, refusal: string): Promise<DecideVerdict | null> {
  if (refusal === 'resume') await releaseHolds(deps, file.ref);
  await keepNews(deps, file, inboxId);
  if (file.verdict === 'received' || file.verdict === 'dispatched') {
    await deps.inbox.settle(inboxId, 'ignored', refusal);
  }
  return currentVerdict(deps, file.ref);
}

/** Why an event needs no work; null when it does. */
export function refuse(file: CaseFile): string | null {
  const admitted = admission(file);
  return admitted.work ? null : admitted.reason;
}

/** What a closed gate held back is asked anew. */
async function releaseHolds(deps: Deps, ref: LeadRef): Promise<void> {
  for (const enrolment of await deps.leads.enrolments(ref)) {
    if (enrolment.notBefore !== null) await deps.leads.postpone(ref, enrolment.enrolmentId, null);
  }
}

/** Level 1: the talk so far, and what rules read in the message. No network. */
export function understand(deps: Deps, file: CaseFile): Promise<Pick<Findings, 'talk' | 'reading'>> {
  return runLevel(deps, 'understand', {
    talk: required(deps.times.store, () => deps.leads.talk(file.ref, 20)),
    reading: required(deps.times.store, () => readEvent(deps, file)),
  });
}

/** Level 2: the seven questions, and what the CRM knows of the contact where we know nothing. */
export async function qualify(
  deps: Deps,
  file: CaseFile,
  reading: Reading | null,
): Promise<Pick<Findings, 'qualification' | 'snapshot' | 'crmFacts'>> {
  const found = await runLevel(deps, 'qualify', {
    questions: required(deps.times.store, async () => advance(file.lead.qualification, reading, saidIn(file))),
    snapshot: optional(deps.times.crm, () => enrich(deps, file)),
  });
  const snapshot = valueOr(file, 'crm-snapshot', found.snapshot, snapshotAfter(file));
  const { fields } = await runLevel(deps, 'qualify', {
    fields: optional(deps.times.crm, () => readFields(deps, file, snapshot)),
  });
  return { qualification: found.questions, snapshot, crmFacts: valueOr(file, 'crm-fields', fields, {}) };
}

/** The team's own fields hold facts of the score; which field is which is known from the location, and remembered. */
async function readFields(
  deps: Deps,
  { ref, location }: CaseFile,
  snapshot: ContactSnapshot | null,
): Promise<CrmFacts> {
  const values = snapshot?.customFields ?? {};
  if (Object.keys(values).length === 0) return {};
  return factsFromFields(values, await deps.crm.fieldIds(ref.locationId), location.settings);
}

function snapshotAfter({ lead, event }: CaseFile): ContactSnapshot | null {
  if (event.contact === undefined) return lead.snapshot;
  return mergeSnapshot(lead.snapshot, lead.snapshotAt, event.contact, event.occurredAt).snapshot;
}

/** Reads the CRM only where the store and the event are silent, or where the event came unsigned. */
async function enrich(deps: Deps, file: CaseFile): Promise<ContactSnapshot | null> {
  const carried = snapshotAfter(file);
  if (carried?.tags !== undefined && file.event.source !== 'workflow' && !asksWhose(file, carried)) return carried;
  const fresh = await deps.crm.contact(file.ref);
  if (fresh === 'gone') return carried;
  file.fresh = fresh;
  return mergeSnapshot(carried, file.event.occurredAt, fresh.snapshot, fresh.at).snapshot;
}

/** Whose lead it is must be known before it is given away. */
function asksWhose({ location, lead }: CaseFile, { assignedTo }: ContactSnapshot): boolean {
  return location.settings.assignment.mode !== 'off' && assignedTo === undefined && lead.deletedAt === null;
}

/** Level 3: score, stage, plan, sequence; stored in one transaction keyed by the inbox id. A repeat answers where the lead stands. */
async function decide(deps: Deps, file: CaseFile, inboxId: string, found: Findings): Promise<DecideVerdict> {
  const { ref } = file;
  const now = isoNow(deps);
  const { standing } = await runLevel(deps, 'decide', {
    standing: required(deps.times.store, () => deps.leads.standing(ref, inboxId, now)),
  });
  if (standing.verdict !== undefined) {
    if (file.lead.deletedAt !== null) await forgetPerson(deps, ref);
    return (await currentVerdict(deps, ref)) ?? standing.verdict;
  }
  const { decision, facts, kept, wishes } = await judge(deps, file, standing, found, now);
  const zone = found.snapshot?.timezone ?? null;
  const summary = decision.timeline.find((entry) => entry.kind === 'decision')?.summary ?? `worked ${file.event.kind}`;
  const verdict = await deps.leads.commitDecision(
    {
      ref,
      inboxId,
      decision,
      stateBefore: file.lead.state,
      facts,
      ...(kept === null ? {} : { kept }),
      ...(wishes === undefined ? {} : { wishes }),
      patch: file.event.contact === undefined ? null : { snapshot: file.event.contact, at: file.event.occurredAt },
      message: file.event.message ?? null,
      quiet: isQuiet(file.event),
      record: file.event.record ?? null,
      personHashes: hashes(deps, found.snapshot),
      consents: await shownBy(deps, ref, found.snapshot, file.location.settings),
      bought: boughtShown(found.snapshot, file.location.settings),
      now,
    },
    ({ enrolments: after, planChanged, openSends, assistWaits, assignment, state }) =>
      verdictOf(
        { ...decision, deletedAt: decision.stage === 'gone' ? now : null },
        {
          ...{
            state,
            enrolments: after,
            openSends,
            assistWaits,
            assignment,
            zone,
            dirty: planChanged,
            installed: true,
            summary,
          },
          ...looksAfter(file, standing, found, decision, { state, enrolments: after }, now),
        },
        now,
      ),
  );
  if (file.fresh !== undefined) await deps.leads.refreshSnapshot(ref, file.fresh.snapshot, file.fresh.at);
  if (decision.stage === 'gone') await forgetPerson(deps, ref);
  const optOut = found.reading?.optOut ?? 'none';
  if (optOut !== 'none') deps.measure({ kind: 'opt-out', verdict: optOut });
  deps.measure({ kind: 'decided', ms: deps.now().getTime() - Date.parse(file.takenUpAt) });
  await deps.pauses.at('decide.after-commit');
  return verdict;
}

/** What the cache keeps of somebody who was deleted goes, and with it the dictionaries that may hold their words. */
function forgetPerson({ cache }: Pick<Deps, 'cache'>, { locationId, contactId }: LeadRef): Promise<void> {
  return cache.erase(locationId, [contactId]);
}

/** A poison event: kept with the code that stopped it, so that the lead goes on and an operator sees it. */
async function park(deps: Deps, { inboxId, code }: { inboxId: string; code: string }): Promise<void> {
  await deps.inbox.settle(inboxId, 'parked', code);
  deps.measure({ kind: 'verdict', verdict: 'parked' });
}
