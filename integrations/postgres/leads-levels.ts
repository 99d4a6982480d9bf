import { unsubscribedBy } from '../../domain/consent/suppression.ts';
import type { LeadAssignment } from '../../domain/crm/assignment.ts';
import type { Enrolment, SequenceDocument } from '../../domain/follow-up/sequence.ts';
import type { Iso, LeadRef } from '../../domain/glossary.ts';
import type { Lead } from '../../domain/leads/lead.ts';
import type { Location } from '../../domain/leads/settings.ts';
import type { InboxRow } from '../../domain/ports/inbox.ts';
import type { Case, DecideVerdict, Standing } from '../../domain/ports/leads.ts';
import { ASSIGNMENT_COLUMNS } from './assignments.ts';
import { ASSIST_COLUMNS } from './drafts-decision.ts';
import { ENROLMENT_JSON, enrolmentOf } from './enrolments.ts';
import { FOLLOW_UP_COLUMNS, type FollowUpColumns, followUpOf } from './follow-up-facts.ts';
import { lastHumanReaction } from './human-reaction.ts';
import { FACTS, type FactsRow, factsOf, LEAD_COLUMNS } from './leads-read.ts';
import { complete, LOCATION_COLUMNS } from './locations.ts';
import type { Place } from './pool.ts';
import { IN_FORCE } from './sequences.ts';
import { clean, instant, isUuid } from './values.ts';

/*
 * What a level reads, each in one statement: at fifty events a second a process spends more time on sending and parsing one more
 * statement than Postgres does on running it.
 */

type CaseRow = Omit<InboxRow, 'inboxId'> &
  Omit<Lead, 'locationId' | 'contactId'> &
  Omit<Location, 'locationId'> & {
    readonly inboxId: string | null;
    readonly known: boolean;
    readonly installed: boolean;
  };

/** Level 0: the event, its lead and its location. */
export async function openCase(place: Place, ref: LeadRef, inboxId: string): Promise<Case> {
  const { rows } = await place.query<CaseRow>({
    name: 'lead-case',
    text: CASE,
    values: [clean(ref.locationId), clean(ref.contactId), isUuid(inboxId) ? inboxId : null],
  });
  const row = rows[0];
  if (row === undefined) return { row: undefined, lead: undefined, location: undefined };
  return {
    row: row.inboxId === null ? undefined : row,
    lead: row.known ? leadOf(row, ref) : undefined,
    location: row.installed ? complete(locationOf(row, ref.locationId)) : undefined,
  };
}

const CASE = `
select i.inbox_id as "inboxId", i.location_id as "locationId", i.contact_id as "contactId", i.source, i.type, i.kind,
  i.occurred_at as "occurredAt", i.received_at as "receivedAt", i.reopened_at as "reopenedAt", i.verdict, i.body,
  l.contact_id is not null as known, ${LEAD_COLUMNS},
  p.location_id is not null as installed, ${LOCATION_COLUMNS}
from (values (1)) as always
  left join inbox i on i.inbox_id = $3
  left join leads l on l.location_id = $1 and l.contact_id = $2
  left join locations p on p.location_id = $1`;

function leadOf(row: CaseRow, { locationId, contactId }: LeadRef): Lead {
  const { state, stateSince, stage, tier, score, scoredAt, qualification, snapshot, snapshotAt } = row;
  const { activatedAt, deletedAt, lastInboundAt, lastHumanAt, createdAt, lastActivityAt = null, plan = null } = row;
  return {
    ...{ locationId, contactId, state, stateSince, stage, tier, score, scoredAt, qualification, snapshot, snapshotAt },
    ...{ activatedAt, deletedAt, lastInboundAt, lastHumanAt, createdAt, lastActivityAt, plan },
  };
}

function locationOf(row: CaseRow, locationId: string): Location {
  const { companyId, name, timezone, status, pausedBy, parked, settings, settingsVersion } = row;
  return { locationId, companyId, name, timezone, status, pausedBy, parked, settings, settingsVersion };
}

interface StandingRow extends FactsRow, FollowUpColumns {
  readonly verdict: DecideVerdict | null;
  readonly enrolments: readonly Enrolment[];
  readonly sequences: readonly SequenceDocument[];
  readonly assignment: LeadAssignment | null;
  /** Empty or null: not known. */
  readonly owner: readonly (string | null)[] | null;
  readonly away: readonly string[];
  readonly openSince: Iso | null;
  readonly unsubscribed: boolean;
  readonly owed: readonly [Iso, Iso] | null;
  readonly draftOpen: boolean;
}

/** Level 3: all that the decision depends on besides the case. The verdict is that of the event's current round. */
export async function standing(place: Place, ref: LeadRef, inboxId: string, asOf: Iso): Promise<Standing> {
  const { rows } = await place.query<StandingRow>({
    name: 'lead-standing',
    text: STANDING,
    values: [ref.locationId, ref.contactId, instant(asOf), isUuid(inboxId) ? inboxId : null],
  });
  const row = rows[0];
  if (row === undefined) throw new Error('a statement that always answers a row answered none');
  const assignment = row.assignment === null ? null : inOurInstants(row.assignment);
  const awaited = assignment?.state === 'given' || assignment?.state === 'offered';
  const reaction = awaited ? await lastHumanReaction(place, ref, assignment.since) : undefined;
  return {
    verdict: row.verdict ?? undefined,
    facts: factsOf(row, asOf),
    enrolments: row.enrolments.map(enrolmentOf),
    sequences: row.sequences,
    ...followUpOf(row),
    unsubscribed: row.unsubscribed,
    assist: { owed: owedOf(row.owed), open: row.draftOpen },
    team: {
      ...{ assignment, owner: row.owner?.[0], away: row.away, reactedAt: reaction?.at ?? null },
      openSince: row.openSince,
    },
  };
}

function owedOf(owed: StandingRow['owed']): Standing['assist']['owed'] {
  return owed === null ? null : { firstAt: instant(owed[0]), lastAt: instant(owed[1]) };
}

function inOurInstants(assignment: LeadAssignment): LeadAssignment {
  const { since, dueAt } = assignment;
  return { ...assignment, since: instant(since), dueAt: dueAt === null ? null : instant(dueAt) };
}

const STANDING = `${FACTS},
  (select d.verdict from decisions d where d.location_id = $1 and d.contact_id = $2 and d.inbox_id = $4
    and d.round = coalesce((select i.round from inbox i where i.inbox_id = $4), 0)) as verdict,
  (select coalesce(json_agg(${ENROLMENT_JSON} order by enrolled_at, enrolment_id), '[]')
    from enrolments where location_id = $1 and contact_id = $2 and status = 'active') as enrolments,
  (select coalesce(json_agg(document order by key), '[]') from (${IN_FORCE}) as live) as sequences,
  ${FOLLOW_UP_COLUMNS},
  (select to_json(a) from (select ${ASSIGNMENT_COLUMNS} from assignments where location_id = $1 and contact_id = $2) as a) as assignment,
  (select case when snapshot ? 'assignedTo' then json_build_array(snapshot -> 'assignedTo') end
    from leads where location_id = $1 and contact_id = $2) as owner,
  array(select agent_id from agent_profiles where location_id = $1 and not active order by 1) as away,
  (select greatest(p.open_since, (select max(at) from house_switches where not all_paused))
    from locations p where p.location_id = $1) as "openSince",
  exists (select from suppressions s where s.location_id = $1 and s.channel = 'email' and s.lifted_at is null
    and s.reason in (${unsubscribedBy.map((reason) => `'${reason}'`).join(', ')})
    and s.person_hash in (select email_hash from leads where location_id = $1 and contact_id = $2
      union all select 'contact:' || $2)) as unsubscribed,
  ${ASSIST_COLUMNS}`;
