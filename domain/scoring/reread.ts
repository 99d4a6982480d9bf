import type { Iso } from '../glossary.ts';
import { traceFeatures, traceOf } from './features/lead-features.ts';
import type { LeadHistory } from './features/lead-history.ts';
import type { LeadSnapshot } from './lead-examples.ts';
import { storedFacts } from './stored-facts.ts';

/**
 * A lead as it would have been scored then, from its stored history. What the site told late is in it as if it had been known at its own
 * time, and the team's fields are those of today: the rules may see further than they did, the model does not look at fields.
 */
export function rereadAt(
  { contactId, history }: { readonly contactId: string; readonly history: LeadHistory },
  asOf: Iso,
  crm: Parameters<typeof storedFacts>[2],
): LeadSnapshot {
  const seen = historyUntil(history, asOf);
  return { contactId, asOf, features: traceFeatures, values: traceOf(storedFacts(seen, asOf, crm), seen) };
}

/** Without the texts and answers that came later; of all else the features themselves see only what was told by then. */
function historyUntil(history: LeadHistory, asOf: Iso): LeadHistory {
  const until = Date.parse(asOf);
  const known = ({ at }: { readonly at: Iso }): boolean => Date.parse(at) <= until;
  return {
    ...history,
    source: history.source !== null && known(history.source) ? history.source : null,
    answers: Object.fromEntries(Object.entries(history.answers).filter(([, answer]) => known(answer))),
    messages: history.messages.filter(known),
  };
}
