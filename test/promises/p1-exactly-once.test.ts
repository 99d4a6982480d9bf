import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { installBrokerage, READY, type Brokerage, type Contact } from '../support/brokerage.ts';
import { startProduct, type Product } from '../support/product.ts';
import { until } from '../support/until.ts';

/** P1: a webhook answered 2xx takes effect exactly once, across crashes of any process. */

let product: Product;
let team: Brokerage;

beforeAll(async () => {
  product = await startProduct('p1', { paused: true });
  team = await installBrokerage(product);
});

afterEach(() => product.gates.openAll());
afterAll(() => product?.stop());

describe('one event', () => {
  it('takes effect once, though it comes fifty times at once', async () => {
    const contact = await team.contact();
    const event = team.contactEvent('ContactCreate', contact);
    // Each is delivered until it is acknowledged: a busy door may ask for another try.
    const ids = await Promise.all(Array.from({ length: 50 }, () => team.deliver(event)));
    expect(new Set(ids).size).toBe(1);
    await welcomed(contact);
    await expectWelcomedOnce(contact);
  });

  it('takes effect once when the process is killed between the CRM calls of its plan and the note that they were made', async () => {
    // Both at once, as each waits until Temporal misses the killed worker's heartbeat. What the first one has left to do is nothing,
    // so it cannot come to the point that is held for the second.
    const after = await team.contact({ dnd: true });
    const before = await team.contact({ dnd: true });
    await killedAt('apply.after-call', after);
    expect(await applied(after)).toBe(true);
    await killedAt('apply.before-call', before, { quiet: false });
    expect(await applied(before)).toBe(false);
    for (const contact of [after, before]) await expectAppliedOnce(contact);
  });

  it.each(['decide.after-commit', 'relay.before-mark'])(
    'takes effect once when the process is killed at %s',
    async (point) => {
      const contact = await team.contact({ dnd: true });
      const { eventId } = await killedAt(point, contact);
      await expectAppliedOnce(contact);
      expect(await team.verdictOf(await eventId)).toMatchObject({ verdict: 'worked' });
    },
  );

  it.each(['door.after-commit', 'door.before-commit'])(
    'takes effect once when the process is killed at %s, and GHL delivers it again',
    async (point) => {
      const contact = await team.contact();
      const { eventId } = await killedAt(point, contact);
      await welcomed(contact);
      await expectWelcomedOnce(contact);
      expect(await team.verdictOf(await eventId)).toMatchObject({ verdict: 'worked' });
    },
  );

  it('is set aside with its reason when it cannot be read, while what comes before and after it is worked', async () => {
    const contact = await team.contact();
    await team.deliver(team.contactEvent('ContactCreate', contact));
    await welcomed(contact);
    const event = team.messageEvent(contact, 'Is it still free?');
    await storedUnreadable(event['webhookId'] as string);
    const poison = team.deliver(event);
    const neighbour = await team.deliver(team.messageEvent(contact, 'I would like to see it on Friday, please.'));
    const other = await team.contact();
    await team.deliver(team.contactEvent('ContactCreate', other));
    await welcomed(other);
    await team.settled();
    expect(await team.verdictOf(await poison)).toMatchObject({ verdict: 'parked', reason: expect.any(String) });
    expect(await team.verdictOf(neighbour)).toMatchObject({ verdict: 'worked' });
  });

  /** As if the disk had lost it: the row of this event holds bytes that are no JSON from its first moment on. */
  async function storedUnreadable(eventKey: string): Promise<void> {
    await product.sql(`create or replace function spoil() returns trigger language plpgsql as $spoil$
      begin
        if new.event_key = '${eventKey}' then new.body := '\\xfffe'; end if;
        return new;
      end $spoil$`);
    await product.sql('create or replace trigger spoil before insert on inbox for each row execute function spoil()');
  }
});

describe('events of one contact', () => {
  it('end in the newest state whatever the order in which they come', async () => {
    const tags = [...READY, 'Qualified'];
    const contact = await team.contact({ tags });
    const [old, newer] = [minutesAgo(2), minutesAgo(1)];
    await team.deliver(team.contactEvent('ContactTagUpdate', contact, { timestamp: newer }));
    await team.deliver(team.contactEvent('ContactCreate', contact, { timestamp: old, tags: READY }));
    await team.settled();
    // The newer news carries a stop tag: the older, which came last, must not wake anything.
    expect((await team.lead(contact)).tags).toEqual(tags);
    expect(await team.effects(contact)).toEqual([]);
  });

  it('leave a deleted contact alone, also when its creation is heard of after its deletion', async () => {
    const contact = await team.contact();
    await team.deliver(team.contactEvent('ContactDelete', contact, { timestamp: minutesAgo(1) }));
    await team.deliver(team.contactEvent('ContactCreate', contact, { timestamp: minutesAgo(2) }));
    await team.deliver(team.messageEvent(contact, 'Are you there?'));
    await team.settled();
    expect(await team.lead(contact)).toMatchObject({ stage: 'gone' });
    expect((await team.lead(contact)).next).toBeUndefined();
    expect(await team.effects(contact)).toEqual([]);
  });

  it('leave a contact alone that the CRM does not have any more', async () => {
    const real = await team.contact();
    const contact = { ...real, id: `${real.id}x` };
    await team.deliver(team.contactEvent('ContactCreate', contact));
    await until(async () => (await leadOf(contact))?.stage === 'gone');
    await team.settled();
    expect(await team.effects(contact)).toEqual([]);
  });
});

describe('an acknowledged event', () => {
  it('is worked after every process was killed right after the acknowledgement', async () => {
    const contacts = await Promise.all(Array.from({ length: 10 }, () => team.contact()));
    const ids = await Promise.all(contacts.map((contact) => team.deliver(team.contactEvent('ContactCreate', contact))));
    await product.kill('everything');
    await product.start();
    await team.settled(120_000);
    const inbox = await team.inbox();
    for (const id of ids) expect(inbox.find(({ inboxId }) => inboxId === id)).toMatchObject({ verdict: 'worked' });
    for (const contact of contacts) {
      const effects = await team.effects(contact);
      expect(effects.filter((effect) => effect !== 'SMS').toSorted()).toEqual(['fields cold 52', 'tag +Cold-Lead']);
      expect(effects.filter((effect) => effect === 'SMS').length).toBeLessThanOrEqual(1);
    }
  });
});

/** Kills the app when it stands at the point with this contact's creation, and starts it again. GHL goes on delivering meanwhile. */
async function killedAt(point: string, contact: Contact, { quiet = true } = {}): Promise<{ eventId: Promise<string> }> {
  // Nobody else may come to the point: what went before is through.
  if (quiet) await team.settled();
  product.gates.hold(point);
  const eventId = team.deliver(team.contactEvent('ContactCreate', contact));
  await product.gates.reached(point);
  await product.kill();
  product.gates.open(point);
  await product.start();
  return { eventId };
}

const LIMIT_MS = 120_000;

/** The contact was written to, and nothing is left to do for anybody. */
async function welcomed(contact: Contact): Promise<void> {
  await until(async () => (await team.effects(contact)).includes('SMS'), LIMIT_MS);
  await until(() => applied(contact), LIMIT_MS);
  await team.settled(LIMIT_MS);
}

/** For contacts that nobody may write to: what is left is the plan in the CRM. A text under way would take minutes to be settled. */
async function expectAppliedOnce(contact: Contact): Promise<void> {
  await until(() => applied(contact), LIMIT_MS);
  await team.settled(LIMIT_MS);
  expect((await team.effects(contact)).toSorted()).toEqual(['fields cold 52', 'tag +Cold-Lead']);
}

async function applied(contact: Contact): Promise<boolean> {
  const effects = await team.effects(contact);
  return effects.some((effect) => effect.startsWith('tag')) && effects.some((effect) => effect.startsWith('fields'));
}

async function expectWelcomedOnce(contact: Contact): Promise<void> {
  expect((await team.effects(contact)).toSorted()).toEqual(['SMS', 'fields cold 52', 'tag +Cold-Lead']);
}

function leadOf(contact: Contact): Promise<{ stage: string } | undefined> {
  return product
    .sql<{ stage: string }>(`select stage from leads where location_id = $1 and contact_id = $2`, [
      team.locationId,
      contact.id,
    ])
    .then(([row]) => row);
}

function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * 60_000).toISOString();
}
