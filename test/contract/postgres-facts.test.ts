import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LeadRef } from '../../domain/glossary.ts';
import { defaultSettings, type SettingsChanges } from '../../domain/leads/settings.ts';
import type { LeadStore } from '../../domain/ports/leads.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { createLeadStore } from '../../integrations/postgres/leads.ts';
import { createCredentialStore } from '../../integrations/postgres/credentials.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { createSequenceStore } from '../../integrations/postgres/sequences.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { testSealing } from '../support/tokens.ts';
import {
  decision,
  inboxEvent,
  installLocation,
  later,
  leadRules,
  message,
  newRef,
  NOW,
  record,
  sequence,
  verdictOf,
} from '../support/records.ts';

let db: TestDatabase;
let leads: LeadStore;
let ref: LeadRef;

beforeAll(async () => {
  db = await createTestDatabase();
  leads = createLeadStore(db.tenants, leadRules);
});
afterAll(() => db.drop());
beforeEach(() => {
  ref = newRef();
});

describe('facts for the score', () => {
  const said = async (change: Parameters<typeof message>[0]): Promise<void> => {
    const { inboxId } = await createInboxStore(db.tenants).accept(inboxEvent(ref));
    await leads.commitDecision(record(ref, inboxId, { message: message(change) }), verdictOf);
  };

  it('are absent, never zero, where nothing is known', async () => {
    expect(await leads.scoreFacts(ref, NOW)).toEqual({ asOf: NOW });
    await said({ direction: 'outbound' });
    expect(await leads.scoreFacts(ref, NOW)).toEqual({ asOf: NOW });
  });

  it('measure each answer from our last message before it, up to the asked instant', async () => {
    const talk = ['out 0', 'out 30', 'in 60', 'in 90', 'out 120', 'in 135', 'out 600', 'in 900'];
    for (const [direction, minutes] of talk.map((word) => word.split(' '))) {
      await said({
        direction: direction === 'in' ? 'inbound' : 'outbound',
        body: `at ${minutes}`,
        at: later(Number(minutes)),
      });
    }
    expect(await leads.scoreFacts(ref, later(700))).toEqual({
      asOf: later(700),
      responseHours: [0.5, 0.25],
      messages: ['at 60', 'at 90', 'at 135'],
    });
  });

  it('keep the last fifty texts of the contact', async () => {
    await db.pool.query(
      `insert into messages (location_id, contact_id, message_key, direction, channel, body, at)
       select $1, $2, 'm' || i, 'inbound', 'sms', 'text ' || i, $3::timestamptz + i * interval '1 minute' from generate_series(1, 60) i`,
      [ref.locationId, ref.contactId, NOW],
    );
    const { messages } = await leads.scoreFacts(ref, later(1000));
    expect([messages?.length, messages?.[0], messages?.at(-1)]).toEqual([50, 'text 11', 'text 60']);
  });

  it('take budget, timeline and source from what was answered and what the CRM says', async () => {
    const { inboxId } = await createInboxStore(db.tenants).accept(inboxEvent(ref));
    const answer = (value: string | number): { value: string | number; at: string; from: string } => ({
      value,
      at: NOW,
      from: inboxId,
    });
    const qualification = { budget: answer(450_000), timeline: answer('soon') };
    const patch = { snapshot: { source: 'referral' }, at: NOW };
    await leads.commitDecision(record(ref, inboxId, { decision: decision({ qualification }), patch }), verdictOf);
    expect(await leads.scoreFacts(ref, NOW)).toEqual({
      asOf: NOW,
      budget: 450_000,
      timeline: 'soon',
      source: 'referral',
    });
    const earlier = later(-1);
    expect(await leads.scoreFacts(ref, earlier)).toEqual({ asOf: earlier, source: 'referral' });
  });
});

describe('sequences', () => {
  it('get a new version for a new content only, however many publish at once', async () => {
    const store = createSequenceStore(db.tenants.house);
    const { version: _none, ...first } = sequence(`key-${ref.contactId}`);
    const versions = await Promise.all(Array.from({ length: 10 }, async () => (await store.publish(first)).version));
    expect(new Set(versions)).toEqual(new Set([1]));
    expect((await store.publish({ ...first, title: 'other' })).version).toBe(2);
    expect((await store.publish(first)).version).toBe(3);
    expect((await store.get(first.key))?.version).toBe(3);
    expect(await store.get(first.key, 2)).toMatchObject({ title: 'other', version: 2 });
    expect(await store.get(first.key, 9)).toBeUndefined();
    expect((await store.published()).filter((document) => document.key === first.key)).toEqual([
      { ...first, version: 3 },
    ]);
  });
});

describe('locations', () => {
  const sealing = testSealing();
  const tokenOf = async (id: string): Promise<string | undefined> =>
    (await createCredentialStore(db.tenants, sealing).newest({ kind: 'location', id }))?.token;

  it('keep their token sealed, and their settings over a second installation', async () => {
    const store = createLocationStore(db.tenants, sealing);
    await installLocation(store, ref.locationId);
    await db.pool.query(`update locations set settings = settings || '{"capPer24h": 1}' where location_id = $1`, [
      ref.locationId,
    ]);
    await store.setStatus(ref.locationId, 'uninstalled');
    await installLocation(store, ref.locationId);
    expect(await store.get(ref.locationId)).toMatchObject({
      status: 'active',
      settings: { ...defaultSettings, capPer24h: 1 },
    });
    expect(await tokenOf(ref.locationId)).toBe(`pit-${ref.locationId}`);
    const { rows } = await db.pool.query('select access from credentials where location_id = $1', [ref.locationId]);
    expect(rows[0].access.toString()).not.toContain('pit-');
    expect(await store.byWorkflowSecretHash(`secret-${ref.locationId}`)).toMatchObject({ locationId: ref.locationId });
    expect(await store.byWorkflowSecretHash('none')).toBeUndefined();
    expect(await tokenOf('none')).toBeUndefined();
  });

  it('take the settings that are given with a second installation, as a new version, and keep the others', async () => {
    const store = createLocationStore(db.tenants, sealing);
    await installLocation(store, ref.locationId);
    const before = await store.get(ref.locationId);
    const again = (changes: SettingsChanges): ReturnType<typeof store.add> =>
      store.add({
        ...{ locationId: ref.locationId, companyId: null, name: 'Example Realty', timezone: null, token: 'pit-new' },
        ...{ settings: defaultSettings, workflowSecretHash: `other-${ref.locationId}`, keepSecret: true, changes },
      });
    const changes = { capPer24h: 1, consentTags: { 'sms-consent': ['sms'] } } as const;
    expect(await again(changes)).toEqual({ secretKept: true });
    const after = await store.get(ref.locationId);
    expect(after).toEqual({
      ...before,
      settings: { ...before?.settings, ...changes },
      settingsVersion: (before?.settingsVersion ?? 0) + 1,
    });
    await again({ capPer24h: 1 });
    expect(await store.get(ref.locationId)).toEqual(after);
    expect(await tokenOf(ref.locationId)).toBe('pit-new');
    expect(await store.byWorkflowSecretHash(`secret-${ref.locationId}`)).toMatchObject({ locationId: ref.locationId });
  });

  it('are paused and resumed all at once, save those that are gone', async () => {
    const store = createLocationStore(db.tenants, sealing);
    const gone = newRef();
    for (const one of [ref, gone]) await installLocation(store, one.locationId);
    expect(await store.setStatus(gone.locationId, 'uninstalled')).toBe(true);
    expect(await store.setStatus('none', 'paused')).toBe(false);
    const many = await store.setAllStatus('paused', 'operator');
    expect(many).toBe((await store.list()).filter((location) => location.status === 'paused').length);
    expect((await store.get(ref.locationId))?.status).toBe('paused');
    expect((await store.get(gone.locationId))?.status).toBe('uninstalled');
  });
});
