import type { LeadRef } from '../../domain/glossary.ts';
import type { LeadStore } from '../../domain/ports/leads.ts';
import * as agents from '../../integrations/postgres/agents.ts';
import * as analytics from '../../integrations/postgres/analytics.ts';
import * as coaching from '../../integrations/postgres/coaching.ts';
import * as conversations from '../../integrations/postgres/conversations.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import * as find from '../../integrations/postgres/leads-find.ts';
import { list } from '../../integrations/postgres/leads-list.ts';
import * as read from '../../integrations/postgres/leads-read.ts';
import * as matches from '../../integrations/postgres/listing-matches.ts';
import * as listings from '../../integrations/postgres/listings.ts';
import * as messages from '../../integrations/postgres/messages.ts';
import { createOutboxStore } from '../../integrations/postgres/outbox.ts';
import type { Tenants } from '../../integrations/postgres/tenants.ts';
import { timeline } from '../../integrations/postgres/timeline.ts';
import type { Data } from './db-draw.ts';

/** A question with its parameters, ready to be asked. */
export type Call = (tenants: Tenants) => Promise<unknown>;

/** A question that people or the product ask often, and the function of the product that answers it. */
export interface Query {
  readonly name: string;
  /** Which of the first fifteen indexes were meant for it; empty: none was. */
  readonly origin: string;
  /** `search`: by words, tags, fields or distance, LIMIT 25. Everything else is a look-up or a list. */
  readonly kind: 'list' | 'search';
  readonly calls: readonly Call[];
}

type Filter = Omit<Parameters<LeadStore['list']>[0], 'limit' | 'locationId'>;

const LIMIT = 25;
const DAY_MS = 86_400_000;

/** All questions; a list of the data that is empty leaves its questions out. */
export function queriesOf(data: Data): Query[] {
  return [
    ...leadQueries(data),
    ...searchQueries(data),
    ...talkQueries(data),
    ...marketQueries(data),
    ...teamQueries(data),
  ].filter(({ calls }) => calls.length > 0);
}

function leadQueries(data: Data): Query[] {
  const { leads, due, timeline: told } = data;
  const listed = (filter: (lead: (typeof leads)[number]) => Filter) =>
    leads.map(
      (lead): Call =>
        (tenants) =>
          list(tenants, { ...filter(lead), locationId: lead.locationId, limit: LIMIT }),
    );
  return [
    question(
      'lead-by-id',
      '1, 15',
      leads,
      (lead) =>
        ({ at }) =>
          read.load(at(lead.locationId), ref(lead)),
    ),
    { name: 'leads-inbox', origin: '', kind: 'list', calls: listed(() => ({})) },
    { name: 'leads-newest', origin: '3', kind: 'list', calls: listed(() => ({ sort: 'newest' })) },
    { name: 'leads-score', origin: '2', kind: 'list', calls: listed(() => ({ sort: 'score' })) },
    { name: 'leads-tier-activity', origin: '', kind: 'list', calls: listed(({ tier }) => ({ tier })) },
    { name: 'leads-tier-score', origin: '2', kind: 'list', calls: listed(({ tier }) => ({ tier, sort: 'score' })) },
    { name: 'leads-stage-activity', origin: '', kind: 'list', calls: listed(({ stage }) => ({ stage })) },
    { name: 'leads-stage-score', origin: '2', kind: 'list', calls: listed(({ stage }) => ({ stage, sort: 'score' })) },
    {
      name: 'leads-combined',
      origin: '11',
      kind: 'list',
      calls: listed(({ stage, tier }) => ({ stage, tier, sort: 'score' })),
    },
    question(
      'leads-hot',
      '14',
      leads,
      ({ locationId }) =>
        ({ at }) =>
          find.hot(at(locationId), locationId, page()),
    ),
    question(
      'leads-due',
      '',
      due,
      ({ locationId, at: until }) =>
        ({ at }) =>
          find.due(at(locationId), locationId, { until, ...page() }),
    ),
    question(
      'lead-timeline',
      '',
      told,
      (lead) =>
        ({ at }) =>
          timeline(at(lead.locationId), ref(lead), LIMIT),
    ),
  ];
}

function searchQueries({ search, dice }: Data): Query[] {
  const named = search.filter(({ name }) => name !== null);
  const searched = <Row extends { readonly locationId: string }>(rows: readonly Row[], filter: (row: Row) => Filter) =>
    rows.map((row): Call => {
      const asked = { ...filter(row), locationId: row.locationId, limit: LIMIT };
      return (tenants) => list(tenants, asked);
    });
  const word = (name: string): string => dice.pick(name.split(' '));
  const field = (fields: Readonly<Record<string, unknown>>): { id: string; value: string } => {
    const [id, value] = dice.pick(Object.entries(fields));
    return { id, value: String(value) };
  };
  return [
    question(
      'lead-by-phone',
      '',
      search.filter(({ phone }) => phone !== null),
      ({ locationId, phone }) =>
        ({ at }) =>
          find.byPhone(at(locationId), locationId, phone!),
    ),
    question(
      'lead-by-email',
      '',
      search.filter(({ email }) => email !== null),
      ({ locationId, email }) =>
        ({ at }) =>
          find.byEmail(at(locationId), locationId, email!),
    ),
    {
      name: 'search-name-word',
      origin: '11',
      kind: 'search',
      calls: searched(named, ({ name }) => ({ q: word(name) })),
    },
    { name: 'search-name-full', origin: '11', kind: 'search', calls: searched(named, ({ name }) => ({ q: name })) },
    {
      name: 'search-tag',
      origin: '',
      kind: 'search',
      calls: searched(search, ({ tags }) => ({ tags: [dice.pick(tags)] })),
    },
    {
      name: 'search-field',
      origin: '',
      kind: 'search',
      calls: searched(search, ({ fields }) => ({ fields: [field(fields)] })),
    },
  ];
}

function talkQueries({ messages: sent, unread, outbox, inbox, dice }: Data): Query[] {
  const words = [...new Set(sent.flatMap(({ body }) => wordsOf(body)))].sort();
  // By turns a word as often as people write it, which is mostly a common one, and any word they ever wrote, which is mostly rare.
  const queried = sent.map((message, index) => ({
    ...message,
    query: dice.pick(index % 2 === 0 && wordsOf(message.body).length > 0 ? wordsOf(message.body) : words),
  }));
  return [
    question(
      'messages-history',
      '6',
      sent,
      (lead) =>
        ({ at }) =>
          messages.history(at(lead.locationId), ref(lead), page()),
    ),
    {
      ...question(
        'messages-text',
        '13',
        queried,
        ({ locationId, query }) =>
          ({ at }) =>
            messages.search(at(locationId), locationId, { query, ...page() }),
      ),
      kind: 'search',
    },
    question(
      'messages-between',
      '',
      sent,
      ({ locationId, at: from }) =>
        ({ at }) =>
          messages.between(at(locationId), locationId, { from, to: later(from, DAY_MS), ...page() }),
    ),
    question(
      'conversations-unread',
      '',
      unread,
      ({ locationId }) =>
        ({ at }) =>
          conversations.unread(at(locationId), locationId, page()),
    ),
    question('sends-parked', '', outbox, (lead) => (tenants) => createOutboxStore(tenants).parked(ref(lead))),
    question('sends-open', '', outbox, (lead) => (tenants) => createOutboxStore(tenants).open(ref(lead))),
    question(
      'inbox-newest',
      '',
      inbox,
      ({ locationId }) =>
        (tenants) =>
          createInboxStore(tenants).list({ locationId, limit: LIMIT }),
    ),
  ];
}

function marketQueries({ listings: offered, listingEvents, matches: matched }: Data): Query[] {
  const band = ({ price }: { readonly price: number }) => ({
    priceFrom: (price * 0.85).toFixed(2),
    priceTo: (price * 1.15).toFixed(2),
  });
  return [
    question(
      'listings-area',
      '4',
      offered,
      (row) =>
        ({ at }) =>
          listings.byArea(at(row.locationId), row.locationId, {
            city: row.city,
            status: row.status,
            ...band(row),
            ...page(),
          }),
    ),
    question(
      'listings-type',
      '5',
      offered,
      (row) =>
        ({ at }) =>
          listings.byType(at(row.locationId), row.locationId, {
            propertyType: row.propertyType,
            status: row.status,
            ...page(),
          }),
    ),
    question(
      'listings-match',
      '12',
      offered,
      (row) =>
        ({ at }) =>
          listings.match(at(row.locationId), row.locationId, {
            cities: [row.city],
            propertyTypes: [row.propertyType],
            ...band(row),
            ...(row.bedrooms === null ? {} : { minBedrooms: row.bedrooms }),
            limit: LIMIT,
          }),
    ),
    {
      ...question(
        'listings-near',
        '',
        offered,
        ({ locationId, latitude, longitude }) =>
          ({ at }) =>
            listings.near(at(locationId), locationId, { latitude, longitude, metres: 3_000, limit: LIMIT }),
      ),
      kind: 'search',
    },
    question(
      'listing-events',
      '',
      listingEvents,
      ({ locationId, listingKey }) =>
        ({ at }) =>
          listings.events(at(locationId), locationId, listingKey, page()),
    ),
    question(
      'lead-matches',
      '9',
      matched,
      (lead) =>
        ({ at }) =>
          matches.best(at(lead.locationId), ref(lead), page()),
    ),
  ];
}

function teamQueries({ agents: people, analytics: events }: Data): Query[] {
  return [
    question(
      'agents-active',
      '10',
      people,
      ({ locationId }) =>
        ({ at }) =>
          agents.active(at(locationId), locationId, page()),
    ),
    question(
      'agent-coaching',
      '8',
      people,
      ({ locationId, agentId }) =>
        ({ at }) =>
          coaching.ofAgent(at(locationId), locationId, agentId, page()),
    ),
    question(
      'events-of-type',
      '7',
      events,
      ({ locationId, type, at: to }) =>
        ({ at }) =>
          analytics.ofType(at(locationId), locationId, { type, from: later(to, -7 * DAY_MS), to, ...page() }),
    ),
  ];
}

function question<Row>(name: string, origin: string, rows: readonly Row[], ask: (row: Row) => Call): Query {
  return { name, origin, kind: 'list', calls: rows.map(ask) };
}

const page = () => ({ limit: LIMIT });

const ref = ({ locationId, contactId }: LeadRef): LeadRef => ({ locationId, contactId });

function wordsOf(body: string): string[] {
  return body.toLowerCase().match(/[a-z]{4,}/g) ?? [];
}

function later(at: string, ms: number): string {
  return new Date(Date.parse(at) + ms).toISOString();
}
