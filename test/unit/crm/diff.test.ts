import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { diffPlan, isEmptyDiff } from '../../../domain/crm/diff.ts';
import { planFor } from '../../../domain/crm/plan-for.ts';
import type { CrmDiff } from '../../../domain/crm/plan.ts';
import type { ContactSnapshot } from '../../../domain/leads/contact.ts';
import { defaultSettings } from '../../../domain/leads/settings.ts';

const ids = { 'contact.lead_score': 'f-score', 'contact.lead_tier': 'f-tier' };
const plan = planFor('hot', 81.6, defaultSettings);

/** What the CRM does with the calls of a diff. */
function apply(contact: ContactSnapshot, diff: CrmDiff): ContactSnapshot {
  const removed = new Set(diff.removeTags.map((tag) => tag.toLowerCase()));
  const tags = [...(contact.tags ?? []).filter((tag) => !removed.has(tag.toLowerCase())), ...diff.addTags];
  const fields = Object.fromEntries(diff.setFields.map(({ id, value }) => [id, value]));
  return { ...contact, tags, customFields: { ...contact.customFields, ...fields } };
}

describe('the difference between plan and contact', () => {
  it('takes the old tier away, in the spelling of the contact, and leaves every other tag alone', () => {
    const contact = {
      tags: ['warm-lead', 'VIP', 'AI-Off'],
      customFields: { 'f-score': 40, 'f-tier': 'warm', mine: 'x' },
    };
    expect(diffPlan(plan, contact, ids)).toEqual({
      addTags: ['Hot-Lead'],
      removeTags: ['warm-lead'],
      setFields: [
        { id: 'f-score', value: 82 },
        { id: 'f-tier', value: 'hot' },
      ],
      unmapped: [],
    });
  });

  it('is empty where the contact is as planned, numbers as text and tags in other case included', () => {
    const contact = { tags: ['hot-lead'], customFields: { 'f-score': '82', 'f-tier': 'hot' } };
    expect(isEmptyDiff(diffPlan(plan, contact, ids))).toBe(true);
  });

  it('does not take an empty field for zero', () => {
    const contact = { tags: ['hot-lead'], customFields: { 'f-score': '', 'f-tier': 'hot' } };
    expect(diffPlan(planFor('hot', 0, defaultSettings), contact, ids).setFields).toEqual([{ id: 'f-score', value: 0 }]);
  });

  it('names the fields that the location does not have', () => {
    expect(diffPlan(plan, { tags: [] }, {}).unmapped).toEqual(['contact.lead_score', 'contact.lead_tier']);
  });

  it('is empty after it was applied, from any state of the contact and through any row of plans', () => {
    const contact = fc.record(
      {
        tags: fc.subarray(['hot-lead', 'Warm-Lead', 'COLD-LEAD', 'vip', 'Hit List', 'AI-Off']),
        customFields: fc.dictionary(
          fc.constantFrom('f-score', 'f-tier', 'other'),
          fc.oneof(fc.integer(), fc.string(), fc.constant(null)),
        ),
      },
      { requiredKeys: [] },
    );
    const plans = fc.array(
      fc.tuple(fc.constantFrom('hot', 'warm', 'cold'), fc.double({ min: 0, max: 100, noNaN: true })),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(contact, plans, (start, row) => {
        let known = start as ContactSnapshot;
        for (const [tier, value] of row) {
          const wanted = planFor(tier, value, defaultSettings);
          known = apply(known, diffPlan(wanted, known, ids));
          expect(isEmptyDiff(diffPlan(wanted, known, ids))).toBe(true);
        }
        const tierTags = known.tags!.filter((tag) => /^(hot|warm|cold)-lead$/i.test(tag));
        expect(tierTags).toHaveLength(1);
        expect(known.tags).toEqual(expect.arrayContaining((start.tags ?? []).filter((tag) => !/-lead$/i.test(tag))));
        expect(known.customFields?.['other']).toEqual(start.customFields?.['other']);
      }),
    );
  });
});
