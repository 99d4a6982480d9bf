import { modelFor } from '../domain/assistant/models.ts';
import { judgeSummary } from '../domain/assistant/reply/judge.ts';
import { mostTokensOf, summaryPrompt } from '../domain/assistant/reply/prompts.ts';
import { summaryNote } from '../domain/assistant/reply-tasks.ts';
import type { LeadRef } from '../domain/glossary.ts';
import type { AssistJob } from '../domain/ports/drafts.ts';
import { talkOf } from './assist-talk.ts';
import { type Deps, isoNow, later } from './deps.ts';

const SUMMARY_MS = 30_000;

/** Some words for whoever turns to the lead, as a note in the CRM. Good to have: where it comes to nothing, nobody waits for it. */
export async function summarise(deps: Deps, ref: LeadRef, job: AssistJob): Promise<boolean> {
  const absent = async (why: string, cost: number): Promise<false> => {
    await deps.drafts.settleJob(ref, job, { state: 'absent', why, cost }, [], isoNow(deps));
    deps.measure({ kind: 'assist', job: 'summary', outcome: why });
    return false;
  };
  const [location, lead] = await Promise.all([deps.locations.get(ref.locationId), deps.leads.load(ref)]);
  if (location === undefined || lead === undefined || lead.deletedAt !== null) return absent('gone', 0);
  const { talked, ...asked } = await talkOf(deps, ref, location);
  if (talked.messages === 0) return absent('no-message', 0);
  const told = await deps.assistant.call({
    ...ref,
    job: 'summary',
    callKey: `summary:${job.inboxId}`,
    prompt: summaryPrompt({ model: modelFor('summary'), ...asked }),
    maxTokens: mostTokensOf.summary,
    deadline: later(deps.now(), SUMMARY_MS),
  });
  if (told.kind === 'none') return absent(told.why, told.cost);
  const words =
    told.stop === 'end'
      ? judgeSummary(
          told.text,
          asked.talk.map(({ body }) => body),
        )
      : null;
  if (words === null) return absent('blocked', told.cost);
  const { model, cost } = told;
  await deps.drafts.settleJob(
    ref,
    job,
    { state: 'done', model, cost, result: { text: words }, dropped: [] },
    [summaryNote(job.inboxId, words)],
    isoNow(deps),
  );
  deps.measure({ kind: 'assist', job: 'summary', outcome: 'done' });
  return true;
}
