import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CrmRule, defaultRules, type RuleTest } from '../../../domain/crm/rule.ts';
import { evaluateRules, holding, type RuleFacts, ruleFactsOf } from '../../../domain/crm/rules.ts';

const rule = (when: readonly RuleTest[], then: CrmRule['then'], more: Partial<CrmRule> = {}): CrmRule => ({
  ...{ key: 'rule', group: null, when, then },
  ...more,
});
const tag = (name: string): CrmRule['then'] => [{ tag: name }];
const tagsOf = (rules: readonly CrmRule[], facts: RuleFacts) => evaluateRules(rules, facts).tags;

describe('a rule', () => {
  it.each([
    ['names nothing', [], {}, true],
    [
      'a range: its lower end belongs to it',
      [{ fact: 'budget', from: 300_000, below: 500_000 }],
      { budget: 300_000 },
      true,
    ],
    [
      'a range: its upper end does not',
      [{ fact: 'budget', from: 300_000, below: 500_000 }],
      { budget: 500_000 },
      false,
    ],
    ['equality, however it is spelled', [{ fact: 'timeline', equals: 'Immediate' }], { timeline: 'immediate' }, true],
    [
      'all of several',
      [
        { fact: 'tier', equals: 'hot' },
        { fact: 'answered', from: 5 },
      ],
      { tier: 'hot', answered: 4 },
      false,
    ],
    ['that a fact is known', [{ fact: 'location', known: true }], { location: 'Austin' }, true],
    ['that a fact is not known', [{ fact: 'location', known: false }], {}, true],
    ['that a fact is not known, which is', [{ fact: 'location', known: false }], { location: 'Austin' }, false],
    ['a range of what is no number', [{ fact: 'location', from: 1 }], { location: 'Austin' }, false],
    ['a number as text', [{ fact: 'score', equals: '80' }], { score: 80 }, true],
  ] as const)('asks for %s', (_what, when, facts, holds) => {
    expect(holding([rule(when, tag('x'))], facts)).toHaveLength(holds ? 1 : 0);
  });

  it('fits nothing by a fact that is not known, whatever it asks', () => {
    const test = fc.record(
      { equals: fc.oneof(fc.string(), fc.integer()), from: fc.integer(), below: fc.integer() },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(test, (asked) => {
        expect(holding([rule([{ fact: 'budget', ...asked }], tag('x'))], {})).toEqual([]);
      }),
    );
  });

  it('fills its placeholders, and does nothing where one is not known', () => {
    const rules = [
      rule([], [{ tag: 'Location-{location}' }, { field: 'contact.budget', value: '{budget}' }]),
      rule([], [{ tag: '{side} in {location}' }]),
    ];
    const told = evaluateRules(rules, { location: ' Round Rock,\n TX ', budget: 450_000 });
    expect(told).toMatchObject({ tags: ['Location-Round Rock TX'], fields: { 'contact.budget': '450000' } });
    expect(evaluateRules(rules, {})).toEqual({ tags: [], fields: {}, workflows: [] });
  });

  it('does not take a name that is no fact for a placeholder of one', () => {
    expect(tagsOf([rule([], tag('{constructor}')), rule([], tag('{phone}'))], { budget: 1 })).toEqual([]);
  });
});

describe('a group', () => {
  it('has one rule that holds, the first that fits, whatever the facts', () => {
    const facts = fc.record(
      {
        budget: fc.integer({ min: 0, max: 900_000 }),
        timeline: fc.constantFrom('immediate', 'soon'),
        answered: fc.integer({ min: 0, max: 7 }),
        location: fc.string(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(facts, (known) => {
        const groups = holding(defaultRules, known as RuleFacts).flatMap(({ group }) => group ?? []);
        expect(new Set(groups).size).toBe(groups.length);
      }),
    );
  });

  it.each([
    [250_000, 'Budget-Under-300K'],
    [300_000, 'Budget-300K-500K'],
    [500_000, 'Budget-Over-500K'],
  ])('tells budgets apart: %d is %s', (budget, name) => {
    expect(tagsOf(defaultRules, { budget })).toEqual([name]);
  });

  it('knows a qualified lead from an engaged one', () => {
    expect(tagsOf(defaultRules, { answered: 6 })).toEqual(['AI-Qualified']);
    expect(tagsOf(defaultRules, { answered: 2 })).toEqual(['AI-Engaged']);
    expect(tagsOf(defaultRules, { answered: 1 })).toEqual([]);
  });
});

describe('what rules look at', () => {
  const nobody = {
    qualification: {},
    snapshot: null,
    tier: null,
    score: null,
    stage: 'new',
    lastEventAt: null,
  } as const;

  it('lacks what nobody has said', () => {
    expect(ruleFactsOf(nobody)).toEqual({ stage: 'new', answered: 0 });
  });

  it('has the answers, the score as a whole number, and when the lead was last heard of', () => {
    const at = '2026-05-04T12:00:00.000Z';
    const qualification = { budget: { value: 450_000, at, from: 'x' }, financing: { value: true, at, from: 'x' } };
    expect(ruleFactsOf({ ...nobody, qualification, tier: 'hot', score: 81.6, lastEventAt: at })).toEqual({
      ...{ budget: 450_000, financing: 'yes', tier: 'hot', score: 82, stage: 'new', answered: 2, lastEventAt: at },
    });
  });
});
