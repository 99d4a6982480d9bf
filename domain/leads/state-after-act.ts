import type { LeadState } from '../glossary.ts';
import type { OperatorAct } from '../webhooks/event.ts';

/**
 * The state in which a person's act leaves a lead. The one place of this rule: the workflow answers by it at once, the store writes
 * by it, and level 3 reads the act by it when its event is worked. Replayed with the workflow: a change stands behind `patched`.
 */
export function stateAfterAct(action: OperatorAct['action'], state: LeadState): LeadState {
  return stateSetByAct(action, state) ?? state;
}

/**
 * The state that an act sets; null when it sets none, and the state keeps its beginning: a pause does not soften a stop, and
 * enrolling changes nothing, since a paused lead waits with its enrolment.
 */
export function stateSetByAct(action: OperatorAct['action'], state: LeadState): LeadState | null {
  switch (action) {
    case 'pause':
      return state === 'stopped' ? null : 'paused';
    case 'resume':
      return 'active';
    case 'stop':
      return 'stopped';
    case 'takeOver':
      return 'taken-over';
    case 'enrol':
      return null;
  }
}
