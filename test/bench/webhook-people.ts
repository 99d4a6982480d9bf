/** The brokerages and contacts of the webhook bench: 40 locations with five contacts each, whose workflows run, and new ones. */
export const LOCATIONS = 40;
export const CONTACTS = 200;

export interface Location {
  readonly id: string;
  readonly token: string;
}

export interface Person {
  readonly id: string;
  readonly location: Location;
  readonly number: number;
}

export const locations: readonly Location[] = Array.from({ length: LOCATIONS }, (_none, index) => {
  const id = `benchLocation${String(index).padStart(7, '0')}`;
  return { id, token: `pit-${id}` };
});

/** @param prefix  four letters that tell sets of contacts apart */
export function people(prefix: string, count: number): Person[] {
  return Array.from({ length: count }, (_none, number) => ({
    id: `${prefix}${String(number).padStart(16, '0')}`,
    location: locations[number % LOCATIONS]!,
    number,
  }));
}

/** A contact as GHL's GET returns it; the same fields stand in its ContactCreate. */
export function contactOf({ id, location, number }: Person): Record<string, unknown> {
  const digits = String(number % 10_000).padStart(4, '0');
  const lastName = `Bench${number}`;
  return {
    id,
    locationId: location.id,
    firstName: 'Sample',
    lastName,
    name: `Sample ${lastName}`,
    email: `${id.toLowerCase()}@example.com`,
    phone: `+1212555${digits}`,
    timezone: 'America/New_York',
    state: 'NY',
    country: 'US',
    postalCode: '10004',
    source: 'paid ad',
    dnd: false,
    tags: ['Hit List'],
    dateAdded: '2026-01-05T15:00:00.000Z',
  };
}

/** Puts locations with their two custom fields into the stand-in, and switches off what a vendor would slow us down with. */
export async function furnish(ghlUrl: string): Promise<void> {
  await control(
    ghlUrl,
    'locations',
    locations.map(({ id, token }) => ({ id, name: `Bench ${id}`, timezone: 'America/New_York', _token: token })),
  );
  const fields = locations.flatMap(({ id: locationId }) => [
    { id: `${locationId}S`, locationId, name: 'Lead Score', fieldKey: 'contact.lead_score', dataType: 'NUMERICAL' },
    { id: `${locationId}T`, locationId, name: 'Lead Tier', fieldKey: 'contact.lead_tier', dataType: 'TEXT' },
  ]);
  await control(ghlUrl, 'customFields', fields);
  await control(ghlUrl, 'latency', { p50Ms: 0, p95Ms: 0 });
  await control(ghlUrl, 'limits', { disabled: true });
  // Our writes would come back as events of their own; the load is to be the one that is stated.
  await control(ghlUrl, 'app', { webhookUrl: null });
}

export async function seedContacts(ghlUrl: string, contacts: readonly Person[]): Promise<void> {
  await control(ghlUrl, 'contacts', contacts.map(contactOf));
}

export async function control<T>(ghlUrl: string, name: string, body?: unknown): Promise<T> {
  const response = await fetch(
    `${ghlUrl}/_sandbox/${name}`,
    body === undefined
      ? {}
      : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
  );
  if (!response.ok) throw new Error(`the stand-in refused ${name}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}
