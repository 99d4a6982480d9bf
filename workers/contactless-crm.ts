import { leadRecordKinds } from '../domain/crm/records.ts';
import type { CrmRecordStore } from '../domain/ports/crm-records.ts';
import type { Dispatchable, InboxRow, InboxStore } from '../domain/ports/inbox.ts';
import type { LocationStore } from '../domain/ports/locations.ts';
import type { CrmEvent } from '../domain/webhooks/crm-event.ts';
import { planNews } from '../domain/webhooks/lifecycle.ts';
import { readJsonObject } from '../domain/webhooks/payload.ts';
import { readCrmEvent } from '../domain/webhooks/read-crm-event.ts';
import type { Leads, Settled } from './contactless-kind.ts';
import { taskOwner, type TaskOwnerDeps } from './task-owner.ts';

export interface CrmNewsDeps {
  readonly inbox: Pick<InboxStore, 'load' | 'assign'>;
  readonly locations: Pick<LocationStore, 'get' | 'list'>;
  readonly records: Pick<CrmRecordStore, 'keep' | 'contactOf' | 'keepEmailStat' | 'keepLocation'>;
  readonly hashPerson: (address: string) => string;
}

type Told = Pick<Leads, 'tellBarred'>;

const NOTHING_NEW: Settled = { verdict: 'ignored', reason: 'twin: nothing new' };
const WORKED: Settled = { verdict: 'worked', reason: null };

/**
 * A record's event that does not say whose record it is: the vendor leaves the contact out now and then. Who it was known to belong to
 * hears of it after all, and the event is henceforth that lead's.
 * @returns the contact; undefined: nobody knows; `wait`: to be asked again later
 */
export async function ownerOf(
  deps: CrmNewsDeps & TaskOwnerDeps,
  row: Dispatchable,
  now: number,
): Promise<{ readonly contactId: string } | { readonly wait: true } | undefined> {
  if (row.locationId === null || !leadRecordKinds.some((kind) => kind === row.kind)) return undefined;
  const event = await read(deps, row);
  if (event?.family !== 'record') return undefined;
  const known = await deps.records.contactOf(row.locationId, event.news.kind, event.news.recordId);
  const owner = known === undefined ? await taskOwner(deps, row, event.news, now) : { contactId: known };
  if (owner !== undefined && 'contactId' in owner) await deps.inbox.assign(row.inboxId, owner.contactId);
  return owner;
}

/** News of the CRM that concerns no lead, by family. Stores it; whether it was news decides the verdict. */
export async function crmNews(deps: CrmNewsDeps, row: Dispatchable, leads: Told): Promise<Settled> {
  const event = await read(deps, row);
  switch (event?.family) {
    case 'record':
      return keepRecord(deps, row, event.news);
    case 'user':
      return keepUser(deps, row, event);
    case 'email-stat':
      return keepEmailStat(deps, row, event.stat, leads);
    case 'lifecycle':
      return keepLifecycle(deps, row, event);
    case 'unusable':
      return { verdict: 'ignored', reason: event.why };
    case 'contact':
    case 'message':
      return { verdict: 'ignored', reason: 'no contact' };
    case 'unknown':
    case undefined:
      return { verdict: 'ignored', reason: row.kind === 'unknown' ? 'unknown type' : 'no contact' };
  }
}

async function read({ inbox }: CrmNewsDeps, { inboxId }: Dispatchable): Promise<CrmEvent | undefined> {
  const row: InboxRow | undefined = await inbox.load(inboxId);
  if (row === undefined || row.source !== 'marketplace') return undefined;
  const body = readJsonObject(Buffer.from(row.body).toString('utf8'));
  if (!body.ok) return undefined;
  const time = { at: row.occurredAt ?? row.receivedAt, timed: row.occurredAt !== null };
  return readCrmEvent(row.type, body.json, time);
}

/** Only of a location that is installed: the door has asked, and it may have gone since. */
async function isHere({ locations }: CrmNewsDeps, locationId: string | null): Promise<boolean> {
  if (locationId === null) return false;
  const location = await locations.get(locationId);
  return location !== undefined && location.status !== 'uninstalled';
}

const NOT_HERE: Settled = { verdict: 'ignored', reason: 'the location is not installed' };

async function keepRecord(
  deps: CrmNewsDeps,
  { locationId, inboxId }: Dispatchable,
  news: Extract<CrmEvent, { family: 'record' }>['news'],
): Promise<Settled> {
  if (locationId === null || !(await isHere(deps, locationId))) return NOT_HERE;
  const { what } = await deps.records.keep(locationId, news, { inboxId });
  return what === 'none' ? NOTHING_NEW : WORKED;
}

/** A user of an agency works for the locations that are named, as far as they are this agency's and installed here. */
async function keepUser(
  deps: CrmNewsDeps,
  row: Dispatchable,
  { news, companyId, locationIds }: Extract<CrmEvent, { family: 'user' }>,
): Promise<Settled> {
  const named = new Set(row.locationId === null ? locationIds : [row.locationId]);
  const here = (await deps.locations.list()).filter(
    (location) =>
      named.has(location.locationId) &&
      location.status !== 'uninstalled' &&
      (row.locationId !== null || (companyId !== undefined && location.companyId === companyId)),
  );
  if (here.length === 0) return NOT_HERE;
  let isNews = false;
  for (const { locationId } of here) {
    const { what } = await deps.records.keep(locationId, news);
    isNews ||= what !== 'none';
  }
  return isNews ? WORKED : NOTHING_NEW;
}

/** Leads whose address must not be written to any more are told at once: the gate is closed by then, and the CRM is to show it. */
async function keepEmailStat(
  deps: CrmNewsDeps,
  { locationId, inboxId }: Dispatchable,
  { recipient, ...stat }: Extract<CrmEvent, { family: 'email-stat' }>['stat'],
  leads: Told,
): Promise<Settled> {
  if (locationId === null || !(await isHere(deps, locationId))) return NOT_HERE;
  const recipientHash = deps.hashPerson(recipient);
  const now = new Date().toISOString();
  const { fresh, contactIds } = await deps.records.keepEmailStat(locationId, { ...stat, recipientHash }, inboxId, now);
  for (const contactId of contactIds) await leads.tellBarred({ locationId, contactId }, inboxId);
  return fresh ? WORKED : NOTHING_NEW;
}

async function keepLifecycle(
  deps: CrmNewsDeps,
  row: Dispatchable,
  event: Extract<CrmEvent, { family: 'lifecycle' }>,
): Promise<Settled> {
  const { what, locationId, name, timezone, at } = event;
  if (locationId === undefined || !(await isHere(deps, locationId))) return NOT_HERE;
  if (what === 'plan') return keepRecord(deps, row, planNews(event));
  if (what !== 'location') return { verdict: 'ignored', reason: 'no contact' };
  const told = { ...(name === undefined ? {} : { name }), ...(timezone === undefined ? {} : { timezone }) };
  return (await deps.records.keepLocation(locationId, told, at)) ? WORKED : NOTHING_NEW;
}
