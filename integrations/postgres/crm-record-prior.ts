import { type MakingSend, ownTraces } from '../../domain/crm/own-traces.ts';
import type { Marks } from '../../domain/crm/marks.ts';
import { type OwnWrite, type PriorMessage, UNSETTLED, type UnsettledSend } from '../../domain/crm/own-write.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { CrmRecordStore, Prior } from '../../domain/ports/crm-records.ts';
import { recordOf } from './crm-record-rows.ts';
import { statementsOf } from './crm-record-tables.ts';
import type { Place } from './pool.ts';
import { clean, isUuid } from './values.ts';

interface PriorRow {
  readonly record: Parameters<typeof recordOf>[1] | null;
  readonly message: PriorMessage | null;
  readonly expected: readonly OwnWrite[];
  readonly sends: readonly MakingSend[];
  readonly marks: Marks | null;
  readonly assigning: string | null;
  readonly unsettled: readonly UnsettledSend[];
}

/**
 * One statement, and so one moment: a write of ours shows either as one that is under way or as what came of it. A record that is
 * read inside of JSON has its instants in Postgres' own spelling.
 */
export async function prior(place: Place, ref: LeadRef, asked: Parameters<CrmRecordStore['prior']>[1]): Promise<Prior> {
  const { record: news, message } = asked;
  const kind = news?.kind ?? 'none';
  const { rows } = await place.query<PriorRow>({
    name: `prior-${kind}`,
    text: priorOf(news === undefined ? 'select null where $2::text is null' : statementsOf(news.kind).read),
    values: [
      ref.locationId,
      news === undefined ? null : clean(news.recordId),
      ref.contactId,
      message === undefined ? null : clean(message.id),
      message !== undefined && isUuid(message.inboxId) ? message.inboxId : null,
    ],
  });
  const row = rows[0];
  if (row === undefined) throw new Error('a statement that always answers a row answered none');
  const { marks, assigning, sends } = row;
  return {
    record: news === undefined || row.record === null ? null : recordOf(news.kind, withInstants(row.record)),
    message: row.message,
    writes: [...row.expected, ...ownTraces({ sends, marks: marks ?? {}, assigning }, news)],
    unsettled: row.unsettled.map((send) => ({ ...send, since: new Date(send.since).toISOString() })),
  };
}

function withInstants(row: NonNullable<PriorRow['record']>): NonNullable<PriorRow['record']> {
  const instantOf = (at: string | null) => (at === null ? null : new Date(at).toISOString());
  return {
    ...row,
    knownAt: new Date(row.knownAt).toISOString(),
    deletedAt: instantOf(row.deletedAt),
    ownAt: instantOf(row.ownAt),
  };
}

/**
 * A message that this very event has stored before is none that came before it. A send that was settled long ago is known by its id;
 * those under way are few.
 */
function priorOf(read: string): string {
  return `select (select to_json(r) from (${read}) as r) as record,
    (select json_build_object('status', m.status, 'body', m.body, 'origin', m.origin) from messages m
      where m.location_id = $1 and m.contact_id = $3 and m.message_key = $4 and m.inbox_id is distinct from $5::uuid) as message,
    (select coalesce(json_agg(json_build_object('key', write_key, 'kind', kind, 'recordId', record_id, 'facts', facts)), '[]')
      from crm_expected e where e.location_id = $1 and e.contact_id = $3 and e.at > now() - interval '1 hour') as expected,
    (select coalesce(json_agg(json_build_object('sendId', send_id, 'channel', channel, 'vendorId', vendor_id, 'content', content)), '[]')
      from outbox o where o.location_id = $1 and o.contact_id = $3
        and (o.state in ('sending', 'unknown') or (o.state in ('sent', 'parked') and o.vendor_id = $2))) as sends,
    (select coalesce(json_agg(json_build_object('sendId', send_id, 'channel', channel, 'body', content ->> 'body', 'since', sending_at)
        order by sending_at), '[]')
      from outbox o where $4::text is not null and o.location_id = $1 and o.contact_id = $3 and o.channel in ('sms', 'email')
        and o.state in (${UNSETTLED.map((state) => `'${state}'`).join(', ')}) and o.vendor_id is null and o.sending_at is not null) as unsettled,
    (select l.crm_marks from leads l where l.location_id = $1 and l.contact_id = $3) as marks,
    (select l.plan -> 'assignedTo' ->> 'agentId' from leads l
      where l.location_id = $1 and l.contact_id = $3 and l.plan_version > l.plan_applied) as assigning`;
}
