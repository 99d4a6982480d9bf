import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ApiWorld, CONTACT, startApiWorld } from '../support/api-world.ts';
import { whileAway } from '../support/away.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.stop());

describe('a location of which the CRM is asked', () => {
  it('keeps what somebody has changed meanwhile', async () => {
    const crm = world.deps.crm as { location: ApiWorld['deps']['crm']['location'] };
    const known = crm.location;
    crm.location = async (locationId) => {
      await world.api('PATCH', `/api/locations/${locationId}/settings`, { changes: { capPer24h: 1 } });
      return known(locationId);
    };
    const body = { locationId: 'asked', token: 'pit-asked', settings: { capPer24h: 2 } };
    const answer = await world.api('POST', '/api/locations', body);
    crm.location = known;
    expect(await answer.json()).toMatchObject({
      location: { name: 'Bayline Realty', settingsVersion: 2, settings: { capPer24h: 1 } },
    });
  });
});

describe('a location that is added without a token', () => {
  it('gets the one of the environment where it is not installed, and else keeps its own', async () => {
    const add = (body: object) => world.api('POST', '/api/locations', body);
    const token = async (id: string) => (await world.credentials.newest({ kind: 'location', id }))?.token;
    expect((await add({ locationId: 'bare' })).status).toBe(400);
    Object.assign(world.deps, { privateToken: 'pit-of-the-environment' });
    expect((await add({ locationId: 'bare' })).status).toBe(201);
    expect(await token('bare')).toBe('pit-of-the-environment');
    await add({ locationId: 'own', token: 'pit-own' });
    await add({ locationId: 'own', name: 'Own Realty' });
    expect(await token('own')).toBe('pit-own');
    expect(world.logged()).not.toContain('pit-of-the-environment');
    Object.assign(world.deps, { privateToken: undefined });
  });
});

describe('a location that is added again', () => {
  it('keeps its secret and what is not given; a new secret is made when asked for', async () => {
    const add = async (more: object): Promise<Record<string, unknown>> => {
      const body = { locationId: 'again', token: 'pit-again', timezone: 'America/Denver', ...more };
      const answer = await world.api('POST', '/api/locations', body);
      expect(answer.status).toBe(201);
      return (await answer.json()) as Record<string, unknown>;
    };
    const opens = async (secret: unknown): Promise<number> => {
      const headers = { 'content-type': 'application/json', 'x-webhook-secret': String(secret) };
      const body = JSON.stringify({ contact_id: CONTACT, nonce: randomUUID() });
      return (await fetch(`${world.url}/webhooks/ghl/workflow/${String(secret)}`, { method: 'POST', headers, body }))
        .status;
    };
    const first = await add({ name: 'Peak Realty', settings: { capPer24h: 2 } });
    expect(first).toMatchObject({ workflowSecretKept: false, location: { settingsVersion: 1 } });
    const second = await add({ name: 'Peak Realty', settings: { consentTags: { 'sms-consent': ['sms'] } } });
    expect(second).toMatchObject({
      workflowSecretKept: true,
      location: {
        name: 'Peak Realty',
        settingsVersion: 2,
        settings: { capPer24h: 2, consentTags: { 'sms-consent': ['sms'] } },
      },
    });
    expect(Object.keys(second).sort()).toEqual(['location', 'workflowSecretKept']);
    expect(await opens(first['workflowSecret'])).toBe(202);
    const third = await add({ newWorkflowSecret: true });
    expect(third).toMatchObject({ workflowSecretKept: false, location: { name: 'Peak Realty', settingsVersion: 2 } });
    expect(await opens(first['workflowSecret'])).toBe(404);
    expect(await opens(third['workflowSecret'])).toBe(202);
    const chosen = 'a-secret-that-the-team-chose';
    expect(await add({ workflowSecret: chosen })).toMatchObject({ workflowSecretKept: false, workflowSecret: chosen });
    expect(await opens(chosen)).toBe(202);
  });
});

describe('a parked location that gets another token', () => {
  it('has its leads woken, though the database goes away before its name is stored', async () => {
    const locationId = 'parked';
    const add = () => world.api('POST', '/api/locations', { locationId, token: 'pit-parked' });
    expect((await add()).status).toBe(201);
    const holder = { kind: 'location', id: locationId } as const;
    await world.credentials.refuse(holder, 1, 'token-refused', new Date().toISOString());
    await world.pool.query(`update locations set name = location_id, timezone = null where location_id = $1`, [
      locationId,
    ]);
    const named = `new.location_id = 'parked' and new.name <> 'parked'`;
    expect((await whileAway(world.pool, 'locations', add, named)).status).toBeGreaterThanOrEqual(429);
    expect((await add()).status).toBe(201);
    expect(world.woken).toContain(locationId);
  });
});
