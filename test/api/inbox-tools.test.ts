import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type ApiWorld, CONTACT, LOCATION, marketplaceEvent, startApiWorld } from '../support/api-world.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
  await world.deps.sequences.publish({
    key: 'welcome',
    title: 'Welcome',
    purpose: 'solicitation',
    priority: 1,
    trigger: { on: 'lead.activated' },
    exits: ['reply'],
    steps: [{ key: 'hello', channel: 'sms', offset: 'PT5S', anchor: 'enrolment', body: 'Hello {{contact.firstName}}' }],
  });
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.pool.query(
    'truncate inbox, inbox_acts, replays, replay_events, outbox, leads, lead_search, enrolments, acts, timeline, messages, decisions',
  );
  world.committed.length = 0;
});

const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();
type Body = Record<string, unknown> & { items: Record<string, unknown>[] };

async function call(method: string, path: string, body?: unknown): Promise<Body & { status: number }> {
  const answer = await world.api(method, path, body);
  return { ...((await answer.json()) as Body), status: answer.status };
}

async function arrive(over: Record<string, unknown> = {}): Promise<string> {
  const answer = await world.post(marketplaceEvent({ timestamp: minutesAgo(1), ...over }));
  return ((await answer.json()) as { eventId: string }).eventId;
}

const settle = (id: string, verdict: 'worked' | 'ignored' | 'parked' = 'worked', reason: string | null = null) =>
  world.inbox.settle(id, verdict, reason);

async function worked(over: Record<string, unknown> = {}): Promise<string> {
  const id = await arrive(over);
  await settle(id);
  return id;
}

/** Every row of every table, so that a look that leaves a trace is seen. */
async function everything(): Promise<Record<string, unknown>> {
  const { rows: tables } = await world.pool.query<{ name: string }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
  );
  const state: Record<string, unknown> = {};
  for (const { name } of tables) {
    const { rows } = await world.pool.query(
      `select count(*), md5(string_agg(t::text, ',' order by t::text)) from ${name} t`,
    );
    state[name] = rows[0];
  }
  const { rows: sequences } = await world.pool.query('select sequencename, last_value from pg_sequences order by 1');
  return { ...state, sequences };
}

async function lead(contactId = CONTACT, snapshot: object = { firstName: 'Dana' }): Promise<void> {
  await world.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, snapshot, snapshot_at)
      values ($1, $2, now(), now(), now(), $3, now() - interval '1 hour')`,
    [LOCATION, contactId, snapshot],
  );
}

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

describe('a replay that is only looked at', () => {
  it('says what would change and changes nothing in the whole database', async () => {
    const fresh = await worked({ id: 'fresh-contact' });
    const old = await worked({ id: 'old-contact', timestamp: minutesAgo(60) });
    const stop = await worked({
      type: 'InboundMessage',
      id: undefined,
      contactId: CONTACT,
      messageType: 'SMS',
      body: 'STOP',
    });
    const note = await worked({ type: 'NoteCreate', id: 'n1', contactId: CONTACT });
    const before = await everything();
    const seen = await Promise.all([fresh, old, stop, note].map((id) => call('POST', `/api/webhooks/${id}/replay`)));
    expect(await everything()).toEqual(before);
    expect(world.committed.map(({ inboxId }) => inboxId)).toEqual([fresh, old, stop, note]);
    const [a, b, c, d] = seen;
    expect(a).toMatchObject({
      applied: false,
      wouldReopen: true,
      old: false,
      outcome: { kind: 'worked' },
      changes: {
        stage: { from: null, to: 'new' },
        tags: { add: [expect.stringMatching(/Lead$/)], remove: [] },
        enrolments: { begin: ['welcome'], end: [] },
      },
    });
    expect(a).toMatchObject({
      changes: { sends: ['SMS 1 of 1, Welcome'], contact: expect.arrayContaining(['firstName', 'tags']) },
    });
    expect(b).toMatchObject({ old: true, note: 'It is old: it changes state and texts nobody.' });
    expect(b).toMatchObject({ changes: { tasks: ['Call this new lead: we heard of it late'] } });
    expect((b as unknown as { changes: object }).changes).not.toHaveProperty('sends');
    expect(c).toMatchObject({ changes: { stage: { to: 'opted-out' }, optOut: { suppress: ['sms', 'email'] } } });
    expect(JSON.stringify(seen)).not.toMatch(/555|@example/);
    expect(d).toMatchObject({ applied: false });
  });

  it('counts the age of an event until now, not until it came, also where it bears no time', async () => {
    const inTime = await worked({ timestamp: minutesAgo(20) });
    const timeless = await worked({ id: 'timeless', timestamp: undefined });
    await world.pool.query(
      `update inbox set received_at = coalesce(occurred_at, now() - interval '20 minutes') where inbox_id in ($1, $2)`,
      [inTime, timeless],
    );
    for (const id of [inTime, timeless]) {
      const seen = await call('POST', `/api/webhooks/${id}/replay`);
      expect(seen).toMatchObject({ old: true, changes: { tasks: ['Call this new lead: we heard of it late'] } });
      expect(seen['changes']).not.toHaveProperty('enrolments');
    }
  });

  it('says of one that is being worked that it is', async () => {
    const id = await arrive();
    expect(await call('POST', `/api/webhooks/${id}/replay`, { apply: true })).toMatchObject({
      applied: false,
      wouldReopen: false,
      note: 'It has no final verdict yet and is being worked.',
    });
  });
});

describe('a range', () => {
  const range = (over: object = {}) => ({ locationId: LOCATION, from: minutesAgo(60), to: minutesAgo(-1), ...over });
  const query = () => new URLSearchParams(range() as Record<string, string>).toString();

  it('is previewed by pages, each event against what is known now, and nothing is written', async () => {
    for (const contact of ['a', 'b', 'c']) await worked({ id: contact });
    await arrive({ id: 'being-worked' });
    const before = await everything();
    const asked = `/api/webhooks/replays/preview?${query()}&limit=2`;
    const page = await call('GET', asked);
    expect(page).toMatchObject({ events: 3, nextCursor: expect.any(String) });
    const rest = await call('GET', `${asked}&cursor=${String(page['nextCursor'])}`);
    expect([...page.items, ...rest.items].map(({ contactId }) => contactId)).toEqual(['c', 'b', 'a']);
    expect(await everything()).toEqual(before);
  });

  it('is replayed in the order in which it happened, each lead’s events one after the other, and goes on where it stopped', async () => {
    const late = await worked({ id: 'a', type: 'ContactUpdate', timestamp: minutesAgo(1) });
    const early = await worked({ id: 'a', timestamp: minutesAgo(9) });
    const other = await worked({ id: 'b', timestamp: minutesAgo(5) });
    const ignored = await arrive({ id: 'c' });
    await settle(ignored, 'ignored', 'echo');
    world.committed.length = 0;
    const replay = await call('POST', '/api/webhooks/replays', range({ verdict: 'worked' }));
    expect(replay).toMatchObject({ status: 200, events: 3, waiting: 3, endedAt: null });
    const go = () => call('POST', `/api/webhooks/replays/${String(replay['replayId'])}/continue`);
    expect(await go()).toMatchObject({ waiting: 1, underWay: 2, done: 0 });
    expect(world.committed.map(({ inboxId }) => inboxId)).toEqual([early, other]);
    // Not before the one before it was worked, however often somebody asks.
    expect(await go()).toMatchObject({ waiting: 1, underWay: 2 });
    await settle(early);
    expect(await Promise.all([go(), go(), go()])).toHaveLength(3);
    expect(world.committed.map(({ inboxId }) => inboxId)).toEqual([early, other, late]);
    await settle(other);
    await settle(late);
    expect(await go()).toMatchObject({ waiting: 0, underWay: 0, done: 3, endedAt: expect.any(String) });
    expect(await call('GET', `/api/webhooks/replays/${String(replay['replayId'])}`)).toMatchObject({
      events: 3,
      done: 3,
    });
    const { rows } = await world.pool.query('select inbox_id, action, replay_id from inbox_acts');
    expect(rows).toHaveLength(3);
    expect(rows).toContainEqual({ inbox_id: late, action: 'replayed', replay_id: replay['replayId'] });
  });

  it('passes over what is being worked when its turn comes', async () => {
    const id = await worked({ id: 'a' });
    const replay = await call('POST', '/api/webhooks/replays', range());
    await call('POST', `/api/webhooks/${id}/replay`, { apply: true });
    expect(await call('POST', `/api/webhooks/replays/${String(replay['replayId'])}/continue`)).toMatchObject({
      passed: 1,
      underWay: 0,
    });
  });

  it('is refused where a filter is misspelt: it would take the events of everybody', async () => {
    await worked({ id: 'a' });
    expect(await call('POST', '/api/webhooks/replays', range({ contactid: 'a' }))).toMatchObject({
      code: 'BAD_REQUEST',
    });
    expect(await call('GET', `/api/webhooks/replays/preview?${query()}&contact=a`)).toMatchObject({
      code: 'BAD_QUERY',
    });
  });

  it('has bounds: empty ones, too large ones and unknown replays are refused by their codes', async () => {
    expect(await call('POST', '/api/webhooks/replays', range({ type: 'Nothing' }))).toMatchObject({
      code: 'REPLAY_EMPTY',
    });
    await world.pool.query(
      `insert into inbox (location_id, contact_id, source, event_key, body_hash, type, kind, verdict, worked_at, body, headers)
        select $1, 'x', 'marketplace', 'k' || n, 'h', 'ContactUpdate', 'contact.updated', 'worked', now(), '{}', '{}'
        from generate_series(1, 5001) as n`,
      [LOCATION],
    );
    expect(await call('POST', '/api/webhooks/replays', range())).toMatchObject({ code: 'REPLAY_TOO_LARGE' });
    const { rows } = await world.pool.query('select from replays union all select from replay_events');
    expect(rows).toEqual([]);
    for (const [method, end] of [
      ['GET', ''],
      ['POST', '/continue'],
    ] as const) {
      expect(await call(method, `/api/webhooks/replays/${randomUUID()}${end}`)).toMatchObject({
        code: 'REPLAY_UNKNOWN',
      });
    }
    expect(await call('POST', '/api/webhooks/replays', { locationId: LOCATION })).toMatchObject({
      code: 'BAD_REQUEST',
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
