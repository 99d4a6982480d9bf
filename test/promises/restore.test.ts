import { execFile } from 'node:child_process';
import { rename } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { installBrokerage, zoneAt, type Brokerage, type Contact } from '../support/brokerage.ts';
import { productEnvironment, startProduct, type Product } from '../support/product.ts';
import { stopPostgres } from '../../sandbox/services/postgres.ts';
import { until } from '../support/until.ts';

/** Postgres is put back to an older backup, while GHL and Temporal remember what came after: nothing is sent twice. */

const LIMIT_MS = 300_000;
const NIGHT = 2;
const DAY = 13;

let product: Product;
let team: Brokerage;

beforeAll(async () => {
  product = await startProduct('restore', { paused: true });
  team = await installBrokerage(product);
  await product.api('POST', '/api/sequences', atOnce);
});

afterAll(() => product?.stop());

/** A text, an e-mail and a task, one right after the other. */
const atOnce = {
  ...{ key: 'new-lead-welcome', title: 'new-lead welcome', purpose: 'solicitation', priority: 50 },
  ...{ trigger: { on: 'lead.activated' }, exits: ['reply', 'opt-out', 'stop-tag', 'takeover'] },
  steps: [
    {
      ...{ key: 'text', channel: 'sms', offset: 'PT0S', anchor: 'enrolment' },
      body: 'Hi {{contact.firstName|there}}, this is {{location.name}}. Reply STOP to opt out.',
    },
    {
      ...{ key: 'mail', channel: 'email', offset: 'PT1S', anchor: 'previous', subject: 'Your plans' },
      body: 'Hi {{contact.firstName|there}},\n\nThis is {{location.name}}.\n\nReply STOP to opt out.',
    },
    {
      ...{ key: 'call', channel: 'call-task', offset: 'PT1S', anchor: 'previous', title: 'Call a new lead' },
      body: 'This lead has been welcomed. Please call.',
    },
  ],
};
const WELCOME = ['Email', 'SMS', 'task'];

describe('a restored backup', () => {
  it('leads to no second text, e-mail or task, keeps what was not sent, and heeds who opted out since', async () => {
    const waiting = await atNight();
    const optingOut = await atNight();
    const early = await team.contact();
    await team.deliver(team.contactEvent('ContactCreate', early));
    await welcomed(early);
    const { claimed, unworked } = await killedInTheMiddle();
    await stopped(async () => copyData('data', 'backup'));

    await product.start();
    const late = await team.contact();
    await team.deliver(team.contactEvent('ContactCreate', late));
    for (const contact of [claimed, unworked, late]) await welcomed(contact);
    await team.vendor('POST', 'inbound', { contactId: optingOut.id, type: 'SMS', body: 'Please stop texting me' });
    await team.settled(LIMIT_MS);
    await product.kill();
    for (const contact of [waiting, optingOut]) await byDay(contact);
    await stopped(async () => {
      await rename(at('data'), at('lost'));
      await copyData('backup', 'data');
    });

    // Nobody has said so, and the product notices by itself.
    await expect(product.start()).rejects.toMatchObject({
      cause: { message: expect.stringContaining('STORE_RESTORED') },
    });
    expect(await saidRestored()).toMatchObject({ restored: true });
    await product.start();
    // The lead that the database has never heard of is heard of again.
    await team.deliver(team.contactEvent('ContactUpdate', late, { companyName: 'Sample Homes' }));
    for (const contact of [waiting, claimed, unworked, late]) await allSettled(contact);
    await team.settled(LIMIT_MS);
    for (const contact of [early, claimed, unworked, late, waiting]) {
      expect((await sends(contact)).toSorted()).toEqual(WELCOME);
    }
    // Worked again, not merely not yet written to.
    await until(async () => (await team.lead(optingOut)).stage === 'opted-out', LIMIT_MS);
    expect(await sends(optingOut)).toEqual([]);
  }, 1_200_000);
});

async function atNight(): Promise<Contact> {
  const contact = await team.contact({ timezone: zoneAt(NIGHT) });
  await team.deliver(team.contactEvent('ContactCreate', contact));
  await until(async () => (await team.outbox(contact)).length > 0, LIMIT_MS);
  await team.settled(LIMIT_MS);
  return contact;
}

async function isStored({ id }: Contact): Promise<boolean> {
  return (await product.sql('select from inbox where contact_id = $1', [id])).length > 0;
}

function byDay(contact: Contact): Promise<unknown> {
  return team.vendor('POST', 'contacts', { ...contact, timezone: zoneAt(DAY), assignedTo: team.userId });
}

/** One send is claimed and one event stored, and then the process dies. */
async function killedInTheMiddle(): Promise<{ claimed: Contact; unworked: Contact }> {
  const [claimed, unworked] = [await team.contact(), await team.contact()];
  product.gates.hold('send.after-claim');
  await team.deliver(team.contactEvent('ContactCreate', claimed));
  await product.gates.reached('send.after-claim');
  product.gates.hold('door.after-commit');
  const delivery = team.post(team.contactEvent('ContactCreate', unworked)).catch(() => undefined);
  // GHL reports our own changes, too: who stands at the door may be another event.
  await until(() => isStored(unworked), LIMIT_MS);
  await product.kill();
  await delivery;
  product.gates.openAll();
  return { claimed, unworked };
}

/** Works on the database's files while nobody uses them. */
async function stopped(work: () => Promise<void>): Promise<void> {
  await stopPostgres(product.home);
  await work();
}

const at = (name: string) => join(product.home, 'services', 'postgres', name);

/** As a file-level backup does it: owners, modes and times kept. */
async function copyData(from: string, to: string): Promise<void> {
  await promisify(execFile)('cp', ['-a', at(from), at(to)]);
}

async function saidRestored(): Promise<unknown> {
  const env = productEnvironment({ home: product.home, port: 0, paused: false });
  const cwd = resolve(import.meta.dirname, '../..');
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['cli/leadwright.mjs', 'db', 'restored', '--json'], { cwd, env });
  return JSON.parse(stdout);
}

async function sends(contact: Contact): Promise<string[]> {
  return (await team.effects(contact)).filter((effect) => !/^(tag|fields)/.test(effect));
}

async function welcomed(contact: Contact): Promise<void> {
  await until(async () => (await sends(contact)).length >= WELCOME.length, LIMIT_MS);
  await team.settled(LIMIT_MS);
}

/** Every step of the contact's sequence is done, by whatever way. */
async function allSettled(contact: Contact): Promise<void> {
  await until(async () => {
    const steps = (await team.outbox(contact)).filter(({ step }) => step !== null);
    return steps.length >= WELCOME.length && steps.every(({ state }) => state === 'sent' || state === 'parked');
  }, LIMIT_MS);
}
