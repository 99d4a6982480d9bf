import type { LeadRef } from '../../domain/glossary.ts';
import type { KeptScore, Rescored } from '../../domain/ports/scores.ts';
import { type Client, type Place, transaction } from './pool.ts';
import { bytesOf, currentSet, keepCurrentSet, manyBytes, nthVector } from './score-vectors.ts';
import { clean, instant, toJsonb } from './values.ts';

/** One score into the history, within the transaction of the decision that it belongs to. */
export async function keepScore(client: Client, ref: LeadRef, kept: KeptScore): Promise<void> {
  await Promise.all([
    keepCurrentSet(client, ref.locationId),
    client.query({
      name: 'score-keep',
      text: `insert into score_history (location_id, contact_id, scored_at, value, probability, confidence, tier, model, model_hash, as_of,
          feature_set, vector)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
      values: [
        ...[ref.locationId, ref.contactId, instant(kept.scoredAt), kept.value, kept.probability ?? null],
        ...[kept.confidence, kept.tier, kept.model, kept.modelHash, instant(kept.asOf)],
        ...[currentSet.id, bytesOf(kept.vector)],
      ],
    }),
  ]);
}

/** Many leads in one transaction, in the order of their ids, so that two of them never wait for each other in a circle. */
export async function keep(
  place: Place,
  locationId: string,
  rescored: readonly Rescored[],
  settingsVersion: number,
): Promise<readonly string[]> {
  const inOrder = rescored.toSorted((a, b) => (a.contactId < b.contactId ? -1 : 1));
  const scores = inOrder.flatMap(({ contactId, news, score }) => (score === null ? [] : [{ contactId, news, score }]));
  const vectors = inOrder.flatMap(({ contactId, news, vector }) =>
    vector === null ? [] : [{ contactId, news, ...vector }],
  );
  if (scores.length === 0 && vectors.length === 0) return [];
  return transaction(place, async (client) => {
    const [, , changed] = await Promise.all([
      keepCurrentSet(client, locationId),
      scores.length === 0 ? undefined : holdLeads(client, locationId, scores),
      scores.length === 0 ? [] : keepScores(client, locationId, scores),
      vectors.length === 0 ? undefined : keepVectors(client, locationId, vectors, settingsVersion),
    ]);
    return changed;
  });
}

interface NewScore {
  readonly contactId: string;
  readonly news: number;
  readonly score: NonNullable<Rescored['score']>;
}

/** Whoever decides on one of them is waited for here, so that the next statement reads what came of it. */
async function holdLeads(client: Client, locationId: string, scores: readonly NewScore[]): Promise<void> {
  await client.query({
    name: 'scores-hold',
    text: 'select from leads where location_id = $1 and contact_id = any ($2::text[]) order by contact_id for no key update',
    values: [locationId, scores.map(({ contactId }) => clean(contactId))],
  });
}

async function keepScores(client: Client, locationId: string, scores: readonly NewScore[]): Promise<string[]> {
  const column = <T>(of: (score: NonNullable<Rescored['score']>) => T): T[] => scores.map(({ score }) => of(score));
  const { rows } = await client.query<{ contactId: string }>({
    name: 'scores-keep',
    text: SCORES,
    values: [
      locationId,
      scores.map(({ contactId }) => clean(contactId)),
      column(({ scoredAt }) => instant(scoredAt)),
      column(({ value }) => value),
      column(({ probability }) => probability ?? null),
      column(({ confidence }) => confidence),
      column(({ tier }) => tier),
      column(({ model }) => model),
      column(({ modelHash }) => modelHash),
      column(({ asOf }) => instant(asOf)),
      currentSet.id,
      manyBytes(column(({ vector }) => vector)),
      column(({ value, probability, confidence, tier, model, baseline, reasons, unsure }) =>
        toJsonb({ value, probability, confidence, tier, model, baseline, reasons, unsure }),
      ),
      scores.map(({ news }) => news),
    ],
  });
  return rows.map(({ contactId }) => contactId);
}

/**
 * A lead that has been scored since, or by another attempt at the same, keeps that score, and so does one of whom something was heard
 * since: an event that was worked meanwhile knew more.
 */
const SCORES = `
with given as materialized (
  select * from unnest($2::text[], $3::timestamptz[], $4::double precision[], $5::double precision[], $6::double precision[], $7::text[],
    $8::text[], $9::text[], $10::timestamptz[], $13::text[], $14::bigint[])
    with ordinality as g (contact_id, scored_at, value, probability, confidence, tier, model, model_hash, as_of, detail, news, place)
), moved as (
  update leads l set score = g.value, confidence = g.confidence, tier = g.tier, score_detail = g.detail::jsonb, scored_at = g.scored_at
  from given g
  where l.location_id = $1 and l.contact_id = g.contact_id and l.deleted_at is null
    and (l.scored_at is null or l.scored_at < g.scored_at)
    and g.news = coalesce((select n.news from lead_news n where n.location_id = $1 and n.contact_id = g.contact_id), 0)
  returning g.place
), history as (
  insert into score_history (location_id, contact_id, scored_at, value, probability, confidence, tier, model, model_hash, as_of, feature_set, vector)
  select $1, g.contact_id, g.scored_at, g.value, g.probability, g.confidence, g.tier, g.model, g.model_hash, g.as_of, $11,
    ${nthVector('$12', 'g.place')}
  from moved join given g using (place) order by g.place
)
select g.contact_id as "contactId" from moved join given g using (place) order by g.place`;

async function keepVectors(
  client: Client,
  locationId: string,
  vectors: readonly {
    readonly contactId: string;
    readonly news: number;
    readonly asOf: string;
    readonly vector: Float32Array;
  }[],
  settingsVersion: number,
): Promise<void> {
  await client.query({
    name: 'vectors-keep',
    text: `insert into lead_vectors as v (location_id, contact_id, news, settings_version, as_of, feature_set, vector)
      select $1, g.contact_id, g.news, $5, g.as_of, $6, ${nthVector('$7', 'g.place')}
      from unnest($2::text[], $3::bigint[], $4::timestamptz[]) with ordinality as g (contact_id, news, as_of, place)
      order by g.place
      on conflict (location_id, contact_id) do update set news = excluded.news, settings_version = excluded.settings_version,
        as_of = excluded.as_of, feature_set = excluded.feature_set, vector = excluded.vector
        where v.news <= excluded.news and v.as_of <= excluded.as_of`,
    values: [
      locationId,
      vectors.map(({ contactId }) => clean(contactId)),
      vectors.map(({ news }) => news),
      vectors.map(({ asOf }) => instant(asOf)),
      settingsVersion,
      currentSet.id,
      manyBytes(vectors.map(({ vector }) => vector)),
    ],
  });
}
