import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { installBrokerage, MESSAGES, zoneAt, type Brokerage, type Contact } from '../support/brokerage.ts';
import { startProduct, type Product } from '../support/product.ts';
import { until } from '../support/until.ts';

/**
 * P2: no lead gets two messages for one step, nor any message after opt-out, outside the hours and over the cap, without the consent it
 * needs, or while a human has taken over.
 *
 * What a kill or a fault leaves open is read back after a minute or more, in real time. So it is caused first, and looked at last.
 */

let product: Product;
let team: Brokerage;
/** Contacts whose text was cut short by a kill at this point. */
const cut: Record<string, Contact> = {};
/** Contacts whose text met this fault of the vendor. */
const faulted: Record<string, Contact> = {};

const LIMIT_MS = 120_000;

beforeAll(async () => {
  product = await startProduct('p2', { paused: true });
  team = await installBrokerage(product);
  await publish({
    key: 'two-texts',
    steps: [text('first', 'PT0S', 'First text'), text('second', 'PT30S', 'Second text')],
  });
  await publish({ key: 'many-texts', steps: [1, 2, 3, 4, 5].map((n) => text(`text-${n}`, `PT${n}S`, `Text ${n}`)) });
});

afterEach(() => product.gates.openAll());
afterAll(() => product?.stop());

describe('a text under way', () => {
  it('is known for what it is after the process was killed before, during and after it', async () => {
    // The deepest first, each with a contact of its own: one kill meets all four.
    for (const point of ['send.after-settle', 'send.after-vendor', 'send.before-vendor', 'send.after-claim']) {
      product.gates.hold(point);
      cut[point] = await newLead();
      await product.gates.reached(point);
    }
    await product.kill();
    product.gates.openAll();
    await product.start();
    expect(await soFar('send.after-settle')).toEqual({ texts: 1, state: 'sent' });
    expect(await soFar('send.after-vendor')).toEqual({ texts: 1, state: 'sending' });
    expect(await soFar('send.before-vendor')).toEqual({ texts: 0, state: 'sending' });
    expect((await team.texts(cut['send.after-claim']!)).length).toBeLessThanOrEqual(1);
  });

  it('is sent again only when the vendor surely did not take it', async () => {
    // It comes back after a minute or more, and would take a gate or a fault that is meant for another.
    await until(async () => (await stateOf(cut['send.after-claim']!)) === 'sent', 240_000);
    for (const [name, how] of Object.entries({
      cut: { dropAfterHandling: true },
      broken: { status: 500 },
      silent: { hang: true },
      limited: { status: 429, headers: { 'retry-after': '1' } },
    })) {
      await team.fault('POST', MESSAGES, how);
      faulted[name] = await newLead();
      await until(async () => (await stateOf(faulted[name]!)) !== 'claimed', LIMIT_MS);
      await until(async () => (await stateOf(faulted[name]!)) !== 'sending', LIMIT_MS);
    }
    // The vendor did it before the connection was cut: its own report of the message proves so.
    await until(async () => (await stateOf(faulted['cut']!)) === 'sent', LIMIT_MS);
    expect(await team.texts(faulted['cut']!)).toHaveLength(1);
    expect(await stateOf(faulted['broken']!)).toBe('unknown');
    expect(await stateOf(faulted['silent']!)).toBe('unknown');
    await until(async () => (await stateOf(faulted['limited']!)) === 'sent', LIMIT_MS);
    expect(await team.texts(faulted['limited']!)).toHaveLength(1);
  }, 600_000);
});

describe('nothing is sent', () => {
  it('to whoever opts out between the claim and the gate', async () => {
    product.gates.hold('send.after-claim');
    const contact = await newLead();
    await product.gates.reached('send.after-claim');
    await team.deliver(team.messageEvent(contact, 'STOP'));
    product.gates.open('send.after-claim');
    await until(async () => (await stateOf(contact)) === 'cancelled', LIMIT_MS);
    await team.settled(LIMIT_MS);
    expect(await team.lead(contact)).toMatchObject({ stage: 'opted-out' });
    expect((await team.lead(contact)).next).toBeUndefined();
    expect(await team.texts(contact)).toEqual([]);
  });

  it('from the moment in which everything is paused, until it is resumed; then once', async () => {
    product.gates.hold('send.after-claim');
    const contact = await newLead();
    await product.gates.reached('send.after-claim');
    await leadwright('pause', '--all');
    product.gates.open('send.after-claim');
    await until(async () => (await closedBy(contact)).includes('location'), LIMIT_MS);
    expect(await team.texts(contact)).toEqual([]);
    await leadwright('resume', '--all');
    await until(async () => (await team.texts(contact)).length > 0, LIMIT_MS);
    await team.settled(LIMIT_MS);
    expect(await team.texts(contact)).toHaveLength(1);
  });

  it('without written consent: a person is asked to call instead', async () => {
    const contact = await newLead({ tags: ['Hit List'] });
    await until(async () => (await team.effects(contact)).includes('task'), LIMIT_MS);
    await team.settled(LIMIT_MS);
    expect(await team.effects(contact)).not.toContain('SMS');
    expect((await team.effects(contact)).filter((effect) => effect === 'task')).toHaveLength(1);
  });

  it('at night: it waits for the morning in the zone of the lead', async () => {
    const contact = await newLead({ timezone: zoneAt(2) });
    await until(async () => (await closedBy(contact)).includes('quiet-hours'), LIMIT_MS);
    await team.settled(LIMIT_MS);
    expect(await team.texts(contact)).toEqual([]);
    const { next } = await team.lead(contact);
    expect(next?.what).toContain('SMS');
    expect(Date.parse(next!.at)).toBeGreaterThan(Date.now());
  });

  it('over three in 24 hours, however many are due', async () => {
    const contact = await newLead();
    await until(async () => (await team.texts(contact)).length === 1, LIMIT_MS);
    await team.act(contact, 'enrol', { sequence: 'many-texts' });
    await until(async () => (await closedBy(contact)).includes('cap'), LIMIT_MS);
    expect((await team.texts(contact)).slice(1)).toEqual([body('Text 1'), body('Text 2')]);
  });

  it('after a reply, a stop or a takeover, while whoever kept silent gets each text once', async () => {
    const contacts = await Promise.all([1, 2, 3, 4].map(() => newLead()));
    const [silent, replied, stopped, taken] = contacts as [Contact, Contact, Contact, Contact];
    for (const contact of contacts) await until(async () => (await team.texts(contact)).length === 1, LIMIT_MS);
    const acts: [Contact, () => Promise<unknown>][] = [
      [replied, () => team.deliver(team.messageEvent(replied, 'Thank you, tell me more'))],
      [stopped, () => team.act(stopped, 'stop')],
      [taken, () => team.act(taken, 'take-over')],
    ];
    const enrol = (contact: Contact) => team.act(contact, 'enrol', { sequence: 'two-texts' });
    await Promise.all(
      acts.map(async ([contact, act]) => {
        await enrol(contact);
        await until(async () => (await team.texts(contact)).includes(body('First text')), LIMIT_MS);
        await act();
      }),
    );
    // Last: once its second text has gone, that of each other would have gone too.
    await enrol(silent);
    await until(async () => (await team.texts(silent)).includes(body('Second text')), LIMIT_MS);
    await team.settled(LIMIT_MS);
    expect((await team.texts(silent)).slice(1)).toEqual([body('First text'), body('Second text')]);
    for (const contact of [replied, stopped, taken]) {
      expect((await team.texts(contact)).slice(1)).toEqual([body('First text')]);
    }
    expect(await team.lead(taken)).toMatchObject({ state: 'taken-over' });
    expect((await team.lead(taken)).next).toBeUndefined();
  });
});

describe('in the end', () => {
  it('every text that went out is known to have gone out, though a kill or a cut connection hid it', async () => {
    const contacts = [cut['send.after-settle']!, cut['send.after-vendor']!, faulted['cut']!];
    for (const contact of contacts) {
      await until(async () => (await stateOf(contact)) === 'sent', 240_000);
      expect(await team.texts(contact)).toHaveLength(1);
    }
  });

  it('what was claimed and never tried is sent once', async () => {
    const contact = cut['send.after-claim']!;
    await until(async () => (await stateOf(contact)) === 'sent', 240_000);
    expect(await team.texts(contact)).toHaveLength(1);
  });

  it('what may or may not have gone out is never sent again by itself, and the next look for it is planned', async () => {
    for (const contact of [cut['send.before-vendor']!, faulted['broken']!, faulted['silent']!]) {
      await until(async () => (await sendOf(contact))?.reason === 'not found yet', 240_000);
      expect(await sendOf(contact)).toMatchObject({ state: 'unknown', checkAt: expect.any(Date) });
      expect((await team.lead(contact)).next?.what).toContain('checking whether an SMS went out');
      expect(await team.texts(contact)).toEqual([]);
    }
  });
});

/** A contact that has just come in, of which GHL tells us. */
async function newLead(over: Partial<Contact> = {}): Promise<Contact> {
  const contact = await team.contact(over);
  await team.deliver(team.contactEvent('ContactCreate', contact));
  return contact;
}

async function sendOf(contact: Contact) {
  return (await team.outbox(contact)).find(({ step }) => step === 'first-text');
}

async function stateOf(contact: Contact): Promise<string> {
  return (await sendOf(contact))?.state ?? 'claimed';
}

async function soFar(point: string): Promise<{ texts: number; state: string }> {
  const contact = cut[point]!;
  return { texts: (await team.texts(contact)).length, state: await stateOf(contact) };
}

/** Which checks of the gate have held something back from this contact. */
async function closedBy(contact: Contact): Promise<(string | null)[]> {
  const rows = await product.sql<{ closed_by: string | null }>(
    `select closed_by from gate_verdicts where location_id = $1 and contact_id = $2 and not open`,
    [team.locationId, contact.id],
  );
  return rows.map((row) => row.closed_by);
}

function text(key: string, offset: string, words: string): object {
  return { key, channel: 'sms', offset, anchor: 'enrolment', body: body(words, '{{location.name}}') };
}

/** Lint wants the sender and the way out said in a first text. */
function body(words: string, sender = 'Sample Realty'): string {
  return `${sender}: ${words}. Reply STOP to opt out.`;
}

/** A sequence that operators enrol into. */
async function publish({ key, steps }: { key: string; steps: object[] }): Promise<void> {
  const file = join(product.home, `${key}.json`);
  const exits = ['reply', 'opt-out', 'stop-tag', 'takeover'];
  const trigger = { on: 'operator' };
  await writeFile(
    file,
    JSON.stringify({ key, title: key, purpose: 'solicitation', priority: 10, trigger, exits, steps }),
  );
  await leadwright('sequences', 'publish', file);
}

async function leadwright(...args: string[]): Promise<void> {
  const root = resolve(import.meta.dirname, '../..');
  const line = ['cli/leadwright.mjs', ...args, '--json', '--home', product.home];
  await promisify(execFile)(process.execPath, line, { cwd: root });
}
