import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LeadRef } from '../../domain/glossary.ts';
import type { ContactPatch } from '../../domain/leads/contact.ts';
import type { DecisionRecord } from '../../domain/ports/leads.ts';
import type { RunningCache } from '../../integrations/cache/cache.ts';
import { createCrmRecordStore } from '../../integrations/postgres/crm-records.ts';
import * as matches from '../../integrations/postgres/listing-matches.ts';
import * as listings from '../../integrations/postgres/listings.ts';
import { prune } from '../../integrations/postgres/prune.ts';
import { createRestoreStore } from '../../integrations/postgres/restores.ts';
import { createScoreStore } from '../../integrations/postgres/scores.ts';
import { createUnsettledSends } from '../../integrations/postgres/unsettled-sends.ts';
import { cacheKinds } from '../../platform/cache-kinds.ts';
import { type OwnRedis, ownRedis } from '../support/cache-redis.ts';
import { type Answers, answersOf, fit, home, keptStores, plainStores, said, scored } from '../support/cache-uses.ts';
import { type CacheWorld, cacheWorld } from '../support/cache-world.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { createRandom } from '../support/random.ts';
import {
  decision,
  inboxEvent,
  installLocation,
  later,
  message,
  newRef,
  record,
  verdictOf,
} from '../support/records.ts';
import { type Sends, sendsIn } from '../support/sends.ts';

let db: TestDatabase;
let redis: OwnRedis;
let caches: CacheWorld;
/** Two processes. */
let one: RunningCache;
let other: RunningCache;
let sends: Sends;
let ref: LeadRef;
let minute = 0;

const USES = ['lead', 'contact', 'conversation', 'vector', 'listing'];

beforeAll(async () => {
  [db, redis] = await Promise.all([createTestDatabase(), ownRedis()]);
  caches = cacheWorld(redis.url);
  [one, other] = await Promise.all([caches.cache({ kinds: cacheKinds }), caches.cache({ kinds: cacheKinds })]);
  sends = sendsIn(db.tenants);
});
afterAll(async () => {
  await caches.close();
  await redis.close();
  await db.drop();
});
beforeEach(async () => {
  minute = 0;
  ref = newRef();
  await installLocation(sends.locations, ref.locationId);
  await fill(ref);
});

const now = (): string => later((minute += 1));
const place = () => db.tenants.at(ref.locationId);
const own = (text: string, values: readonly unknown[] = [ref.contactId]) =>
  db.pool.query(text, [ref.locationId, ...values]);

/** An event that is worked. */
async function worked(to: LeadRef, change: Partial<DecisionRecord> = {}): Promise<void> {
  const { inboxId } = await sends.inbox.accept(inboxEvent(to));
  await sends.leads.commitDecision(record(to, inboxId, change), verdictOf);
}

/** One that gives a score, too. */
const scoredNow = (value: number, at = now()): Partial<DecisionRecord> => {
  const { vector, modelHash, asOf, scoredAt, ...score } = scored(at, value);
  return { now: at, decision: decision({ score }), kept: { ...score, vector, modelHash, asOf, scoredAt } };
};

const snapshot = (change: ContactPatch) => sends.leads.refreshSnapshot(ref, change, now());

/** A lead with everything that is kept. */
async function fill(to: LeadRef): Promise<void> {
  await worked(to, { ...scoredNow(41), message: said('first', 'Is it still for sale?', now()) });
  const custom = { budget: 450_000, agreed: true, choices: ['a', 'b'], empty: '' };
  const contact = { firstName: 'Zoë', lastName: null, phone: '+12125550142', tags: ['Hit List'], customFields: custom };
  await sends.leads.refreshSnapshot(to, contact, now());
  const stored = db.tenants.at(to.locationId);
  await listings.store(stored, to.locationId, [home('h:1'), home('h-2', { price: null, remarks: null, city: null })]);
  await matches.store(stored, to.locationId, [
    fit(to.contactId, 'h:1', { score: 0.9 }),
    fit(to.contactId, 'h-2'),
    fit(to.contactId, 'not there'),
  ]);
  await listings.addEvents(stored, to.locationId, [
    { listingKey: 'h:1', at: later(-90), kind: 'new', priceBefore: null, priceAfter: '450000.00' },
  ]);
}

const plain = () => answersOf(plainStores(db.tenants), ref);

/** In both processes what they say is what the database says; twice, for the second time it is kept. */
async function agree(): Promise<Answers> {
  const truth = await plain();
  for (const cache of [one, other, one]) expect(await answersOf(keptStores(db.tenants, cache), ref)).toEqual(truth);
  return truth;
}

type Changes = Readonly<Record<string, readonly [changes: readonly (keyof Answers)[], change: () => Promise<unknown>]>>;

const changes: Changes = {
  'an event with a message': [
    ['lead', 'talk', 'end'],
    () => worked(ref, { now: now(), message: said('2', 'Hi', now()) }),
  ],
  'an event with a score': [['lead', 'vector'], () => worked(ref, scoredNow(77))],
  'an event that changes stage and state': [
    ['lead'],
    () => worked(ref, { now: now(), decision: decision({ stage: 'qualified', state: 'paused', tier: null }) }),
  ],
  'the answer to a question': [
    ['lead'],
    () =>
      worked(ref, {
        now: now(),
        decision: decision({ qualification: { budget: { value: 450_000.5, at: now(), from: 'x' } } }),
      }),
  ],
  'a contact that was deleted, and made again': [
    ['lead'],
    async () => {
      await worked(ref, { now: now(), decision: decision({ stage: 'gone', deletedAt: now() }) });
      await agree();
      await worked(ref, { now: now(), decision: decision({ stage: 'new' }) });
    },
  ],
  'an act of a person': [['lead'], () => sends.leads.act(ref, `act-${now()}`, { action: 'takeOver', by: 'x' }, now())],
  'a name': [['lead'], () => snapshot({ firstName: `Zoë ${now()}` })],
  'a tag': [['lead'], () => snapshot({ tags: [`tag ${now()}`] })],
  'do-not-disturb': [['lead'], () => snapshot({ dnd: true, dndChannels: { sms: 'on' } })],
  'a field that was emptied': [['lead'], () => snapshot({ customFields: { empty: null, budget: '' } })],
  'an event of which only the time is told': [['lead'], () => worked(ref, { now: now() })],
  'a text that went out': [
    ['talk', 'end'],
    () => sends.sent(ref, now(), { state: 'sent', vendorId: `vendor-${minute}` }),
  ],
  'a text that a person says went out': [
    ['talk', 'end'],
    async () => {
      await sends.sent(ref, now(), { state: 'parked', reason: 'no answer' });
      const { rows } = await own(`select send_id as id from outbox where location_id = $1 and contact_id = $2
        and state = 'parked'`);
      const finding = { what: 'sent', vendorId: `told-${minute}` } as const;
      await createUnsettledSends(db.tenants).resolve(ref, rows[0].id, finding, 'x', now());
    },
  ],
  'a text that was read back after a restore': [
    ['talk', 'end'],
    () =>
      createRestoreStore(db.tenants).recall(
        ref,
        { from: later(-9), until: now() },
        [{ vendorId: `back-${minute}`, channel: 'sms', body: 'Read back', at: now() }],
        [],
        now(),
      ),
  ],
  'the words of a message that came without any': [
    ['talk', 'end'],
    async () => {
      const late = message({ messageId: `late-${minute}`, body: '', at: now() });
      await worked(ref, { now: now(), message: late });
      await agree();
      await worked(ref, { now: now(), message: { ...late, body: 'Here they are' } });
    },
  ],
  'the time at which a message left': [
    ['talk', 'end'],
    async () => {
      const automatic = { direction: 'outbound', origin: 'workflow', status: 'scheduled' } as const;
      const waits = message({ messageId: `waits-${minute}`, ...automatic, at: now() });
      await worked(ref, { now: now(), message: waits });
      await agree();
      const left = { id: waits.messageId!, status: 'delivered', userId: null, told: 'It left.', at: later(900) };
      const { inboxId } = await sends.inbox.accept(inboxEvent(ref));
      await createCrmRecordStore(db.tenants).keepStatus(ref, left, inboxId, now());
    },
  ],
  'a pass over all scores': [
    ['lead', 'vector'],
    async () => {
      const { rows } = await own('select news from lead_news where location_id = $1 and contact_id = $2');
      const score = scored(now(), 63);
      await createScoreStore(db.tenants).keep(
        ref.locationId,
        [{ contactId: ref.contactId, news: Number(rows[0].news), score, vector: null }],
        1,
      );
    },
  ],
  'a second score in the same millisecond': [
    ['lead', 'vector'],
    async () => {
      const at = now();
      await worked(ref, scoredNow(20, at));
      await agree();
      await worked(ref, scoredNow(21, at));
    },
  ],
  'a price': [
    ['homes'],
    () => listings.store(place(), ref.locationId, [home('h:1', { price: `${400_000 + minute}.05`, changedAt: now() })]),
  ],
  'an event of a home': [
    ['homes'],
    () =>
      listings.addEvents(place(), ref.locationId, [
        { listingKey: 'h-2', at: now(), kind: 'open-house', priceBefore: null, priceAfter: null },
      ]),
  ],
  'more events of a home than are shown, the oldest of them late': [
    ['homes'],
    async () => {
      const event = (at: string) =>
        ({ listingKey: 'h:1', at, kind: 'price-change', priceBefore: '1.00', priceAfter: '2.10' }) as const;
      await listings.addEvents(
        place(),
        ref.locationId,
        Array.from({ length: 24 }, () => event(now())),
      );
      await agree();
      await listings.addEvents(place(), ref.locationId, [event(later(minute - 3.5))]);
    },
  ],
  'an event of a home that is cleared away, while one from before the newest comes in': [
    ['homes'],
    async () => {
      const told = (kind: 'new' | 'pending', at: string) =>
        listings.addEvents(place(), ref.locationId, [
          { listingKey: 'h-2', at, kind, priceBefore: null, priceAfter: null },
        ]);
      await told('new', later(-99_999 - (minute += 1)));
      await told('pending', now());
      await agree();
      await prune(db.pool, later(-9_999), { apply: true, say: () => undefined });
      await own(
        `insert into listing_events (location_id, listing_key, at, kind, id) overriding system value values ($1, $2, $3, 'withdrawn', $4)`,
        ['h-2', later(-70), -(minute += 1)],
      );
    },
  ],
  'how well a home fits': [
    ['homes'],
    () => matches.store(place(), ref.locationId, [fit(ref.contactId, 'h-2', { score: 0.95, matchedAt: now() })]),
  ],
  'a home that comes to the market': [
    ['homes'],
    async () => {
      const key = `new-${now()}`;
      await listings.store(place(), ref.locationId, [home(key)]);
      await matches.store(place(), ref.locationId, [fit(ref.contactId, key, { score: 1 })]);
    },
  ],
  'a home that fits no more': [
    ['homes'],
    () =>
      own('delete from listing_matches where location_id = $1 and contact_id = $2 and listing_key = $3', [
        ref.contactId,
        'h:1',
      ]),
  ],
  'a home that was taken away': [
    ['homes'],
    () => own('delete from listings where location_id = $1 and listing_key = $2', ['h:1']),
  ],
};

describe('what is shown of a lead is what the database says, before and after', () => {
  it.each(Object.entries(changes).map(([name, [of, change]]) => ({ name, of, change })))(
    '$name',
    async ({ of, change }) => {
      const before = await agree();
      await change();
      const after = await agree();
      for (const use of of) expect(after[use]).not.toEqual(before[use]);
    },
  );

  it('from the cache, while nothing changes', async () => {
    await agree();
    const counted = () =>
      [one, other].flatMap((cache) => USES.map((kind) => ({ kind, ...cache.stats().kinds[kind]! })));
    const before = counted();
    await agree();
    for (const [at, { kind, near, shared, missed, stored, loads }] of counted().entries()) {
      const was = before[at]!;
      expect({ kind, missed, stored, loads }).toEqual({
        ...{ kind, missed: was.missed, stored: was.stored, loads: was.loads },
      });
      expect(near + shared).toBeGreaterThan(was.near + was.shared);
    }
  });

  it('any of these, one after another', async () => {
    const random = createRandom(20261129);
    const all = Object.values(changes);
    for (let step = 0; step < 12; step += 1) {
      await random.pick(all)[1]();
      const cache = random.pick([one, other]);
      expect(await answersOf(keptStores(db.tenants, cache), ref)).toEqual(await plain());
    }
  });

  it('a lead that came with its messages from elsewhere, and again with others', async () => {
    const elsewhere = async (body: string): Promise<void> => {
      await own('delete from lead_news where location_id = $1 and contact_id = $2');
      await own('delete from leads where location_id = $1 and contact_id = $2');
      await own('delete from messages where location_id = $1 and contact_id = $2');
      const client = await db.pool.connect();
      try {
        await client.query(`begin; set local session_replication_role = replica`);
        await client.query(
          `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at) values ($1, $2, now(), now(), now())`,
          [ref.locationId, ref.contactId],
        );
        await client.query(
          `insert into messages (location_id, contact_id, message_key, direction, channel, body, at) values ($1, $2, 'k', 'inbound', 'sms', $3, now())`,
          [ref.locationId, ref.contactId, body],
        );
        await client.query('commit');
      } finally {
        client.release();
      }
    };
    await elsewhere('Once');
    await agree();
    await elsewhere('Again');
    expect((await agree()).talk).toMatchObject([{ body: 'Again' }]);
  });
});
