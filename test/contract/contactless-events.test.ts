import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LeadRef } from '../../domain/glossary.ts';
import { createLogger } from '../../platform/logger.ts';
import { createMetrics } from '../../platform/metrics.ts';
import { createRelay, type Relay } from '../../workers/relay.ts';
import {
  accept,
  beginEvents,
  closeEvents,
  crmAt,
  db,
  openEvents,
  records,
  ref,
  sends,
  work,
} from '../support/crm-events.ts';
import { json, type RecordingVendor, startRecordingVendor } from '../support/recording-vendor.ts';
import { productCache } from '../support/product-cache.ts';
import { until } from '../support/until.ts';

beforeAll(openEvents);
afterAll(closeEvents);
beforeEach(beginEvents);

describe('events that no lead decides upon', () => {
  let relay: Relay;
  let delivered: { ref: LeadRef; inboxId: string }[];
  let vendor: RecordingVendor;
  beforeAll(async () => {
    vendor = await startRecordingVendor();
  });
  afterAll(() => vendor.close());
  beforeEach(() => {
    delivered = [];
    vendor.answer(json(200, { tasks: [] }));
    relay = createRelay(
      {
        ...{ inbox: sends.inbox, leads: sends.leads, locations: sends.locations, records },
        crm: crmAt(vendor.url),
        hashPerson: (address) => `hash of ${address}`,
        // Nothing here is about tokens, or behaviour on a site.
        ...({} as Pick<Parameters<typeof createRelay>[0], 'activity' | 'installs' | 'credentials' | 'refresher'>),
        cache: productCache(),
        mailbox: { deliver: (to, { inboxId }) => Promise.resolve(void delivered.push({ ref: to, inboxId })) },
        log: createLogger({ level: 'silent' }),
        metrics: createMetrics(),
        pauses: { at: () => Promise.resolve() },
      },
      { bootId: randomUUID(), everyMs: 20 },
    );
  });

  /** @param ageMs  it came so long ago */
  async function relayed(
    type: string,
    fields: object,
    to: Partial<LeadRef> = { locationId: ref.locationId },
    ageMs = 0,
  ) {
    const { inboxId, contactId } = await accept(type, fields, to);
    const row = await sends.inbox.load(inboxId);
    if (row === undefined) throw new Error('not stored');
    const receivedAt = new Date(Date.parse(row.receivedAt) - ageMs).toISOString();
    relay.kick({ ...row, contactId, receivedAt });
    await until(
      async () =>
        ['worked', 'ignored', 'dispatched'].includes((await sends.inbox.load(inboxId))?.verdict ?? '') ||
        delivered.some((one) => one.inboxId === inboxId),
    );
    const { verdict, reason } = (await sends.inbox.load(inboxId)) ?? {};
    await relay.stop();
    return { inboxId, verdict, reason };
  }

  it('are stored: a record without a type, known by its shape', async () => {
    const record = { id: 'R1', owners: [], followers: [], properties: [{ key: 'street', valueString: 'Cooper Mews' }] };
    expect(await relayed('unknown', { ...record, type: undefined })).toMatchObject({ verdict: 'worked' });
    expect(await records.get(ref.locationId, 'record', 'R1')).toMatchObject({
      facts: { 'property.street': 'Cooper Mews' },
    });
  });

  it('are a lead’s after all, where the record is known to be the lead’s', async () => {
    await work('TaskCreate', { id: 'T1', title: 'Call' });
    const { inboxId } = await relayed('TaskComplete', { id: 'T1' });
    expect(delivered).toEqual([{ ref, inboxId }]);
    expect(await sends.inbox.load(inboxId)).toMatchObject({ contactId: ref.contactId });
  });

  it('are a lead’s after all, where only the CRM knows whose the task is', async () => {
    const others = Array.from({ length: 25 }, (_, n) => ({ _id: `T-${n}`, contactId: 'somebody-else' }));
    vendor.answer(json(200, { tasks: others }), json(200, { tasks: [{ _id: 'T8', contactId: ref.contactId }] }));
    const before = vendor.calls.length;
    const { inboxId } = await relayed('TaskCreate', { id: 'T8', title: 'Call' });
    expect(delivered).toEqual([{ ref, inboxId }]);
    expect(await sends.inbox.load(inboxId)).toMatchObject({ contactId: ref.contactId });
    expect(vendor.calls.slice(before)).toMatchObject([
      { operation: 'task-search', faults: [], body: { query: 'Call', limit: 25, skip: 0 } },
      { operation: 'task-search', faults: [], body: { query: 'Call', limit: 25, skip: 25 } },
    ]);
  });

  it.each([
    ['that the CRM does not show yet', 0, json(200, { tasks: [] })],
    ['that a CRM which does not answer knows', 3_600_000, json(500, {})],
  ])('wait to be asked about again: a task %s', async (_title, ageMs, answer) => {
    vendor.answer(answer);
    const task = relayed('TaskCreate', { id: 'T5', title: 'Call' }, undefined, ageMs);
    expect(await task).toMatchObject({ verdict: 'dispatched' });
    expect(delivered).toEqual([]);
  });

  it('wait for a location that stands still, and ask nothing meanwhile', async () => {
    await sends.locations.setStatus(ref.locationId, 'paused');
    const before = vendor.calls.length;
    const task = relayed('TaskCreate', { id: 'T7' }, undefined, 30 * 3_600_000);
    expect(await task).toMatchObject({ verdict: 'dispatched' });
    expect([vendor.calls.length, delivered]).toEqual([before, []]);
  });

  it.each([
    ['that the CRM does not show', 10 * 60_000, json(200, { tasks: [] })],
    ['that we may not ask about', 0, json(403, { message: 'Forbidden' })],
    ['that a CRM which never answers knows', 25 * 3_600_000, json(500, {})],
  ])('are kept for the location: a task %s', async (_title, ageMs, answer) => {
    vendor.answer(answer);
    const task = relayed('TaskCreate', { id: 'T9', title: 'Call' }, undefined, ageMs);
    expect(await task).toMatchObject({ verdict: 'worked' });
    expect(delivered).toEqual([]);
    expect(await records.get(ref.locationId, 'task', 'T9')).toMatchObject({
      contactId: null,
      facts: { title: 'Call' },
    });
  });

  it('make an agent of a user, only where the user’s agency is installed', async () => {
    const user = { id: 'U1', firstName: 'Ines', lastName: 'Brandt', email: 'ines@example.com' };
    expect(await relayed('UserCreate', user)).toMatchObject({ verdict: 'worked' });
    expect(await records.get(ref.locationId, 'user', 'U1')).toMatchObject({ facts: { name: 'Ines Brandt' } });
  });

  it('of another agency change nobody’s team', async () => {
    const user = { id: 'U2', firstName: 'Ines', companyId: 'another', locations: [ref.locationId] };
    expect(await relayed('UserCreate', user, {})).toMatchObject({ verdict: 'ignored' });
    expect(await records.get(ref.locationId, 'user', 'U2')).toBeUndefined();
  });

  it('bar an address that complained, whose leads hear of it', async () => {
    await sends.work(ref);
    await db.pool.query(`update leads set email_hash = 'hash of robin@example.com' where contact_id = $1`, [
      ref.contactId,
    ]);
    const webhookPayload = { event: 'complained', id: 'e1', timestamp: 1777892461, recipient: 'Robin@Example.com' };
    expect(await relayed('LCEmailStats', { webhookPayload })).toMatchObject({ verdict: 'worked' });
    const woken = await db.pool.query(
      `select from inbox where contact_id = $1 and type = 'lead.barred' and kind = 'consent'`,
      [ref.contactId],
    );
    expect(woken.rowCount).toBe(1);
    const mail = await sends.claim(ref, 'mail', { channel: 'email' });
    const { facts } = await sends.pass(mail, { person: ['hash of robin@example.com'] });
    expect(facts?.suppressed).toEqual({ known: true, value: true });
  });

  it('rename their location', async () => {
    expect(await relayed('LocationUpdate', { id: ref.locationId, name: 'Bayline' })).toMatchObject({
      verdict: 'worked',
    });
    expect(await sends.locations.get(ref.locationId)).toMatchObject({ name: 'Bayline' });
  });
});
