import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LeadRef } from '../../domain/glossary.ts';
import type { KnownLead } from '../../domain/ports/scores.ts';
import { createLeadStore } from '../../integrations/postgres/leads.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { enough, madeUpModel } from '../support/own-model.ts';
import { installLocation, leadRules, newRef } from '../support/records.ts';
import { later, NOW, openSite, scoreWorld, type ScoreWorld, storeLead, view } from '../support/score-world.ts';
import { testSealing } from '../support/tokens.ts';

let db: TestDatabase;
let world: ScoreWorld;
let ref: LeadRef;

beforeAll(async () => {
  db = await createTestDatabase();
  world = scoreWorld(db);
});
afterAll(async () => {
  await world.close();
  await db.drop();
});
beforeEach(async () => {
  ref = newRef();
  await installLocation(createLocationStore(db.tenants, testSealing()), ref.locationId);
  await openSite(db, ref.locationId);
  await storeLead(db, ref);
});

const run = (text: string, values: unknown[] = []) => db.pool.query(text, [ref.locationId, ref.contactId, ...values]);
const known = async (asOf = NOW): Promise<KnownLead> => {
  const { leads } = await world.scores.known(ref.locationId, [ref.contactId], { asOf });
  return leads[0]!;
};
const rescore = (asOf = NOW) => world.scorer.rescore(ref.locationId, [ref.contactId], { asOf });
const lead = async (): Promise<Record<string, unknown>> =>
  (await run('select score, tier, scored_at as "scoredAt" from leads where location_id = $1 and contact_id = $2'))
    .rows[0];

/** Somebody waits for a lock on the leads. */
async function untilWaiting(): Promise<void> {
  const waiting = `select from pg_locks l join pg_stat_activity a using (pid) where not l.granted and a.datname = current_database()`;
  while ((await db.pool.query(waiting)).rowCount === 0) await new Promise((resolve) => setTimeout(resolve, 10));
}

describe('what is known of leads', () => {
  it('is the same facts that one lead’s work reads, and its history', async () => {
    const { history, cached, news, last } = await known();
    expect({ cached, last }).toEqual({ cached: null, last: null });
    expect(news).toBeGreaterThan(0);
    expect(history?.messages.map(({ direction, body }) => [direction, body])).toEqual([
      ['outbound', 'Hello'],
      ['inbound', 'Is it still for sale?'],
    ]);
    expect(history?.behaviour).toHaveLength(3);
    expect(history?.behaviour[0]).toMatchObject({ kind: 'property.view', price: 400_000 });
    const [together] = await world.scorer.stored(ref.locationId, [ref.contactId], { asOf: NOW });
    const facts = await createLeadStore(db.tenants, leadRules).scoreFacts(ref, NOW);
    const [alone] = await world.rules.score([facts]);
    const { unsure: _told, ...score } = together!.score;
    expect(score).toEqual(alone);
  });

  it('comes in the order asked for, without those that are not known', async () => {
    const other = { ...ref, contactId: 'a-lead' };
    await storeLead(db, other, { views: 9 });
    const asked = [ref.contactId, 'nobody', other.contactId];
    const { leads } = await world.scores.known(ref.locationId, asked, { asOf: NOW });
    expect(leads.map(({ contactId }) => contactId)).toEqual([ref.contactId, other.contactId]);
    const scores = await world.scorer.stored(ref.locationId, asked, { asOf: NOW });
    expect(scores.map((given) => given === null)).toEqual([false, true, false]);
    expect(await world.scorer.stored('nowhere', ['nobody'], { asOf: NOW })).toEqual([null]);
  });
});

describe('a vector', () => {
  it.each([
    [
      'a text',
      `insert into messages (location_id, contact_id, message_key, direction, channel, body, at) values ($1, $2, 'x', 'inbound', 'sms', 'Hi', now())`,
    ],
    ['a visit', `insert into analytics_events (location_id, contact_id, type, at) values ($1, $2, 'page.view', now())`],
    ['a visitor who turns out to be the lead', `update analytics_events set contact_id = $2 where location_id = $1`],
    [
      'an appointment',
      `insert into appointments (location_id, contact_id, appointment_id, facts_at, known_at) values ($1, $2, 'x', '{}', now())`,
    ],
    [
      'a match',
      `insert into listing_matches (location_id, contact_id, listing_key, score, reasons, matched_at) values ($1, $2, 'x', 1, '[]', now())`,
    ],
    ['an answer', `update leads set qualification = '{}' where location_id = $1 and contact_id = $2`],
    [
      'a change of the contact',
      `update leads set snapshot = '{"source": "paid"}' where location_id = $1 and contact_id = $2`,
    ],
  ])('is used again until something is heard: %s', async (_what, statement) => {
    await rescore();
    expect((await known(later(1))).cached?.asOf).toBe(NOW);
    await run(`${statement}${statement.includes('$2') ? '' : ' and $2 = $2'}`);
    expect((await known(later(1))).cached).toBeNull();
  });

  it('is used again until something is heard of an e-mail to the lead’s address', async () => {
    await run(`update leads set email_hash = $2 where location_id = $1 and contact_id = $2`);
    await rescore();
    expect((await known()).cached).not.toBeNull();
    await run(
      `insert into email_events (location_id, event_key, recipient_hash, event, at) values ($1, 'x', $2, 'opened', now())`,
    );
    expect((await known()).cached).toBeNull();
  });

  it('is used again until an appointment is given to another contact: it is news of both', async () => {
    const other = { ...ref, contactId: 'z-lead' };
    await storeLead(db, other);
    await run(
      `insert into appointments (location_id, contact_id, appointment_id, facts_at, known_at) values ($1, $2, 'x', '{}', now())`,
    );
    const both = [ref.contactId, other.contactId];
    await world.scorer.rescore(ref.locationId, both, { asOf: NOW });
    const used = async () =>
      (await world.scores.known(ref.locationId, both, { asOf: NOW })).leads.map(({ cached }) => cached !== null);
    expect(await used()).toEqual([true, true]);
    await run('update appointments set contact_id = $3 where location_id = $1 and contact_id = $2', [other.contactId]);
    expect(await used()).toEqual([false, false]);
  });

  it('is used again however far the delivery of a message got', async () => {
    await rescore();
    await run(`update messages set status = 'delivered' where location_id = $1 and contact_id = $2`);
    expect((await known()).cached).not.toBeNull();
    await run(`update messages set body = 'Hello again' where location_id = $1 and contact_id = $2`);
    expect((await known()).cached).toBeNull();
  });

  it('is refused where it is cut short', async () => {
    await rescore();
    await run('update lead_vectors set vector = substring(vector for 8) where location_id = $1 and contact_id = $2');
    await expect(known()).rejects.toThrow('a stored vector has 8 bytes');
  });

  it('is used for a day, and not under other settings', async () => {
    await rescore();
    expect((await known(later(23 * 60))).cached).not.toBeNull();
    expect((await known(later(24 * 60))).cached).toBeNull();
    await run('update locations set settings_version = settings_version + 1 where location_id = $1 and $2 = $2');
    expect((await known()).cached).toBeNull();
  });

  it('gives the same score as the facts that it was made of, by the rules and by a model', async () => {
    const both = async () => {
      const [fresh] = await world.scorer.stored(ref.locationId, [ref.contactId], {
        asOf: NOW,
        fresh: true,
        reasons: true,
      });
      const [cached] = await world.scorer.stored(ref.locationId, [ref.contactId], { asOf: NOW, reasons: true });
      return [fresh, cached];
    };
    await rescore();
    const [a, b] = await both();
    expect(b).toEqual(a);
    await world.admit(ref.locationId, madeUpModel('leads-1', 1), enough);
    const [c, d] = await both();
    expect(d).toEqual(c);
    expect(c!.score).toMatchObject({ model: 'leads-1', probability: expect.any(Number) });
  });
});

describe('a new score', () => {
  it('is on the lead and in the history at once', async () => {
    expect((await rescore()).changed).toEqual([ref.contactId]);
    const [past] = await world.scores.past(ref, 5);
    expect(past).toMatchObject({ scoredAt: NOW, trace: { model: 'scorecard-1', asOf: NOW } });
    expect(await lead()).toEqual({ score: past!.score.value, tier: past!.score.tier, scoredAt: NOW });
  });

  it('is written only where it is another one', async () => {
    await rescore();
    expect(await rescore(later(5))).toMatchObject({ scored: 1, changed: [] });
    expect(await world.scores.past(ref, 5)).toHaveLength(1);
    await run(
      `update leads set qualification = '{"timeline": {"value": "immediate", "at": "${NOW}", "from": "x"}}' where location_id = $1 and contact_id = $2`,
    );
    expect((await rescore(later(6))).changed).toEqual([ref.contactId]);
    expect(await world.scores.past(ref, 5)).toHaveLength(2);
  });

  it('yields to one that was given since', async () => {
    await run(
      `update leads set score = 1, confidence = 0.5, tier = 'cold', score_detail = '{"model": "x"}', scored_at = $3 where location_id = $1 and contact_id = $2`,
      [later(1)],
    );
    expect((await rescore()).changed).toEqual([]);
    expect(await lead()).toMatchObject({ score: 1, scoredAt: later(1) });
    expect(await world.scores.past(ref, 5)).toEqual([]);
  });

  it('is given once by two who found the same at once', async () => {
    const [given] = await world.scorer.stored(ref.locationId, [ref.contactId], { asOf: NOW });
    const { kept, score } = given!;
    const { news } = await known();
    const found = [{ contactId: ref.contactId, news, score: { ...kept, ...score }, vector: null }];
    const keep = () => world.scores.keep(ref.locationId, found, 1);
    expect((await Promise.all([keep(), keep()])).flat()).toEqual([ref.contactId]);
    expect(await world.scores.past(ref, 5)).toHaveLength(1);
  });

  it('yields to what was heard since its facts were read, and to an event that was being decided on meanwhile', async () => {
    const [given] = await world.scorer.stored(ref.locationId, [ref.contactId], { asOf: NOW });
    const { kept, score } = given!;
    const { news } = await known();
    const keep = () =>
      world.scores.keep(
        ref.locationId,
        [{ contactId: ref.contactId, news, score: { ...kept, ...score }, vector: null }],
        1,
      );
    const event = await db.pool.connect();
    try {
      await event.query('begin');
      await event.query(
        `update leads set qualification = '{}', score = 1, confidence = 0.5, tier = 'cold', score_detail = '{"model": "x"}', scored_at = $3
         where location_id = $1 and contact_id = $2`,
        [ref.locationId, ref.contactId, later(-1)],
      );
      const kept = keep();
      await untilWaiting();
      await event.query('commit');
      expect(await kept).toEqual([]);
    } finally {
      event.release();
    }
    expect(await keep()).toEqual([]);
    expect(await lead()).toMatchObject({ score: 1, scoredAt: later(-1) });
    expect(await world.scores.past(ref, 5)).toEqual([]);
  });

  it('says that too little is known, and by the rules what to ask', async () => {
    await run(`update leads set qualification = '{}' where location_id = $1 and contact_id = $2`);
    await run('delete from messages where location_id = $1 and contact_id = $2');
    await rescore();
    const { score } = (await createLeadStore(db.tenants, leadRules).load(ref))!;
    expect(score!.unsure!.ask).toBe('What price range do you have in mind?');
    expect(score!.confidence).toBeLessThan(0.5);
  });

  it('moves the lead in the list', async () => {
    const other = { ...ref, contactId: 'z-lead' };
    await storeLead(db, other, { timeline: 'immediate' });
    await world.scorer.rescore(ref.locationId, [ref.contactId, other.contactId], { asOf: NOW });
    const list = async () =>
      (await createLeadStore(db.tenants, leadRules).list({ locationId: ref.locationId, sort: 'score', limit: 5 }))
        .items;
    expect((await list()).map(({ contactId }) => contactId)).toEqual([other.contactId, ref.contactId]);
    await run(`update leads set qualification = '{}' where location_id = $1 and contact_id <> $2`);
    await world.scorer.rescore(ref.locationId, [other.contactId], { asOf: later(1) });
    expect((await list()).map(({ contactId }) => contactId)).toEqual([ref.contactId, other.contactId]);
  });
});

describe('the word', () => {
  const models = [1, 2, 3, 4].map((seed) => madeUpModel(`leads-${seed}`, seed));
  const add = (i: number, addedAt: string, speaks = true) =>
    world.scores.addModel(ref.locationId, { ...models[i]!, evidence: enough, speaks, addedAt });
  const speaking = async () => (await world.scores.known(ref.locationId, [], { asOf: NOW })).modelHash;

  it('is one model’s, however many are added at once', async () => {
    await Promise.all(models.map((_one, i) => add(i, later(i))));
    expect(await speaking()).toBe(models[3]!.modelHash);
    await Promise.all(models.map((_one, i) => add(i, later(9))));
    expect((await run('select from score_models where location_id = $1 and $2 <> $3 and speaks', [''])).rowCount).toBe(
      1,
    );
  });

  it('stays with the newer model where an older one is added after it', async () => {
    await add(1, later(2));
    await add(0, later(1));
    expect(await speaking()).toBe(models[1]!.modelHash);
    await add(1, later(1));
    expect(await speaking()).toBe(models[1]!.modelHash);
    await add(3, later(5), false);
    expect(await speaking()).toBe(models[1]!.modelHash);
    await add(0, later(4));
    expect(await speaking()).toBe(models[0]!.modelHash);
  });
});

it('many leads are scored as each of them alone, by a pass, by an event and from vectors, in the same bits', async () => {
  await world.admit(ref.locationId, madeUpModel('leads-1', 1), enough);
  const ids = Array.from({ length: 20 }, (_one, i) => `lead-${i}`);
  for (const [i, contactId] of ids.entries()) {
    await storeLead(
      db,
      { ...ref, contactId },
      { views: 1 + (i % 7), timeline: ['soon', 'immediate', 'exploring'][i % 3]! },
    );
  }
  await view(db, { ...ref, contactId: ids[3]! }, 4);
  const together = await world.scorer.stored(ref.locationId, ids, { asOf: NOW });
  expect(new Set(together.map((given) => given!.score.value)).size).toBeGreaterThan(3);
  for (const [i, contactId] of ids.entries()) {
    const [alone] = await world.scorer.stored(ref.locationId, [contactId], { asOf: NOW });
    expect(alone).toEqual(together[i]);
  }
  const facts = await createLeadStore(db.tenants, leadRules).scoreFacts({ ...ref, contactId: ids[0]! }, NOW);
  const event = await world.scorer.one({ ...ref, contactId: ids[0]! }, facts, { createdAt: NOW, answers: {} });
  expect(event.kept).toEqual(together[0]!.kept);
  await world.scorer.rescore(ref.locationId, ids, { asOf: NOW });
  for (const [i, contactId] of ids.entries()) {
    const [past] = await world.scores.past({ ...ref, contactId }, 1);
    const { value, probability, confidence, tier } = together[i]!.kept;
    expect(past!.score).toEqual({ value, probability, confidence, tier });
  }
  const warm = await world.scorer.stored(ref.locationId, ids, { asOf: NOW });
  expect(warm).toEqual(together);
});
