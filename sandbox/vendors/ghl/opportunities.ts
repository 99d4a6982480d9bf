import { created, newId, ok, own, present, text } from './context.ts';
import type { Context, Json, Operations } from './context.ts';
import { opportunityEvent } from './events.ts';
import { badRequest } from './refusal.ts';
import { searchable } from './search-index.ts';
import type { Row } from './store.ts';

/** Pipelines and opportunities. One write fires several events, as GHL does. */
export const opportunityOperations: Operations = {
  'GET /opportunities/pipelines': (context) => ok({ pipelines: context.store.of('pipelines', context.locationId) }),

  'GET /opportunities/search': (context) => {
    const limit = Math.min(Number(context.query['limit'] ?? 20), 100);
    const page = Number(context.query['page'] ?? 1);
    const order = byAge(context.query['order'] === 'added_asc' ? 1 : -1);
    const found = searchable(context.store, 'opportunities', context.locationId, context.now);
    const all = found.filter((row) => wanted(context.query, row)).sort(order);
    const after = cursorOf(context);
    // Whoever pages by cursor goes on behind it, even if the row it names is gone.
    const rest = after === undefined ? all.slice((page - 1) * limit) : all.filter((row) => order(after, row) < 0);
    const rows = rest.slice(0, limit);
    const last = rows.at(-1);
    return ok({
      opportunities: rows.map((row) => shown(context, row)),
      meta: present({
        total: all.length,
        currentPage: page,
        nextPage: rest.length > rows.length ? page + 1 : undefined,
        startAfterId: last?.id,
        startAfter: last && Date.parse(String(last['createdAt'])),
      }),
    });
  },

  'GET /opportunities/{id}': (context) => ok({ opportunity: shown(context, opportunity(context)) }),

  'POST /opportunities/': (context) => {
    const { contactId, pipelineId } = context.body;
    own(context, 'contacts', String(contactId), 'Contact');
    const pipelineStageId = stageIn(context, String(pipelineId), context.body['pipelineStageId']);
    refuseSecond(context, String(contactId), String(pipelineId));
    const { now } = context;
    const times = { createdAt: now, updatedAt: now, lastStatusChangeAt: now, lastStageChangeAt: now };
    const row = {
      ...context.body,
      ...times,
      id: newId(),
      locationId: context.locationId,
      pipelineStageId,
      source: 'api',
    };
    context.store.put('opportunities', row);
    fire(context, row, ['OpportunityCreate', 'OpportunityUpdate']);
    return created({ opportunity: shown(context, row) });
  },

  'PUT /opportunities/{id}': (context) => ok({ opportunity: shown(context, change(context)) }),

  'PUT /opportunities/{id}/status': (context) => {
    change(context);
    return ok({ succeded: true });
  },

  // As published it takes no contact, so that it can only update: what has no id has nobody it could belong to.
  'POST /opportunities/upsert': (context) => {
    const id = text(context.body['id']);
    if (id === undefined) throw badRequest('contactId is required to create an opportunity');
    return ok({ new: false, opportunity: shown(context, change(context, id)) });
  },

  'DELETE /opportunities/{id}': (context) => {
    const row = opportunity(context);
    context.store.remove('opportunities', row.id);
    fire(context, row, ['OpportunityDelete', 'OpportunityUpdate']);
    return ok({ succeded: true });
  },
};

function opportunity(context: Context, id = context.params['id']): Row {
  return own(context, 'opportunities', id, 'Opportunity');
}

function change(context: Context, id?: string): Row {
  const before = opportunity(context, id);
  const pipelineId = String(context.body['pipelineId'] ?? before['pipelineId']);
  const pipelineStageId = stageIn(context, pipelineId, context.body['pipelineStageId'] ?? before['pipelineStageId']);
  const { followersActionType, isRemoveAllFollowers, customFields, followers, ...body } = context.body;
  const changed = (field: string): boolean => before[field] !== after[field];
  const after: Record<string, unknown> & Row = {
    ...{ ...before, ...body, id: before.id, pipelineId, pipelineStageId, updatedAt: context.now },
    ...(customFields !== undefined && { customFields: merged(before['customFields'], customFields) }),
    ...(followersActionType !== undefined && {
      followers: followed(isRemoveAllFollowers === true ? [] : before['followers'], followersActionType, followers),
    }),
  };
  if (changed('status')) after['lastStatusChangeAt'] = context.now;
  if (changed('pipelineStageId')) after['lastStageChangeAt'] = context.now;
  context.store.put('opportunities', after);
  fire(context, after, [
    'OpportunityUpdate',
    ...(changed('pipelineStageId') ? ['OpportunityStageUpdate'] : []),
    ...(changed('status') ? ['OpportunityStatusUpdate'] : []),
    ...(changed('monetaryValue') ? ['OpportunityMonetaryValueUpdate'] : []),
    ...(changed('assignedTo') ? ['OpportunityAssignedToUpdate'] : []),
  ]);
  return after;
}

/** Written by id or key, each write replacing the value of its field alone. */
function merged(before: unknown, change: unknown): Json[] {
  const key = (field: Json): unknown => field['id'] ?? field['key'];
  const values = [...((before ?? []) as Json[]), ...(change as Json[])];
  return [...new Map(values.map((field) => [key(field), field])).values()];
}

function followed(before: unknown, action: unknown, ids: unknown): string[] {
  const [known, named] = [(before ?? []) as string[], ids as string[]];
  if (action === 'remove') return known.filter((id) => !named.includes(id));
  return [...new Set([...known, ...named])];
}

/** Oldest first for 1, newest first for -1; equal times by id, so that pages do not overlap. */
function byAge(direction: 1 | -1): (one: Row, other: Row) => number {
  const age = (row: Row): number => Date.parse(String(row['createdAt'] ?? row['dateAdded'] ?? 0));
  return (one, other) => direction * (age(one) - age(other) || (one.id === other.id ? 0 : one.id < other.id ? -1 : 1));
}

/** Where the last page ended: `startAfter` is its last row's time in epoch milliseconds, `startAfterId` its id. */
function cursorOf({ store, query }: Context): Row | undefined {
  const id = text(query['startAfterId']);
  const at = Number(query['startAfter']);
  if (id === undefined) return undefined;
  return query['startAfter'] === undefined || !Number.isFinite(at)
    ? store.get('opportunities', id)
    : { id, createdAt: new Date(at).toISOString() };
}

function fire(context: Context, row: Row, types: readonly string[]): void {
  for (const type of types) context.emit(type, opportunityEvent(row));
}

/** The stage, checked against its pipeline; the first one where none was named. */
function stageIn(context: Context, pipelineId: string, stageId: unknown): unknown {
  const pipeline = own(context, 'pipelines', pipelineId, 'Pipeline');
  const stages = (pipeline['stages'] ?? []) as { id: string }[];
  if (stageId === undefined) return stages[0]?.id;
  if (!stages.some((stage) => stage.id === stageId)) throw badRequest('Pipeline stage not found');
  return stageId;
}

function refuseSecond(context: Context, contactId: string, pipelineId: string): void {
  const settings = context.store.get('locations', context.locationId)?.['settings'] as Json | undefined;
  if (settings?.['allowDuplicateOpportunity'] !== false) return;
  const second = context.store
    .of('opportunities', context.locationId)
    .some((row) => row['contactId'] === contactId && row['pipelineId'] === pipelineId);
  if (second) throw badRequest('Can not create duplicate opportunity for the contact.');
}

function wanted(query: Json, row: Row): boolean {
  const equal = { pipeline_id: 'pipelineId', pipeline_stage_id: 'pipelineStageId', contact_id: 'contactId', id: 'id' };
  const named = Object.entries({ ...equal, assigned_to: 'assignedTo' });
  const status = query['status'];
  return (
    named.every(([asked, field]) => query[asked] === undefined || row[field] === query[asked]) &&
    (status === undefined || status === 'all' || row['status'] === status) &&
    String(row['name'])
      .toLowerCase()
      .includes(String(query['q'] ?? '').toLowerCase())
  );
}

function shown(context: Context, row: Row): Record<string, unknown> {
  const nobody: Row = { id: String(row['contactId']) };
  const { id, name, email, phone, tags } = context.store.get('contacts', nobody.id) ?? nobody;
  const fields = (row['customFields'] ?? []) as Json[];
  const customFields = fields.map((field) => ({ id: field['id'] ?? field['key'], fieldValue: field['field_value'] }));
  return { ...row, customFields, contact: present({ id, name, email, phone, tags }) };
}
