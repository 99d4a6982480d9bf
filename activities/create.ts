import type { GhlActivities, LeadActivities } from '../workflows/activities.ts';
import { createAtOnce } from './at-once.ts';
import { createCrmActivities } from './crm.ts';
import type { Deps } from './deps.ts';
import { withFailures } from './failures.ts';
import { createFollowUpActivities } from './follow-up.ts';
import { withHeartbeat } from './heartbeat.ts';
import { createLeadActivities } from './leads.ts';

/** All activities by the task queue that serves them. */
export function createActivities(deps: Deps): {
  readonly leads: LeadActivities;
  readonly ghl: GhlActivities;
} {
  const atOnce = createAtOnce(deps);
  return {
    leads: withFailures(deps.log, createLeadActivities(deps, atOnce)),
    ghl: withHeartbeat(
      withFailures(deps.log, { ...createCrmActivities(deps, atOnce), ...createFollowUpActivities(deps) }),
    ),
  };
}
