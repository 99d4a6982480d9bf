import { DateTime } from 'luxon';
import { setTimeout as pause } from 'node:timers/promises';
import { openGhlWorld, type GhlWorld } from './ghl-world.ts';
import { control } from './webhook-people.ts';

export interface CrowdFigures {
  /** Milliseconds after the hours opened at which each text left, of the one large location and of the small ones. */
  readonly large: readonly number[];
  readonly small: readonly number[];
}

export interface CrowdSize {
  /** Leads of the large location, and of the twenty small ones together. */
  readonly large: number;
  readonly small: number;
  /** How long the leads are given to come in before the hours open. */
  readonly minutesAhead: number;
}

const SMALL_LOCATIONS = 20;
const LARGE = 'crowdLocationLarge01';
const smallId = (n: number): string => `crowdLocationSmall${String(n).padStart(2, '0')}`;

/** Somewhere it is daytime now, in a state without hours of its own; elsewhere in the world only the federal ones bind. */
const places = [
  { timezone: 'America/New_York', phone: '+1212555' },
  { timezone: 'America/Los_Angeles', phone: '+1213555' },
  { timezone: 'Pacific/Honolulu', phone: '+1808555' },
  { timezone: 'Asia/Tokyo', phone: '+8135550' },
  { timezone: 'Europe/London', phone: '+4420555' },
] as const;

/**
 * Many leads whose first text waits for the same opening of their team's hours, without any jitter: how long until all have it, and how long
 * until those of small locations have it, who wait beside a large one. The vendor is a stand-in without limits or delay.
 */
export async function openAtOnce(size: CrowdSize, say: (line: string) => void): Promise<CrowdFigures> {
  const world = await openGhlWorld(say);
  try {
    const { timezone, phone } = daytime(size.minutesAhead);
    const opening = DateTime.now().setZone(timezone).plus({ minutes: size.minutesAhead }).startOf('minute');
    await furnish(world, timezone, opening.toFormat('HH:mm'));
    const leads = leadsOf(size);
    say(`crowd: ${leads.length} leads come in; their hours open in ${size.minutesAhead} minutes`);
    await comeIn(world, leads, { timezone, phone });
    await until(
      async () => (await enrolled(world)) === leads.length,
      opening.toMillis() - 5_000,
      'all leads to be enrolled',
    );
    say('crowd: all of them wait');
    await until(
      async () => (await texts(world)).length === leads.length,
      opening.toMillis() + 900_000,
      'all texts to go out',
    );
    const late = (await texts(world)).map(({ at, locationId }) => ({
      locationId,
      ms: Date.parse(at) - opening.toMillis(),
    }));
    if (late.some(({ ms }) => ms < 0)) throw new Error('expected no text before the hours open, one went out');
    return {
      large: late.filter((one) => one.locationId === LARGE).map(({ ms }) => ms),
      small: late.filter((one) => one.locationId !== LARGE).map(({ ms }) => ms),
    };
  } finally {
    await world.close();
  }
}

function daytime(minutesAhead: number): (typeof places)[number] {
  const fits = places.find(({ timezone }) => {
    const now = DateTime.now().setZone(timezone);
    return (
      now.hour >= 8 &&
      now.plus({ minutes: minutesAhead + 30 }).hour < 21 &&
      now.plus({ minutes: minutesAhead + 30 }).hour >= 8
    );
  });
  if (fits === undefined) throw new Error('expected daytime somewhere, found none');
  return fits;
}

async function furnish({ running, line }: GhlWorld, timezone: string, from: string): Promise<void> {
  const ids = [LARGE, ...Array.from({ length: SMALL_LOCATIONS }, (_, n) => smallId(n))];
  await control(
    running.ghlUrl,
    'locations',
    ids.map((id) => ({ id, name: 'Example Realty', timezone, _token: `pit-${id}` })),
  );
  await control(running.ghlUrl, 'latency', { p50Ms: 0, p95Ms: 0 });
  // The product obeys the headers, too.
  await control(running.ghlUrl, 'limits', { max: 10_000, daily: 1_000_000_000, disabled: true });
  await control(running.ghlUrl, 'app', { webhookUrl: null });
  for (const locationId of ids) {
    const response = await fetch(`${running.apiUrl}/api/locations`, {
      method: 'POST',
      headers: { authorization: `Bearer ${line.apiToken}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...{ locationId, token: `pit-${locationId}`, name: 'Example Realty', timezone },
        settings: {
          consentTags: { 'sms-consent': ['sms', 'email'] },
          ...{ quietHours: { from, to: '21:00' }, openingJitterSeconds: 0 },
        },
      }),
    });
    if (response.status !== 201) throw new Error(`a location was not installed: ${await response.text()}`);
  }
}

interface Lead {
  readonly id: string;
  readonly locationId: string;
  readonly number: number;
}

/** Those of the small locations come in last, and so stand behind the others in every queue. */
function leadsOf({ large, small }: CrowdSize): Lead[] {
  return Array.from({ length: large + small }, (_, number) => ({
    id: `crowd${String(number).padStart(15, '0')}`,
    locationId: number < large ? LARGE : smallId(number % SMALL_LOCATIONS),
    number,
  }));
}

async function comeIn(
  { running }: GhlWorld,
  leads: readonly Lead[],
  { timezone, phone }: { readonly timezone: string; readonly phone: string },
): Promise<void> {
  const contacts = leads.map(({ id, locationId, number }) => ({
    ...{ id, locationId, timezone, firstName: 'Robin', lastName: `Sample${number}`, email: `${id}@example.com` },
    ...{ phone: `${phone}${String(number).padStart(4, '0')}`, dnd: false, tags: ['Hit List', 'sms-consent'] },
    ...{ country: 'US', dateAdded: new Date().toISOString(), customFields: [] },
  }));
  for (let at = 0; at < contacts.length; at += 200)
    await control(running.ghlUrl, 'contacts', contacts.slice(at, at + 200));
  const left = [...contacts];
  const post = async (): Promise<void> => {
    for (let body = left.shift(); body !== undefined; body = left.shift()) {
      await control(running.ghlUrl, 'webhooks', { url: `${running.apiUrl}/webhooks/ghl`, type: 'ContactCreate', body });
    }
  };
  await Promise.all(Array.from({ length: 4 }, post));
}

async function enrolled({ running }: GhlWorld): Promise<number> {
  const rows = await running.sql<{ n: number }>(`select count(*)::int as n from enrolments where status = 'active'`);
  return rows[0]?.n ?? 0;
}

async function texts({ running }: GhlWorld): Promise<readonly { readonly at: string; readonly locationId: string }[]> {
  return (
    await running.sql<{ at: Date; locationId: string }>(
      `select sending_at::timestamptz as at, location_id as "locationId" from outbox where channel = 'sms' and state = 'sent'`,
    )
  ).map(({ at, locationId }) => ({ at: new Date(at).toISOString(), locationId }));
}

async function until(reached: () => Promise<boolean>, by: number, what: string): Promise<void> {
  while (!(await reached())) {
    if (Date.now() > by) throw new Error(`expected ${what} in time, it did not come`);
    await pause(2_000);
  }
}
