import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { MockActivityEnvironment } from '@temporalio/testing';
import { createAtOnce } from '../../activities/at-once.ts';
import { gather } from '../../activities/assist-gather.ts';
import { reply } from '../../activities/assist-reply.ts';
import type { Deps } from '../../activities/deps.ts';
import { createFollowUpActivities } from '../../activities/follow-up.ts';
import { createLeadActivities } from '../../activities/leads.ts';
import { replySend } from '../../domain/assistant/reply-tasks.ts';
import { readMessage } from '../../domain/leads/read-message.ts';
import { defaultSettings } from '../../domain/leads/settings.ts';
import { readEnvelope } from '../../domain/webhooks/envelope.ts';
import type { FeedRights } from '../../domain/market/rights.ts';
import { whileAway } from '../support/away.ts';
import { aListing, storeListings } from '../support/market-listings.ts';
import { beginLead, closeParts, db, noAssistant, openParts, parts, ref, sends } from '../support/parts.ts';
import { inboxEvent } from '../support/records.ts';

/** Replies that wait to go out, and what changes while they wait. */

const budgets = { modelDollarsPerDay: 5 };
let deps: Deps;
beforeAll(async () => {
  await openParts();
  // The rules are compiled with the first message that is read.
  readMessage('Hello', { optedOut: false });
});
afterAll(closeParts);
beforeEach(async () => {
  await beginLead({ settings: { ...defaultSettings, budgets, modes: { replies: 'auto' } } });
  deps = parts({ assistant: { ...noAssistant, present: true } });
});

const now = (): string => new Date().toISOString();

async function says(words: string): Promise<string> {
  const body = {
    ...{ type: 'InboundMessage', ...ref, id: ref.contactId, timestamp: now(), dateAdded: now() },
    ...{ messageType: 'SMS', direction: 'inbound', body: words, messageId: randomUUID() },
  };
  const { kind } = readEnvelope('marketplace', body);
  const { inboxId } = await sends.inbox.accept(
    inboxEvent(ref, { type: body.type, kind, occurredAt: body.timestamp, body: Buffer.from(JSON.stringify(body)) }),
  );
  const { work } = createLeadActivities(deps, createAtOnce(deps));
  await new MockActivityEnvironment().run(work, { ...ref, inboxId, kind, at: now(), thenAct: false });
  return inboxId;
}

/** A reply that goes out by itself; the vendor could not be asked yet. */
async function waits(createdAt = now(), homes: readonly string[] = []): Promise<string> {
  const facts = homes.map((listingKey) => ({ id: `listing:${listingKey}`, asOf: now() }));
  const answers = await says('We want a house');
  const draft = await deps.drafts.store(
    ref,
    {
      ...{ answers, channel: 'sms', mode: 'auto', rung: 'draft', proposed: null, text: 'Which part of town?' },
      ...{ question: 'location', facts, gates: [], callKeys: [], cost: 0, why: null },
      ...{ createdAt, expiresAt: new Date(Date.now() + 3_600_000).toISOString() },
    },
    (draftId) => ({
      outbox: [replySend(draftId, 'sms', 'Which part of town?', { wroteAt: now(), now: now() })],
      ...{ told: [], summary: false },
    }),
  );
  await db.pool.query(`update outbox set state = 'sending', sending_at = now() where once_key = $1`, [
    `reply:${draft!.draftId}`,
  ]);
  return draft!.draftId;
}

/** What becomes of it when it is its turn again. */
async function turn(draftId: string) {
  await db.pool.query(`update outbox set state = 'not-sent', sending_at = null where once_key = $1`, [
    `reply:${draftId}`,
  ]);
  await new MockActivityEnvironment().run(createFollowUpActivities(deps).touch, ref);
  const { rows } = await db.pool.query<{ key: string; state: string; reason: string | null }>(
    `select split_part(once_key, ':', 1) as key, state, reason from outbox
      where contact_id = $1 and once_key like '%' || $2 order by claimed_at, once_key`,
    [ref.contactId, draftId],
  );
  return { rows, draft: await deps.drafts.get(ref, draftId, now()) };
}

describe('a reply that waits', () => {
  it('is asked about as long as nothing has changed', async () => {
    const { rows } = await turn(await waits());
    expect(rows[0]).toMatchObject({ key: 'reply' });
    expect(rows[0]!.state).not.toBe('cancelled');
  });

  it('does not go out once the lead has written something newer while it was on its way', async () => {
    const draftId = await waits();
    await says('And a garden');
    const { rows, draft } = await turn(draftId);
    expect(rows).toEqual([{ key: 'reply', state: 'cancelled', reason: 'something came between' }]);
    expect(draft).toMatchObject({ state: 'superseded' });
    expect(await deps.drafts.owed(ref)).toBeDefined();
  });

  it.each(['draft', 'off'])('is a person’s once the location has changed to %s', async (replies) => {
    const draftId = await waits();
    await db.pool.query(`update locations set settings = settings || $2 where location_id = $1`, [
      ref.locationId,
      JSON.stringify({ modes: { replies } }),
    ]);
    const { rows, draft } = await turn(draftId);
    expect(rows.map(({ key }) => key).sort()).toEqual(['answer', 'reply']);
    expect(rows.find(({ key }) => key === 'reply')).toMatchObject({ state: 'cancelled' });
    expect(draft).toMatchObject({ state: 'blocked', why: 'replies do not go out by themselves any more' });
  });

  it('is a person’s after three days', async () => {
    const { rows, draft } = await turn(await waits(new Date(Date.now() - 73 * 3_600_000).toISOString()));
    expect(rows.find(({ key }) => key === 'reply')).toMatchObject({ state: 'cancelled' });
    expect(rows.map(({ key }) => key)).toContain('answer');
    expect(draft).toMatchObject({ state: 'blocked', why: 'it waited for too long' });
  });
});

describe('a reply that speaks of homes', () => {
  const feeds = (rights: FeedRights) => [
    { provider: 'mlsgrid', market: 'test', originatingSystem: 'test', pollMinutes: 5, rights },
  ];
  const may = (rights: FeedRights) =>
    db.pool.query(`update locations set settings = settings || $2 where location_id = $1`, [
      ref.locationId,
      JSON.stringify({ market: { feeds: feeds(rights), alerts: { perDay: 2, collectMinutes: 10 } } }),
    ]);
  const set = (change: string) =>
    db.pool.query(`update listings set ${change} where location_id = $1 and listing_key = 'L2'`, [ref.locationId]);

  beforeEach(async () => {
    await db.pool.query('delete from listings where location_id = $1', [ref.locationId]);
    await storeListings(db, ref.locationId, [aListing('L1'), aListing('L2'), aListing('own')]);
    await db.pool.query(
      `update listings set market = null, office_name = null, shown = null where location_id = $1 and listing_key = 'own'`,
      [ref.locationId],
    );
    await may({ alerts: true, training: false });
  });

  it('is asked about as long as leads may be told of each', async () => {
    const { rows } = await turn(await waits(now(), ['L1', 'L2', 'own']));
    expect(rows[0]!.state).not.toBe('cancelled');
  });

  it.each<[string, () => Promise<unknown>]>([
    ['is hidden', () => set('shown = false')],
    ['may be hidden', () => set('shown = null')],
    ['is gone', () => set('removed_at = now()')],
    ['has no office any more', () => set('office_name = null')],
    ['has another use', () => set(`uses = '{IDX}'`)],
    ['was never there', () => set(`listing_key = 'L3'`)],
    ['is of a feed that lets nobody be told', () => may({ alerts: false, training: false })],
  ])('is a person’s once one of them %s', async (_case, happens) => {
    const draftId = await waits(now(), ['L1', 'L2']);
    await happens();
    const { rows, draft } = await turn(draftId);
    expect(rows.map(({ key }) => key).sort()).toEqual(['answer', 'reply']);
    expect(rows.find(({ key }) => key === 'reply')).toMatchObject({ state: 'cancelled' });
    expect(draft).toMatchObject({ state: 'blocked', why: 'it speaks of a home that may not be told of any more' });
  });

  it('is not held up by a home of which it does not speak', async () => {
    const draftId = await waits(now(), ['L1']);
    await set('shown = false');
    expect((await turn(draftId)).rows[0]!.state).not.toBe('cancelled');
  });
});

describe('a message that waits for its answer', () => {
  /** The reply leaves after the message was written, and before we hear of it. */
  async function crosses(): Promise<ReturnType<typeof gather>> {
    const draftId = await waits();
    await says('And a garden');
    await db.pool.query(`update outbox set sending_at = now() + interval '1 second' where once_key = $1`, [
      `reply:${draftId}`,
    ]);
    const sent = (await deps.outbox.open(ref)).find(({ onceKey }) => onceKey === `reply:${draftId}`)!;
    await deps.outbox.settle(sent.sendId, ref, { state: 'sent', vendorId: randomUUID() }, now());
    return gather(deps, ref, (await deps.drafts.owed(ref))!);
  }

  it('is answered, and alone, where it crosses our reply', async () => {
    const gathered = await crosses();
    if (gathered.kind !== 'found') throw new Error(`expected a reply to be due, it is ${gathered.kind}`);
    expect(gathered.found.facts.message).toBe('And a garden');
    expect(gathered.found.talk.talk.map(({ body }) => body)).toEqual([
      ...['We want a house', 'Which part of town?', 'And a garden'],
    ]);
  });

  it('is answered in the language of the talk where it is too short to tell', async () => {
    await says('Hola, busco una casa con tres recamaras');
    await says('450k');
    await db.pool.query(`update messages set at = at - interval '1 hour' where contact_id = $1 and body like 'Hola%'`, [
      ref.contactId,
    ]);
    const owed = (await deps.drafts.owed(ref))!;
    const ours = { ...owed, firstAt: owed.lastAt };
    await db.pool.query(
      `insert into messages (location_id, contact_id, message_key, direction, channel, body, origin, at)
        values ($1, $2, $3, 'outbound', 'sms', '¿Y cuánto?', 'api', now() - interval '30 minutes')`,
      [ref.locationId, ref.contactId, randomUUID()],
    );
    expect(await gather(deps, ref, ours)).toMatchObject({ found: { language: 'es', facts: { message: '450k' } } });
  });

  it('is a person’s when nobody came to it for a day', async () => {
    await says('We want a house');
    const owed = (await deps.drafts.owed(ref))!;
    const lastAt = new Date(Date.now() - 25 * 3_600_000).toISOString();
    expect(await reply(deps, ref, { ...owed, lastAt })).toBe(true);
    expect(await deps.drafts.owed(ref)).toBeUndefined();
    expect((await deps.outbox.open(ref)).map(({ onceKey }) => onceKey)).toContain(`answer:${owed.inboxId}`);
  });

  it('is not answered once more where somebody else has written since', async () => {
    await crosses();
    await db.pool.query(
      `insert into messages (location_id, contact_id, message_key, direction, channel, body, origin, at)
        values ($1, $2, $3, 'outbound', 'sms', 'Hi, I am on it', 'workflow', now() + interval '2 seconds')`,
      [ref.locationId, ref.contactId, randomUUID()],
    );
    expect(await gather(deps, ref, (await deps.drafts.owed(ref))!)).toEqual({ kind: 'over' });
  });
});

describe('a reply of which nobody knows whether it went out', () => {
  /** It was begun twenty minutes ago, and this is the last look in the CRM. */
  async function unknown(): Promise<string> {
    const draftId = await waits();
    await db.pool.query(`update reply_drafts set rung = 'fixed', why = 'human' where draft_id = $1`, [draftId]);
    await db.pool.query(
      `update outbox set state = 'unknown', checks = 2, sending_at = now() - interval '20 minutes' where once_key = $1`,
      [`reply:${draftId}`],
    );
    return draftId;
  }

  const touch = () => new MockActivityEnvironment().run(createFollowUpActivities(deps).touch, ref);

  const away = (table: string) =>
    expect(whileAway(db.pool, table, touch)).rejects.toMatchObject({
      code: expect.stringMatching(/^(STORE_AWAY|CANNOT_STORE)$/),
    });

  const timeline = async () =>
    (await deps.leads.timeline(ref, 50)).items.filter(({ summary }) => summary.startsWith('SMS: '));

  it.each(['outbox', 'timeline', 'reply_drafts', 'inbox', 'acts'])(
    'ends its draft and hands the lead over, though the database goes away with %s as it is found',
    async (table) => {
      const draftId = await unknown();
      await deps.crm.send(ref, { channel: 'sms', body: 'Which part of town?' });
      await away(table);
      await touch();
      expect(await deps.outbox.open(ref)).toEqual([]);
      expect(await deps.drafts.get(ref, draftId, now())).toMatchObject({ state: 'sent' });
      expect(await deps.leads.load(ref)).toMatchObject({ state: 'taken-over' });
      expect(await timeline()).toMatchObject([{ summary: 'SMS: sent' }]);
    },
  );

  it('is nobody’s where it comes back in the moment in which it is given up', async () => {
    const draftId = await unknown();
    const { outbox } = deps;
    const settle: typeof outbox.settle = async (sendId, of, settlement, at, told) => {
      if (settlement.state === 'parked') {
        await deps.drafts.followSend(ref, draftId, 'sent', 'human');
        await outbox.settle(sendId, of, { state: 'sent', vendorId: randomUUID() }, at);
      }
      await outbox.settle(sendId, of, settlement, at, told);
    };
    deps = { ...deps, outbox: { ...outbox, settle } };
    await expect(touch()).rejects.toMatchObject({ code: 'SEND_STATE' });
    expect(await outbox.open(ref)).toEqual([]);
    expect(await deps.drafts.get(ref, draftId, now())).toMatchObject({ state: 'sent' });
  });

  it.each(['outbox', 'timeline', 'reply_drafts'])(
    'is a person’s, though the database goes away with %s as it is given up',
    async (table) => {
      const draftId = await unknown();
      await away(table);
      await touch();
      const { rows } = await db.pool.query(`select content ->> 'title' as title from outbox where once_key = $1`, [
        `answer:vendor:${draftId}`,
      ]);
      expect(rows).toHaveLength(1);
      expect(await deps.drafts.get(ref, draftId, now())).toMatchObject({ state: 'blocked' });
      expect(await timeline()).toHaveLength(1);
    },
  );
});
