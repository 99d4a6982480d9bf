import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openApi } from '../../api/openapi.ts';
import type { LeadAssignment } from '../../domain/crm/assignment.ts';
import { choices } from '../../domain/leads/settings-schema.ts';
import { defaultSettings, type LocationSettings } from '../../domain/leads/settings.ts';
import { type ApiWorld, LOCATION, startApiWorld } from '../support/api-world.ts';
import { decision, inboxEvent, later, NOW, record, verdictOf } from '../support/records.ts';

let world: ApiWorld;
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.stop());

type Json = Readonly<Record<string, unknown>>;

async function ask(method: string, path: string, body?: unknown): Promise<{ status: number; body: Json }> {
  const answer = await world.api(method, path, body);
  return { status: answer.status, body: (await answer.json()) as Json };
}

/** A location of the test's own, and what is asked of its settings. */
async function location(settings?: object) {
  const locationId = `loc-${randomUUID().slice(0, 8)}`;
  const added = await ask('POST', '/api/locations', { locationId, token: 'pit', ...(settings ? { settings } : {}) });
  expect(added.status).toBe(201);
  const path = `/api/locations/${locationId}`;
  return {
    locationId,
    read: (query = '') => ask('GET', `${path}/settings${query}`),
    change: (changes: object, version?: number) =>
      ask('PATCH', `${path}/settings`, { changes, ...(version === undefined ? {} : { version }) }),
    history: () => ask('GET', `${path}/history`),
    mapping: () => ask('GET', `${path}/mapping`),
  };
}

describe('settings over the API', () => {
  it('come complete, with their version and an owner for every choice', async () => {
    const { read } = await location({ capPer24h: 2 });
    const { status, body } = await read();
    expect([status, body['version'], body['by']]).toEqual([200, 1, 'operator']);
    expect(body['settings']).toEqual({ ...defaultSettings, capPer24h: 2 });
    expect(Object.keys(body['owners'] as Json).sort()).toEqual(Object.keys(choices).sort());
    expect(body['owners']).toMatchObject({
      capPer24h: 'compliance',
      rules: 'operations',
      activityObjects: 'developer',
    });
  });

  it('have the leads scored anew when they say otherwise which fields hold facts, and only then', async () => {
    const { locationId, change } = await location();
    await change({ capPer24h: 1 });
    expect(world.rescored).not.toContain(locationId);
    await change({ scoreFields: { budget: 'contact.budget' } });
    expect(world.rescored).toContain(locationId);
  });

  it('change choice by choice; a change for another version than the one in force is a conflict', async () => {
    const { read, change } = await location();
    expect(await change({ stopTags: ['AI-Off'] }, 1)).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await change({ stopTags: ['AI-Off'] })).toMatchObject({ status: 200, body: { version: 2 } });
    expect(await change({ capPer24h: 1 }, 1)).toMatchObject({ status: 409, body: { code: 'SETTINGS_CONFLICT' } });
    expect((await read('?version=1')).body['settings']).toEqual(defaultSettings);
    expect(await read('?version=3')).toMatchObject({ status: 404, body: { code: 'SETTINGS_UNKNOWN' } });
    expect(await read('?version=0')).toMatchObject({ status: 400, body: { code: 'BAD_QUERY' } });
  });

  it('bind the door at once: it does not go on with what it remembers', async () => {
    await ask('GET', `/api/locations/${LOCATION}/settings`);
    await world.deps.lookup.byId(LOCATION);
    await ask('PATCH', `/api/locations/${LOCATION}/settings`, { changes: { holidays: ['2026-12-24'] } });
    expect((await world.deps.lookup.byId(LOCATION))?.settings.holidays).toEqual(['2026-12-24']);
  });

  it('refuse what they may not be, all problems by their path, and store none of it', async () => {
    const { change, read } = await location();
    const bad = await change({ capPer24h: 9, quietHours: { from: '22:00', to: '06:00' }, colour: 'green' });
    expect(bad).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
    const paths = (bad.body['problems'] as { path: string }[]).map(({ path }) => path);
    expect(new Set(paths)).toEqual(new Set(['changes.capPer24h', 'changes.quietHours', 'changes']));
    const rules = [{ key: 'a', group: null, when: [], then: [{ workflow: 'nowhere' }, { workflow: 'neither' }] }];
    const apart = await change({ rules, capPer24h: 1 });
    expect(apart).toMatchObject({ status: 422, body: { code: 'SETTINGS_INVALID' } });
    expect(apart.body['problems']).toHaveLength(2);
    expect((await read()).body).toMatchObject({ version: 1, settings: { capPer24h: 3 } });
    const added = { locationId: 'bad-rules', token: 'pit', settings: { rules } };
    expect(await ask('POST', '/api/locations', added)).toMatchObject({
      status: 422,
      body: { code: 'SETTINGS_INVALID' },
    });
    const zone = { locationId: 'bad-zone', token: 'pit', timezone: 'EST' };
    expect(await ask('POST', '/api/locations', zone)).toMatchObject({ status: 400, body: { code: 'BAD_REQUEST' } });
  });

  it('belong to a location that is here', async () => {
    for (const [method, path, body] of [
      ['GET', 'settings', undefined],
      ['PATCH', 'settings', { changes: {} }],
      ['GET', 'history', undefined],
      ['GET', 'mapping', undefined],
    ] as const) {
      const answer = await ask(method, `/api/locations/nobody/${path}`, body);
      expect(answer).toMatchObject({ status: 404, body: { code: 'LOCATION_NOT_FOUND' } });
    }
  });

  it('tell their history together with pauses, and who did it', async () => {
    const { locationId, change, history } = await location();
    await change({ capPer24h: 2 });
    await ask('POST', '/api/pause', { locationId });
    await ask('POST', '/api/resume', { locationId });
    const { items } = (await history()).body as { items: { what: string; by: string; changes?: object }[] };
    expect(items.map(({ what, by }) => `${what} by ${by}`)).toEqual([
      ...['active by operator', 'paused by operator', 'settings by operator', 'settings by operator'],
    ]);
    expect(items[2]).toMatchObject({ version: 2, changes: { capPer24h: 2 } });
  });

  it('are described in the API’s description, choice by choice, with owner and meaning', () => {
    const { paths } = openApi() as { paths: Record<string, { patch: { requestBody: { content: Json } } }> };
    const content = paths['/api/locations/{locationId}/settings']?.patch.requestBody.content['application/json'] as {
      schema: { properties: { changes: { properties: Record<string, Json>; additionalProperties: boolean } } };
    };
    const { properties, additionalProperties } = content.schema.properties.changes;
    expect(Object.keys(properties).sort()).toEqual(Object.keys(choices).sort());
    expect(additionalProperties).toBe(false);
    for (const [name, { owner, means }] of Object.entries(choices)) {
      expect(properties[name]).toMatchObject({ description: means, 'x-owner': owner });
    }
  });

  it('are compared with the CRM, one problem with its fix for each', async () => {
    const { mapping } = await location({
      ...{ consentTags: { 'sms-consent': ['sms'] }, scoreFields: {}, rules: [] },
      postalAddress: '400 Bay Street, Tampa, FL 33602',
    });
    world.setCatalog({
      customFields: [{ id: 'f1', name: 'Score', key: 'contact.lead_score', dataType: 'NUMERICAL' }],
      ...{ pipelines: [], users: [], calendars: [], workflows: null, numbers: [] },
      tags: ['Hit List', 'AI-Off', 'Qualified', 'Stop-Bot', 'sms-consent'],
    });
    const { body } = await mapping();
    expect(body['problems']).toMatchObject([
      { where: 'workflows', fix: 'give the permission workflows.readonly' },
      { where: 'customFields', problem: expect.stringContaining('contact.lead_tier') },
    ]);
  });
});

describe('a lead that is offered to the team', () => {
  const assignment: LocationSettings['assignment'] = {
    ...{ mode: 'claim', agents: ['ann', 'bo'], from: 'warm', reactWithinMinutes: 30, escalateTo: null },
  };

  it('is the first agent’s who claims it; others get 409, strangers and idle claims are refused', async () => {
    const { locationId } = await location({ assignment });
    const ref = { locationId, contactId: 'lead-1' };
    const claim = (agentId: string) => ask('POST', `/api/leads/${locationId}/${ref.contactId}/claim`, { agentId });
    expect(await claim('ann')).toMatchObject({ status: 404, body: { code: 'LEAD_UNKNOWN' } });
    const { inboxId } = await world.inbox.accept(inboxEvent(ref));
    const row: LeadAssignment = {
      ...{ state: 'offered', mode: 'claim', agentId: null, had: [], since: NOW, claimedBy: null, escalations: 0 },
      ...{ planned: false, dueAt: later(30) },
    };
    const offered = { row, turn: null, seen: null, agents: assignment.agents, task: null, told: null };
    await world.deps.leads.commitDecision(
      record(ref, inboxId, { decision: decision({ assignment: offered }) }),
      verdictOf,
    );
    expect(await claim('zoe')).toMatchObject({ status: 422, body: { code: 'AGENT_UNKNOWN' } });
    const told = world.committed.length;
    const raced = await Promise.all([claim('ann'), claim('bo')]);
    expect(raced.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(raced.find(({ status }) => status === 409)?.body['code']).toBe('CLAIM_TAKEN');
    const winner = raced.find(({ status }) => status === 200)!.body;
    // The same agent again is no other claim, and no other event for the workflow.
    expect(await claim(String(winner['agentId']))).toMatchObject({ status: 200, body: winner });
    const events = world.committed.slice(told).map(({ type, contactId }) => `${type} ${contactId}`);
    expect(events).toEqual(['lead.claimed lead-1']);
  });

  it('can be claimed only while it is offered', async () => {
    const { locationId } = await location({ assignment });
    const ref = { locationId, contactId: 'lead-2' };
    const { inboxId } = await world.inbox.accept(inboxEvent(ref));
    await world.deps.leads.commitDecision(record(ref, inboxId), verdictOf);
    const answer = await ask('POST', `/api/leads/${locationId}/${ref.contactId}/claim`, { agentId: 'ann' });
    expect(answer).toMatchObject({ status: 409, body: { code: 'CLAIM_NOT_OFFERED' } });
    await world.deps.locations.setStatus(locationId, 'uninstalled');
    expect(await ask('POST', `/api/leads/${locationId}/${ref.contactId}/claim`, { agentId: 'ann' })).toMatchObject({
      ...{ status: 404, body: { code: 'LOCATION_NOT_FOUND' } },
    });
  });
});
