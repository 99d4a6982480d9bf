import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { sha256 } from '../../platform/secrets.ts';
import { installedEvent } from '../../domain/webhooks/installed.ts';
import type { TokenHolder } from '../../domain/ports/tokens.ts';
import { APP_ID, type ApiWorld, marketplaceEvent, startApiWorld } from '../support/api-world.ts';
import { leadRelay } from '../support/relay.ts';
import { until } from '../support/until.ts';

/** INSTALL and UNINSTALL in every order, through the door and the relay; what refreshers and leads are told is recorded. */

let world: ApiWorld;
let relay: ReturnType<typeof leadRelay>;
beforeAll(async () => {
  world = await startApiWorld({ onCommitted: (row) => relay?.relay.kick(row) });
});
afterAll(() => world.stop());
beforeEach(() => {
  relay = leadRelay(world);
});
afterEach(() => relay.relay.stop());

let made = 0;
const newId = (kind: string) => `${kind}${(made += 1)}x${Date.now()}`;
const grant = { access: 'at', refresh: 'rt', lifeMs: 86_399_000 };
const location = (id: string) => world.deps.locations.get(id);
const held = async (holder: TokenHolder) => (await world.credentials.standing(holder))?.held === true;
const at = (id: string) => ({ kind: 'location', id }) as const;

/** Through the door; answers once the relay has worked it. */
async function event(type: 'INSTALL' | 'UNINSTALL', over: object, sentAt = new Date()): Promise<string> {
  const answer = await world.post({
    ...{ type, appId: APP_ID, webhookId: newId('hook'), timestamp: sentAt.toISOString(), ...over },
  });
  const { eventId } = (await answer.json()) as { eventId: string };
  expect(answer.status).toBe(202);
  await until(async () => (await world.inbox.load(eventId))?.verdict !== 'received');
  const row = await world.inbox.load(eventId);
  return `${row?.verdict}${row?.reason === null ? '' : `: ${row?.reason}`}`;
}

/** What the callback does once a code was exchanged. */
async function exchanged(holder: TokenHolder): Promise<void> {
  const { version } = await world.credentials.install(holder, 'oauth', grant, new Date().toISOString());
  const told = installedEvent(holder, version, sha256);
  const accepted = await world.inbox.accept(told);
  if (accepted.kind !== 'accepted') throw new Error('known already');
  relay.relay.kick({ ...told, inboxId: accepted.inboxId, receivedAt: accepted.receivedAt });
  await until(async () => (await world.inbox.load(accepted.inboxId))?.verdict === 'worked');
}

/** A lead with a plan that is not yet applied. */
const underWay = (locationId: string, contactId: string) =>
  world.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, plan, plan_version)
     values ($1, $2, now(), now(), now(), '{"addTags":[],"removeTags":[],"fields":{},"tier":null}', 1)`,
    [locationId, contactId],
  );

describe('INSTALL', () => {
  it('before the code: the location is here and waits, its events are taken; the token wakes its leads', async () => {
    const [locationId, companyId] = [newId('loc'), newId('com')];
    expect((await world.post(marketplaceEvent({ locationId }))).status).toBe(403);
    expect(await event('INSTALL', { locationId, companyId })).toBe('worked');
    expect(await location(locationId)).toMatchObject({
      companyId,
      status: 'active',
      parked: { reason: 'awaiting-token' },
    });
    expect(relay.told).toEqual([[at(locationId), null]]);
    expect((await world.post(marketplaceEvent({ locationId, id: 'lead1' }))).status).toBe(202);
    await underWay(locationId, 'lead2');
    relay.delivered.length = 0;
    await exchanged(at(locationId));
    expect((await location(locationId))?.parked).toBeNull();
    await until(() => relay.delivered.some(({ contactId, kind }) => contactId === 'lead2' && kind === 'lead.resume'));
    expect(relay.told).toEqual([
      [at(locationId), null],
      [at(locationId), null],
    ]);
  });

  it('after the code: harmless, and told as such', async () => {
    const locationId = newId('loc');
    await event('INSTALL', { locationId });
    await exchanged(at(locationId));
    const before = await location(locationId);
    relay.told.length = 0;
    expect(await event('INSTALL', { locationId })).toBe('worked: installed already');
    expect(await location(locationId)).toEqual(before);
    expect(relay.told).toEqual([]);
  });

  it('twice for one location: one row, once parked', async () => {
    const locationId = newId('loc');
    await Promise.all([event('INSTALL', { locationId }), event('INSTALL', { locationId })]);
    const { rows } = await world.pool.query('select parked_reason from locations where location_id = $1', [locationId]);
    expect(rows).toEqual([{ parked_reason: 'awaiting-token' }]);
  });

  it('waits in the inbox while nobody can be told, and is worked after', async () => {
    const locationId = newId('loc');
    relay.away(true);
    const answer = await world.post({
      ...{ type: 'INSTALL', appId: APP_ID, locationId, webhookId: newId('hook'), timestamp: new Date().toISOString() },
    });
    const { eventId } = (await answer.json()) as { eventId: string };
    await until(async () => (await location(locationId)) !== undefined);
    expect((await world.inbox.load(eventId))?.verdict).toBe('received');
    relay.away(false);
    relay.relay.start();
    await until(async () => (await world.inbox.load(eventId))?.verdict === 'worked');
    expect(relay.told).toContainEqual([at(locationId), null]);
  });

  it('of an agency: before its code nothing, after it the agency looks at its locations', async () => {
    const companyId = newId('com');
    expect(await event('INSTALL', { companyId })).toBe('worked: its code is yet to come');
    expect(relay.told).toEqual([]);
    const company = { kind: 'company', id: companyId } as const;
    await exchanged(company);
    expect(await event('INSTALL', { companyId })).toBe('worked');
    expect(relay.told).toEqual([
      [company, null],
      [company, null],
    ]);
  });
});

describe('UNINSTALL', () => {
  it('destroys the tokens, ends refresher and leads; the door is shut', async () => {
    const locationId = newId('loc');
    await event('INSTALL', { locationId });
    await exchanged(at(locationId));
    await underWay(locationId, 'lead');
    relay.told.length = 0;
    expect(await event('UNINSTALL', { locationId })).toBe('worked');
    expect((await location(locationId))?.status).toBe('uninstalled');
    expect(await held(at(locationId))).toBe(false);
    expect(relay.told).toEqual([[at(locationId), null]]);
    await until(() => relay.delivered.some(({ contactId }) => contactId === 'lead'));
    world.deps.lookup.forget();
    expect((await world.post(marketplaceEvent({ locationId }))).status).toBe(403);
  });

  it('that was overtaken by a new install takes nothing away', async () => {
    const locationId = newId('loc');
    const sentAt = new Date(Date.now() - 120_000);
    await event('INSTALL', { locationId });
    await exchanged(at(locationId));
    expect(await event('UNINSTALL', { locationId }, sentAt)).toBe(
      'ignored: no such location, or installed again since',
    );
    expect(await location(locationId)).toMatchObject({ status: 'active', parked: null });
    expect(await held(at(locationId))).toBe(true);
  });

  it('overtaken by its own INSTALL’s delivery leaves a location that waits and sends nothing', async () => {
    const locationId = newId('loc');
    const before = new Date(Date.now() - 60_000);
    expect(await event('UNINSTALL', { locationId })).toMatch(/^ignored/);
    await event('INSTALL', { locationId }, before);
    expect((await location(locationId))?.parked?.reason).toBe('awaiting-token');
  });

  it('and install again: the same location with its settings, and a new token', async () => {
    const locationId = newId('loc');
    await event('INSTALL', { locationId });
    await exchanged(at(locationId));
    await world.pool.query(`update locations set settings = settings || '{"capPer24h": 1}' where location_id = $1`, [
      locationId,
    ]);
    await event('UNINSTALL', { locationId });
    await event('INSTALL', { locationId });
    expect(await location(locationId)).toMatchObject({ status: 'active', parked: { reason: 'awaiting-token' } });
    await exchanged(at(locationId));
    expect(await location(locationId)).toMatchObject({ parked: null, settings: { capPer24h: 1 } });
    expect(await world.credentials.newest(at(locationId))).toMatchObject({ version: 2 });
  });

  it('is not undone by an INSTALL from before it that comes late, or again: the location stays gone', async () => {
    const locationId = newId('loc');
    const installedAt = new Date(Date.now() - 3_600_000);
    await event('INSTALL', { locationId }, installedAt);
    await exchanged(at(locationId));
    const endedAt = new Date();
    expect(await event('UNINSTALL', { locationId }, endedAt)).toBe('worked');
    const late = new Date(endedAt.getTime() - 1);
    for (const before of [installedAt, late]) {
      expect(await event('INSTALL', { locationId }, before)).toBe('ignored: older than its uninstall');
    }
    expect((await location(locationId))?.status).toBe('uninstalled');
    expect(await event('INSTALL', { locationId }, new Date(endedAt.getTime() + 1))).toBe('worked');
    expect(await location(locationId)).toMatchObject({ status: 'active', parked: { reason: 'awaiting-token' } });
  });

  it('that was heard before takes nothing away when it is worked again after a new INSTALL', async () => {
    const locationId = newId('loc');
    await event('INSTALL', { locationId }, new Date(Date.now() - 3_600_000));
    const endedAt = new Date(Date.now() - 60_000);
    expect(await event('UNINSTALL', { locationId }, endedAt)).toBe('worked');
    expect(await event('INSTALL', { locationId })).toBe('worked');
    expect(await event('UNINSTALL', { locationId }, endedAt)).toMatch(/^ignored/);
    expect((await location(locationId))?.status).toBe('active');
    // One that was not heard before, and came to pass after it, ends it.
    expect(await event('UNINSTALL', { locationId })).toBe('worked');
  });

  it('of an agency takes its own token and all its locations’, and no other’s', async () => {
    const [companyId, other] = [newId('com'), newId('com')];
    const [one, two, three] = [newId('loc'), newId('loc'), newId('loc')];
    const company = { kind: 'company', id: companyId } as const;
    await exchanged(company);
    for (const locationId of [one, two]) await event('INSTALL', { locationId, companyId });
    await event('INSTALL', { locationId: three, companyId: other });
    for (const id of [one, three]) await exchanged(at(id));
    expect(await event('UNINSTALL', { companyId })).toBe('worked');
    const statuses = await Promise.all([one, two, three].map(async (id) => (await location(id))?.status));
    expect(statuses).toEqual(['uninstalled', 'uninstalled', 'active']);
    expect(await Promise.all([company, at(one), at(three)].map(held))).toEqual([false, false, true]);
    expect(relay.told).toContainEqual([company, null]);
  });

  it('of an agency that was overtaken by its new install takes none of its locations away', async () => {
    const [companyId, locationId] = [newId('com'), newId('loc')];
    await event('INSTALL', { locationId, companyId });
    await exchanged(at(locationId));
    // Installed long before, and not heard of since.
    const long = new Date(Date.now() - 86_400_000);
    await world.pool.query('update credentials set installed_at = $2 where location_id = $1', [locationId, long]);
    await exchanged({ kind: 'company', id: companyId });
    expect(await event('UNINSTALL', { companyId }, new Date(Date.now() - 120_000))).toMatch(/^ignored/);
    expect(await location(locationId)).toMatchObject({ status: 'active', parked: null });
    expect(await held(at(locationId))).toBe(true);
    expect(await event('UNINSTALL', { companyId })).toBe('worked');
    expect((await location(locationId))?.status).toBe('uninstalled');
  });
});
