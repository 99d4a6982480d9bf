import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import express from 'express';
import { unsubscribeRoutes } from '../../api/routes/unsubscribe.ts';
import { type RunningServer, startServer } from '../../api/server.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { Dispatchable } from '../../domain/ports/inbox.ts';
import { createSuppressionStore } from '../../integrations/postgres/suppressions.ts';
import { control, ledger } from '../support/ghl-standin.ts';
import { createLeadEnv, type LeadEnv } from '../support/lead-env.ts';
import { HOUR, MINUTE, NEW_YORK, playWith } from '../support/lead-play.ts';
import { testLinks } from '../support/unsubscribing.ts';

let env: LeadEnv;
let play: ReturnType<typeof playWith>;
let server: RunningServer;
let committed: Dispatchable[] = [];

beforeAll(async () => {
  env = await createLeadEnv();
  play = playWith(env);
  const { inbox, log, now } = env.deps;
  const suppressions = createSuppressionStore(env.tenants);
  const onCommitted = (row: Dispatchable): void => void committed.push(row);
  const routes = unsubscribeRoutes({ unsubscribeLinks: testLinks, suppressions, inbox, log, now, onCommitted });
  server = await startServer(express().use(routes), { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await play.endAll();
  await server.close(0);
  await env.close();
});

/** The path of the link in the newest e-mail that the CRM was given for this lead. */
async function link(ref: LeadRef): Promise<string> {
  const { calls } = (await ledger(env.standIn)) as unknown as {
    calls: { path: string; body?: { type?: string; contactId?: string; message?: string } }[];
  };
  const mail = calls.findLast(({ body }) => body?.type === 'Email' && body.contactId === ref.contactId);
  const url = /https:\S+\/u\/\S+$/.exec(mail?.body?.message ?? '')?.[0] ?? '';
  return new URL(url).pathname;
}

async function use(path: string, body: string): Promise<void> {
  committed = [];
  await env.time.look();
  const answer = await fetch(server.url + path, { method: 'POST', body });
  expect(answer.status).toBe(200);
  for (const row of committed) await env.arrive(row);
}

async function emailDnd({ contactId }: LeadRef): Promise<string | undefined> {
  const { body } = await control(env.standIn, 'state', undefined, 'GET');
  const { contacts } = body as unknown as { contacts: { id: string; dndSettings?: { Email?: { status: string } } }[] };
  return contacts.find(({ id }) => id === contactId)?.dndSettings?.Email?.status;
}

async function days(count: number, ref: LeadRef): Promise<void> {
  for (let day = 0; day < count; day += 1) {
    await env.time.skip(24 * HOUR);
    await play.settled(ref);
  }
}

describe('the link in an e-mail', () => {
  it('ends e-mails while texts go on, is heard of by the workflow and shown in the CRM, and can be taken back', async () => {
    await env.time.skipTo(NEW_YORK, '10:00');
    const ref = await play.newLead();
    await env.time.skip(31 * MINUTE);
    await play.settled(ref);
    const before = await play.effects(ref);
    expect(before).toMatchObject({ sms: 1, email: 1 });

    const path = await link(ref);
    expect((await fetch(server.url + path)).status).toBe(200);
    expect(committed).toEqual([]);
    await use(path, 'List-Unsubscribe=One-Click');
    await play.settled(ref);
    expect(await emailDnd(ref)).toBe('active');
    await play.act(ref, 'enrol', { sequence: '3-7-14-30' });
    await days(15, ref);
    const after = await play.effects(ref);
    expect(after.email).toBe(1);
    expect(after.sms).toBeGreaterThan(before.sms);

    await use(path, 'again=yes');
    await play.settled(ref);
    expect(await emailDnd(ref)).toBe('inactive');
  }, 600_000);
});
