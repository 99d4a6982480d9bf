import { createPrivateKey, randomUUID, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DateTime } from 'luxon';
import { fetchAnew, type Response } from './fetch-anew.ts';
import type { Product } from './product.ts';
import { until } from './until.ts';

/** One call as the vendor's ledger has it. */
interface Call {
  readonly n: number;
  readonly at: string;
  readonly method: string;
  readonly path: string;
  readonly body: Record<string, unknown> | null;
  readonly status: number;
  readonly locationId?: string;
  readonly contactId?: string;
}

export interface Contact {
  readonly id: string;
  readonly locationId: string;
  readonly firstName: string;
  readonly phone: string;
  readonly email: string;
  readonly timezone: string;
  readonly tags: readonly string[];
  readonly source: string;
  readonly dnd?: boolean;
}

interface LeadDetail {
  readonly stage: string;
  readonly tier: string | null;
  readonly score: { readonly value: number } | null;
  readonly tags: readonly string[] | null;
  readonly state: string;
  readonly next?: { readonly at: string; readonly what: string };
  readonly parked: readonly { readonly reason: string | null }[];
}

interface InboxItem {
  readonly inboxId: string;
  readonly type: string;
  readonly verdict: string;
  readonly reason: string | null;
}

/** A made-up team with contacts, in the vendor's stand-in and installed in the product: what a test does, and what it can see. */
export type Brokerage = ReturnType<typeof brokerageOf>;

/** Tags with which a contact is ours to work on and may be written to. */
export const READY = ['Hit List', 'sms-consent'] as const;

/** Where texts and e-mails are sent. */
export const MESSAGES = '/conversations/messages';

const hex = () => randomUUID().replaceAll('-', '');
const vendorId = (kind: string) => `${kind}${hex().slice(0, 17)}`;

/** Puts a location into the stand-in and installs it in the product. */
export async function installBrokerage(product: Product): Promise<Brokerage> {
  const locationId = vendorId('loc');
  const vendor = vendorOf(product);
  const user = {
    id: vendorId('usr'),
    name: 'Sample Agent',
    roles: { type: 'account', role: 'user', locationIds: [locationId] },
  };
  await vendor('POST', 'locations', { id: locationId, name: 'Sample Realty', timezone: 'America/New_York' });
  await vendor('POST', 'customFields', [
    {
      id: vendorId('fld'),
      locationId,
      name: 'Lead Score',
      fieldKey: 'contact.lead_score',
      dataType: 'NUMERICAL',
      model: 'contact',
    },
    {
      id: vendorId('fld'),
      locationId,
      name: 'Lead Tier',
      fieldKey: 'contact.lead_tier',
      dataType: 'TEXT',
      model: 'contact',
    },
  ]);
  await vendor('POST', 'users', user);
  await product.api('POST', '/api/locations', {
    locationId,
    token: `pit-${locationId}`,
    name: 'Sample Realty',
    timezone: 'America/New_York',
    settings: {
      consentTags: { 'sms-consent': ['sms', 'email'] },
      postalAddress: '400 Bay Street, Suite 210, Tampa, FL 33602',
    },
  });
  return brokerageOf(product, locationId, user.id);
}

/** The stand-in's control plane. */
function vendorOf(product: Product) {
  return async <T = unknown>(method: string, route: string, body?: unknown): Promise<T> => {
    const response = await fetchAnew(`${product.line().urls.ghl}/_sandbox/${route}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`the stand-in answered ${response.status}: ${await response.text()}`);
    return (await response.json()) as T;
  };
}

let people = 0;

function brokerageOf(product: Product, locationId: string, userId: string) {
  const vendor = vendorOf(product);
  const { appId, webhookKey } = product.line();
  const key = createPrivateKey(readFileSync(webhookKey!));

  /** The event that GHL would send about a contact as it now is. */
  function contactEvent(type: string, contact: Contact, over: object = {}): Record<string, unknown> {
    return { ...envelope(type), ...contact, ...over };
  }

  function messageEvent(contact: Contact, body: string, over: object = {}): Record<string, unknown> {
    return {
      ...envelope('InboundMessage'),
      ...{ contactId: contact.id, direction: 'inbound', messageType: 'SMS', body, messageId: vendorId('msg') },
      ...{ conversationId: `con${contact.id}`, dateAdded: new Date().toISOString(), status: 'delivered' },
      ...over,
    };
  }

  function envelope(type: string): Record<string, unknown> {
    return { type, locationId, appId, versionId: appId, webhookId: randomUUID(), timestamp: new Date().toISOString() };
  }

  /** One delivery, signed; the bare answer. Rejects when the connection breaks. */
  function post(event: object): Promise<Response> {
    const body = Buffer.from(JSON.stringify(event));
    return fetchAnew(`${product.line().urls.api}/webhooks/ghl`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-ghl-signature': sign(null, body, key).toString('base64') },
      body,
    });
  }

  /** Delivers as GHL does: again and again until the answer is 2xx. Answers the id of the event in the inbox. */
  async function deliver(event: object, limitMs = 120_000): Promise<string> {
    let eventId: string | undefined;
    await until(async () => {
      const response = await post(event).catch(() => undefined);
      if (response === undefined) return false;
      const answer = (await response.json()) as { eventId?: string };
      if (response.ok) eventId = answer.eventId;
      else if (response.status !== 429) throw new Error(`answered ${response.status}: ${JSON.stringify(answer)}`);
      return response.ok;
    }, limitMs);
    return eventId!;
  }

  async function ledger(): Promise<Call[]> {
    const { calls } = await vendor<{ calls: Call[] }>('GET', 'ledger');
    return calls.filter((call) => call.locationId === locationId);
  }

  /** What was done to a contact by us, in order: each successful call that changed something at the vendor, in a few words. */
  async function effects(contact: Pick<Contact, 'id'>): Promise<string[]> {
    const calls = (await ledger()).filter(({ contactId, method }) => contactId === contact.id && method !== 'GET');
    return calls.filter(({ status }) => status >= 200 && status < 300).map(inWords);
  }

  /** Words of the texts that a contact got, in order. */
  async function texts(contact: Pick<Contact, 'id'>): Promise<string[]> {
    const calls = (await ledger()).filter(({ contactId, path }) => contactId === contact.id && path === MESSAGES);
    return calls.flatMap(({ method, status, body }) =>
      method === 'POST' && status >= 200 && status < 300 && body?.['type'] === 'SMS' ? [String(body['message'])] : [],
    );
  }

  /** A change that somebody of the team makes in the CRM by hand; the stand-in tells the product of it. */
  async function byHand(method: string, path: string, body: object): Promise<void> {
    const response = await fetchAnew(`${product.line().urls.ghl}${path}`, {
      method,
      headers: {
        authorization: `Bearer pit-${locationId}`,
        version: '2021-07-28',
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });
    if (!response.ok) throw new Error(`the CRM answered ${response.status}: ${await response.text()}`);
  }

  async function inbox(): Promise<InboxItem[]> {
    return product.sql<InboxItem>(
      `select inbox_id as "inboxId", type, verdict, reason from inbox where location_id = $1 order by received_at`,
      [locationId],
    );
  }

  /** Nothing of this location waits any more, and no lead's plan is ahead of what was applied. */
  async function settled(limitMs = 120_000): Promise<void> {
    await until(async () => {
      const [row] = await product.sql<{ open: number; ahead: number }>(
        `select (select count(*)::int from inbox where location_id = $1 and worked_at is null) as open,
          (select count(*)::int from leads where location_id = $1 and plan is not null and plan_version > plan_applied) as ahead`,
        [locationId],
      );
      return row?.open === 0 && row.ahead === 0;
    }, limitMs);
  }

  return {
    locationId,
    userId,
    vendor,
    contactEvent,
    messageEvent,
    envelope,
    post,
    deliver,
    ledger,
    effects,
    texts,
    byHand,
    inbox,
    settled,
    /** A contact in the CRM, of which the product knows nothing yet. */
    async contact(over: Partial<Contact> = {}): Promise<Contact> {
      people += 1;
      const contact: Contact = {
        ...{ id: vendorId('cnt'), locationId, firstName: `Sample${people}`, tags: READY, source: 'referral' },
        phone: phoneAbroad(people),
        email: `sample${people}@example.com`,
        timezone: zoneAt(13),
        ...over,
      };
      await vendor('POST', 'contacts', { ...contact, assignedTo: userId });
      return contact;
    },
    lead: (contact: Contact) => product.api<LeadDetail>('GET', `/api/leads/${locationId}/${contact.id}`),
    act: (contact: Contact, action: string, body?: object) =>
      product.api<{ state: string }>('POST', `/api/leads/${locationId}/${contact.id}/${action}`, body ?? {}),
    verdictOf: async (eventId: string): Promise<InboxItem | undefined> =>
      (await inbox()).find(({ inboxId }) => inboxId === eventId),
    /** Sends of a contact, as the product has them. */
    outbox: (contact: Contact) =>
      product.sql<{ step: string | null; channel: string; state: string; reason: string | null; checkAt: Date | null }>(
        `select step_key as step, channel, state, reason, check_at as "checkAt" from outbox
          where location_id = $1 and contact_id = $2 order by claimed_at`,
        [locationId, contact.id],
      ),
    fault: (method: string, path: string, how: object) => vendor('POST', 'faults', { match: { method, path }, ...how }),
    noFaults: () => vendor('DELETE', 'faults'),
  };
}

/** `tag +Cold-Lead`, `fields 4 cold`, `SMS`, `Email`, `task`. */
function inWords({ method, path, body }: Call): string {
  if (path === MESSAGES) return String(body?.['type']);
  if (path.endsWith('/tasks')) return 'task';
  if (path.endsWith('/tags')) return `tag ${method === 'POST' ? '+' : '-'}${(body?.['tags'] as string[]).join()}`;
  if (method === 'PUT') {
    const fields = (body?.['customFields'] ?? []) as { field_value: string }[];
    return `fields ${fields.map((field) => field.field_value).join(' ')}`;
  }
  return `${method} ${path}`;
}

/** A number of a country code that nobody has: no state has hours of its own for it, and its zone is the contact's. */
export function phoneAbroad(person: number): string {
  return `+99955501${String(person).padStart(5, '0')}`;
}

/**
 * A zone in which it is about this hour now, so that sending hours are open, or closed, whenever the tests run. No state
 * that has hours of its own keeps its clock: holidays and Sundays are like other days there.
 */
export function zoneAt(hour: number): string {
  const zones = ['Pacific/Tahiti', 'Pacific/Pitcairn', 'America/Bogota', 'America/Sao_Paulo', 'Europe/London'];
  zones.push('Europe/Athens', 'Asia/Dubai', 'Asia/Kolkata', 'Asia/Tokyo', 'Australia/Sydney', 'Pacific/Auckland');
  const distance = (zone: string): number => {
    const apart = Math.abs(DateTime.now().setZone(zone).hour - hour);
    return Math.min(apart, 24 - apart);
  };
  return zones.reduce((best, zone) => (distance(zone) < distance(best) ? zone : best));
}
