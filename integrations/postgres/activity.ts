import type { LeadRef } from '../../domain/glossary.ts';
import type { ActivityOutcome, ActivitySite, ActivityStore, LeadActivity } from '../../domain/ports/activity.ts';
import { recordActivity } from './activity-record.ts';
import { ask, pageOf, tell } from './ask.ts';
import { decodeCursor } from './cursor.ts';
import { stored } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean, instant, isUuid } from './values.ts';

/** Behaviour in Postgres; see `ActivityStore` for what each function promises. A post names its location by a secret: the house looks. */
export function createActivityStore({ at, house }: Pick<Tenants, 'at' | 'house'>): ActivityStore {
  return {
    siteBySecretHash: async (hash) => {
      const [site] = await stored(() => ask<ActivitySite>(house, siteBy('secret_hash', hash)));
      return site;
    },
    site: async (locationId) => {
      const [site] = await stored(() => ask<ActivitySite>(at(locationId), siteBy('location_id', clean(locationId))));
      return site;
    },
    setSite: (locationId, site) => setSite({ at }, locationId, site),
    record: (locationId, post, now) =>
      stored(() => recordActivity(at(locationId), locationId, post, now), 'CANNOT_STORE'),
    ofContact: (ref, options) => ofContact({ at }, ref, options),
    setOutcome: (ref, eventId, outcome) => setOutcome({ at }, ref, eventId, outcome),
  };
}

function siteBy(column: 'secret_hash' | 'location_id', value: string): Parameters<typeof ask>[1] {
  return {
    name: `activity-site-by-${column}`,
    text: `select location_id as "locationId", origins, made_at as "madeAt" from activity_sites where ${column} = $1`,
    values: [value],
  };
}

async function setSite(
  { at }: Pick<Tenants, 'at'>,
  locationId: string,
  { secretHash, keepSecret, origins }: Parameters<ActivityStore['setSite']>[1],
): ReturnType<ActivityStore['setSite']> {
  const [site] = await ask<{ secretKept: boolean }>(at(locationId), {
    name: 'activity-set-site',
    text: `insert into activity_sites as s (location_id, secret_hash, origins) values ($1, $2, coalesce($3::text[], '{}'))
      on conflict (location_id) do update set
        secret_hash = case when $4 then s.secret_hash else excluded.secret_hash end,
        made_at = case when $4 then s.made_at else now() end,
        origins = coalesce($3::text[], s.origins)
      returning secret_hash <> $2 as "secretKept"`,
    values: [clean(locationId), secretHash, origins?.map(clean) ?? null, keepSecret],
  });
  return { secretKept: site?.secretKept ?? false };
}

interface EventRow extends Omit<LeadActivity, 'outcome'> {
  readonly outcomeLabel: string | null;
  readonly outcomeValue: number | null;
  readonly outcomeAt: string | null;
}

const COLUMNS = `event_id as "eventId", at, late, type as kind, detail, outcome_label as "outcomeLabel", outcome_value as "outcomeValue",
  outcome_at as "outcomeAt"`;

/** Errors: BAD_CURSOR, BAD_VALUE, STORE_AWAY. */
async function ofContact(
  { at }: Pick<Tenants, 'at'>,
  { locationId, contactId }: LeadRef,
  { since, limit, cursor }: Parameters<ActivityStore['ofContact']>[1],
): ReturnType<ActivityStore['ofContact']> {
  const from = instant(since);
  // Not since when: a caller that names none asks for a little less with every page.
  const query = ['activity', locationId, contactId];
  const [before, id] = decodeCursor(query, cursor, ['instant', 'uuid']) ?? ['infinity', NO_UUID];
  const rows = await ask<EventRow>(at(locationId), {
    name: 'activity-of-contact',
    text: `select ${COLUMNS} from analytics_events
      where location_id = $1 and contact_id = $2 and at >= $3 and at <= $4 and (at, event_id) < ($4, $5)
      order by at desc, event_id desc limit $6`,
    values: [clean(locationId), clean(contactId), from, before, id, limit + 1],
  });
  return pageOf(query, rows.map(shown), limit, (row) => [row.at, row.eventId]);
}

const NO_UUID = '00000000-0000-0000-0000-000000000000';

function shown({ outcomeLabel, outcomeValue, outcomeAt, ...rest }: EventRow): LeadActivity {
  const outcome: ActivityOutcome | null =
    outcomeLabel === null || outcomeAt === null ? null : { label: outcomeLabel, value: outcomeValue, at: outcomeAt };
  return { ...rest, outcome };
}

/** Written once: the second of two that come at the same time finds the first. */
async function setOutcome(
  { at }: Pick<Tenants, 'at'>,
  { locationId, contactId }: LeadRef,
  eventId: string,
  outcome: ActivityOutcome,
): ReturnType<ActivityStore['setOutcome']> {
  if (!isUuid(eventId)) return 'absent';
  const values = [
    clean(locationId),
    clean(contactId),
    eventId,
    clean(outcome.label),
    outcome.value,
    instant(outcome.at),
  ];
  const written = await tell(at(locationId), {
    name: 'activity-outcome',
    text: `update analytics_events set outcome_label = $4, outcome_value = $5, outcome_at = $6
      where location_id = $1 and contact_id = $2 and event_id = $3 and outcome_label is null`,
    values,
  });
  if (written > 0) return 'set';
  const [found] = await ask<{ same: boolean }>(at(locationId), {
    name: 'activity-outcome-before',
    text: `select (outcome_label, outcome_value, outcome_at) is not distinct from ($4::text, $5::double precision, $6::timestamptz) as same
      from analytics_events where location_id = $1 and contact_id = $2 and event_id = $3`,
    values,
  });
  if (found === undefined) return 'absent';
  return found.same ? 'set' : 'other';
}
