import type { LeadRef } from '../domain/glossary.ts';
import { verdictOf } from '../domain/leads/verdict.ts';
import type { DecideVerdict } from '../domain/ports/leads.ts';
import { type Deps, isoNow } from './deps.ts';

/** Where the lead stands by stored facts alone; null when nothing was ever decided about it. */
export async function currentVerdict(deps: Deps, ref: LeadRef): Promise<DecideVerdict | null> {
  const [lead, enrolments, open, assignment, applied, location] = await Promise.all([
    deps.leads.load(ref),
    deps.leads.enrolments(ref),
    deps.outbox.open(ref),
    deps.assignments.get(ref),
    deps.leads.plan(ref),
    deps.locations.get(ref.locationId),
  ]);
  if (lead === undefined) return null;
  return verdictOf(
    lead,
    {
      state: lead.state,
      enrolments,
      openSends: open,
      assignment: assignment ?? null,
      zone: lead.snapshot?.timezone ?? null,
      dirty:
        applied !== undefined &&
        applied.version > applied.applied &&
        (applied.plan !== null || applied.undos.length > 0),
      installed: location !== undefined && location.status !== 'uninstalled',
      summary: 'going on from stored facts',
    },
    isoNow(deps),
  );
}
