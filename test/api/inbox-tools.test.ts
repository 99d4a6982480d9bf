import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CONTACT, LOCATION } from '../support/api-world.ts';
import { type InboxWorld, minutesAgo, startInboxWorld } from '../support/inbox-world.ts';

let world: InboxWorld;
beforeAll(async () => {
  world = await startInboxWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.clear());

const call: InboxWorld['call'] = (...of) => world.call(...of);
const arrive: InboxWorld['arrive'] = (over) => world.arrive(over);
const settle: InboxWorld['settle'] = (...of) => world.settle(...of);
const worked: InboxWorld['worked'] = (over) => world.worked(over);
const lead: InboxWorld['lead'] = (...of) => world.lead(...of);

describe('the list', () => {
  it('is narrowed by lead, kind, time and being stuck', async () => {
    const first = await worked();
    const other = await arrive({ type: 'NoteCreate', id: 'n1', contactId: 'other' });
    await world.pool.query(
      `update inbox set verdict = 'dispatched', dispatched_at = now() - interval '11 minutes', dispatched_since = now() - interval '11 minutes',
        received_at = now() - interval '12 minutes' where inbox_id = $1`,
      [other],
    );
    const ids = async (query: string) =>
      (await call('GET', `/api/webhooks?${query}`)).items.map(({ inboxId }) => inboxId);
    expect(await ids(`contactId=${CONTACT}`)).toEqual([first]);
    expect(await ids('kind=note')).toEqual([other]);
    expect(await ids('stuck=true')).toEqual([other]);
    expect(await ids(`from=${minutesAgo(5)}`)).toEqual([first]);
    expect(await ids(`to=${minutesAgo(5)}`)).toEqual([other]);
    expect(await ids('verdict=worked&type=ContactCreate')).toEqual([first]);
    expect((await call('GET', '/api/webhooks?stuck=maybe')).status).toBe(400);
  });
});

describe('one event', () => {
  it('shows what followed from it: decisions, sends, acts, links', async () => {
    const id = await worked();
    await world.pool.query(
      `insert into decisions (location_id, contact_id, inbox_id, round, at, verdict, decision, facts)
        values ($1, $2, $3, 0, now(), '{"score": 71, "summary": "Scored 71 of 100."}', '{"stage": "engaged", "tier": "warm"}', '{}')`,
      [LOCATION, CONTACT, id],
    );
    await world.pool.query(
      `insert into outbox (location_id, contact_id, once_key, channel, purpose, content, claimed_at, state)
        values ($1, $2, 'hot:' || $3::text, 'call-task', 'task', '{}', now(), 'sent'), ($1, $2, 'hot:other', 'call-task', 'task', '{}', now(), 'sent')`,
      [LOCATION, CONTACT, id],
    );
    await call('POST', `/api/webhooks/${id}/replay`, { apply: true });
    expect(await call('GET', `/api/webhooks/${id}`)).toMatchObject({
      inboxId: id,
      reopenedAt: expect.any(String),
      decisions: [{ round: 0, stage: 'engaged', tier: 'warm', score: 71, summary: 'Scored 71 of 100.' }],
      sends: [{ channel: 'call-task', state: 'sent' }],
      acts: [{ action: 'replayed', by: 'operator' }],
      links: { ghl: expect.stringContaining(CONTACT) },
      body: { firstName: 'Dana' },
    });
  });

  it('is compared with what is known now', async () => {
    await lead(CONTACT, { firstName: 'Dana', phone: '+18135550142', email: 'new@example.com', tags: [] });
    const news = await worked({ type: 'ContactUpdate', firstName: 'Dora', email: 'new@example.com', tags: [] });
    const old = await worked({
      type: 'ContactUpdate',
      firstName: 'Older',
      email: 'new@example.com',
      tags: [],
      timestamp: minutesAgo(900),
    });
    const same = await worked({ type: 'ContactUpdate', firstName: 'Dana', email: 'new@example.com', tags: [] });
    const none = await worked({ type: 'LocationUpdate', id: LOCATION });
    expect(await call('GET', `/api/webhooks/${news}/diff`)).toMatchObject({
      newer: ['firstName'],
      older: [],
      says: 'would change firstName',
    });
    expect(await call('GET', `/api/webhooks/${old}/diff`)).toMatchObject({
      newer: [],
      older: ['firstName'],
      says: 'nothing: older than what is known',
    });
    expect(await call('GET', `/api/webhooks/${same}/diff`)).toMatchObject({
      says: 'nothing: all that it says is known',
    });
    expect(await call('GET', `/api/webhooks/${none}/diff`)).toMatchObject({ says: 'nothing: it concerns no lead' });
    expect(await call('GET', `/api/webhooks/${randomUUID()}/diff`)).toMatchObject({ code: 'EVENT_UNKNOWN' });
  });
});

describe('an event of a record', () => {
  it('is compared with the record as it is known, also after it was worked or parked', async () => {
    const id = await arrive({
      ...{ type: 'OpportunityCreate', id: 'o1', contactId: CONTACT },
      name: 'A home',
      status: 'open',
    });
    await settle(id, 'parked', 'TypeError');
    expect(await call('GET', `/api/webhooks/${id}/diff`)).toMatchObject({
      record: { kind: 'opportunity', facts: expect.arrayContaining(['status']) },
      says: expect.stringContaining('opportunity status'),
    });
  });
});

describe('parked events', () => {
  it('are listed with their reason in plain words and what can be done', async () => {
    const id = await arrive();
    await settle(id, 'parked', 'CRM_FORBIDDEN');
    const { items } = await call('GET', '/api/webhooks/parked');
    expect(items).toMatchObject([
      {
        inboxId: id,
        reason: 'CRM_FORBIDDEN',
        acts: ['replay', 'ignore'],
        words: expect.stringContaining('may not do this'),
      },
    ]);
  });

  it('are ignored once, with the reason written down, or replayed; other events are not', async () => {
    const id = await arrive();
    await settle(id, 'parked', 'TypeError');
    const ignore = (of: string) => call('POST', `/api/webhooks/${of}/ignore`, { reason: 'a test of the team' });
    const answers = await Promise.all([ignore(id), ignore(id), ignore(id)]);
    expect(answers.map(({ status, verdict }) => ({ status, verdict }))).toEqual(
      Array.from({ length: 3 }, () => ({ status: 200, verdict: 'ignored' })),
    );
    const { rows } = await world.pool.query('select action, reason, operator from inbox_acts');
    expect(rows).toEqual([{ action: 'ignored', reason: 'a test of the team', operator: 'operator' }]);
    expect(await world.inbox.load(id)).toMatchObject({
      verdict: 'ignored',
      reason: expect.stringContaining('TypeError'),
    });
    expect(await ignore(await worked())).toMatchObject({ code: 'EVENT_STATE' });
    expect(await ignore(randomUUID())).toMatchObject({ code: 'EVENT_UNKNOWN' });
    expect((await call('POST', `/api/webhooks/${id}/ignore`, {})).status).toBe(400);
    // What was ignored can still be taken up again.
    expect(await call('POST', `/api/webhooks/${id}/replay`, { apply: true })).toMatchObject({ applied: true });
  });
});
