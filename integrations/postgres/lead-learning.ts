import type { Iso } from '../../domain/glossary.ts';
import type { LeadToLearn, LearningStore, ScoreMoment, StoredVector } from '../../domain/ports/learning.ts';
import type { FeatureSet } from '../../domain/scoring/vector.ts';
import { type Place, stored } from './pool.ts';
import { vectorFrom } from './score-vectors.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant } from './values.ts';

/** What a location's own leads teach, in Postgres; see `LearningStore` for what each function promises. */
export function createLearningStore(tenants: Tenants): LearningStore {
  const { at } = tenants;
  return {
    featureSets: (locationId) => stored(() => featureSets(at(locationId), locationId)),
    leads: (locationId, after, limit) => stored(() => leads(at(locationId), locationId, after, limit)),
    moments: (locationId, contactIds, asked) => stored(() => moments(at(locationId), locationId, contactIds, asked)),
    vectors: (locationId, chosen) => stored(() => vectors(at(locationId), locationId, chosen)),
  };
}

async function featureSets(place: Place, locationId: string): Promise<ReadonlyMap<string, FeatureSet>> {
  const { rows } = await place.query<{ id: string; features: FeatureSet }>({
    name: 'learning-sets',
    text: `select feature_set as id, features from feature_sets where location_id = $1`,
    values: [locationId],
  });
  return new Map(rows.map(({ id, features }) => [id, features]));
}

/**
 * A deal counts from when its status was told; `~` stands before a time of our own clock. One whose status nobody has told may be open.
 * Each lead is looked up by itself, as a join would read all deals of the location for every page.
 */
const LEADS = `
select l.contact_id as "contactId", l.created_at as "createdAt", l.sms_hash as sms, l.email_hash as email, d.deals
from leads l left join lateral (
  select json_agg(json_build_array(coalesce(o.status, 'open'),
    coalesce(replace(o.facts_at ->> 'status', '~', '')::timestamptz, o.known_at)) order by o.opportunity_id) as deals
  from opportunities o where o.location_id = $1 and o.contact_id = l.contact_id and o.deleted_at is null
) as d on true
where l.location_id = $1 and l.contact_id > $2 and l.deleted_at is null
order by l.contact_id limit $3`;

interface LeadRow {
  readonly contactId: string;
  readonly createdAt: Iso;
  readonly sms: string | null;
  readonly email: string | null;
  readonly deals: readonly [string, Iso][] | null;
}

async function leads(place: Place, locationId: string, after: string, limit: number): Promise<readonly LeadToLearn[]> {
  const { rows } = await place.query<LeadRow>({
    name: 'learning-leads',
    text: LEADS,
    values: [locationId, clean(after), limit],
  });
  return rows.map(({ contactId, createdAt, sms, email, deals }) => ({
    ...{ contactId, createdAt },
    addresses: [sms, email].filter((hash) => hash !== null),
    deals: (deals ?? []).map(([status, at]) => ({ status, at: new Date(at).toISOString() })),
  }));
}

async function moments(
  place: Place,
  locationId: string,
  contactIds: readonly string[],
  { sets, until }: Parameters<LearningStore['moments']>[2],
): Promise<readonly ScoreMoment[]> {
  const { rows } = await place.query<ScoreMoment>({
    name: 'learning-moments',
    text: `select contact_id as "contactId", score_id as "scoreId", as_of as "asOf" from score_history
      where location_id = $1 and contact_id = any ($2::text[]) and feature_set = any ($3::text[]) and as_of <= $4
      order by contact_id, as_of, score_id`,
    values: [locationId, contactIds.map(clean), sets, instant(until)],
  });
  return rows;
}

async function vectors(
  place: Place,
  locationId: string,
  chosen: readonly ScoreMoment[],
): Promise<readonly StoredVector[]> {
  const { rows } = await place.query<ScoreMoment & { featureSet: string; vector: Buffer }>({
    name: 'learning-vectors',
    text: `select contact_id as "contactId", score_id as "scoreId", h.as_of as "asOf", h.feature_set as "featureSet", h.vector
      from unnest($2::text[], $3::bigint[]) as chosen (contact_id, score_id)
        join score_history h using (contact_id, score_id)
      where h.location_id = $1`,
    values: [locationId, chosen.map(({ contactId }) => clean(contactId)), chosen.map(({ scoreId }) => scoreId)],
  });
  return rows.map(({ vector, ...row }) => ({ ...row, vector: vectorFrom(vector) }));
}
