import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { gatherFromStore, type Gathered } from '../../activities/gather-examples.ts';
import type { OwnTraining, TrainOrder } from '../../activities/train-own-model.ts';
import { AppError } from '../../domain/errors.ts';
import { cardSchema } from '../../domain/scoring/card/card.ts';
import { leadFeaturesAt } from '../../domain/scoring/features/lead-features.ts';
import { signatureOf } from '../../domain/scoring/features/registry.ts';
import { drawnInstant } from '../../domain/scoring/lead-examples.ts';
import { readTrainedFile } from '../../domain/scoring/onnx/trained-file.ts';
import { featuresOf } from '../../domain/scoring/trainer/encoder.ts';
import { createLearningStore } from '../../integrations/postgres/lead-learning.ts';
import { createLocationStore } from '../../integrations/postgres/locations.ts';
import { daysFrom, storeClosedTeam, type TeamLead, TRAINED_AT } from '../support/closed-team.ts';
import { type TestDatabase, createTestDatabase } from '../support/database.ts';
import { installLocation, newRef } from '../support/records.ts';
import { scoreWorld, type ScoreWorld } from '../support/score-world.ts';
import { testSealing } from '../support/tokens.ts';

/** Of these about seven in ten are examples: the deals of the others are closed before the age at which they are drawn. */
const LEADS = 1_600;

let db: TestDatabase;
let world: ScoreWorld;
let locationId: string;

beforeAll(async () => {
  db = await createTestDatabase();
  world = scoreWorld(db);
});
afterAll(async () => {
  await world.close();
  await db.drop();
});
beforeEach(async () => {
  locationId = await team({ leads: 0, seed: 1, signal: 1 });
});

async function team(made: Parameters<typeof storeClosedTeam>[2]): Promise<string> {
  const { locationId: id } = newRef();
  await installLocation(createLocationStore(db.tenants, testSealing()), id);
  await storeClosedTeam(db, id, made);
  return id;
}

const learner = { trees: 30, leaves: 4, learningRate: 0.3 };
const train = (order: Partial<TrainOrder> = {}, now = TRAINED_AT): Promise<OwnTraining> =>
  world.train(locationId, { seed: 5, stage: 'contact', learner, ...order }, now);
const models = async (): Promise<unknown[]> =>
  (await db.pool.query('select model_hash, speaks, added_at from score_models where location_id = $1', [locationId]))
    .rows;
const speaking = async (): Promise<string | null> =>
  (await world.scores.known(locationId, [], { asOf: TRAINED_AT })).modelHash;

/** Those whose deal was open at the age at which they are drawn. */
const openThen = (leads: readonly TeamLead[]): readonly TeamLead[] =>
  leads.filter((lead) => lead.status === 'open' || lead.closedAt > drawnInstant(lead));

/** Has leads scored a little before they are looked at, as a pass of that night would have. */
async function scoreThen(leads: readonly TeamLead[]): Promise<void> {
  for (const lead of leads) {
    const asOf = new Date(Date.parse(drawnInstant(lead)) - 600_000).toISOString();
    expect((await world.scorer.rescore(locationId, [lead.contactId], { asOf })).changed).toEqual([lead.contactId]);
  }
}

describe('a team’s own closed leads', () => {
  it('train a model that is better than the rules, and it speaks; again, nothing changes', async () => {
    const stored = await storeClosedTeam(db, locationId, { leads: LEADS, seed: 7, signal: 1 });
    const open = openThen(stored);
    await scoreThen(open.slice(300, 500));
    const told: string[] = [];
    let put: string | undefined;
    const first = await train({
      progress: ({ step, of, what }) => void told.push(`${step} of ${of}: ${what}`),
      beforeAdmitted: async ({ modelHash }) => {
        expect(await models()).toEqual([]);
        put = modelHash;
      },
    });
    expect(first).toMatchObject({ speaker: { speaks: 'model' }, standing: 'this model' });
    const { counts, evidence, model } = first;
    expect(counts).toMatchObject({
      ...{ leads: open.length, reread: open.length - 200, closed: LEADS - open.length },
      ...{ censored: 0, unusable: 0 },
    });
    const { leads: tried, gain, logLoss } = evidence.trial!;
    const { rules, model: ours } = logLoss;
    expect(Math.abs(tried - open.length / 4)).toBeLessThan(5);
    expect([told.at(-1), put]).toEqual(['22 of 22: all rows', model!.modelHash]);
    expect(told).toEqual(expect.arrayContaining([`0 of 22: ${LEADS} leads looked at`, '11 of 22: trial, all rows']));

    const card = cardSchema.parse(model!.card);
    expect(card.rows).toEqual({
      ...{ read: LEADS, used: open.length, positives: counts.won },
      dropped: [{ reason: expect.stringContaining('closed before the age'), n: LEADS - open.length }],
      groups: new Set(open.map(({ contactId, smsHash }) => smsHash ?? contactId)).size,
    });
    expect(card.evaluations.at(-1)).toMatchObject({
      ...{ n: tried, method: expect.stringContaining('trial') },
      figures: expect.arrayContaining([
        { name: 'gain over the rules', value: rules - ours, interval: gain.overRules, spread: null },
      ]),
    });
    expect(card.limits.join(' ')).toMatch(/were read again from their history.*What the site told late/);

    const before = await models();
    expect(await speaking()).toBe(model!.modelHash);
    await world.scorer.rescore(locationId, ['lead-00007'], { asOf: daysFrom(1) });
    const [now] = await world.scorer.stored(locationId, ['lead-00007'], { asOf: daysFrom(2) });
    expect(now!.score).toMatchObject({ model: model!.name, probability: expect.any(Number) });
    const again = await train();
    expect([again.model!.modelHash, await models()]).toEqual([model!.modelHash, before]);
    expect(world.told.filter((one) => one === locationId).length).toBeGreaterThan(0);

    await world.scores.silence(locationId);
    expect(await speaking()).toBeNull();
  });

  it('are neither those of another team, nor deleted ones, nor what a score must not know', async () => {
    const open = openThen(await storeClosedTeam(db, locationId, { leads: LEADS, seed: 8, signal: 1 }));
    const { table: alone } = await gathered();
    await team({ leads: 1_300, seed: 9, signal: -2 });
    expect((await gathered()).table).toEqual(alone);
    const { counts, model, standing } = await train({ dryRun: true });
    expect([counts.leads, standing, await models()]).toEqual([open.length, 'the rules', []]);
    const { encoder } = readTrainedFile(model!.file);
    const allowed = signatureOf(leadFeaturesAt('contact'));
    expect(encoder.columns.flatMap(featuresOf).filter((feature) => !allowed.includes(feature))).toEqual([]);
    await db.pool.query(`update leads set deleted_at = now() where location_id = $1 and contact_id < 'lead-00100'`, [
      locationId,
    ]);
    expect((await gathered()).counts.leads).toBe(open.filter(({ contactId }) => contactId >= 'lead-00100').length);
  });

  it('leave the word to the rules where the trial shows no gain, and the model is kept', async () => {
    await storeClosedTeam(db, locationId, { leads: LEADS, seed: 11, signal: 0 });
    const { speaker, standing, model } = await train();
    expect([speaker.speaks, standing]).toEqual(['rules', 'the rules']);
    expect(speaker).toMatchObject({ why: expect.stringMatching(/^no-better/) });
    expect(await models()).toMatchObject([{ model_hash: model!.modelHash, speaks: false }]);
    expect(world.told).not.toContain(locationId);
  });

  it('train nothing while they are too few, and it is said how many are lacking', async () => {
    const open = openThen(await storeClosedTeam(db, locationId, { leads: 300, seed: 12, signal: 1 }));
    const { speaker, counts, model, standing } = await train();
    expect(model).toBeNull();
    expect(counts.leads).toBe(open.length);
    expect(speaker).toEqual({
      ...{ speaks: 'rules', why: 'too-few-leads' },
      needs: { leads: 1_000 - open.length, won: Math.max(0, 120 - counts.won) },
    });
    expect([standing, await models(), await speaking()]).toEqual(['the rules', [], null]);
  });

  it('are none yet while their ninety days run, won or not', async () => {
    const made = await storeClosedTeam(db, locationId, { leads: 300, seed: 13, signal: 1, lastDaysAgo: 60 });
    const over = made.filter((lead) => drawnInstant(lead) <= daysFrom(-90));
    expect((await train()).counts).toMatchObject({
      ...{ leads: openThen(over).length, closed: over.length - openThen(over).length },
      ...{ censored: made.length - over.length, unusable: 0 },
    });
    const later = await train({}, daysFrom(181));
    expect(later.counts).toMatchObject({ leads: openThen(made).length, censored: 0 });
  });

  it('teach nothing of themselves once their deal was closed', async () => {
    const open = openThen(await storeClosedTeam(db, locationId, { leads: 300, seed: 14, signal: 1 }));
    const soon = `jsonb_build_object('status', l.created_at + interval '1 hour')`;
    await db.pool.query(
      `update opportunities o set status = 'won', facts_at = ${soon} from leads l
       where l.location_id = $1 and o.location_id = $1 and o.contact_id = l.contact_id and l.contact_id < 'lead-00010'`,
      [locationId],
    );
    const leads = open.filter(({ contactId }) => contactId >= 'lead-00010').length;
    expect(leads).toBeLessThan(open.length);
    expect((await train()).counts).toMatchObject({ leads, closed: 300 - leads });
  });

  it.each(['as they were scored', 'read again'])('know nothing that was heard since: %s', async (how) => {
    const leads = await storeClosedTeam(db, locationId, { leads: 90, seed: 15, signal: 1 });
    const open = openThen(leads);
    if (how === 'as they were scored') await scoreThen(open);
    const before = await gathered();
    expect(before.counts).toMatchObject({ leads: open.length, reread: how === 'read again' ? open.length : 0 });
    await db.pool.query(
      `insert into messages (location_id, contact_id, message_key, direction, channel, body, at)
       select location_id, contact_id, 'late', 'inbound', 'sms', 'Sold?', $2 from leads where location_id = $1`,
      [locationId, daysFrom(-1)],
    );
    expect(await gathered()).toEqual(before);
  });

  it('are read in halves where they are too many for one statement, and one too long for any is left out', async () => {
    const made = await storeClosedTeam(db, locationId, { leads: 400, seed: 16, signal: 1 });
    const whole = await gathered();
    const slow = (atMost: number, never?: string): Gathering => ({
      known: (id, contactIds, asked) =>
        contactIds.length > atMost || contactIds.includes(never ?? '')
          ? Promise.reject(new AppError('STORE_SLOW', 'one statement took longer than it may'))
          : world.scores.known(id, contactIds, asked),
    });
    expect(await gathered(slow(30))).toEqual(whole);
    const [one] = openThen(made);
    const without = await gathered(slow(300, one!.contactId));
    expect(without.counts).toEqual({
      ...{ ...whole.counts, leads: whole.counts.leads - 1, reread: whole.counts.reread - 1 },
      ...{ unusable: 1, won: expect.any(Number) },
    });
    await expect(gathered({ known: () => Promise.reject(new AppError('STORE_AWAY', 'gone')) })).rejects.toThrow('gone');
  });

  it('are read without the team’s fields where the CRM does not tell which is which, and that is said', async () => {
    await storeClosedTeam(db, locationId, { leads: 210, seed: 17, signal: 1 });
    const told = await gathered();
    await db.pool.query(
      `update leads set snapshot = snapshot || '{"customFields": {"f1": "x"}}' where location_id = $1 and contact_id < 'lead-00010'`,
      [locationId],
    );
    let asked = 0;
    const blind = await gathered(world.scores, () => {
      asked += 1;
      return Promise.reject(new Error('away'));
    });
    expect([asked, told.blind, blind.blind]).toEqual([1, false, true]);
    expect(blind.table).toEqual(told.table);
  });
});

type Gathering = Parameters<typeof gatherFromStore>[0]['scores'];

function gathered(scores: Gathering = world.scores, fieldIds = () => Promise.resolve({})): Promise<Gathered> {
  const learning = createLearningStore(db.tenants);
  return gatherFromStore({ learning, scores, crm: { fieldIds } }, locationId, { now: TRAINED_AT, stage: 'contact' });
}
