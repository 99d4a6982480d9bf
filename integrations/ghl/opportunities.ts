import { AppError } from '../../domain/errors.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import type { Crm, CrmOpportunity, SendOutcome } from '../../domain/ports/crm.ts';
import { expectObject, outcomeOf } from './answers.ts';
import { ask, readAnswer, takeAway } from './ask.ts';
import type { GhlClient } from './client.ts';
import { byStartAfter, eachPage } from './pages.ts';
import { saysGone } from './reply.ts';
import { opportunitiesAnswer, opportunityAnswer, opportunityItem, type GhlOpportunity } from './schemas.ts';
import { idIn } from './sends.ts';
import { isoOrNull } from './snapshot.ts';
import { writtenAt } from './vendor-time.ts';

const PAGE = 100;
/** A contact with a thousand opportunities is none of a real-estate team. */
const MAX_PAGES = 10;

/** All of them, or an error: what is missing from the list would be made anew. */
export async function readOpportunities(client: GhlClient, ref: LeadRef): Promise<CrmOpportunity[]> {
  const { locationId, contactId } = ref;
  const query = { location_id: locationId, contact_id: contactId, status: 'all', limit: PAGE } as const;
  const pages = eachPage<Page, Place>(
    (place) => ask(client, 'search-opportunity', opportunitiesAnswer, locationId, { query: { ...query, ...place } }),
    (page) => byStartAfter(page, page.opportunities.length, PAGE),
    { whenStuck: 'fail', most: MAX_PAGES },
  );
  const found = new Map<string, CrmOpportunity>();
  for await (const page of pages) {
    for (const item of page.opportunities) {
      const one = readAnswer('search-opportunity', opportunityItem, item);
      const owner = one.contactId ?? one.contact?.id;
      if (!owner) {
        throw new AppError('CRM_UNAVAILABLE', 'search-opportunity: an opportunity does not say whose it is');
      }
      // A search may find more than it was asked for.
      if (owner === contactId) found.set(one.id, opportunityOf(one));
    }
  }
  return [...found.values()];
}

interface Page {
  readonly opportunities: readonly unknown[];
  readonly meta?: { readonly startAfter?: unknown; readonly startAfterId?: unknown } | null | undefined;
}
interface Place {
  readonly startAfter: string;
  readonly startAfterId: string;
}

export async function readOpportunity(
  client: GhlClient,
  locationId: string,
  opportunityId: string,
): ReturnType<Crm['opportunity']> {
  const reply = await client.call('get-opportunity', locationId, { path: { id: opportunityId } });
  if (saysGone(reply)) return 'gone';
  const { json } = expectObject('get-opportunity', reply);
  const { opportunity } = readAnswer('get-opportunity', opportunityAnswer, json);
  if (opportunity.id !== opportunityId) {
    throw new AppError('CRM_UNAVAILABLE', 'get-opportunity: answered another opportunity');
  }
  if ((opportunity.locationId ?? locationId) !== locationId) {
    throw new AppError('CRM_FORBIDDEN', 'get-opportunity: it belongs to another location');
  }
  return opportunityOf(opportunity);
}

export async function createOpportunity(
  client: GhlClient,
  ref: LeadRef,
  wanted: Parameters<Crm['createOpportunity']>[1],
): Promise<SendOutcome> {
  const { pipelineId, stageId, name, value, assignedTo } = wanted;
  const body = {
    pipelineId,
    pipelineStageId: stageId,
    locationId: ref.locationId,
    contactId: ref.contactId,
    name,
    status: 'open' as const,
    ...(value === undefined ? {} : { monetaryValue: value }),
    ...(assignedTo === undefined ? {} : { assignedTo }),
  };
  const reply = await client.call('create-opportunity', ref.locationId, { body });
  return outcomeOf(
    reply,
    (json) => idIn(json, 'opportunity', 'id'),
    (json) => idIn(json, 'opportunity', 'updatedAt'),
  );
}

export async function updateOpportunity(
  client: GhlClient,
  locationId: string,
  opportunityId: string,
  change: Parameters<Crm['updateOpportunity']>[2],
): ReturnType<Crm['updateOpportunity']> {
  const { stageId, ...same } = change;
  const body = { ...same, ...(stageId === undefined ? {} : { pipelineStageId: stageId }) };
  if (Object.keys(body).length === 0) return undefined;
  const reply = await client.call('update-opportunity', locationId, { path: { id: opportunityId }, body });
  const answer = expectObject('update-opportunity', reply);
  return writtenAt(answer, idIn(answer.json, 'opportunity', 'updatedAt'));
}

export async function deleteOpportunity(client: GhlClient, locationId: string, opportunityId: string): Promise<void> {
  await takeAway(client, 'delete-opportunity', locationId, { path: { id: opportunityId } });
}

function opportunityOf(it: GhlOpportunity): CrmOpportunity {
  return {
    opportunityId: it.id,
    contactId: it.contactId ?? it.contact?.id ?? null,
    pipelineId: it.pipelineId,
    stageId: it.pipelineStageId,
    status: it.status,
    name: it.name ?? '',
    value: it.monetaryValue ?? null,
    assignedTo: it.assignedTo === '' ? null : (it.assignedTo ?? null),
    updatedAt: isoOrNull(it.updatedAt),
    stageSince: isoOrNull(it.lastStageChangeAt),
  };
}
