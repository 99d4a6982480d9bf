import type { Iso } from '../glossary.ts';
import type { FieldValue } from '../leads/contact.ts';
import type { LocationSettings } from '../leads/settings.ts';
import { factsFromFields } from './crm-facts.ts';
import type { LeadHistory } from './features/lead-history.ts';
import type { ScoreFacts } from './score.ts';

/** As many of the newest texts of a contact are looked at. */
const texts = 50;
const HOUR_MS = 3_600_000;

/**
 * Facts of the rules from what is stored of a lead, the same as those that one event's work reads by itself.
 * An answer's delay runs from our last message before it; a second message of the contact in a row is no answer.
 * @param crm  the team's fields; null: which field is which is not known just now
 */
export function storedFacts(
  history: LeadHistory,
  asOf: Iso,
  crm: {
    readonly values: Readonly<Record<string, FieldValue>>;
    readonly fieldIds: Readonly<Record<string, string>>;
    readonly settings: LocationSettings;
  } | null,
): ScoreFacts {
  const talk = history.messages.filter(({ channel }) => channel !== 'internal-comment');
  const written = talk.filter(({ direction, body }) => direction === 'inbound' && body !== '').map(({ body }) => body);
  const hours = talk.flatMap(({ direction, at }, i) => {
    const before = talk[i - 1];
    if (direction !== 'inbound' || before?.direction !== 'outbound') return [];
    return [(Date.parse(at) - Date.parse(before.at)) / HOUR_MS];
  });
  const budget = history.answers.budget?.value;
  const timeline = history.answers.timeline?.value;
  return {
    ...(crm === null ? {} : factsFromFields(crm.values, crm.fieldIds, crm.settings)),
    asOf,
    ...(typeof budget === 'number' ? { budget } : {}),
    ...(typeof timeline === 'string' ? { timeline } : {}),
    ...(history.source === null ? {} : { source: history.source.value }),
    ...(written.length === 0 ? {} : { messages: written.slice(-texts) }),
    ...(hours.length === 0 ? {} : { responseHours: hours }),
  };
}
