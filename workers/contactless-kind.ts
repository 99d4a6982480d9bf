import type { LeadRef } from '../domain/glossary.ts';
import type { Dispatchable, InboxRow } from '../domain/ports/inbox.ts';
import { idAt, isoAt, type Json, readJsonObject } from '../domain/webhooks/payload.ts';
import type { RelayDeps } from './relay.ts';

export type ContactlessDeps = Pick<
  RelayDeps,
  | 'inbox'
  | 'leads'
  | 'locations'
  | 'records'
  | 'activity'
  | 'metrics'
  | 'hashPerson'
  | 'installs'
  | 'credentials'
  | 'refresher'
  | 'cache'
  | 'log'
>;

export interface Settled {
  readonly verdict: 'worked' | 'ignored';
  readonly reason: string | null;
}

/** What a handler may do to leads; both are durable. */
export interface Leads {
  /** Gives a lead an event, upon which its workflow sees that the location is gone. */
  readonly endLead: (ref: LeadRef, inboxId: string) => Promise<void>;
  /** Gives a lead an event, upon which it decides anew: its address must not be written to any more. */
  readonly tellBarred: (ref: LeadRef, inboxId: string) => Promise<void>;
  /** Tells the leads under way of a location that it can go on. */
  readonly wake: (locationId: string) => void;
}

export type Handler = (deps: ContactlessDeps, row: Dispatchable, leads: Leads) => Promise<Settled>;

/** What the event says of the company, and when it was sent: where it does not say, no later than it came, however often it is worked. */
export async function bodyOf(
  { inbox }: Pick<ContactlessDeps, 'inbox'>,
  inboxId: string,
): Promise<{ readonly companyId: string | undefined; readonly sentAt: string | null }> {
  const row: InboxRow | undefined = await inbox.load(inboxId);
  const read = row === undefined ? undefined : readJsonObject(Buffer.from(row.body).toString('utf8'));
  const json: Json | undefined = read?.ok === true ? read.json : undefined;
  const sentAt = row?.occurredAt ?? isoAt(json, 'timestamp') ?? row?.receivedAt ?? null;
  return { companyId: idAt(json, 'companyId'), sentAt };
}
