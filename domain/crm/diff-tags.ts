import type { Mark } from './marks.ts';

/** What is to become of a tag, or of do-not-disturb on a channel. */
export type ToggleStep =
  | 'set'
  | 'remove'
  /** What was begun has happened. */
  | 'confirm-set'
  | 'confirm-removal'
  /** Gone by what was begun, and wanted again. */
  | 'confirm-removal-and-set'
  /** A removal that was begun has not happened, and is not wanted any more. */
  | 'regain'
  /** Nothing to do; the mark stays. */
  | 'leave'
  | 'let-go'
  /** Nothing to do, and nothing of ours any more. */
  | 'forget';

/**
 * One thing that is there or is not, and that is wanted or is not.
 *
 * We take away only what we have put there ourselves, or what is ours by the settings. What a person took away after us is not put back
 * while the plan goes on wanting it: only when it was not wanted for a while and is wanted again.
 * @param forced  ours by the settings: taken away whoever put it there
 */
export function toggleStep(
  wanted: boolean,
  present: boolean,
  mark: Mark | undefined,
  forced = false,
): ToggleStep | undefined {
  const state = mark?.state;
  if (wanted && present) {
    if (state === 'setting') return 'confirm-set';
    if (state === 'removing') return 'regain';
    // Whoever put it back after a person had taken it away, it was not us.
    return state === 'let-go' || state === 'kept' ? 'forget' : undefined;
  }
  if (wanted) {
    if (state === 'ours') return 'let-go';
    if (state === 'let-go') return 'leave';
    return state === 'removing' ? 'confirm-removal-and-set' : 'set';
  }
  if (present) {
    if (state === 'kept') return 'leave';
    if (state === 'given' && !forced) return 'leave';
    if (forced || state === 'ours' || state === 'setting' || state === 'removing') return 'remove';
    return state === undefined ? undefined : 'forget';
  }
  if (state === 'removing') return 'confirm-removal';
  return state === undefined ? undefined : 'forget';
}
