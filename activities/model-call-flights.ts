import type { Earlier } from '../domain/assistant/misses.ts';
import { ttlMs } from '../domain/assistant/ttl.ts';
import type { Iso } from '../domain/glossary.ts';
import type { Log } from '../domain/ports/log.ts';
import type { ModelFlights } from '../domain/ports/model-ledger.ts';
import { keep, type PricedCall, prefixPrint } from './model-call-offers.ts';

/** A call on its way to the first byte of its answer. */
export interface Flight {
  /** The answer began: whoever waits reads now what this call wrote. */
  began(): void;
  /** The call is over. Where its answer never began, the next in line writes. */
  over(): Promise<void>;
}

export interface Flights {
  /** Returns when the call may go: nobody else is known to write what it wants to read, or it has waited long enough. */
  board(call: PricedCall, earlier: Earlier, deadline: number): Promise<Flight>;
}

/** So long others wait for a first byte at most, and never for more than this share of the time that they have. */
const LONGEST_WAIT_MS = 8_000;
const WAIT_SHARE = 0.4;
const LOOK_EVERY_MS = 100;
/** Longer than anybody waits. */
const LEASE_MS = 15_000;
/** An entry of the cache is not counted on until its very end. */
const MARGIN_MS = 10_000;

/** The end of a layer that calls share, and how long what is written up to there is kept. */
interface Prefix {
  readonly print: string;
  readonly layer: 'global' | 'location';
  readonly keptMs: number;
}

/**
 * Calls that find a shared prefix cold each pay for writing it, unless one goes first: the others wait until its answer begins, and read.
 * Within a process they wait for a promise, across processes one of each looks for the lease. A mistake here costs cents, and the wait is
 * bounded: who dies on the way holds nobody up for longer.
 */
export function createFlights(deps: {
  readonly flights: ModelFlights;
  readonly now: () => Date;
  readonly newId: () => string;
  readonly wait: (ms: number) => Promise<void>;
  readonly log: Log;
}): Flights {
  const { now, wait } = deps;
  const warm = new Map<string, number>();
  const leading = new Map<string, Promise<void>>();
  const ms = (): number => now().getTime();

  function isWarm(print: string): boolean {
    return (warm.get(print) ?? 0) > ms();
  }

  function warmed(print: string, until: number): void {
    if (until > (warm.get(print) ?? 0)) keep(warm, print, until);
  }

  /** Says what the ledger knows: a call that ended has written, or read and so renewed, what it marked. */
  function learn(call: PricedCall, earlier: Earlier): void {
    for (const { print, layer } of prefixesOf(call)) {
      const last = earlier[layer];
      const mark = last?.marks.find((one) => one.layer === layer);
      if (last === undefined || mark === undefined || !samePrefix(call, last.prints, layer)) continue;
      warmed(print, last.at + ttlMs[mark.ttl] - MARGIN_MS);
    }
  }

  return {
    async board(call, earlier, deadline) {
      const startedAt = ms();
      const until = startedAt + Math.min(LONGEST_WAIT_MS, (deadline - startedAt) * WAIT_SHARE);
      learn(call, earlier);
      for (;;) {
        const cold = prefixesOf(call).filter(({ print }) => !isWarm(print));
        const ahead = cold.map(({ print }) => leading.get(print)).find((one) => one !== undefined);
        const left = until - ms();
        if (cold.length === 0 || left <= 0) return flightOf(prefixesOf(call), []);
        if (ahead === undefined) return await lead(cold, prefixesOf(call), until);
        await atMost(left, ahead);
      }
    },
  };

  /** The one of this process that looks whether another process writes, and goes when none does. */
  async function lead(cold: readonly Prefix[], all: readonly Prefix[], until: number): Promise<Flight> {
    const owner = deps.newId();
    let release: () => void = () => undefined;
    const landed = new Promise<void>((resolve) => (release = resolve));
    for (const { print } of cold) leading.set(print, landed);
    const letGo = (): void => {
      for (const { print } of cold) if (leading.get(print) === landed) leading.delete(print);
      release();
    };
    for (;;) {
      const taken = await take(cold, owner);
      if (taken.ours === 0 && taken.theirs === 0) {
        // Written by another process a moment ago; the ledger will know it when it is asked next.
        for (const { print } of cold) warmed(print, ms() + MARGIN_MS);
        letGo();
        return flightOf(all, []);
      }
      const left = until - ms();
      if (taken.theirs === 0 || left <= 0) return flightOf(all, cold, owner, letGo);
      await wait(Math.min(LOOK_EVERY_MS, left));
    }
  }

  async function take(cold: readonly Prefix[], owner: string): Promise<{ ours: number; theirs: number }> {
    const from = now();
    const lease = { from: from.toISOString(), until: new Date(from.getTime() + LEASE_MS).toISOString() };
    try {
      return await deps.flights.take(
        cold.map(({ print }) => print),
        owner,
        lease,
      );
    } catch (error) {
      deps.log.debug({ err: error }, 'it could not be asked who writes into the cache; the call goes');
      return { ours: cold.length, theirs: 0 };
    }
  }

  /** @param owned  prefixes that others wait for */
  function flightOf(
    all: readonly Prefix[],
    owned: readonly Prefix[],
    owner?: string,
    letGo: () => void = () => undefined,
  ): Flight {
    const startedAt = ms();
    let landed: Promise<void> | undefined;
    const land = (begun: boolean): Promise<void> => (landed ??= landing(begun));
    async function landing(begun: boolean): Promise<void> {
      if (begun) for (const { print, keptMs } of all) warmed(print, startedAt + keptMs - MARGIN_MS);
      letGo();
      if (owner === undefined) return;
      const until = (keptMs: number): Iso | null => (begun ? isoAt(startedAt + keptMs - MARGIN_MS) : null);
      const written = owned.map(({ print, keptMs }) => [print, until(keptMs)] as const);
      try {
        await deps.flights.land(owner, Object.fromEntries<Iso | null>(written));
      } catch (error) {
        deps.log.debug({ err: error }, 'a lease on the cache runs out by itself');
      }
    }
    return { began: () => void land(true), over: () => land(false) };
  }
}

async function atMost(ms: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  try {
    await Promise.race([promise, over]);
  } finally {
    clearTimeout(timer);
  }
}

function isoAt(ms: number): Iso {
  return new Date(ms).toISOString();
}

function prefixesOf({ prompt, marks }: PricedCall): readonly Prefix[] {
  return marks.flatMap(({ layer, ttl }) =>
    layer === 'conversation' ? [] : [{ print: prefixPrint(prompt, layer), layer, keptMs: ttlMs[ttl] }],
  );
}

function samePrefix({ prints }: PricedCall, before: PricedCall['prints'], layer: Prefix['layer']): boolean {
  const same = (of: 'model' | 'settings' | 'global' | 'location'): boolean => prints[of] === before[of];
  return same('model') && same('settings') && same('global') && (layer === 'global' || same('location'));
}
