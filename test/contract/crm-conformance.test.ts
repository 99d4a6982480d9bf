import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Crm } from '../../domain/ports/crm.ts';
import { readMessage } from '../../domain/webhooks/message-fact.ts';
import { crmMaker, failure, recordingLog, tokens } from '../support/ghl-crm.ts';
import { until } from '../support/until.ts';
import { control, ledger, removeHome, startStandIn, type RunningStandIn } from '../support/ghl-standin.ts';
import { startReceiver } from '../support/webhook-receiver.ts';

/**
 * What every adapter of the port `Crm` must keep, shown by ours against the GHL stand-in as a process of its own. Neither side was
 * written from the other: where they disagree, one of them misread the vendor's documents.
 */
const here = { locationId: 'HereLocation00000001', contactId: 'ContactHere000000001' };
const foreign = { locationId: 'ThereLocation0000001', contactId: 'ContactThere00000001' };
const { crmAt, closeAll } = crmMaker(recordingLog());
const known = tokens((locationId) => `pit-${locationId}`);
let standIn: RunningStandIn;
let crm: Crm;

beforeAll(async () => {
  standIn = await startStandIn();
});
beforeEach(async () => {
  await control(standIn, 'reset', {});
  for (const { locationId, contactId } of [here, foreign]) {
    await control(standIn, 'locations', {
      id: locationId,
      name: `Office ${locationId}`,
      timezone: 'America/Denver',
      companyId: 'Co1',
    });
    await control(standIn, 'customFields', [
      {
        id: `${locationId}score`,
        locationId,
        name: 'Lead Score',
        fieldKey: 'contact.lead_score',
        dataType: 'NUMERICAL',
        model: 'contact',
      },
      {
        id: `${locationId}tier`,
        locationId,
        name: 'Lead Tier',
        fieldKey: 'contact.lead_tier',
        dataType: 'TEXT',
        model: 'contact',
      },
    ]);
    await control(standIn, 'contacts', {
      id: contactId,
      locationId,
      firstName: 'Noor',
      email: `${contactId.toLowerCase()}@example.com`,
      phone: locationId === here.locationId ? '+19105550121' : '+19105550122',
      tags: ['Hit List', 'Garden'],
    });
  }
  crm = crmAt(standIn.url, { tokens: known });
});
afterEach(closeAll);
afterAll(async () => {
  await standIn.end('SIGTERM');
  removeHome(standIn);
});

describe('a CRM', () => {
  it('shows a contact as it is, and says when there is none', async () => {
    expect(await crm.contact(here)).toMatchObject({
      snapshot: {
        firstName: 'Noor',
        phone: '+19105550121',
        lastName: null,
        dnd: false,
        dndChannels: { sms: 'off', email: 'off', call: 'off' },
      },
    });
    expect((await tagsOf()).map((tag) => tag.toLowerCase())).toEqual(['hit list', 'garden']);
    expect(await crm.contact({ ...here, contactId: 'NobodyHere0000000001' })).toBe('gone');
  });

  it('adds and removes tags, touches no other, and repeats without effect', async () => {
    const lower = async () => (await tagsOf()).map((tag) => tag.toLowerCase()).sort();
    for (let turn = 0; turn < 2; turn += 1) {
      await crm.addTags(here, ['Hot-Lead']);
      expect(await lower()).toEqual(['garden', 'hit list', 'hot-lead']);
    }
    for (let turn = 0; turn < 2; turn += 1) {
      await crm.removeTags(here, ['Hot-Lead']);
      expect(await lower()).toEqual(['garden', 'hit list']);
    }
  });

  it('sets fields by id and leaves tags and other fields alone', async () => {
    const ids = await crm.fieldIds(here.locationId);
    const score = ids['contact.lead_score'] ?? '';
    const tier = ids['contact.lead_tier'] ?? '';
    await crm.setFields(here, [{ id: tier, value: 'hot' }]);
    await crm.setFields(here, [{ id: score, value: 82 }]);
    const found = await crm.contact(here);
    const fields = found === 'gone' ? {} : (found.snapshot.customFields ?? {});
    expect(Object.fromEntries(Object.entries(fields).map(([id, value]) => [id, String(value)]))).toEqual({
      [score]: '82',
      [tier]: 'hot',
    });
    expect(await tagsOf()).toHaveLength(2);
  });

  it('says which field the location does not have', async () => {
    const error = await failure(crm.setFields(here, [{ id: 'NoSuchField', value: 1 }]));
    expect(error.code).toBe('CRM_FIELD_UNKNOWN');
    expect(error.message).toContain('NoSuchField');
  });

  it('tells of its location', async () => {
    expect(await crm.location(here.locationId)).toEqual({
      name: `Office ${here.locationId}`,
      timezone: 'America/Denver',
      companyId: 'Co1',
    });
  });

  it('lets no location reach into another', async () => {
    const across = { locationId: here.locationId, contactId: foreign.contactId };
    expect((await failure(crm.contact(across))).code).toBe('CRM_FORBIDDEN');
    expect((await failure(crm.addTags(across, ['x']))).code).toBe('CRM_FORBIDDEN');
    expect(await crm.send(across, { channel: 'sms', body: 'x' })).toMatchObject({ kind: 'not-sent' });
  });

  it('refuses a token that nobody knows, and says that it is the token', async () => {
    const stranger = crmAt(standIn.url, { tokens: tokens(() => 'pit-nobody') });
    expect((await failure(stranger.contact(here))).code).toBe('CRM_AUTH');
    expect(await stranger.send(here, { channel: 'sms', body: 'x' })).toMatchObject({ kind: 'not-sent' });
  });

  it('says how long to wait when it is asked too much', async () => {
    await control(standIn, 'limits', { max: 1, intervalMs: 60_000, locationId: here.locationId });
    await crm.contact(here);
    const error = await failure(crm.contact(here));
    expect(error.code).toBe('CRM_RATE_LIMITED');
    expect(error.retryAfterMs).toBeGreaterThan(30_000);
    expect(error.retryAfterMs).toBeLessThanOrEqual(60_000);
    expect(await crm.contact(foreign)).not.toBe('gone');
  });
});

describe('a send', () => {
  const since = () => new Date().toISOString();
  const sms = { channel: 'sms', body: 'Is Saturday\nat ten fine? <b> & more' } as const;
  const email = { channel: 'email', subject: 'Homes', body: 'Two homes <400k & near the river.\n\nLena' } as const;

  it.each([sms, email])('of $channel is found again by its words', async (message) => {
    const claimed = since();
    const outcome = await crm.send(here, message);
    expect(outcome.kind).toBe('sent');
    const found = await crm.findMessage(here, { ...message, since: claimed });
    expect(outcome).toEqual({ kind: 'sent', vendorId: found });
    expect(await crm.findMessage(here, { ...message, body: 'Other words', since: claimed })).toBeUndefined();
    expect(await crm.findMessage(foreign, { ...message, since: claimed })).toBeUndefined();
  });

  it.each([sms, email])('of $channel is known by the id that its webhook bears', async (message) => {
    const receiver = await startReceiver();
    await control(standIn, 'app', { webhookUrl: receiver.url });
    const outcome = await crm.send(here, message);
    await receiver.until((all) => all.some(({ event }) => event['type'] === 'OutboundMessage'));
    receiver.close();
    const told = readMessage('message.outbound', receiver.received[0]?.event ?? {});
    expect(outcome).toEqual({ kind: 'sent', vendorId: told?.messageId });
  });

  it.each([sms, email])('of $channel whose answer was lost is unknown, and found by reading back', async (message) => {
    await fault({ dropAfterHandling: true });
    const claimed = since();
    expect((await crm.send(here, message)).kind).toBe('unknown');
    expect(typeof (await crm.findMessage(here, { ...message, since: claimed }))).toBe('string');
    expect(await sends()).toHaveLength(1);
  });

  it('whose request was answered 500, or by silence, is unknown, tried once, and not found when it never happened', async () => {
    const claimed = since();
    await fault({ status: 500 });
    expect((await crm.send(here, sms)).kind).toBe('unknown');
    await fault({ hang: true });
    const hasty = crmAt(standIn.url, { tokens: known, timeoutMs: 3_000 });
    expect((await hasty.send(here, sms)).kind).toBe('unknown');
    expect(await crm.findMessage(here, { ...sms, since: claimed })).toBeUndefined();
    expect(await sends()).toHaveLength(2);
  });

  it('refused for now by 429 or 401 is not-sent, with a wait', async () => {
    await fault({ status: 429, headers: { 'retry-after': '3' } });
    expect(await crm.send(here, sms)).toMatchObject({ kind: 'not-sent', retryAfterMs: 3_000 });
    await fault({ status: 401 });
    expect(await crm.send(here, sms)).toMatchObject({ kind: 'not-sent' });
  });

  it('is refused for good by do-not-disturb, by a missing number and by a contact that is gone', async () => {
    const blocked = { locationId: here.locationId, contactId: 'ContactBlocked000001' };
    const bare = { locationId: here.locationId, contactId: 'ContactBare000000001' };
    await control(standIn, 'contacts', [
      {
        id: blocked.contactId,
        locationId: here.locationId,
        phone: '+19105550123',
        dndSettings: { SMS: { status: 'permanent' } },
      },
      { id: bare.contactId, locationId: here.locationId, firstName: 'Bare' },
    ]);
    expect(await crm.send(blocked, sms)).toEqual({ kind: 'refused', reason: 'dnd' });
    expect(await crm.contact(blocked)).toMatchObject({ snapshot: { dndChannels: { sms: 'on' } } });
    expect(await crm.send(bare, sms)).toEqual({ kind: 'refused', reason: 'no-phone' });
    expect(await crm.send(bare, email)).toEqual({ kind: 'refused', reason: 'no-email' });
    const nobody = { ...here, contactId: 'NobodyHere0000000001' };
    expect(await crm.send(nobody, sms)).toEqual({ kind: 'refused', reason: 'unknown-contact' });
  });
});

describe('a task', () => {
  const task = { title: 'Call the lead', body: 'Score 82, hot', dueAt: '2030-05-04T10:00:00-04:00', assignedTo: null };

  it('is made once and found again', async () => {
    const outcome = await crm.createTask(here, task);
    expect(outcome).toMatchObject({ kind: 'sent', vendorId: await crm.findTask(here, task) });
    expect(await crm.findTask(here, { ...task, title: 'Other' })).toBeUndefined();
  });

  it('whose answer was lost is unknown, and found by reading back', async () => {
    await fault({ dropAfterHandling: true });
    expect((await crm.createTask(here, task)).kind).toBe('unknown');
    expect(typeof (await crm.findTask(here, task))).toBe('string');
  });
});

describe('what people would do by hand', () => {
  const later = { pipelineId: 'Pipe1', stageId: 'StageTwo' };
  const opportunity = { pipelineId: 'Pipe1', stageId: 'StageOne', name: 'Noor', value: 450_000 };
  beforeEach(async () => {
    const { locationId } = here;
    await control(standIn, 'pipelines', {
      id: 'Pipe1',
      locationId,
      name: 'Buyers',
      stages: [
        { id: 'StageTwo', name: 'Met', position: 1 },
        { id: 'StageOne', name: 'New', position: 0 },
      ],
    });
    await control(standIn, 'workflows', { id: 'Flow1', locationId, name: 'Notify the agent', status: 'published' });
    const roles = { type: 'account', role: 'user', locationIds: [locationId] };
    await control(standIn, 'users', { id: 'UserLena', name: 'Lena Ortiz', email: 'lena@example.com', roles });
    await control(standIn, 'numbers', { id: 'Number1', phoneNumber: '+19105550150', locationId });
    await control(standIn, 'calendars', { id: 'Cal1', locationId, name: 'Showings' });
  });

  it('a note is made once, found by its words, found after its answer was lost, and deleted for good', async () => {
    const note = { body: 'Wants <3 bedrooms> & a yard\nCalls after six' };
    const outcome = await crm.createNote(here, note);
    expect(outcome).toMatchObject({ kind: 'sent', vendorId: await crm.findNote(here, note) });
    expect(await crm.findNote(here, { body: 'Other' })).toBeUndefined();
    const id = (await crm.findNote(here, note)) ?? '';
    for (let turn = 0; turn < 2; turn += 1) await crm.deleteNote(here, id);
    expect(await crm.findNote(here, note)).toBeUndefined();
    await fault({ dropAfterHandling: true });
    expect((await crm.createNote(here, note)).kind).toBe('unknown');
    expect(typeof (await crm.findNote(here, note))).toBe('string');
  });

  it('a task is deleted for good, however often', async () => {
    const task = { title: 'Call', body: 'x', dueAt: '2030-05-04T10:00:00-04:00', assignedTo: null };
    const outcome = await crm.createTask(here, task);
    const id = outcome.kind === 'sent' ? outcome.vendorId : '';
    for (let turn = 0; turn < 2; turn += 1) await crm.deleteTask(here, id);
    expect(await crm.tasks(here)).toEqual([]);
  });

  it('an opportunity is made, read by its id at once and by search soon after, moved, won and deleted', async () => {
    const outcome = await crm.createOpportunity(here, opportunity);
    const id = outcome.kind === 'sent' ? outcome.vendorId : '';
    expect(await crm.opportunity(here.locationId, id)).toMatchObject({
      opportunityId: id,
      contactId: here.contactId,
      ...{ pipelineId: 'Pipe1', stageId: 'StageOne', status: 'open', name: 'Noor', value: 450_000, assignedTo: null },
    });
    await until(async () => (await crm.opportunities(here)).length === 1);
    await crm.updateOpportunity(here.locationId, id, { ...later, assignedTo: 'UserLena' });
    await crm.updateOpportunity(here.locationId, id, { status: 'won' });
    expect(await crm.opportunity(here.locationId, id)).toMatchObject({
      ...{ stageId: 'StageTwo', status: 'won', name: 'Noor', value: 450_000, assignedTo: 'UserLena' },
    });
    await until(async () => (await crm.opportunities(here))[0]?.status === 'won');
    expect(await crm.opportunities(foreign)).toEqual([]);
    for (let turn = 0; turn < 2; turn += 1) await crm.deleteOpportunity(here.locationId, id);
    expect(await crm.opportunity(here.locationId, id)).toBe('gone');
    expect((await failure(crm.updateOpportunity(here.locationId, id, later))).code).toBe('CRM_NOT_FOUND');
  });

  it('a contact is assigned and taken back, with all else as it was', async () => {
    const before = await crm.contact(here);
    await crm.assign(here, 'UserLena');
    expect(await crm.contact(here)).toMatchObject({ snapshot: { assignedTo: 'UserLena' } });
    await crm.assign(here, null);
    const after = await crm.contact(here);
    expect(after).toEqual({ ...(before as object), at: expect.any(String) });
  });

  it('do-not-disturb is switched channel by channel, and binds a text at once', async () => {
    const channels = async () => {
      const found = await crm.contact(here);
      return found === 'gone' ? undefined : found.snapshot.dndChannels;
    };
    await crm.setDnd(here, { email: 'on' });
    await crm.setDnd(here, { sms: 'on' });
    expect(await channels()).toEqual({ sms: 'on', email: 'on', call: 'off' });
    expect(await crm.send(here, { channel: 'sms', body: 'x' })).toEqual({ kind: 'refused', reason: 'dnd' });
    await crm.setDnd(here, { sms: 'off', call: 'on' });
    expect(await channels()).toEqual({ sms: 'off', email: 'on', call: 'on' });
    expect((await crm.send(here, { channel: 'sms', body: 'x' })).kind).toBe('sent');
    expect(await tagsOf()).toHaveLength(2);
  });

  it('a contact is added to a workflow and taken out of it, and out again', async () => {
    expect(await crm.addToWorkflow(here, 'Flow1')).toEqual({ kind: 'sent', vendorId: 'Flow1' });
    for (let turn = 0; turn < 2; turn += 1) await crm.removeFromWorkflow(here, 'Flow1');
    expect((await crm.addToWorkflow(here, 'NoSuchFlow')).kind).toBe('refused');
  });

  it('the catalogue shows what the location has', async () => {
    expect(await crm.catalog(here.locationId)).toMatchObject({
      customFields: expect.arrayContaining([
        { id: `${here.locationId}score`, name: 'Lead Score', key: 'contact.lead_score', dataType: 'NUMERICAL' },
      ]),
      pipelines: [
        {
          id: 'Pipe1',
          name: 'Buyers',
          stages: [
            { id: 'StageOne', name: 'New' },
            { id: 'StageTwo', name: 'Met' },
          ],
        },
      ],
      users: [{ id: 'UserLena', name: 'Lena Ortiz', email: 'lena@example.com', deleted: false }],
      calendars: [{ id: 'Cal1', name: 'Showings' }],
      workflows: [{ id: 'Flow1', name: 'Notify the agent' }],
      numbers: ['+19105550150'],
    });
    expect(await crm.catalog(foreign.locationId)).toMatchObject({
      pipelines: [],
      users: [],
      workflows: [],
      numbers: [],
    });
  });

  it('none of it reaches into another location', async () => {
    const across = { locationId: here.locationId, contactId: foreign.contactId };
    const outcome = await crm.createOpportunity(here, opportunity);
    const id = outcome.kind === 'sent' ? outcome.vendorId : '';
    const refused = [
      crm.assign(across, 'UserLena'),
      crm.setDnd(across, { sms: 'on' }),
      crm.opportunity(foreign.locationId, id),
      crm.updateOpportunity(foreign.locationId, id, { status: 'lost' }),
      crm.deleteOpportunity(foreign.locationId, id),
    ];
    const codes = await Promise.all(refused.map(async (one) => (await failure(one)).code));
    expect(codes).toEqual(codes.map(() => 'CRM_FORBIDDEN'));
    expect((await crm.createNote(across, { body: 'x' })).kind).toBe('not-sent');
    expect((await crm.addToWorkflow(across, 'Flow1')).kind).toBe('not-sent');
    expect(await crm.opportunity(here.locationId, id)).toMatchObject({ status: 'open' });
  });
});

async function tagsOf(): Promise<readonly string[]> {
  const found = await crm.contact(here);
  return found === 'gone' ? [] : (found.snapshot.tags ?? []);
}

/** The next write meets this. */
async function fault(how: object): Promise<void> {
  await control(standIn, 'faults', { match: { method: 'POST' }, times: 1, ...how });
}

async function sends(): Promise<readonly unknown[]> {
  const { calls } = (await ledger(standIn)) as unknown as { calls: { method: string; path: string }[] };
  return calls.filter((call) => call.method === 'POST' && call.path === '/conversations/messages');
}
