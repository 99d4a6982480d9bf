/**
 * The budget of calls that a CRM grants a location: so many in an interval (burst) and so many in a day. Pure; instants are
 * milliseconds. `integrations/redis/call-budget-script.ts` does the same for all processes at once, and a contract test holds both together.
 */
export interface CallBudgetState {
  /** Calls that the vendor allows in `intervalMs`, and in a day. */
  readonly max: number;
  readonly intervalMs: number;
  readonly dailyMax: number;
  /** Instants of our calls of the last interval, oldest first. */
  readonly recent: readonly number[];
  /** Calls that the vendor counted and we did not make (other apps, processes that we do not know of), until then. */
  readonly foreign: number;
  readonly foreignUntil: number;
  /** The vendor said no: nobody calls until then. */
  readonly blockedUntil: number;
  /** When the last of those who wait was asked to come again. */
  readonly lineUntil: number;
  readonly dayUsed: number;
  readonly dayEnds: number;
}

export type BudgetVerdict =
  | { readonly kind: 'granted'; readonly burstLeft: number; readonly dailyLeft: number }
  /** `burst` and `blocked` pass within an interval or so; `daily` lasts until the vendor's day ends. */
  | { readonly kind: 'refused'; readonly why: 'burst' | 'blocked' | 'daily'; readonly waitMs: number };

/** What an answer's headers said; what they did not say is absent. */
export interface HeardOfBudget {
  readonly max?: number;
  readonly intervalMs?: number;
  readonly remaining?: number;
  readonly dailyMax?: number;
  readonly dailyRemaining?: number;
  /** Milliseconds until the vendor's day ends. */
  readonly dayEndsInMs?: number;
  /** The answer was a 429, with this wait. */
  readonly refusedForMs?: number;
}

/** What the vendor publishes, until its headers say otherwise. */
export const publishedLimits = { max: 100, intervalMs: 10_000, dailyMax: 200_000 } as const;
/** What calls that can wait may use of either budget; the rest is kept for opt-outs, do-not-disturb and answers. */
export const ORDINARY_SHARE = 0.8;
/** When the day's budget, or its ordinary share, is spent and nobody said until when, the vendor is asked again after this. */
export const DAY_UNKNOWN_MS = 3_600_000;

/** Whoever comes again reads first and then writes, as a rule: so many calls each. */
export const CALLS_OF_A_VISIT = 2;
/** Who waits longer than this is asked to come again as if nobody waited. */
export const LONGEST_LINE_MS = 30_000;
const DAY_MS = 86_400_000;

export function freshBudget(now: number): CallBudgetState {
  return {
    ...publishedLimits,
    recent: [],
    foreign: 0,
    foreignUntil: 0,
    blockedUntil: 0,
    lineUntil: 0,
    dayUsed: 0,
    dayEnds: nextMidnight(now),
  };
}

/**
 * May a call be made now? If so it is counted.
 * @param share  of the burst that the asker may use at most, 0–1; less than 1 where others spend from it unseen. The day's count is
 *               the vendor's own, of everybody's calls: a share of it would be spent by others.
 */
export function takeCall(
  before: CallBudgetState,
  now: number,
  urgent: boolean,
  share = 1,
): { readonly state: CallBudgetState; readonly verdict: BudgetVerdict } {
  const state = upTo(before, now);
  const burst = allowed(state.max, urgent, share);
  const refused = (why: 'burst' | 'blocked' | 'daily', until: number) => {
    const lineUntil = urgent || why === 'daily' ? state.lineUntil : placeInLine(state, now, until, burst);
    const waitMs = Math.max(1, (urgent || why === 'daily' ? until : lineUntil) - now);
    return { state: { ...state, lineUntil }, verdict: { kind: 'refused', why, waitMs } } as const;
  };
  if (now < state.blockedUntil) return refused('blocked', state.blockedUntil);
  if (state.dayUsed >= allowed(state.dailyMax, urgent)) return refused('daily', state.dayEnds);
  const used = state.recent.length + state.foreign;
  if (used >= burst) return refused('burst', freeAgainAt(state, used - burst));
  const verdict: BudgetVerdict = {
    kind: 'granted',
    burstLeft: Math.max(0, state.max - used - 1),
    dailyLeft: Math.max(0, state.dailyMax - state.dayUsed - 1),
  };
  return { state: { ...state, recent: [...state.recent, now], dayUsed: state.dayUsed + 1 }, verdict };
}

/**
 * Each of many that wait is asked to come at an instant of its own, as fast one after another as calls for them become free: if all came at the first
 * instant that is free, all but a few would come in vain, again and again.
 */
function placeInLine({ lineUntil, intervalMs }: CallBudgetState, now: number, free: number, burst: number): number {
  const place = Math.max(free, lineUntil + Math.ceil((CALLS_OF_A_VISIT * intervalMs) / burst));
  return place - now > LONGEST_LINE_MS ? free : place;
}

/** The budget as it is known after an answer. The vendor's own count is believed where it is worse than ours. */
export function hearOfBudget(before: CallBudgetState, now: number, heard: HeardOfBudget): CallBudgetState {
  const news = saneNews(heard);
  const { max, intervalMs, dailyMax } = { ...before, ...news };
  const state = upTo({ ...before, max, intervalMs, dailyMax }, now);
  const unseen = news.remaining === undefined ? 0 : state.max - news.remaining - state.recent.length;
  const foreign = unseen > state.foreign ? { foreign: unseen, foreignUntil: now + state.intervalMs } : {};
  const dayUsed = news.dailyRemaining === undefined ? state.dayUsed : Math.max(0, state.dailyMax - news.dailyRemaining);
  const spent = news.dailyRemaining !== undefined && news.dailyRemaining <= 0;
  const blocked = news.refusedForMs !== undefined && !spent;
  return {
    ...state,
    ...foreign,
    dayUsed,
    dayEnds: dayEnds(state, now, news, dayUsed),
    blockedUntil: blocked ? Math.max(state.blockedUntil, now + (news.refusedForMs ?? 0)) : state.blockedUntil,
  };
}

/** The vendor's day may begin at any hour: who waits for its end asks once in a while whether it has begun. */
function dayEnds(state: CallBudgetState, now: number, news: HeardOfBudget, dayUsed: number): number {
  if (news.dayEndsInMs !== undefined) return now + news.dayEndsInMs;
  if (news.dailyRemaining === undefined) return state.dayEnds;
  if (news.dailyRemaining === 0) return now + DAY_UNKNOWN_MS;
  return dayUsed < allowed(state.dailyMax, false) ? state.dayEnds : Math.min(state.dayEnds, now + DAY_UNKNOWN_MS);
}

/** Without what no vendor would mean: a broken header must neither stop us for ever nor let us loose. */
export function saneNews(news: HeardOfBudget): HeardOfBudget {
  const bounds: Readonly<Record<keyof HeardOfBudget, readonly [least: number, most: number]>> = {
    max: [1, 10_000],
    intervalMs: [1, 3_600_000],
    remaining: [0, 1e9],
    dailyMax: [1, 1e9],
    dailyRemaining: [0, 1e9],
    dayEndsInMs: [1, DAY_MS],
    refusedForMs: [1, DAY_MS],
  };
  return Object.fromEntries(
    Object.entries(bounds).flatMap(([key, [least, most]]) => {
      const value = news[key as keyof HeardOfBudget];
      return value !== undefined && Number.isInteger(value) && value >= least && value <= most ? [[key, value]] : [];
    }),
  );
}

/** How much is left of both budgets at that time. */
export function budgetLeft(state: CallBudgetState, now: number): { readonly burst: number; readonly daily: number } {
  const { max, recent, foreign, dailyMax, dayUsed, blockedUntil } = upTo(state, now);
  return {
    burst: now < blockedUntil ? 0 : Math.max(0, max - recent.length - foreign),
    daily: Math.max(0, dailyMax - dayUsed),
  };
}

/** What has passed by `now` is left out. */
function upTo(state: CallBudgetState, now: number): CallBudgetState {
  const from = state.recent.findIndex((at) => at > now - state.intervalMs);
  return {
    ...state,
    recent: from === 0 ? state.recent : from < 0 ? [] : state.recent.slice(from),
    foreign: now < state.foreignUntil ? state.foreign : 0,
    ...(now < state.dayEnds ? {} : { dayUsed: 0, dayEnds: nextMidnight(now) }),
  };
}

/** At least one, so that a share of a small budget is not none. */
function allowed(limit: number, urgent: boolean, share = 1): number {
  return Math.max(1, Math.floor(limit * share * (urgent ? 1 : ORDINARY_SHARE)));
}

/** When one more than `over` of the calls that count now no longer do. */
function freeAgainAt(state: CallBudgetState, over: number): number {
  const ours = state.recent[over];
  const byOurs = ours === undefined ? Infinity : ours + state.intervalMs;
  return state.foreign > 0 ? Math.min(byOurs, state.foreignUntil) : byOurs;
}

/** The hour at which the vendor's day begins is not published; midnight UTC until it says. */
function nextMidnight(now: number): number {
  return (Math.floor(now / DAY_MS) + 1) * DAY_MS;
}
