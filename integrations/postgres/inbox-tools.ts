import type { LeadRef } from '../../domain/glossary.ts';
import type { AlreadyMade, EventStory, InboxTools } from '../../domain/ports/inbox-tools.ts';
import { ask } from './ask.ts';
import { reopen } from './inbox-reopen.ts';
import { begin, count, progress, step } from './inbox-replays.ts';
import { type Place, stored, transaction } from './pool.ts';
import type { Tenants } from './tenants.ts';
import { clean, isUuid } from './values.ts';

/** What operators do with the inbox; see `InboxTools` for what each function promises. */
export function createInboxTools({ at, house }: Pick<Tenants, 'at' | 'house'>): InboxTools {
  return {
    story: (row) => stored(() => story(at(row.locationId), house, row)),
    alreadyMade: (ref, inboxId, onceKeys) => stored(() => alreadyMade(at(ref.locationId), ref, inboxId, onceKeys)),
    replay: (inboxId, by) =>
      stored(() => transaction(house, async (client) => (await reopen(client, [inboxId], by, null))[0])),
    ignore: (inboxId, reason, by) => stored(() => ignore(house, inboxId, reason, by)),
    count: (filter) => stored(() => count(house, filter)),
    begin: (filter, by) => stored(() => begin(house, filter, by)),
    progress: (replayId) => stored(() => progress(house, replayId)),
    step: (replayId, atMost) => stored(() => step(house, replayId, atMost)),
  };
}

async function story(place: Place, house: Place, row: { readonly inboxId: string } & LeadRef): Promise<EventStory> {
  const values = [clean(row.locationId), clean(row.contactId), row.inboxId];
  const [decisions, sends, acts] = await Promise.all([
    ask<EventStory['decisions'][number]>(place, {
      name: 'event-decisions',
      text: `select round, at, decision ->> 'stage' as stage, decision ->> 'tier' as tier, (verdict ->> 'score')::double precision as score,
          verdict ->> 'summary' as summary
        from decisions where location_id = $1 and contact_id = $2 and inbox_id = $3 order by round`,
      values,
    }),
    ask<EventStory['sends'][number]>(place, {
      name: 'event-sends',
      text: `select send_id as "sendId", channel, step_key as "stepKey", state, reason, claimed_at as "claimedAt" from outbox
        where location_id = $1 and contact_id = $2 and (right(once_key, 37) = ':' || $3::text
          or enrolment_id in (select enrolment_id from enrolments where location_id = $1 and contact_id = $2 and inbox_id = $3::uuid))
        order by claimed_at, send_id`,
      values,
    }),
    ask<EventStory['acts'][number]>(house, {
      name: 'event-acts',
      text: 'select action, reason, operator as by, at from inbox_acts where inbox_id = $1 order by at, action',
      values: [row.inboxId],
    }),
  ]);
  return { decisions, sends, acts };
}

async function alreadyMade(
  place: Place,
  { locationId, contactId }: LeadRef,
  inboxId: string,
  onceKeys: readonly string[],
): Promise<AlreadyMade> {
  const [made] = await ask<AlreadyMade>(place, {
    name: 'event-made',
    text: `select
        array(select once_key from outbox where location_id = $1 and contact_id = $2 and once_key = any($4::text[])) as "onceKeys",
        array(select sequence_key from enrolments where location_id = $1 and contact_id = $2 and inbox_id = $3) as sequences`,
    values: [clean(locationId), clean(contactId), inboxId, onceKeys.map(clean)],
  });
  return made ?? { onceKeys: [], sequences: [] };
}

async function ignore(place: Place, inboxId: string, reason: string, by: string): ReturnType<InboxTools['ignore']> {
  if (!isUuid(inboxId)) return 'absent';
  return transaction(place, async (client) => {
    // Held first, and looked at by a statement of its own, which sees what an earlier holder wrote.
    const [, { rows }] = await Promise.all([
      client.query({ name: 'inbox-hold', text: 'select from inbox where inbox_id = $1 for update', values: [inboxId] }),
      client.query<{ verdict: string; told: boolean }>({
        name: 'inbox-ignore-before',
        text: `select verdict, exists (select from inbox_acts a where a.inbox_id = i.inbox_id and a.round = i.round and action = 'ignored') as told
          from inbox i where inbox_id = $1`,
        values: [inboxId],
      }),
    ]);
    const before = rows[0];
    if (before === undefined) return 'absent';
    if (before.verdict === 'ignored' && before.told) return 'again';
    if (before.verdict !== 'parked') return 'not parked';
    await client.query({
      name: 'inbox-ignore',
      text: `with ignored as (
          update inbox set verdict = 'ignored', reason = 'by a person, it was parked: ' || coalesce(reason, 'no reason')
          where inbox_id = $1 returning inbox_id, round
        )
        insert into inbox_acts (inbox_id, round, action, reason, operator) select inbox_id, round, 'ignored', $2, $3 from ignored`,
      values: [inboxId, clean(reason), clean(by)],
    });
    return 'ignored';
  });
}
