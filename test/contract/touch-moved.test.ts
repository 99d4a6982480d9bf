import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createFollowUpActivities } from '../../activities/follow-up.ts';
import type { SequenceDocument, SequenceStep } from '../../domain/follow-up/sequence.ts';
import type { TouchResult } from '../../workflows/activities.ts';
import { control, ledger } from '../support/ghl-standin.ts';
import { beginLead, closeParts, db, openParts, parts, ref, sends, standIn } from '../support/parts.ts';
import { later, NOW, sequence } from '../support/records.ts';

/** An appointment moves while the words that name its time are on their way to the gate. */
const APPOINTMENT = 'appointment-1';
/** Happens once, when the words are made and the gate has not been asked. */
let meanwhile: () => Promise<unknown> = () => Promise.resolve();

beforeAll(openParts);
afterAll(closeParts);
beforeEach(async () => {
  meanwhile = () => Promise.resolve();
  await beginLead();
});

const reminder = {
  key: 'hour-before',
  channel: 'sms',
  offset: 'PT1H',
  anchor: 'event',
  side: 'before',
  body: 'See you {{appointment.day}} at {{appointment.time}}',
} as const;
const message = {
  key: 'booked',
  channel: 'sms',
  offset: 'PT0S',
  anchor: 'enrolment',
  body: 'You are booked for {{appointment.time}}',
} as const;
const email = { ...message, channel: 'email', subject: 'Your appointment at {{appointment.time}}' } as const;

/** About an appointment of 11 in the morning in New York, an hour after `NOW`. */
async function begin(step: SequenceStep): Promise<void> {
  await db.pool.query(
    `insert into appointments (location_id, contact_id, appointment_id, status, starts_at, facts_at, known_at)
     values ($1, $2, $3, 'confirmed', $4, '{}', $5)`,
    [ref.locationId, ref.contactId, APPOINTMENT, later(60), NOW],
  );
  const document: SequenceDocument = { ...sequence('about'), track: 'appointment', exits: [], steps: [step] };
  const event = { kind: 'appointment', id: APPOINTMENT, at: later(60) } as const;
  const because = { on: 'appointment.booked', facts: {} } as const;
  await sends.work(ref, { enrol: [{ document, event, because }] });
}

/** The CRM's news of the move is worked. */
async function moves(at: string): Promise<void> {
  await db.pool.query('update appointments set starts_at = $2 where location_id = $1', [ref.locationId, at]);
  const [enrolment] = await sends.leads.enrolments(ref);
  await sends.work(ref, { move: [{ enrolmentId: enrolment!.enrolmentId, at }] });
}

function touch(minutes = 0): Promise<TouchResult> {
  const pass: typeof sends.outbox.pass = async (...asked) => {
    const first = meanwhile;
    meanwhile = () => Promise.resolve();
    await first();
    return sends.outbox.pass(...asked);
  };
  const deps = parts({ now: () => new Date(later(minutes)), outbox: { ...sends.outbox, pass } });
  return new MockActivityEnvironment().run(createFollowUpActivities(deps).touch, ref);
}

async function words(): Promise<string[]> {
  const { calls } = (await ledger(standIn)) as unknown as {
    calls: { path: string; method: string; status: number; body?: Record<string, string> }[];
  };
  return calls
    .filter(({ path, method, status }) => path === '/conversations/messages' && method === 'POST' && status < 300)
    .filter(({ body }) => body?.['contactId'] === ref.contactId)
    .map(({ body }) => [body?.['subject'], body?.['message'] ?? body?.['html']].filter(Boolean).join(': '));
}

async function steps(): Promise<unknown> {
  const [enrolment] = await sends.leads.allEnrolments(ref, 1);
  return enrolment?.steps.map(({ key, outcome }) => `${key} ${outcome ?? 'open'}`);
}

describe('an appointment that moves between the making of words and their gate', () => {
  it('is reminded of at its new time, in words that name it, once', async () => {
    await begin(reminder);
    meanwhile = () => moves(later(180));
    const { next } = await touch();
    expect(await words()).toEqual([]);
    expect(next).toMatchObject({ at: later(120), stepKey: 'hour-before' });
    for (const minutes of [1, 120, 121]) await touch(minutes);
    expect(await words()).toEqual([expect.stringContaining('See you Monday, March 2 at 1:00 PM')]);
    expect(await steps()).toEqual(['hour-before sent']);
  });

  it('is named by its new time in a message that was due anyway: made again at once, neither lost nor doubled', async () => {
    await begin(message);
    meanwhile = () => moves(later(180));
    const { next } = await touch();
    expect(await words()).toEqual([]);
    expect(next).toMatchObject({ at: later(1 / 60), stepKey: 'booked' });
    for (const minutes of [1, 2]) await touch(minutes);
    expect(await words()).toEqual([expect.stringContaining('You are booked for 1:00 PM')]);
    expect(await steps()).toEqual(['booked sent']);
  });

  it('is not reminded of once it has begun, and the step is passed over', async () => {
    await begin(reminder);
    meanwhile = () => moves(later(0.01));
    await touch();
    await touch(1);
    expect(await words()).toEqual([]);
    expect(await steps()).toEqual(['hour-before skipped']);
  });

  it.each([
    ['a text', message],
    ['an e-mail', email],
  ] as const)(
    'leaves no old time in %s that the CRM refused for now: its words are made again',
    async (_what, step) => {
      await begin(step);
      const refuses = { match: { method: 'POST', path: '/conversations/messages' }, times: 1, status: 429 };
      await control(standIn, 'faults', refuses);
      await touch();
      expect(await sends.outbox.open(ref)).toMatchObject([{ state: 'not-sent' }]);
      await moves(later(180));
      for (const minutes of [5, 6]) await touch(minutes);
      const [sent, ...more] = await words();
      expect(more).toEqual([]);
      expect(sent).toContain('You are booked for 1:00 PM');
      expect(sent).not.toContain('11:00 AM');
      if (step === email) {
        expect(sent).toContain('Your appointment at 1:00 PM');
        expect(sent?.split('To get no more e-mails')).toHaveLength(2);
      }
    },
  );
});
