import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ActivityStore } from '../../domain/ports/activity.ts';
import { readActivityPost } from '../../domain/webhooks/activity.ts';
import { createActivityStore } from '../../integrations/postgres/activity.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { allPages } from '../support/pages.ts';
import { newRef } from '../support/records.ts';

let db: TestDatabase;
let store: ActivityStore;
let here: string;

beforeAll(async () => {
  db = await createTestDatabase();
  store = createActivityStore(db.tenants);
  await db.tenants.house.query(`select make_analytics_months((now() - interval '1 month')::date, now()::date)`);
});
afterAll(() => db.drop());
beforeEach(() => {
  here = newRef().locationId;
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const hashing = { sha256, hashPerson: (text: string) => sha256(`key ${text}`) };
const SINCE = '2020-01-01T00:00:00.000Z';
const ago = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

/** What the door does with a post. */
async function post(body: object, location = here): Promise<number> {
  const now = new Date().toISOString();
  const read = readActivityPost({ consent: true, ...body }, location, now, hashing);
  if (read === undefined) throw new Error('no post');
  return (await store.record(location, read, now)).size;
}

const view = (id: string, over: object = {}) => ({ id, kind: 'page.view', at: ago(1), ...over });
const of = async (contactId: string, location = here): Promise<string[]> =>
  (await store.ofContact({ locationId: location, contactId }, { since: SINCE, limit: 50 })).items.map(({ detail }) =>
    String(detail['path'] ?? ''),
  );
const viewed = (path: string, over: object = {}) => view(path, { detail: { path }, ...over });

/** A contact becomes known, as a decision writes it. */
async function lead(contactId: string, person: { email?: string; phone?: string }): Promise<void> {
  const hash = (address: string | undefined) => (address === undefined ? null : hashing.hashPerson(address));
  await db.tenants.at(here).query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, sms_hash, email_hash)
      values ($1, $2, now(), now(), now(), $3, $4)
      on conflict (location_id, contact_id) do update set sms_hash = excluded.sms_hash, email_hash = excluded.email_hash`,
    [here, contactId, hash(person.phone), hash(person.email)],
  );
}

const all = async (): Promise<Record<string, unknown>[]> =>
  (await db.pool.query('select * from analytics_events where location_id = $1', [here])).rows;

describe('behaviour', () => {
  it('is stored once, in one post, in many at the same time, and with another time or none', async () => {
    expect(await post({ visitor: 'v', events: [view('1'), view('1'), view('2')] })).toBe(2);
    const posts = Array.from({ length: 12 }, (_none, n) =>
      post({
        visitor: 'v',
        events: [view('1', { at: ago(n) }), view('3', n % 2 ? { at: ago(n) } : { at: undefined })],
      }),
    );
    const fresh = await Promise.all(posts);
    expect(fresh.reduce((sum, one) => sum + one, 0)).toBe(1);
    expect(await all()).toHaveLength(3);
  });

  it('is the contact’s that is named, newest first, by pages, since an instant', async () => {
    await post({ contactId: 'c1', events: [1, 2, 3, 4, 5].map((n) => viewed(`/${n}`, { at: ago(n) })) });
    expect(await of('c1')).toEqual(['/1', '/2', '/3', '/4', '/5']);
    const paged = await allPages((cursor) =>
      store.ofContact({ locationId: here, contactId: 'c1' }, { since: ago(3.5), limit: 2, cursor }),
    );
    expect(paged.map(({ detail }) => detail['path'])).toEqual(['/1', '/2', '/3']);
    expect(await of('c2')).toEqual([]);
    expect(await of('c1', 'elsewhere')).toEqual([]);
  });

  it('keeps neither address nor visitor in clear', async () => {
    await post({ visitor: 'visitor-in-clear', email: 'ann@example.com', phone: '8135550142', events: [viewed('/a')] });
    const kept = await Promise.all(
      ['analytics_events', 'activity_visitors', 'activity_hints', 'activity_counts'].map((table) =>
        db.pool.query(`select t::text as row from ${table} as t where location_id = $1`, [here]),
      ),
    );
    const text = JSON.stringify(kept.map(({ rows }) => rows as unknown));
    expect(text).toContain('/a');
    expect(text).not.toMatch(/in-clear|ann@example|8135550142/);
  });

  it('of a month long gone and of one to come has a place', async () => {
    await post({
      contactId: 'c1',
      events: [viewed('/old', { at: ago(60 * 24 * 400) }), viewed('/new', { at: ago(-4) })],
    });
    expect(await of('c1')).toEqual(['/new', '/old']);
  });

  it('without consent leaves numbers by kind and nothing else', async () => {
    const quiet = { consent: false, visitor: 'v', contactId: 'c1', email: 'ann@example.com' };
    await post({ ...quiet, events: [viewed('/a'), viewed('/b'), { kind: 'search.run', detail: { words: 'park' } }] });
    await post({ ...quiet, events: [viewed('/c')] });
    expect(await all()).toEqual([]);
    for (const table of ['activity_visitors', 'activity_hints']) {
      const { rows } = await db.pool.query(`select from ${table} where location_id = $1`, [here]);
      expect(rows).toEqual([]);
    }
    const { rows } = await db.pool.query('select kind, events from activity_counts where location_id = $1 order by 1', [
      here,
    ]);
    expect(rows).toEqual([
      { kind: 'page.view', events: 3 },
      { kind: 'search.run', events: 1 },
    ]);
  });
});

describe('a visitor who turns out to be a contact', () => {
  it('takes along what it did before and what it does afterwards', async () => {
    await post({ visitor: 'v', events: [viewed('/before')] });
    await post({ visitor: 'other', events: [viewed('/of-another')] });
    await post({ visitor: 'v', events: [{ kind: 'form.submitted', id: 'f', contactId: 'c1' }] });
    await post({ visitor: 'v', events: [viewed('/after')] });
    expect((await of('c1')).toSorted()).toEqual(['', '/after', '/before']);
  });

  it('is found by the hash of an address, without any event', async () => {
    await lead('c1', { email: 'ann@example.com', phone: '+18135550142' });
    await post({ visitor: 'v', events: [viewed('/a')] });
    await post({ visitor: 'w', events: [viewed('/b')] });
    await post({ visitor: 'v', email: 'Ann@Example.com', events: [] });
    await post({ visitor: 'w', phone: '(813) 555-0142', events: [] });
    expect((await of('c1')).toSorted()).toEqual(['/a', '/b']);
  });

  it('is found by an address alone, where the page knows no visitor', async () => {
    await post({ email: 'ann@example.com', events: [viewed('/a')] });
    expect(await of('c1')).toEqual([]);
    await lead('c1', { email: 'ann@example.com' });
    expect(await of('c1')).toEqual(['/a']);
  });

  it('is found later, when the contact is made of the form', async () => {
    await post({ visitor: 'v', events: [viewed('/before')] });
    await post({ visitor: 'v', email: 'ann@example.com', events: [{ kind: 'form.submitted', id: 'f' }] });
    expect(await of('c1')).toEqual([]);
    await lead('c1', {});
    await lead('c1', { email: 'ann@example.com' });
    await post({ visitor: 'v', events: [viewed('/after')] });
    expect((await of('c1')).toSorted()).toEqual(['', '/after', '/before']);
  });

  it('stays unknown where two contacts share the address, and keeps what was another’s', async () => {
    await lead('c1', { email: 'family@example.com' });
    await lead('c2', { email: 'family@example.com' });
    await post({ visitor: 'v', email: 'family@example.com', events: [viewed('/a')] });
    expect([await of('c1'), await of('c2')]).toEqual([[], []]);
    await post({ visitor: 'v', contactId: 'c1', events: [] });
    await post({ visitor: 'v', contactId: 'c2', events: [viewed('/b')] });
    expect([await of('c1'), await of('c2')]).toEqual([['/a'], ['/b']]);
  });

  it('stays unknown, also when a contact that shares the address becomes known or changes afterwards', async () => {
    await lead('c1', { email: 'family@example.com' });
    await lead('c2', { email: 'family@example.com' });
    await post({ visitor: 'v', email: 'family@example.com', events: [viewed('/a')] });
    await lead('c3', { email: 'family@example.com' });
    await lead('c1', { email: 'family@example.com', phone: '+18135550142' });
    expect([await of('c1'), await of('c2'), await of('c3')]).toEqual([[], [], []]);
  });

  it('is found by an address that a contact bore which is deleted', async () => {
    await lead('c1', { email: 'ann@example.com' });
    await db.tenants.at(here).query('update leads set deleted_at = now() where location_id = $1', [here]);
    await lead('c2', { email: 'ann@example.com' });
    await post({ visitor: 'v', email: 'ann@example.com', events: [viewed('/a')] });
    expect([await of('c1'), await of('c2')]).toEqual([[], ['/a']]);
  });

  it('stays who bears its address, whatever contact a stranger names beside it', async () => {
    await post({ email: 'ann@example.com', contactId: 'other', events: [viewed('/claimed')] });
    await lead('c1', { email: 'ann@example.com' });
    await post({ email: 'ann@example.com', events: [viewed('/own')] });
    expect([await of('other'), await of('c1')]).toEqual([['/claimed'], ['/own']]);
  });

  it('makes no contact wait, however many say that they are it, and however much they did', async () => {
    for (let n = 0; n < 3; n += 1) {
      const events = Array.from({ length: 30 }, (_none, one) => viewed(`/${n}`, { visitor: `v${n}-${one}` }));
      await post({ email: 'ann@example.com', events });
    }
    const { rows } = await db.pool.query('select from activity_hints where location_id = $1', [here]);
    expect(rows).toHaveLength(50);
    await db.pool.query(
      `insert into analytics_events (location_id, event_id, at, type, visitor)
        select $1, gen_random_uuid(), now() - n * interval '1 second', 'page.view', (select min(visitor) from activity_hints where location_id = $1)
        from generate_series(1, 600) as n`,
      [here],
    );
    await lead('c1', { email: 'ann@example.com' });
    const taken = (await all()).filter((row) => row['contact_id'] === 'c1');
    // The last 500 of one visitor, one of each of the other 48, and nothing of the address itself.
    expect(taken).toHaveLength(548);
  });

  it('is missed by nobody, when form, contact and more views come at the same moment', async () => {
    for (let round = 0; round < 15; round += 1) {
      const [visitor, contact, email] = [`v${round}`, `c${round}`, `ann${round}@example.com`];
      await post({ visitor, events: [viewed(`/first-${round}`)] });
      await Promise.all([
        post({ visitor, email, events: [viewed(`/form-${round}`)] }),
        lead(contact, { email }),
        post({ visitor, events: [viewed(`/more-${round}`)] }),
      ]);
      expect(await of(contact)).toHaveLength(3);
    }
  });
});

describe('an outcome', () => {
  const ref = () => ({ locationId: here, contactId: 'c1' });
  const outcome = { label: 'toured', value: 1, at: '2026-03-02T15:00:00.000Z' };

  it('is written once, also by two at the same time', async () => {
    await post({ contactId: 'c1', events: [viewed('/a')] });
    const [event] = (await store.ofContact(ref(), { since: SINCE, limit: 1 })).items;
    const { eventId } = event!;
    const others = [1, 2, 3].map((value) => store.setOutcome(ref(), eventId, { ...outcome, value }));
    expect((await Promise.all(others)).filter((one) => one === 'set')).toHaveLength(1);
    const [after] = (await store.ofContact(ref(), { since: SINCE, limit: 1 })).items;
    expect(await store.setOutcome(ref(), eventId, after!.outcome!)).toBe('set');
    expect(await store.setOutcome(ref(), eventId, { ...outcome, label: 'other' })).toBe('other');
    expect(await store.setOutcome({ ...ref(), contactId: 'c2' }, eventId, outcome)).toBe('absent');
    expect(await store.setOutcome(ref(), randomUUID(), outcome)).toBe('absent');
  });
});

describe('a site', () => {
  it('is found by the hash of its secret alone, which a new one takes the place of', async () => {
    const [first, second] = [sha256(`1 ${here}`), sha256(`2 ${here}`)];
    expect(await store.site(here)).toBeUndefined();
    expect(await store.setSite(here, { secretHash: first, keepSecret: true, origins: undefined })).toEqual({
      secretKept: false,
    });
    expect(await store.siteBySecretHash(first)).toMatchObject({ locationId: here, origins: [] });
    const origins = ['https://www.example.com'];
    expect(await store.setSite(here, { secretHash: second, keepSecret: true, origins })).toEqual({ secretKept: true });
    expect(await store.siteBySecretHash(first)).toMatchObject({ origins });
    expect(await store.setSite(here, { secretHash: second, keepSecret: false, origins: undefined })).toEqual({
      secretKept: false,
    });
    expect(await store.siteBySecretHash(first)).toBeUndefined();
    expect(await store.siteBySecretHash(second)).toMatchObject({ locationId: here, origins });
  });
});
