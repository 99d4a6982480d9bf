import type { LeadRef } from '../domain/glossary.ts';
import { verdictOf } from '../domain/leads/verdict.ts';
import type { DecideVerdict } from '../domain/ports/leads.ts';
import { type Deps, isoNow } from './deps.ts';
import { storedFacts } from './plan.ts';

/** Where the lead stands by stored facts alone; null when nothing was ever decided about it. */
export async function currentVerdict(deps: Deps, ref: LeadRef): Promise<DecideVerdict | null> {
  const now = isoNow(deps);
  const [stored, applied, assistWaits] = await Promise.all([
    storedFacts(deps, ref, now),
    deps.leads.plan(ref),
    deps.drafts.waits(ref),
  ]);
  if (stored === undefined) return null;
  const { lead, location, planFacts } = stored;
  return verdictOf(
    lead,
    {
      ...planFacts,
      assistWaits,
      dirty:
        applied !== undefined &&
        applied.version > applied.applied &&
        (applied.plan !== null || applied.undos.length > 0),
      installed: location !== undefined && location.status !== 'uninstalled',
      summary: 'going on from stored facts',
    },
    now,
  );
}
