import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { problemHandler } from '../../api/errors.ts';
import { requestId } from '../../api/request-id.ts';
import { previewRoutes } from '../../api/routes/previews.ts';
import { PREVIEW_TAG } from '../../domain/follow-up/preview.ts';
import { createSequenceStore } from '../../integrations/postgres/sequences.ts';
import { bundledSequences } from '../../platform/bundled-sequences.ts';
import { type Acting, startActing } from '../support/acting.ts';
import { phoneAbroad, zoneAt } from '../support/brokerage.ts';

/** A sequence on the phone of somebody of the team: through the route, the outbox, the gate and the CRM's stand-in. */
let acting: Acting;
let server: Server;

const reminders = bundledSequences().find(({ key }) => key === 'appointment-reminders')!;

beforeAll(async () => {
  acting = await startActing();
  const sequences = createSequenceStore(acting.db.tenants.house);
  for (const document of bundledSequences()) await sequences.publish(document);
  const { leads, outbox, inbox } = acting.sends;
  const now = () => new Date(Date.now() + acting.world.ahead * 60_000);
  const app = express().use(requestId, express.json());
  app.use(previewRoutes({ leads, outbox, inbox, sequences, onCommitted: () => undefined, now }));
  app.use(problemHandler(acting.log));
  server = app.listen(0);
});

afterAll(async () => {
  await new Promise((done) => server.close(done));
  await acting.end();
});

async function asks(body: object): Promise<{ status: number; texts?: number }> {
  const { locationId, contactId } = acting.world.ref;
  const { port } = server.address() as AddressInfo;
  const response = await fetch(`http://127.0.0.1:${port}/api/leads/${locationId}/${contactId}/preview`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const answer = (await response.json().catch(() => ({}))) as { texts?: number };
  return { status: response.status, ...answer };
}

/** Somebody whom these tags let see previews, who wrote just now; awake, wherever the test runs. */
async function reader(tags: readonly string[]): Promise<void> {
  const contact = { tags, phone: phoneAbroad(8), timezone: zoneAt(12) };
  await acting.begin({ consentTags: { 'sms-consent': ['sms'] } }, contact);
  await acting.happens('ContactCreate', contact);
  await acting.says('Show me what our leads get');
}

const texts = async () =>
  (await acting.calls(({ method, path }) => method === 'POST' && path === '/conversations/messages')).map(
    ({ body }) => (body as unknown as { message: string }).message,
  );

async function touched(): Promise<void> {
  for (let times = 0; times < 3; times += 1) await acting.touch();
}

describe('a preview', () => {
  it('brings each step as a marked text to the phone of whoever asks, in a dry run, too, and nothing else leaves it', async () => {
    await reader(['Hit List', 'sms-consent', PREVIEW_TAG]);
    acting.world.mode = 'dry-run';
    expect(await asks({ sequence: 'appointment-reminders' })).toMatchObject({ status: 202, texts: 5 });
    await touched();
    const sent = await texts();
    expect(sent.map((text) => /\[Preview \d\/5[^\]]*\]/.exec(text)?.[0])).toEqual([
      '[Preview 1/5, 1 day before the appointment]',
      '[Preview 2/5, 2 hours before the appointment]',
      '[Preview 3/5, 30 minutes before the appointment]',
      '[Preview 4/5, 3 hours after the appointment]',
      '[Preview 5/5, 1 day after the appointment, call-task]',
    ]);
    expect(sent[0]).toContain('We meet on DAY at TIME');
    expect(await acting.calls(({ method, path }) => method === 'POST' && path.endsWith('/tasks'))).toEqual([]);
  });

  it('shows a document that nobody has published', async () => {
    await reader(['Hit List', 'sms-consent', PREVIEW_TAG]);
    const document = { ...reminders, key: 'of-mine', steps: reminders.steps.slice(3, 4) };
    expect(await asks({ document })).toMatchObject({ status: 202, texts: 1 });
    await touched();
    expect(await texts()).toHaveLength(1);
    expect((await asks({ document: { ...document, steps: [] } })).status).toBe(400);
  });

  it('is refused to a contact without its tag, without consent, or that has not just written', async () => {
    await reader(['Hit List', 'sms-consent']);
    expect((await asks({ sequence: 'seller-plan' })).status).toBe(409);
    await reader(['Hit List', PREVIEW_TAG]);
    expect((await asks({ sequence: 'seller-plan' })).status).toBe(409);
    await reader(['Hit List', 'sms-consent', PREVIEW_TAG]);
    acting.world.ahead = 90;
    expect((await asks({ sequence: 'seller-plan' })).status).toBe(409);
    await touched();
    expect(await texts()).toEqual([]);
  });

  it('stops with the tag: what was claimed before it was taken off does not go out', async () => {
    await reader(['Hit List', 'sms-consent', PREVIEW_TAG]);
    expect((await asks({ sequence: 're-engagement' })).status).toBe(202);
    const { contactId } = acting.world.ref;
    await acting.person('DELETE', `/contacts/${contactId}/tags`, { tags: [PREVIEW_TAG] });
    await touched();
    expect(await texts()).toEqual([]);
    const told = await acting.told();
    expect(told).toContain(
      `SMS day-1-buyer: cancelled (a preview, and the contact does not bear the tag ${PREVIEW_TAG})`,
    );
  });
});
