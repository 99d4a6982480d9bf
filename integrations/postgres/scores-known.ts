import type { Iso, Tier } from '../../domain/glossary.ts';
import type { FieldValue } from '../../domain/leads/contact.ts';
import type { Qualification } from '../../domain/leads/lead.ts';
import { defaultSettings, type LocationSettings } from '../../domain/leads/settings.ts';
import type { Known, KnownLead, ScoreStore } from '../../domain/ports/scores.ts';
import type { Behaviour, HistoryMessage, LeadHistory } from '../../domain/scoring/features/lead-history.ts';
import { traceHolds } from '../../domain/scoring/features/lead-features.ts';
import { complete } from './locations.ts';
import { type Place, transaction } from './pool.ts';
import { currentSet, vectorRoom } from './score-vectors.ts';
import { clean, instant } from './values.ts';

interface KnownRow {
  readonly contactId: string | null;
  readonly settings: LocationSettings;
  readonly settingsVersion: number;
  readonly modelHash: string | null;
  readonly siteSince: Iso | null;
  readonly emailsSince: Iso | null;
  readonly appointmentsSince: Iso | null;
  readonly matchesSince: Iso | null;
  readonly createdAt: Iso;
  readonly answers: Qualification;
  readonly source: string | null;
  readonly fields: Readonly<Record<string, FieldValue>> | null;
  readonly news: number;
  readonly value: number | null;
  readonly confidence: number;
  readonly tier: Tier;
  readonly model: string;
  readonly scoredAt: Iso | null;
  readonly active: boolean | null;
  readonly cachedAt: Iso | null;
  readonly vector: Buffer | null;
  readonly messages: readonly MessageRow[] | null;
  readonly behaviour: readonly BehaviourRow[] | null;
  readonly emails: readonly [Iso, string, string | null][] | null;
  readonly appointments: readonly [Iso, boolean, Iso | null, Iso | null, string | null, Iso | null][] | null;
  readonly matches: readonly Iso[] | null;
}

type MessageRow = readonly [Iso, HistoryMessage['direction'], channel: string, body: string, human: boolean];
type BehaviourRow = readonly [
  Iso,
  kind: string,
  listing: string | null,
  price: unknown,
  seconds: unknown,
  email: string | null,
];

/** All that scores of these leads are made of, in one statement, whatever their number. */
export async function known(
  place: Place,
  locationId: string,
  contactIds: readonly string[],
  { asOf, fresh = false, withinHours }: Parameters<ScoreStore['known']>[2],
): Promise<Known> {
  const values = [locationId, contactIds.map(clean), instant(asOf), fresh, currentSet.id, hoursOf(withinHours)];
  const { rows } = await transaction(place, async (client) => {
    const known = { name: 'scores-known', text: KNOWN, values };
    const [, answer] = await Promise.all([
      client.query({ name: 'scores-plan', text: PLAN }),
      client.query<KnownRow>(known),
    ]);
    return answer;
  });
  const [first] = rows;
  if (first === undefined) return { modelHash: null, settings: defaultSettings, settingsVersion: 0, leads: [] };
  const { settings, settingsVersion, modelHash } = complete(first);
  const since = {
    site: first.siteSince,
    emails: first.emailsSince,
    appointments: first.appointmentsSince,
    matches: first.matchesSince,
  };
  const vectorOf = vectorRoom(rows.filter(({ vector }) => vector !== null).length);
  const leads: KnownLead[] = [];
  for (const row of rows) if (row.contactId !== null) leads.push(leadOf(row, row.contactId, since, vectorOf));
  return { modelHash, settings, settingsVersion, leads };
}

/** For how many hours a vector may be used again: as long as its values hold, or less if less is asked for. Null: for ever. */
function hoursOf(withinHours: number | undefined): number | null {
  if (traceHolds === null) return withinHours ?? null;
  return Math.min(withinHours ?? traceHolds, traceHolds);
}

/** Written out: of thousands of leads even what spreading an object costs is seen. */
function leadOf(
  row: KnownRow,
  contactId: string,
  since: LeadHistory['since'],
  vectorOf: (bytes: Uint8Array) => Float32Array,
): KnownLead {
  const { news, vector, cachedAt, value, confidence, tier, model, scoredAt } = row;
  const active = row.active ?? false;
  const last = value === null || scoredAt === null ? null : { value, confidence, tier, model, scoredAt };
  if (vector !== null && cachedAt !== null) {
    const cached = { asOf: cachedAt, vector: vectorOf(vector) };
    return { contactId, news, cached, history: null, fields: null, last, active };
  }
  return { contactId, news, cached: null, history: historyOf(row, since), fields: row.fields ?? {}, last, active };
}

function historyOf(row: KnownRow, since: LeadHistory['since']): LeadHistory {
  const { createdAt, source, answers } = row;
  return {
    createdAt,
    answers,
    source: source === '' ? null : source,
    messages: (row.messages ?? []).map(messageOf),
    behaviour: (row.behaviour ?? []).map(behaviourOf),
    emails: (row.emails ?? []).map(([at, event, messageId]) => ({ at, event, messageId })),
    appointments: (row.appointments ?? []).map(([bookedAt, self, startsAt, startsAtTold, status, statusTold]) => ({
      ...{ bookedAt, self, startsAt, startsAtTold, status, statusTold },
    })),
    matches: row.matches ?? [],
    // How deals ended is known when there is nothing left to decide: no score looks at it.
    deals: [],
    since,
  };
}

function messageOf([at, direction, channel, body, human]: MessageRow): HistoryMessage {
  return { at, direction, channel, body, human };
}

function behaviourOf([at, kind, listing, price, seconds, email]: BehaviourRow): Behaviour {
  if (listing === null && price === null && seconds === null && email === null) return { at, kind };
  return {
    ...{ at, kind },
    ...(listing === null ? {} : { listing }),
    ...(typeof price === 'number' ? { price } : {}),
    ...(typeof seconds === 'number' ? { seconds } : {}),
    ...(email === null ? {} : { email }),
  };
}

/** What is so for all leads comes with the first one: of thousands of rows each value that need not be read counts. */
const ofAll = (...names: string[]): string =>
  names.map((name) => `case when coalesce(asked.place, 1) = 1 then here."${name}" end as "${name}"`).join(', ');

/**
 * For this one statement: its plan is made once for all numbers of leads, for making it takes longer than reading one lead, and looks everything
 * up by its key, however small the tables were when it was made.
 */
const PLAN = `select set_config('plan_cache_mode', 'force_generic_plan', true), set_config('enable_seqscan', 'off', true),
  set_config('enable_nestloop', 'off', true), set_config('jit', 'off', true)`;

/** Rows of one lead as a JSON list, only where there is no vector from before. */
const list = (columns: string, order: string, from: string): string =>
  `case when v.vector is null then (select json_agg(json_build_array(${columns}) order by ${order}) from ${from}) end`;

/**
 * Scores, news and vectors of all leads are read in the order of their keys and then put together: thrice as fast as lead by lead. `w`,
 * what is as wide as a history, is looked up for those leads only that have no vector from before; `limit 1` keeps it by the lead.
 * Of a location that is known one row at least comes back, and its settings with the first. What is not known of a location (no mail
 * system, no calendar) is null; one that has a calendar or matches has had them since it was installed.
 */
const KNOWN = `
with here as materialized (
  select p.settings, p.settings_version as "settingsVersion",
    (select model_hash from score_models where location_id = $1 and speaks) as "modelHash",
    (select made_at from activity_sites where location_id = $1) as "siteSince",
    (select min(at) from email_events where location_id = $1) as "emailsSince",
    case when exists (select from appointments where location_id = $1) then p.installed_at end as "appointmentsSince",
    case when exists (select from listing_matches where location_id = $1) then p.installed_at end as "matchesSince"
  from locations p where p.location_id = $1
), l as materialized (
  select contact_id, score, confidence, tier, score_detail ->> 'model' as model, scored_at,
    activated_at is not null and deleted_at is null as active
  from leads where location_id = $1 and contact_id = any ($2::text[])
), n as materialized (
  select contact_id, news from lead_news where location_id = $1 and contact_id = any ($2::text[])
), v as materialized (
  select contact_id, news, settings_version, as_of, vector from lead_vectors
  where location_id = $1 and contact_id = any ($2::text[]) and not $4::boolean and feature_set = $5 and as_of <= $3
    and ($6::integer is null or as_of > $3::timestamptz - make_interval(hours => $6))
)
select ${ofAll('settings', 'settingsVersion', 'modelHash', 'siteSince', 'emailsSince', 'appointmentsSince', 'matchesSince')},
  l.contact_id as "contactId", coalesce(n.news, 0) as news, l.score as value, l.confidence, l.tier, l.model, l.scored_at as "scoredAt",
  l.active, v.as_of as "cachedAt", v.vector,
  w.created_at as "createdAt", w.qualification as answers, w.snapshot ->> 'source' as source, w.snapshot -> 'customFields' as fields,
  ${list('m.at, m.direction, m.channel, m.body, m.human', 'm.at, m.message_key', 'messages m where m.location_id = $1 and m.contact_id = l.contact_id and m.at <= $3')} as messages,
  ${list(`a.at, a.type, a.detail ->> 'listing', a.detail -> 'price', a.detail -> 'seconds', a.detail ->> 'email'`, 'a.at, a.event_id', 'analytics_events a where a.location_id = $1 and a.contact_id = l.contact_id and a.at <= $3')} as behaviour,
  ${list('e.at, e.event, e.message_id', 'e.at, e.event_key', 'email_events e where e.location_id = $1 and e.recipient_hash = w.email_hash and e.at <= $3')} as emails,
  ${list(
    `coalesce(b.created_at, b.known_at), b.source = 'booking_widget', b.starts_at, coalesce((b.facts_at ->> 'startsAt')::timestamptz, b.known_at), b.status, coalesce((b.facts_at ->> 'status')::timestamptz, b.known_at)`,
    'b.appointment_id',
    'appointments b where b.location_id = $1 and b.contact_id = l.contact_id and b.deleted_at is null',
  )} as appointments,
  case when v.vector is null then (select json_agg(t.matched_at order by t.matched_at) from listing_matches t
    where t.location_id = $1 and t.contact_id = l.contact_id) end as matches
from here
  left join unnest($2::text[]) with ordinality as asked (contact_id, place) on true
  left join l on l.contact_id = asked.contact_id
  left join n on n.contact_id = asked.contact_id
  left join v on v.contact_id = asked.contact_id and v.news = coalesce(n.news, 0) and v.settings_version = here."settingsVersion"
  left join lateral (
    select o.created_at, o.qualification, o.snapshot, o.email_hash from leads o
    where v.vector is null and o.location_id = $1 and o.contact_id = l.contact_id limit 1
  ) as w on true
order by asked.place`;
