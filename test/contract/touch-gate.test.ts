import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createFollowUpActivities } from '../../activities/follow-up.ts';
import { openingJitterMs } from '../../domain/consent/sending-health.ts';
import type { SequenceDocument, SequenceStep } from '../../domain/follow-up/sequence.ts';
import type { TouchResult } from '../../workflows/activities.ts';
import { ledger } from '../support/ghl-standin.ts';
import { beginLead, closeParts, db, log, openParts, parts, PHONE, ref, sends, standIn } from '../support/parts.ts';
import { later, sequence } from '../support/records.ts';

const measured: object[] = [];

beforeAll(openParts);
afterAll(closeParts);

beforeEach(() => beginLead({}, { state: 'NY' }));

/** A keyed hash as the product makes it: hexadecimal, of an address that was spelt in one way. */
const personHash = (address: string): string => createHash('sha256').update(address).digest('hex');

/** What is due at this instant, once: ten in the morning in New York, and so many minutes later. */
function touch(minutes = 0): Promise<TouchResult> {
  const now = later(minutes);
  const { touch: run } = createFollowUpActivities(
    parts({ now: () => new Date(now), personHash, measure: (what) => void measured.push(what) }),
  );
  return new MockActivityEnvironment().run(run, ref);
}

function document(...channels: ('sms' | 'call-task')[]): SequenceDocument {
  const step = (channel: 'sms' | 'call-task', at: number): SequenceStep => {
    const timing = { key: `step-${at}`, offset: `PT${at}M`, anchor: 'enrolment' } as const;
    return channel === 'sms'
      ? { ...timing, channel, body: 'Hello {{contact.firstName}}' }
      : { ...timing, channel, title: 'Call this lead', body: 'Ask how the search goes.' };
  };
  return { ...sequence('short'), steps: channels.map(step) };
}

async function posted(path: string): Promise<Record<string, unknown>[]> {
  const { calls } = (await ledger(standIn)) as unknown as {
    calls: { path: string; method: string; status: number; contactId?: string; body: Record<string, unknown> }[];
  };
  return calls
    .filter((call) => call.method === 'POST' && call.path === path && call.status < 300)
    .map(({ body }) => body)
    .filter((body) => path !== '/conversations/messages' || body['contactId'] === ref.contactId);
}
const texts = async () => (await posted('/conversations/messages')).map((body) => body['message']);
const ofContact = (what: string) => posted(`/contacts/${ref.contactId}/${what}`);

/** The number is on a list that was loaded a day before. */
async function listed(): Promise<void> {
  const loadId = randomUUID();
  await db.pool.query(
    `insert into registry_loads (location_id, load_id, list, as_of, area_codes, by, finished_at)
     values ($1, $2, 'national', $3, '{212}', 'operator', $3)`,
    [ref.locationId, loadId, later(-24 * 60)],
  );
  await db.pool.query(`insert into registry_numbers (location_id, load_id, number_hash) values ($1, $2, $3)`, [
    ref.locationId,
    loadId,
    Buffer.from(personHash(PHONE), 'hex').subarray(0, 16),
  ]);
}

describe('what reaches a lead', () => {
  it('begins with a text that names the sender and says how to opt out; later ones do not repeat it', async () => {
    await sends.work(ref, { enrol: [document('sms', 'sms')] });
    for (const minutes of [0, 1]) await touch(minutes);
    expect(await texts()).toEqual(['Example Realty: Hello Robin\nReply STOP to opt out.', 'Hello Robin']);
  });

  it('waits for the morning, and then for an instant of its own', async () => {
    await sends.work(ref, { enrol: [document('sms')] });
    const { next } = await touch(11 * 60 + 30);
    const eight = Date.parse('2026-03-03T13:00:00.000Z');
    expect(next?.at).toBe(new Date(eight + openingJitterMs(ref.contactId, 600)).toISOString());
    expect(await texts()).toEqual([]);
    await touch(24 * 60);
    expect(await texts()).toHaveLength(1);
  });

  it('leaves a verdict in which the place is told and no number or address is', async () => {
    await sends.work(ref, { enrol: [document('sms')] });
    await touch();
    const { rows } = await db.pool.query<{ facts: object }>('select facts from gate_verdicts where contact_id = $1', [
      ref.contactId,
    ]);
    const contact = { timezone: 'America/New_York', addressStates: ['NY'], phone: { kind: 'known', state: 'NY' } };
    expect(rows).toMatchObject([{ facts: { contact: { value: contact } } }]);
    expect(JSON.stringify(rows)).not.toMatch(/5550142|robin|Hello/i);
  });
});

describe('a task to call', () => {
  it('is made where the registries are not known, and says so', async () => {
    await sends.work(ref, { enrol: [document('call-task')] });
    await touch();
    const [task] = await ofContact('tasks');
    expect(task).toMatchObject({ title: 'Call this lead', body: expect.stringContaining('look before you call') });
  });

  it('is not made for a number on a registry: a note tells people not to call, once', async () => {
    await listed();
    await sends.work(ref, { enrol: [document('call-task', 'call-task')] });
    for (const minutes of [0, 1, 2]) await touch(minutes);
    expect(await ofContact('tasks')).toEqual([]);
    expect(await ofContact('notes')).toMatchObject([{ body: expect.stringMatching(/^Do not call this lead/) }]);
  });

  it('is made for a number on a registry with which there is past business', async () => {
    await listed();
    await db.pool.query(
      `insert into consent_facts (location_id, contact_id, kind, at, source, basis, recorded_by, once_key)
       values ($1, $2, 'transaction', $3, 'operator', 'closing', 'operator', 'closing')`,
      [ref.locationId, ref.contactId, '2025-06-01T12:00:00.000Z'],
    );
    await sends.work(ref, { enrol: [document('call-task')] });
    await touch();
    expect(await ofContact('tasks')).toMatchObject([{ body: expect.stringContaining('past business allows') }]);
  });
});

describe('a location whose texts fail', () => {
  it('sends no more of them, keeps working, and an operator hears of it once', async () => {
    await db.pool.query(
      `insert into messages (location_id, contact_id, message_key, direction, channel, body, status, origin, at)
       select $1, 'others', gen_random_uuid(), 'outbound', 'sms', '', 'failed', 'api', $2 from generate_series(1, 150)`,
      [ref.locationId, later(-60)],
    );
    await sends.work(ref, { enrol: [document('sms')] });
    expect((await touch()).next).toMatchObject({ stepKey: 'step-0', at: later(15) });
    await touch(15);
    expect(await texts()).toEqual([]);
    expect(measured.filter((what) => 'kind' in what && what.kind === 'sending-paused')).toHaveLength(1);
    const told = log.lines.filter((line) => line.includes('paused by itself'));
    expect(told).toEqual([expect.stringContaining(ref.locationId)]);
    const { items } = await sends.leads.timeline(ref, 10);
    expect(items.map(({ summary }) => summary)).toContainEqual(expect.stringContaining('gate closed by health'));
  });
});
