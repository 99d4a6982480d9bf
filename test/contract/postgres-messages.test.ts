import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LeadRef } from '../../domain/glossary.ts';
import type { UnreadConversation } from '../../domain/ports/messages.ts';
import * as conversations from '../../integrations/postgres/conversations.ts';
import * as messages from '../../integrations/postgres/messages.ts';
import { type Place, transaction } from '../../integrations/postgres/pool.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { allPages, expectOwnCursorsOnly } from '../support/pages.ts';
import { createRandom } from '../support/random.ts';
import { later, newRef } from '../support/records.ts';
import { sendsIn } from '../support/sends.ts';
import { until } from '../support/until.ts';

let db: TestDatabase;
let ref: LeadRef;
let place: Place;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(() => db.drop());
beforeEach(() => {
  ref = newRef();
  place = db.tenants.at(ref.locationId);
});

interface Said {
  readonly contactId?: string;
  readonly key: string;
  readonly minute: number;
  readonly direction?: 'inbound' | 'outbound';
  readonly channel?: string;
  readonly body?: string;
}

/** Stores messages as the product's own role, all in one statement. */
async function say(said: readonly Said[], to: Pick<Place, 'query'> = place, at: LeadRef = ref): Promise<void> {
  const rows = said.map(({ key, minute, direction = 'inbound', channel = 'sms', body = 'hello', contactId }) => ({
    key,
    direction,
    channel,
    body,
    contactId: contactId ?? at.contactId,
    at: later(minute),
  }));
  await to.query(
    `insert into messages (location_id, contact_id, message_key, direction, channel, body, at)
     select $1, "contactId", key, direction, channel, body, at
     from jsonb_to_recordset($2) as said ("contactId" text, key text, direction text, channel text, body text, at timestamptz)`,
    [at.locationId, JSON.stringify(rows)],
  );
}

/** Newest first, as the lists order: instant, contact, key. */
function newestFirst(said: readonly Said[]): string[] {
  const rank = (one: Said) => [one.minute, one.contactId ?? ref.contactId, one.key] as const;
  return [...said]
    .sort((one, other) => {
      const [a, b] = [rank(one), rank(other)];
      return b[0] - a[0] || (b[1] > a[1] ? 1 : b[1] < a[1] ? -1 : b[2] > a[2] ? 1 : -1);
    })
    .map(({ key }) => key);
}

const keys = (rows: readonly { readonly messageKey: string }[]): string[] => rows.map((row) => row.messageKey);

describe('the history of a contact', () => {
  it('pages through every message once, newest first, with ties', async () => {
    const said = Array.from({ length: 23 }, (_, at) => ({ key: `m${at}`, minute: at >> 2 }));
    await say(said);
    await say([{ key: 'of another', minute: 3, contactId: 'another' }]);
    const all = await allPages((cursor) => messages.history(place, ref, { limit: 4, cursor }));
    expect(keys(all)).toEqual(newestFirst(said));
    expect(all[0]).toEqual({
      contactId: ref.contactId,
      messageKey: 'm22',
      direction: 'inbound',
      channel: 'sms',
      body: 'hello',
      status: null,
      origin: null,
      human: false,
      at: later(5),
    });
  });

  it('takes its own cursors only', async () => {
    await say([1, 2, 3].map((minute) => ({ key: `m${minute}`, minute })));
    const other = newRef(ref.locationId);
    await expectOwnCursorsOnly(
      (cursor) => messages.history(place, ref, { limit: 1, cursor }),
      [
        (cursor) => messages.history(place, other, { limit: 1, cursor }),
        (cursor) => conversations.unread(place, ref.locationId, { limit: 1, cursor }),
      ],
    );
  });
});

describe('messages of a span of time', () => {
  const span = (from: number, to: number) => ({ from: later(from), to: later(to), limit: 3 });

  it('begin with its first instant and end before its last, newest first, with ties', async () => {
    const said = Array.from({ length: 30 }, (_, at) => ({
      key: `m${at}`,
      minute: at % 6,
      contactId: `c${at % 4}`,
    }));
    await say(said);
    const all = await allPages((cursor) => messages.between(place, ref.locationId, { ...span(1, 4), cursor }));
    expect(keys(all)).toEqual(newestFirst(said.filter(({ minute }) => minute >= 1 && minute < 4)));
    expect((await messages.between(place, ref.locationId, span(4, 4))).items).toEqual([]);
  });

  it('take their own cursors only, and no range that is none', async () => {
    await say([1, 2, 3, 4].map((minute) => ({ key: `m${minute}`, minute })));
    const list = (from: number, to: number) => (cursor: string | undefined) =>
      messages.between(place, ref.locationId, { ...span(from, to), limit: 1, cursor });
    await expectOwnCursorsOnly(list(0, 9), [list(0, 8), list(1, 9)]);
    await expect(
      messages.between(place, ref.locationId, { from: 'soon', to: later(1), limit: 1 }),
    ).rejects.toMatchObject({ code: 'BAD_VALUE' });
  });
});

describe('the search in messages', () => {
  const find = (query: string, limit = 100) => messages.search(place, ref.locationId, { query, limit });
  const found = async (query: string): Promise<string[]> => keys((await find(query)).items).sort();

  it('finds words in all their forms, phrases, either of two, and leaves out what is not wanted', async () => {
    await say([
      { key: 'a', minute: 1, body: 'Is the red house on Elm Street still listed?' },
      { key: 'b', minute: 2, body: 'Houses near the lake, please' },
      { key: 'c', minute: 3, body: 'The house is red' },
    ]);
    expect(await found('house')).toEqual(['a', 'b', 'c']);
    expect(await found('HOUSES lakes')).toEqual(['b']);
    expect(await found('"red house"')).toEqual(['a']);
    expect(await found('elm or lake')).toEqual(['a', 'b']);
    expect(await found('house -red')).toEqual(['b']);
    expect(await found('castle')).toEqual([]);
  });

  it.each(['', '   ', 'the', '"', '-', '!!', 'or', `'); drop table messages; --`, '\0', '\uD800', '&|()<->:*'])(
    'finds nothing by %j, and nothing breaks',
    async (query) => {
      await say([{ key: 'a', minute: 1 }]);
      expect(await found(query)).toEqual([]);
      expect((await messages.history(place, ref, { limit: 5 })).items).toHaveLength(1);
    },
  );

  describe('among more messages than are looked at one by one', () => {
    /** `lately` is common among the newest and rare before; the paging goes from one way of searching to the other. */
    const said = Array.from({ length: 4000 }, (_, at) => ({
      key: `m${at}`,
      minute: Math.floor(at / 3),
      contactId: `c${at % 500}`,
      body: [
        'hello',
        at % 2 === 0 ? 'house' : 'flat',
        at % 97 === 0 ? 'garden' : '',
        [5, 17, 40, 2499, 2500].includes(at) ? 'zebra' : '',
        at > 3900 || at % 401 === 0 ? 'lately' : '',
        at < 9 ? 'oldest' : '',
      ].join(' '),
    }));

    it.each([
      ['in every second message', 'house'],
      ['rare everywhere', 'garden'],
      ['rare and old', 'zebra'],
      ['common lately', 'lately'],
      ['among the oldest only', 'oldest'],
    ])('a word that is %s is found in each of its messages once, newest first', async (_what, word) => {
      await say(said);
      const expected = newestFirst(said.filter(({ body }) => body.split(' ').includes(word)));
      for (const limit of [7, 101]) {
        const all = await allPages((cursor) => messages.search(place, ref.locationId, { query: word, limit, cursor }));
        expect(keys(all)).toEqual(expected);
      }
    });
  });

  it('takes its own cursors only', async () => {
    await say([1, 2, 3].map((minute) => ({ key: `m${minute}`, minute })));
    const list = (query: string) => (cursor: string | undefined) =>
      messages.search(place, ref.locationId, { query, limit: 1, cursor });
    await expectOwnCursorsOnly(list('hello'), [
      list('hello there'),
      (cursor) => messages.history(place, ref, { limit: 1, cursor }),
    ]);
  });
});

describe('a table of the same name that a session makes for itself', () => {
  it('is not what the search reads, as whom it runs', async () => {
    await say([{ key: 'true', minute: 1, body: 'our house' }]);
    const found = await transaction(place, async (client) => {
      await client.query(`create temporary view messages as select location_id, contact_id, 'false' as message_key, direction, channel,
        body || ' ' || current_user as body, at, words from public.messages`);
      const answer = await messages.search(client, ref.locationId, { query: 'house', limit: 9 });
      await client.query('drop view pg_temp.messages');
      return answer;
    });
    expect(keys(found.items)).toEqual(['true']);
  });
});

describe("another location's messages", () => {
  it('are in no list, whichever of the two ids is the wrong one', async () => {
    await say([{ key: 'a', minute: 1, body: 'our house' }]);
    const other = newRef();
    const theirs = db.tenants.at(other.locationId);
    const span = { from: later(0), to: later(9), limit: 9 };
    for (const [from, locationId] of [
      [theirs, ref.locationId],
      [theirs, other.locationId],
      [place, other.locationId],
    ] as const) {
      const pages = [
        await messages.history(from, { locationId, contactId: ref.contactId }, { limit: 9 }),
        await messages.between(from, locationId, span),
        await messages.search(from, locationId, { query: 'house', limit: 9 }),
        await conversations.unread(from, locationId, { limit: 9 }),
      ];
      expect(pages.map(({ items }) => items)).toEqual([[], [], [], []]);
    }
  });
});

describe('conversations', () => {
  const unread = async (): Promise<UnreadConversation[]> =>
    allPages((cursor) => conversations.unread(place, ref.locationId, { limit: 2, cursor }));
  const row = async (): Promise<unknown> =>
    (
      await place.query(
        `select last_message_at as last, last_outbound_at as ours, unread from conversations where location_id = $1 and contact_id = $2`,
        [ref.locationId, ref.contactId],
      )
    ).rows[0];

  it('are unread while the contact had the last word, newest first, with ties', async () => {
    await say([
      ...[1, 2, 3, 4, 5].map((at) => ({ key: 'in', minute: 10 + (at >> 1), contactId: `c${at}` })),
      { key: 'out', minute: 20, contactId: 'c3', direction: 'outbound' },
      { key: 'in', minute: 30, contactId: 'd' },
      { key: 'again', minute: 31, contactId: 'd' },
    ]);
    expect((await unread()).map(({ contactId, unread: count }) => [contactId, count])).toEqual([
      ['d', 2],
      ['c5', 1],
      ['c4', 1],
      ['c2', 1],
      ['c1', 1],
    ]);
    expect((await unread())[0]).toEqual({
      contactId: 'd',
      lastMessageAt: later(31),
      lastOutboundAt: null,
      unread: 2,
    });
    const list = (locationId: string) => (cursor: string | undefined) =>
      conversations.unread(place, locationId, { limit: 2, cursor });
    await expectOwnCursorsOnly(list(ref.locationId), [list('another')]);
  });

  it.each([1, 2, 3, 4, 5])('end in the same row in whatever order messages arrive (seed %i)', async (seed) => {
    const random = createRandom(seed);
    const said = Array.from({ length: 25 }, (_, at): Said => {
      const channel = random.chance(0.2) ? 'internal-comment' : 'sms';
      return { key: `m${at}`, minute: random.below(20), channel, direction: random.pick(['inbound', 'outbound']) };
    });
    const heard = said.filter(({ channel }) => channel !== 'internal-comment');
    const ours = heard.filter(({ direction }) => direction === 'outbound').map(({ minute }) => minute);
    const lastOurs = Math.max(...ours);
    for (let left = said; left.length > 0;) {
      const some = 1 + random.below(4);
      await say(left.slice(0, some));
      left = left.slice(some);
    }
    // A delivery report of a message that is known changes nothing.
    await place.query(`update messages set status = 'delivered' where location_id = $1`, [ref.locationId]);
    expect(await row()).toEqual({
      last: later(Math.max(...heard.map(({ minute }) => minute))),
      ours: later(lastOurs),
      unread: heard.filter(({ direction, minute }) => direction === 'inbound' && minute > lastOurs).length,
    });
  });

  it('do not exist for internal comments alone', async () => {
    await say([{ key: 'note', minute: 1, channel: 'internal-comment' }]);
    expect(await row()).toBeUndefined();
  });

  it('count a message that is stored while one of ours is being stored', async () => {
    for (const first of ['inbound', 'outbound'] as const) {
      ref = newRef(ref.locationId);
      const second = first === 'inbound' ? 'outbound' : 'inbound';
      // Whichever is first, the contact has the last word.
      const minute = (direction: string) => (direction === 'inbound' ? 2 : 1);
      let late: Promise<void> | undefined;
      await transaction(place, async (client) => {
        await say([{ key: 'first', minute: minute(first), direction: first }], client);
        late = say([{ key: 'second', minute: minute(second), direction: second }]);
        await waitingFor(client);
      });
      await late;
      expect(await row()).toEqual({ last: later(2), ours: later(1), unread: 1 });
    }
  });

  /** Until somebody waits for what this client holds. */
  async function waitingFor(client: Pick<Place, 'query'>): Promise<void> {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await until(async () => {
      const { rowCount } = await db.pool.query(
        'select from pg_stat_activity where $1 = any(pg_blocking_pids(pid)) limit 1',
        [rows[0]?.pid],
      );
      return rowCount === 1;
    });
  }

  it('are answered by what the outbox has sent, though nobody has reported it yet', async () => {
    const sends = sendsIn(db.tenants);
    ref = await sends.lead();
    place = db.tenants.at(ref.locationId);
    await say([{ key: 'in', minute: 1 }]);
    expect(await row()).toMatchObject({ unread: 1 });
    await sends.sent(ref, later(5), { state: 'sent', vendorId: 'v1' });
    expect(await row()).toEqual({ last: later(5), ours: later(5), unread: 0 });
    // The CRM's own report of it.
    await sends.work(ref);
    await say([{ key: 'later', minute: 6 }]);
    expect(await row()).toEqual({ last: later(6), ours: later(5), unread: 1 });
  });
});
