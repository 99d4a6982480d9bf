import type { FieldValue } from '../leads/contact.ts';
import { readMoney } from '../leads/read-money.ts';
import { readTimeline } from '../leads/read-timeline.ts';
import type { LocationSettings } from '../leads/settings.ts';
import type { ScoreFacts } from './score.ts';

/** Facts that a team keeps in custom fields of the CRM. */
export type CrmFacts = Pick<
  ScoreFacts,
  'budget' | 'timeline' | 'pageViews' | 'emailsSent' | 'emailOpens' | 'emailClicks' | 'propertyMatches'
>;

/**
 * Reads the location's score fields. A field that is missing, empty or unreadable leaves its fact absent.
 * @param values    custom field id → value, as the CRM gave them
 * @param fieldIds  field key → id
 */
export function factsFromFields(
  values: Readonly<Record<string, FieldValue>>,
  fieldIds: Readonly<Record<string, string>>,
  settings: LocationSettings,
): CrmFacts {
  const facts: Record<string, string | number> = {};
  for (const [fact, key] of Object.entries(settings.scoreFields)) {
    const id = fieldIds[key];
    const value = id === undefined || !Object.hasOwn(values, id) ? null : (values[id] ?? null);
    const read = fact === 'timeline' ? timelineOf(value) : fact === 'budget' ? moneyOf(value) : countOf(value);
    if (read !== null) facts[fact] = read;
  }
  return facts;
}

function timelineOf(value: FieldValue): string | null {
  return typeof value === 'string' ? readTimeline(value) : null;
}

/** A money field holds a number; a text field holds words such as `up to 450k`. */
function moneyOf(value: FieldValue): number | null {
  const count = countOf(value);
  if (count !== null) return count > 0 ? count : null;
  return typeof value === 'string' ? readMoney(value) : null;
}

function countOf(value: FieldValue): number | null {
  if (typeof value === 'string' && value.trim() === '') return null;
  const number = typeof value === 'number' || typeof value === 'string' ? Number(value) : Number.NaN;
  return Number.isFinite(number) && number >= 0 ? number : null;
}
