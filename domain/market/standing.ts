import type { Iso } from '../glossary.ts';
import type { FeedChoice } from '../leads/settings-market.ts';
import type { FeedStanding } from '../ports/market-status.ts';
import { type FeedProvider, type FeedQuota, type FeedResource, feedResources } from './feed.ts';
import { wasRefused } from './granted.ts';
import type { FeedRights } from './rights.ts';

/**
 * How a feed stands, in one word. not-started: it is in the settings and was never asked. initial: its first walk goes on. behind: it was not
 * asked to the end for several of its intervals. held: its vendor said when to come back. left: it is in no settings any more.
 */
export const standings = ['well', 'initial', 'not-started', 'behind', 'held', 'failing', 'left'] as const;
export type Standing = (typeof standings)[number];

type Known = Omit<FeedStanding, 'market' | 'provider' | 'phase' | 'cursor' | 'recent' | 'quota'>;

/** A feed as people see it. Null is unknown, or never was. */
export interface FeedShown extends Known {
  readonly locationId: string;
  readonly market: string;
  readonly provider: FeedProvider;
  readonly standing: Standing;
  /** From the settings; null: they name it no more. */
  readonly pollMinutes: number | null;
  readonly rights: FeedRights | null;
  /** The last event of the journal, or that everything changed before `at` is here, by the feed's clock. */
  readonly cursor: { readonly sequence: string | null; readonly at: Iso | null; readonly ageSeconds: number | null };
  /** So long ago a change may have been made that is not here yet. */
  readonly lagSeconds: number | null;
  readonly rowsPerMinute: number;
  readonly quota: Required<FeedQuota> | null;
  /** Resources that the account was refused when it last asked for them. */
  readonly notGranted: readonly FeedResource[];
}

/** Polls that may be missed before a feed is behind: one may be running, one may be late. */
const MISSED = 3;

const nothing: Known = {
  ...{ mode: null, polledAt: null, pageAt: null, newestAt: null, heldUntil: null, failing: null },
  ...{ failingSince: null, listings: { active: 0, all: 0 }, deadLetters: {}, drift: { open: 0, frozen: [] } },
  ...{ pushWaiting: 0, reconciledAt: null, reconciled: null, walkingSince: null, halted: null },
};

/** The feeds that a location has chosen, and those that it has rows of, by name. */
export function feedsShown(
  locationId: string,
  chosen: readonly FeedChoice[],
  standings: readonly FeedStanding[],
  now: Iso,
): readonly FeedShown[] {
  const names = [...new Set([...chosen, ...standings].map(({ market }) => market))].sort();
  return names.map((market) => {
    const choice = chosen.find((one) => one.market === market) ?? null;
    const stored = standings.find((one) => one.market === market) ?? null;
    // Of another provider under the same name nothing is told: the next poll begins it anew.
    return shown(locationId, choice, choice !== null && stored?.provider !== choice.provider ? null : stored, now);
  });
}

function shown(locationId: string, choice: FeedChoice | null, stored: FeedStanding | null, now: Iso): FeedShown {
  const { market, provider } = (choice ?? stored)!;
  const about = {
    locationId,
    market,
    provider,
    pollMinutes: choice?.pollMinutes ?? null,
    rights: choice?.rights ?? null,
  };
  if (stored === null) {
    const cursor = { sequence: null, at: null, ageSeconds: null };
    const unasked = { cursor, lagSeconds: null, rowsPerMinute: 0, quota: null, notGranted: [] };
    return { ...nothing, ...about, standing: 'not-started', ...unasked };
  }
  const { phase: _phase, cursor, recent, quota, ...known } = stored;
  const at = certainUntil(stored);
  const lagSeconds = secondsSince(stored.polledAt, now);
  return {
    ...known,
    ...about,
    standing: standingOf(stored, choice, lagSeconds, now),
    cursor: { sequence: cursor.sequence, at, ageSeconds: secondsSince(at, now) },
    lagSeconds,
    rowsPerMinute: perMinute(recent, now),
    quota: quota === null ? null : { ...quota, by: quota.by ?? 'us' },
    notGranted: feedResources.filter((resource) => wasRefused(cursor, resource)),
  };
}

function standingOf(stored: FeedStanding, choice: FeedChoice | null, lag: number | null, now: Iso): Standing {
  if (choice === null) return 'left';
  if (stored.heldUntil !== null && stored.heldUntil > now) return 'held';
  if (stored.failing !== null) return 'failing';
  if (stored.phase === 'initial') return 'initial';
  return lag === null || lag > MISSED * choice.pollMinutes * 60 ? 'behind' : 'well';
}

/** By timestamps, the resource that is furthest behind; a journal has no times, but the newest change has. */
function certainUntil({ mode, cursor, newestAt }: FeedStanding): Iso | null {
  if (mode !== 'timestamps') return newestAt;
  const granted = feedResources.filter((resource) => !wasRefused(cursor, resource));
  const marks = granted.flatMap((resource) => cursor.resources[resource] ?? []).map(({ watermark }) => watermark);
  // Resources without records stand at the first instant.
  const moved = marks.filter((mark) => mark === null || Date.parse(mark) > 0);
  return moved.includes(null) ? null : (moved.sort()[0] ?? null);
}

function secondsSince(at: Iso | null, now: Iso): number | null {
  return at === null ? null : Math.max(0, Math.round((Date.parse(now) - Date.parse(at)) / 1000));
}

/** Over the time in which records came in, at most the last ten minutes; less than a minute is one. */
function perMinute({ records, since }: FeedStanding['recent'], now: Iso): number {
  if (since === null) return 0;
  return Math.round(records / Math.max(1, (Date.parse(now) - Date.parse(since)) / 60_000));
}
