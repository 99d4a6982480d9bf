import type { Keep } from '../../domain/cache/cache.ts';
import type { Debts } from './debts.ts';
import type { Flights, Waiting } from './flights.ts';
import { type Kept, keptFor, type Levels } from './levels.ts';
import type { Message } from './messages.ts';
import { escapedLocation, type Slot } from './names.ts';
import type { Near } from './near.ts';
import type { Shared } from './shared.ts';
import type { Tickets } from './tickets.ts';

/** Whatever makes what was known untrue, here or in another process. */
export interface Changes {
  set(slots: readonly Slot[], values: readonly { value: unknown; text: string }[], keep: Keep): Promise<void>;
  remove(slots: readonly Slot[]): Promise<void>;
  invalidateTags(location: string, tags: readonly string[]): Promise<void>;
  /** Destroys the dictionaries of a location, in all processes. */
  forget(location: string): Promise<void>;
  heard(message: Message): void;
  /** Messages may have been missed. */
  missedSome(): void;
}

/** @param forgetHere  destroys a location's dictionaries here and on the server; whether the server did */
export function createChanges({
  near,
  levels,
  shared,
  tickets,
  flights,
  waiting,
  debts,
  forget: forgetHere,
}: {
  near: Near;
  levels: Levels;
  shared: Shared | undefined;
  tickets: Tickets;
  flights: Flights;
  waiting: Waiting;
  debts: Debts;
  forget: (location: string) => Promise<void>;
}): Changes {
  /** Nobody here knows the value any more, nor is about to. */
  function unknow(names: readonly string[]): void {
    for (const name of names) {
      near.drop(name);
      tickets.void(name);
      flights.detach(name);
    }
  }

  function unknowTagged(location: string, tags: readonly string[]): void {
    near.dropTagged(location, tags);
    tickets.voidTagged(location, tags);
    flights.detachTagged(location, tags);
  }

  function unknowAll(): void {
    near.clear();
    tickets.voidAll();
    flights.detachAll();
  }

  const wake = (names: readonly string[]): void => names.forEach((name) => waiting.wake(name));

  async function removeThere(names: readonly string[]): Promise<void> {
    if (shared === undefined || names.length === 0) return;
    const answer = await shared.remove(names);
    if (answer !== 'done') await debts.add(names, answer === 'refused');
  }

  return {
    async set(slots, values, keep) {
      const names = slots.map(({ name }) => name);
      unknow(names);
      const kept = slots.map((slot, index): Kept => {
        const tags = keep.tags ?? [];
        const ticket = tickets.open(slot, keep.tags ?? []);
        return { ticket, ...values[index]!, ...keptFor(slot, keep), tags, to: 'both' };
      });
      const outcomes = await levels.keep(kept);
      for (const name of names) flights.detach(name);
      await removeThere(names.filter((_, index) => outcomes[index] !== 'stored'));
      // Whoever asked meanwhile may have read what was there before.
      unknow(names.filter((_, index) => outcomes[index] === 'void'));
    },
    async remove(slots) {
      const names = slots.map(({ name }) => name);
      unknow(names);
      await removeThere(names);
      unknow(names);
    },
    async invalidateTags(location, tags) {
      const escaped = escapedLocation(location);
      unknowTagged(escaped, tags);
      for (const tag of shared === undefined ? [] : tags) {
        const answer = await shared!.dropTag(location, tag, unknow);
        if (answer !== 'done') await debts.addTag(location, tag, answer === 'refused');
      }
      unknowTagged(escaped, tags);
    },
    async forget(location) {
      const escaped = escapedLocation(location);
      await forgetHere(escaped);
      if (shared !== undefined && !(await shared.say({ what: 'forget', location: escaped }))) debts.addForget(escaped);
    },
    heard(message) {
      switch (message.what) {
        case 'changed':
          unknow(message.names);
          break;
        case 'ended':
          break;
        case 'tag':
          unknow(message.names);
          unknowTagged(message.location, [message.tag]);
          break;
        case 'owed':
          unknow(message.names);
          void debts.add(message.names, false);
          break;
        case 'owed-tag':
          unknowTagged(escapedLocation(message.location), [message.tag]);
          void debts.addTag(message.location, message.tag, false);
          break;
        case 'forget':
          void forgetHere(message.location);
          break;
        case 'all':
          unknowAll();
          break;
      }
      if ('names' in message) wake(message.names);
    },
    missedSome: unknowAll,
  };
}
