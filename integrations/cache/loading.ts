import type { Key, Wrap } from '../../domain/cache/cache.ts';
import type { Counters } from './counters.ts';
import { type Flight, type Flights, type Waiting, within } from './flights.ts';
import { keptFor, type Kept, type Levels, textOf, type Tried } from './levels.ts';
import type { Slot } from './names.ts';
import type { Near, NearEntry } from './near.ts';
import type { SharedClock } from './shared-clock.ts';
import { renewing } from './renewing.ts';
import type { Lock, Shared } from './shared.ts';
import type { Tell } from './tell.ts';
import type { Ticket, Tickets } from './tickets.ts';

export type Loader = (missing: readonly Key[]) => Promise<readonly unknown[]>;

export interface Loading {
  /** The JSON of each value, in the order of the slots, all of one kind. */
  wrap(slots: readonly Slot[], wrap: Wrap, loader: Loader): Promise<string[]>;
}

/** Those who wait ask again even if they hear nothing, first soon, then more seldom. */
const FIRST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;

/** A load that takes so many times as long as anybody waits for it may never end: its lock is left to whoever comes next. */
const HELD_FOR_LIMITS = 4;

/** After a load in the background failed, nobody tries again for so long. */
const REST_MS = 1000;

/** What is loaded together by one call of the loader. */
interface Cargo {
  readonly flight: Flight;
  readonly ticket: Ticket;
  /** Absent: there was no lock to be had. */
  readonly lock?: Lock;
}

interface Order {
  readonly wrap: Wrap;
  /** Absent: whoever asks does not know under which ones the value may have been stored. */
  readonly tags: readonly string[] | undefined;
  readonly loader: Loader;
}

/** @param limitMs  how long anybody waits for somebody else's load before he loads himself */
export function createLoading({
  near,
  levels,
  shared,
  tickets,
  flights,
  waiting,
  clock,
  counters,
  tell,
  limitMs,
  lockMs,
}: {
  near: Near;
  levels: Levels;
  shared: Shared | undefined;
  tickets: Tickets;
  flights: Flights;
  waiting: Waiting;
  clock: SharedClock;
  counters: Counters;
  tell: Tell;
  limitMs: number;
  lockMs: number;
}): Loading {
  /** Names whose stale value is being replaced, or was in vain a moment ago. */
  const refreshing = new Set<string>();
  const isFresh = ({ freshUntil }: NearEntry): boolean => freshUntil > clock.now();

  /** What is known of a value goes to whoever waits for it; a stale one is given too, and a new one loaded behind it. */
  function landed(flight: Flight, { text, freshUntil }: NearEntry, order: Order): void {
    counters.count(flight.slot.kind.name, 'shared');
    countKnown(flight.slot, text, freshUntil);
    flight.land(text);
    if (freshUntil <= clock.now()) refresh([flight.slot], order);
  }

  function countKnown({ kind }: Slot, text: string, freshUntil: number): void {
    if (text === 'null') counters.count(kind.name, 'absent');
    if (freshUntil <= clock.now()) counters.count(kind.name, 'stale');
  }

  /** Never fails: whatever goes wrong goes to those who wait. */
  async function travel(opened: readonly Flight[], way: () => Promise<void>): Promise<void> {
    try {
      await way();
    } catch (error) {
      for (const flight of opened) if (!flight.landed()) flight.fail(error);
    }
  }

  async function findOrLoad(opened: readonly Flight[], order: Order): Promise<void> {
    const found = await levels.find(
      opened.map(({ slot }) => slot),
      order.tags,
    );
    opened.forEach((flight, index) => {
      const entry = found[index];
      if (entry !== undefined) landed(flight, entry, order);
      else counters.count(flight.slot.kind.name, 'missed');
    });
    await lockAndLoad(
      opened.filter((flight) => !flight.landed()),
      order,
    );
  }

  /** What others are loading is waited for, up to the limit, while the rest is loaded. */
  async function lockAndLoad(missing: readonly Flight[], order: Order): Promise<void> {
    const loads: Promise<void>[] = [];
    const givesUpAt = clock.own() + limitMs;
    let waitingFor = missing;
    for (let pause = FIRST_PAUSE_MS; waitingFor.length > 0; pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      const patient = clock.own() < givesUpAt;
      const { mine, theirs } = await tryLocks(waitingFor, order, patient);
      if (mine.length > 0)
        loads.push(
          travel(
            mine.map(({ flight }) => flight),
            () => load(mine, order),
          ),
        );
      waitingFor = theirs;
      if (theirs.length === 0) break;
      await waiting.news(
        theirs.map(({ slot }) => slot.name),
        pause,
      );
    }
    await Promise.all(loads);
  }

  /** @param patient  false: what others hold is loaded all the same */
  async function tryLocks(
    wanted: readonly Flight[],
    order: Order,
    patient: boolean,
  ): Promise<{ mine: Cargo[]; theirs: Flight[] }> {
    const slots = wanted.map(({ slot }) => slot);
    const mine: Cargo[] = [];
    const theirs: Flight[] = [];
    const unneeded: Tried[] = [];
    for (const [index, tried] of (await levels.lock(slots, order.tags, lockMs)).entries()) {
      const flight = wanted[index]!;
      const { whose, found, ticket, lock } = tried;
      if (found !== undefined && (whose !== 'ours' || isFresh(found))) {
        counters.count(flight.slot.kind.name, 'waits');
        landed(flight, found, order);
        unneeded.push(tried);
      } else if (whose === 'theirs' && patient) {
        theirs.push(flight);
        unneeded.push(tried);
      } else mine.push({ flight, ticket, ...(whose === 'ours' && { lock }) });
    }
    await giveUp(unneeded);
    return { mine, theirs };
  }

  async function giveUp(tried: readonly Tried[]): Promise<void> {
    for (const { ticket } of tried) tickets.close(ticket);
    const locks = tried.filter(({ whose }) => whose === 'ours').map(({ lock }) => lock);
    if (locks.length > 0) await shared!.release(locks, 0);
  }

  /** @param restMs  for how long nobody shall try again where it fails */
  async function load(cargo: readonly Cargo[], order: Order, restMs = 0): Promise<void> {
    const locks = cargo.flatMap(({ lock }) => lock ?? []);
    const kind = cargo[0]!.flight.slot.kind.name;
    const renewal = shared && renewing({ shared, locks, clock, lockMs, forMs: limitMs * HELD_FOR_LIMITS });
    try {
      counters.count(kind, 'loads');
      const values = await order.loader(cargo.map(({ flight }) => flight.slot.asked));
      if (values.length !== cargo.length) {
        throw new TypeError(`A loader was asked for ${cargo.length} values and answered with ${values.length}.`);
      }
      const texts = values.map(textOf);
      clearInterval(renewal);
      await keepLoaded(cargo, values, texts, order.wrap);
      cargo.forEach(({ flight }, index) => flight.land(texts[index]!));
    } catch (error) {
      clearInterval(renewal);
      counters.count(kind, 'loadErrors');
      for (const { ticket } of cargo) tickets.close(ticket);
      if (locks.length > 0) await shared!.release(locks, restMs);
      throw error;
    }
  }

  async function keepLoaded(
    cargo: readonly Cargo[],
    values: readonly unknown[],
    texts: readonly string[],
    wrap: Wrap,
  ): Promise<void> {
    const kept: Kept[] = [];
    const unkept: Cargo[] = [];
    cargo.forEach((one, index) => {
      const { flight, ticket, lock } = one;
      const text = texts[index]!;
      const times = text === 'null' ? { freshMs: wrap.absentMs ?? 0, staleMs: 0 } : keptFor(flight.slot, wrap);
      const value = values[index] ?? null;
      if (times.freshMs + times.staleMs <= 0) unkept.push(one);
      else
        kept.push({
          ticket,
          value,
          text,
          ...times,
          tags: flight.tags ?? [],
          token: lock?.token,
          to: lock === undefined ? 'near' : 'both',
        });
    });
    const locks = unkept.flatMap(({ lock }) => lock ?? []);
    await Promise.all([levels.keep(kept), locks.length > 0 && shared!.clear(locks)]);
    for (const { flight, ticket } of unkept) {
      tickets.close(ticket);
      if (!ticket.void) near.drop(flight.slot.name);
      if (!ticket.void) tickets.void(flight.slot.name);
    }
  }

  /** In the background, by one process; those whose load fails keep what they have until it ends. */
  function refresh(slots: readonly Slot[], order: Order): void {
    const due = slots.filter(({ name }) => !refreshing.has(name));
    if (due.length === 0) return;
    for (const { name } of due) refreshing.add(name);
    const rested = (ms: number): void => {
      const done = (): void => due.forEach(({ name }) => refreshing.delete(name));
      if (ms === 0) done();
      else setTimeout(done, ms).unref();
    };
    renew(due, order).then(
      () => rested(0),
      (error: unknown) => {
        tell.debug({ err: error }, 'a load in the background failed');
        rested(REST_MS);
      },
    );
  }

  async function renew(due: readonly Slot[], order: Order): Promise<void> {
    const tried = await levels.lock(due, order.tags, lockMs);
    const needed = tried.filter(({ whose, found }) => whose !== 'theirs' && !(found !== undefined && isFresh(found)));
    await giveUp(tried.filter((one) => !needed.includes(one)));
    if (needed.length === 0) return;
    const cargo = needed.map(({ lock, ticket, whose }): Cargo => {
      const flight = flights.alone(lock.slot, order.tags);
      return { flight, ticket, ...(whose === 'ours' && { lock }) };
    });
    await load(cargo, order, REST_MS);
  }

  /** Somebody else's answer; where he takes too long, one more departs in his place, and asks nobody. */
  async function join(flight: Flight, order: Order): Promise<string> {
    const { slot } = flight;
    counters.count(slot.kind.name, 'waits');
    const text = await within(flight.answer, limitMs);
    if (text !== undefined) return text;
    const other = flights.of(slot.name);
    if (other !== undefined && other !== flight) return join(other, order);
    const next = flights.depart(slot, order.tags);
    const ticket = tickets.open(slot, order.tags);
    void travel([next], () => load([{ flight: next, ticket }], order));
    return next.answer;
  }

  return {
    wrap(slots, wrap, loader) {
      const order: Order = { wrap, tags: wrap.tags, loader };
      const opened: Flight[] = [];
      const stale: Slot[] = [];
      const answers = new Map<string, Promise<string>>();
      for (const slot of slots) {
        if (answers.has(slot.name)) continue;
        const here = near.get(slot.name);
        const flying = flights.of(slot.name);
        if (here !== undefined) {
          counters.count(slot.kind.name, 'near');
          countKnown(slot, here.text, here.freshUntil);
          answers.set(slot.name, Promise.resolve(here.text));
          if (!isFresh(here)) stale.push(slot);
        } else if (flying !== undefined) answers.set(slot.name, join(flying, order));
        else {
          const flight = flights.depart(slot, order.tags);
          opened.push(flight);
          answers.set(slot.name, flight.answer);
        }
      }
      refresh(stale, order);
      if (opened.length > 0) void travel(opened, () => findOrLoad(opened, order));
      return Promise.all(slots.map(({ name }) => answers.get(name)!));
    },
  };
}
