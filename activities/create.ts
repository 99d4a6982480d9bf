import type { ClaudeActivities, GhlActivities, LeadActivities, ScoreActivities } from '../workflows/activities.ts';
import { createAssistActivities } from './assist.ts';
import { createAtOnce } from './at-once.ts';
import { createCrmActivities } from './crm.ts';
import type { Deps } from './deps.ts';
import { withFailures } from './failures.ts';
import { createFollowUpActivities } from './follow-up.ts';
import { withHeartbeat } from './heartbeat.ts';
import { createLeadActivities } from './leads.ts';
import { createScoreActivities } from './rescore.ts';

/** All activities by the task queue that serves them. */
export function createActivities(deps: Deps): {
  readonly leads: LeadActivities & ScoreActivities;
  readonly ghl: GhlActivities;
  readonly claude: ClaudeActivities;
} {
  const atOnce = createAtOnce(deps);
  return {
    leads: withFailures(deps.log, { ...createLeadActivities(deps, atOnce), ...createScoreActivities(deps) }),
    ghl: withHeartbeat(
      withFailures(deps.log, { ...createCrmActivities(deps, atOnce), ...createFollowUpActivities(deps) }),
    ),
    claude: withHeartbeat(withFailures(deps.log, createAssistActivities(deps))),
  };
}
