import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { defaultSettings } from '../../domain/leads/settings.ts';
import type { Grant } from '../../domain/ports/credentials.ts';
import { createCredentialStore } from '../../integrations/postgres/credentials.ts';
import { createInstallStore } from '../../integrations/postgres/installs.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createSealing } from '../../platform/secrets.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';

/** Tokens that come while, or after, their location was uninstalled. */

const NOW = '2026-03-02T15:00:00.000Z';
const now = () => NOW;

let db: TestDatabase;
let credentials: ReturnType<typeof createCredentialStore>;
let locations: ReturnType<typeof createLocationStore>;
beforeAll(async () => {
  db = await createTestDatabase();
  const sealing = createSealing(randomBytes(32));
  credentials = createCredentialStore(db.tenants, sealing);
  locations = createLocationStore(db.tenants, sealing);
});
afterAll(() => db.drop());

async function expected(id: string) {
  const location = { locationId: id, companyId: null, settings: defaultSettings, workflowSecretHash: `hash-${id}` };
  await createInstallStore(db.tenants).expect(location, NOW);
  return { kind: 'location', id } as const;
}

const pair = (n: number): Grant => ({ access: `at-secret-${n}`, refresh: `rt-secret-${n}`, lifeMs: 86_399_000 });

describe('a renewal', () => {
  it('that was on its way when the location was uninstalled does not bring it back, nor does its agency’s token', async () => {
    const holder = await expected('loc1');
    await credentials.install(holder, 'oauth', pair(1), NOW);
    const renewed = await credentials.renew(
      holder,
      1,
      async () => {
        await locations.setStatus(holder.id, 'uninstalled');
        return { kind: 'granted', grant: pair(2), how: 'refreshed' };
      },
      now,
    );
    expect(renewed).toEqual({ kind: 'renewed', version: 2, unparked: false });
    expect((await locations.get(holder.id))?.status).toBe('uninstalled');
    await credentials.install(holder, 'oauth', pair(3), NOW, 'exchanged');
    expect((await locations.get(holder.id))?.status).toBe('uninstalled');
    await credentials.install(holder, 'oauth', pair(4), NOW);
    expect((await locations.get(holder.id))?.status).toBe('active');
  });

  it('from the agency counts as an install, a renewal of its own does not', async () => {
    const holder = await expected('loc2');
    await credentials.install(holder, 'oauth', pair(1), NOW);
    const installedAt = async (how: 'refreshed' | 'exchanged', version: number) => {
      const ask = async () => ({ kind: 'granted', grant: pair(version + 1), how }) as const;
      await credentials.renew(holder, version, ask, () => '2026-03-05T15:00:00.000Z');
      return (await credentials.standing(holder))?.installedAt;
    };
    expect(await installedAt('refreshed', 1)).toBe(NOW);
    expect(await installedAt('exchanged', 2)).toBe('2026-03-05T15:00:00.000Z');
  });
});
