import type { Cache } from '../../domain/cache/cache.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { ContactSnapshot } from '../../domain/leads/contact.ts';
import type { Lead, TalkMessage } from '../../domain/leads/lead.ts';
import type { LeadStore } from '../../domain/ports/leads.ts';
import { digestOf, GONE, LOCATION_GONE, recall, type Standing, versionOf } from './kept.ts';
import { type Place, stored } from './pool.ts';
import type { Tenants } from './tenants.ts';

/**
 * Leads and conversations as people look at them: kept, and given again while the database says that they are as they were. Whatever
 * decides, sends, or keeps from sending, reads the database as ever.
 */
export function keptLeads(store: LeadStore, tenants: Tenants, cache: Cache): LeadStore {
  return {
    ...store,
    shown: (ref) => stored(() => shown(tenants.at(ref.locationId), cache, ref)),
    conversation: (ref, limit) => stored(() => conversation(tenants.at(ref.locationId), cache, ref, limit)),
  };
}

/** What changes with each event; what the CRM says of the contact seldom does, and is kept apart. */
type LeadAlone = Omit<Lead, 'locationId' | 'contactId' | 'snapshot' | 'plan'>;
interface ShownRow extends Standing, LeadAlone {
  readonly contactVersion: string;
  readonly snapshot: ContactSnapshot | null;
}

async function shown(place: Place, cache: Cache, ref: LeadRef): Promise<Lead | undefined> {
  const { locationId, contactId } = ref;
  const [lead, contact] = await Promise.all([
    recall<LeadAlone>(place, cache, ref, { kind: 'lead' }),
    recall<ContactSnapshot | null>(place, cache, ref, { kind: 'contact' }),
  ]);
  const { rows } = await place.query<ShownRow>({
    name: 'lead-shown',
    text: SHOWN,
    values: [locationId, contactId, lead.known, contact.known],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  const { version, gone, contactVersion, snapshot, ...alone } = row;
  const [now, contactNow] = await Promise.all([
    lead.now({ version, gone }, () => alone),
    contact.now({ version: contactVersion, gone }, () => snapshot),
  ]);
  return { ...{ locationId, contactId }, ...now, snapshot: contactNow };
}

/** Counted up with `changed` below. */
const LEAD_SHAPE = 1;

/** A contact is known by what is said of it, so that an event which changes the lead alone leaves it as it is. */
const SHOWN = `
select v.version, l.deleted_at is not null or ${LOCATION_GONE} as gone, v.contact as "contactVersion", changed.*, case when v.contact is distinct from $4 then l.snapshot end as snapshot
from leads l
  cross join lateral (
    select ${versionOf(LEAD_SHAPE, 'l.xmin', 'l.ctid')} as version, coalesce(${digestOf('l.snapshot::text')}, '') as contact
  ) as v
  left join lateral (
    select l.state, l.state_since as "stateSince", l.stage, l.tier, l.score_detail as score, l.scored_at as "scoredAt", l.qualification,
      l.snapshot_at as "snapshotAt", l.activated_at as "activatedAt", l.deleted_at as "deletedAt", l.last_inbound_at as "lastInboundAt",
      l.last_human_at as "lastHumanAt", l.created_at as "createdAt", l.last_activity_at as "lastActivityAt"
  ) as changed on v.version is distinct from $3
where l.location_id = $1 and l.contact_id = $2`;

interface ConversationRow extends Standing {
  readonly messages: readonly (readonly [TalkMessage['direction'], string, string, string, boolean])[] | null;
}

async function conversation(place: Place, cache: Cache, ref: LeadRef, limit: number): Promise<readonly TalkMessage[]> {
  const { locationId, contactId } = ref;
  const kept = await recall<readonly TalkMessage[]>(place, cache, ref, {
    kind: 'conversation',
    id: `${contactId} ${limit}`,
  });
  const { rows } = await place.query<ConversationRow>({
    name: 'lead-conversation',
    text: CONVERSATION,
    values: [locationId, contactId, limit, kept.known],
  });
  const { messages, ...standing } = rows[0]!;
  return kept.now(standing, () => (messages ?? []).map(messageOf));
}

function messageOf([direction, channel, body, at, human]: NonNullable<
  ConversationRow['messages']
>[number]): TalkMessage {
  return { direction, channel, body, at: new Date(at).toISOString(), human };
}

/** Counted up with what a message is made of. */
const TALK_SHAPE = 1;

/**
 * All that is read of a message is counted as news when it changes, so a talk is known by that count. A lead that came with its messages from
 * elsewhere has none yet.
 */
const TALK = `coalesce(
  (select n.xmin || ' ' || n.news from lead_news n where n.location_id = $1 and n.contact_id = $2),
  (select l.xmin || ' ' || l.ctid from leads l where l.location_id = $1 and l.contact_id = $2))`;

const CONVERSATION = `
select v.version, ${GONE} as gone, case when v.version is distinct from $4 then (
    select json_agg(json_build_array(m.direction, m.channel, m.body, m.at, m.human) order by m.at, m.message_key)
    from (select direction, channel, body, at, human, message_key from messages
      where location_id = $1 and contact_id = $2 order by at desc, message_key desc limit $3) as m
  ) end as messages
from (select ${versionOf(TALK_SHAPE, TALK)} as version) as v`;
