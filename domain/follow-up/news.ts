import { type News, openHouseId } from '../market/alerts.ts';
import { type Happening, isAboutEvent } from './contest.ts';
import type { Enrolment } from './sequence.ts';

type ListingHappening = Extract<Happening, { readonly on: 'listing' }>;

/** What waits to be told, as sequences may wait for it: everything that can be told at any time together, and each open house for itself. */
export function newsHappenings(news: readonly News[]): readonly ListingHappening[] {
  const anyTime = news.filter(({ kind }) => kind !== 'open-house');
  const changes = [...new Set(anyTime.map(({ kind }) => kind))];
  return [
    ...(changes.length === 0 ? [] : [{ on: 'listing', changes, event: null } as const]),
    ...news.flatMap((one): ListingHappening[] => {
      if (one.kind !== 'open-house' || one.startsAt === null) return [];
      const event = { kind: 'open-house', id: openHouseId(one), at: one.startsAt } as const;
      return [{ on: 'listing', changes: ['open-house'], event }];
    }),
  ];
}

/** Which of the waiting news an enrolment tells; an open house is told by its own, the rest by whichever runs. */
export function newsOf<N extends News>(
  { document, event }: Pick<Enrolment, 'document' | 'event'>,
  news: readonly N[],
): readonly N[] {
  if (document.trigger.on !== 'listing') return [];
  if (!isAboutEvent(document)) return news.filter(({ kind }) => kind !== 'open-house');
  return news.filter((one) => one.kind === 'open-house' && openHouseId(one) === event?.id);
}
