import { createHash } from 'node:crypto';
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type RawBuilder,
  type SqlBool,
  sql,
} from 'kysely';
import type { Stage } from '../../domain/leads/lead.ts';
import type { Tier } from '../../domain/glossary.ts';
import type { LeadRow } from '../../domain/ports/leads.ts';
import { LEAD_ROW_COLUMNS } from './leads-read.ts';
import type { Wanted } from './leads-search.ts';

/** The columns that the list reads; schema.sql has them all. */
interface Tables {
  leads: Record<'location_id' | 'contact_id' | 'stage' | 'last_activity_at' | 'created_at', string> & {
    tier: string | null;
    score: number | null;
  };
  lead_search: { location_id: string; contact_id: string; words: string; tags: string[]; fields: unknown };
  locations: { location_id: string };
}

/** Writes statements and never runs one. */
const build = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

/** The sorts there are: each a column or expression that indexes hold. Largest first; a lead without a score comes last. */
export const SORTS = {
  activity: { key: sql<string>`last_activity_at`, kind: 'instant' },
  newest: { key: sql<string>`created_at`, kind: 'instant' },
  score: { key: sql<number>`case when score is null then -1 else score end`, kind: 'number' },
} as const;

/** Of a page, what every way to it must know. */
export interface Asked {
  readonly sort: keyof typeof SORTS;
  readonly stage: string | undefined;
  readonly tier: string | undefined;
  /** Place in the order, contact and location of the last row seen. */
  readonly after: readonly (string | number)[] | null;
  readonly limit: number;
}

/** A row of a page and its place in the order. */
export type Placed = LeadRow & { readonly place: string | number };

export interface Statement {
  readonly name?: string;
  readonly text: string;
  readonly values: unknown[];
}

const ROW = sql.raw(LEAD_ROW_COLUMNS);

/** The leads of one location in the order asked for. */
export function ofLocation(locationId: string, asked: Asked): Statement {
  return prepared(sql`select ${ROW}, l.place from (${walk(sql`${locationId}`, asked, asked.limit)}) as l`);
}

/**
 * The same with a search, for words that many leads bear: the first `budget` leads in that order, each tested by its row of
 * `lead_search`. A page that is not full says nothing about the leads behind.
 */
export function testedOneByOne(locationId: string, asked: Asked, wanted: Wanted, budget: number): Statement {
  const seen = walk(sql`${locationId}`, asked, budget);
  return prepared(sql`select ${ROW}, l.place from (${seen}) as l
    where ${testsOfLead(wanted)} order by l.place desc, l.contact_id desc limit ${asked.limit}`);
}

/** Up to so many finds are read one by one and sorted; among more of them it costs less to walk the order and ask who is found. */
const FEW = 400;

/**
 * The same with a search, for words that few leads bear: all who bear them by `find_leads`, then put in order. `many` comes with
 * every row and at least once: with `most` there may be more of them, and there is no page.
 */
export function foundAndSorted(locationId: string, asked: Asked, wanted: Wanted, most: number): Statement {
  const read = build
    .selectFrom('leads')
    .select(sql`leads.*, ${SORTS[asked.sort].key}`.as('place'))
    .where('location_id', '=', locationId)
    .where(sql<SqlBool>`found.many <= ${FEW} and contact_id = any (found.ids)`)
    .where(filters(asked.stage, asked.tier, asked));
  // As a case it stays a look into a table of the finds, made once, and does not become a join that reads all leads.
  const isFound = sql<SqlBool>`found.many > ${FEW} and found.many < ${most} and case when leads.contact_id in (select id from ids) then true else false end`;
  const walked = sql`select leads.*, w.place from (${walk(sql`${locationId}`, asked, asked.limit, isFound)}) as w
    join leads on leads.location_id = ${locationId} and leads.contact_id = w.contact_id`;
  return prepared(sql`with ids as materialized (
      select id from find_leads(${lowered(wanted.patterns)}, ${lowered(wanted.tags)}, ${wanted.fields}::jsonb[], ${most}::integer) as id
    ), found as materialized (select array_agg(id) as ids, count(*)::integer as many from ids)
    select found.many, ${ROW}, l.place
    from found left join lateral ((${read}) union all (${walked}) order by place desc, contact_id desc limit ${asked.limit}) as l on true
    order by l.place desc, l.contact_id desc`);
}

/**
 * The leads of all locations. A page's rows can only come from the locations whose first rows come first, so that of many locations
 * most are asked for one row alone.
 */
export function ofAll(asked: Asked): Statement {
  const firsts = walk(sql`p.location_id`, asked, 1);
  const rows = walk(sql`heads.location_id`, asked, asked.limit);
  return plain(sql`with heads as materialized (
      select l.location_id from locations as p cross join lateral (${firsts}) as l ${inOrderOfAll(asked)})
    select ${ROW}, l.place from heads cross join lateral (${rows}) as l ${inOrderOfAll(asked)}`);
}

function inOrderOfAll({ limit }: Asked): RawBuilder<unknown> {
  return sql`order by l.place desc, l.contact_id desc, l.location_id desc limit ${limit}`;
}

/** A search over all locations: the house may use the index of `lead_search` itself. */
export function foundInAll(asked: Asked, wanted: Wanted): Statement {
  const found = build
    .selectFrom('leads')
    .innerJoin('lead_search as s', (join) =>
      join.onRef('s.location_id', '=', 'leads.location_id').onRef('s.contact_id', '=', 'leads.contact_id'),
    )
    .select(sql`leads.*, ${SORTS[asked.sort].key}`.as('place'))
    .where(tests(wanted))
    .where(filters(asked.stage, asked.tier, asked));
  return plain(sql`select ${ROW}, l.place from (${found}) as l ${inOrderOfAll(asked)}`);
}

const ALL_STAGES = Object.keys({
  new: true,
  engaged: true,
  qualifying: true,
  qualified: true,
  'opted-out': true,
  gone: true,
} satisfies Record<Stage, true>);
const ALL_TIERS: readonly (Tier | null)[] = ['hot', 'warm', 'cold', null];

/**
 * The first rows of a location, straight from an index: by the sort's key alone, or by stage, tier and key. With a stage alone, or a
 * tier alone, that index is read in as many places as the other has values; each gives its rows in order, and only those that the
 * page needs are read.
 * @param only  a further condition on `leads`
 */
function walk(
  locationId: RawBuilder<unknown>,
  asked: Asked,
  limit: number,
  only: RawBuilder<SqlBool> = sql`true`,
): RawBuilder<unknown> {
  const { stage, tier } = asked;
  const stages = tier !== undefined && stage === undefined ? ALL_STAGES : [stage];
  const tiers = stage !== undefined && tier === undefined ? ALL_TIERS : [tier];
  const parts = stages.flatMap((one) =>
    tiers.map((other) => part(locationId, { ...asked, limit }, { stage: one, tier: other, only })),
  );
  return sql`select * from (${sql.join(parts, sql` union all `)}) as merged order by place desc, contact_id desc limit ${limit}`;
}

function part(
  locationId: RawBuilder<unknown>,
  asked: Asked,
  { stage, tier, only }: { stage: string | undefined; tier: string | null | undefined; only: RawBuilder<SqlBool> },
): RawBuilder<unknown> {
  const rows = build
    .selectFrom('leads')
    .select(sql`leads.*, ${SORTS[asked.sort].key}`.as('place'))
    .where(sql<SqlBool>`location_id = ${locationId}`)
    .where(filters(stage, tier, asked))
    .where(only);
  // Postgres does not see that rows without a tier stand in the key's order, but it does see that they stand in the index's.
  return tier === null
    ? sql`(${rows.orderBy(sql`tier desc, place desc, contact_id desc`).limit(asked.limit)})`
    : sql`(${rows.orderBy(sql`place desc, contact_id desc`)})`;
}

/** Conditions on the lead's own row. */
function filters(
  stage: string | undefined,
  tier: string | null | undefined,
  { sort, after }: Asked,
): RawBuilder<SqlBool> {
  const conditions = [
    stage === undefined ? [] : sql`leads.stage = ${stage}`,
    tier === undefined ? [] : tier === null ? sql`leads.tier is null` : sql`leads.tier = ${tier}`,
    after === null ? [] : sql`(${SORTS[sort].key}, leads.contact_id, leads.location_id) < (${sql.join([...after])})`,
  ].flat();
  return conditions.length === 0 ? sql<SqlBool>`true` : sql<SqlBool>`${sql.join(conditions, sql` and `)}`;
}

/** Conditions on the row of `lead_search`, alias `s`; the same as those of `find_leads`, three patterns for the index among them. */
function tests({ patterns, tags, fields }: Wanted): RawBuilder<SqlBool> {
  const conditions = [
    (patterns ?? []).slice(0, 3).map((pattern) => sql`s.words like lower(${pattern})`),
    patterns === null ? [] : sql`s.words like all (${lowered(patterns)})`,
    tags === null ? [] : sql`s.tags @> ${lowered(tags)}`,
    fields === null ? [] : sql`s.fields @> any (${fields}::jsonb[])`,
  ].flat();
  return sql<SqlBool>`${sql.join(conditions, sql` and `)}`;
}

/** The same for a lead, alias `l`, whose words can be had without reading another row. */
function testsOfLead({ patterns, ...rest }: Wanted): RawBuilder<SqlBool> {
  const conditions = [
    patterns === null ? [] : sql`lead_words(l.name, l.email, l.phone) like all (${lowered(patterns)})`,
    rest.tags === null && rest.fields === null
      ? []
      : sql`(select ${tests({ ...rest, patterns: null })} from lead_search as s
          where s.location_id = l.location_id and s.contact_id = l.contact_id)`,
  ].flat();
  return sql<SqlBool>`${sql.join(conditions, sql` and `)}`;
}

/** In lower case by the same rules as what it is compared with. */
function lowered(list: readonly string[] | null): RawBuilder<unknown> {
  return sql`(select array_agg(lower(one)) from unnest(${list}::text[]) as one)::text[]`;
}

/** Few texts, each planned once per connection: the name is that of the text. */
function prepared(statement: RawBuilder<unknown>): Statement {
  const { text, values } = plain(statement);
  const name = `leads-${createHash('sha256').update(text).digest('base64url').slice(0, 16)}`;
  return { name, text, values };
}

/** Planned anew each time, with the values before the planner's eyes. */
function plain(statement: RawBuilder<unknown>): Statement {
  const { sql: text, parameters } = statement.compile(build);
  return { text, values: [...parameters] };
}
