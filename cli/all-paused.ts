import type { AllPaused } from '../domain/leads/settings.ts';

/** The same words wherever it matters that nothing is sent. */
export function allPausedWords({ by, since }: AllPaused): string {
  return `everything is paused, by ${by} since ${since}`;
}

export const LIFT_ALL = 'leadwright resume --all';
