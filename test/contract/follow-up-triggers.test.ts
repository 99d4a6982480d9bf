import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { SettingsChanges } from '../../domain/leads/settings.ts';
import { createSequenceStore } from '../../integrations/postgres/sequences.ts';
import { type Acting, startActing } from '../support/acting.ts';
import { phoneAbroad, zoneAt } from '../support/brokerage.ts';
import { sequence } from '../support/records.ts';

/** What makes sequences begin and end: through the inbox, the levels and the touches of a lead, as its workflow calls them. */
const HOUR = 60;
const DAY = 24 * HOUR;
let acting: Acting;
let ref: LeadRef;

beforeAll(async () => {
  acting = await startActing();
});
afterAll(() => acting.end());
beforeEach(async () => {
  await acting.db.pool.query('truncate sequences, sequence_releases cascade');
});

const call = (key: string, offset = 'P1D') =>
  ({ key, channel: 'call-task', offset, anchor: 'enrolment', title: 'Call', body: 'Call the lead' }) as const;

async function publish(...documents: (Partial<SequenceDocument> & { readonly key: string })[]): Promise<void> {
  const store = createSequenceStore(acting.db.tenants.house);
  for (const change of documents) {
    const { version: _, ...document } = {
      ...sequence(change.key),
      title: change.key,
      steps: [call('call')],
      ...change,
    };
    await store.publish(document);
  }
}

async function begin(changes: SettingsChanges = {}): Promise<void> {
  ref = await acting.begin(changes, { phone: phoneAbroad(8), timezone: zoneAt(12) });
  await acting.happens('ContactCreate', { tags: ['Hit List'], phone: phoneAbroad(8), timezone: zoneAt(12) });
}

/** Sequences under way, and why others ended. */
async function running(): Promise<string[]> {
  return (await acting.sends.leads.enrolments(ref)).map(({ document }) => document.key).toSorted();
}
async function ended(): Promise<Record<string, string | null>> {
  const all = await acting.sends.leads.allEnrolments(ref, 50);
  return Object.fromEntries(
    all.filter(({ status }) => status === 'ended').map((one) => [one.sequence, one.endedReason]),
  );
}

/** Time passes until then; what a touch writes into the inbox is worked. */
async function passes(minutes: number): Promise<void> {
  await acting.touch(minutes);
  const { rows } = await acting.db.pool.query<{ inbox_id: string; kind: string }>(
    'select inbox_id, kind from inbox where location_id = $1 and contact_id = $2 and worked_at is null',
    [ref.locationId, ref.contactId],
  );
  for (const { inbox_id: inboxId, kind } of rows) await acting.work(inboxId, kind);
}
const nextAt = async () => {
  const next = await acting.sends.leads.next(ref);
  return next === null ? null : Math.round((Date.parse(next.at) - Date.now()) / 60_000);
};
const about = (minutes: number): number => expect.closeTo(minutes, -1) as unknown as number;
const tagged = (...tags: string[]) => acting.happens('ContactTagUpdate', { tags });
const appointment = (type: string, id: string, inMinutes: number, status = 'confirmed') =>
  acting.happens(type, {
    appointment: {
      ...{
        id,
        contactId: ref.contactId,
        title: 'Showing',
        calendarId: 'cal0000000000000001',
        appointmentStatus: status,
      },
      startTime: new Date(Date.now() + inMinutes * 60_000).toISOString(),
      dateAdded: new Date().toISOString(),
    },
  });

describe('silence', () => {
  const silent = { key: 'no-response', trigger: { on: 'silence', after: 'P3D' }, coolDown: 'P30D' } as const;

  it('is what the one timer wakes for; the sequence begins by an event of the lead, with its reason', async () => {
    await publish(silent);
    await begin();
    await acting.touch();
    expect(await nextAt()).toEqual(about(3 * DAY));
    expect((await acting.sends.leads.next(ref))?.sentence).toMatch(/silent for long enough to begin a sequence$/);
    await passes(2 * DAY);
    expect(await running()).toEqual([]);
    await passes(3 * DAY + 1);
    expect(await running()).toEqual(['no-response']);
    const { rows } = await acting.db.pool.query('select because from enrolments where contact_id = $1', [
      ref.contactId,
    ]);
    expect(rows[0]).toMatchObject({
      because: { on: 'silence', facts: { silentHours: expect.closeTo(72, 0) as unknown } },
    });
  });

  it('begins again with every word and every step on the site, and begins nothing twice in its cool-down', async () => {
    await publish(silent);
    await begin();
    acting.world.ahead = 2 * DAY;
    await acting.says('Still looking around');
    await passes(3 * DAY + 1);
    expect(await running()).toEqual([]);
    await acting.db.pool.query(
      `insert into analytics_events (location_id, contact_id, type, at) values ($1, $2, 'property.view', now() + interval '4 days')`,
      [ref.locationId, ref.contactId],
    );
    await passes(5 * DAY + 1);
    expect(await nextAt()).toEqual(about(7 * DAY));
    await passes(7 * DAY + 1);
    expect(await running()).toEqual(['no-response']);
    await passes(8 * DAY + 2);
    expect(await ended()).toEqual({ 'no-response': 'completed' });
    expect(await nextAt()).toEqual(about(37 * DAY));
  });

  it('does not begin for whom it is not meant, while a stronger one runs, or while a person has the lead', async () => {
    await publish(
      { ...silent, audience: [{ fact: 'tier', equals: 'hot' }] },
      { key: 'welcome', trigger: { on: 'lead.activated' }, priority: 90, steps: [call('call', 'P9D')] },
    );
    await begin();
    await passes(3 * DAY + 1);
    expect(await running()).toEqual(['welcome']);
    expect(await nextAt()).toEqual(about(9 * DAY));
    await acting.sends.leads.act(ref, randomUUID(), { action: 'takeOver' }, new Date().toISOString());
    await passes(9 * DAY + 1);
    expect(await running()).toEqual(['welcome']);
  });
});

describe('a tier', () => {
  it('that the lead comes into begins its sequence, which ends a weaker one of its track', async () => {
    await publish(
      { key: 'welcome', trigger: { on: 'lead.activated' }, priority: 10, exits: [] },
      { key: 'fast-track', trigger: { on: 'tier', becomes: 'hot' }, priority: 80, exits: ['reply'] },
    );
    await begin();
    expect(await running()).toEqual(['welcome']);
    acting.world.score = 90;
    await acting.says('We want to buy this week');
    expect(await running()).toEqual(['fast-track']);
    expect(await ended()).toEqual({ welcome: 'outranked by fast-track' });
    await acting.says('Call me');
    expect(await running()).toEqual([]);
  });
});

describe('an appointment', () => {
  const reminders: Partial<SequenceDocument> & { readonly key: string } = {
    ...{
      key: 'reminders',
      track: 'appointment',
      trigger: { on: 'appointment.booked' },
      coolDown: 'PT0S',
      needs: ['appointments'],
    },
    steps: [{ ...call('day-before', 'P1D'), anchor: 'event', side: 'before' }],
  };

  it('begins reminders that move with it, stand beside those of another one and end with its cancellation', async () => {
    await publish(reminders);
    await begin();
    await appointment('AppointmentCreate', 'A1', 5 * DAY);
    await appointment('AppointmentCreate', 'A2', 6 * DAY);
    expect(await running()).toEqual(['reminders', 'reminders']);
    expect(await nextAt()).toEqual(about(4 * DAY));
    await appointment('AppointmentUpdate', 'A1', 9 * DAY);
    expect(await nextAt()).toEqual(about(5 * DAY));
    await appointment('AppointmentUpdate', 'A2', 6 * DAY, 'cancelled');
    expect(await running()).toEqual(['reminders']);
    expect(await nextAt()).toEqual(about(8 * DAY));
    expect(await ended()).toEqual({ reminders: 'the appointment is off' });
  });

  it('ends a talk whose exit it is, and no such sequence begins beside it', async () => {
    const talk = { exits: ['booking'], trigger: { on: 'operator' } } as const;
    await publish({ key: 'chase', ...talk }, { key: 'other', ...talk, priority: 99 });
    await begin();
    await acting.sends.work(ref, { enrol: [{ ...sequence('chase'), exits: ['booking'] }] });
    await appointment('AppointmentCreate', 'A1', 5 * DAY);
    expect(await ended()).toEqual({ chase: 'booking' });
    await enrols('other');
    expect(await running()).toEqual([]);
    expect(await acting.told()).toContain('Not enrolled: it would end at once: booking.');
  });

  it('that went over to another contact is not reminded of any more', async () => {
    await publish(reminders);
    await begin();
    await appointment('AppointmentCreate', 'A1', 5 * DAY);
    await acting.db.pool.query(`update appointments set contact_id = 'somebody-else' where location_id = $1`, [
      ref.locationId,
    ]);
    await acting.touch(4 * DAY + 1);
    expect(await ended()).toEqual({ reminders: 'the appointment is off' });
    expect(await acting.calls(({ method, path }) => method === 'POST' && path.endsWith('/tasks'))).toEqual([]);
  });
});

async function enrols(key: string): Promise<void> {
  const body = JSON.stringify({ action: 'enrol', sequence: key });
  const { inboxId } = await acting.sends.inbox.accept({
    ...{ source: 'operator', eventKey: randomUUID(), bodyHash: body, type: 'operator.enrol', kind: 'operator', ...ref },
    ...{
      occurredAt: new Date(Date.now() + acting.world.ahead * 60_000).toISOString(),
      body: Buffer.from(body),
      headers: {},
    },
  });
  await acting.work(inboxId, 'operator');
}

/** All that a buyer is asked. */
const everything =
  'We want to buy in Austin within 2 weeks, budget $450,000, a 3 bedroom house with a garden, pre-approved by our bank, because of a new job';

describe('an exit', () => {
  const leave = { key: 'leave', trigger: { on: 'operator' } } as const;
  const won = (status: string) =>
    acting.happens('OpportunityStatusUpdate', {
      ...{ id: 'O1', contactId: ref.contactId, pipelineId: 'P', pipelineStageId: 'S', status, name: 'Home' },
    });

  it.each<[SequenceDocument['exits'][number], () => Promise<unknown>, string]>([
    ['reply', () => acting.says('Hello'), 'reply'],
    ['opt-out', () => acting.says('STOP'), 'opt-out'],
    ['stop-tag', () => tagged('Hit List', 'AI-Off'), 'stop tag'],
    ['booking', () => appointment('AppointmentCreate', 'A9', DAY), 'booking'],
    ['qualified', () => acting.says(everything), 'qualified'],
    ['closed', () => won('lost'), 'opportunity closed'],
    [
      'takeover',
      () =>
        acting.happens('OutboundMessage', {
          ...{
            messageType: 'SMS',
            direction: 'outbound',
            body: 'Hi',
            messageId: randomUUID(),
            contactId: ref.contactId,
          },
          ...{ source: 'app', userId: 'user-1', dateAdded: new Date(Date.now() + 1_000).toISOString() },
        }),
      'takeover',
    ],
  ])('%s ends at once what names it, and nothing of it goes out any more', async (exit, happens, reason) => {
    await publish({ ...leave, exits: [exit] });
    await begin();
    await enrols('leave');
    expect(await running()).toEqual(['leave']);
    await happens();
    expect(await ended()).toEqual({ leave: reason });
    await acting.touch(2 * DAY);
    const made = await acting.calls(({ method, path, body }) => {
      const title = (body as { title?: string } | undefined)?.title;
      return method === 'POST' && path.endsWith('/tasks') && title === 'Call';
    });
    expect(made).toEqual([]);
  });
});

it('qualified ends what names it once the last question is answered, and nothing by a part of the answers', async () => {
  await publish({ key: 'ask', trigger: { on: 'operator' }, exits: ['qualified'] });
  await begin();
  await enrols('ask');
  await acting.says('We want to buy in Austin');
  expect(await running()).toEqual(['ask']);
  await acting.says(everything);
  expect(await acting.sends.leads.load(ref)).toMatchObject({ stage: 'qualified' });
  expect(await ended()).toEqual({ ask: 'qualified' });
});

describe('a need', () => {
  it('that the location does not meet keeps a sequence from beginning', async () => {
    await publish({ key: 'homes', trigger: { on: 'lead.activated' }, needs: ['listings'] });
    await begin();
    expect(await running()).toEqual([]);
    await enrols('homes');
    expect(await acting.told()).toContain('Not enrolled: it needs listings, which this location does not have.');
  });
});

describe('a takeover', () => {
  it('ends by itself after the silence that the location chose, and lasts as long as somebody of the team writes', async () => {
    await publish();
    await begin({ takeoverEndsAfter: 'P2D' });
    const writes = () =>
      acting.happens('OutboundMessage', {
        ...{ messageType: 'SMS', direction: 'outbound', body: 'Hi', messageId: randomUUID(), contactId: ref.contactId },
        ...{ source: 'app', userId: 'user-1' },
        dateAdded: new Date(Date.now() + acting.world.ahead * 60_000).toISOString(),
      });
    await writes();
    expect(await acting.sends.leads.load(ref)).toMatchObject({ state: 'taken-over' });
    expect(await nextAt()).toEqual(about(2 * DAY));
    expect((await acting.sends.leads.next(ref))?.sentence).toContain('the end of the takeover');
    acting.world.ahead = DAY;
    await writes();
    await passes(2 * DAY + 1);
    expect(await acting.sends.leads.load(ref)).toMatchObject({ state: 'taken-over' });
    await passes(3 * DAY + 1);
    expect(await acting.sends.leads.load(ref)).toMatchObject({ state: 'active' });
  });

  it('lasts until a person ends it where the location chose nothing', async () => {
    await begin();
    await acting.sends.leads.act(ref, randomUUID(), { action: 'takeOver' }, new Date().toISOString());
    await passes(90 * DAY);
    expect(await acting.sends.leads.load(ref)).toMatchObject({ state: 'taken-over' });
    expect(await acting.sends.leads.next(ref)).toBeNull();
  });
});
