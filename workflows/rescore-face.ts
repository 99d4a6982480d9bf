import { setCurrentDetails } from '@temporalio/workflow';
import type { RescorePass, RescoreView } from './contract.ts';

/** What operators see of a location's passes in the Temporal UI: how far it is, or when the next one begins. Nothing personal. */
export function showPass({ pass, last }: RescoreView, waitingFor: string | null): void {
  const now = pass === null ? null : `Scores ${many(pass.scored)} of ${leadsOf(pass)}, ${sums(pass)}`;
  const before = last === null ? null : `**Last pass**: ${many(last.scored)} of ${leadsOf(last)} scored, ${sums(last)}`;
  setCurrentDetails([now, waitingFor, before].filter((line) => line !== null).join('\n\n'));
}

function leadsOf({ of }: RescorePass): string {
  return of === null ? 'the leads' : `${many(of)} leads`;
}

function sums({ changed, skipped, left }: RescorePass): string {
  const unread = skipped === 0 ? '' : `; ${many(skipped)} could not be read`;
  const untold = left === 0 ? '' : `; ${many(left)} left to the next pass, for want of room to tell them`;
  return `${many(changed)} changed${unread}${untold}`;
}

/** `20,000`: the sandbox of workflows is no place to ask for the customs of a country. */
function many(count: number): string {
  return String(count).replaceAll(/\B(?=(?:\d{3})+$)/g, ',');
}
