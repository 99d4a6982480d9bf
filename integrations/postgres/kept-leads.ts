import type { Cache } from '../../domain/cache/cache.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { ContactSnapshot } from '../../domain/leads/contact.ts';
import type { Lead, TalkMessage } from '../../domain/leads/lead.ts';
import { WHOLE_LOCATION } from '../../domain/ports/cache-tags.ts';
import type { LeadStore } from '../../domain/ports/leads.ts';
import { recall, versionOf } from './kept.ts';
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
interface ShownRow {
  readonly version: string;
  readonly lead: LeadAlone;
  readonly contactVersion: string;
  readonly snapshot: ContactSnapshot | null;
}

async function shown(place: Place, cache: Cache, ref: LeadRef): Promise<Lead | undefined> {
  const { locationId, contactId } = ref;
  const key = { location: locationId, id: contactId };
  const tags = [contactId, WHOLE_LOCATION];
  const [lead, contact] = await Promise.all([
    recall<LeadAlone>(cache, key, { kind: 'lead', tags }),
    recall<ContactSnapshot | null>(cache, key, { kind: 'contact', tags }),
  ]);
  const { rows } = await place.query<Omit<ShownRow, 'lead'> & LeadAlone>({
    name: 'lead-shown',
    text: SHOWN,
    values: [locationId, contactId, lead.known, contact.known],
  });
  const [row] = rows;
  if (row === undefined) return undefined;
  const { version, contactVersion, snapshot, ...alone } = row;
  const [now, contactNow] = await Promise.all([
    lead.now(version, () => alone),
    contact.now(contactVersion, () => snapshot),
  ]);
  return { ...{ locationId, contactId }, ...now, snapshot: contactNow };
}

/** A contact is known by what is said of it, so that an event which changes the lead alone leaves it as it is. */
const SHOWN = `
select v.version, v.contact as "contactVersion", changed.*, case when v.contact is distinct from $4 then l.snapshot end as snapshot
from leads l
  cross join lateral (select ${versionOf('l.xmin', 'l.ctid')} as version, coalesce(md5(l.snapshot::text), '') as contact) as v
  left join lateral (
    select l.state, l.state_since as "stateSince", l.stage, l.tier, l.score_detail as score, l.scored_at as "scoredAt", l.qualification,
      l.snapshot_at as "snapshotAt", l.activated_at as "activatedAt", l.deleted_at as "deletedAt", l.last_inbound_at as "lastInboundAt",
      l.last_human_at as "lastHumanAt", l.created_at as "createdAt", l.last_activity_at as "lastActivityAt"
  ) as changed on v.version is distinct from $3
where l.location_id = $1 and l.contact_id = $2`;

interface ConversationRow {
  readonly version: string;
  readonly messages: readonly (readonly [TalkMessage['direction'], string, string, string, boolean])[] | null;
}

/** All that is read of a message is counted as news when it changes, so a talk is known by that count. */
async function conversation(
  place: Place,
  cache: Cache,
  { locationId, contactId }: LeadRef,
  limit: number,
): Promise<readonly TalkMessage[]> {
  const key = { location: locationId, id: `${contactId} ${limit}` };
  const kept = await recall<readonly TalkMessage[]>(cache, key, {
    kind: 'conversation',
    tags: [contactId, WHOLE_LOCATION],
  });
  const { rows } = await place.query<ConversationRow>({
    name: 'lead-conversation',
    text: CONVERSATION,
    values: [locationId, contactId, limit, kept.known],
  });
  const { version, messages } = rows[0]!;
  return kept.now(version, () => (messages ?? []).map(messageOf));
}

function messageOf([direction, channel, body, at, human]: NonNullable<
  ConversationRow['messages']
>[number]): TalkMessage {
  return { direction, channel, body, at: new Date(at).toISOString(), human };
}

const NEWS = `(select n.xmin || ' ' || n.news from lead_news n where n.location_id = $1 and n.contact_id = $2)`;

const CONVERSATION = `
select v.version, case when v.version is distinct from $4 then (
    select json_agg(json_build_array(m.direction, m.channel, m.body, m.at, m.human) order by m.at, m.message_key)
    from (select direction, channel, body, at, human, message_key from messages
      where location_id = $1 and contact_id = $2 order by at desc, message_key desc limit $3) as m
  ) end as messages
from (select ${versionOf(NEWS)} as version) as v`;
