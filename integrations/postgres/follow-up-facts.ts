import type { Begun, TalkRecord } from '../../domain/follow-up/facts.ts';
import { availableNeeds } from '../../domain/follow-up/needs.ts';
import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { EnrolmentStore, FollowUpStanding } from '../../domain/ports/enrolments.ts';
import type { News } from '../../domain/market/alerts.ts';
import { NOT_ON_ITS_WAY } from './market-alerts.ts';
import type { Place } from './pool.ts';
import { IN_FORCE } from './sequences.ts';
import { clean, instant, isUuid } from './values.ts';

/** Columns of a statement of which $1 is the location and $2 the contact. */
export interface FollowUpColumns {
  readonly began: Begun;
  readonly talk: TalkRecord;
  readonly appointmentsKnown: boolean;
  readonly mayAlert: boolean;
  readonly news: readonly News[];
}

/**
 * What sequences look at, as three columns. Consent is what was last told of it; whether it holds for a send is the gate's to judge.
 * A location that was never told of an appointment has no events that would bring one, and one without a feed whose licence allows alerts has
 * no news of homes.
 */
export const FOLLOW_UP_COLUMNS = `
  (select coalesce(json_object_agg(key, at), '{}') from (
    select sequence_key as key, max(enrolled_at) as at from enrolments where location_id = $1 and contact_id = $2 group by 1) as begun) as began,
  (select json_build_object(
      'heardAt', greatest(l.last_inbound_at, (select max(e.at) from analytics_events e where e.location_id = $1 and e.contact_id = $2)),
      'wroteAt', l.last_inbound_at,
      'consent', (select json_build_object('sms', coalesce(bool_or(channel = 'sms'), false), 'email', coalesce(bool_or(channel = 'email'), false))
        from consents where location_id = $1 and contact_id = $2 and state = 'granted'),
      'emailOpened', opened.any, 'emailClicked', opened.clicked,
      'appointments', (select coalesce(json_agg(a order by "startsAt" desc nulls first), '[]') from (
        select appointment_id as id, status, starts_at as "startsAt" from appointments
        where location_id = $1 and contact_id = $2 and deleted_at is null order by starts_at desc nulls first limit 50) as a),
      'opportunity', (select status from opportunities
        where location_id = $1 and contact_id = $2 and deleted_at is null order by coalesce(created_at, known_at) desc, opportunity_id limit 1))
    from (values (1)) as always
      left join leads l on l.location_id = $1 and l.contact_id = $2
      cross join lateral (
        select coalesce(bool_or(true), false) as any, coalesce(bool_or(event = 'clicked'), false) as clicked from email_events e
        where e.location_id = $1 and e.recipient_hash = l.email_hash and e.event in ('opened', 'clicked')) as opened) as talk,
  exists (select from appointments where location_id = $1) as "appointmentsKnown",
  coalesce((select p.settings @? '$.market.feeds[*] ? (@.rights.alerts == true)' from locations p where p.location_id = $1), false)
    as "mayAlert",
  (select coalesce(json_agg(json_build_object('listingKey', a.listing_key, 'change', a.change, 'kind', a.kind, 'startsAt', a.starts_at,
      'decidedAt', a.decided_at) order by a.decided_at, a.listing_key, a.change), '[]')
    from market_alerts a where a.location_id = $1 and a.contact_id = $2 and a.state = 'waiting' and ${NOT_ON_ITS_WAY}) as news`;

/** Inside of JSON an instant comes in Postgres' own spelling. */
export function followUpOf(columns: FollowUpColumns): Omit<FollowUpStanding, 'waiting'> {
  const { began, talk, appointmentsKnown, mayAlert, news } = columns;
  return {
    began: Object.fromEntries(Object.entries(began).map(([key, at]) => [key, instant(at)])),
    talk: {
      ...talk,
      heardAt: instantOrNull(talk.heardAt),
      wroteAt: instantOrNull(talk.wroteAt),
      appointments: talk.appointments.map((one) => ({ ...one, startsAt: instantOrNull(one.startsAt) })),
    },
    available: availableNeeds({ appointments: appointmentsKnown, listings: mayAlert }),
    news: news.map((one) => ({
      ...one,
      startsAt: instantOrNull(one.startsAt),
      decidedAt: instant(one.decidedAt),
    })),
  };
}

function instantOrNull(at: Iso | null): Iso | null {
  return at === null ? null : instant(at);
}

export async function followUp(place: Place, ref: LeadRef): Promise<FollowUpStanding> {
  const { rows } = await place.query<FollowUpColumns & { readonly waiting: readonly SequenceDocument[] }>({
    name: 'lead-follow-up',
    text: `select ${FOLLOW_UP_COLUMNS},
      (select coalesce(json_agg(document order by key), '[]') from (${IN_FORCE} where s.document -> 'trigger' ->> 'on' in ('silence', 'listing')) as live) as waiting`,
    values: [ref.locationId, ref.contactId],
  });
  const row = rows[0];
  if (row === undefined) throw new Error('a statement that always answers a row answered none');
  return { ...followUpOf(row), waiting: row.waiting };
}

export async function wordsFor(
  place: Place,
  ref: LeadRef,
  { agentId, enrolmentId }: Parameters<EnrolmentStore['wordsFor']>[1],
): ReturnType<EnrolmentStore['wordsFor']> {
  const { rows } = await place.query<{ agentName: string | null; appointmentAt: Iso | null }>({
    name: 'lead-words',
    text: `select (select name from agent_profiles where location_id = $1 and agent_id = $3 and active) as "agentName",
        (select event_at from enrolments where location_id = $1 and contact_id = $2 and enrolment_id = $4 and event_kind = 'appointment')
          as "appointmentAt"`,
    values: [
      ref.locationId,
      ref.contactId,
      agentId === null ? null : clean(agentId),
      enrolmentId !== null && isUuid(enrolmentId) ? enrolmentId : null,
    ],
  });
  return rows[0] ?? { agentName: null, appointmentAt: null };
}
