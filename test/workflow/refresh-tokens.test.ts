import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { TokenHolder, TokenProvider } from '../../domain/ports/tokens.ts';
import { createTokenProvider } from '../../platform/token-provider.ts';
import { whileAway } from '../support/away.ts';
import { createTokenEnv, LIFE_MS, type TokenEnv } from '../support/token-env.ts';
import { until } from '../support/until.ts';

/** The one refresher of a holder's tokens, in virtual time, against the vendor's stand-in and a database of its own. */

let env: TokenEnv;
let world: TokenEnv['world'];
let time: TokenEnv['time'];
let refresher: TokenEnv['refresher'];
beforeAll(async () => {
  env = await createTokenEnv();
  ({ world, time, refresher } = env);
});
afterAll(() => env.close());

const installed = () => env.installed();
const version = (holder: TokenHolder) => env.version(holder);
const parkedReason = (id: string) => env.parkedReason(id);
const handleOf = (holder: TokenHolder) => env.handleOf(holder);
const running = (holder: TokenHolder) => env.running(holder);
/** Its timers so far, each by its sentence. */
async function timersOf(holder: TokenHolder): Promise<string[]> {
  const { events } = await handleOf(holder).fetchHistory();
  return (events ?? [])
    .filter((event) => event.timerStartedEventAttributes)
    .map((event) => JSON.parse(Buffer.from(event.userMetadata?.summary?.data ?? []).toString() || '""') as string);
}
/** A provider without a memory, as each process has one. */
const provider = (): TokenProvider =>
  createTokenProvider(
    { credentials: world.credentials, refresher, log: world.log, now: () => time.now() },
    { keptMs: 5_000, patienceMs: 60_000 },
  );

describe('the refresher', () => {
  it('sleeps on one timer until four fifths of the token’s life are over, says so, and does it again', async () => {
    const holder = await installed();
    await refresher.tell(holder, null);
    await until(async () => (await timersOf(holder)).length === 1);
    await time.skip(0.79 * LIFE_MS);
    expect(await version(holder)).toBe(1);
    await time.skip(0.02 * LIFE_MS);
    await until(async () => (await version(holder)) === 2);
    await time.skip(0.81 * LIFE_MS);
    await until(async () => (await version(holder)) === 3);
    const timers = await timersOf(holder);
    expect(timers).toHaveLength(3);
    for (const sentence of timers) {
      expect(sentence).toMatch(
        /^The token is renewed at \d{4}-\d\d-\d\d \d\d:\d\d UTC, when four fifths of its life are over$/,
      );
    }
    expect(await world.taken(holder.id, (await world.credentials.newest(holder))?.token)).toBe(true);
  });

  it('renews a token that died early, once, for 200 calls of 8 processes; none is lost', async () => {
    const holder = await installed();
    await refresher.tell(holder, null);
    const before = await world.refreshes();
    const processes = Array.from({ length: 8 }, provider);
    await Promise.all(processes.map((tokens) => tokens.token(holder)));
    await world.vendor('oauth', { locationId: holder.id, do: 'kill-access' });
    const call = async (tokens: TokenProvider): Promise<boolean> => {
      const first = await tokens.token(holder);
      if (await world.taken(holder.id, first?.token)) return true;
      const newer = await tokens.refused(holder, first?.version ?? 0);
      return world.taken(holder.id, newer?.token);
    };
    const calls = await Promise.all(Array.from({ length: 200 }, (_, n) => call(processes[n % 8]!)));
    expect(calls.filter((taken) => taken)).toHaveLength(200);
    expect((await world.refreshes()) - before).toBe(1);
    expect(await version(holder)).toBe(2);
  });

  it('makes good a worker that dies with the new pair in hand, with the same refresh token', async () => {
    const holder = await installed();
    let deaths = 0;
    env.onStore(() => {
      deaths += 1;
      return deaths <= 2 ? Promise.reject(new Error('killed')) : Promise.resolve();
    });
    await refresher.tell(holder, 1);
    await until(async () => (await version(holder)) === 2);
    env.onStore(() => Promise.resolve());
    expect(deaths).toBe(3);
    expect(await world.taken(holder.id, (await world.credentials.newest(holder))?.token)).toBe(true);
    expect(await world.events(holder)).toEqual(['installed 1', 'refreshed 2']);
  });

  it('parks a location whose pair was revoked, waits, and goes on after the next install', async () => {
    const holder = await installed();
    await world.vendor('oauth', { locationId: holder.id, do: 'revoke' });
    const tokens = provider();
    expect(await tokens.refused(holder, 1)).toBeUndefined();
    expect(await parkedReason(holder.id)).toBe('token-refused');
    await time.skip(10 * LIFE_MS);
    expect(await running(holder)).toBe(true);
    expect(await tokens.token(holder)).toBeUndefined();
    await world.installByClick(holder.id);
    expect(await parkedReason(holder.id)).toBeNull();
    await refresher.tell(holder, null);
    expect((await provider().token(holder))?.version).toBe(2);
    await refresher.tell(holder, 2);
    await until(async () => (await version(holder)) === 3);
  });

  it('takes a suspended sub-account back when the vendor does, and wakes its leads', async () => {
    const holder = await installed();
    await world.vendor('oauth', { locationId: holder.id, do: 'suspend' });
    await refresher.tell(holder, 1);
    await until(async () => (await parkedReason(holder.id)) === 'location-inactive');
    await until(async () => (await timersOf(holder)).some((sentence) => sentence.startsWith('Parked:')));
    await world.vendor('oauth', { locationId: holder.id, do: 'activate' });
    await time.skip(3_700_000);
    await until(async () => (await parkedReason(holder.id)) === null);
    const { items } = await world.inbox.list({ locationId: holder.id, limit: 5 });
    expect(items.map(({ type }) => type)).toContain('credential.installed');
  });

  it('ends when its holder is uninstalled, and starts again when it comes back', async () => {
    const holder = await installed();
    await refresher.tell(holder, null);
    await until(() => running(holder));
    await world.locations.setStatus(holder.id, 'uninstalled');
    await world.credentials.destroy(holder, time.now().toISOString());
    await refresher.tell(holder, null);
    await until(async () => !(await running(holder)));
    await world.installByClick(holder.id);
    await refresher.tell(holder, null);
    await until(() => running(holder));
  });

  it('starts afresh after a hundred renewals and loses no news over it', async () => {
    const holder = await installed();
    await refresher.tell(holder, null);
    const { runId } = await handleOf(holder).describe();
    for (let newest = 1; newest <= 105; newest += 1) {
      await refresher.tell(holder, newest);
      await until(async () => (await version(holder)) === newest + 1);
    }
    await until(async () => (await handleOf(holder).describe()).runId !== runId);
    expect(await running(holder)).toBe(true);
  });

  it('does what follows an install although the database was away for long, before the next renewal comes', async () => {
    const holder = await installed();
    const name = async () => (await world.locations.get(holder.id))?.name;
    const named = `new.location_id = '${holder.id}' and new.name <> new.location_id`;
    const away = async (): Promise<void> => {
      await refresher.tell(holder, null);
      await until(async () => (await timersOf(holder)).length > 0);
      await time.skip(30 * 60_000);
      await until(async () => (await timersOf(holder)).some((sentence) => sentence.includes('did not work out')));
    };
    await whileAway(world.database.pool, 'locations', away, named);
    expect(await name()).toBe(holder.id);
    await time.skip(3_700_000);
    await until(async () => (await name()) === `Realty ${holder.id.slice(-1)}`);
    expect(await version(holder)).toBe(1);
  });

  it('keeps nothing of a private token: there is nothing to renew', async () => {
    const holder = await installed();
    await world.credentials.install(
      holder,
      'private',
      { access: `pit-${holder.id}`, lifeMs: null },
      time.now().toISOString(),
    );
    await refresher.tell(holder, null);
    await until(async () => !(await running(holder)));
  });
});

describe('an agency’s refresher', () => {
  it('installs all its locations, an outage for one of them notwithstanding, and those that come later', async () => {
    const { companyId, locationId: first } = await world.location();
    const second = (await world.location(companyId)).locationId;
    const company = await world.installByClick(companyId);
    await world.vendor('faults', { match: { path: '/oauth/locationToken' }, times: 2, status: 500, body: {} });
    await refresher.tell(company, null);
    for (const id of [first, second]) {
      await until(async () => (await version({ kind: 'location', id })) === 1);
      expect(await parkedReason(id)).toBeNull();
      await until(async () => (await world.locations.get(id))?.name === `Realty ${id.slice(-1)}`);
    }
    const third = (await world.location(companyId)).locationId;
    await world.vendor('install', { locationId: third });
    expect(await world.expectLocation(third, companyId)).toBe(true);
    await refresher.tell({ kind: 'location', id: third }, null);
    await until(async () => (await version({ kind: 'location', id: third })) === 1);
  });

  it('renews the agency’s own token for an exchange that it was refused for', async () => {
    const { companyId, locationId } = await world.location();
    const company = await world.installByClick(companyId);
    await refresher.tell(company, null);
    await until(async () => (await version({ kind: 'location', id: locationId })) === 1);
    const before = (await version(company)) ?? 0;
    await world.vendor('oauth', { companyId, do: 'kill-access' });
    await world.vendor('oauth', { locationId, do: 'revoke' });
    await refresher.tell({ kind: 'location', id: locationId }, 1);
    await until(async () => (await version({ kind: 'location', id: locationId })) === 2);
    expect(await version(company)).toBe(before + 1);
  });
});
