import { createHash } from 'node:crypto';
import { people } from './seed-people.ts';
import type { Person } from './seed-people.ts';

/** An id of GHL's look that is always the same for the same words. */
function idFor(words: string): string {
  const bytes = createHash('sha256').update(words).digest();
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  return [...bytes.subarray(0, 20)].map((byte) => alphabet[byte % alphabet.length]).join('');
}

const locationId = idFor('location Harborline Realty');

/** Custom fields: name → data type; a key is `contact.` and the name in snake case. */
const FIELDS = {
  'Lead Score': 'NUMERICAL',
  'Lead Tier': 'TEXT',
  Budget: 'MONETORY',
  Timeline: 'TEXT',
  Financing: 'TEXT',
  Motivation: 'TEXT',
  'Preferred Area': 'TEXT',
  Bedrooms: 'NUMERICAL',
  'Home Condition': 'LARGE_TEXT',
  'Page Views': 'NUMERICAL',
  'Emails Sent': 'NUMERICAL',
  'Email Opens': 'NUMERICAL',
  'Email Clicks': 'NUMERICAL',
  'Property Matches': 'NUMERICAL',
  'Preferred Location': 'TEXT',
} as const;

const AGENTS = ['Alex', 'Blair', 'Cameron', 'Devon'];

/** The seeded brokerage, by the ids that everything else refers to. All of them are the same on every machine. */
export const brokerage = {
  locationId,
  companyId: idFor('company Harborline'),
  name: 'Harborline Realty',
  timezone: 'America/New_York',
  token: `pit-${locationId}`,
  userIds: AGENTS.map((name) => idFor(`user ${name}`)),
  calendarIds: [idFor('calendar showings'), idFor('calendar consultations')],
  pipelineId: idFor('pipeline buyers'),
  sellersPipelineId: idFor('pipeline sellers'),
  /** GHL's own workflow that tells an agent of a lead. */
  notifyAgentWorkflowId: idFor('workflow notify agent'),
  /** Field key → id. */
  fieldIds: Object.fromEntries(Object.keys(FIELDS).map((name) => [keyOf(name), idFor(`field ${name}`)])),
  contactIds: people.map((_person, index) => idFor(`contact ${index}`)),
  /** The contacts that `deliverFirstWebhooks` is about. */
  firstContactIds: people.slice(0, 5).map((_person, index) => idFor(`contact ${index}`)),
};

/**
 * Puts the brokerage into a running stand-in. One that has it already is left as it is, with all that happened since.
 * @returns whether anything was put in
 */
export async function seedBrokerage(baseUrl: string): Promise<boolean> {
  const state = (await call(`${baseUrl}/_sandbox/state`)) as {
    locations: { id: string }[];
    contacts: { id: string }[];
  };
  const last = brokerage.contactIds.at(-1);
  // Contacts are put in last and at once: where they are, everything else is.
  if (state.contacts.some((contact) => contact.id === last)) return false;
  await call(`${baseUrl}/_sandbox/companies`, { id: brokerage.companyId, name: 'Harborline' });
  await call(`${baseUrl}/_sandbox/locations`, location());
  await call(`${baseUrl}/_sandbox/customFields`, customFields());
  await call(`${baseUrl}/_sandbox/users`, AGENTS.map(user));
  await call(`${baseUrl}/_sandbox/calendars`, calendars());
  await call(`${baseUrl}/_sandbox/pipelines`, pipelines());
  await call(`${baseUrl}/_sandbox/workflows`, workflow());
  await call(`${baseUrl}/_sandbox/numbers`, numbers());
  const now = Date.now();
  await call(
    `${baseUrl}/_sandbox/contacts`,
    people.map((person, index) => contact(person, index, now)),
  );
  return true;
}

/**
 * Has the stand-in deliver a first handful of events to `url`: five new contacts, a changed tag and an answer.
 * @returns how many were answered 2xx at the first attempt
 */
export async function deliverFirstWebhooks(baseUrl: string, url: string): Promise<number> {
  const now = Date.now();
  const events = people.slice(0, 5).map((person, index) => {
    const { dndSettings: _kept, ...body } = contact({ ...person, hoursAgo: 0 }, index, now);
    return { type: 'ContactCreate', body };
  });
  const changed = events.slice(0, 1).map(({ body }) => ({ type: 'ContactTagUpdate', body }));
  const deliveries: unknown[] = [];
  for (const { type, body } of [...events, ...changed]) {
    deliveries.push(await call(`${baseUrl}/_sandbox/webhooks`, { url, type, body }));
  }
  const answer = {
    contactId: brokerage.firstContactIds[1],
    type: 'SMS',
    body: 'Could we look at it on the weekend?',
    url,
  };
  const { delivery } = (await call(`${baseUrl}/_sandbox/inbound`, answer)) as { delivery: unknown };
  return [...deliveries, delivery].filter((one) => (one as { status: string }).status === 'delivered').length;
}

function location(): Record<string, unknown> {
  const { locationId: id, companyId, name, timezone, token } = brokerage;
  const address = { address: '100 Sample Wharf', city: 'New York', state: 'NY', country: 'US', postalCode: '10004' };
  const reach = {
    phone: '+12125550100',
    email: 'office@harborline.example.com',
    website: 'https://harborline.example.com',
  };
  const settings = { allowDuplicateContact: false, allowDuplicateOpportunity: false, disableContactTimezone: false };
  return { id, companyId, name, timezone, ...address, ...reach, settings, _token: token };
}

function customFields(): Record<string, unknown>[] {
  return Object.entries(FIELDS).map(([name, dataType], position) => {
    const fieldKey = keyOf(name);
    return { id: brokerage.fieldIds[fieldKey], name, fieldKey, dataType, position, model: 'contact', locationId };
  });
}

function keyOf(name: string): string {
  return `contact.${name.toLowerCase().replaceAll(' ', '_')}`;
}

function user(firstName: string, index: number): Record<string, unknown> {
  const lastName = `Agent0${index + 1}`;
  return {
    ...{
      id: brokerage.userIds[index],
      companyId: brokerage.companyId,
      name: `${firstName} ${lastName}`,
      firstName,
      lastName,
    },
    ...{ email: `${firstName.toLowerCase()}@harborline.example.com`, phone: `+1212555011${index}` },
    roles: { type: 'account', role: index === 0 ? 'admin' : 'user', locationIds: [locationId] },
  };
}

function calendars(): Record<string, unknown>[] {
  const [showings, consultations] = brokerage.calendarIds;
  const hours = [{ openHour: 9, openMinute: 0, closeHour: 18, closeMinute: 0 }];
  const weekdays = [1, 2, 3, 4, 5].map((day) => ({ daysOfTheWeek: [day], hours }));
  const shared = {
    locationId,
    isActive: true,
    calendarType: 'round_robin',
    slotDurationUnit: 'mins',
    openHours: weekdays,
  };
  const teamMembers = brokerage.userIds.map((userId) => ({ userId, priority: 0.5 }));
  return [
    { ...shared, id: showings, name: 'Property showings', slotDuration: 45, teamMembers },
    { ...shared, id: consultations, name: 'Buyer consultations', slotDuration: 30, teamMembers },
  ];
}

function pipelines(): Record<string, unknown>[] {
  const buyers = ['New lead', 'Contacted', 'Qualified', 'Showing', 'Offer', 'Under contract', 'Closed'];
  const sellers = ['New lead', 'Contacted', 'Valuation', 'Listing appointment', 'Listed', 'Under contract', 'Closed'];
  const shared = { showInFunnel: true, showInPieChart: true, locationId };
  const stages = (names: readonly string[], prefix: string): unknown[] =>
    names.map((name, position) => ({ id: idFor(`${prefix} ${name}`), name, position }));
  return [
    { ...shared, id: brokerage.pipelineId, name: 'Buyers', stages: stages(buyers, 'stage') },
    { ...shared, id: brokerage.sellersPipelineId, name: 'Sellers', stages: stages(sellers, 'sellers stage') },
  ];
}

function workflow(): Record<string, unknown> {
  return { id: brokerage.notifyAgentWorkflowId, name: 'Notify agent', status: 'published', version: 1, locationId };
}

function numbers(): Record<string, unknown>[] {
  const capabilities = { voice: true, sms: true, mms: true, fax: false };
  const plain = { countryCode: 'US', capabilities, type: 'local', linkedRingAllUsers: [] };
  const shared = { ...plain, isGroupConversationEnabled: false, locationId };
  const agent = { linkedUser: brokerage.userIds[1], friendlyName: 'Blair' };
  return [
    { ...shared, id: 'PN01', phoneNumber: '+12125550100', friendlyName: 'Office', isDefaultNumber: true },
    { ...shared, id: 'PN02', phoneNumber: '+12125550120', isDefaultNumber: false, ...agent },
  ];
}

function contact(person: Person, index: number, now: number): Record<string, unknown> {
  const number = String(index + 1).padStart(2, '0');
  const lastName = `Sample${number}`;
  const at = new Date(now - person.hoursAgo * 3_600_000).toISOString();
  const fields = Object.entries(person.fields ?? {});
  const { timezone, city, state, source, tags, agent, dnd } = person;
  return {
    ...{ id: brokerage.contactIds[index], locationId, firstName: person.first, lastName, country: 'US', type: 'lead' },
    name: `${person.first} ${lastName}`,
    ...(person.email && { email: `${person.first.toLowerCase()}.sample${number}@example.com` }),
    ...(person.area !== undefined && { phone: `+1${person.area}55501${number}` }),
    ...{ timezone, city, state, source, tags, dateAdded: at, dateUpdated: at },
    ...(agent !== undefined && { assignedTo: brokerage.userIds[agent] }),
    dnd: dnd === 'all',
    ...(dnd === 'SMS' && { dndSettings: { SMS: { status: 'active', message: 'Asked by phone', code: '' } } }),
    customFields: fields.map(([slug, value]) => ({ id: brokerage.fieldIds[`contact.${slug}`], value })),
  };
}

/** A call of the control plane; throws with the stand-in's own words when it refuses. */
async function call(url: string, body?: unknown): Promise<unknown> {
  const post = { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
  const response = await fetch(url, body === undefined ? {} : post);
  if (!response.ok) throw new Error(`${url} answered ${response.status}: ${await response.text()}`);
  return response.json();
}
