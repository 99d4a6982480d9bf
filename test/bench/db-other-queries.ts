import { STUCK_AFTER_MS } from '../../domain/ports/inbox.ts';
import { active } from '../../integrations/postgres/agents.ts';
import { ofType } from '../../integrations/postgres/analytics.ts';
import { ofAgent } from '../../integrations/postgres/coaching.ts';
import { unread } from '../../integrations/postgres/conversations.ts';
import { pass } from '../../integrations/postgres/gate.ts';
import { createInboxStore } from '../../integrations/postgres/inbox.ts';
import { openCase, standing } from '../../integrations/postgres/leads-levels.ts';
import { best } from '../../integrations/postgres/listing-matches.ts';
import { byArea, byType, events as eventsOf, match, near } from '../../integrations/postgres/listings.ts';
import { between, history, search } from '../../integrations/postgres/messages.ts';
import { createOutboxStore } from '../../integrations/postgres/outbox.ts';
import { type Data, wordsOf } from './db-draw.ts';
import { DAY_MS, later, LIMIT, page, type Query, query, ref } from './db-query.ts';

/** What the product asks with every event, before every send, and about both. */
export function eventQueries({ inbox, outbox, leads }: Data): Query[] {
  return [
    query('event-case', {}, inbox, (event, { at }) => openCase(at(event.locationId), ref(event), event.inboxId)),
    query('event-standing', {}, inbox, (event, { at }) =>
      standing(at(event.locationId), ref(event), event.inboxId, event.at),
    ),
    query('events-newest', {}, inbox, ({ locationId }, tenants) =>
      createInboxStore(tenants).list({ locationId, limit: LIMIT }),
    ),
    query('events-stuck', {}, leads, (_lead, tenants) => createInboxStore(tenants).stuck(STUCK_AFTER_MS)),
    query('send-gate', {}, outbox, (send, { at }) =>
      pass(at(send.locationId), {
        sendId: send.sendId,
        ref: ref(send),
        vendor: { contact: unasked, consent: unasked, activated: unasked },
        personHashes: send.hashes,
        now: send.at,
        content: { body: '' },
        judge: () => {
          throw new Error('expected a send that is through the gate already');
        },
      }),
    ),
    query('sends-open', {}, outbox, (lead, tenants) => createOutboxStore(tenants).open(ref(lead))),
    query('sends-parked', {}, outbox, (lead, tenants) => createOutboxStore(tenants).parked(ref(lead))),
  ];
}

const unasked = { known: false, why: 'not asked' } as const;

export function talkQueries({ messages, words, unread: waiting, dice }: Data): Query[] {
  // By turns a word as often as people write it, which is mostly a common one, and any word they ever wrote, which is mostly rare.
  const asked = messages.map(({ locationId, body }, turn) => {
    const own = wordsOf(body).filter((word) => words.has(word));
    return { locationId, query: dice.pick(turn % 2 === 0 && own.length > 0 ? own : [...words]) };
  });
  return [
    query('messages-history', { origin: '6' }, messages, (lead, { at }) =>
      history(at(lead.locationId), ref(lead), page),
    ),
    query('messages-text', { origin: '13', kind: 'search' }, asked, ({ locationId, query }, { at }) =>
      search(at(locationId), locationId, { query, ...page }),
    ),
    query('messages-between', {}, messages, ({ locationId, at: from }, { at }) =>
      between(at(locationId), locationId, { from, to: later(from, DAY_MS), ...page }),
    ),
    query('conversations-unread', {}, waiting, ({ locationId }, { at }) => unread(at(locationId), locationId, page)),
  ];
}

export function marketQueries({ listings, listingEvents, matches }: Data): Query[] {
  const band = ({ price }: { readonly price: number }) => ({
    priceFrom: (price * 0.85).toFixed(2),
    priceTo: (price * 1.15).toFixed(2),
  });
  return [
    query('listings-area', { origin: '4' }, listings, (one, { at }) =>
      byArea(at(one.locationId), one.locationId, { city: one.city, status: one.status, ...band(one), ...page }),
    ),
    query('listings-type', { origin: '5' }, listings, ({ locationId, propertyType, status }, { at }) =>
      byType(at(locationId), locationId, { propertyType, status, ...page }),
    ),
    query('listings-match', { origin: '12' }, listings, (one, { at }) =>
      match(at(one.locationId), one.locationId, {
        cities: [one.city],
        propertyTypes: [one.propertyType],
        ...band(one),
        ...(one.bedrooms === null ? {} : { minBedrooms: one.bedrooms }),
        ...page,
      }),
    ),
    query('listings-match-wide', { origin: '12' }, listings, ({ locationId, propertyType }, { at }) =>
      match(at(locationId), locationId, { cities: [], propertyTypes: [propertyType], ...page }),
    ),
    query('listings-near', { kind: 'search' }, listings, ({ locationId, latitude, longitude }, { at }) =>
      near(at(locationId), locationId, { latitude, longitude, metres: 3_000, ...page }),
    ),
    query('listing-events', {}, listingEvents, ({ locationId, listingKey }, { at }) =>
      eventsOf(at(locationId), locationId, listingKey, page),
    ),
    query('lead-matches', { origin: '9' }, matches, (lead, { at }) => best(at(lead.locationId), ref(lead), page)),
  ];
}

export function teamQueries({ agents, analytics }: Data): Query[] {
  return [
    query('agents-active', { origin: '10' }, agents, ({ locationId }, { at }) =>
      active(at(locationId), locationId, page),
    ),
    query('agent-coaching', { origin: '8' }, agents, ({ locationId, agentId }, { at }) =>
      ofAgent(at(locationId), locationId, agentId, page),
    ),
    query('analytics-of-type', { origin: '7' }, analytics, ({ locationId, type, at: to }, { at }) =>
      ofType(at(locationId), locationId, { type, from: later(to, -7 * DAY_MS), to, ...page }),
    ),
  ];
}
