import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { applyPlan } from '../../activities/crm.ts';
import { createFollowUpActivities } from '../../activities/follow-up.ts';
import { createLeadActivities } from '../../activities/leads.ts';
import { consentEvent, consentEvents } from '../../domain/consent/consent-events.ts';
import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import { createSuppressionStore } from '../../integrations/postgres/suppressions.ts';
import { personHash, sha256 } from '../../platform/secrets.ts';
import { createUnsubscribeLinks } from '../../platform/unsubscribe-links.ts';
import { whileAway } from '../support/away.ts';
import { control, ledger } from '../support/ghl-standin.ts';
import {
  beginLead,
  closeParts,
  db,
  inCrm,
  openParts,
  parts,
  POSTAL_ADDRESS,
  ref,
  sends,
  standIn,
} from '../support/parts.ts';
import { later, newRef, NOW, sequence } from '../support/records.ts';

const KEY = Buffer.alloc(32, 3);
let now = NOW;
let publicUrl: string | undefined;
const links = createUnsubscribeLinks(KEY, () => publicUrl);

beforeAll(openParts);
afterAll(closeParts);
beforeEach(() => {
  now = NOW;
  publicUrl = 'https://leads.example.com';
});

const EMAIL = 'Robin+homes@example.com';
const begin = (postalAddress: string | null = POSTAL_ADDRESS) =>
  beginLead({ changes: { postalAddress } }, { email: EMAIL });

const deps = () =>
  parts({
    now: () => new Date(now),
    personHash: (address) => personHash(KEY, address),
    unsubscribeLinks: links,
    sha256,
  });

async function touch(minutes: number, of = ref) {
  now = later(minutes);
  return new MockActivityEnvironment().run(createFollowUpActivities(deps()).touch, of);
}

/** Levels 0 to 3 of an event, then the plan that follows. */
async function worked(inboxId: string): Promise<void> {
  const { work } = createLeadActivities(deps(), { apply: () => Promise.resolve(undefined) });
  await new MockActivityEnvironment().run(work, { ...ref, inboxId, kind: 'consent', at: now, thenAct: false });
  await applyPlan(deps(), ref, () => undefined);
}

/** E-mails a minute apart, then a text. */
function mails(count: number): SequenceDocument {
  const timing = (at: number) => ({ key: `step-${at}`, offset: `PT${at}M`, anchor: 'enrolment' as const });
  return {
    ...sequence('mails'),
    steps: [
      ...Array.from({ length: count }, (_none, at) => ({
        ...timing(at),
        ...{ channel: 'email' as const, subject: 'Homes near you', body: 'Hello {{contact.firstName}}.\n\nAny news?' },
      })),
      { ...timing(count), channel: 'sms' as const, body: 'Hello {{contact.firstName}}' },
    ],
  };
}

interface Sent {
  readonly type: string;
  readonly subject?: string;
  readonly html?: string;
  readonly message: string;
}

async function sent(of = ref): Promise<Sent[]> {
  const { calls } = (await ledger(standIn)) as unknown as {
    calls: { path: string; method: string; status: number; body?: Sent & { contactId?: string } }[];
  };
  return calls
    .filter(({ path, method, status }) => path === '/conversations/messages' && method === 'POST' && status < 300)
    .flatMap(({ body }) => (body?.contactId === of.contactId ? [body] : []));
}

const lastVerdict = async () =>
  (
    await db.pool.query<{
      verdict: { closedBy?: string; then?: string; checks: { check: string; finding: string }[] };
    }>('select verdict from gate_verdicts where location_id = $1 order by id desc limit 1', [ref.locationId])
  ).rows[0]?.verdict;
const wordsSaid = async () => (await lastVerdict())?.checks.find(({ check }) => check === 'words')?.finding;
const linkIn = ({ message }: Sent): string => /https:\S+\/u\/(\S+)$/m.exec(message)?.[1] ?? '';
const emailDnd = async () => {
  const { body } = await control(standIn, 'state', undefined, 'GET');
  const { contacts } = body as unknown as { contacts: { id: string; dndSettings?: { Email?: { status: string } } }[] };
  return contacts.find(({ id }) => id === ref.contactId)?.dndSettings?.Email?.status;
};

describe('an e-mail that solicits', () => {
  beforeEach(() => begin());

  it('names its sender, their postal address and a link of its own, in both of its parts', async () => {
    await sends.work(ref, { enrol: [mails(2)] });
    for (const minutes of [0, 1]) await touch(minutes);
    const [first, second] = await sent();
    expect(first?.message).toMatch(
      /^Hello Robin\.\n\nAny news\?\n\n--\nExample Realty\n400 Bay Street, Suite 210, Tampa, FL 33602\n\nTo get no more .* open:\nhttps:\/\/leads\.example\.com\/u\/\S+$/,
    );
    const token = linkIn(first!);
    expect(first?.html).toContain(`<a href="https://leads.example.com/u/${token}">`);
    expect(first?.html).toContain('400 Bay Street, Suite 210, Tampa, FL 33602');
    const { rows } = await db.pool.query<{ send_id: string; body: string }>(
      `select send_id, content ->> 'body' as body from outbox where location_id = $1 and state = 'sent' order by sending_at`,
      [ref.locationId],
    );
    expect(rows[0]?.body).toBe(first?.message);
    const hash = personHash(KEY, 'robin@example.com');
    expect(links.read(token)).toEqual({ ...ref, channel: 'email', personHash: hash, sendId: rows[0]?.send_id });
    expect(links.read(linkIn(second!))?.sendId).toBe(rows[1]?.send_id);
  });

  it('is found again by its own words after a cut connection, and not sent twice', async () => {
    await sends.work(ref, { enrol: [mails(1)] });
    const match = { method: 'POST', path: '/conversations/messages' };
    await control(standIn, 'faults', { match, times: 1, dropAfterHandling: true });
    await touch(0);
    for (const minutes of [2, 6, 16]) await touch(minutes);
    const { rows } = await db.pool.query(`select state from outbox where location_id = $1 and channel = 'email'`, [
      ref.locationId,
    ]);
    expect(rows).toEqual([{ state: 'sent' }]);
  });

  it('waits for our own address as long as nobody knows it', async () => {
    publicUrl = undefined;
    await sends.work(ref, { enrol: [mails(1)] });
    await touch(0);
    expect([await sent(), (await lastVerdict())?.then, await wordsSaid()]).toEqual([
      [],
      'hold',
      'an e-mail needs a link to unsubscribe',
    ]);
    publicUrl = 'https://leads.example.com';
    for (const minutes of [7 * 60, 7 * 60 + 1]) await touch(minutes);
    expect((await sent()).map(({ type }) => type)).toEqual(['Email', 'SMS']);
  });
});

describe('a location without a postal address', () => {
  it('sends no e-mail that solicits; texts and what answers a person need none', async () => {
    await begin(null);
    await sends.work(ref, { enrol: [mails(1)] });
    await touch(0);
    expect([await sent(), await wordsSaid()]).toEqual([[], 'an e-mail needs its postal address']);
    await db.pool.query(
      `insert into messages (location_id, contact_id, message_key, direction, channel, body, at)
        values ($1, $2, 'theirs', 'inbound', 'email', 'Is it free?', $3)`,
      [ref.locationId, ref.contactId, later(0)],
    );
    const answer = { channel: 'email', purpose: 'answer', content: { subject: 'Re', body: 'It is.' } } as const;
    await sends.claim(ref, 'answer', answer);
    await touch(1);
    expect(await sent()).toMatchObject([{ type: 'Email', message: 'It is.' }]);
  });
});

describe('a person who wants no more e-mails', () => {
  beforeEach(() => begin());

  it('by our link gets texts as before, is shown so in the CRM, and e-mails again once it is taken back', async () => {
    await sends.work(ref, { enrol: [mails(2)] });
    await touch(0);
    const grant = links.read(linkIn((await sent())[0]!))!;
    const used = async (bars: boolean, minutes: number): Promise<void> => {
      now = later(minutes);
      const type = bars ? consentEvents.unsubscribed : consentEvents.resubscribed;
      const event = consentEvent(ref, type, { key: `${minutes}`, at: now }, sha256);
      const link = { of: 'us', personHashes: [grant.personHash], channel: 'email', bars } as const;
      await worked((await sends.inbox.accept({ ...event, link })).inboxId);
    };
    await used(true, 0.5);
    expect(await emailDnd()).toBe('active');
    for (const minutes of [1, 2]) await touch(minutes);
    expect((await sent()).map(({ type }) => type)).toEqual(['Email', 'SMS']);
    await used(false, 3);
    expect(await emailDnd()).toBe('inactive');
    const { items } = await sends.leads.timeline(ref, 50);
    const said = items.map(({ summary }) => summary).join(' ');
    expect(said).toContain('The lead unsubscribed by the link in an e-mail; no more e-mails are sent.');
    expect(said).toContain('The lead took back on its page that it had unsubscribed from e-mails.');
    await sends.work(ref, { enrol: [{ ...mails(1), key: 'later' }] });
    await touch(10);
    expect((await sent()).map(({ type }) => type)).toEqual(['Email', 'SMS', 'Email']);
  });

  it('by the CRM’s own link, of which nobody told us, is believed when the CRM refuses: for all contacts with the address', async () => {
    const twin = newRef(ref.locationId);
    await inCrm({ email: EMAIL, phone: '+12125550143' }, twin);
    await sends.work(ref, { enrol: [mails(2)] });
    await touch(0);
    const { rows } = await db.pool.query<{ vendor_id: string }>(
      `select vendor_id from outbox where location_id = $1 and state = 'sent'`,
      [ref.locationId],
    );
    await control(standIn, 'email-stats', { messageId: rows[0]?.vendor_id, event: 'unsubscribed' });
    // The database goes away in the moment of the refusal.
    await expect(whileAway(db.pool, 'timeline', () => touch(1))).rejects.toMatchObject({ code: 'STORE_AWAY' });
    const suppressions = createSuppressionStore(db.tenants);
    const hash = personHash(KEY, 'robin@example.com');
    expect(await suppressions.holding(ref.locationId, hash, 'email')).toEqual(['unsubscribe']);
    const { rows: told } = await db.pool.query<{ inbox_id: string }>(
      `select inbox_id from inbox where location_id = $1 and type = 'lead.barred'`,
      [ref.locationId],
    );
    await worked(told[0]!.inbox_id);
    expect(await emailDnd()).toBe('active');
    // The other contact is subscribed there, and the person is the same.
    await sends.work(twin, { enrol: [mails(1)] });
    for (const minutes of [2, 3]) await touch(minutes, twin);
    expect((await sent(twin)).map(({ type }) => type)).toEqual(['SMS']);
  });
});
