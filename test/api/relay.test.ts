import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '../../domain/errors.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import type { Log } from '../../domain/ports/log.ts';
import type { NewInboxEvent } from '../../domain/ports/inbox.ts';
import type { TokenHolder } from '../../domain/ports/tokens.ts';
import { createCredentialStore } from '../../integrations/postgres/credentials.ts';
import { createCrmRecordStore } from '../../integrations/postgres/crm-records.ts';
import { createActivityStore } from '../../integrations/postgres/activity.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { createInstallStore } from '../../integrations/postgres/installs.ts';
import { createLeadStore } from '../../integrations/postgres/leads.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createLogger } from '../../platform/logger.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { createTenants } from '../../integrations/postgres/tenants.ts';
import { createRelay, type Relay } from '../../workers/relay.ts';
import { cuttableProxy } from '../support/cuttable-proxy.ts';
import { createTestDatabase, type TestDatabase, PATIENT } from '../support/database.ts';
import { inboxEvent, leadRules, newRef } from '../support/records.ts';
import { testSealing } from '../support/tokens.ts';
import { until } from '../support/until.ts';

let database: TestDatabase;
let inbox: ReturnType<typeof createInboxStore>;
let locations: ReturnType<typeof createLocationStore>;
let credentials: ReturnType<typeof createCredentialStore>;
const sealing = testSealing();
beforeAll(async () => {
  database = await createTestDatabase();
  inbox = createInboxStore(database.tenants);
  locations = createLocationStore(database.tenants, sealing);
  credentials = createCredentialStore(database.tenants, sealing);
});
afterAll(() => database.drop());

let relay: Relay;
let delivered: { ref: LeadRef; inboxId: string; kind: string }[];
let away: boolean;
/** What refreshers were told: whose, and which version was refused. */
let told: [TokenHolder, number | null][];
/** Of which locations, by which tags, the cache was to erase what it keeps. */
let erased: (readonly [string, readonly string[]])[];
beforeEach(async () => {
  await database.pool.query('truncate inbox, leads, locations, credentials, companies cascade');
  delivered = [];
  away = false;
  told = [];
  erased = [];
  relay = newRelay('boot-1');
});
afterEach(() => relay.stop());

function newRelay(bootId: string, tenants = database.tenants, warn: Log['warn'] = () => undefined): Relay {
  return createRelay(
    {
      inbox: createInboxStore(tenants),
      leads: createLeadStore(tenants, leadRules),
      records: createCrmRecordStore(database.tenants),
      crm: { contactOfTask: () => Promise.reject(new Error('no task is asked about in this test')) },
      activity: createActivityStore(database.tenants),
      hashPerson: (address) => `hash of ${address}`,
      locations,
      credentials,
      installs: createInstallStore(database.tenants),
      refresher: {
        tell: (holder, refused) => {
          if (away) return Promise.reject(new AppError('TEMPORAL_UNAVAILABLE', 'away in this test'));
          told.push([holder, refused]);
          return Promise.resolve();
        },
      },
      cache: { erase: (locationId, tags) => Promise.resolve(void erased.push([locationId, tags])) },
      mailbox: {
        deliver: (ref, { inboxId, kind }) => {
          if (away) return Promise.reject(new AppError('TEMPORAL_UNAVAILABLE', 'away in this test'));
          delivered.push({ ref, inboxId, kind });
          return Promise.resolve();
        },
      },
      log: { ...createLogger({ level: 'silent' }), warn },
      metrics: createMetrics(),
      pauses: { at: () => Promise.resolve() },
    },
    { bootId, everyMs: 20, againMs: 20 },
  );
}

/** Stores an event as the door does; `ago` sets the clock back, since the sweep leaves young rows to the process that took them. */
async function stored(ref: LeadRef, change: Partial<NewInboxEvent> = {}, ago = '5 seconds'): Promise<string> {
  const { inboxId } = await inbox.accept(inboxEvent(ref, change));
  await database.pool.query('update inbox set received_at = received_at - $2::interval where inbox_id = $1', [
    inboxId,
    ago,
  ]);
  return inboxId;
}

async function row(inboxId: string): Promise<{ verdict: string; reason: string | null } | undefined> {
  return inbox.load(inboxId);
}

async function add(locationId: string, companyId: string | null = null): Promise<void> {
  await locations.add({
    locationId,
    companyId,
    name: locationId,
    timezone: null,
    token: 'token',
    settings: defaultSettings,
    workflowSecretHash: `hash-${locationId}`,
  });
}

/** A lead whose plan is not yet applied: something is under way. */
async function underWay(ref: LeadRef): Promise<void> {
  await database.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, plan, plan_version)
     values ($1, $2, now(), now(), now(), '{"addTags":[],"removeTags":[],"fields":{},"tier":null}', 1)`,
    [ref.locationId, ref.contactId],
  );
}

describe('the relay', () => {
  it('brings a fresh event to its lead and marks it, without a sweep', async () => {
    const ref = newRef();
    const inboxId = await stored(ref);
    relay.kick({
      inboxId,
      kind: 'contact.updated',
      type: 'ContactUpdate',
      ...ref,
      receivedAt: new Date().toISOString(),
    });
    await until(async () => (await row(inboxId))?.verdict === 'dispatched');
    expect(delivered).toEqual([{ ref, inboxId, kind: 'ContactUpdate' }]);
  });

  it('finds after a crash what was committed and never dispatched', async () => {
    const ids = await Promise.all(Array.from({ length: 130 }, () => stored(newRef())));
    relay.start();
    await until(async () => new Set(delivered.map((event) => event.inboxId)).size === ids.length);
    await until(async () => (await row(ids[0] ?? ''))?.verdict === 'dispatched');
  });

  it('dispatches again what was dispatched long ago and never worked, and leaves alone what was worked', async () => {
    const [lost, worked] = [await stored(newRef()), await stored(newRef())];
    await inbox.markDispatched([lost, worked]);
    await inbox.settle(worked, 'worked', null);
    await database.pool.query("update inbox set dispatched_at = now() - interval '2 minutes'");
    relay.start();
    await until(() => delivered.length > 0);
    expect(delivered.map((event) => event.inboxId)).toEqual([lost]);
  });

  it('loses nothing and parks nothing while Temporal is away, and catches up by itself', async () => {
    away = true;
    const ids = await Promise.all(Array.from({ length: 30 }, () => stored(newRef())));
    relay.start();
    for (const inboxId of ids) {
      relay.kick({
        inboxId,
        kind: 'contact.updated',
        type: 'ContactUpdate',
        ...newRef(),
        receivedAt: new Date().toISOString(),
      });
    }
    const later = await stored(newRef());
    const open = await database.pool.query("select 1 from inbox where verdict = 'received'");
    expect(open.rowCount).toBe(31);
    away = false;
    await until(
      async () => (await database.pool.query("select 1 from inbox where verdict <> 'dispatched'")).rowCount === 0,
    );
    const all = new Set(delivered.map((event) => event.inboxId));
    expect([...ids, later].every((id) => all.has(id))).toBe(true);
  });

  it('ends in order: what was delivered is marked once stop has returned, and nothing is taken after', async () => {
    const ref = newRef();
    const ids = await Promise.all(Array.from({ length: 20 }, () => stored(ref)));
    const event = { kind: 'contact.updated', type: 'ContactUpdate', ...ref, receivedAt: new Date().toISOString() };
    for (const inboxId of ids) relay.kick({ inboxId, ...event });
    await relay.stop();
    const marked = await database.pool.query<{ inbox_id: string }>(
      "select inbox_id from inbox where verdict = 'dispatched'",
    );
    expect(marked.rows.map((found) => found.inbox_id).sort()).toEqual(delivered.map((found) => found.inboxId).sort());
    const before = delivered.length;
    relay.kick({ inboxId: ids[0] ?? '', ...event });
    expect(delivered).toHaveLength(before);
  });
});

describe('an event without a contact', () => {
  it('is ignored with its reason', async () => {
    const known = await stored({ ...newRef() }, { contactId: null, type: 'RecordCreate', kind: 'other' });
    const unknown = await stored({ ...newRef() }, { contactId: null, type: 'Novelty', kind: 'unknown' });
    relay.start();
    await until(async () => (await row(unknown))?.verdict === 'ignored' && (await row(known))?.verdict === 'ignored');
    expect([(await row(known))?.reason, (await row(unknown))?.reason]).toEqual([
      'a RecordCreate without the ids it needs',
      'unknown type',
    ]);
    expect(delivered).toEqual([]);
  });

  it('that uninstalls a location ends it and wakes its leads, and no others', async () => {
    const [gone, stays] = [newRef(), newRef()];
    await Promise.all([add(gone.locationId), add(stays.locationId), underWay(gone), underWay(stays)]);
    const inboxId = await stored(gone, {
      ...{ contactId: null, type: 'UNINSTALL', kind: 'lifecycle' },
      occurredAt: new Date().toISOString(),
    });
    relay.start();
    await until(async () => (await row(inboxId))?.verdict === 'worked');
    expect((await locations.get(gone.locationId))?.status).toBe('uninstalled');
    expect((await locations.get(stays.locationId))?.status).toBe('active');
    await until(() => delivered.length > 0);
    expect(delivered.map(({ ref, kind }) => ({ ref, kind }))).toEqual([{ ref: gone, kind: 'lead.resume' }]);
  });

  it('that uninstalled it before it was installed again takes nothing away when it is replayed, though it bears no time', async () => {
    const { locationId } = newRef();
    await add(locationId);
    const inboxId = await stored(
      { locationId, contactId: 'none' },
      { ...{ contactId: null, type: 'UNINSTALL', kind: 'lifecycle' }, occurredAt: null },
      '1 day',
    );
    relay.start();
    await until(async () => (await row(inboxId))?.verdict === 'ignored');
    expect((await locations.get(locationId))?.status).toBe('active');
  });

  it('that uninstalls an agency ends all of its locations', async () => {
    await Promise.all([add('one', 'agency1'), add('two', 'agency1'), add('three', 'agency2')]);
    const body = Buffer.from('{"type":"UNINSTALL","companyId":"agency1"}');
    const inboxId = await stored(newRef(), {
      locationId: null,
      contactId: null,
      type: 'UNINSTALL',
      kind: 'lifecycle',
      occurredAt: new Date().toISOString(),
      body,
    });
    relay.start();
    await until(async () => (await row(inboxId))?.verdict === 'worked');
    const statuses = (await locations.list()).map(({ locationId, status }) => `${locationId} ${status}`);
    expect(statuses.sort()).toEqual(['one uninstalled', 'three active', 'two uninstalled']);
  });
});

describe('a location that may send again', () => {
  it('has its leads under way told at once, and nobody else’s', async () => {
    const [held, other] = [newRef(), newRef()];
    await Promise.all([held, other].map(underWay));
    relay.wake(held.locationId);
    await until(() => delivered.length > 0);
    relay.wake(undefined);
    await until(() => delivered.length === 3);
    expect(delivered.map(({ ref }) => ref.contactId).sort()).toEqual(
      [held, held, other].map((ref) => ref.contactId).sort(),
    );
    expect(delivered[0]?.ref).toEqual(held);
  });
});

describe('a start after Temporal’s store was lost', () => {
  it('gives every lead under way one durable event, once per start', async () => {
    const refs = [newRef(), newRef(), newRef()];
    await Promise.all(refs.map(underWay));
    expect(await relay.resumeUnderWay()).toBe(3);
    expect(await relay.resumeUnderWay()).toBe(3);
    await until(() => delivered.length === 3);
    expect((await database.pool.query("select 1 from inbox where type = 'lead.resume'")).rowCount).toBe(3);
    const next = newRelay('boot-2');
    await next.resumeUnderWay();
    await next.stop();
    expect((await database.pool.query("select 1 from inbox where type = 'lead.resume'")).rowCount).toBe(6);
  });

  it('is gone through although the database is away at first and goes away in the middle, each lead once', async () => {
    const refs = Array.from({ length: 30 }, () => newRef());
    await Promise.all(refs.map(underWay));
    const target = new URL(database.appUrl);
    const proxy = await cuttableProxy({ host: target.hostname, port: Number(target.port) });
    const through = Object.assign(new URL(target), { port: String(proxy.port) });
    const tenants = createTenants(through.href, { max: 4, applicationName: 'test', ...PATIENT });
    let failed = 0;
    const cutOff = newRelay('boot-3', tenants, () => (failed += 1));
    try {
      proxy.cut();
      const resuming = cutOff.resumeUnderWay();
      await until(() => failed > 1);
      proxy.restore();
      await until(() => delivered.length > 4);
      failed = 0;
      proxy.cut();
      await until(() => failed > 1);
      expect(new Set(delivered.map(({ ref }) => ref.contactId)).size).toBeLessThan(refs.length);
      proxy.restore();
      expect(await resuming).toBe(refs.length);
    } finally {
      await cutOff.stop();
      await tenants.close();
      await proxy.close();
    }
    const { rows } = await database.pool.query<{ contact: string }>(
      "select contact_id as contact from inbox where type = 'lead.resume' order by contact_id",
    );
    expect(rows.map(({ contact }) => contact)).toEqual(refs.map(({ contactId }) => contactId).toSorted());
  });

  it('is let go when the process stops, though the database is still away', async () => {
    const tenants = createTenants(Object.assign(new URL(database.appUrl), { port: '1' }).href, {
      ...{ max: 1, applicationName: 'test', ...PATIENT },
    });
    let failed = 0;
    const cutOff = newRelay('boot-4', tenants, () => (failed += 1));
    const resuming = cutOff.resumeUnderWay();
    await until(() => failed > 1);
    await cutOff.stop();
    expect(await resuming).toBe(0);
    await tenants.close();
  });
});
