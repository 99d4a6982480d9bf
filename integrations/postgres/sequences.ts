import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import type { RunningCount } from '../../domain/follow-up/versions.ts';
import type { Iso } from '../../domain/glossary.ts';
import type {
  SequenceDraftRow,
  SequenceRelease,
  SequenceStanding,
  SequenceStore,
  SequenceVersion,
  UnnumberedSequence,
} from '../../domain/ports/sequences.ts';
import { takeLocks } from './locks.ts';
import { type Client, type Place, type Runner, stored, transaction } from './pool.ts';
import { clean, instant, toJsonb } from './values.ts';

/** Whoever publishes by the command line or with the product itself. */
const OPERATOR = 'operator';

/** The documents in force, one per key; a condition on them may follow. */
export const IN_FORCE = `select s.key, s.version, s.document
  from (select distinct on (key) key, version from sequence_releases order by key, release_id desc) as newest
    join sequences s using (key, version)`;

/** Sequences in Postgres; see `SequenceStore` for what each function promises. */
export function createSequenceStore(place: Place): SequenceStore {
  return {
    published: () => stored(() => published(place)),
    get: (key, version) => stored(() => get(place, key, version)),
    list: () => stored(() => list(place)),
    running: (key) => stored(() => running(place, key)),
    history: (key) => stored(() => history(place, key)),
    publish: (document, by = OPERATOR) =>
      stored(() => inTurn(place, document.key, (client) => publish(client, document, by))),
    draft: (key) => stored(() => draft(place, key)),
    saveDraft: (document, by, now) => stored(() => saveDraft(place, document, by, now)),
    publishDraft: (key, by) => stored(() => inTurn(place, key, (client) => publishDraft(client, key, by))),
    rollBack: (key, version, by) => stored(() => inTurn(place, key, (client) => rollBack(client, key, version, by))),
  };
}

interface Row {
  readonly document: SequenceDocument;
}

async function published(place: Place): Promise<SequenceDocument[]> {
  const { rows } = await place.query<Row>({ name: 'sequences-published', text: `${IN_FORCE} order by key` });
  return rows.map((row) => row.document);
}

async function get(runner: Runner | Place, key: string, version?: number): Promise<SequenceDocument | undefined> {
  const { rows } = await runner.query<Row>({
    name: 'sequence-get',
    text: `select document from sequences where key = $1 and version = coalesce($2::integer,
        (select version from sequence_releases where key = $1 order by release_id desc limit 1))`,
    values: [clean(key), version ?? null],
  });
  return rows[0]?.document;
}

/** Enrolments of all locations are counted by whoever looks at all of them. */
async function list(place: Place): Promise<SequenceStanding[]> {
  const { rows } = await place.query<SequenceStanding>({
    name: 'sequences-list',
    text: `with live as (${IN_FORCE}), running as (
        select sequence_key as key, count(*)::integer as count from enrolments where status = 'active' group by 1
      )
      select key, live.document, coalesce(running.count, 0) as running,
        case when d.key is not null then json_build_object('basedOn', d.based_on, 'savedBy', d.saved_by,
          'savedAt', to_char(d.saved_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) end as draft
      from live full join sequence_drafts d using (key) left join running using (key)
      order by key`,
  });
  return rows;
}

async function history(place: Place, key: string): ReturnType<SequenceStore['history']> {
  const [versions, releases] = await Promise.all([
    place.query<SequenceVersion>({
      name: 'sequence-versions',
      text: `select s.version, s.published_at as "publishedAt",
          s.version = (select version from sequence_releases where key = $1 order by release_id desc limit 1) as "inForce",
          (select count(*)::integer from enrolments e
            where e.status = 'active' and e.sequence_key = $1 and e.sequence_version = s.version) as running
        from sequences s where s.key = $1 order by s.version desc`,
      values: [clean(key)],
    }),
    place.query<SequenceRelease>({
      name: 'sequence-releases',
      text: `select version, act, released_by as by, released_at as at from sequence_releases where key = $1 order by release_id desc`,
      values: [clean(key)],
    }),
  ]);
  return { versions: versions.rows, releases: releases.rows };
}

async function running(place: Place, key: string): Promise<RunningCount[]> {
  const { rows } = await place.query<RunningCount>({
    name: 'sequence-running',
    text: `select e.sequence_version as version, ahead.key as "nextStep", count(*)::integer as leads
      from enrolments e left join lateral (
        select step ->> 'key' as key
        from jsonb_array_elements(case jsonb_typeof(e.document -> 'steps') when 'array' then e.document -> 'steps' else '[]' end)
          with ordinality as steps (step, place)
        where not e.done ? coalesce(step ->> 'key', '') order by place limit 1) as ahead on true
      where e.status = 'active' and e.sequence_key = $1
      group by 1, 2 order by 1 desc, 2`,
    values: [clean(key)],
  });
  return rows;
}

/** Whoever changes a sequence waits for whoever is changing it. */
async function inTurn<T>(place: Place, key: string, work: (client: Client) => Promise<T>): Promise<T> {
  return transaction(place, async (client) => {
    await takeLocks(client, [`sequence:${key}`]);
    return work(client);
  });
}

/** Compared with the version in force only: going back to an older text by publishing it is a change, too. */
async function publish(client: Client, document: UnnumberedSequence, by: string): Promise<SequenceDocument> {
  const { rows } = await client.query<Row>({
    name: 'sequence-publish',
    text: `with live as (
        ${IN_FORCE} where s.key = $1
      ), next as (
        insert into sequences (key, version, document)
        select $1, n.version, $2::jsonb || jsonb_build_object('version', n.version)
        from (select coalesce(max(version), 0) + 1 as version from sequences where key = $1) as n
        where not exists (select from live where document - 'version' = $2::jsonb - 'version')
        returning version, document
      ), released as (
        insert into sequence_releases (key, version, act, released_by) select $1, version, 'publish', $3 from next
      )
      select document from next union all select document from live where not exists (select from next)`,
    values: [clean(document.key), toJsonb(document), clean(by)],
  });
  const row = rows[0];
  if (row === undefined) throw new Error('a sequence was published and is not there');
  return row.document;
}

async function draft(runner: Runner | Place, key: string): Promise<SequenceDraftRow | undefined> {
  const { rows } = await runner.query<SequenceDraftRow>({
    name: 'sequence-draft',
    text: `select document, based_on as "basedOn", saved_by as "savedBy", saved_at as "savedAt" from sequence_drafts where key = $1`,
    values: [clean(key)],
  });
  return rows[0];
}

async function saveDraft(place: Place, document: UnnumberedSequence, by: string, now: Iso): Promise<SequenceDraftRow> {
  const { rows } = await place.query<SequenceDraftRow>({
    name: 'sequence-save-draft',
    text: `insert into sequence_drafts (key, document, based_on, saved_by, saved_at)
      values ($1, $2, (select version from sequence_releases where key = $1 order by release_id desc limit 1), $3, $4)
      on conflict (key) do update set document = excluded.document, based_on = excluded.based_on, saved_by = excluded.saved_by,
        saved_at = excluded.saved_at
      returning document, based_on as "basedOn", saved_by as "savedBy", saved_at as "savedAt"`,
    values: [clean(document.key), toJsonb(document), clean(by), instant(now)],
  });
  const row = rows[0];
  if (row === undefined) throw new Error('a draft was saved and is not there');
  return row;
}

async function publishDraft(client: Client, key: string, by: string): Promise<SequenceDocument | undefined> {
  const { rows } = await client.query<{ document: UnnumberedSequence }>({
    name: 'sequence-take-draft',
    text: 'delete from sequence_drafts where key = $1 returning document',
    values: [clean(key)],
  });
  return rows[0] === undefined ? undefined : publish(client, rows[0].document, by);
}

async function rollBack(
  client: Client,
  key: string,
  version: number,
  by: string,
): Promise<SequenceDocument | undefined> {
  const document = await get(client, key, version);
  if (document === undefined) return undefined;
  await client.query({
    name: 'sequence-roll-back',
    text: `insert into sequence_releases (key, version, act, released_by)
      select $1, $2, 'roll-back', $3
      where $2 is distinct from (select version from sequence_releases where key = $1 order by release_id desc limit 1)`,
    values: [clean(key), version, clean(by)],
  });
  return document;
}
