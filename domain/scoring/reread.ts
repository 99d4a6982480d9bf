import type { Iso } from '../glossary.ts';
import type { Qualification } from '../leads/lead.ts';
import { advance } from '../leads/qualify.ts';
import { readMessage } from '../leads/read-message.ts';
import { traceFeatures, traceOf } from './features/lead-features.ts';
import type { LeadHistory } from './features/lead-history.ts';
import type { LeadSnapshot } from './lead-examples.ts';
import { storedFacts } from './stored-facts.ts';

/**
 * A lead as it would have been scored then, from its stored history: only what is stored with the instant at which it happened is in it. What the
 * site told late is in it as if it had been known at its own time, and the team's fields are those of today: the rules may see further than
 * they did, the model is not told of fields.
 */
export function rereadAt(
  { contactId, history }: { readonly contactId: string; readonly history: LeadHistory },
  asOf: Iso,
  crm: Parameters<typeof storedFacts>[2],
): LeadSnapshot {
  const then = asItWas(history, asOf);
  return { contactId, asOf, features: traceFeatures, values: traceOf(storedFacts(then, asOf, crm), then, {}) };
}

/**
 * Of the source, of appointments and of matches only the newest news is stored, with the instant of that. To take them as of now would tell
 * how it ended ("past client"); to leave out those with later news would tell that there was some. So they are unknown of every lead that is
 * read again (`isStanding`), and of all others beside it. The answers are read anew from the texts of that time.
 */
function asItWas(history: LeadHistory, asOf: Iso): LeadHistory {
  const until = Date.parse(asOf);
  const messages = history.messages.filter(({ at }) => Date.parse(at) <= until);
  return {
    ...history,
    source: null,
    answers: answersIn(messages),
    messages,
    appointments: [],
    matches: [],
    since: { ...history.since, appointments: null, matches: null },
  };
}

function answersIn(messages: LeadHistory['messages']): Qualification {
  return messages.reduce<Qualification>((known, { at, direction, channel, body }, place) => {
    if (direction !== 'inbound' || channel === 'internal-comment') return known;
    const reading = readMessage(body, { optedOut: false });
    return advance(known, reading, { occurredAt: at, inboxId: String(place).padStart(9, '0') });
  }, {});
}
