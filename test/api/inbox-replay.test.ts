import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createCrmRecordStore } from '../../integrations/postgres/crm-records.ts';
import { APP_ID, CONTACT, LOCATION } from '../support/api-world.ts';
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
const everything: InboxWorld['everything'] = () => world.everything();

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

  it('shows what becomes of a record, fact by fact, and repeats no text of it', async () => {
    const about = { id: 'o1', contactId: CONTACT, name: 'The Whitfields’ home', monetaryValue: 450_000 };
    const made = await worked({ ...about, type: 'OpportunityCreate', status: 'open', timestamp: minutesAgo(3) });
    expect((await call('POST', `/api/webhooks/${made}/replay`))['changes']).toMatchObject({
      record: expect.arrayContaining(['opportunity created', 'status: unknown → open', 'name']),
    });
    const facts = { status: 'open', name: about.name, value: 450_000 };
    await createCrmRecordStore(world.tenants).keep(LOCATION, {
      ...{ kind: 'opportunity', recordId: 'o1', contactId: CONTACT, action: 'created', facts },
      ...{ at: minutesAgo(3), timed: true },
    });
    const won = await worked({ ...about, type: 'OpportunityUpdate', status: 'won' });
    const seen = await call('POST', `/api/webhooks/${won}/replay`);
    expect(seen['changes']).toMatchObject({
      record: expect.arrayContaining(['opportunity changed', 'status: open → won']),
    });
    expect(JSON.stringify(seen)).not.toContain('Whitfield');
  });

  it('says in words what an event of no lead would do, and to which location', async () => {
    const lifecycle = (type: string, minutes: number) =>
      worked({ type, id: undefined, locationId: LOCATION, appId: APP_ID, timestamp: minutesAgo(minutes) });
    const does = async (id: string) => (await call('POST', `/api/webhooks/${id}/replay`))['changes'];
    const [install, gone] = [await lifecycle('INSTALL', 90), await lifecycle('UNINSTALL', -1)];
    const renamed = await worked({ type: 'LocationUpdate', id: LOCATION, name: 'Bayline Homes' });
    expect(await does(install)).toEqual({ does: ['nothing: the location is installed already'] });
    expect(await does(renamed)).toMatchObject({ does: [expect.stringContaining('name of the location would change')] });
    const before = await everything();
    expect(await does(gone)).toEqual({
      does: [`location ${LOCATION} would be uninstalled: its token destroyed, all of its leads ended`],
    });
    expect(await everything()).toEqual(before);
    await world.deps.locations.setStatus(LOCATION, 'uninstalled');
    expect(await does(install)).toEqual({ does: ['nothing: older than its uninstall'] });
    await world.pool.query(`update locations set uninstalled_at = $1`, [minutesAgo(120)]);
    expect(await does(install)).toMatchObject({ does: [`location ${LOCATION} would be back`, expect.any(String)] });
    await world.pool.query(`update locations set status = 'active', uninstalled_at = null`);
    const user = await worked({
      type: 'UserCreate',
      id: 'u1',
      locationId: LOCATION,
      firstName: 'Ann',
      lastName: 'Lee',
    });
    expect(await does(user)).toMatchObject({
      does: [expect.stringContaining(`in location ${LOCATION}: user created`)],
    });
    const task = await worked({ type: 'TaskCreate', id: 't1', contactId: undefined, title: 'Call' });
    expect(await does(task)).toMatchObject({ does: ['task created', expect.any(String)] });
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

  it('leaves installs and uninstalls out, says so, and takes them one by one', async () => {
    const gone = await worked({ type: 'UNINSTALL', id: undefined, appId: APP_ID });
    expect(await call('POST', '/api/webhooks/replays', range())).toMatchObject({
      code: 'REPLAY_EMPTY',
      detail: expect.stringContaining('one by one'),
    });
    await worked({ id: 'a' });
    expect(await call('GET', `/api/webhooks/replays/preview?${query()}`)).toMatchObject({ events: 1, leftOut: 1 });
    const replay = await call('POST', '/api/webhooks/replays', range());
    expect(replay).toMatchObject({ events: 1, leftOut: 1 });
    world.committed.length = 0;
    await call('POST', `/api/webhooks/replays/${String(replay['replayId'])}/continue`);
    expect(world.committed.map(({ inboxId }) => inboxId)).not.toContain(gone);
    expect(await call('POST', `/api/webhooks/${gone}/replay`, { apply: true })).toMatchObject({ applied: true });
  });

  it('tells what was parked again apart from what was worked, and what it waits for', async () => {
    const [bad, good] = [await worked({ id: 'a', timestamp: minutesAgo(2) }), await worked({ id: 'b' })];
    const { replayId } = await call('POST', '/api/webhooks/replays', range());
    const go = () => call('POST', `/api/webhooks/replays/${String(replayId)}/continue`);
    expect(await go()).toMatchObject({ underWay: 2, waitsFor: bad });
    await settle(bad, 'parked', 'TypeError');
    expect(await go()).toMatchObject({ underWay: 1, parked: 1, done: 0, waitsFor: good, endedAt: null });
    await settle(good);
    expect(await go()).toMatchObject({ parked: 1, done: 1, waitsFor: null, endedAt: expect.any(String) });
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
