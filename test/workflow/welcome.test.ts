import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { createResumption } from '../../workers/resumption.ts';
import { createLeadEnv, type LeadEnv } from '../support/lead-env.ts';
import { freshPhone, HOUR, MINUTE, NEW_YORK, playWith } from '../support/lead-play.ts';
import { until } from '../support/until.ts';

let env: LeadEnv;
let play: ReturnType<typeof playWith>;

const whole = { sms: 1, email: 1, tasks: 1, triedSends: 2 };

beforeAll(async () => {
  env = await createLeadEnv();
  play = playWith(env);
});

afterEach(() => play.endAll());
afterAll(() => env.close());

type Ref = Awaited<ReturnType<typeof play.newLead>>;

/** A new lead at ten in the morning. */
async function atTen(person = {}): Promise<Ref> {
  await env.time.skipTo(NEW_YORK, '10:00');
  return play.newLead(person);
}

async function after(ms: number, ref: Ref): Promise<void> {
  await env.time.skip(ms);
  await play.settled(ref);
}

/** How far the welcome has come when something happens. */
const points = [
  { name: 'before the text', night: true, wait: 0, reached: { sms: 0, email: 0, tasks: 0 } },
  { name: 'between text and e-mail', night: false, wait: 5 * MINUTE, reached: { sms: 1, email: 0, tasks: 0 } },
  { name: 'between e-mail and call', night: false, wait: 2 * HOUR, reached: { sms: 1, email: 1, tasks: 0 } },
  { name: 'after the call', night: false, wait: 25 * HOUR, reached: { sms: 1, email: 1, tasks: 1 } },
];

async function leadAt(point: (typeof points)[number], person = {}): Promise<Ref> {
  await env.time.skipTo(NEW_YORK, point.night ? '22:30' : '10:00');
  const ref = await play.newLead(person);
  if (point.wait > 0) {
    await after(Math.min(point.wait, 31 * MINUTE), ref);
    if (point.wait > HOUR) await after(point.wait - 31 * MINUTE, ref);
  }
  expect(await play.effects(ref)).toMatchObject(point.reached);
  return ref;
}

/** Nothing more goes out however long one waits, neither tried nor done. */
async function nothingMore(ref: Ref): Promise<void> {
  const before = await play.effects(ref);
  await after(4 * 24 * HOUR, ref);
  expect(await play.effects(ref)).toEqual(before);
}

describe('the welcome of a new lead', () => {
  it('texts at once, writes an e-mail after half an hour, has somebody call after a day, each once, and is over', async () => {
    const ref = await atTen();
    expect(await play.effects(ref)).toEqual({ sms: 1, email: 0, tasks: 0, triedSends: 1 });
    await after(29 * MINUTE, ref);
    expect(await play.effects(ref)).toMatchObject({ email: 0 });
    await after(2 * MINUTE, ref);
    expect(await play.effects(ref)).toEqual({ sms: 1, email: 1, tasks: 0, triedSends: 2 });
    await after(23 * HOUR, ref);
    expect(await play.effects(ref)).toMatchObject({ tasks: 0 });
    await after(HOUR, ref);
    expect(await play.effects(ref)).toEqual(whole);
    expect(await play.enrolments(ref)).toEqual(['completed']);
    expect((await play.view(ref)).waitingFor).toBe('the next event; nothing is planned');
    await nothingMore(ref);
  });

  it.each(points)('sends nothing more after a reply $name', async (point) => {
    const ref = await leadAt(point);
    await play.says(ref, 'We are looking for three bedrooms near the park');
    await play.settled(ref);
    await nothingMore(ref);
    expect(await play.effects(ref)).toMatchObject(point.reached);
    expect(await play.enrolments(ref)).toEqual([point.reached.tasks === 1 ? 'completed' : 'reply']);
  });

  it.each(points)('sends nothing more after STOP $name, to nobody who shares the phone', async (point) => {
    const phone = freshPhone();
    const ref = await leadAt(point, { phone });
    await play.says(ref, 'STOP');
    await play.settled(ref);
    const { rows } = await env.pool.query<{ channel: string }>(
      'select channel from suppressions where person_hash = $1 and lifted_at is null order by channel',
      [env.deps.personHash(phone)],
    );
    expect(rows.map(({ channel }) => channel)).toEqual(['email', 'sms']);
    const other = await play.newLead({ phone, email: '' });
    await env.time.skipTo(NEW_YORK, '11:00');
    await play.settled(other);
    expect(await play.effects(other)).toMatchObject({ sms: 0, triedSends: 0 });
    await nothingMore(ref);
    expect(await play.effects(ref)).toMatchObject(point.reached);
    expect(await play.enrolments(ref)).toEqual([point.reached.tasks === 1 ? 'completed' : 'opt-out']);
  });

  it('ends when a stop tag is put on', async () => {
    const ref = await atTen();
    await play.tags(ref, ['Hit List', 'sms-consent', 'AI-Off']);
    await play.settled(ref);
    await nothingMore(ref);
    expect(await play.effects(ref)).toMatchObject({ sms: 1, email: 0, tasks: 0 });
    expect(await play.enrolments(ref)).toEqual(['stop tag']);
  });

  it('ends when somebody of the team writes by hand, and says that a person works the lead', async () => {
    const ref = await atTen();
    await play.humanWrites(ref, 'Hello, this is your agent');
    const view = await play.settled(ref);
    expect(view).toMatchObject({ state: 'taken-over', nextAt: null });
    await nothingMore(ref);
    expect(await play.effects(ref)).toMatchObject({ sms: 1, email: 0, tasks: 0 });
    expect(await play.enrolments(ref)).toEqual(['takeover']);
  });

  it('keeps still while paused and goes on where it was when resumed', async () => {
    const ref = await atTen();
    expect(await play.act(ref, 'pause')).toEqual({ state: 'paused' });
    await play.settled(ref);
    await after(5 * HOUR, ref);
    expect(await play.effects(ref)).toMatchObject({ sms: 1, email: 0 });
    expect(await play.act(ref, 'resume')).toEqual({ state: 'active' });
    await play.settled(ref);
    expect(await play.effects(ref)).toMatchObject({ sms: 1, email: 1, tasks: 0 });
    await after(20 * HOUR, ref);
    expect(await play.effects(ref)).toEqual(whole);
  });

  it('ends with the deletion of the contact, and its workflow with it', async () => {
    const ref = await atTen();
    await env.deliver('ContactDelete', { ...ref.body });
    await play.handle(ref).result();
    expect(await play.enrolments(ref)).toEqual(['contact deleted']);
    expect((await play.handle(ref).describe()).status.name).toBe('COMPLETED');
    expect(await play.effects(ref)).toMatchObject({ sms: 1, email: 0, tasks: 0 });
  });
});

describe('who may be texted', () => {
  it('without written consent has somebody called instead of texted', async () => {
    const ref = await atTen({ tags: ['Hit List'] });
    await play.settled(ref);
    expect(await play.effects(ref)).toMatchObject({ sms: 0, tasks: 1, triedSends: 0 });
    await nothingMoreBut({ sms: 0, email: 0, tasks: 2 }, ref);
  });

  it('welcomes a person once, by however many contacts the team has of it', async () => {
    const phone = freshPhone();
    const refs = [await atTen({ phone })];
    for (let more = 0; more < 3; more += 1) refs.push(await play.newLead({ phone }));
    const sum = async () => {
      const all = await Promise.all(refs.map((ref) => play.effects(ref)));
      return { sms: all.reduce((n, { sms }) => n + sms, 0), email: all.reduce((n, { email }) => n + email, 0) };
    };
    expect(await sum()).toEqual({ sms: 1, email: 0 });
    for (const ref of [...refs, ...refs]) await after(23 * HOUR, ref);
    expect(await sum()).toEqual({ sms: 1, email: 1 });
    const twice = await Promise.all(refs.slice(1).map((ref) => play.outbox(ref)));
    expect(twice.every((rows) => rows.includes('sms first-text cancelled'))).toBe(true);
  });

  it('never texts for news that was old when it came: somebody calls', async () => {
    await env.time.skipTo(NEW_YORK, '10:00');
    const ref = await play.contact();
    await play.created(ref, new Date(env.time.now().getTime() - 16 * MINUTE));
    await play.settled(ref);
    expect(await play.effects(ref)).toMatchObject({ sms: 0, email: 0, tasks: 1 });
    await nothingMore(ref);
  });
});

describe('a text whose outcome is not known', () => {
  it('is found when it is read back after a minute: sent, once', async () => {
    await play.fault({ dropAfterHandling: true });
    const ref = await atTen();
    expect(await play.outbox(ref)).toEqual(['sms first-text unknown']);
    await after(61_000, ref);
    expect(await play.outbox(ref)).toEqual(['sms first-text sent']);
    await after(25 * HOUR, ref);
    expect(await play.effects(ref)).toEqual(whole);
  });

  it('is not found after 1, 5 and 15 minutes: parked for a human, never sent again', async () => {
    await play.fault({ status: 500 });
    const ref = await atTen();
    for (const minutes of [2, 4]) {
      await after(minutes * MINUTE, ref);
      expect(await play.outbox(ref)).toEqual(['sms first-text unknown']);
    }
    await after(10 * MINUTE, ref);
    expect(await play.outbox(ref)).toEqual(['sms first-text parked']);
    await after(26 * HOUR, ref);
    expect(await play.effects(ref)).toEqual({ sms: 0, email: 1, tasks: 1, triedSends: 2 });
  });
});

describe('a text that GHL does not take', () => {
  it('is tried again when GHL was too busy, after the time GHL asked for', async () => {
    await play.fault({ status: 429, headers: { 'retry-after': '90' } });
    const ref = await atTen();
    expect(await play.outbox(ref)).toEqual(['sms first-text not-sent']);
    await after(60_000, ref);
    expect(await play.effects(ref)).toMatchObject({ sms: 0, triedSends: 1 });
    await after(31_000, ref);
    expect(await play.effects(ref)).toMatchObject({ sms: 1, triedSends: 2 });
    expect(await unapplied(ref)).toBe(0);
  });

  it('holds the rest of the plan back as well: both wait as long as GHL asked, and each is done once', async () => {
    await env.time.skipTo(NEW_YORK, '10:00');
    const ref = await play.contact();
    const refused = async () => (await play.outbox(ref)).includes('sms first-text not-sent');
    await play.fault({ status: 429, headers: { 'retry-after': '90' } });
    const { pauses } = env.deps;
    const at = (point: string) => (point === 'apply.before-call' ? until(refused) : pauses.at(point));
    Object.assign(env.deps, { pauses: { at } });
    try {
      await play.created(ref);
      await play.settled(ref);
    } finally {
      Object.assign(env.deps, { pauses });
    }
    expect(await play.outbox(ref)).toEqual(['sms first-text not-sent']);
    expect(await unapplied(ref)).toBeGreaterThan(0);
    const before = await play.calls(ref);
    await after(60_000, ref);
    expect(await play.calls(ref)).toBe(before);
    expect(await unapplied(ref)).toBeGreaterThan(0);
    await after(31_000, ref);
    expect(await play.effects(ref)).toMatchObject({ sms: 1, triedSends: 2 });
    expect(await unapplied(ref)).toBe(0);
    await after(24 * HOUR, ref);
    expect(await play.effects(ref)).toMatchObject({ sms: 1, email: 1, triedSends: 3 });
  });

  it('is refused for good when GHL says do-not-disturb, and the welcome goes on without it', async () => {
    await play.fault({
      status: 400,
      body: { statusCode: 400, message: 'Cannot send message as DND is active for SMS.' },
    });
    const ref = await atTen();
    expect(await play.outbox(ref)).toEqual(['sms first-text refused']);
    await after(25 * HOUR, ref);
    expect(await play.effects(ref)).toEqual({ sms: 0, email: 1, tasks: 1, triedSends: 2 });
  });
});

describe('when things go wrong', () => {
  it('sets an event aside that cannot be read, with its reason, counts it, and works the next one', async () => {
    const ref = await atTen();
    const accepted = await env.deps.inbox.accept({
      ...{ source: 'marketplace', eventKey: randomUUID(), bodyHash: 'unreadable', type: 'ContactUpdate' },
      ...{ kind: 'contact.updated', locationId: ref.locationId, contactId: ref.contactId },
      ...{ occurredAt: env.time.now().toISOString(), body: Buffer.from('not JSON'), headers: {} },
    });
    const { inboxId } = accepted;
    await env.signal({ ...ref, inboxId, kind: 'contact.updated', type: 'ContactUpdate', receivedAt: '' });
    await play.says(ref, 'Is it still for sale?');
    await play.settled(ref);
    expect(await env.deps.inbox.load(inboxId)).toMatchObject({ verdict: 'parked', reason: 'EVENT_UNKNOWN' });
    expect(env.measured.filter(({ kind }) => kind === 'verdict')).toEqual([{ kind: 'verdict', verdict: 'parked' }]);
    expect(await play.enrolments(ref)).toEqual(['reply']);
  });

  it('goes on with the welcome after Temporal has lost the lead', async () => {
    const ref = await atTen();
    await play.handle(ref).terminate('as if its store was lost');
    const arrivals: Promise<void>[] = [];
    const resumption = createResumption(env.deps, (row) => void arrivals.push(env.arrive(row)));
    const underWay = [];
    for await (const { contactId } of env.deps.leads.underWay()) underWay.push(contactId);
    expect(underWay).toContain(ref.contactId);
    await resumption.resumeLead({ locationId: ref.locationId, contactId: ref.contactId }, randomUUID());
    await Promise.all(arrivals);
    expect(arrivals).toHaveLength(1);
    await play.settled(ref);
    await after(31 * MINUTE, ref);
    await after(24 * HOUR, ref);
    expect(await play.effects(ref)).toEqual(whole);
    expect(await play.enrolments(ref)).toEqual(['completed']);
  });
});

/** How many versions of the lead's plan the CRM does not show yet. */
async function unapplied(ref: Ref): Promise<number> {
  const plan = await env.deps.leads.plan(ref);
  if (plan === undefined) throw new Error('the lead has no plan');
  return plan.version - plan.applied;
}

async function nothingMoreBut(expected: object, ref: Ref): Promise<void> {
  await after(4 * 24 * HOUR, ref);
  expect(await play.effects(ref)).toMatchObject(expected);
}
