import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isEmptyDiff } from '../../../domain/crm/diff.ts';
import { planFor } from '../../../domain/crm/plan-for.ts';
import type { CrmPlan } from '../../../domain/crm/plan.ts';
import type { RuleFacts } from '../../../domain/crm/rules.ts';
import type { Tier } from '../../../domain/glossary.ts';
import type { Stage } from '../../../domain/leads/lead.ts';
import { defaultSettings } from '../../../domain/leads/settings.ts';
import { applied, diffOf, fieldIds, nothing, type Played } from '../../support/crm-play.ts';

function planOf(tier: Tier, score: number, facts: RuleFacts = {}, stage: Stage = 'engaged'): CrmPlan {
  return planFor({ tier, score, stage, facts: { tier, score, stage, ...facts }, unsubscribed: false }, defaultSettings);
}
const plan = planOf('hot', 81.6);
const at = (contact: Played['contact'], marks: Played['marks'] = {}): Played => ({ contact, marks, actions: [] });

describe('the difference between plan and contact', () => {
  it('takes the old tier away, in the spelling of the contact, and leaves every other tag alone', () => {
    const contact = {
      tags: ['warm-lead', 'VIP', 'AI-Off'],
      customFields: { 'f-score': 40, 'f-tier': 'warm', mine: 'x' },
    };
    expect(diffOf(plan, at(contact))).toMatchObject({
      addTags: ['Hot-Lead'],
      removeTags: ['warm-lead'],
      setFields: [
        { key: 'contact.lead_score', id: 'f-score', value: 82, before: 40 },
        { key: 'contact.lead_tier', id: 'f-tier', value: 'hot', before: 'warm' },
      ],
      unmapped: [],
    });
  });

  it('is empty where the contact is as planned, numbers as text and tags in other case included', () => {
    const contact = { tags: ['hot-lead'], customFields: { 'f-score': '82', 'f-tier': 'hot' } };
    expect(isEmptyDiff(diffOf(plan, at(contact)))).toBe(true);
  });

  it('does not take an empty field for zero', () => {
    const contact = { tags: ['hot-lead'], customFields: { 'f-score': '', 'f-tier': 'hot' } };
    expect(diffOf(planOf('hot', 0), at(contact)).setFields).toMatchObject([{ id: 'f-score', value: 0 }]);
  });

  it('names the fields that the location does not have', () => {
    expect(diffOf(plan, nothing, { fieldIds: {} }).unmapped).toEqual(['contact.lead_score', 'contact.lead_tier']);
  });

  it('removes unseen what is ours by the settings, where nobody has told the tags, and sets nothing of ours again', () => {
    const marks = { 'tag:hot-lead': { state: 'ours', at: '2026-05-04T12:00:00.000Z', value: 'Hot-Lead' } } as const;
    expect(diffOf(plan, at({}, marks))).toMatchObject({
      addTags: [],
      removeTags: ['Warm-Lead', 'Cold-Lead'],
      letGo: [],
    });
  });
});

describe('what is a person’s', () => {
  const austin = planOf('hot', 80, { location: 'Austin' });
  const dallas = planOf('hot', 80, { location: 'Dallas' });

  it('stays: a tag that was there before we wanted it is never removed', () => {
    const start = at({ tags: ['location-austin'], customFields: {} });
    expect(applied(dallas, applied(austin, start)).contact.tags).toEqual(
      expect.arrayContaining(['location-austin', 'location-dallas']),
    );
  });

  it('goes, where it is ours: the old value of a rule is removed when the new one is set', () => {
    const { contact } = applied(dallas, applied(austin, nothing));
    expect(contact.tags).toEqual(expect.arrayContaining(['location-dallas']));
    expect(contact.tags).not.toContain('location-austin');
    expect(contact.customFields).toMatchObject({ 'f-location': 'Dallas' });
  });

  it('stays away: a tag of ours that a person removed is set again only when it was not wanted in between', () => {
    const removed = { ...applied(austin, nothing) };
    const without = { ...removed, contact: { ...removed.contact, tags: ['hot-lead'] } };
    const again = applied(austin, without);
    expect(again.contact.tags).toEqual(['hot-lead']);
    expect(applied(planOf('hot', 81, { location: 'Austin' }), again).contact.tags).toEqual(['hot-lead']);
    expect(applied(austin, applied(dallas, again)).contact.tags).toContain('location-austin');
  });

  it('stays in a field of the team’s: neither overwritten nor cleared, and told', () => {
    const start = at({ tags: [], customFields: { 'f-location': 'Round Rock' } });
    expect(diffOf(austin, start).foreign).toEqual(['contact.preferred_location']);
    const after = applied(planOf('hot', 80), applied(dallas, applied(austin, start)));
    expect(after.contact.customFields).toMatchObject({ 'f-location': 'Round Rock' });
  });

  it('stays in a field that we filled and somebody corrected; our own value is cleared with its reason', () => {
    const ours = applied(austin, nothing);
    expect(applied(planOf('hot', 80), ours).contact.customFields).toMatchObject({ 'f-location': null });
    const corrected = {
      ...ours,
      contact: { ...ours.contact, customFields: { ...ours.contact.customFields, 'f-location': 'Pflugerville' } },
    };
    for (const next of [austin, dallas, planOf('hot', 80)]) {
      expect(applied(next, corrected).contact.customFields).toMatchObject({ 'f-location': 'Pflugerville' });
    }
  });

  it('stands in a field of our own until the plan wants something new', () => {
    const ours = applied(planOf('hot', 80), nothing);
    const changed = { ...ours, contact: { ...ours.contact, customFields: { 'f-score': 11, 'f-tier': 'hot' } } };
    const same = applied(planOf('hot', 80, { location: 'Austin' }), changed);
    expect(same.contact.customFields).toMatchObject({ 'f-score': 11 });
    expect(applied(planOf('hot', 90), same).contact.customFields).toMatchObject({ 'f-score': 90 });
  });

  it('is told from ours by the value, however the CRM spells it', () => {
    const budget = planOf('hot', 80, { budget: 450_000 });
    const ours = applied(budget, nothing);
    const spelled = {
      ...ours,
      contact: { ...ours.contact, customFields: { ...ours.contact.customFields, 'f-budget': '$450,000.00' } },
    };
    expect(isEmptyDiff(diffOf(budget, spelled))).toBe(true);
    const more = applied(planOf('hot', 80, { budget: 550_000 }), spelled);
    expect(more.contact.customFields).toMatchObject({ 'f-budget': '550000' });
  });
});

describe('an opt-out', () => {
  const stopped = planOf('hot', 80, {}, 'opted-out');

  it('switches do-not-disturb on for SMS and e-mail, and leaves what is on already alone', () => {
    const start = at({ tags: ['hot-lead'], dndChannels: { sms: 'on', email: 'off' } });
    expect(diffOf(stopped, start).dnd).toEqual({ email: 'on' });
  });

  it('is lifted only where it was ours and the person is not suppressed any more', () => {
    const ours = applied(stopped, nothing);
    expect(diffOf(planOf('hot', 80), ours, { barred: ['email'] }).dnd).toEqual({ sms: 'off' });
    const theirs = at({ tags: [], dndChannels: { sms: 'on', email: 'on' } });
    expect(diffOf(planOf('hot', 80), applied(stopped, theirs)).dnd).toEqual({});
  });
});

/** Everything that a location of the defaults may be told of a lead. */
const plans = fc
  .record({
    tier: fc.constantFrom<Tier>('hot', 'warm', 'cold'),
    score: fc.integer({ min: 0, max: 100 }),
    stage: fc.constantFrom<Stage>('new', 'engaged', 'qualifying', 'qualified', 'opted-out'),
    facts: fc.record(
      {
        budget: fc.constantFrom(250_000, 350_000, 700_000),
        location: fc.constantFrom('Austin', 'Dallas', 'Round Rock, TX'),
        timeline: fc.constantFrom('immediate', 'soon'),
        answered: fc.integer({ min: 0, max: 7 }),
      },
      { requiredKeys: [] },
    ),
  })
  .map(({ tier, score, stage, facts }) => planOf(tier, score, facts, stage));

const foreignTags = ['vip', 'hit list', 'location-houston', 'ai-off'];
const contacts = fc
  .record({
    tags: fc.subarray([
      ...foreignTags,
      'location-austin',
      'budget-under-300k',
      'hot-lead',
      'cold-lead',
      'timeline-urgent',
    ]),
    customFields: fc.dictionary(
      fc.constantFrom(...Object.values(fieldIds), 'other'),
      fc.oneof(fc.integer(), fc.string({ minLength: 1 }), fc.constant(null)),
    ),
    dndChannels: fc.record({ sms: fc.constantFrom('on', 'off'), email: fc.constantFrom('on', 'off') }),
  })
  .map((contact) => at(contact as Played['contact']));

describe('any row of plans, from any contact', () => {
  it('is reached, and applying twice changes nothing', () => {
    fc.assert(
      fc.property(contacts, fc.array(plans, { minLength: 1, maxLength: 6 }), (start, row) => {
        let now = start;
        for (const wanted of row) {
          now = applied(wanted, now);
          expect(isEmptyDiff(diffOf(wanted, now))).toBe(true);
          expect(applied(wanted, now)).toEqual(now);
          const worn = now.contact.tags!.map((tag) => tag.toLowerCase());
          for (const tag of wanted.addTags) expect(worn).toContain(tag.toLowerCase());
          for (const tag of wanted.removeTags) expect(worn).not.toContain(tag.toLowerCase());
          for (const channel of wanted.dnd) expect(now.contact.dndChannels?.[channel]).toBe('on');
        }
      }),
    );
  });

  it('touches nothing of others', () => {
    fc.assert(
      fc.property(contacts, fc.array(plans, { minLength: 1, maxLength: 6 }), (start, row) => {
        const end = row.reduce((now, wanted) => applied(wanted, now), start);
        const tierTags = ['hot-lead', 'warm-lead', 'cold-lead'];
        const theirs = start.contact.tags!.filter((tag) => !tierTags.includes(tag));
        expect(end.contact.tags).toEqual(expect.arrayContaining(theirs));
        const own = ['f-score', 'f-tier'];
        for (const [id, value] of Object.entries(start.contact.customFields ?? {})) {
          if (!own.includes(id) && value !== null) expect(end.contact.customFields?.[id]).toEqual(value);
        }
        for (const channel of ['sms', 'email'] as const) {
          if (start.contact.dndChannels?.[channel] === 'on') expect(end.contact.dndChannels?.[channel]).toBe('on');
        }
      }),
    );
  });

  it('ends as it would without the plans between, and leaves nothing of theirs behind', () => {
    fc.assert(
      fc.property(contacts, fc.array(plans, { minLength: 1, maxLength: 5 }), plans, (start, row, last) => {
        const long = applied(
          last,
          row.reduce((now, wanted) => applied(wanted, now), start),
        ).contact;
        const short = applied(last, start).contact;
        expect([...long.tags!].sort()).toEqual([...short.tags!].sort());
        const shown = (fields: Played['contact']['customFields']) =>
          Object.fromEntries(Object.entries(fields ?? {}).filter(([, value]) => value !== null));
        expect(shown(long.customFields)).toEqual(shown(short.customFields));
      }),
    );
  });

  it('comes out the same wherever it was killed and gone on with', () => {
    const death = fc.record({ call: fc.integer({ min: 0, max: 3 }), after: fc.boolean() });
    fc.assert(
      fc.property(contacts, fc.array(fc.tuple(plans, death), { minLength: 1, maxLength: 5 }), (start, row) => {
        let killed = start;
        let whole = start;
        for (const [wanted, dies] of row) {
          killed = applied(wanted, applied(wanted, killed, { dies }));
          whole = applied(wanted, whole);
          expect(killed.contact).toEqual(whole.contact);
          expect(Object.keys(killed.marks).sort()).toEqual(Object.keys(whole.marks).sort());
        }
        // What was done is an action once, whoever came to write it down.
        const told = ({ actions }: Played) =>
          actions.map(({ kind, target, after }) => `${kind} ${target} ${after}`).sort();
        expect(told(killed)).toEqual(told(whole));
      }),
    );
  });

  it('is left for another in the middle, and nothing of it is forgotten', () => {
    const death = fc.record({ call: fc.integer({ min: 0, max: 3 }), after: fc.boolean() });
    fc.assert(
      fc.property(contacts, fc.array(fc.tuple(plans, death), { maxLength: 4 }), plans, (start, row, last) => {
        const left = row.reduce((now, [wanted, dies]) => applied(wanted, now, { dies }), start);
        const end = applied(last, applied(last, left)).contact;
        const short = applied(last, start).contact;
        expect([...end.tags!].sort()).toEqual([...short.tags!].sort());
      }),
    );
  });
});
