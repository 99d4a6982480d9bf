import { unmet } from '../follow-up/conditions.ts';
import { contest, freeAt, isAboutEvent } from '../follow-up/contest.ts';
import type { Begun, TalkRecord } from '../follow-up/facts.ts';
import { newsHappenings, newsOf } from '../follow-up/news.ts';
import type { Enrolment, SequenceDocument, SequenceFacts, SequenceNeed } from '../follow-up/sequence.ts';
import type { Iso } from '../glossary.ts';
import { collectedAt, type Dropped, type News } from '../market/alerts.ts';
import type { ContactSnapshot } from './contact.ts';
import { mayFollow, type Settled, standingExit } from './endings.ts';
import type { MarketChoices } from './settings-market.ts';

/** Nothing goes out before the news that comes at about the same time is together; the first of it starts the time. */
export function newsNotBefore(
  document: SequenceDocument,
  news: readonly News[],
  { alerts }: MarketChoices,
): Iso | null {
  return isAboutEvent(document) ? null : collectedAt(newsOf({ document, event: null }, news), alerts.collectMinutes);
}

/** Who is asked whether news may be told: the lead as it is after a decision, and what its location has. */
export interface NewsOf {
  readonly news: readonly News[];
  readonly settled: Settled;
  readonly market: MarketChoices;
  /** Those that begin by themselves here. */
  readonly sequences: readonly SequenceDocument[];
  readonly available: readonly SequenceNeed[];
  readonly facts: SequenceFacts;
  readonly talk: TalkRecord;
  readonly began: Begun;
}

/**
 * News that this lead will never be told, each with why. What a pause, a takeover or a cool-down holds back keeps waiting: it goes into
 * the next message unless it has grown too old.
 */
export function newsToDrop(of: NewsOf, now: Iso): readonly Dropped[] {
  return of.news.flatMap(({ listingKey, change, kind }) => {
    const why = neverTold(kind, of, now);
    return why === null ? [] : [{ listingKey, change, why }];
  });
}

function neverTold(kind: News['kind'], of: NewsOf, now: Iso): string | null {
  const { state, stage, active } = of.settled;
  if (stage === 'gone') return 'the contact is deleted';
  if (stage === 'opted-out') return 'the lead has opted out';
  if (state === 'stopped') return 'the lead is stopped';
  if (state !== 'active') return null;
  if (!active.yes) return 'we may not act on the lead';
  if (of.market.alerts.perDay === 0) return 'the location sends no news of homes';
  const waiting = of.sequences.filter(({ trigger }) => trigger.on === 'listing' && trigger.change.includes(kind));
  const reasons = waiting.map((document) => whyNever(document, of, now));
  return reasons.includes(null) ? null : (reasons[0] ?? `no sequence of the location tells of it (${kind})`);
}

function whyNever(
  document: SequenceDocument,
  { available, facts, settled, talk, began }: NewsOf,
  now: Iso,
): string | null {
  const missing = document.needs.filter((need) => !available.includes(need));
  if (missing.length > 0) return `${document.key} needs ${missing.join(' and ')}, which this location does not have`;
  if (freeAt(document, began) === Number.POSITIVE_INFINITY)
    return `${document.key} runs once in a lead's life, and has run`;
  const exit = standingExit({ document, event: null }, settled, talk, now);
  if (exit !== null) return `${document.key} would end at once: ${exit}`;
  const unfit = unmet(document.audience, facts);
  return unfit === null ? null : `the lead is not of the audience of ${document.key}: ${unfit}`;
}

/** What of a lead says whether it may be followed up, and by what it is already. */
interface Followed {
  readonly snapshot: ContactSnapshot | null;
  readonly enrolments: readonly Enrolment[];
}

/**
 * When a lead is to be looked at because of news that no enrolment tells: now, where a sequence would begin by it; else when a cool-down is
 * over. Null: nothing waits for that. What then begins is decided like anything else.
 */
export function newsLook(of: NewsOf & Followed, now: Iso): Iso | null {
  const { enrolments, facts, began, available, settled, talk } = of;
  if (of.news.length === 0 || of.market.alerts.perDay === 0 || !mayFollow(of)) return null;
  const sequences = of.sequences.filter(
    (document) => standingExit({ document, event: null }, settled, talk, now) === null,
  );
  const times = newsHappenings(of.news).flatMap((happening) => {
    const asked = { now, happening, sequences, running: enrolments, began, facts, available };
    if (contest(asked).begin.length > 0) return [Date.parse(now)];
    if (enrolments.some((enrolment) => newsOf(enrolment, of.news).length > 0)) return [];
    return sequences.flatMap((document) => {
      const free = freeAt(document, began);
      const waits =
        document.trigger.on === 'listing' && document.trigger.change.some((kind) => happening.changes.includes(kind));
      return waits && Number.isFinite(free) && free > Date.parse(now) ? [free] : [];
    });
  });
  return times.length === 0 ? null : new Date(Math.min(...times)).toISOString();
}
