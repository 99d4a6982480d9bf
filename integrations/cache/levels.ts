import type { Keep } from '../../domain/cache/cache.ts';
import type { Coder, Entry } from './coder.ts';
import type { Counters } from './counters.ts';
import type { Debts } from './debts.ts';
import type { Slot } from './names.ts';
import type { Near, NearEntry } from './near.ts';
import type { SharedClock } from './shared-clock.ts';
import type { Lock, Locked, Outcome, Shared, Stored } from './shared.ts';
import type { Ticket, Tickets } from './tickets.ts';

/** A value that is to be kept in both levels, by whoever has a ticket for it. */
export interface Kept {
  readonly ticket: Ticket;
  readonly value: unknown;
  /** Its JSON. */
  readonly text: string;
  readonly freshMs: number;
  readonly staleMs: number;
  readonly tags: readonly string[];
  /** Of the lock under which it was loaded. */
  readonly token?: string | undefined;
  /** `near`: it was loaded without a lock, and nobody knows whether it is the newest. */
  readonly to: 'both' | 'near';
}

/** What a lock was asked for, and what was found on the way. */
export interface Tried {
  readonly lock: Lock;
  readonly ticket: Ticket;
  readonly whose: Locked['whose'];
  readonly found: NearEntry | undefined;
}

/** The near level and the shared one as one: what is read or stored there is known here, unless it was changed on the way. */
export interface Levels {
  /** From Redis, in the order of the slots; each find is kept near. */
  find(slots: readonly Slot[], tags: readonly string[] | undefined): Promise<(NearEntry | undefined)[]>;
  lock(slots: readonly Slot[], tags: readonly string[] | undefined, ms: number): Promise<Tried[]>;
  /** Closes the tickets; where one is void, the value is not known here. */
  keep(values: readonly Kept[]): Promise<Outcome[]>;
}

export function createLevels({
  near,
  shared,
  coder,
  tickets,
  debts,
  clock,
  counters,
  newToken,
}: {
  near: Near;
  shared: Shared | undefined;
  coder: Coder;
  tickets: Tickets;
  debts: Pick<Debts, 'owes'>;
  clock: SharedClock;
  counters: Counters;
  newToken: () => string;
}): Levels {
  /** What was stored, if it is still something. */
  async function decoded(ticket: Ticket, stored: Buffer | undefined): Promise<NearEntry | undefined> {
    if (stored === undefined) return undefined;
    const { slot } = ticket;
    const entry = await coder.decode(slot.kind, slot.key, stored);
    const text = entry && JSON.stringify(entry.value);
    if (entry === undefined || text === undefined || entry.until <= clock.now()) return undefined;
    const found: NearEntry = { text, freshUntil: entry.freshUntil, until: entry.until, tags: ticket.tags };
    if (!ticket.void) near.put(slot, found);
    return found;
  }

  async function stored(
    { ticket, value, freshMs, staleMs, tags, token }: Kept,
    at: number,
  ): Promise<Stored | undefined> {
    const { slot } = ticket;
    const freshUntil = at + freshMs;
    const entry: Entry = { value, freshUntil, until: freshUntil + staleMs };
    try {
      const bytes = await coder.encode(slot.kind, slot.key, entry);
      return { slot, bytes, ms: freshMs + staleMs, tags, token };
    } catch {
      // Longer than a stored value may be.
      return undefined;
    }
  }

  /** Whoever else wants to load it need not wait until the lock ends by itself. */
  async function giveBack(unkept: readonly Kept[]): Promise<void> {
    const locks = unkept.flatMap(({ ticket: { slot }, token, tags }): Lock[] => (token ? [{ slot, token, tags }] : []));
    if (locks.length > 0) await shared!.release(locks, 0);
  }

  return {
    async find(slots, tags) {
      if (shared === undefined) return slots.map(() => undefined);
      const asked = slots.filter((slot) => !debts.owes(slot)).map((slot) => tickets.open(slot, tags));
      const answers = asked.length === 0 ? [] : await shared.read(asked.map(({ slot }) => slot));
      const found = new Map<string, NearEntry>();
      await Promise.all(
        asked.map(async (ticket, index) => {
          const entry = await decoded(ticket, answers[index]);
          tickets.close(ticket);
          if (entry !== undefined) found.set(ticket.slot.name, entry);
        }),
      );
      return slots.map(({ name }) => found.get(name));
    },
    async lock(slots, tags, ms) {
      const locks = slots.map((slot): Lock => ({ slot, token: newToken(), tags: tags ?? [] }));
      const open = locks.map(({ slot }) => tickets.open(slot, tags));
      const asked = shared === undefined ? [] : locks.filter(({ slot }) => !debts.owes(slot));
      const answers = asked.length === 0 ? [] : await shared!.lock(asked, ms);
      const byName = new Map(asked.map(({ slot }, index) => [slot.name, answers[index]!]));
      return Promise.all(
        locks.map(async (lock, index): Promise<Tried> => {
          const ticket = open[index]!;
          const { whose, stored: bytes } = byName.get(lock.slot.name) ?? { whose: 'none', stored: undefined };
          return { lock, ticket, whose, found: await decoded(ticket, bytes) };
        }),
      );
    },
    async keep(values) {
      const at = clock.now();
      const writable = await Promise.all(
        values.map(async (kept) => {
          const { to, ticket } = kept;
          if (shared === undefined || to === 'near' || ticket.void || debts.owes(ticket.slot)) return undefined;
          return stored(kept, at);
        }),
      );
      // One may have been overtaken while it was coded: without a lock nobody at the server would notice.
      const written = writable
        .map((one, index) => (values[index]!.ticket.void ? undefined : one))
        .filter((one) => one !== undefined);
      const answers = written.length === 0 ? [] : await shared!.keep(written);
      const outcomes = new Map(written.map(({ slot }, index) => [slot.name, answers[index]!]));
      await giveBack(values.filter(({ ticket }) => leavesLock(outcomes.get(ticket.slot.name))));
      return values.map(({ ticket, text, freshMs, staleMs, tags }, index) => {
        const { slot } = ticket;
        const outcome = outcomes.get(slot.name) ?? (ticket.void ? 'void' : 'away');
        tickets.close(ticket);
        if (shared !== undefined) counters.count(slot.kind.name, outcome);
        if (outcome === 'stored') {
          counters.count(slot.kind.name, 'storedBytes', writable[index]!.bytes.length);
          counters.count(slot.kind.name, 'jsonBytes', Buffer.byteLength(text));
        }
        if (ticket.void || outcome === 'void') near.drop(slot.name);
        else {
          // Whoever read meanwhile may have read what was there before.
          tickets.void(slot.name);
          const freshUntil = at + freshMs;
          near.put(slot, { text, freshUntil, until: freshUntil + staleMs, tags });
        }
        return outcome;
      });
    },
  };
}

/** Nothing was stored, nobody took the lock, and the server can be told so. */
const leavesLock = (outcome: Outcome | undefined): boolean =>
  outcome === undefined || outcome === 'full' || outcome === 'refused';

/** How long a value is kept: fresh, and stale after that. */
export function keptFor(
  slot: Slot,
  { ttlMs = slot.kind.ttlMs, staleMs = 0 }: Keep,
): { freshMs: number; staleMs: number } {
  return { freshMs: ttlMs, staleMs };
}

/** @throws TypeError for what JSON has no word for */
export function textOf(value: unknown): string {
  const text = JSON.stringify(value ?? null) as string | undefined;
  if (text === undefined) throw new TypeError(`JSON has no word for a ${typeof value}: it cannot be cached.`);
  return text;
}
