import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { judge } from '../../domain/consent/gate.ts';
import type { VendorFacts } from '../../domain/consent/facts.ts';
import type { FreshConsent } from '../../domain/consent/standing.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import { transaction } from '../../integrations/postgres/pool.ts';
import { shareLocation } from '../../integrations/postgres/locks.ts';
import { createSettingsStore } from '../../integrations/postgres/settings.ts';
import type { SettingsStore } from '../../domain/ports/settings.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { installLocation, newRef, NOW } from '../support/records.ts';
import { freshConsent, PERSON, type Sends, sendsIn } from '../support/sends.ts';

let db: TestDatabase;
let settings: SettingsStore;
let sends: Sends;
let locationId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  settings = createSettingsStore(db.tenants);
  sends = sendsIn(db.tenants);
});
afterAll(() => db.drop());
beforeEach(async () => {
  locationId = (await sends.lead()).locationId;
});

const fine = () => undefined;
const set = (changes: object, expected?: number) =>
  settings.change(locationId, { changes, by: 'operator', ...(expected === undefined ? {} : { expected }) }, fine);

describe('settings', () => {
  it('begin as version 1, and each change is a next version that keeps what was before', async () => {
    expect(await settings.get(locationId)).toMatchObject({ version: 1, settings: defaultSettings, by: 'crm' });
    expect(await set({ capPer24h: 2 })).toMatchObject({ version: 2, by: 'operator', settings: { capPer24h: 2 } });
    await set({ capPer24h: 1, holidays: ['2026-12-25'] });
    expect(await settings.get(locationId)).toMatchObject({ version: 3, settings: { capPer24h: 1 } });
    expect(await settings.get(locationId, 2)).toMatchObject({ version: 2, settings: { capPer24h: 2, holidays: [] } });
    expect(await settings.get(locationId, 4)).toBeUndefined();
    expect(await settings.get('nobody')).toBeUndefined();
    const location = await sends.locations.get(locationId);
    expect(location).toMatchObject({ settingsVersion: 3, settings: { capPer24h: 1 } });
  });

  it('stay as they are where nothing changes', async () => {
    expect(await set({ capPer24h: 3, holidays: [] })).toMatchObject({ version: 1 });
    expect(await set({})).toMatchObject({ version: 1 });
  });

  it('refuse a change that was made for another version, and one that does not hold together', async () => {
    await set({ capPer24h: 2 }, 1);
    await expect(set({ capPer24h: 1 }, 1)).rejects.toMatchObject({ code: 'SETTINGS_CONFLICT' });
    const refuse = () => {
      throw new Error('it does not hold together');
    };
    await expect(settings.change(locationId, { changes: { capPer24h: 1 }, by: 'x' }, refuse)).rejects.toThrow('hold');
    expect(await settings.get(locationId)).toMatchObject({ version: 2, settings: { capPer24h: 2 } });
    await expect(settings.change('nobody', { changes: {}, by: 'x' }, fine)).rejects.toMatchObject({
      code: 'LOCATION_NOT_FOUND',
    });
  });

  it('of many changes at once lose none, and of those for one version take one', async () => {
    const days = Array.from({ length: 12 }, (_, i) => `2026-12-${String(i + 10)}`);
    await Promise.all(days.map((day) => set({ holidays: [day] })));
    expect(await settings.get(locationId)).toMatchObject({ version: 13 });
    const raced = await Promise.allSettled([1, 2, 3, 4].map((n) => set({ calendars: { [`c${n}`]: 'x' } }, 13)));
    expect(raced.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await settings.get(locationId)).toMatchObject({ version: 14 });
  });

  it('of a location that was loaded in bulk, without a history, are told from its own row', async () => {
    await db.pool.query('delete from settings_versions where location_id = $1', [locationId]);
    expect(await settings.get(locationId)).toMatchObject({ version: 1, by: 'unknown', settings: defaultSettings });
    expect(await settings.get(locationId, 2)).toBeUndefined();
    expect(await set({ capPer24h: 2 })).toMatchObject({ version: 2 });
    expect(await settings.get(locationId, 1)).toMatchObject({ version: 1, by: 'unknown', settings: defaultSettings });
    await set({ capPer24h: 1 });
    const { items } = await settings.history(locationId, { limit: 10 });
    expect(items.map((act) => act.what === 'settings' && act.version)).toEqual([3, 2, 1]);
    expect(items[2]).toMatchObject({ by: 'unknown', changes: defaultSettings });
  });

  it('of such a location are kept also when it is installed again with others', async () => {
    await db.pool.query('delete from settings_versions where location_id = $1', [locationId]);
    await sends.locations.add({
      ...{ locationId, companyId: null, name: 'Example Realty', timezone: null, workflowSecretHash: randomUUID() },
      ...{ settings: defaultSettings, changes: { capPer24h: 1 } },
    });
    expect(await settings.get(locationId, 1)).toMatchObject({ by: 'unknown', settings: defaultSettings });
    expect(await settings.get(locationId)).toMatchObject({ version: 2, settings: { capPer24h: 1 } });
  });

  it('cannot be rewritten by the tenant, only added to', async () => {
    const place = db.tenants.at(locationId);
    for (const text of [
      `update settings_versions set changed_by = 'x'`,
      'delete from settings_versions',
      `update location_acts set by = 'x'`,
      'delete from location_acts',
      `insert into house_switches (all_paused, by) values (false, 'x')`,
      'update house_switches set all_paused = false',
      'delete from house_switches',
    ]) {
      await expect(place.query(text)).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('that were stored without a choice that came later are read with its default, by everybody', async () => {
    const ref = await sends.lead(locationId);
    await db.pool.query(
      `update locations set settings = settings - 'assignment' - 'quietHours' - 'capPer24h' where location_id = $1`,
      [locationId],
    );
    expect((await sends.locations.get(locationId))?.settings).toEqual(defaultSettings);
    expect((await sends.leads.openCase(ref, randomUUID())).location?.settings).toEqual(defaultSettings);
    expect(await sends.facts(ref)).toMatchObject({ quietHours: defaultSettings.quietHours, capPer24h: 3 });
    // Writing down a default that was only meant is no change.
    expect(await set({ capPer24h: 3 })).toMatchObject({ version: 1 });
  });

  it('wait for a gate that is open, and bind every gate that opens later', async () => {
    const ref = await sends.lead(locationId);
    let changed = false;
    let change: Promise<unknown> | undefined;
    await transaction(db.tenants.at(locationId), async (client) => {
      await shareLocation(client, locationId);
      change = set({ capPer24h: 0 }).then(() => (changed = true));
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(changed).toBe(false);
    });
    await change;
    expect(await sends.facts(ref)).toMatchObject({ capPer24h: 0 });
  });
});

describe('the kill switch', () => {
  it.each(['one', 'all'])(
    'for %s closes the gate of a send that is claimed already, and is written down',
    async (which) => {
      const ref = await sends.lead(locationId);
      const row = await sends.claim(ref, 'claimed before the pause');
      if (which === 'one') await sends.locations.setStatus(locationId, 'paused', 'ann');
      else await sends.locations.setAllStatus('paused', 'ann');
      expect(await gate(ref, row.sendId)).toMatchObject({ open: false, closedBy: 'location', then: 'hold' });
      expect(await sends.outbox.get(row.sendId, ref)).toMatchObject({ state: 'claimed' });
      if (which === 'one') await sends.locations.setStatus(locationId, 'active', 'bo');
      else await sends.locations.setAllStatus('active', 'bo');
      expect(await gate(ref, row.sendId)).toMatchObject({ open: true });
      const { items } = await settings.history(locationId, { limit: 10 });
      expect(items.map(({ what, by }) => `${what} ${by}`)).toEqual(['active bo', 'paused ann', 'settings crm']);
      const byAll = items.map((act) => act.what !== 'settings' && act.all === true);
      expect(byAll).toEqual([which === 'all', which === 'all', false]);
    },
  );

  it('for all binds who is installed, or installed again, while it stands; lifted, it leaves single pauses alone', async () => {
    const [alone, gone, later, after] = [newRef(), newRef(), newRef(), newRef()].map((one) => one.locationId);
    const stands = async (id = ''): Promise<unknown> => {
      const { status, pausedBy } = (await sends.locations.get(id)) ?? {};
      return [status, pausedBy];
    };
    for (const id of [alone, gone]) await installLocation(sends.locations, id!);
    await sends.locations.setStatus(alone!, 'paused', 'ann');
    await sends.locations.setStatus(gone!, 'uninstalled');
    expect(await sends.locations.allPaused()).toBeNull();
    await sends.locations.setAllStatus('paused', 'ann');
    const standing = await sends.locations.allPaused();
    expect(standing).toEqual({ by: 'ann', since: expect.any(String) });
    expect(await stands(gone)).toEqual(['uninstalled', []]);
    for (const id of [gone, later]) {
      await installLocation(sends.locations, id!);
      expect(await stands(id)).toEqual(['paused', ['all']]);
      const ref = await sends.lead(id);
      const row = await sends.claim(ref, 'claimed under the switch');
      expect(await gate(ref, row.sendId)).toMatchObject({ open: false, closedBy: 'location', then: 'hold' });
    }
    expect(await stands(alone)).toEqual(['paused', ['location', 'all']]);
    // Said again it is the same switch; one location's own does not lift it.
    await sends.locations.setAllStatus('paused', 'bo');
    expect(await sends.locations.allPaused()).toEqual(standing);
    await sends.locations.setStatus(later!, 'active', 'bo');
    expect(await stands(later)).toEqual(['paused', ['all']]);
    const active = await sends.locations.setAllStatus('active', 'cy');
    expect(await sends.locations.allPaused()).toBeNull();
    expect(await stands(alone)).toEqual(['paused', ['location']]);
    for (const id of [gone, later]) expect(await stands(id)).toEqual(['active', []]);
    expect(active).toBe((await sends.locations.list()).filter(({ status }) => status === 'active').length);
    await installLocation(sends.locations, after!);
    const { items } = await settings.history(after!, { limit: 10 });
    expect(items.map(({ what }) => what)).toEqual(['settings']);
  });

  it('for all waits for every gate that is open, also of a location that nobody else sees yet', async () => {
    const unseen = newRef().locationId;
    let switched = false;
    let switching: Promise<unknown> | undefined;
    await transaction(db.tenants.at(unseen), async (client) => {
      await shareLocation(client, unseen);
      switching = sends.locations.setAllStatus('paused', 'ann').then(() => (switched = true));
      await new Promise((resolve) => setTimeout(resolve, 150));
      expect(switched).toBe(false);
    });
    await switching;
    await sends.locations.setAllStatus('active', 'ann');
  });

  it('does not wake or write down what is uninstalled', async () => {
    await sends.locations.setStatus(locationId, 'uninstalled');
    await sends.locations.setAllStatus('active', 'ann');
    expect(await sends.locations.setStatus(locationId, 'active', 'ann')).toBe(false);
    expect((await sends.locations.get(locationId))?.status).toBe('uninstalled');
    const { items } = await settings.history(locationId, { limit: 10 });
    expect(items.map(({ what, by }) => `${what} ${by}`)).toEqual(['uninstalled crm', 'settings crm']);
  });

  /** The gate as it is, with a contact whom nothing but the location keeps from being written to. */
  async function gate(ref: { locationId: string; contactId: string }, sendId: string) {
    const asked = { vendor: reachable, personHashes: PERSON, now: NOW, judge, content: { body: 'Hello' } };
    return (await sends.outbox.pass(sendId, ref, asked))?.verdict;
  }
});

/** A tag says so; the gate writes it down and rests on it. */
const textsAgreed: FreshConsent = {
  ...freshConsent,
  shown: [
    { channel: 'sms', state: 'granted', source: 'tag', basis: 'tag:sms-consent', textVersion: null, givenAt: null },
  ],
};

const reachable: VendorFacts = {
  contact: {
    known: true,
    value: {
      ...{ exists: true, hasPhone: true, hasEmail: true, dnd: false, dndChannel: 'off' },
      ...{ timezone: 'America/New_York', tags: ['Hit List'] },
    },
  },
  consent: { known: true, value: textsAgreed },
  activated: { known: true, value: true },
};

describe('the history of a location', () => {
  it('is paged newest first, settings and switches together, and shows no other location', async () => {
    const other = newRef().locationId;
    await sends.lead(other).catch(() => undefined);
    for (let cap = 0; cap < 3; cap += 1) {
      await set({ capPer24h: cap });
      await sends.locations.setStatus(locationId, 'paused', 'ann');
    }
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await settings.history(locationId, { limit: 2, cursor });
      seen.push(...page.items.map((act) => (act.what === 'settings' ? `version ${act.version}` : act.what)));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual(['paused', 'version 4', 'paused', 'version 3', 'paused', 'version 2', 'version 1']);
    await expect(settings.history(other, { limit: 2, cursor: 'x' })).rejects.toMatchObject({ code: 'BAD_CURSOR' });
  });
});
