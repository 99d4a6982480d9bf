import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LeadRef } from '../../domain/glossary.ts';
import { type RunningStandIn, control, removeHome, startStandIn } from '../support/ghl-standin.ts';
import { draft, inboxEvent } from '../support/records.ts';
import { phoneAbroad } from '../support/brokerage.ts';
import { type Restoring, createRestoring, stepsOf } from '../support/restoring.ts';

/** A database is put back to an earlier state, and the CRM remembers what it has forgotten. */

let standIn: RunningStandIn;
let world: Restoring;
let ref: LeadRef;

beforeAll(async () => {
  standIn = await startStandIn();
  world = await createRestoring(standIn);
});
afterAll(async () => {
  await world?.close();
  await standIn.end('SIGTERM');
  removeHome(standIn);
});
beforeEach(async () => {
  world.at(undefined);
  await world.startAfresh();
  await control(standIn, 'faults', undefined, 'DELETE');
  ref = await world.lead();
});

async function touches(times: number): Promise<void> {
  for (let i = 0; i < times; i += 1) await world.touch(ref);
}

const states = () =>
  world.sql<{ step: string; channel: string; state: string; reason: string | null }>(
    `select step_key as step, channel, state, reason from outbox where contact_id = $1 and once_key not like 'recalled:%'
     order by step_key, claimed_at`,
    [ref.contactId],
  );

describe('after an older state took the place of the database', () => {
  it.each([
    ['sends no text, e-mail and task a second time', true, ['SMS', 'Email', 'task']],
    ['would send all of them again, had nobody announced it', false, ['SMS', 'Email', 'task', 'SMS', 'Email', 'task']],
  ])('%s', async (_title, announced, expected) => {
    await world.sends().work(ref, { enrol: [stepsOf('sms', 'email', 'call-task')] });
    const backup = await world.backup();
    await touches(3);
    expect(await world.got(ref)).toEqual(['SMS', 'Email', 'task']);
    await world.restore(backup);
    if (announced) expect(await world.announce(backup.at)).toMatchObject({ lostFrom: backup.at });
    await touches(4);
    expect(await world.got(ref)).toEqual(expected);
    expect((await states()).map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
    expect(await world.sends().leads.enrolments(ref)).toEqual([]);
  });

  it('goes on with what had not been sent, and looks once per lead', async () => {
    await world.sends().work(ref, { enrol: [stepsOf('sms', 'email', 'call-task')] });
    const backup = await world.backup();
    await touches(1);
    await world.restore(backup);
    await world.announce(backup.at);
    await touches(4);
    expect(await world.got(ref)).toEqual(['SMS', 'Email', 'task']);
    expect(await world.reads(ref)).toBe(1);
  });

  it('keeps a send from going out again that was claimed, or refused for now, when the backup was taken', async () => {
    await world.sends().work(ref, { enrol: [stepsOf('sms')] });
    await control(standIn, 'faults', {
      match: { method: 'POST', path: '/conversations/messages' },
      times: 1,
      status: 429,
    });
    await touches(1);
    expect(await states()).toMatchObject([{ state: 'not-sent' }]);
    const backup = await world.backup();
    world.at(10);
    await touches(1);
    expect(await world.got(ref)).toEqual(['SMS']);
    await world.restore(backup);
    await world.announce(backup.at);
    await touches(2);
    expect(await world.got(ref)).toEqual(['SMS']);
    expect(await states()).toMatchObject([{ state: 'sent' }]);
  });

  it('knows the words again although the contact has another name by now', async () => {
    await world.sends().work(ref, { enrol: [stepsOf('sms', 'call-task')] });
    const backup = await world.backup();
    await touches(2);
    await world.restore(backup);
    await world.announce(backup.at);
    await control(standIn, 'contacts', {
      ...{ id: ref.contactId, locationId: ref.locationId, firstName: 'Alexandra', tags: ['Hit List', 'sms-consent'] },
      phone: phoneAbroad(142),
    });
    await touches(3);
    expect(await world.got(ref)).toEqual(['SMS', 'task']);
  });

  it('does not welcome anew when the enrolment itself was lost and the lead is enrolled again', async () => {
    await world.sends().work(ref);
    const backup = await world.backup();
    await world.sends().work(ref, { enrol: [stepsOf('sms', 'email')] });
    await touches(1);
    await world.restore(backup);
    await world.announce(backup.at);
    await world.sends().work(ref, { enrol: [stepsOf('sms', 'email')] });
    await touches(3);
    expect(await world.got(ref)).toEqual(['SMS', 'Email']);
  });

  it('leaves to a human what cannot be told: other words of ours in that time, where one send may hide', async () => {
    await world.sends().work(ref, { enrol: [stepsOf('sms', 'sms')] });
    const backup = await world.backup();
    const foreign = await fetch(`${standIn.url}/conversations/messages`, {
      method: 'POST',
      headers: {
        ...{ authorization: `Bearer pit-${ref.locationId}`, version: '2021-04-15' },
        'content-type': 'application/json',
      },
      body: JSON.stringify({ type: 'SMS', contactId: ref.contactId, message: 'Words of another version' }),
    });
    expect(foreign.status).toBe(201);
    await world.restore(backup);
    await world.announce(backup.at);
    await touches(3);
    // One message of then stands for one send at most: the second step is free to go.
    expect(await states()).toMatchObject([
      { step: 'step-0', state: 'parked', reason: expect.stringContaining('compare') },
      { step: 'step-1', state: 'sent' },
    ]);
    expect(await world.got(ref)).toEqual(['SMS', 'SMS']);
  });

  it('makes no task twice when the event that asked for it is worked again', async () => {
    const accepted = await world.sends().inbox.accept(inboxEvent(ref));
    const task = (score: number) =>
      draft(`hot:${accepted.inboxId}`, {
        ...{ channel: 'call-task', purpose: 'task' },
        content: { title: 'Call this lead: it has just turned hot', body: `The lead's score is now ${score} of 100.` },
      });
    await world.sends().work(ref);
    const backup = await world.backup();
    await world.sends().work(ref, { tasks: [task(83)] });
    await touches(1);
    await world.restore(backup);
    await world.announce(backup.at);
    await world.sends().work(ref, { tasks: [task(81)] });
    await touches(2);
    expect(await world.got(ref)).toEqual(['task']);
    // An event that came afterwards asks for a task of its own.
    const newer = await world.sends().inbox.accept(inboxEvent(ref, { eventKey: randomUUID() }));
    await world.sends().work(ref, { tasks: [{ ...task(90), onceKey: `hot:${newer.inboxId}` }] });
    await touches(1);
    expect(await world.got(ref)).toEqual(['task', 'task']);
  });
});

describe('what people wrote in the lost time', () => {
  it.each([
    ['an opt-out', 'Please stop texting me'],
    ['a reply', 'Yes, the house on Elm Street'],
  ])('holds again before anything is sent: %s', async (_what, words) => {
    await world.sends().work(ref, { enrol: [stepsOf('sms')] });
    const backup = await world.backup();
    await control(standIn, 'inbound', { contactId: ref.contactId, type: 'SMS', body: words });
    await world.restore(backup);
    await world.announce(backup.at);
    await world.touch(ref);
    world.at(5);
    await touches(2);
    expect(await world.got(ref)).toEqual([]);
    const events = await world.sql<{ kind: string; open: boolean }>(
      `select kind, worked_at is null as open from inbox where contact_id = $1 and source = 'internal'`,
      [ref.contactId],
    );
    expect(events).toEqual([{ kind: 'message.inbound', open: true }]);
    const suppressed = await world.sql(`select from suppressions where person_hash = $1`, [`contact:${ref.contactId}`]);
    expect(suppressed.length > 0).toBe(words.includes('stop'));
  });
});

describe('the look into the CRM', () => {
  it('that fails lets nothing out, and is made again', async () => {
    await world.sends().work(ref, { enrol: [stepsOf('sms')] });
    const backup = await world.backup();
    await touches(1);
    await world.restore(backup);
    await world.announce(backup.at);
    await control(standIn, 'faults', {
      match: { method: 'GET', path: '/conversations/search' },
      times: 1,
      status: 500,
    });
    await expect(world.touch(ref)).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' });
    await touches(2);
    expect(await world.got(ref)).toEqual(['SMS']);
  });

  it('is not made while no restore was announced, nor for a contact that came after it', async () => {
    await world.restore(await world.backup());
    await world.sends().work(ref, { enrol: [stepsOf('sms')] });
    await touches(1);
    expect(await world.reads(ref)).toBe(0);
    await world.announce(new Date(Date.now() - 60_000).toISOString());
    ref = await world.lead({ dateAdded: new Date(Date.now() + 3_600_000).toISOString() });
    await world.sends().work(ref, { enrol: [stepsOf('sms')] });
    await touches(2);
    expect(await world.reads(ref)).toBe(0);
    expect(await world.got(ref)).toEqual(['SMS']);
  });
});
