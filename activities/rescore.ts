import { isAppError } from '../domain/errors.ts';
import type { RescoredSome, RescoreSomeInput, ScoreActivities } from '../workflows/activities.ts';
import { type Deps, isoNow } from './deps.ts';

type RescoreDeps = Pick<
  Deps,
  'inbox' | 'locations' | 'scores' | 'scorer' | 'pauses' | 'log' | 'measure' | 'sha256' | 'now'
>;
type Done = Extract<RescoredSome, { outcome: 'done' }>;

/**
 * A pass at night reads anew what it read the night before, whether it comes to a lead a little sooner or later than then; what was read
 * for another reason since is used again.
 */
const WITHIN_HOURS = 12;
/** Leads told in one step. */
const TOLD_AT_ONCE = 100;
/**
 * A location that has so many events to work is told of no more leads. What comes in live meanwhile has no more than these before it. Events
 * that are stuck with their leads hold up nobody else, and do not count.
 */
const EVENTS_AT_MOST = 200;

export function createScoreActivities(deps: RescoreDeps): ScoreActivities {
  return { rescoreSome: (input) => rescoreSome(deps, input) };
}

/**
 * The next leads of a pass, each scored as of when it is read: a pass may take hours, and what was heard meanwhile is no fact of the instant at
 * which it began. Worked again, because whoever worked it first died, it finds the values that are stored already and changes nothing.
 */
async function rescoreSome(deps: RescoreDeps, input: RescoreSomeInput): Promise<RescoredSome> {
  const { locationId, after, atMost } = input;
  const location = await deps.locations.get(locationId);
  if (location === undefined || location.status === 'uninstalled') return { outcome: 'gone' };
  const of = after === '' ? await deps.scores.countContacts(locationId) : null;
  const contactIds = await deps.scores.contacts(locationId, after, atMost);
  const none: Done = {
    outcome: 'done',
    next: null,
    scored: 0,
    changed: 0,
    told: 0,
    left: 0,
    full: false,
    unread: null,
    of,
  };
  if (contactIds.length === 0) return none;
  try {
    const done = await scored(deps, input, contactIds);
    await deps.pauses.at('rescore.after-commit');
    return { ...none, ...done };
  } catch (error) {
    if (!isAppError(error) || error.code !== 'STORE_SLOW') throw error;
    if (contactIds.length > 1) return { outcome: 'slow', leads: contactIds.length };
    const [contactId] = contactIds as [string];
    deps.log.warn({ locationId, contactId }, 'the history of a lead is too long to be read; its score stays as it is');
    deps.measure({ kind: 'unread' });
    // Whether it was the last one, the next step finds out.
    return { ...none, next: contactId, unread: contactId };
  }
}

async function scored(
  deps: RescoreDeps,
  { locationId, asOf, after, atMost, leave = false }: RescoreSomeInput,
  contactIds: readonly string[],
): Promise<Pick<Done, 'next' | 'scored' | 'changed' | 'told' | 'left' | 'full'>> {
  const now = isoNow(deps);
  const asked = { asOf: now < asOf ? asOf : now, withinHours: WITHIN_HOURS };
  let told = 0;
  const done = await deps.scorer.rescore(locationId, contactIds, asked, async (moved) => {
    const room = EVENTS_AT_MOST - (await deps.inbox.unworked(locationId, EVENTS_AT_MOST));
    told = Math.min(moved.length, room, TOLD_AT_ONCE);
    for (const contactId of moved.slice(0, told)) await haveDecided(deps, { locationId, contactId, asOf });
    // Those that are left keep their scores, so that the next pass finds them moved again.
    return leave && told < TOLD_AT_ONCE ? moved.length : told;
  });
  const { stoppedAt, handed } = done;
  const sums = { scored: done.scored, changed: done.changed.length, told, left: handed - told };
  if (stoppedAt !== null) {
    const next = contactIds[contactIds.indexOf(stoppedAt) - 1] ?? after;
    return { ...sums, next, full: told < TOLD_AT_ONCE };
  }
  return { ...sums, next: contactIds.length < atMost ? null : contactIds.at(-1)!, full: false };
}

/**
 * Another tier may set off something, and mean another plan; so does a score that the CRM shows and that has moved for everybody to see.
 * The lead's own workflow scores it anew and decides, as after a fresh look that brought nothing else. Once per pass; it happens now, for
 * what is old begins nothing.
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
