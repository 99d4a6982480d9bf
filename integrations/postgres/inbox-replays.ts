import { AppError } from '../../domain/errors.ts';
import { type InboxTools, MOST_REPLAYED, type ReplayProgress } from '../../domain/ports/inbox-tools.ts';
import type { InboxFilter } from '../../domain/ports/inbox.ts';
import { INSTALLS } from '../../domain/webhooks/lifecycle.ts';
import { filters } from './filters.ts';
import { narrow, REPLAYABLE } from './inbox-list.ts';
import { reopen } from './inbox-reopen.ts';
import { type Client, type Place, type Runner, transaction } from './pool.ts';
import { clean, isUuid, toJsonb } from './values.ts';

function replayable(filter: InboxFilter): ReturnType<typeof filters> {
  const wanted = filters();
  narrow(wanted, { ...filter, replayable: true });
  return wanted;
}

/** Installs and uninstalls of a range: each is worked again by itself alone. */
async function leftOut(runner: Runner, filter: InboxFilter): Promise<number> {
  const wanted = filters();
  narrow(wanted, { ...filter, replayable: false });
  wanted.add(REPLAYABLE);
  wanted.add('type = any(?::text[])', INSTALLS);
  const { rows } = await runner.query<{ events: number }>({
    text: `select count(*)::int as events from inbox ${wanted.where()}`,
    values: [...wanted.values],
  });
  return rows[0]?.events ?? 0;
}

export async function count(place: Place, filter: InboxFilter): ReturnType<InboxTools['count']> {
  const wanted = replayable(filter);
  const { rows } = await place.query<{ events: number }>(
    `select count(*)::int as events from (select from inbox ${wanted.where()} limit ${wanted.value(MOST_REPLAYED + 1)}) as found`,
    [...wanted.values],
  );
  return { events: rows[0]?.events ?? 0, leftOut: await leftOut(place, filter) };
}

/** In the order in which they happened, which is what a lead should hear them in. */
export async function begin(place: Place, filter: InboxFilter, by: string): Promise<ReplayProgress> {
  return transaction(place, async (client) => {
    const out = await leftOut(client, filter);
    const { rows } = await client.query<{ replay_id: string }>({
      text: 'insert into replays (filter, operator, left_out) values ($1, $2, $3) returning replay_id',
      values: [toJsonb(filter), clean(by), out],
    });
    const replayId = rows[0]?.replay_id ?? '';
    const wanted = replayable(filter);
    const { rowCount } = await client.query(
      `insert into replay_events (replay_id, place, inbox_id, lead)
        select ${wanted.value(replayId)}::uuid, row_number() over (order by coalesce(occurred_at, received_at), received_at, inbox_id),
          inbox_id, coalesce(location_id, '') || '/' || coalesce(contact_id, '')
        from (select * from inbox ${wanted.where()} limit ${wanted.value(MOST_REPLAYED + 1)}) as found`,
      [...wanted.values],
    );
    if (rowCount === 0) {
      const why = out === 0 ? '' : `; installs and uninstalls (${out} here) are replayed one by one`;
      throw new AppError('REPLAY_EMPTY', `expected a range with events that have a final verdict${why}`);
    }
    if ((rowCount ?? 0) > MOST_REPLAYED) {
      throw new AppError('REPLAY_TOO_LARGE', `expected at most ${MOST_REPLAYED} events; narrow the range`);
    }
    return (await read(client, replayId))!;
  });
}

export async function progress(place: Place, replayId: string): Promise<ReplayProgress | undefined> {
  return isUuid(replayId) ? read(place, replayId) : undefined;
}

async function read(runner: Runner, replayId: string): Promise<ReplayProgress | undefined> {
  const { rows } = await runner.query<ReplayProgress>({
    name: 'replay-progress',
    text: `select r.replay_id as "replayId", begun_at as "begunAt", ended_at as "endedAt", count(*)::int as events,
        (count(*) filter (where state = 'waiting'))::int as waiting, (count(*) filter (where state = 'reopened'))::int as "underWay",
        (count(*) filter (where state = 'done'))::int as done, (count(*) filter (where state = 'parked'))::int as parked,
        (count(*) filter (where state = 'passed'))::int as passed, left_out as "leftOut",
        (array_agg(inbox_id order by place) filter (where state = 'reopened'))[1] as "waitsFor"
      from replays r join replay_events e using (replay_id) where r.replay_id = $1 group by r.replay_id`,
    values: [replayId],
  });
  return rows[0];
}

/** One step at a time: who comes second waits, and then takes the next events. */
export async function step(place: Place, replayId: string, atMost: number): ReturnType<InboxTools['step']> {
  if (!isUuid(replayId)) return undefined;
  return transaction(place, async (client) => {
    const { rows } = await client.query<{ operator: string | null }>({
      name: 'replay-hold',
      text: 'select operator from replays where replay_id = $1 for update',
      values: [replayId],
    });
    const held = rows[0];
    if (held === undefined) return undefined;
    await tellWorked(client, replayId);
    const next = await nextOf(client, replayId, atMost);
    const reopened = next.length === 0 ? [] : await reopen(client, next, held.operator, replayId);
    await tellTaken(
      client,
      replayId,
      next,
      reopened.map(({ inboxId }) => inboxId),
    );
    return { progress: (await read(client, replayId))!, reopened };
  });
}

/** One that was parked again was not worked: whatever stopped it is still there. */
async function tellWorked(client: Client, replayId: string): Promise<void> {
  await client.query({
    name: 'replay-worked',
    text: `update replay_events e set state = case i.verdict when 'parked' then 'parked' else 'done' end from inbox i
      where e.replay_id = $1 and e.state = 'reopened' and i.inbox_id = e.inbox_id and i.worked_at is not null`,
    values: [replayId],
  });
}

/** The first that waits of every lead that has none under way. */
async function nextOf(client: Client, replayId: string, atMost: number): Promise<string[]> {
  const { rows } = await client.query<{ inbox_id: string }>({
    name: 'replay-next',
    text: `select inbox_id from (
        select distinct on (lead) lead, place, inbox_id, state from replay_events
        where replay_id = $1 and state in ('waiting', 'reopened') order by lead, state = 'waiting', place
      ) as first where state = 'waiting' order by place limit $2`,
    values: [replayId, atMost],
  });
  return rows.map((row) => row.inbox_id);
}

async function tellTaken(
  client: Client,
  replayId: string,
  next: readonly string[],
  reopened: readonly string[],
): Promise<void> {
  await client.query({
    name: 'replay-taken',
    text: `update replay_events set state = case when inbox_id = any($3::uuid[]) then 'reopened' else 'passed' end
      where replay_id = $1 and inbox_id = any($2::uuid[]) and state = 'waiting'`,
    values: [replayId, next, reopened],
  });
  await client.query({
    name: 'replay-ended',
    text: `update replays r set ended_at = now() where replay_id = $1 and ended_at is null
      and not exists (select from replay_events e where e.replay_id = r.replay_id and state in ('waiting', 'reopened'))`,
    values: [replayId],
  });
}
