import { newsOf } from '../domain/follow-up/news.ts';
import type { Enrolment, SequenceStep } from '../domain/follow-up/sequence.ts';
import type { Iso, LeadRef } from '../domain/glossary.ts';
import type { Location } from '../domain/leads/settings.ts';
import type { ToldHome } from '../domain/market/alert-words.ts';
import { byHome, collectedAt, sift, type WaitingAlert } from '../domain/market/alerts.ts';
import type { Telling, ToldAlert } from '../domain/ports/market-alerts.ts';
import { type Deps, isoNow, later } from './deps.ts';

const DAY_MS = 24 * 3_600_000;
/** What cannot be read just now may be mended by the next poll, or by the night. */
const LOOK_AGAIN_MS = 3_600_000;

/** The news that a message tells, and the homes that it is about, the best first. */
export interface NewsOfStep {
  readonly homes: readonly ToldHome[];
  readonly alerts: readonly ToldAlert[];
}

/** What a message about homes comes to just now. `none`: nothing is left to tell; `wait`: it is asked again then. */
export type NewsTurn =
  | { readonly kind: 'go'; readonly news: NewsOfStep }
  | { readonly kind: 'wait'; readonly at: Iso }
  | { readonly kind: 'none'; readonly why: string };

/**
 * Whatever waits for the lead goes into one message, looked at anew: what is not true any more, or may not be told, is dropped with why.
 * It goes out when the time of collecting is over and the lead has had fewer messages about homes in 24 hours than the location allows; what
 * is held back so goes into the next one.
 */
export async function newsTurn(
  deps: Pick<Deps, 'alerts' | 'leads' | 'now'>,
  ref: LeadRef,
  enrolment: Enrolment,
  step: SequenceStep,
  location: Location | undefined,
): Promise<NewsTurn> {
  const now = isoNow(deps);
  const { trigger } = enrolment.document;
  const kinds = trigger.on === 'listing' ? trigger.change : [];
  const market = location?.settings.market;
  const rightsOf = (name: string) => market?.feeds.find((feed) => feed.market === name)?.rights ?? null;
  const stored = newsOf(enrolment, await deps.alerts.waiting(ref));
  const { tell, hold, drop } = sift(
    stored.map((alert) => ({ ...alert, rights: rightsOf(alert.market) })),
    now,
  );
  await deps.alerts.drop(ref, drop, now);
  const concerns = (some: readonly WaitingAlert[]) => some.some(({ kind }) => kinds.includes(kind));
  if (market !== undefined && !concerns(tell) && concerns(hold)) return { kind: 'wait', at: later(now, LOOK_AGAIN_MS) };
  if (market === undefined || !concerns(tell)) {
    return { kind: 'none', why: 'no news of homes is left that it is about' };
  }
  const { perDay, collectMinutes } = market.alerts;
  const { count, oldestAt, newestAt } = await deps.alerts.sentSince(ref, later(now, -DAY_MS));
  // What the last message had no room for does not follow it on its heels.
  const collected = enrolment.event === null ? collectedAt(tell, collectMinutes, newestAt) : null;
  // Whoever asks for it now does not wait for more to come.
  if (enrolment.sendNow !== step.key && collected !== null && isAfter(collected, now))
    return { kind: 'wait', at: collected };
  if (count >= perDay) return held(deps, ref, enrolment, { perDay, until: later(oldestAt ?? now, DAY_MS) });
  return { kind: 'go', news: newsWith(tell, kinds) };
}

async function held(
  deps: Pick<Deps, 'leads' | 'now'>,
  ref: LeadRef,
  { enrolmentId }: Enrolment,
  { perDay, until }: { readonly perDay: number; readonly until: Iso },
): Promise<NewsTurn> {
  await deps.leads.addTimeline(ref, {
    at: isoNow(deps),
    kind: 'wait',
    summary: `Listing alert: at most ${perDay} a day; what waits goes into the next one.`,
    refs: { enrolmentId, opensAt: until },
  });
  return { kind: 'wait', at: until };
}

/** Homes of which the sequence is about come first; each is told once, whatever happened to it meanwhile. */
function newsWith(tell: readonly WaitingAlert[], kinds: readonly string[]): NewsOfStep {
  const homes = byHome(tell);
  const first = homes.filter(({ kind }) => kinds.includes(kind));
  const ordered = [...first, ...homes.filter((home) => !first.includes(home))];
  return {
    homes: ordered.flatMap(({ kind, listing, priceBefore, startsAt }) =>
      listing === null ? [] : [{ kind, listing, priceBefore, startsAt }],
    ),
    alerts: tell.flatMap(({ listingKey, change, listing }) =>
      listing === null ? [] : [{ listingKey, change, price: listing.price, asOf: listing.changedAt }],
    ),
  };
}

/**
 * The send tells the homes that its words describe and no others: news of those that it only counts waits for the next message.
 * @param described  how many of the homes, the first ones; undefined: all
 */
export async function bindDescribed(
  deps: Pick<Deps, 'alerts'>,
  ref: LeadRef,
  by: Telling,
  { homes, alerts }: NewsOfStep,
  described: number = homes.length,
): Promise<readonly ToldAlert[]> {
  const keys = homes.slice(0, described).map(({ listing }) => listing.listingKey);
  const told = alerts.filter(({ listingKey }) => keys.includes(listingKey));
  if (told.length < alerts.length) await deps.alerts.bind(ref, by, told);
  return told;
}

function isAfter(a: Iso, b: Iso): boolean {
  return Date.parse(a) > Date.parse(b);
}
