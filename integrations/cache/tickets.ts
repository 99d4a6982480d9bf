import type { Slot } from './names.ts';
import { sharesTag } from './near.ts';

/** Held by whoever is about to learn a value: void once the value was changed meanwhile, so that he keeps nothing that is no longer so. */
export interface Ticket {
  readonly slot: Slot;
  readonly tags: readonly string[] | undefined;
  void: boolean;
}

export interface Tickets {
  open(slot: Slot, tags: readonly string[] | undefined): Ticket;
  close(ticket: Ticket): void;
  void(name: string): void;
  voidTagged(location: string, tags: readonly string[]): void;
  voidAll(): void;
}

export function createTickets(): Tickets {
  const open = new Map<string, Set<Ticket>>();
  const all = function* (): Iterable<Ticket> {
    for (const tickets of open.values()) yield* tickets;
  };

  return {
    open(slot, tags) {
      const ticket: Ticket = { slot, tags, void: false };
      const tickets = open.get(slot.name);
      if (tickets === undefined) open.set(slot.name, new Set([ticket]));
      else tickets.add(ticket);
      return ticket;
    },
    close(ticket) {
      const tickets = open.get(ticket.slot.name);
      tickets?.delete(ticket);
      if (tickets?.size === 0) open.delete(ticket.slot.name);
    },
    void(name) {
      for (const ticket of open.get(name) ?? []) ticket.void = true;
    },
    voidTagged(location, tags) {
      for (const ticket of all()) {
        if (ticket.slot.key.location === location && sharesTag(ticket.tags, tags)) ticket.void = true;
      }
    },
    voidAll() {
      for (const ticket of all()) ticket.void = true;
    },
  };
}
