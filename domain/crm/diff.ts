import { sameTag } from '../leads/activation.ts';
import type { ContactSnapshot, FieldValue } from '../leads/contact.ts';
import type { CrmDiff, CrmPlan } from './plan.ts';

/**
 * The calls that bring the contact to the plan; empty when it is there already, so applying twice changes nothing.
 * Only tags and fields that the plan names appear in it. Unknown tags or fields count as not yet right: setting them again is harmless.
 * @param fieldIds  field key (`contact.lead_score`) → id of the location; keys it lacks are reported as `unmapped`
 */
export function diffPlan(plan: CrmPlan, contact: ContactSnapshot, fieldIds: Readonly<Record<string, string>>): CrmDiff {
  const worn = new Map((contact.tags ?? []).map((tag) => [sameTag(tag), tag]));
  const tagsKnown = contact.tags !== undefined;
  const setFields: { id: string; value: string | number }[] = [];
  const unmapped: string[] = [];
  for (const [key, value] of Object.entries(plan.fields)) {
    const id = Object.hasOwn(fieldIds, key) ? fieldIds[key] : undefined;
    if (id === undefined) unmapped.push(key);
    else if (!holds(contact.customFields?.[id], value)) setFields.push({ id, value });
  }
  return {
    addTags: plan.addTags.filter((tag) => !worn.has(sameTag(tag))),
    // Taken away in the contact's own spelling: the vendor may compare exactly.
    removeTags: plan.removeTags.flatMap((tag) => (tagsKnown ? (worn.get(sameTag(tag)) ?? []) : tag)),
    setFields,
    unmapped,
  };
}

export function isEmptyDiff(diff: CrmDiff): boolean {
  return diff.addTags.length + diff.removeTags.length + diff.setFields.length === 0;
}

/** The CRM returns numbers as strings where a field was made as text. */
function holds(current: FieldValue | undefined, wanted: string | number): boolean {
  if (typeof current !== 'string' && typeof current !== 'number') return false;
  if (current === wanted) return true;
  const text = String(current).trim();
  return text !== '' && (text === String(wanted) || (typeof wanted === 'number' && Number(text) === wanted));
}
