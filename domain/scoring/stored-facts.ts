import type { Iso } from '../glossary.ts';
import type { FieldValue } from '../leads/contact.ts';
import type { LocationSettings } from '../leads/settings.ts';
import { type CrmFacts, factsFromFields } from './crm-facts.ts';
import { type LeadHistory, seenAt, type SeenLead } from './features/lead-history.ts';
import { mailsOf } from './features/talk-features.ts';
import type { ScoreFacts } from './score.ts';

/** As many of the newest texts of a contact are looked at. */
const texts = 50;
const HOUR_MS = 3_600_000;

/**
 * Facts of the rules from what is stored of a lead, the same as those that one event's work reads by itself. Nothing later than `asOf` is in
 * them. An answer's delay runs from our last message before it; a second message of the contact in a row is no answer.
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
  const seen = seenAt(history, asOf);
  const written = seen.inbound.filter(({ body }) => body !== '').map(({ body }) => body);
  const hours = seen.messages.flatMap(({ direction, at }, i) => {
    const before = seen.messages[i - 1];
    return direction === 'inbound' && before?.direction === 'outbound' ? [(at - before.at) / HOUR_MS] : [];
  });
  const budget = seen.answers.budget?.value;
  const timeline = seen.answers.timeline?.value;
  const facts: ScoreFacts = {
    ...(crm === null ? {} : factsFromFields(crm.values, crm.fieldIds, crm.settings)),
    asOf,
    ...(typeof budget === 'number' ? { budget } : {}),
    ...(typeof timeline === 'string' ? { timeline } : {}),
    ...(seen.source === null ? {} : { source: seen.source }),
    ...(written.length === 0 ? {} : { messages: written.slice(-texts) }),
    ...(hours.length === 0 ? {} : { responseHours: hours }),
  };
  return withBehaviour(facts, seen);
}

/**
 * The facts with what site, mail system and matches tell, where the team's own fields tell nothing. Nothing of a kind is not told as none: who
 * never viewed a page may have done so under no name.
 */
export function withBehaviour(facts: ScoreFacts, seen: SeenLead): ScoreFacts {
  return { ...toldOf(seen, mailsInFields(facts)), ...facts };
}

function mailsInFields({ emailsSent, emailOpens, emailClicks }: CrmFacts): boolean {
  return emailsSent !== undefined || emailOpens !== undefined || emailClicks !== undefined;
}

function toldOf(seen: SeenLead, fieldsTellOfMails: boolean): Partial<ScoreFacts> {
  const viewed = seen.has.site ? seen.behaviour : [];
  const viewedPrices = viewed.flatMap(({ kind, price }) => (kind === 'property.view' && price ? [price] : []));
  const pageViews = viewed.filter(({ kind }) => kind === 'page.view').length;
  const { delivered, opened, clicked } = mailsOf(seen);
  return {
    ...(viewedPrices.length === 0 ? {} : { viewedPrices }),
    ...(pageViews === 0 ? {} : { pageViews }),
    ...(delivered === 0 || fieldsTellOfMails
      ? {}
      : { emailsSent: delivered, emailOpens: opened, emailClicks: clicked }),
    ...(seen.has.matches && seen.matches > 0 ? { propertyMatches: seen.matches } : {}),
  };
}
