import type { LeadStore } from '../../domain/ports/leads.ts';
import { due, byEmail, byPhone, hot } from '../../integrations/postgres/leads-find.ts';
import { list } from '../../integrations/postgres/leads-list.ts';
import { load, underWay } from '../../integrations/postgres/leads-read.ts';
import { timeline } from '../../integrations/postgres/timeline.ts';
import type { Data } from './db-draw.ts';
import { LIMIT, page, type Query, query, ref } from './db-query.ts';

type Filter = Omit<Parameters<LeadStore['list']>[0], 'limit' | 'locationId'>;

export function leadQueries({ leads, due: waiting, timeline: told }: Data): Query[] {
  const listed = (name: string, origin: string, filter: (lead: (typeof leads)[number]) => Filter): Query =>
    query(name, { origin }, leads, (lead, tenants) =>
      list(tenants, { ...filter(lead), locationId: lead.locationId, limit: LIMIT }),
    );
  return [
    query('lead-by-id', { origin: '1, 15' }, leads, (lead, { at }) => load(at(lead.locationId), ref(lead))),
    listed('leads-inbox', '', () => ({})),
    listed('leads-newest', '3', () => ({ sort: 'newest' })),
    listed('leads-score', '2', () => ({ sort: 'score' })),
    listed('leads-tier-activity', '', ({ tier }) => ({ tier })),
    listed('leads-tier-newest', '', ({ tier }) => ({ tier, sort: 'newest' })),
    listed('leads-tier-score', '2', ({ tier }) => ({ tier, sort: 'score' })),
    listed('leads-stage-activity', '', ({ stage }) => ({ stage })),
    listed('leads-stage-score', '2', ({ stage }) => ({ stage, sort: 'score' })),
    listed('leads-combined', '11', ({ stage, tier }) => ({ stage, tier, sort: 'score' })),
    query('leads-all-locations', {}, leads, (_lead, tenants) => list(tenants, page)),
    query('leads-hot', { origin: '14' }, leads, ({ locationId }, { at }) => hot(at(locationId), locationId, page)),
    query('leads-due', {}, waiting, ({ locationId, at: until }, { at }) =>
      due(at(locationId), locationId, { until, ...page }),
    ),
    query('lead-timeline', {}, told, (lead, { at }) => timeline(at(lead.locationId), ref(lead), LIMIT)),
    query('leads-under-way', { kind: 'job' }, leads.slice(0, 10), (_lead, { house }) => first(underWay(house))),
  ];
}

export function searchQueries({ search, dice }: Data): Query[] {
  const phones = search.flatMap(({ locationId, phone }) => (phone === null ? [] : [{ locationId, phone }]));
  const emails = search.flatMap(({ locationId, email }) => (email === null ? [] : [{ locationId, email }]));
  const word = (name: string): string => dice.pick(name.split(' '));
  // By turns what many leads bear, and anything that any of them bears, which is mostly rare.
  const allTags = [...new Set(search.flatMap(({ tags }) => tags))].sort();
  const allFields = [
    ...new Set(search.flatMap(({ fields }) => Object.entries(fields).map((field) => JSON.stringify(field)))),
  ]
    .sort()
    .map((field) => JSON.parse(field) as [string, unknown]);
  // Chosen once, so that each call asks the same every time.
  const searched = (
    name: string,
    origin: string,
    filter: (lead: Data['search'][number], turn: number) => Filter,
  ): Query => {
    const filters = search.map((lead, turn) => ({ ...filter(lead, turn), locationId: lead.locationId, limit: LIMIT }));
    return query(name, { origin, kind: 'search' }, filters, (one, tenants) => list(tenants, one));
  };
  return [
    query('lead-by-phone', {}, phones, ({ locationId, phone }, { at }) => byPhone(at(locationId), locationId, phone)),
    query('lead-by-email', {}, emails, ({ locationId, email }, { at }) => byEmail(at(locationId), locationId, email)),
    searched('search-name-word', '11', ({ name }) => ({ q: word(name) })),
    searched('search-name-full', '11', ({ name }) => ({ q: name })),
    searched('search-combined', '11', ({ name }) => ({ q: word(name), tier: 'warm', sort: 'score' })),
    searched('search-tag', '', ({ tags }, turn) => ({ tags: [dice.pick(turn % 2 === 0 ? tags : allTags)] })),
    searched('search-field', '', ({ fields }, turn) => {
      const [id, value] = dice.pick(turn % 2 === 0 ? Object.entries(fields) : allFields);
      return { fields: [{ id, value: String(value) }] };
    }),
  ];
}

async function first<T>(from: AsyncIterable<T>): Promise<T | undefined> {
  for await (const one of from) return one;
  return undefined;
}
