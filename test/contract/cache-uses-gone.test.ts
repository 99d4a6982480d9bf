import { MockActivityEnvironment } from '@temporalio/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { createAtOnce } from '../../activities/at-once.ts';
import { createLeadActivities } from '../../activities/leads.ts';
import type { Cache } from '../../domain/cache/cache.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { readEnvelope } from '../../domain/webhooks/envelope.ts';
import type { RunningCache } from '../../integrations/cache/cache.ts';
import { createInstallStore } from '../../integrations/postgres/installs.ts';
import * as matches from '../../integrations/postgres/listing-matches.ts';
import * as listings from '../../integrations/postgres/listings.ts';
import { cacheKinds } from '../../platform/cache-kinds.ts';
import { kindsWith } from '../../platform/cache-pins.ts';
import { uninstalled } from '../../workers/contactless-uninstall.ts';
import { type OwnRedis, ownRedis } from '../support/cache-redis.ts';
import { answersOf, fit, home, keptStores, plainStores, said, scored } from '../support/cache-uses.ts';
import { type CacheWorld, cacheWorld, settled } from '../support/cache-world.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { crmMaker, recordingLog } from '../support/ghl-crm.ts';
import { partsOf } from '../support/parts.ts';
import { decision, inboxEvent, installLocation, newRef, record, verdictOf } from '../support/records.ts';
import { type Sends, sendsIn } from '../support/sends.ts';
import { noRefresher } from '../support/tokens.ts';

/** Values are stored as they are, so that words can be looked for. */
const kinds = kindsWith(
  Object.fromEntries(cacheKinds.map(({ name }) => [name, { codec: 'none', level: 0, dictionary: false }])),
);
const log = recordingLog();
const { crmAt, closeAll } = crmMaker(log);

let db: TestDatabase;
let redis: OwnRedis;
let caches: CacheWorld;
/** Two processes. */
let one: RunningCache;
let other: RunningCache;
let sends: Sends;
let ref: LeadRef;
let neighbour: LeadRef;

beforeAll(async () => {
  [db, redis] = await Promise.all([createTestDatabase(), ownRedis()]);
  caches = cacheWorld(redis.url);
  [one, other] = await Promise.all([caches.cache({ kinds }), caches.cache({ kinds })]);
  sends = sendsIn(db.tenants);
});
afterAll(async () => {
  await caches.close();
  await redis.close();
  await closeAll();
  await db.drop();
});
beforeEach(async () => {
  await redis.admin.flushall();
  ref = newRef();
  neighbour = newRef(ref.locationId);
  await installLocation(sends.locations, ref.locationId);
  const place = db.tenants.at(ref.locationId);
  await listings.store(place, ref.locationId, [home('h-1', { remarks: 'by the Watergate' })]);
  for (const lead of [ref, neighbour]) await fill(lead);
});

const HOMES = cacheKinds.findIndex(({ name }) => name === 'listing');
const MINE = ['Zerubbabel', 'zerubbabel@example.com', 'over the moon', 'fieldOfHis'];
const NEIGHBOURS = ['Nehemiah', 'nehemiah@example.com', 'under the sun'];

async function fill(lead: LeadRef): Promise<void> {
  const mine = lead === ref;
  const [firstName, email, words] = mine ? MINE : NEIGHBOURS;
  const { inboxId } = await sends.inbox.accept(inboxEvent(lead));
  const { scoredAt, modelHash, asOf, vector, ...score } = scored('2026-03-02T15:00:00.000Z', 41);
  const kept = { ...score, scoredAt, modelHash, asOf, vector };
  const worked = { decision: decision({ score }), kept, message: said('m', `I am ${words}.`, scoredAt) };
  await sends.leads.commitDecision(record(lead, inboxId, worked), verdictOf);
  const contact = { firstName: firstName!, email: email!, customFields: mine ? { fieldOfHis: 'x' } : {} };
  await sends.leads.refreshSnapshot(lead, contact, scoredAt);
  await matches.store(db.tenants.at(lead.locationId), lead.locationId, [fit(lead.contactId, 'h-1')]);
}

/** Somebody looks, in both processes; what he sees is what the database says. */
async function look(lead: LeadRef): Promise<void> {
  const truth = await answersOf(plainStores(db.tenants), lead);
  for (const cache of [one, other]) expect(await answersOf(keptStores(db.tenants, cache), lead)).toEqual(truth);
}

/** All that the server holds, by key: its text is names of keys, fields and members, and their values. */
async function held(): Promise<ReadonlyMap<string, string>> {
  const { admin } = redis;
  const all = new Map<string, string>();
  for (const key of await admin.keys('*')) {
    const type = await admin.type(key);
    const parts =
      type === 'string'
        ? [await admin.getBuffer(key)]
        : type === 'hash'
          ? Object.entries(await admin.hgetallBuffer(key)).flatMap(([field, value]) => [Buffer.from(field), value])
          : await admin.zrangeBuffer(key, '0', '-1');
    all.set(key, parts.map((part) => part?.toString('utf8')).join('\n'));
  }
  return all;
}

/** Which of these words it holds. */
async function heldOf(words: readonly string[]): Promise<string[]> {
  const text = [...(await held())].flat().join('\n');
  return words.filter((word) => text.includes(word));
}

/** An event through inbox and levels, in a process with this cache. */
async function happens(type: string, fields: object, cache: Cache = one): Promise<void> {
  const body = { type, locationId: ref.locationId, id: ref.contactId, ...fields, timestamp: new Date().toISOString() };
  const { kind } = readEnvelope('marketplace', body);
  const { inboxId } = await sends.inbox.accept(
    inboxEvent(ref, { type, kind, occurredAt: body.timestamp, body: Buffer.from(JSON.stringify(body)) }),
  );
  const deps = partsOf(db.tenants, sends, { log, crm: crmAt('http://127.0.0.1:9'), cache });
  const input = { ...ref, inboxId, kind: type, at: body.timestamp, thenAct: false };
  await new MockActivityEnvironment().run(createLeadActivities(deps, createAtOnce(deps)).work, input);
  expect((await sends.inbox.load(inboxId))?.verdict).toBe('worked');
}

/** Neither process has the lead or the contact. */
async function expectUnknown(): Promise<void> {
  await settled(one, other);
  for (const cache of [one, other])
    for (const kind of ['lead', 'contact'])
      expect(await cache.get({ location: ref.locationId, id: ref.contactId }, { kind })).toBeUndefined();
}

it('leads and contacts are packed: no name of a field is stored with them', async () => {
  await look(ref);
  for (const [kind, words] of [
    ['lead', ['scorecard-1']],
    ['contact', MINE.filter((word) => word !== 'over the moon')],
  ] as const) {
    const [, stored] = [...(await held())].find(([key]) => key.startsWith(`lw:c:@${kind}:${ref.locationId}:`))!;
    for (const word of words) expect(stored).toContain(word);
    for (const name of ['"value"', 'stateSince', 'lastActivityAt', 'knownAt', '"email"'])
      expect(stored).not.toContain(name);
  }
});

describe('of a contact that is deleted', () => {
  it('nothing is kept any more, and the neighbour’s is', async () => {
    for (const lead of [ref, neighbour]) await look(lead);
    expect(await heldOf([...MINE, ...NEIGHBOURS])).toEqual([...MINE, ...NEIGHBOURS]);
    await happens('ContactDelete', {});
    expect(await heldOf([...MINE, ...NEIGHBOURS])).toEqual(NEIGHBOURS);
    // The id alone, in the list of what the location has, for as long as the value would have stood.
    const names = [...(await held())].filter((entry) => entry.join('\n').includes(ref.contactId));
    expect(names.map(([key]) => key)).toEqual([`lw:c:#${ref.locationId}:all`]);
    await expectUnknown();
  });

  it('nothing is kept again, whoever looks, until it is made again', async () => {
    await look(ref);
    await happens('ContactDelete', {});
    const stored = () => [one, other].map((cache) => Object.values(cache.stats().kinds).map((kind) => kind.stored));
    const before = stored();
    await look(ref);
    // The home is nobody's.
    expect(stored().map((kinds) => kinds.toSpliced(HOMES, 1))).toEqual(
      before.map((kinds) => kinds.toSpliced(HOMES, 1)),
    );
    expect(await heldOf(MINE)).toEqual([]);
    await happens('ContactCreate', { firstName: MINE[0] });
    await look(ref);
    expect(await heldOf(MINE)).toEqual(MINE);
  });

  it.each(['lead', 'contact', 'conversation', 'vector'])(
    'nothing stays of a %s that was read before and is kept after',
    async (kind) => {
      let due = true;
      const late: Cache = {
        ...one,
        async set(key, value, keep) {
          if (keep.kind === kind && due) {
            due = false;
            await happens('ContactDelete', {}, other);
          }
          await one.set(key, value, keep);
        },
      };
      await answersOf(keptStores(db.tenants, late), ref);
      expect(due).toBe(false);
      expect(await heldOf(MINE)).toEqual([]);
      await expectUnknown();
    },
  );
});

describe('of a location that takes the app away', () => {
  async function takesItAway(): Promise<void> {
    const sentAt = new Date().toISOString();
    const body = { type: 'UNINSTALL', locationId: ref.locationId, timestamp: sentAt };
    const event = { type: body.type, contactId: null, occurredAt: sentAt, body: Buffer.from(JSON.stringify(body)) };
    const { inboxId } = await sends.inbox.accept(inboxEvent(ref, event));
    const ended: LeadRef[] = [];
    const deps = {
      ...{ inbox: sends.inbox, leads: sends.leads, locations: sends.locations, credentials: sends.credentials },
      ...{ installs: createInstallStore(db.tenants), refresher: noRefresher, cache: one, log },
      // Nothing here is of a site or a record.
      ...({} as Pick<Parameters<typeof uninstalled>[0], 'activity' | 'records' | 'metrics' | 'hashPerson'>),
    };
    const done = await uninstalled(
      deps,
      { inboxId, ...ref, contactId: null, kind: 'lifecycle', type: body.type, receivedAt: sentAt },
      {
        endLead: (lead) => Promise.resolve(void ended.push(lead)),
        tellBarred: () => Promise.resolve(),
        wake: () => undefined,
      },
    );
    expect(done.verdict).toBe('worked');
    expect(ended).toHaveLength(2);
  }

  it('nothing is kept any more, nor again, whoever looks', async () => {
    for (const lead of [ref, neighbour]) await look(lead);
    expect(await heldOf(['by the Watergate'])).not.toEqual([]);
    await takesItAway();
    for (let looks = 0; looks < 2; looks += 1) {
      expect(await heldOf([...MINE, ...NEIGHBOURS, 'by the Watergate'])).toEqual([]);
      // How many buckets there were, and nothing in them; that dictionaries were destroyed; ids in the lists of tags.
      const left = [...(await held()).keys()].filter((key) => key.includes(ref.locationId));
      for (const key of left) expect(key).toMatch(/^lw:(d:@[^:]*|c:@(lead|contact):[^:]*|c:#[^:]*:c-\w*)$/);
      for (const lead of [ref, neighbour]) await look(lead);
    }
  });
});

describe('another location', () => {
  it('with a contact of the same id has its own answers, and none of these', async () => {
    const theirs = { locationId: newRef().locationId, contactId: ref.contactId };
    await installLocation(sends.locations, theirs.locationId);
    await look(ref);
    await look(theirs);
    const kept = keptStores(db.tenants, one);
    const nothing = { lead: undefined, talk: [], end: [], homes: [], vector: undefined };
    expect(await answersOf(kept, theirs)).toEqual(nothing);
    expect(await kept.scores.given(theirs, '2026-03-02T15:00:00.000Z')).toBeUndefined();
    await look(ref);
  });
});
