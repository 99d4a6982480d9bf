import type { LeadActivities } from '../workflows/activities.ts';
import { wordOnDraft } from '../domain/assistant/reply-tasks.ts';
import { type Deps, isoNow, refOf } from './deps.ts';

/** A person's word that came straight to the workflow, without words of their own: in force once it is stored, and only once. */
export async function decideDraft(deps: Deps, input: Parameters<LeadActivities['decideDraft']>[0]): Promise<void> {
  const { draftId, verdict, by = 'operator' } = input;
  const now = isoNow(deps);
  const word = wordOnDraft({ verdict, text: null, by }, now);
  const decided = await deps.drafts.decide(refOf(input), draftId, word, now);
  if (decided.kind !== 'done')
    deps.log.warn({ draftId, verdict, why: decided.kind }, 'a word on a draft changed nothing');
}
