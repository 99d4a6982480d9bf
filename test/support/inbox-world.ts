import { type ApiWorld, CONTACT, LOCATION, marketplaceEvent, startApiWorld } from './api-world.ts';

export type InboxWorld = Awaited<ReturnType<typeof startInboxWorld>>;
export type Body = Record<string, unknown> & { items: Record<string, unknown>[] };

export const minutesAgo = (minutes: number): string => new Date(Date.now() - minutes * 60_000).toISOString();

/** The API with a welcome for new leads, and events of its inbox that a test lets arrive and settles. */
export async function startInboxWorld() {
  const world: ApiWorld = await startApiWorld();
  await world.deps.sequences.publish({
    key: 'welcome',
    title: 'Welcome',
    purpose: 'solicitation',
    priority: 1,
    track: 'talk',
    trigger: { on: 'lead.activated' },
    audience: [],
    coolDown: null,
    needs: [],
    exits: ['reply'],
    steps: [{ key: 'hello', channel: 'sms', offset: 'PT5S', anchor: 'enrolment', body: 'Hello {{contact.firstName}}' }],
  });

  async function call(method: string, path: string, body?: unknown): Promise<Body & { status: number }> {
    const answer = await world.api(method, path, body);
    return { ...((await answer.json()) as Body), status: answer.status };
  }

  async function arrive(over: Record<string, unknown> = {}): Promise<string> {
    const answer = await world.post(marketplaceEvent({ timestamp: minutesAgo(1), ...over }));
    return ((await answer.json()) as { eventId: string }).eventId;
  }

  const settle = (id: string, verdict: 'worked' | 'ignored' | 'parked' = 'worked', reason: string | null = null) =>
    world.inbox.settle(id, verdict, reason);

  async function worked(over: Record<string, unknown> = {}): Promise<string> {
    const id = await arrive(over);
    await settle(id);
    return id;
  }

  /** Every row of every table, so that a look that leaves a trace is seen. */
  async function everything(): Promise<Record<string, unknown>> {
    const { rows: tables } = await world.pool.query<{ name: string }>(
      `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r'`,
    );
    const state: Record<string, unknown> = {};
    for (const { name } of tables) {
      const { rows } = await world.pool.query(
        `select count(*), md5(string_agg(t::text, ',' order by t::text)) from ${name} t`,
      );
      state[name] = rows[0];
    }
    const { rows: sequences } = await world.pool.query('select sequencename, last_value from pg_sequences order by 1');
    return { ...state, sequences };
  }

  async function lead(contactId = CONTACT, snapshot: object = { firstName: 'Dana' }): Promise<void> {
    await world.pool.query(
      `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at, snapshot, snapshot_at)
        values ($1, $2, now(), now(), now(), $3, now() - interval '1 hour')`,
      [LOCATION, contactId, snapshot],
    );
  }

  async function clear(): Promise<void> {
    await world.pool.query(
      'truncate inbox, inbox_acts, replays, replay_events, outbox, leads, lead_search, enrolments, acts, timeline, messages, decisions, opportunities',
    );
    world.committed.length = 0;
  }

  return { ...world, call, arrive, settle, worked, everything, lead, clear };
}
