import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { PackingSchema } from '../../domain/cache/packing.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { RunningCache } from '../../integrations/cache/cache.ts';
import * as matches from '../../integrations/postgres/listing-matches.ts';
import * as listings from '../../integrations/postgres/listings.ts';
import { cacheKinds } from '../../platform/cache-kinds.ts';
import { type OwnRedis, ownRedis } from '../support/cache-redis.ts';
import { type Answers, answersOf, fit, home, keptStores, plainStores, said, scored } from '../support/cache-uses.ts';
import { type CacheWorld, cacheWorld, PATIENT_MS, settled } from '../support/cache-world.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { decision, inboxEvent, installLocation, later, newRef, record, verdictOf } from '../support/records.ts';
import { type Sends, sendsIn } from '../support/sends.ts';
import { until } from '../support/until.ts';

let db: TestDatabase;
let redis: OwnRedis;
let caches: CacheWorld;
/** Two processes. */
let one: RunningCache;
let other: RunningCache;
let sends: Sends;
let ref: LeadRef;

beforeAll(async () => {
  [db, redis] = await Promise.all([createTestDatabase(), ownRedis()]);
  caches = cacheWorld(redis.url);
  sends = sendsIn(db.tenants);
});
afterAll(async () => {
  await caches.close();
  await redis.close();
  await db.drop();
});
beforeEach(async () => {
  ref = newRef();
  await installLocation(sends.locations, ref.locationId);
  await happens(1);
});

async function twoProcesses(limitMs: number): Promise<void> {
  const options = { kinds: cacheKinds, limitMs };
  [one, other] = await Promise.all([caches.cache(options), caches.cache(options)]);
}

/** Lead, contact, talk, home and score each say `n` from here on. */
async function happens(n: number): Promise<void> {
  const at = later(n);
  const place = db.tenants.at(ref.locationId);
  const { scoredAt, modelHash, asOf, vector, ...score } = scored(at, n);
  const { inboxId } = await sends.inbox.accept(inboxEvent(ref));
  const worked = {
    now: at,
    patch: { snapshot: { postalCode: String(n) }, at },
    decision: decision({ score }),
    kept: { ...score, scoredAt, modelHash, asOf, vector },
    message: said(`m-${n}`, String(n), at),
  };
  await sends.leads.commitDecision(record(ref, inboxId, worked), verdictOf);
  await listings.store(place, ref.locationId, [home('h', { livingSqft: n, changedAt: at })]);
  await matches.store(place, ref.locationId, [fit(ref.contactId, 'h')]);
}

/** The lowest `n` that any of them says. */
function oldestOf({ lead, talk, end, homes, vector }: Answers): number {
  return Math.min(
    ...[lead!.score!.value, Number(lead!.snapshot!.postalCode), Number(talk.at(-1)!.body), Number(end.at(-1)!.body)],
    ...[homes[0]!.listing.livingSqft!, vector!.score.value, Number(vector!.trace.values[1])],
  );
}

const kept = (cache: RunningCache) => answersOf(keptStores(db.tenants, cache), ref);

/** Changes and questions by turns, and what is answered is what the database says. */
async function goesOn(from: number): Promise<void> {
  for (let n = from; n < from + 3; n += 1) {
    await happens(n);
    const truth = await answersOf(plainStores(db.tenants), ref);
    expect(oldestOf(truth)).toBe(n);
    for (const cache of [one, other, one]) expect(await kept(cache)).toEqual(truth);
  }
}

describe('the same is shown', () => {
  beforeAll(() => twoProcesses(100));

  it('while Redis is wiped', async () => {
    await goesOn(2);
    await redis.admin.flushall();
    await goesOn(5);
  });

  it('while it is killed, away, and comes back empty', async () => {
    await goesOn(2);
    await redis.kill();
    await goesOn(5);
    await redis.start();
    await goesOn(8);
    await until(() => one.healthy() && other.healthy());
    await goesOn(11);
  });

  it('while it hangs, and when it goes on with what it held', async () => {
    await goesOn(2);
    await redis.hang();
    await goesOn(5);
    redis.goOn();
    await until(() => one.healthy() && other.healthy());
    await goesOn(8);
  });

  it('to whoever asks while things change, and never what was so before he asked', async () => {
    let told = 1;
    let over = false;
    let asked = 0;
    async function ask(cache: RunningCache): Promise<void> {
      while (!over) {
        const least = told;
        expect(oldestOf(await kept(cache))).toBeGreaterThanOrEqual(least);
        asked += 1;
      }
    }
    const askers = [one, other, one, other].map(ask);
    for (let n = 2; n < 18; n += 1) {
      await happens(n);
      told = n;
      if (n % 5 === 0) await redis.admin.flushall();
    }
    over = true;
    await Promise.all(askers);
    expect(asked).toBeGreaterThan(10);
  });
});

describe('a value of another program', () => {
  beforeAll(() => twoProcesses(PATIENT_MS));

  /** What is stored of the lead by kind, as it is stored. */
  async function stored(kind: string, id: string): Promise<{ version: string; value: unknown }> {
    return (await one.get<{ version: string; value: unknown }>({ location: ref.locationId, id }, { kind }))!;
  }
  const ids = () => ({
    lead: ref.contactId,
    conversation: `${ref.contactId} 50`,
    vector: `${ref.contactId} ${later(1)}`,
  });

  it.each(['lead', 'conversation', 'vector'] as const)('that made a %s otherwise is a miss', async (kind) => {
    const truth = await kept(one);
    const id = ids()[kind];
    const { version } = await stored(kind, id);
    const keep = { kind, tags: [ref.contactId, 'all'] };
    async function falsely(shape: string): Promise<void> {
      const value = { version: version.replace(/^\d+/, shape), value: [] };
      await one.set({ location: ref.locationId, id }, value, keep);
      await settled(other);
    }
    await falsely('1');
    expect(await kept(other)).not.toEqual(truth);
    await falsely('0');
    expect(await kept(other)).toEqual(truth);
    expect(await kept(one)).toEqual(truth);
  });

  it('of before its database began anew is a miss', async () => {
    await kept(one);
    const { rows } = await db.pool.query<{ began: string }>(
      'select to_hex(extract(epoch from pg_postmaster_start_time())::bigint) as began',
    );
    for (const [kind, id] of Object.entries(ids())) {
      expect((await stored(kind, id)).version.split(' ').at(-1)).toBe(rows[0]!.began);
    }
    const keys = await redis.admin.keys(`lw:c:listing:${ref.locationId}:*`);
    expect(keys.map((key) => key.split(':').slice(4))).toEqual([[expect.stringMatching(` ${rows[0]!.began}$`), 'h']]);
  });

  it('that packs by another schema is a miss to this one, and the other way round', async () => {
    const next = await caches.cache({
      kinds: cacheKinds.map((kind) => ('schema' in kind ? { ...kind, schema: renamed(kind.schema) } : kind)),
    });
    for (let n = 2; n < 6; n += 1) {
      await happens(n);
      const truth = await answersOf(plainStores(db.tenants), ref);
      for (const cache of n % 2 ? [one, next, other] : [next, one, other]) expect(await kept(cache)).toEqual(truth);
    }
    const misses = [one, other, next].map((cache) =>
      cache.stats().coder.kinds.reduce((sum, { kind, misses: by }) => {
        return kind === 'lead' ? sum + Object.values(by).reduce((all, count) => all + count, 0) : sum;
      }, 0),
    );
    expect(Math.max(...misses)).toBeGreaterThan(0);
  });

  /** Its fields in another order, and so another version. */
  function renamed({ version, fields }: PackingSchema): PackingSchema {
    return { version: version + 1, fields: Object.fromEntries(Object.entries(fields).toReversed()) };
  }
});

describe('the shape of what is kept', () => {
  beforeAll(() => twoProcesses(PATIENT_MS));

  /** The paths of a value; what stands in a list stands at `[]`. */
  function pathsOf(value: unknown, at = ''): string[] {
    if (Array.isArray(value)) return value.flatMap((one) => pathsOf(one, `${at}[]`));
    if (typeof value !== 'object' || value === null) return [at];
    return Object.entries(value).flatMap(([name, one]) => pathsOf(one, at === '' ? name : `${at}.${name}`));
  }

  // Whoever changes one of these counts up the shape beside its statement, or values of before are taken for new ones.
  it('is as it was when its number was given', async () => {
    const { lead, talk, homes, vector } = await kept(one);
    const event = { listingKey: 'h', kind: 'new', priceBefore: null, priceAfter: '1.00' } as const;
    await listings.addEvents(db.tenants.at(ref.locationId), ref.locationId, [{ ...event, at: later(1) }]);
    expect(pathsOf(await kept(one).then((answers) => answers.homes[0]!.listing))).toEqual([
      ...['listingKey', 'status', 'propertyType', 'price', 'city', 'postalCode', 'bedrooms', 'bathrooms', 'livingSqft'],
      ...['latitude', 'longitude', 'remarks', 'listedAt', 'changedAt', 'officeName'],
      ...['events[].at', 'events[].kind', 'events[].priceBefore', 'events[].priceAfter'],
    ]);
    expect(homes[0]!.listing.events).toEqual([]);
    expect(pathsOf(talk)).toEqual(['[].direction', '[].channel', '[].body', '[].at', '[].human']);
    expect([...new Set(pathsOf(vector))]).toEqual([
      ...['scoredAt', 'score.value', 'score.confidence', 'score.tier'],
      ...['trace.model', 'trace.modelHash', 'trace.asOf', 'trace.features[]', 'trace.values[]'],
    ]);
    const { snapshot: _snapshot, score: _score, ...alone } = lead!;
    expect(pathsOf(alone).sort()).toEqual([
      ...['activatedAt', 'contactId', 'createdAt', 'deletedAt', 'lastActivityAt', 'lastHumanAt', 'lastInboundAt'],
      ...['locationId', 'scoredAt', 'snapshotAt', 'stage', 'state', 'stateSince', 'tier'],
    ]);
  });
});
