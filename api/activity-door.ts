import { AppError } from '../domain/errors.ts';
import type { ActivitySite, ActivityStore } from '../domain/ports/activity.ts';
import { type ActivityPost, MOST_EVENTS, readActivityPost } from '../domain/webhooks/activity.ts';
import { readJsonObject } from '../domain/webhooks/payload.ts';
import type { Metrics } from '../platform/metrics.ts';
import { sha256 } from '../platform/secrets.ts';
import type { LocationLookup } from './location-lookup.ts';
import type { Take } from './rate-limit.ts';
import { type Storing, type ToStore, untilStored } from './until-stored.ts';

export interface ActivityDoorDeps extends Storing {
  readonly activity: ActivityStore;
  readonly lookup: Pick<LocationLookup, 'byId'>;
  readonly hashPerson: (address: string) => string;
  readonly metrics: Pick<Metrics, 'activity'>;
  readonly now: () => Date;
}

/** Whoever holds a secret of a public page is let in so often. */
export interface ActivityLimits {
  readonly ofAddress: Take;
  readonly ofSite: Take;
}

export interface ActivityDelivery {
  readonly raw: Buffer;
  readonly contentType: string | undefined;
}

export interface ActivityAnswer {
  readonly status: 'accepted';
  /** Kept, new. */
  readonly stored: number;
  /** Kept since an earlier post. */
  readonly duplicates: number;
  /** Without consent: counted by kind, and nothing else. */
  readonly counted: number;
  readonly refused: ActivityPost['refused'];
}

/**
 * Whose page posts. A wrong secret, one of a location that is gone and one that never was are answered alike; a secret is looked up by
 * its hash, so that the time it takes says nothing about how near a guess came.
 * @throws AppError ACTIVITY_RATE, ACTIVITY_SECRET, ACTIVITY_ORIGIN, CANNOT_STORE
 */
export async function siteOf(
  deps: ActivityDoorDeps,
  limits: ActivityLimits,
  asked: { readonly secret: string; readonly origin: string | undefined; readonly address: string },
): Promise<ActivitySite> {
  // Before anything is looked up: guessing costs, too.
  limited(limits.ofAddress(asked.address));
  const site = await untilStored(deps, behaviour, async () => {
    const found = await deps.activity.siteBySecretHash(sha256(asked.secret));
    const location = found === undefined ? undefined : await deps.lookup.byId(found.locationId);
    return location === undefined || location.status === 'uninstalled' ? undefined : found;
  });
  if (site === undefined) throw new AppError('ACTIVITY_SECRET', 'nothing answers at this address');
  if (asked.origin !== undefined && site.origins.length > 0 && !site.origins.includes(asked.origin)) {
    throw new AppError('ACTIVITY_ORIGIN', 'expected an origin that the location lists');
  }
  limited(limits.ofSite(site.locationId));
  return site;
}

/**
 * A post of behaviour, from bytes to rows. Answered only once it is committed.
 * @throws AppError CONTENT_TYPE, BODY_MALFORMED, ACTIVITY_MALFORMED, EVENT_FROM_FUTURE where nothing of it can be kept; CANNOT_STORE
 */
export async function receiveActivity(
  deps: ActivityDoorDeps,
  { locationId }: ActivitySite,
  delivery: ActivityDelivery,
): Promise<ActivityAnswer> {
  const now = deps.now().toISOString();
  const post = readActivityPost(parsed(delivery), locationId, now, { sha256, hashPerson: deps.hashPerson });
  if (post === undefined) {
    throw new AppError('ACTIVITY_MALFORMED', `expected a list of at most ${MOST_EVENTS} events, or one event`);
  }
  const { events, people, counts, refused } = post;
  const counted = Object.values(counts).reduce((sum, one) => sum + one, 0);
  if (events.length + counted === 0 && refused.length > 0) throw nothingLeft(refused);
  const fresh = await untilStored(deps, behaviour, () =>
    deps.activity.record(locationId, { events, people, counts }, now),
  );
  for (const [kind, number] of Object.entries(counts))
    deps.metrics.activity(kind as keyof typeof counts, 'counted', number);
  const seen = new Set<string>();
  for (const { kind, eventId } of events) {
    deps.metrics.activity(kind, fresh.has(eventId) && !seen.has(eventId) ? 'stored' : 'again', 1);
    seen.add(eventId);
  }
  return { status: 'accepted', stored: fresh.size, duplicates: events.length - fresh.size, counted, refused };
}

function nothingLeft(refused: ActivityPost['refused']): AppError {
  return refused.every(({ why }) => why === 'future')
    ? new AppError('EVENT_FROM_FUTURE', 'expected times at most five minutes ahead')
    : new AppError('ACTIVITY_MALFORMED', 'expected events that are objects with a kind');
}

function limited(waitMs: number): void {
  if (waitMs > 0) throw new AppError('ACTIVITY_RATE', 'expected fewer posts a second', { retryAfterMs: waitMs });
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A beacon says `text/plain`, which a page may send anywhere without asking first. */
function parsed({ raw, contentType }: ActivityDelivery): Record<string, unknown> {
  const type = (contentType ?? '').toLowerCase().split(';')[0]?.trim();
  if (type !== 'application/json' && type !== 'text/plain') {
    throw new AppError('CONTENT_TYPE', 'expected application/json or text/plain');
  }
  let text: string;
  try {
    text = utf8.decode(raw);
  } catch {
    // The cause could only repeat the body's bytes.
    throw new AppError('BODY_MALFORMED', 'expected UTF-8');
  }
  const read = readJsonObject(text);
  if (!read.ok) throw new AppError('BODY_MALFORMED', `expected a JSON object, got one that is ${read.why}`);
  return read.json;
}

const behaviour: ToStore = {
  what: 'the events',
  lost: 'behaviour could not be stored; its page is asked to come again',
  refusals: ['BAD_VALUE'],
};
