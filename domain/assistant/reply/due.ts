import type { Iso } from '../../glossary.ts';

/**
 * When messages that came one after another are answered: once nothing more came for the window, and at the latest so long after the first.
 * A message that comes later moves it, so it is asked again with each.
 */
export function replyDue(
  unanswered: { readonly firstAt: Iso; readonly lastAt: Iso },
  { debounceSeconds, longestWaitSeconds }: { readonly debounceSeconds: number; readonly longestWaitSeconds: number },
): Iso {
  const quiet = Date.parse(unanswered.lastAt) + debounceSeconds * 1_000;
  const latest = Date.parse(unanswered.firstAt) + longestWaitSeconds * 1_000;
  return new Date(Math.min(quiet, latest)).toISOString();
}
