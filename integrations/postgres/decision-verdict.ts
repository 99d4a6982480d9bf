import type { DecideVerdict, DecisionRecord } from '../../domain/ports/leads.ts';
import type { Client } from './pool.ts';
import { instant, toJsonb } from './values.ts';

/** What was decided and what was answered, for whoever asks again or asks why; the event is worked with it. */
export async function storeVerdict(
  client: Client,
  record: DecisionRecord,
  round: number,
  verdict: DecideVerdict,
): Promise<void> {
  const { ref, decision } = record;
  const { score, timeline: _told, followUp: _looked, enrol, tasks, ...rest } = decision;
  const kept = {
    ...rest,
    enrol: enrol.map(({ document, event, because }) => ({
      key: document.key,
      version: document.version,
      event,
      because,
    })),
    tasks: tasks.map((draft) => draft.onceKey),
  };
  await client.query({
    name: 'decision-store',
    text: `with next as (
        update leads set next_at = $9, next = $10
        where location_id = $1 and contact_id = $2 and (next_at, next) is distinct from ($9::timestamptz, $10::jsonb)
      ), worked as (
        update inbox set verdict = 'worked', reason = null, worked_at = now(), leased_until = null
        where inbox_id = $3 and location_id = $1 and worked_at is null
      )
      insert into decisions (location_id, contact_id, inbox_id, round, at, verdict, decision, score, facts)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $11)`,
    values: [
      ref.locationId,
      ref.contactId,
      record.inboxId,
      round,
      instant(record.now),
      toJsonb(verdict),
      toJsonb(kept),
      toJsonb(score),
      verdict.next === null ? null : instant(verdict.next.at),
      toJsonb(verdict.next),
      toJsonb(record.facts),
    ],
  });
}
