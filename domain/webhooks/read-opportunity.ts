import type { RecordNews } from '../crm/records.ts';
import { actionOf, type ReadOf } from './crm-event.ts';
import { factsFrom, id, money, text, time, word } from './facts.ts';
import { idAt, type Json } from './payload.ts';

/** The same body comes with each of the seven types: what changed shows only beside what was known. */
export function readOpportunity(body: Json, { type, at, timed }: ReadOf): RecordNews | undefined {
  const recordId = idAt(body, 'id');
  if (recordId === undefined) return undefined;
  const facts = factsFrom(body, [
    ['pipelineId', 'pipelineId', id],
    ['stageId', 'pipelineStageId', id],
    ['status', 'status', word],
    ['name', 'name', text],
    ['value', 'monetaryValue', money],
    ['assignedTo', 'assignedTo', id],
    ['source', 'source', text],
    ['createdAt', 'dateAdded', time],
  ]);
  return {
    kind: 'opportunity',
    recordId,
    contactId: idAt(body, 'contactId'),
    action: actionOf(type),
    facts,
    at,
    timed,
  };
}
