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

describe('sends that wait for a person', () => {
  async function send(state: string, over: { step?: string } = {}): Promise<{ id: string; path: string }> {
    const enrolment = over.step === undefined ? null : randomUUID();
    if (enrolment !== null) {
      await world.pool.query(
        `insert into enrolments (location_id, contact_id, enrolment_id, sequence_key, sequence_version, document, enrolled_at, done)
          values ($1, $2, $3, 'welcome', 1, '{}', now(), $4)`,
        [
          LOCATION,
          CONTACT,
          enrolment,
          state === 'parked' ? { [over.step!]: { outcome: 'parked', at: minutesAgo(1) } } : {},
        ],
      );
    }
    const { rows } = await world.pool.query<{ send_id: string }>(
      `insert into outbox (location_id, contact_id, once_key, channel, purpose, content, state, reason, claimed_at, sending_at, enrolment_id, step_key)
        values ($1, $2, $3, 'sms', 'solicitation', '{"body": "words of the text"}', $4, 'not found yet', now(), now(), $5, $6) returning send_id`,
      [LOCATION, CONTACT, randomUUID(), state, enrolment, over.step ?? null],
    );
    const id = rows[0]!.send_id;
    return { id, path: `/api/sends/${LOCATION}/${CONTACT}/${id}` };
  }
  const one = async <T>(text: string): Promise<T> => (await world.pool.query(text)).rows[0] as T;

  it('are listed, oldest first, with plain words and never their own', async () => {
    const parked = await send('parked');
    const unknown = await send('unknown');
    await send('sent');
    const ids = async (query: string) => (await call('GET', `/api/sends?${query}`)).items.map(({ sendId }) => sendId);
    expect(await ids('')).toEqual([parked.id, unknown.id]);
    expect(await ids('state=unknown')).toEqual([unknown.id]);
    expect(await ids(`locationId=${LOCATION}&state=parked`)).toEqual([parked.id]);
    expect(await ids('locationId=elsewhere')).toEqual([]);
    const page = await call('GET', '/api/sends?limit=1');
    expect(page.items).toMatchObject([
      { words: expect.stringContaining('may have gone out'), acts: expect.arrayContaining(['sent']) },
    ]);
    expect(await ids(`limit=1&cursor=${String(page['nextCursor'])}`)).toEqual([unknown.id]);
    expect(JSON.stringify(page)).not.toContain('words of the text');
    expect((await call('GET', '/api/sends?state=sent')).status).toBe(400);
  });

  it('found in the CRM are sent, once, part of the talk, and the lead is told', async () => {
    const { path } = await send('unknown', { step: 'hello' });
    const answers = await Promise.all([1, 2, 3].map(() => call('POST', `${path}/sent`, { vendorId: 'msg-1' })));
    expect(answers.map(({ state }) => state)).toEqual(['sent', 'sent', 'sent']);
    expect(await one('select state, vendor_id from outbox')).toEqual({ state: 'sent', vendor_id: 'msg-1' });
    expect(await one('select message_key, direction from messages')).toEqual({
      message_key: 'msg-1',
      direction: 'outbound',
    });
    expect(await one(`select done -> 'hello' ->> 'outcome' as outcome from enrolments`)).toEqual({ outcome: 'sent' });
    expect((await world.pool.query('select action, operator from acts')).rows).toEqual([
      { action: 'send.sent', operator: 'operator' },
    ]);
    expect((await world.pool.query('select kind from timeline')).rows).toEqual([{ kind: 'action' }]);
    expect(world.committed.at(-1)).toMatchObject({ type: 'lead.resume', contactId: CONTACT });
    expect(await call('POST', `${path}/sent`, { vendorId: 'msg-2' })).toMatchObject({ code: 'SEND_STATE' });
    expect(await call('POST', `${path}/not-sent`, {})).toMatchObject({ code: 'SEND_STATE' });
  });

  it('that did not go out are given up, or tried once more only by somebody who is sure', async () => {
    const first = await send('parked', { step: 'hello' });
    expect(await call('POST', `${first.path}/not-sent`, { again: true })).toMatchObject({ code: 'SEND_NOT_SURE' });
    expect(await one('select state from outbox')).toEqual({ state: 'parked' });
    expect(await call('POST', `${first.path}/not-sent`, { again: true, sure: true })).toMatchObject({
      state: 'not-sent',
    });
    expect(await one('select state, check_at, settled_at from outbox')).toEqual({
      state: 'not-sent',
      check_at: null,
      settled_at: null,
    });
    expect(await one('select done from enrolments')).toEqual({ done: {} });
    const second = await send('parked');
    expect(await call('POST', `${second.path}/not-sent`)).toMatchObject({ state: 'cancelled' });
    expect(await call('POST', `${second.path}/not-sent`, { again: true, sure: true })).toMatchObject({
      code: 'SEND_STATE',
    });
    expect((await world.pool.query('select action from acts order by 1')).rows).toEqual([
      { action: 'send.again' },
      { action: 'send.given-up' },
    ]);
  });

  it('that were parked leave their step done with what was found, or given up', async () => {
    const outcome = () => one(`select done -> 'hello' ->> 'outcome' as outcome from enrolments`);
    const found = await send('parked', { step: 'hello' });
    await call('POST', `${found.path}/sent`, { vendorId: 'msg-1' });
    expect(await outcome()).toEqual({ outcome: 'sent' });
  });

  it('of another lead, or of nobody, are not there', async () => {
    const { id } = await send('parked');
    for (const path of [
      `/api/sends/${LOCATION}/somebody/${id}`,
      `/api/sends/elsewhere/${CONTACT}/${id}`,
      `/api/sends/${LOCATION}/${CONTACT}/${randomUUID()}`,
    ]) {
      expect(await call('POST', `${path}/not-sent`)).toMatchObject({ code: 'SEND_UNKNOWN' });
    }
    expect(await one('select state from outbox')).toEqual({ state: 'parked' });
  });
});
