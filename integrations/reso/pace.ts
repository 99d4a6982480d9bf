import { AppError, type ErrorCode } from '../../domain/errors.ts';
import type { FeedQuota } from '../../domain/market/feed.ts';
import type { Limit } from './vendors.ts';

/** Requests may reach the vendor closer together than the measure of their ways says. */
const SLACK_MS = 35;
/** So many answers tell how long the way and the vendor's work usually take: no longer than three in four of the last so many. */
const TELLING = 10;
const REMEMBERED = 50;
const USUAL = 0.75;
/** How soon it is looked again whether a request that is under way has come through. */
const LOOK_AGAIN_MS = 50;

/** A request that may leave now. */
export interface Place {
  /** The first of its answer came: by then, at the latest, the vendor had counted it. */
  answered(at: number): void;
  /** No answer came, and none will. How long that took tells nothing of ways. */
  failed(at: number): void;
  spent(bytes: number): void;
}

/**
 * Keeps one account within its vendor's limits: in no stretch of time more requests or bytes than the vendor takes, so that it hardly ever
 * has to refuse. The vendor counts a request when it arrives, which is after it left us and before its answer came. A place is free again a
 * stretch after it left; where its answer came later than usual, the request may have been late on its way, and counts from so much later.
 * It counts what this process asks; what others ask with the same account shows in the vendor's refusals alone.
 */
export interface Pace {
  /** @throws AppError FEED_BUSY or FEED_SUSPENDED, with `retryAfterMs`, where nothing may leave now */
  take(): Place;
  /** The vendor said no for a while; nothing is asked until then. */
  refused(code: 'FEED_BUSY' | 'FEED_SUSPENDED', forMs: number): void;
  /** The vendor told the limits of this account, which take the place of the published ones. */
  told(limits: readonly Limit[]): void;
  quota(): FeedQuota | null;
}

interface Entry {
  readonly leftAt: number;
  /** Undefined while it is under way. */
  answeredAt: number | undefined;
  bytes: number;
}

export function createPace(published: readonly Limit[], now: () => number): Pace {
  let limits = published;
  let entries: Entry[] = [];
  let ways: number[] = [];
  let usual = 0;
  let closed: { readonly code: ErrorCode; readonly until: number } | undefined;

  /** When the vendor counted it, at the latest. */
  function countedAt({ leftAt, answeredAt }: Entry, at: number): number {
    if (answeredAt === undefined) return at - SLACK_MS;
    return leftAt + Math.max(0, answeredAt - leftAt - usual);
  }

  /** When the next request may leave as far as this limit goes. */
  function freeAt({ requests, bytes, perMs }: Limit, at: number): number {
    const stretch = perMs + SLACK_MS;
    const first = requests === undefined ? undefined : entries.at(-requests);
    const full = requests !== undefined && entries.length >= requests && first !== undefined;
    // What is under way may not have been counted yet: it is looked at again when it should have been.
    const pending = full && first.answeredAt === undefined;
    const byCount = !full
      ? at
      : pending
        ? Math.max(first.leftAt + stretch, at + LOOK_AGAIN_MS)
        : countedAt(first, at) + stretch;
    if (bytes === undefined) return byCount;
    const inside = entries.filter((entry) => countedAt(entry, at) + stretch > at);
    let sum = inside.reduce((total, entry) => total + entry.bytes, 0);
    // An answer may be as long as the longest of the stretch.
    const expected = inside.reduce((longest, entry) => Math.max(longest, entry.bytes), 0);
    let free = byCount;
    for (const entry of inside) {
      if (sum + expected <= bytes) break;
      sum -= entry.bytes;
      free = Math.max(free, countedAt(entry, at) + stretch);
    }
    return free;
  }

  function prune(at: number): void {
    const longest = Math.max(0, ...limits.map(({ perMs }) => perMs)) + SLACK_MS;
    const first = entries.findIndex((entry) => countedAt(entry, at) + longest > at);
    entries = first === -1 ? [] : entries.slice(first);
  }

  return {
    take() {
      const at = now();
      if (closed !== undefined && at < closed.until) {
        const what = closed.code === 'FEED_BUSY' ? 'refused requests' : 'suspended the account';
        throw waiting(closed.code, `the vendor has ${what}; nothing is asked before then`, closed.until - at);
      }
      prune(at);
      const free = Math.max(at, ...limits.map((limit) => freeAt(limit, at)));
      if (free > at) throw waiting('FEED_BUSY', 'the requests that the vendor allows are used up for now', free - at);
      const entry: Entry = { leftAt: at, answeredAt: undefined, bytes: 0 };
      entries.push(entry);
      return {
        answered(answeredAt) {
          entry.answeredAt = answeredAt;
          ways = [...ways, answeredAt - entry.leftAt].slice(-REMEMBERED);
          usual =
            ways.length < TELLING ? 0 : ways.toSorted((one, other) => one - other)[Math.floor(ways.length * USUAL)]!;
        },
        failed: (failedAt) => void (entry.answeredAt = failedAt),
        spent: (bytes) => void (entry.bytes = bytes),
      };
    },
    refused(code, forMs) {
      const until = now() + forMs;
      if (closed === undefined || closed.until < until || code === 'FEED_SUSPENDED') closed = { code, until };
    },
    told: (own) => void (limits = own),
    quota() {
      const at = now();
      // What lasts no longer than a call waits says nothing to people.
      const lasting = limits.filter(({ requests, perMs }) => requests !== undefined && perMs > 1_000);
      const states = lasting.map(({ requests = 0, perMs }) => {
        const inside = entries.filter((entry) => entry.leftAt + perMs > at);
        const first = inside[0];
        return {
          limit: requests,
          left: Math.max(0, requests - inside.length),
          resetsAt: first === undefined ? null : new Date(first.leftAt + perMs).toISOString(),
        };
      });
      const tightest = states.sort((one, other) => one.left - other.left)[0];
      return tightest === undefined ? null : { at: new Date(at).toISOString(), ...tightest };
    },
  };
}

function waiting(code: ErrorCode, detail: string, retryAfterMs: number): AppError {
  return new AppError(code, detail, { retryAfterMs: Math.ceil(retryAfterMs) });
}
