import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LeadRef, Tier } from '../../domain/glossary.ts';
import type { ContactSnapshot } from '../../domain/leads/contact.ts';
import type { LeadRow, LeadStore } from '../../domain/ports/leads.ts';
import type { AgentProfile, CoachingSession } from '../../domain/ports/people.ts';
import * as agents from '../../integrations/postgres/agents.ts';
import * as coaching from '../../integrations/postgres/coaching.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import * as find from '../../integrations/postgres/leads-find.ts';
import { createLeadStore } from '../../integrations/postgres/leads.ts';
import type { Place } from '../../integrations/postgres/pool.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { allPages, expectOwnCursorsOnly } from '../support/pages.ts';
import { decision, inboxEvent, later, leadRules, newRef, NOW, record, verdictOf } from '../support/records.ts';

let db: TestDatabase;
let leads: LeadStore;
let here: string;
let place: Place;

beforeAll(async () => {
  db = await createTestDatabase();
  leads = createLeadStore(db.tenants, leadRules);
});
afterAll(() => db.drop());
beforeEach(() => {
  here = newRef().locationId;
  place = db.tenants.at(here);
});

interface Worked {
  readonly tier?: Tier;
  /** Minutes after NOW. */
  readonly at?: number;
  readonly next?: number;
}

/** Works a lead as the product does: one decision with what the CRM says of the contact. */
async function work(
  snapshot: ContactSnapshot,
  { tier = 'warm', at = 0, next }: Worked = {},
  ref = newRef(here),
): Promise<LeadRef> {
  const { inboxId } = await createInboxStore(db.tenants).accept(inboxEvent(ref));
  const touch = { what: 'SMS 1 of 3', sentence: 'Monday', enrolmentId: null, stepKey: null };
  await leads.commitDecision(
    record(ref, inboxId, { decision: decision({ tier }), patch: { snapshot, at: later(at) }, now: later(at) }),
    (after) => ({ ...verdictOf(after), next: next === undefined ? null : { ...touch, at: later(next) } }),
  );
  return ref;
}

const ids = (rows: readonly LeadRow[]): string[] => rows.map((row) => row.contactId);

describe('a phone number', () => {
  const normal = async (phone: string | null): Promise<unknown> =>
    (await place.query<{ phone: string | null }>('select normal_phone($1) as phone', [phone])).rows[0]?.phone;

  it.each([
    ['+15125550123', '+15125550123'],
    ['(512) 555-0123', '+15125550123'],
    ['512.555.0123', '+15125550123'],
    ['1-512-555-0123', '+15125550123'],
    [' +1 (512) 555 0123 ', '+15125550123'],
    ['0044 20 7946 0123', '+442079460123'],
    ['+44 20 7946 0123', '+442079460123'],
    ['442079460123', '+442079460123'],
    ['555-0123', '+5550123'],
    ['', null],
    ['+', null],
    ['00', null],
    ['unknown', null],
    [null, null],
  ])('%j is compared as %j', async (given, expected) => {
    expect(await normal(given)).toBe(expected);
  });

  it('stays what it is when it is brought into this form again', async () => {
    const once = await normal('(512) 555-0123');
    expect(await normal(once as string)).toBe(once);
  });
});

describe('leads by phone and by e-mail', () => {
  it('are found in whatever form they are asked for, all that share it, the liveliest first', async () => {
    const ann = await work({ firstName: 'Ann', phone: '(512) 555-0123', email: 'Ann.B@Example.com' });
    const ben = await work(
      { firstName: 'Ben', phone: '+1 512 555 0123', email: 'ben@example.com' },
      { at: 5, next: 60 },
    );
    await work({ firstName: 'Cat', phone: '+15125550199', email: 'cat@example.com' });
    for (const phone of ['5125550123', '+15125550123', '1 (512) 555-0123']) {
      expect(ids(await find.byPhone(place, here, phone))).toEqual([ben.contactId, ann.contactId]);
    }
    expect(ids(await find.byEmail(place, here, ' ann.b@EXAMPLE.com'))).toEqual([ann.contactId]);
    expect((await find.byEmail(place, here, 'ben@example.com'))[0]).toEqual({
      ...ben,
      name: 'Ben',
      stage: 'engaged',
      tier: 'warm',
      score: null,
      confidence: null,
      state: 'active',
      next: { at: later(60), what: 'SMS 1 of 3' },
      lastActivityAt: later(5),
    });
  });

  it.each(['', '+', 'nobody', '%', '_', `' or 1=1 --`, '\0', '\uD800'])('are none for %j', async (word) => {
    await work({ firstName: 'Ann', phone: null, email: null });
    await work({ firstName: 'Ben', phone: 'unknown', email: 'ben@example.com' });
    expect(await find.byPhone(place, here, word)).toEqual([]);
    expect(await find.byEmail(place, here, word)).toEqual([]);
  });

  it("are never another location's, whichever of the two ids is the wrong one", async () => {
    await work({ phone: '+15125550123', email: 'ann@example.com' }, { tier: 'hot', next: 1 });
    const other = newRef().locationId;
    for (const [at, locationId] of [
      [place, other],
      [db.tenants.at(other), here],
      [db.tenants.at(other), other],
    ] as const) {
      expect(await find.byPhone(at, locationId, '+15125550123')).toEqual([]);
      expect(await find.byEmail(at, locationId, 'ann@example.com')).toEqual([]);
      expect((await find.due(at, locationId, { until: later(9), limit: 9 })).items).toEqual([]);
      expect((await find.hot(at, locationId, { limit: 9 })).items).toEqual([]);
    }
  });
});

describe('leads that are due', () => {
  it('page from the longest due on, with ties, up to and with the instant asked for', async () => {
    const due = [30, 10, 20, 10, 20, 10];
    const all = [];
    for (const next of due) all.push({ next, ...(await work({}, { next })) });
    await work({}, { next: 31 });
    await work({});
    const expected = [...all].sort((a, b) => a.next - b.next || (a.contactId < b.contactId ? -1 : 1));
    const list =
      (until: number, limit = 2) =>
      (cursor?: string) =>
        find.due(place, here, { until: later(until), limit, cursor });
    expect(ids(await allPages(list(30)))).toEqual(expected.map(({ contactId }) => contactId));
    expect((await list(30)()).items[0]?.next).toEqual({ at: later(10), what: 'SMS 1 of 3' });
    expect(await allPages(list(9))).toEqual([]);
    await expectOwnCursorsOnly(list(30), [list(29), (cursor) => find.hot(place, here, { limit: 2, cursor })]);
    await expect(find.due(place, here, { until: 'now', limit: 1 })).rejects.toMatchObject({ code: 'BAD_VALUE' });
  });
});

describe('hot leads', () => {
  it('page newest first, with ties, and without those that have cooled down', async () => {
    const all = [];
    for (const at of [1, 2, 2, 3, 3]) all.push({ at, ...(await work({}, { tier: 'hot', at })) });
    await work({}, { at: 9 });
    const cooled = await work({}, { tier: 'hot', at: 9 });
    await work({}, { tier: 'cold', at: 10 }, cooled);
    const expected = [...all].sort((a, b) => b.at - a.at || (a.contactId < b.contactId ? 1 : -1));
    const list = (cursor?: string) => find.hot(place, here, { limit: 2, cursor });
    expect(ids(await allPages(list))).toEqual(expected.map(({ contactId }) => contactId));
    await expectOwnCursorsOnly(list, [(cursor) => find.hot(place, 'another', { limit: 2, cursor })]);
  });
});

describe('what leads are searched by', () => {
  interface Found {
    readonly phone: string | null;
    readonly email: string | null;
    readonly tags: string[];
    readonly fields: unknown;
    readonly words: string;
  }
  const known = async (ref: LeadRef): Promise<Found | undefined> =>
    (
      await place.query<Found>(
        'select phone, email, tags, fields, words from lead_search where location_id = $1 and contact_id = $2',
        [here, ref.contactId],
      )
    ).rows[0];

  it('follows what the CRM says of the contact, field by field', async () => {
    const ref = await work({ firstName: 'Ann', lastName: 'Éxample' });
    expect(await known(ref)).toEqual({ phone: null, email: null, tags: [], fields: {}, words: ' ann éxample' });
    const more = {
      phone: '(512) 555-0123',
      email: 'Ann@Example.com',
      tags: ['Buyer', 'VIP'],
      customFields: { f1: 'x' },
    };
    await work(more, { at: 1 }, ref);
    expect(await known(ref)).toEqual({
      phone: '+15125550123',
      email: 'ann@example.com',
      tags: ['buyer', 'vip'],
      fields: { f1: 'x' },
      words: ' ann éxample ann@example.com 15125550123',
    });
    await work({ firstName: null, lastName: 'Smith', phone: null, tags: [], customFields: { f1: 2 } }, { at: 2 }, ref);
    expect(await known(ref)).toMatchObject({ phone: null, tags: [], fields: { f1: 2 } });
    expect((await known(ref))?.words).toBe(' smith ann@example.com');
  });

  it('is left alone by whatever changes nothing of it', async () => {
    const ref = await work({ firstName: 'Ann', tags: ['buyer'] });
    const version = async (): Promise<unknown> =>
      (await db.pool.query('select xmin, ctid from lead_search where contact_id = $1', [ref.contactId])).rows[0];
    const before = await version();
    await work({ firstName: 'Ann', source: 'referral' }, { at: 1, tier: 'hot', next: 9 }, ref);
    await leads.storeNext(ref, null);
    expect(await version()).toEqual(before);
  });

  it('does not exist for a lead of whom the CRM has said nothing, and goes with the lead', async () => {
    const ref = newRef(here);
    const { inboxId } = await createInboxStore(db.tenants).accept(inboxEvent(ref));
    await leads.commitDecision(record(ref, inboxId), verdictOf);
    expect(await known(ref)).toBeUndefined();
    await work({ firstName: 'Ann' }, {}, ref);
    expect(await known(ref)).toBeDefined();
    await db.pool.query('delete from leads where location_id = $1 and contact_id = $2', [here, ref.contactId]);
    expect(await known(ref)).toBeUndefined();
  });

  it('takes tags and fields that are no list and no record for none', async () => {
    const ref = newRef(here);
    for (const snapshot of [
      { tags: 'buyer', customFields: [1] },
      { tags: [null, 7, 'X'], customFields: null },
    ]) {
      await db.pool.query(
        `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, snapshot) values ($1, $2, $3, $3, $3, $4)
         on conflict (location_id, contact_id) do update set snapshot = excluded.snapshot`,
        [here, ref.contactId, NOW, snapshot],
      );
      const tags = Array.isArray(snapshot.tags) ? [null, '7', 'x'] : [];
      expect(await known(ref)).toMatchObject({ tags, fields: {} });
    }
  });
});

describe('agents', () => {
  const agent = (agentId: string, minute: number, change: Partial<AgentProfile> = {}): AgentProfile => ({
    agentId,
    name: `Agent ${agentId}`,
    email: null,
    active: true,
    changedAt: later(minute),
    ...change,
  });

  it('page last changed first, with ties, those who left are missing, and what is older changes nothing', async () => {
    const all = ['a', 'b', 'c', 'd', 'e'].map((id, at) => agent(id, at >> 1, { email: `${id}@example.com` }));
    expect(await agents.store(place, here, [...all, agent('a', -1), agent('gone', 9, { active: false })])).toBe(6);
    const list = (cursor?: string) => agents.active(place, here, { limit: 2, cursor });
    expect((await allPages(list)).map(({ agentId }) => agentId)).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect((await list()).items[0]).toEqual(all[4]);
    expect(await agents.store(place, here, [agent('e', 1), agent('d', 5, { active: false }), all[0]!])).toBe(1);
    expect((await allPages(list)).map(({ agentId }) => agentId)).toEqual(['e', 'c', 'b', 'a']);
    await expectOwnCursorsOnly(list, [(cursor) => find.hot(place, here, { limit: 2, cursor })]);
    expect((await agents.active(db.tenants.at('other'), here, { limit: 9 })).items).toEqual([]);
    expect((await agents.active(place, 'other', { limit: 9 })).items).toEqual([]);
  });
});

describe('coaching sessions', () => {
  const uuid = (at: number): string => `00000000-0000-4000-8000-${String(at).padStart(12, '0')}`;
  const session = (at: number, change: Partial<CoachingSession> = {}): CoachingSession => ({
    sessionId: uuid(at),
    agentId: 'a',
    heldOn: `2026-03-0${1 + (at >> 1)}`,
    score: 61.5,
    notes: { topic: 'listening', next: ['ask more'] },
    ...change,
  });
  const list = (cursor?: string, agentId = 'a') => coaching.ofAgent(place, here, agentId, { limit: 2, cursor });

  it('of an agent page newest first, with ties, on the day they were held; stored again one is replaced', async () => {
    const all = [0, 1, 2, 3, 4].map((at) => session(at));
    expect(await coaching.store(place, here, [...all, session(9, { agentId: 'b' })])).toBe(6);
    const held = await allPages(list);
    expect(held.map(({ sessionId }) => sessionId)).toEqual([4, 3, 2, 1, 0].map(uuid));
    expect(held[0]).toEqual(all[4]);
    const again = [session(0), session(1, { score: 1 }), session(1, { score: null, heldOn: '2024-02-29' })];
    expect(await coaching.store(place, here, again)).toBe(1);
    expect((await allPages(list)).at(-1)).toEqual(again[2]);
    await expectOwnCursorsOnly(list, [(cursor) => list(cursor, 'b')]);
    expect((await coaching.ofAgent(db.tenants.at('other'), here, 'a', { limit: 9 })).items).toEqual([]);
    expect((await coaching.ofAgent(place, 'other', 'a', { limit: 9 })).items).toEqual([]);
  });

  it.each([{ heldOn: '2026-02-30' }, { sessionId: 'x' }, { score: 101 }])('refuse %j with a code', async (change) => {
    await expect(coaching.store(place, here, [session(1, change)])).rejects.toMatchObject({ code: 'BAD_VALUE' });
  });
});
