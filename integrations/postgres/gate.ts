import type { GateFacts, GateVerdict, Known, VendorFacts } from '../../domain/consent/facts.ts';
import type { ConsentStanding } from '../../domain/consent/standing.ts';
import {
  type Channel,
  type Iso,
  isMessage,
  type LeadRef,
  type LeadState,
  type Purpose,
} from '../../domain/glossary.ts';
import { settingsOf } from '../../domain/leads/settings.ts';
import type { OutboxDraft } from '../../domain/ports/outbox.ts';
import { consentStanding } from './consent-standing.ts';
import { STATUS } from './house-switch.ts';
import { leadLock, personLocks, shareLocation, takeLocks } from './locks.ts';
import { OPEN_STATES } from './open-states.ts';
import { type Client, type Place, transaction } from './pool.ts';
import { contactKey } from './suppressions.ts';
import { instant, isUuid, toJsonb } from './values.ts';

export interface Passage {
  readonly sendId: string;
  readonly ref: LeadRef;
  readonly vendor: VendorFacts;
  readonly personHashes: readonly string[];
  readonly now: Iso;
  readonly judge: (facts: GateFacts) => GateVerdict;
  /** The words as they go out; they replace the draft's when the gate opens. */
  readonly content: OutboxDraft['content'];
}

/**
 * The gate's transaction: locks location, lead and person, then reads what our own store knows, asks `judge`, stores inputs and
 * verdict, and moves the send to `sending` if the gate is open. The reading statement starts after all locks are held, so it sees
 * every opt-out, pause and send that was committed before. Undefined: the row is not `claimed`; somebody else has it.
 */
export async function pass(place: Place, passage: Passage): Promise<GateVerdict | undefined> {
  if (!isUuid(passage.sendId)) return undefined;
  return transaction(place, async (client) => {
    const { locationId } = passage.ref;
    const keys = [
      leadLock(passage.ref),
      ...personLocks(locationId, [...passage.personHashes, contactKey(passage.ref.contactId)]),
    ];
    const [, , row, consent] = await Promise.all([
      shareLocation(client, locationId),
      takeLocks(client, keys),
      readFacts(client, passage),
      readConsent(client, passage),
    ]);
    if (row === undefined || row.state !== 'claimed') return undefined;
    const facts = { ...gateFacts(row, passage), consent };
    const verdict = passage.judge(facts);
    await store(client, passage, facts, verdict);
    return verdict;
  });
}

async function readConsent(client: Client, passage: Passage): Promise<Known<ConsentStanding>> {
  const { vendor, ref, now, sendId } = passage;
  if (!vendor.consent.known) return vendor.consent;
  return {
    known: true,
    value: await consentStanding(client, { ref, fresh: vendor.consent.value, now, seenBy: `send:${sendId}` }),
  };
}

interface FactRow {
  readonly state: string;
  readonly channel: Channel;
  readonly purpose: Purpose | 'task';
  readonly of_step: boolean;
  readonly suppressed: boolean;
  readonly count: number;
  readonly oldest_at: Iso | null;
  readonly lead_state: LeadState | null;
  readonly location_status: 'active' | 'paused' | 'parked' | 'uninstalled' | null;
  readonly settings: Readonly<Record<string, unknown>> | null;
  readonly unworked: number;
  readonly wanted: boolean;
  /** This send's last verdicts, newest first: was it held back by what could not be read? */
  readonly lately_unread: readonly boolean[];
}

async function readFacts(client: Client, { sendId, ref, personHashes, now }: Passage): Promise<FactRow | undefined> {
  const { rows } = await client.query<FactRow>({
    name: 'gate-facts',
    text: FACTS,
    values: [ref.locationId, ref.contactId, sendId, personHashes, instant(now), contactKey(ref.contactId)],
  });
  return rows[0];
}

/** Contacts that bear one of the person's addresses. */
const OF_PERSON = `select contact_id from leads where location_id = $1 and sms_hash = any($4::text[])
      union select contact_id from leads where location_id = $1 and email_hash = any($4::text[])`;

/**
 * A message that somebody of the team wrote by hand binds from its receipt, like what the lead itself wrote. Inside a JSON string the
 * quotes of the pattern would be escaped, so nobody can write words that match it.
 * A send counts from the moment it may have left: `parked` and `unknown` ones too, unless they never reached `sending`.
 * So does what GHL's own workflows, bulk sends and campaigns sent to any contact that bears one of the person's addresses; nobody says what
 * it was for, so it counts as a solicitation. What failed has reached nobody, and our own sends are counted as such.
 * Until it is worked it is not counted, and so it holds the gate of whomever it will count against.
 * Of several additions to one workflow that wait together the last one left goes out: the others would start it again in the same breath.
 */
const FACTS = `
select o.state, o.channel, o.purpose, o.enrolment_id is not null as of_step,
  exists (
    select from suppressions s
    where s.location_id = $1 and s.person_hash = any($4::text[] || $6::text) and (s.channel = o.channel or o.channel = 'ghl-workflow')
      and s.lifted_at is null
  ) as suppressed,
  sent.count + others.count as count, least(sent.oldest_at, others.oldest_at) as oldest_at,
  l.state as lead_state, case when ${STATUS} = 'active' and p.parked_reason is not null then 'parked' else ${STATUS} end as location_status, p.settings,
  (select count(*)::integer from inbox i
    where i.location_id = $1 and i.contact_id = $2 and i.worked_at is null
      and (i.kind in ('message.inbound', 'contact.dnd', 'contact.deleted')
        or (i.kind = 'message.outbound' and convert_from(i.body, 'UTF8') ~ '"source"\\s*:\\s*"(app|workflow|bulk_actions|campaign)"')))
    + (select count(*)::integer from (${OF_PERSON}) as person
        join inbox i on i.location_id = $1 and i.contact_id = person.contact_id
      where o.purpose = 'solicitation' and o.channel in ('sms', 'email') and person.contact_id <> $2 and i.worked_at is null
        and i.kind = 'message.outbound'
        and convert_from(i.body, 'UTF8') ~ '"source"\\s*:\\s*"(workflow|bulk_actions|campaign)"') as unworked,
  ((o.enrolment_id is null or exists (
    select from enrolments e
    where e.location_id = $1 and e.contact_id = $2 and e.enrolment_id = o.enrolment_id and e.status = 'active'
      and (o.step_key is null or not e.done ? o.step_key))))
    and case o.channel
      when 'ghl-workflow' then coalesce(l.plan -> 'workflows' ? (o.content ->> 'target'), false) and not exists (
        select from outbox x
        where x.location_id = $1 and x.contact_id = $2 and x.send_id <> $3 and x.channel = 'ghl-workflow'
          and x.content ->> 'target' = o.content ->> 'target'
          and x.state in ${OPEN_STATES})
      when 'opportunity' then coalesce(l.plan -> 'opportunity' ->> 'pipelineId' = o.content ->> 'target', false)
      else true end as wanted,
  array(select v.verdict ? 'unread' from gate_verdicts v
    where v.location_id = $1 and v.contact_id = $2 and v.send_id = $3 order by v.id desc limit 2) as lately_unread
from outbox o
  left join leads l on l.location_id = o.location_id and l.contact_id = o.contact_id
  left join locations p on p.location_id = o.location_id
  cross join lateral (
    select count(*)::integer as count, min(h.sending_at) as oldest_at from outbox h
    where h.location_id = $1 and h.sending_at > $5::timestamptz - interval '24 hours' and h.person_hashes && $4::text[]
      and h.purpose = o.purpose and h.channel in ('sms', 'email')
      and h.state in ('sending', 'sent', 'recorded', 'unknown', 'parked')
  ) as sent
  cross join lateral (
    select count(*)::integer as count, min(m.at) as oldest_at
    from (
      select $2::text as contact_id union ${OF_PERSON}
    ) as person
      join messages m on m.location_id = $1 and m.contact_id = person.contact_id
    where o.purpose = 'solicitation' and o.channel in ('sms', 'email') and m.at > $5::timestamptz - interval '24 hours'
      and m.direction = 'outbound' and m.channel in ('sms', 'email') and m.origin in ('workflow', 'bulk_actions', 'campaign')
      and coalesce(m.status, '') not in ('failed', 'undelivered', 'opt_out')
      and not exists (
        select from outbox x where x.location_id = $1 and x.contact_id = m.contact_id and x.vendor_id = m.message_key)
  ) as others
where o.location_id = $1 and o.contact_id = $2 and o.send_id = $3
for update of o`;

function gateFacts(row: FactRow, { vendor, personHashes, now }: Passage): Omit<GateFacts, 'consent'> {
  // A task reaches nobody by phone or e-mail; a message without an address to check must not go out.
  const settings = row.settings === null ? null : settingsOf(row.settings);
  const nobody = isMessage(row.channel) && personHashes.length === 0;
  const aboutPerson = <T>(value: T): Known<T> =>
    nobody ? { known: false, why: 'no address to look up' } : { known: true, value };
  return {
    now: instant(now),
    channel: row.channel,
    purpose: row.purpose === 'task' ? 'solicitation' : row.purpose,
    ...(row.of_step ? { step: true as const } : {}),
    contact: vendor.contact,
    activated: vendor.activated,
    suppressed: aboutPerson(row.suppressed),
    sentIn24h: aboutPerson({ count: row.count, oldestAt: row.oldest_at }),
    state:
      row.lead_state === null
        ? { known: false, why: 'the lead is not stored' }
        : { known: true, value: row.lead_state },
    location:
      row.location_status === null
        ? { known: false, why: 'the location is not stored' }
        : { known: true, value: row.location_status },
    unworkedInbound: { known: true, value: row.unworked },
    wanted: { known: true, value: row.wanted },
    // An unknown location has no hour and no message left.
    quietHours: settings?.quietHours ?? { from: '00:00', to: '00:00' },
    capPer24h: settings?.capPer24h ?? 0,
    ...(row.lately_unread[0] === true ? { unreadBefore: row.lately_unread[1] === true ? 2 : 1 } : {}),
  };
}

async function store(client: Client, passage: Passage, facts: GateFacts, verdict: GateVerdict): Promise<void> {
  const { ref, sendId, personHashes } = passage;
  await client.query({
    name: 'gate-store',
    text: `with opened as (
        update outbox set state = 'sending', sending_at = $4, person_hashes = $9, content = $10, reason = null
        where $5 and location_id = $1 and contact_id = $2 and send_id = $3
      )
      insert into gate_verdicts (location_id, contact_id, send_id, at, open, closed_by, facts, verdict)
      values ($1, $2, $3, $4, $5, $6, $7, $8)`,
    values: [
      ref.locationId,
      ref.contactId,
      sendId,
      facts.now,
      verdict.open,
      verdict.closedBy ?? null,
      toJsonb(facts),
      toJsonb(verdict),
      personHashes,
      toJsonb(passage.content),
    ],
  });
}
