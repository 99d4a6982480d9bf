import type { Iso } from '../../domain/glossary.ts';
import type { FieldValue } from '../../domain/leads/contact.ts';
import type { Qualification } from '../../domain/leads/lead.ts';
import { defaultSettings, type LocationSettings } from '../../domain/leads/settings.ts';
import type { Known, KnownLead, ScoreStore, StandingScore } from '../../domain/ports/scores.ts';
import type { LeadHistory } from '../../domain/scoring/features/lead-history.ts';
import { traceHolds } from '../../domain/scoring/features/lead-features.ts';
import { complete } from './locations.ts';
import type { Place } from './pool.ts';
import { currentSet, vectorFrom } from './score-vectors.ts';
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
  readonly last: Omit<StandingScore, 'scoredAt'> | null;
  readonly scoredAt: Iso | null;
  readonly active: boolean | null;
  readonly cachedAt: Iso | null;
  readonly vector: Buffer | null;
  readonly messages: readonly [Iso, 'inbound' | 'outbound', string, string, boolean][] | null;
  readonly behaviour: readonly [Iso, string, string | null, unknown, unknown][] | null;
  readonly emails: readonly [Iso, string, string | null][] | null;
  readonly appointments: readonly [Iso, boolean, Iso | null, Iso | null, string | null, Iso | null][] | null;
  readonly matches: readonly Iso[] | null;
}

/** All that scores of these leads are made of, in one statement, whatever their number. */
export async function known(
  place: Place,
  locationId: string,
  contactIds: readonly string[],
  { asOf, fresh = false, withinHours }: Parameters<ScoreStore['known']>[2],
): Promise<Known> {
  const { rows } = await place.query<KnownRow>({
    name: 'scores-known',
    text: KNOWN,
    values: [locationId, contactIds.map(clean), instant(asOf), fresh, currentSet.id, hoursOf(withinHours)],
  });
  const [first] = rows;
  if (first === undefined) return { modelHash: null, settings: defaultSettings, settingsVersion: 0, leads: [] };
  const { settings, settingsVersion, modelHash } = complete(first);
  const leads = rows.flatMap((row) => (row.contactId === null ? [] : [leadOf(row, row.contactId, first)]));
  return { modelHash, settings, settingsVersion, leads };
}

/** For how many hours a vector may be used again: as long as its values hold, or less if less is asked for. Null: for ever. */
function hoursOf(withinHours: number | undefined): number | null {
  if (traceHolds === null) return withinHours ?? null;
  return Math.min(withinHours ?? traceHolds, traceHolds);
}

function leadOf(row: KnownRow, contactId: string, first: KnownRow): KnownLead {
  const { news, vector, cachedAt, last, scoredAt } = row;
  const cached = vector === null || cachedAt === null ? null : { asOf: cachedAt, vector: vectorFrom(vector) };
  return {
    ...{ contactId, news, cached },
    history: cached === null ? historyOf(row, first) : null,
    fields: cached === null ? (row.fields ?? {}) : null,
    active: row.active ?? false,
    last: last === null || scoredAt === null ? null : { ...last, scoredAt },
  };
}

function historyOf(row: KnownRow, first: KnownRow): LeadHistory {
  const { createdAt, source, answers } = row;
  return {
    ...{ createdAt, answers },
    source: source === null || source === '' ? null : { value: source, at: createdAt },
    messages: (row.messages ?? []).map(([at, direction, channel, body, human]) => ({
      ...{ at, direction, channel, body, human },
    })),
    behaviour: (row.behaviour ?? []).map(([at, kind, listing, price, seconds]) => ({
      ...{ at, kind },
      ...(listing === null ? {} : { listing }),
      ...(typeof price === 'number' ? { price } : {}),
      ...(typeof seconds === 'number' ? { seconds } : {}),
    })),
    emails: (row.emails ?? []).map(([at, event, messageId]) => ({ at, event, messageId })),
    appointments: (row.appointments ?? []).map(([bookedAt, self, startsAt, startsAtTold, status, statusTold]) => ({
      ...{ bookedAt, self, startsAt, startsAtTold, status, statusTold },
    })),
    matches: row.matches ?? [],
    // How deals ended is known when there is nothing left to decide: no score looks at it.
    deals: [],
    since: {
      site: first.siteSince,
      emails: first.emailsSince,
      appointments: first.appointmentsSince,
      matches: first.matchesSince,
    },
  };
}

/** What is so for all leads comes with the first one: of thousands of rows each value that need not be read counts. */
const ofAll = (...names: string[]): string =>
  names.map((name) => `case when coalesce(asked.place, 1) = 1 then here."${name}" end as "${name}"`).join(', ');

/** Rows of one lead as a JSON list, only where there is no vector from before. */
const list = (columns: string, order: string, from: string): string =>
  `case when v.vector is null then (select json_agg(json_build_array(${columns}) order by ${order}) from ${from}) end`;

/**
 * `limit 1`: each lead is looked up by itself. As plain joins they would read all rows of a large location for a few hundred of its leads.
 * Of a location that is known one row at least comes back, and its settings with the first. `materialized`: what concerns the whole location is looked up once. What is not known of
 * a location (no mail system, no calendar) is null; one that has a calendar or matches has had them since it was installed.
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
)
select ${ofAll('settings', 'settingsVersion', 'modelHash', 'siteSince', 'emailsSince', 'appointmentsSince', 'matchesSince')},
  l.contact_id as "contactId", case when v.vector is null then l.created_at end as "createdAt", coalesce(n.news, 0) as news,
  case when v.vector is null then l.qualification end as answers,
  case when v.vector is null then l.snapshot ->> 'source' end as source,
  case when v.vector is null then l.snapshot -> 'customFields' end as fields,
  case when l.score is not null then json_build_object('value', l.score, 'confidence', l.confidence, 'tier', l.tier,
    'model', l.score_detail ->> 'model') end as last, l.scored_at as "scoredAt",
  l.activated_at is not null and l.deleted_at is null as active,
  v.as_of as "cachedAt", v.vector,
  ${list('m.at, m.direction, m.channel, m.body, m.human', 'm.at, m.message_key', 'messages m where m.location_id = $1 and m.contact_id = l.contact_id and m.at <= $3')} as messages,
  ${list(`a.at, a.type, a.detail ->> 'listing', a.detail -> 'price', a.detail -> 'seconds'`, 'a.at, a.event_id', 'analytics_events a where a.location_id = $1 and a.contact_id = l.contact_id and a.at <= $3')} as behaviour,
  ${list('e.at, e.event, e.message_id', 'e.at, e.event_key', 'email_events e where e.location_id = $1 and e.recipient_hash = l.email_hash and e.at <= $3')} as emails,
  ${list(
    `coalesce(b.created_at, b.known_at), b.source = 'booking_widget', b.starts_at, coalesce((b.facts_at ->> 'startsAt')::timestamptz, b.known_at), b.status, coalesce((b.facts_at ->> 'status')::timestamptz, b.known_at)`,
    'b.appointment_id',
    'appointments b where b.location_id = $1 and b.contact_id = l.contact_id and b.deleted_at is null',
  )} as appointments,
  case when v.vector is null then (select json_agg(t.matched_at order by t.matched_at) from listing_matches t
    where t.location_id = $1 and t.contact_id = l.contact_id) end as matches
from here
  left join unnest($2::text[]) with ordinality as asked (contact_id, place) on true
  left join lateral (select * from leads o where o.location_id = $1 and o.contact_id = asked.contact_id limit 1) as l on true
  left join lateral (select o.news from lead_news o where o.location_id = $1 and o.contact_id = l.contact_id limit 1) as n on true
  left join lateral (select * from lead_vectors o where o.location_id = $1 and o.contact_id = l.contact_id limit 1) as v on v.location_id = $1 and v.contact_id = l.contact_id and not $4::boolean and v.feature_set = $5
    and v.news = coalesce(n.news, 0) and v.settings_version = here."settingsVersion" and v.as_of <= $3
    and ($6::integer is null or v.as_of > $3::timestamptz - make_interval(hours => $6))
order by asked.place`;
