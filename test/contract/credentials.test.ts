import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultSettings } from '../../domain/leads/settings.ts';
import type { Grant } from '../../domain/ports/credentials.ts';
import type { TokenHolder } from '../../domain/ports/tokens.ts';
import { createCredentialStore } from '../../integrations/postgres/credentials.ts';
import { createInstallStore } from '../../integrations/postgres/installs.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createSealing } from '../../platform/secrets.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { sendsIn } from '../support/sends.ts';

const masterKey = randomBytes(32);
const NOW = '2026-03-02T15:00:00.000Z';
const now = () => NOW;
const DAY = 86_399_000;

let db: TestDatabase;
let credentials: ReturnType<typeof createCredentialStore>;
let installs: ReturnType<typeof createInstallStore>;
let locations: ReturnType<typeof createLocationStore>;
beforeAll(async () => {
  db = await createTestDatabase();
  const sealing = createSealing(masterKey);
  credentials = createCredentialStore(db.tenants, sealing);
  installs = createInstallStore(db.tenants);
  locations = createLocationStore(db.tenants, sealing);
});
afterAll(() => db.drop());

let made = 0;
/** A location that is expected, and waits. */
async function expected(companyId: string | null = null): Promise<TokenHolder & { kind: 'location' }> {
  const id = `loc${(made += 1)}`;
  await installs.expect(
    { locationId: id, companyId, settings: defaultSettings, workflowSecretHash: `hash-${id}` },
    NOW,
  );
  return { kind: 'location', id };
}

function pair(n: number): Grant & { refresh: string } {
  return { access: `at-secret-${n}`, refresh: `rt-secret-${n}`, lifeMs: DAY };
}

const parkedReason = async (id: string) => (await locations.get(id))?.parked?.reason ?? null;
const eventsOf = async (id: string): Promise<string[]> =>
  (
    await db.pool.query<{ told: string }>(
      `select kind || ' ' || version || coalesce(' ' || reason, '') as told from credential_events where location_id = $1 order by id`,
      [id],
    )
  ).rows.map(({ told }) => told);

describe('tokens at rest', () => {
  it('lie in the database under no form of themselves, and are named in the history by a fingerprint', async () => {
    const holder = await expected();
    await credentials.install(holder, 'oauth', pair(1), NOW);
    const { rows } = await db.pool.query(
      'select * from credentials c join credential_events e using (location_id) where location_id = $1',
      [holder.id],
    );
    const all = rows
      .flatMap((row: object) => Object.values(row))
      .map((value) => (Buffer.isBuffer(value) ? value.toString('latin1') : String(value)))
      .join();
    expect(all).not.toContain('secret');
    expect(rows[0]?.fingerprint).toMatch(/^[0-9a-f]{12}$/);
    expect(await credentials.newest(holder)).toEqual({ token: 'at-secret-1', version: 1 });
  });

  it('do not open as another holder’s, nor as another part of the same', async () => {
    const [mine, theirs] = [await expected(), await expected()];
    await credentials.install(mine, 'oauth', pair(1), NOW);
    await credentials.install(theirs, 'oauth', pair(2), NOW);
    await db.pool.query(
      `update credentials c set access = o.access, data_key = o.data_key from credentials o where c.location_id = $1 and o.location_id = $2`,
      [mine.id, theirs.id],
    );
    await expect(credentials.newest(mine)).rejects.toMatchObject({ code: 'CREDENTIAL_UNREADABLE' });
    await db.pool.query('update credentials set access = refresh where location_id = $1', [theirs.id]);
    await expect(credentials.newest(theirs)).rejects.toMatchObject({ code: 'CREDENTIAL_UNREADABLE' });
  });

  it('do not open under another master key, and say so', async () => {
    const holder = await expected();
    await credentials.install(holder, 'oauth', pair(1), NOW);
    const other = createCredentialStore(db.tenants, createSealing(randomBytes(32)));
    const error = await other.newest(holder).catch((thrown: unknown) => thrown as Error & { code: string });
    expect(error).toMatchObject({ code: 'CREDENTIAL_UNREADABLE' });
    expect(JSON.stringify(error)).not.toContain('secret');
  });

  it('are gone with their key once uninstalled; the count of versions and the history go on', async () => {
    const holder = await expected();
    await credentials.install(holder, 'oauth', pair(1), NOW);
    await credentials.destroy(holder, NOW);
    await credentials.destroy(holder, NOW);
    expect(await credentials.newest(holder)).toBeUndefined();
    const { rows } = await db.pool.query('select access, refresh, data_key from credentials where location_id = $1', [
      holder.id,
    ]);
    expect(rows).toEqual([{ access: null, refresh: null, data_key: null }]);
    expect(await credentials.install(holder, 'private', { access: 'pit-secret', lifeMs: null }, NOW)).toEqual({
      version: 2,
    });
    expect(await eventsOf(holder.id)).toEqual(['installed 1', 'uninstalled 1', 'installed 2']);
  });

  it('have a history that nobody of the product can rewrite', async () => {
    const holder = await expected();
    await credentials.install(holder, 'oauth', pair(1), NOW);
    for (const text of ['update credential_events set version = 9', 'delete from credential_events']) {
      await expect(db.tenants.at(holder.id).query(text)).rejects.toMatchObject({ code: '42501' });
      await expect(db.tenants.house.query(text.replace('credential', 'company'))).rejects.toMatchObject({
        code: '42501',
      });
    }
  });
});

describe('an install', () => {
  it('is parked until its token comes, and the newest of two credentials wins', async () => {
    const holder = await expected();
    expect(await parkedReason(holder.id)).toBe('awaiting-token');
    await Promise.all([
      credentials.install(holder, 'oauth', pair(1), NOW),
      credentials.install(holder, 'oauth', pair(2), NOW),
    ]);
    expect(await parkedReason(holder.id)).toBeNull();
    const newest = await credentials.newest(holder);
    expect(newest?.version).toBe(2);
    expect((await db.pool.query('select from locations where location_id = $1', [holder.id])).rowCount).toBe(1);
    await locations.add({
      ...{ locationId: holder.id, companyId: null, name: 'By hand', timezone: null, token: 'pit-secret' },
      ...{ settings: defaultSettings, workflowSecretHash: `hash-${holder.id}`, keepSecret: true },
    });
    expect(await credentials.newest(holder)).toEqual({ token: 'pit-secret', version: 3 });
    expect((await credentials.standing(holder))?.kind).toBe('private');
  });

  it('leaves a location alone that is here already, brings back one that was gone, and does not un-pause', async () => {
    const holder = await expected();
    await credentials.install(holder, 'oauth', pair(1), NOW);
    const again = {
      locationId: holder.id,
      companyId: 'agency',
      settings: defaultSettings,
      workflowSecretHash: 'other',
    };
    expect(await installs.expect(again, NOW)).toBe('here');
    expect(await locations.get(holder.id)).toMatchObject({ parked: null, companyId: 'agency', status: 'active' });
    await locations.setStatus(holder.id, 'uninstalled');
    await credentials.destroy(holder, NOW);
    expect(await installs.expect(again, NOW)).toBe('waits');
    expect(await locations.get(holder.id)).toMatchObject({
      parked: { reason: 'awaiting-token', since: NOW },
      status: 'active',
    });
    await locations.setStatus(holder.id, 'paused');
    await credentials.install(holder, 'oauth', pair(2), NOW);
    expect(await locations.get(holder.id)).toMatchObject({ parked: null, status: 'paused' });
  });
});

describe('a renewal', () => {
  it('of two at once asks the vendor once', async () => {
    const holder = await expected();
    await credentials.install(holder, 'oauth', pair(1), NOW);
    const asked: (string | undefined)[] = [];
    const renew = () =>
      credentials.renew(
        holder,
        1,
        async (refresh) => {
          asked.push(refresh);
          await new Promise((resolve) => setTimeout(resolve, 200));
          return { kind: 'granted', grant: pair(2), how: 'refreshed' };
        },
        now,
      );
    const outcomes = await Promise.all([renew(), renew(), renew()]);
    expect(asked).toEqual(['rt-secret-1']);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['overtaken', 'overtaken', 'renewed']);
    expect(await credentials.newest(holder)).toEqual({ token: 'at-secret-2', version: 2 });
  });

  it('that is cut short leaves everything as it was, to be done again with the same refresh token', async () => {
    const holder = await expected();
    await credentials.install(holder, 'oauth', pair(1), NOW);
    const cut = credentials.renew(holder, 1, () => Promise.reject(new Error('the process died')), now);
    await expect(cut).rejects.toThrow('the process died');
    let refresh: string | undefined;
    await credentials.renew(
      holder,
      1,
      async (token) => ((refresh = token), { kind: 'granted', grant: pair(2), how: 'refreshed' }),
      now,
    );
    expect(refresh).toBe('rt-secret-1');
    expect(await eventsOf(holder.id)).toEqual(['installed 1', 'refreshed 2']);
  });

  it('gives way to an install that comes meanwhile', async () => {
    const holder = await expected();
    await credentials.install(holder, 'oauth', pair(1), NOW);
    let installing: Promise<unknown> | undefined;
    await credentials.renew(
      holder,
      1,
      async () => {
        installing = credentials.install(holder, 'oauth', pair(9), NOW);
        await new Promise((resolve) => setTimeout(resolve, 200));
        return { kind: 'granted', grant: pair(2), how: 'refreshed' };
      },
      now,
    );
    await installing;
    expect(await credentials.newest(holder)).toEqual({ token: 'at-secret-9', version: 3 });
  });

  it('that is refused for good parks the location; the next install un-parks it', async () => {
    const holder = await expected();
    await credentials.install(holder, 'oauth', pair(1), NOW);
    await credentials.renew(holder, 1, async () => ({ kind: 'refused', reason: 'token-refused' }), now);
    expect(await parkedReason(holder.id)).toBe('token-refused');
    expect(await credentials.newest(holder)).toBeUndefined();
    expect((await credentials.standing(holder))?.refusedAt).toBe(NOW);
    await credentials.install(holder, 'oauth', pair(2), NOW);
    expect(await parkedReason(holder.id)).toBeNull();
    expect(await eventsOf(holder.id)).toEqual(['installed 1', 'revoked 1 token-refused', 'installed 2']);
  });

  it('of a version that is not the newest any more does nothing, and neither does its refusal', async () => {
    const holder = await expected();
    await credentials.install(holder, 'oauth', pair(1), NOW);
    await credentials.install(holder, 'oauth', pair(2), NOW);
    const never = () => Promise.reject(new Error('asked'));
    expect(await credentials.renew(holder, 1, never, now)).toEqual({ kind: 'overtaken' });
    expect(await credentials.refuse(holder, 1, 'token-refused', NOW)).toBe(false);
    expect(await parkedReason(holder.id)).toBeNull();
  });
});

describe('a parked location', () => {
  it('closes its gates: a text is held, whatever else would let it pass', async () => {
    const sends = sendsIn(db.tenants);
    const ref = await sends.lead();
    expect((await sends.facts(ref)).location).toEqual({ known: true, value: 'active' });
    expect(await sends.credentials.refuse({ kind: 'location', id: ref.locationId }, 1, 'token-refused', NOW)).toBe(
      true,
    );
    expect((await sends.facts(ref)).location).toEqual({ known: true, value: 'parked' });
    expect((await sends.locations.get(ref.locationId))?.parked).toEqual({ reason: 'token-refused', since: NOW });
  });
});

describe('an agency', () => {
  it('has a credential of its own that no location can read, with its wish for locations to come', async () => {
    const company = { kind: 'company', id: 'agency-1' } as const;
    await credentials.install(company, 'oauth', pair(1), NOW);
    await installs.setFuture(company.id, true);
    expect(await installs.companies()).toContainEqual({ companyId: 'agency-1', installsFuture: true });
    expect(await credentials.newest(company)).toEqual({ token: 'at-secret-1', version: 1 });
    await credentials.refuse(company, 1, 'token-refused', NOW);
    expect(await installs.companies()).not.toContainEqual(expect.objectContaining({ companyId: 'agency-1' }));
    expect((await credentials.list()).map(({ holder }) => holder)).toContainEqual(company);
  });
});

describe('the state of an install in a browser', () => {
  const later = '2026-03-02T15:10:00.000Z';
  it('is taken once, by its own browser, in time', async () => {
    await installs.begin('s1', 'b1', NOW, later);
    expect(await installs.end('s1', 'b2', NOW)).toBe('other-browser');
    expect(await installs.end('s1', 'b1', NOW)).toBe('ok');
    expect(await installs.end('s1', 'b1', NOW)).toBe('used');
    expect(await installs.end('s2', 'b1', NOW)).toBe('unknown');
    await installs.begin('s3', 'b1', NOW, later);
    expect(await installs.end('s3', 'b1', later)).toBe('expired');
  });

  it('is taken once even by ten at the same time, and does not lie about for ever', async () => {
    await installs.begin('s4', 'b1', NOW, later);
    const ends = await Promise.all(Array.from({ length: 10 }, () => installs.end('s4', 'b1', NOW)));
    expect(ends.filter((verdict) => verdict === 'ok')).toHaveLength(1);
    await installs.begin('s5', 'b1', '2026-03-05T15:00:00.000Z', '2026-03-05T15:10:00.000Z');
    expect((await db.pool.query('select state_hash from oauth_states')).rows).toEqual([{ state_hash: 's5' }]);
  });
});
