import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { OwnModel, PastScore, ScoreStore } from '../../domain/ports/scores.ts';
import type { Evidence } from '../../domain/scoring/cold-start.ts';
import { type FeatureSet, unpacked } from '../../domain/scoring/vector.ts';
import { type Client, inTimeOfOne, type Place, stored, transaction } from './pool.ts';
import { vectorFrom } from './score-vectors.ts';
import { keep } from './scores-keep.ts';
import { known } from './scores-known.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant, toJsonb } from './values.ts';

/** Scores with what explains them, in Postgres; see `ScoreStore` for what each function promises. */
export function createScoreStore(tenants: Tenants): ScoreStore {
  const { at } = tenants;
  return {
    known: (locationId, contactIds, asked) =>
      stored(() => inTimeOfOne(() => known(at(locationId), locationId, contactIds, asked))),
    contacts: (locationId, after, limit) => stored(() => contacts(at(locationId), locationId, after, limit)),
    countContacts: (locationId) => stored(() => countContacts(at(locationId), locationId)),
    shown: (locationId, contactIds, field) => stored(() => shown(at(locationId), locationId, contactIds, field)),
    keep: (locationId, rescored, settingsVersion) =>
      stored(() => keep(at(locationId), locationId, rescored, settingsVersion)),
    given: (ref, scoredAt) => stored(() => given(at(ref.locationId), ref, scoredAt)),
    past: (ref, limit) => stored(() => past(at(ref.locationId), ref, limit)),
    model: (locationId, modelHash) => stored(() => model(at(locationId), locationId, modelHash)),
    evidence: (locationId) => stored(() => evidence(at(locationId), locationId)),
    addModel: (locationId, added) => stored(() => addModel(at(locationId), locationId, added)),
    silence: (locationId) => stored(() => silence(at(locationId), locationId)),
  };
}

/**
 * Opens so many connections of the tenants' pool at once and has each plan the statement that reads leads to be scored, which takes longer
 * than to read one. It asks for no lead of no location.
 */
export async function warmScores(tenants: Tenants, connections: number): Promise<void> {
  const none = { asOf: new Date(0).toISOString() };
  await stored(() => Promise.all(Array.from({ length: connections }, () => known(tenants.at(''), '', [], none))));
}

async function contacts(place: Place, locationId: string, after: string, limit: number): Promise<readonly string[]> {
  const { rows } = await place.query<{ contactId: string }>({
    name: 'scores-contacts',
    text: `select contact_id as "contactId" from leads
      where location_id = $1 and contact_id > $2 and deleted_at is null order by contact_id limit $3`,
    values: [locationId, clean(after), limit],
  });
  return rows.map(({ contactId }) => contactId);
}

async function countContacts(place: Place, locationId: string): Promise<number> {
  const { rows } = await place.query<{ leads: number }>({
    name: 'scores-count',
    text: 'select count(*)::integer as leads from leads where location_id = $1 and deleted_at is null',
    values: [locationId],
  });
  return rows[0]!.leads;
}

async function shown(
  place: Place,
  locationId: string,
  contactIds: readonly string[],
  field: string,
): Promise<ReadonlyMap<string, number>> {
  const { rows } = await place.query<{ contactId: string; value: unknown }>({
    name: 'scores-shown',
    text: `select contact_id as "contactId", plan -> 'fields' -> $3 as value from leads
      where location_id = $1 and contact_id = any ($2::text[])`,
    values: [locationId, contactIds.map(clean), clean(field)],
  });
  return new Map(rows.flatMap(({ contactId, value }) => (typeof value === 'number' ? [[contactId, value]] : [])));
}

export interface PastRow extends Omit<PastScore['score'], 'probability'> {
  readonly scoredAt: Iso;
  readonly probability: number | null;
  readonly model: string;
  readonly modelHash: string | null;
  readonly asOf: Iso;
  readonly features: FeatureSet;
  readonly vector: Buffer;
}

/** Parameters 1 and 2: location, contact. */
export const PAST = `select h.scored_at as "scoredAt", h.value, h.probability, h.confidence, h.tier, h.model, h.model_hash as "modelHash",
    h.as_of as "asOf", f.features, h.vector
  from score_history h join feature_sets f using (location_id, feature_set)
  where h.location_id = $1 and h.contact_id = $2`;

async function past(place: Place, ref: LeadRef, limit: number): Promise<readonly PastScore[]> {
  const { rows } = await place.query<PastRow>({
    name: 'scores-past',
    text: `${PAST} order by h.score_id desc limit $3`,
    values: [ref.locationId, clean(ref.contactId), limit],
  });
  return rows.map(pastOf);
}

async function given(place: Place, ref: LeadRef, scoredAt: Iso): Promise<PastScore | undefined> {
  const { rows } = await place.query<PastRow>({
    name: 'score-given',
    text: `${PAST} and h.scored_at = $3 order by h.score_id desc limit 1`,
    values: [ref.locationId, clean(ref.contactId), instant(scoredAt)],
  });
  return rows.map(pastOf)[0];
}

export function pastOf(row: PastRow): PastScore {
  const { scoredAt, value, probability, confidence, tier, model, modelHash, asOf, features, vector } = row;
  return {
    scoredAt,
    score: { value, ...(probability === null ? {} : { probability }), confidence, tier },
    trace: { model, modelHash, asOf, features: features.features, values: unpacked(vectorFrom(vector), features) },
  };
}

async function model(place: Place, locationId: string, modelHash: string): Promise<OwnModel | undefined> {
  const { rows } = await place.query<OwnModel>({
    name: 'score-model',
    text: `select model_hash as "modelHash", name, file from score_models where location_id = $1 and model_hash = $2`,
    values: [locationId, clean(modelHash)],
  });
  return rows[0];
}

async function evidence(place: Place, locationId: string): Promise<Evidence | undefined> {
  const { rows } = await place.query<{ evidence: Evidence }>({
    name: 'score-evidence',
    text: 'select evidence from score_models where location_id = $1 order by added_at desc, model_hash limit 1',
    values: [locationId],
  });
  return rows[0]?.evidence;
}

async function addModel(
  place: Place,
  locationId: string,
  { modelHash, name, file, evidence: why, speaks, addedAt }: Parameters<ScoreStore['addModel']>[1],
): Promise<void> {
  await transaction(place, async (client) => {
    // One after the other, else both silence the same model, and the second to speak finds the first.
    await client.query(`select pg_advisory_xact_lock(hashtextextended('score models:' || $1, 0))`, [locationId]);
    const at = instant(addedAt);
    const takes = speaks && !(await isNewerThan(client, locationId, at));
    if (takes) await client.query(SILENCE, [locationId]);
    await client.query(
      `insert into score_models as m (location_id, model_hash, name, file, evidence, added_at, speaks) values ($1, $2, $3, $4, $5, $6, $7)
       on conflict (location_id, model_hash) do update set speaks = excluded.speaks or ($8 and m.speaks)`,
      [locationId, modelHash, clean(name), Buffer.from(file), toJsonb(why), at, takes, speaks],
    );
  });
}

/** Speaks here one that was added after this instant? */
async function isNewerThan(client: Client, locationId: string, at: ReturnType<typeof instant>): Promise<boolean> {
  const { rowCount } = await client.query(
    'select from score_models where location_id = $1 and speaks and added_at > $2',
    [locationId, at],
  );
  return rowCount !== 0;
}

async function silence(place: Place, locationId: string): Promise<void> {
  await place.query(SILENCE, [locationId]);
}

const SILENCE = 'update score_models set speaks = false where location_id = $1 and speaks';
