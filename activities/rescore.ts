import type { RescoredSome, RescoreSomeInput, ScoreActivities } from '../workflows/activities.ts';
import { type Deps, isoNow } from './deps.ts';

type RescoreDeps = Pick<Deps, 'inbox' | 'locations' | 'scores' | 'scorer' | 'pauses' | 'sha256' | 'now'>;

/** Leads at a time: some tenths of a second of work, and some megabytes. */
const AT_ONCE = 500;

export function createScoreActivities(deps: RescoreDeps): ScoreActivities {
  return { rescoreSome: (input) => rescoreSome(deps, input) };
}

/**
 * The next leads of a pass. Worked again, because whoever worked it first died, it finds what is stored already and changes nothing: each
 * is scored as of the same instant, and a lead that was scored since keeps that score.
 */
async function rescoreSome(
  deps: RescoreDeps,
  { locationId, asOf, after }: RescoreSomeInput,
): Promise<RescoredSome | 'gone'> {
  const location = await deps.locations.get(locationId);
  if (location === undefined || location.status === 'uninstalled') return 'gone';
  const contactIds = await deps.scores.contacts(locationId, after, AT_ONCE);
  if (contactIds.length === 0) return { next: null, scored: 0, changed: 0 };
  const { scored, changed } = await deps.scorer.rescore(locationId, contactIds, { asOf }, async (moved) => {
    for (const contactId of moved) await haveDecided(deps, { locationId, contactId, asOf });
  });
  await deps.pauses.at('rescore.after-commit');
  const next = contactIds.length < AT_ONCE ? null : contactIds.at(-1)!;
  return { next, scored, changed: changed.length };
}

/**
 * Another tier may set off something, and mean another plan: the lead's own workflow scores it anew and decides, as after a fresh look
 * that brought nothing else. Once per pass; it happens now, for what is old begins nothing.
 */
async function haveDecided(
  deps: RescoreDeps,
  { locationId, contactId, asOf }: { readonly locationId: string; readonly contactId: string; readonly asOf: string },
): Promise<void> {
  await deps.inbox.accept({
    source: 'internal',
    eventKey: `rescore:${contactId}:${asOf}`,
    bodyHash: deps.sha256('{}'),
    type: 'lead.rescore',
    kind: 'contact.snapshot',
    ...{ locationId, contactId },
    occurredAt: isoNow(deps),
    body: new TextEncoder().encode('{}'),
    headers: {},
  });
}
