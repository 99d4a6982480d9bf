import { AppError, type ErrorCode } from '../../domain/errors.ts';
import type { FeedQuota } from '../../domain/market/feed.ts';
import type { Limit } from './vendors.ts';

/** A wait up to this is waited out by the call itself. */
const PATIENCE_MS = 1_100;
/** Requests reach the vendor closer together than they left us. */
const SLACK_MS = 25;

/** One request's place: how long to wait for it, and where its bytes are counted when they are known. */
export interface Place {
  readonly waitMs: number;
  spent(bytes: number): void;
}

/**
 * Keeps one account within its vendor's limits: in no stretch of time more requests or bytes than the vendor takes, so that it never has
 * to refuse. It counts what this process asks; what others ask with the same account shows in the vendor's refusals alone.
 */
export interface Pace {
  /** @throws AppError FEED_BUSY or FEED_SUSPENDED, with `retryAfterMs`, where the wait would be long */
  take(): Place;
  /** The vendor said no for a while; nothing is asked until then. */
  refused(code: 'FEED_BUSY' | 'FEED_SUSPENDED', forMs: number): void;
  /** The vendor told the limits of this account, which take the place of the published ones. */
  told(limits: readonly Limit[]): void;
  quota(): FeedQuota | null;
}

interface Entry {
  readonly at: number;
  bytes: number;
}

export function createPace(published: readonly Limit[], now: () => number): Pace {
  let limits = published;
  let entries: Entry[] = [];
  let closed: { readonly code: ErrorCode; readonly until: number } | undefined;

  function prune(at: number): void {
    const longest = Math.max(0, ...limits.map(({ perMs }) => perMs)) + SLACK_MS;
    const first = entries.findIndex((entry) => entry.at + longest > at);
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
      const free = Math.max(at, entries.at(-1)?.at ?? at, ...limits.map((limit) => freeAt(entries, limit, at)));
      if (free - at > PATIENCE_MS) {
        throw waiting('FEED_BUSY', 'the requests that the vendor allows are used up for now', free - at);
      }
      const entry: Entry = { at: free, bytes: 0 };
      entries.push(entry);
      return { waitMs: free - at, spent: (bytes) => void (entry.bytes = bytes) };
    },
    refused(code, forMs) {
      const until = now() + forMs;
      if (closed === undefined || closed.until < until || code === 'FEED_SUSPENDED') closed = { code, until };
    },
    told: (own) => void (limits = own),
    quota() {
      const at = now();
      const counted = limits.filter(({ requests }) => requests !== undefined);
      // The shortest window says nothing to people: it is waited out.
      const lasting = counted.filter(({ perMs }) => perMs > PATIENCE_MS);
      const states = lasting.map(({ requests = 0, perMs }) => {
        const inside = entries.filter((entry) => entry.at + perMs > at);
        const first = inside[0];
        return {
          limit: requests,
          left: Math.max(0, requests - inside.length),
          resetsAt: first === undefined ? null : new Date(first.at + perMs).toISOString(),
        };
      });
      const tightest = states.sort((one, other) => one.left - other.left)[0];
      return tightest === undefined ? null : { at: new Date(at).toISOString(), ...tightest };
    },
  };
}

/** When the next request may leave as far as this limit goes. */
function freeAt(entries: readonly Entry[], { requests, bytes, perMs }: Limit, at: number): number {
  const stretch = perMs + SLACK_MS;
  const byCount = requests === undefined ? undefined : entries.at(-requests);
  const free =
    requests !== undefined && entries.length >= requests && byCount !== undefined ? byCount.at + stretch : at;
  return bytes === undefined ? free : Math.max(free, bytesFreeAt(entries, bytes, stretch, at));
}

/** An answer may be as long as the longest of the stretch. */
function bytesFreeAt(entries: readonly Entry[], most: number, stretch: number, at: number): number {
  const inside = entries.filter((entry) => entry.at + stretch > at);
  let sum = inside.reduce((total, entry) => total + entry.bytes, 0);
  const expected = inside.reduce((longest, entry) => Math.max(longest, entry.bytes), 0);
  let free = at;
  for (const entry of inside) {
    if (sum + expected <= most) break;
    sum -= entry.bytes;
    free = entry.at + stretch;
  }
  return free;
}

function waiting(code: ErrorCode, detail: string, retryAfterMs: number): AppError {
  return new AppError(code, detail, { retryAfterMs: Math.ceil(retryAfterMs) });
}
