import proto from '@temporalio/proto';

const events = proto.temporal.api.enums.v1.EventType;

/** Of an event in a history, the action that Temporal Cloud bills it as. What is not named is billed as none. */
const billed: Readonly<Record<number, string>> = {
  [events.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED]: 'workflow started',
  [events.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED]: 'signal',
  [events.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED]: 'update',
  [events.EVENT_TYPE_TIMER_STARTED]: 'timer',
  [events.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED]: 'activity',
  [events.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES]: 'search attributes',
  [events.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW]: 'continue as new',
};

/**
 * Actions by their kind, as a history tells them. All local activities of one workflow task are one action; a try again of an activity
 * is one more, which a history tells by the attempt of its last start.
 * @see https://docs.temporal.io/cloud/actions
 */
export function temporalActions(history: proto.temporal.api.history.v1.IHistory): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  const add = (kind: string, n = 1): void => void (counts[kind] = (counts[kind] ?? 0) + n);
  const withLocal = new Set<string>();
  for (const event of history.events ?? []) {
    const kind = billed[event.eventType ?? 0];
    if (kind !== undefined) add(kind);
    const marker = event.markerRecordedEventAttributes;
    if (marker?.markerName === 'core_local_activity') withLocal.add(String(marker.workflowTaskCompletedEventId));
    const attempt = event.activityTaskStartedEventAttributes?.attempt ?? 1;
    if (attempt > 1) add('activity', attempt - 1);
  }
  if (withLocal.size > 0) add('local activities', withLocal.size);
  return counts;
}
