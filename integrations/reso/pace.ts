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

/** A limit with what the vendor says is left of it, whoever asked. */
export interface QuotaTold {
  readonly limit: Limit & { readonly requests: number };
  readonly left: number | null;
  /** Unix milliseconds by the vendor's clock; null: it does not say. */
  readonly resetsAt: number | null;
}

/** A request that may leave now. */
export interface Place {
  /** The first of its answer came: by then, at the latest, the vendor had counted it. */
  answered(at: number): void;
  /** No answer came, and none will. How long that took tells nothing of ways. */
  failed(at: number): void;
  spent(bytes: number): void;
  /** The vendor told with the answer what this account may take: its limits take the place of the published ones. */
  told(quotas: readonly QuotaTold[]): void;
}

/**
 * Keeps one account within its vendor's limits: in no stretch of time more requests or bytes than the vendor takes, so that it hardly ever
 * has to refuse. The vendor counts a request when it arrives, which is after it left us and before its answer came. A place is free again a
 * stretch after it left; where its answer came later than usual, the request may have been late on its way, and counts from so much later.
 * It counts what this process asks. What others ask with the same account shows in what the vendor says is left, where it says so: then nothing
 * is asked beyond that; else in its refusals alone.
 */
export interface Pace {
  /** @throws AppError FEED_BUSY or FEED_SUSPENDED, with `retryAfterMs`, where nothing may leave now */
  take(): Place;
  /** The vendor said no for a while; nothing is asked until then. */
  refused(code: 'FEED_BUSY' | 'FEED_SUSPENDED', forMs: number): void;
  quota(): FeedQuota | null;
}

/** What the vendor said was left, by the answer to the request of this number. */
interface Word {
  readonly number: number;
  readonly at: number;
  readonly left: number;
  /** By our clock at most a whole stretch later: theirs may be wrong. */
  readonly until: number;
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
  let asked = 0;
  /** By the length of the stretch. */
  const words = new Map<number, Word>();
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

  /** What is left by the vendor's word, less what was asked since; undefined: it has said nothing that holds by now. */
  function leftOf({ perMs }: Limit, at: number): (Word & { readonly free: number }) | undefined {
    const word = words.get(perMs);
    if (word === undefined || word.until <= at) return undefined;
    return { ...word, free: Math.max(0, word.left - (asked - word.number)) };
  }

  function hear(quotas: readonly QuotaTold[], number: number, at: number): void {
    limits = quotas.map(({ limit }) => limit);
    for (const { limit, left, resetsAt } of quotas) {
      // Answers come in any order: what was said to a later request says more.
      if (left === null || (words.get(limit.perMs)?.number ?? 0) > number) continue;
      words.set(limit.perMs, { number, at, left, until: Math.min(resetsAt ?? Infinity, at + limit.perMs) });
    }
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
      const spent = limits.flatMap((limit) => leftOf(limit, at) ?? []).filter(({ free }) => free === 0);
      const free = Math.max(
        at,
        ...limits.map((limit) => freeAt(limit, at)),
        ...spent.map(({ until }) => until + SLACK_MS),
      );
      if (free > at) throw waiting('FEED_BUSY', 'the requests that the vendor allows are used up for now', free - at);
      const entry: Entry = { leftAt: at, answeredAt: undefined, bytes: 0 };
      entries.push(entry);
      const number = (asked += 1);
      return {
        answered(answeredAt) {
          entry.answeredAt = answeredAt;
          ways = [...ways, answeredAt - entry.leftAt].slice(-REMEMBERED);
          usual =
            ways.length < TELLING ? 0 : ways.toSorted((one, other) => one - other)[Math.floor(ways.length * USUAL)]!;
        },
        failed: (failedAt) => void (entry.answeredAt = failedAt),
        spent: (bytes) => void (entry.bytes = bytes),
        told: (quotas) => hear(quotas, number, now()),
      };
    },
    refused(code, forMs) {
      const until = now() + forMs;
      if (closed === undefined || closed.until < until || code === 'FEED_SUSPENDED') closed = { code, until };
    },
    quota() {
      const at = now();
      // What lasts no longer than a call waits says nothing to people.
      const lasting = limits.filter(({ requests, perMs }) => requests !== undefined && perMs > 1_000);
      const states = lasting.map((limit) => {
        const { requests = 0, perMs } = limit;
        const word = leftOf(limit, at);
        if (word !== undefined) {
          const { free: left, until } = word;
          return { at: word.at, by: 'vendor' as const, limit: requests, left, resetsAt: new Date(until).toISOString() };
        }
        const inside = entries.filter((entry) => entry.leftAt + perMs > at);
        const first = inside[0];
        return {
          ...{ at, by: 'us' as const, limit: requests },
          left: Math.max(0, requests - inside.length),
          resetsAt: first === undefined ? null : new Date(first.leftAt + perMs).toISOString(),
        };
      });
      const tightest = states.sort((one, other) => one.left - other.left)[0];
      return tightest === undefined ? null : { ...tightest, at: new Date(tightest.at).toISOString() };
    },
  };
}

function waiting(code: ErrorCode, detail: string, retryAfterMs: number): AppError {
  return new AppError(code, detail, { retryAfterMs: Math.ceil(retryAfterMs) });
}
