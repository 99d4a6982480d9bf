import type { Pool } from '../../integrations/postgres/pool.ts';

/** Which of the messages of contacts have their event in the inbox still: those after the last cleaning, say. */
const SHARE = 4;

/**
 * The seed makes no events, since the relay would work them. Their lists and look-ups are measured all the same: an event, worked long
 * ago, for every fourth message of a contact. Nothing is done where there are events.
 */
export async function fillInbox(owner: Pool): Promise<void> {
  const { rows } = await owner.query<{ any: boolean }>('select exists (select from inbox) as any');
  if (rows[0]!.any) return;
  await owner.query(
    `insert into inbox (inbox_id, location_id, contact_id, source, event_key, body_hash, type, kind, occurred_at, received_at, verdict,
       dispatched_at, worked_at, body, headers)
     select md5(location_id || contact_id || message_key)::uuid, location_id, contact_id, 'marketplace', 'bench:' || message_key || contact_id,
       md5(body), 'InboundMessage', 'message.inbound', at, at, 'worked', at, at + interval '1 second',
       convert_to(json_build_object('type', 'InboundMessage', 'body', body)::text, 'UTF8'), '{}'
     from messages where direction = 'inbound' and hashtext(message_key) % ${SHARE} = 0`,
  );
  await owner.query('vacuum analyze inbox');
}
