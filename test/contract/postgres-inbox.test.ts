import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { stuckEvents } from '../../cli/checks.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { Dispatchable, InboxStore } from '../../domain/ports/inbox.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { createTenants } from '../../integrations/postgres/tenants.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { inboxEvent, later, newRef } from '../support/records.ts';

let db: TestDatabase;
let inbox: InboxStore;
let ref: LeadRef;

beforeAll(async () => {
  db = await createTestDatabase();
  inbox = createInboxStore(db.tenants);
});
afterAll(() => db.drop());
beforeEach(async () => {
  await db.pool.query('truncate inbox, suppressions, leads cascade');
  ref = newRef();
});

const accepted = async (change = {}): Promise<string> => (await inbox.accept(inboxEvent(ref, change))).inboxId;
const suppressions = async (): Promise<unknown[]> =>
  (await db.pool.query('select person_hash, channel, lifted_at is null as holds from suppressions order by 1, 2')).rows;

describe('accepting an event', () => {
  it('keeps the bytes, the headers and the times exactly', async () => {
    const body = Buffer.from([0, 255, 1, 2, 10, 13]);
    const headers = { 'content-type': 'application/json', 'x-odd': 'a"b\\c' };
    const answer = await inbox.accept(inboxEvent(ref, { body, headers }));
    const row = await inbox.load(answer.inboxId);
    expect(row).toMatchObject({ ...ref, verdict: 'received', headers, occurredAt: later(0), workedAt: null });
    expect(Buffer.from(row?.body ?? []).equals(body)).toBe(true);
    expect(answer).toEqual({ kind: 'accepted', inboxId: row?.inboxId, receivedAt: row?.receivedAt });
  });

  it('accepts one of fifty simultaneous deliveries, the rest are duplicates of it', async () => {
    const event = inboxEvent(ref);
    const answers = await Promise.all(Array.from({ length: 50 }, () => inbox.accept(event)));
    expect(answers.filter((answer) => answer.kind === 'accepted')).toHaveLength(1);
    expect(answers.filter((answer) => answer.kind === 'duplicate')).toHaveLength(49);
    expect(new Set(answers.map((answer) => answer.inboxId)).size).toBe(1);
  });

  it('tells another body under the same key as a conflict', async () => {
    const event = inboxEvent(ref);
    const first = await inbox.accept(event);
    expect(await inbox.accept({ ...event, bodyHash: 'hash-2' })).toEqual({ kind: 'conflict', inboxId: first.inboxId });
  });

  it('keeps the keys of two locations apart where teams choose them, and never by location where the vendor does', async () => {
    const other = newRef();
    const own = { source: 'workflow' as const, eventKey: 'order-1' };
    expect((await inbox.accept(inboxEvent(ref, own))).kind).toBe('accepted');
    expect((await inbox.accept(inboxEvent(other, own))).kind).toBe('accepted');
    expect((await inbox.accept(inboxEvent(ref, { eventKey: 'same' }))).kind).toBe('accepted');
    expect((await inbox.accept(inboxEvent(other, { eventKey: 'same' }))).kind).toBe('duplicate');
  });

  it('stores an event without location, contact and time', async () => {
    const answer = await inbox.accept(
      inboxEvent(ref, { locationId: null, contactId: null, occurredAt: null, type: 'unknown' }),
    );
    expect(await inbox.load(answer.inboxId)).toMatchObject({ locationId: null, contactId: null, occurredAt: null });
  });

  it('survives text that the database cannot hold', async () => {
    const odd = { type: 'a\0b', eventKey: 'k\0\uD800', headers: { 'x-a': 'b\0\uDC00' } };
    const answer = await inbox.accept(inboxEvent(ref, odd));
    expect(await inbox.load(answer.inboxId)).toMatchObject({ type: 'a\uFFFDb', headers: { 'x-a': 'b\uFFFD\uFFFD' } });
  });

  it('answers CANNOT_STORE, with a time to wait, when the database is away', async () => {
    const away = createTenants('postgres://nobody@127.0.0.1:1/none', { max: 1, applicationName: 'test' });
    await expect(createInboxStore(away).accept(inboxEvent(ref))).rejects.toMatchObject({
      code: 'CANNOT_STORE',
      retryAfterMs: expect.any(Number),
    });
    await away.close();
  });
});

describe('an opt-out at the door', () => {
  const optOut = { personHashes: ['hash-of-phone'], channels: ['sms'] as const };

  it('is written with its event for the given person, the known addresses of the contact and the contact itself', async () => {
    await db.pool.query(
      `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, sms_hash, email_hash)
       values ($1, $2, now(), now(), now(), 'known-phone', 'known-mail')`,
      [ref.locationId, ref.contactId],
    );
    await accepted({ optOut });
    expect(await suppressions()).toEqual(
      [`contact:${ref.contactId}`, 'hash-of-phone', 'known-mail', 'known-phone'].map((person_hash) => ({
        person_hash,
        channel: 'sms',
        holds: true,
      })),
    );
  });

  it('holds for a contact that nobody has heard of', async () => {
    await accepted({ optOut: { personHashes: [], channels: ['sms', 'email'] } });
    expect(await suppressions()).toHaveLength(2);
  });

  it('does not come back by an older delivery once the person has opted in again, and does by a newer one', async () => {
    await accepted({ optOut });
    await db.pool.query('update suppressions set lifted_at = $1', [later(10)]);
    await accepted({ optOut, occurredAt: later(5) });
    expect(await suppressions()).toMatchObject([{ holds: false }, { holds: false }]);
    await accepted({ optOut, occurredAt: later(15) });
    expect(await suppressions()).toMatchObject([{ holds: true }, { holds: true }]);
  });

  it('is not repeated by a duplicate', async () => {
    const event = inboxEvent(ref, { optOut });
    await inbox.accept(event);
    await db.pool.query('delete from suppressions');
    expect((await inbox.accept(event)).kind).toBe('duplicate');
    expect(await suppressions()).toEqual([]);
  });
});

describe('the sweep', () => {
  const options = { olderThanMs: 0, redispatchAfterMs: 60_000, perLocation: 100, limit: 100 };
  const age = (text = '1 minute'): Promise<unknown> =>
    db.pool.query(
      `update inbox set received_at = received_at - $1::interval, dispatched_at = dispatched_at - $1::interval`,
      [text],
    );
  /** Later than those before it: instants are stored to the millisecond, and what comes within one has no order. */
  const acceptedNext = async (): Promise<string> => {
    await age('1 second');
    return accepted();
  };
  const sweepAll = async (change = {}): Promise<Dispatchable[]> => {
    const rows: Dispatchable[] = [];
    await inbox.sweep({ ...options, ...change }, async (row) => rows.push(row) > 0);
    return rows;
  };

  it('hands out what was left, marks what was delivered, and leaves the young alone', async () => {
    const id = await accepted();
    expect(await sweepAll({ olderThanMs: 60_000 })).toEqual([]);
    await age();
    expect(await sweepAll()).toMatchObject([{ inboxId: id, kind: 'contact.updated', ...ref }]);
    expect(await inbox.load(id)).toMatchObject({ verdict: 'dispatched' });
    expect(await sweepAll()).toEqual([]);
  });

  it('hands out again what was dispatched and never worked', async () => {
    const id = await accepted();
    await inbox.markDispatched([id]);
    await age('59 seconds');
    expect(await sweepAll()).toEqual([]);
    await age('2 seconds');
    expect(await sweepAll()).toMatchObject([{ inboxId: id }]);
  });

  it('takes at most its share of one location, oldest first', async () => {
    const busy = [await acceptedNext(), await acceptedNext(), await acceptedNext()];
    ref = newRef();
    const calm = await acceptedNext();
    await age();
    const ids = (await sweepAll({ perLocation: 2 })).map((row) => row.inboxId);
    expect(ids).toEqual([busy[0], busy[1], calm]);
  });

  it('gives each row to one of many sweepers at the same time', async () => {
    await Promise.all(Array.from({ length: 40 }, () => accepted()));
    await age();
    const given = (await Promise.all(Array.from({ length: 8 }, () => sweepAll()))).flat().map((row) => row.inboxId);
    expect(given).toHaveLength(40);
    expect(new Set(given).size).toBe(40);
  });

  it('keeps what could not be delivered, marks the others, and passes the failure on', async () => {
    const [no, fails, yes] = [await acceptedNext(), await acceptedNext(), await acceptedNext()];
    await age();
    const dispatch = async (row: Dispatchable): Promise<boolean> => {
      if (row.inboxId === fails) throw new Error('Temporal is away');
      return row.inboxId === yes;
    };
    await expect(inbox.sweep(options, dispatch)).rejects.toThrow('Temporal is away');
    expect((await sweepAll()).map((row) => row.inboxId)).toEqual([no, fails]);
  });

  it('gives back what a sweeper that died had taken', async () => {
    const id = await accepted();
    await age();
    let release = (): void => undefined;
    let dead: Promise<number> | undefined;
    await new Promise<void>((taken) => {
      dead = inbox.sweep(options, () => {
        taken();
        return new Promise((resolve) => (release = () => resolve(false)));
      });
    });
    expect(await sweepAll()).toEqual([]);
    await db.pool.query(`update inbox set leased_until = leased_until - interval '1 minute'`);
    expect(await sweepAll()).toMatchObject([{ inboxId: id }]);
    release();
    expect(await dead).toBe(0);
  });

  it('does not keep a lead from being worked while other rows are handed out', async () => {
    const id = await accepted();
    await age();
    await inbox.sweep(options, async (row) => {
      await inbox.settle(row.inboxId, 'worked', null);
      return true;
    });
    expect(await inbox.load(id)).toMatchObject({ verdict: 'worked' });
  });
});

describe('a stuck event', () => {
  const passes = (text: string): Promise<unknown> =>
    db.pool.query(
      `update inbox set received_at = received_at - $1::interval, dispatched_at = dispatched_at - $1::interval,
         dispatched_since = dispatched_since - $1::interval`,
      [text],
    );
  const sweepOnce = (): Promise<number> =>
    inbox.sweep({ olderThanMs: 0, redispatchAfterMs: 60_000, perLocation: 100, limit: 100 }, async () => true);

  it('is one that its lead has had for too long, however often it was handed out again meanwhile', async () => {
    const old = await accepted();
    await inbox.markDispatched([old]);
    await passes('9 minutes');
    await sweepOnce();
    expect(await inbox.stuck(600_000)).toEqual({ events: 0, oldest: null });
    await passes('2 minutes');
    await inbox.markDispatched([old]);
    expect(await inbox.stuck(600_000)).toEqual({
      events: 1,
      oldest: { inboxId: old, ...ref, since: expect.stringMatching(/^\d{4}-.*Z$/) },
    });
  });

  it('is not one that waited long for its lead, nor one that was worked, parked or taken up anew', async () => {
    const waited = await accepted();
    const ids = [await accepted(), await accepted(), await accepted()] as const;
    await inbox.markDispatched(ids);
    await passes('11 minutes');
    expect((await inbox.stuck(600_000)).events).toBe(3);
    await inbox.markDispatched([waited]);
    await inbox.settle(ids[0], 'worked', null);
    await inbox.settle(ids[1], 'parked', 'unreadable');
    await inbox.settle(ids[2], 'worked', null);
    await inbox.reopen(ids[2]);
    await inbox.markDispatched([ids[2]]);
    expect(await inbox.stuck(600_000)).toEqual({ events: 0, oldest: null });
  });

  it('is told by the doctor with its number, the oldest and the workflow to look at', async () => {
    const temporalUi = { url: 'http://127.0.0.1:8233', namespace: 'default' };
    expect(await stuckEvents({ inbox }, temporalUi)).toMatchObject({ verdict: 'pass' });
    const oldest = await accepted();
    await inbox.markDispatched([oldest]);
    await passes('1 minute');
    await inbox.markDispatched([await accepted()]);
    await passes('11 minutes');
    const told = await stuckEvents({ inbox }, temporalUi);
    expect(told).toMatchObject({ verdict: 'warn', finding: expect.stringMatching(/^2 stuck /) });
    expect(told.finding).toContain(oldest);
    expect(told.fix).toContain(encodeURIComponent(`lead:${ref.locationId}:${ref.contactId}`));
  });

  it('is handed to its lead again within the hour, however long it has been stuck', async () => {
    await inbox.markDispatched([await accepted()]);
    await passes('5 days');
    await sweepOnce();
    await passes('59 minutes');
    expect(await sweepOnce()).toBe(0);
    await passes('2 minutes');
    expect(await sweepOnce()).toBe(1);
  });
});

describe('a verdict', () => {
  it('is final: a second one and a late mark change nothing', async () => {
    const id = await accepted();
    await inbox.settle(id, 'parked', 'unreadable');
    await inbox.settle(id, 'worked', null);
    await inbox.markDispatched([id]);
    expect(await inbox.load(id)).toMatchObject({ verdict: 'parked', reason: 'unreadable', dispatchedAt: null });
  });

  it('is taken back by reopening, which keeps the times of event and receipt and says when', async () => {
    const id = await accepted({ occurredAt: null });
    expect(await inbox.reopen(id)).toBe(false);
    await db.pool.query(`update inbox set received_at = received_at - interval '1 day'`);
    const before = await inbox.load(id);
    await inbox.settle(id, 'parked', 'unreadable');
    expect(await inbox.reopen(id)).toBe(true);
    const after = await inbox.load(id);
    expect(after).toMatchObject({ verdict: 'received', reason: null, workedAt: null, occurredAt: null });
    expect(after?.receivedAt).toBe(before?.receivedAt);
    expect(before?.reopenedAt).toBeNull();
    expect(Date.parse(after?.reopenedAt ?? '')).toBeGreaterThan(Date.parse(before?.receivedAt ?? ''));
  });

  it('of two relays marking the same events in opposite order, none fails', async () => {
    const ids = await Promise.all(Array.from({ length: 20 }, () => accepted()));
    await Promise.all(
      Array.from({ length: 20 }, (_one, at) => inbox.markDispatched(at % 2 ? ids : [...ids].reverse())),
    );
    expect((await inbox.list({ verdict: 'dispatched', limit: 50 })).items).toHaveLength(20);
  });
});

describe('listing', () => {
  it('pages through all events newest first, each once, also where times are equal', async () => {
    const ids = await Promise.all(Array.from({ length: 25 }, () => accepted()));
    await db.pool.query('update inbox set received_at = $1', [later(0)]);
    const seen: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await inbox.list({ limit: 7, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map((item) => item.inboxId));
      cursor = page.nextCursor;
    }
    expect([...seen].sort()).toEqual([...ids].sort());
    expect(seen).toEqual([...seen].sort().reverse());
  });

  it('filters by location, verdict and type, and shows neither body nor headers', async () => {
    const id = await accepted({ type: 'NoteCreate' });
    await accepted();
    ref = newRef(ref.locationId);
    const page = await inbox.list({ locationId: ref.locationId, verdict: 'received', type: 'NoteCreate', limit: 10 });
    expect(page.items.map((item) => item.inboxId)).toEqual([id]);
    expect(Object.keys(page.items[0] ?? {})).not.toEqual(expect.arrayContaining(['body']));
    expect(page.nextCursor).toBeNull();
  });
});
