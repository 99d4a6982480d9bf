import { created, newId, ok, own, present } from './context.ts';
import type { Context, Json, Operations } from './context.ts';
import { opportunityEvent } from './events.ts';
import { badRequest } from './refusal.ts';
import type { Row } from './store.ts';

/** Pipelines and opportunities. One write fires several events, as GHL does. */
export const opportunityOperations: Operations = {
  'GET /opportunities/pipelines': (context) => ok({ pipelines: context.store.of('pipelines', context.locationId) }),

  'GET /opportunities/search': (context) => {
    const limit = Math.min(Number(context.query['limit'] ?? 20), 100);
    const page = Number(context.query['page'] ?? 1);
    const all = context.store.of('opportunities', context.locationId).filter((row) => wanted(context.query, row));
    const after = context.query['startAfterId'];
    const start = after === undefined ? (page - 1) * limit : all.findIndex((row) => row.id === after) + 1;
    const rows = all.slice(start, start + limit);
    const last = rows.at(-1);
    return ok({
      opportunities: rows.map((row) => shown(context, row)),
      meta: present({
        total: all.length,
        currentPage: page,
        nextPage: start + rows.length < all.length ? page + 1 : undefined,
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
    const times = { createdAt: context.now, updatedAt: context.now };
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

  'DELETE /opportunities/{id}': (context) => {
    const row = opportunity(context);
    context.store.remove('opportunities', row.id);
    fire(context, row, ['OpportunityDelete', 'OpportunityUpdate']);
    return ok({ succeded: true });
  },
};

/** Calendars are seeded. Free slots are those that the seed names in `_freeSlots`: date → start times. */
export const calendarOperations: Operations = {
  'GET /calendars/': (context) =>
    ok({ calendars: context.store.of('calendars', context.locationId).map(shownCalendar) }),
  'GET /calendars/{calendarId}': (context) =>
    ok({ calendar: shownCalendar(own(context, 'calendars', context.params['calendarId'], 'Calendar')) }),
  'GET /calendars/{calendarId}/free-slots': (context) => {
    const calendar = own(context, 'calendars', context.params['calendarId'], 'Calendar');
    const [from, to] = [Number(context.query['startDate']), Number(context.query['endDate'])];
    if (to - from > 31 * 86_400_000) throw badRequest('Date range should not be more than 31 days');
    const days = Object.entries((calendar['_freeSlots'] ?? {}) as Record<string, readonly string[]>)
      .map(([day, slots]) => [day, slots.filter((slot) => Date.parse(slot) >= from && Date.parse(slot) <= to)] as const)
      .filter(([, slots]) => slots.length > 0);
    return ok(Object.fromEntries(days.map(([day, slots]) => [day, { slots }])));
  },
};

function opportunity(context: Context): Row {
  return own(context, 'opportunities', context.params['id'], 'Opportunity');
}

function change(context: Context): Row {
  const before = opportunity(context);
  const pipelineId = String(context.body['pipelineId'] ?? before['pipelineId']);
  const pipelineStageId = stageIn(context, pipelineId, context.body['pipelineStageId'] ?? before['pipelineStageId']);
  const after: Row = { ...before, ...context.body, id: before.id, pipelineId, pipelineStageId, updatedAt: context.now };
  context.store.put('opportunities', after);
  const changed = (field: string): boolean => before[field] !== after[field];
  fire(context, after, [
    'OpportunityUpdate',
    ...(changed('pipelineStageId') ? ['OpportunityStageUpdate'] : []),
    ...(changed('status') ? ['OpportunityStatusUpdate'] : []),
    ...(changed('monetaryValue') ? ['OpportunityMonetaryValueUpdate'] : []),
    ...(changed('assignedTo') ? ['OpportunityAssignedToUpdate'] : []),
  ]);
  return after;
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

function shownCalendar({ _freeSlots, ...calendar }: Row): Record<string, unknown> {
  return calendar;
}
