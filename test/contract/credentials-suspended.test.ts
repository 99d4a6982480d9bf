import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TokenRefresher } from '../../domain/ports/credentials.ts';
import type { TokenHolder } from '../../domain/ports/tokens.ts';
import { createTokenProvider } from '../../platform/token-provider.ts';
import { startRefreshers } from '../../workers/refreshers.ts';
import { whileAway } from '../support/away.ts';
import { crmMaker, failure } from '../support/ghl-crm.ts';
import { startTokenWorld, type TokenWorld } from '../support/token-world.ts';
import { until } from '../support/until.ts';

/** A location that the vendor suspends says so to any call: it is parked with its token, and taken back when the vendor does. */

let world: TokenWorld;
let crms: ReturnType<typeof crmMaker>;
const told: (number | null)[] = [];
let temporal: 'here' | 'away' = 'here';
const refresher: TokenRefresher = {
  tell: (_holder, refused) =>
    temporal === 'away' ? Promise.reject(new Error('away')) : Promise.resolve(void told.push(refused)),
};
beforeAll(async () => {
  world = await startTokenWorld();
  crms = crmMaker(world.log);
});
afterAll(async () => {
  await crms.closeAll();
  await world.close();
});

const parkedReason = async (id: string) => (await world.locations.get(id))?.parked?.reason ?? null;
const setSuspended = ({ id }: TokenHolder, yes: boolean) =>
  world.vendor('oauth', { locationId: id, do: yes ? 'suspend' : 'activate' });
const woken = async (holder: TokenHolder) =>
  (await world.inbox.list({ locationId: holder.id, limit: 9 })).items.filter(
    ({ type }) => type === 'credential.installed',
  ).length;

/** The product's client, provider and activities over one store. */
function process() {
  const { credentials, log } = world;
  const tokens = createTokenProvider({ credentials, refresher, log, now: () => new Date() }, { keptMs: 0 });
  const crm = crms.crmAt(world.standIn.url, { tokens });
  const activities = world.activities({ crm, tokens }, refresher);
  return {
    crm,
    standing: (holder: TokenHolder) => world.run(() => activities.tokenStanding(holder)),
    renew: (holder: TokenHolder, version: number) => world.run(() => activities.renewToken({ ...holder, version })),
  };
}

async function installed(kind: 'oauth' | 'private'): Promise<TokenHolder & { kind: 'location' }> {
  const { locationId } = await world.location();
  const holder = { kind: 'location', id: locationId } as const;
  await world.installByClick(locationId);
  const access = (await world.credentials.newest(holder))?.token ?? '';
  if (kind === 'private') {
    await world.credentials.install(holder, 'private', { access, lifeMs: null }, new Date().toISOString());
  }
  told.length = 0;
  return holder;
}

describe('a suspended location', () => {
  it('with a private token is parked by the first call, keeps its token, and is taken back by a call that is answered', async () => {
    const holder = await installed('private');
    const { crm, standing, renew } = process();
    expect(await standing(holder)).toEqual({ state: 'gone' });
    for (let times = 1; times <= 2; times += 1) {
      await setSuspended(holder, true);
      const refusals = [crm.location(holder.id), crm.location(holder.id), crm.location(holder.id)].map(failure);
      expect((await Promise.all(refusals)).map(({ code }) => code)).toEqual(Array(3).fill('CRM_LOCATION_INACTIVE'));
      expect(await parkedReason(holder.id)).toBe('location-inactive');
      // One looks after it, told once; and news lets nobody ask before the hour is over.
      expect(told).toEqual([null]);
      const waiting = { state: 'parked', version: 2, hope: false, againInMs: 3_600_000 };
      expect(await standing(holder)).toEqual(waiting);
      expect(await renew(holder, 2)).toEqual(waiting);
      expect(told).toEqual([null]);
      expect(await woken(holder)).toBe(times - 1);
      await setSuspended(holder, false);
      expect(await renew(holder, 2)).toEqual({ state: 'gone' });
      expect(await parkedReason(holder.id)).toBeNull();
      expect(await woken(holder)).toBe(times);
      expect((await crm.location(holder.id)).name).not.toBe('');
      told.length = 0;
    }
    expect(await world.events(holder)).toEqual(['installed 1', 'installed 2']);
  });

  it('with a pair is parked without using its refresh token up, and taken back by its renewal', async () => {
    const holder = await installed('oauth');
    const { crm, standing, renew } = process();
    await setSuspended(holder, true);
    expect((await failure(crm.location(holder.id))).code).toBe('CRM_LOCATION_INACTIVE');
    expect(await parkedReason(holder.id)).toBe('location-inactive');
    expect(told).toEqual([null]);
    expect(await standing(holder)).toMatchObject({ state: 'parked', hope: false, againInMs: 3_600_000 });
    await setSuspended(holder, false);
    expect(await renew(holder, 1)).toMatchObject({ state: 'held', version: 2 });
    expect(await parkedReason(holder.id)).toBeNull();
    expect(await woken(holder)).toBe(1);
  });

  it('is not parked by the late word to a token that was replaced, nor while nobody could take it back', async () => {
    const holder = await installed('private');
    const { crm } = process();
    expect(await world.credentials.suspend(holder, 1, new Date().toISOString())).toBe(false);
    await setSuspended(holder, true);
    temporal = 'away';
    expect((await failure(crm.location(holder.id))).code).toBe('CRM_LOCATION_INACTIVE');
    expect(await parkedReason(holder.id)).toBeNull();
    temporal = 'here';
    await failure(crm.location(holder.id));
    expect(await parkedReason(holder.id)).toBe('location-inactive');
  });

  it.each(['private', 'oauth'] as const)(
    'with a token of kind %s is taken back and its leads are woken, though the database goes away in between',
    async (kind) => {
      const holder = await installed(kind);
      const version = (await world.credentials.standing(holder))?.version ?? 0;
      const { crm, renew } = process();
      await setSuspended(holder, true);
      await failure(crm.location(holder.id));
      await setSuspended(holder, false);
      const away = whileAway(world.database.pool, 'inbox', () => renew(holder, version));
      await expect(away).rejects.toMatchObject({ type: expect.stringMatching(/^(STORE_AWAY|CANNOT_STORE)$/) });
      expect(await woken(holder)).toBe(0);
      await renew(holder, version);
      expect(await parkedReason(holder.id)).toBeNull();
      expect(await woken(holder)).toBe(1);
      await renew(holder, version);
      expect(await woken(holder)).toBe(1);
    },
  );

  it('of which nobody could tell is looked after within the next looks, and not in each of them', async () => {
    const before = await installed('private');
    const later = await installed('private');
    const park = (holder: TokenHolder) => world.credentials.suspend(holder, 2, new Date().toISOString());
    const heard: string[] = [];
    const tells = { tell: ({ id }: TokenHolder) => Promise.resolve(void heard.push(id)) };
    const times = ({ id }: TokenHolder) => heard.filter((one) => one === id).length;
    expect(await park(before)).toBe(true);
    const { credentials, locations, log } = world;
    const deps = { credentials, locations, refresher: tells, log, now: () => new Date() };
    const refreshers = startRefreshers(deps, { againMs: 200 });
    try {
      await until(() => times(before) > 0);
      expect(times(later)).toBe(0);
      expect(await park(later)).toBe(true);
      await until(() => times(later) > 0);
      await delay(1_500);
      expect(times(before)).toBeLessThanOrEqual(3);
      expect(times(later)).toBeLessThanOrEqual(3);
    } finally {
      await refreshers.stop();
    }
  });

  it('that is uninstalled or waits for a token stays what it is', async () => {
    const holder = await installed('private');
    await world.locations.setStatus(holder.id, 'uninstalled');
    expect(await world.credentials.suspend(holder, 2, new Date().toISOString())).toBe(false);
    expect(await world.credentials.resume(holder)).toBe(false);
    expect((await world.locations.get(holder.id))?.status).toBe('uninstalled');
    const refused = await installed('private');
    await world.credentials.refuse(refused, 2, 'token-refused', new Date().toISOString());
    expect(await world.credentials.suspend(refused, 2, new Date().toISOString())).toBe(false);
    expect(await world.credentials.resume(refused)).toBe(false);
    expect(await parkedReason(refused.id)).toBe('token-refused');
  });
});
