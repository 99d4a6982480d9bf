import { describe, expect, it } from '@jest/globals';
import { defaultRules } from '../../../domain/crm/rule.ts';
import { settingsDoc } from '../../../domain/leads/settings-doc.ts';
import { changesSchema, choices, settingsProblems } from '../../../domain/leads/settings-schema.ts';
import { changedChoices, choiceNames, defaultSettings, settingsOf } from '../../../domain/leads/settings.ts';

/** Paths of the problems that the schema finds. */
function problems(changes: object): string[] {
  const read = changesSchema.safeParse(changes);
  return read.success ? [] : read.error.issues.map(({ path }) => path.join('.'));
}

describe('the schema of settings', () => {
  it('has an owner and a meaning for every choice, and takes every default', () => {
    expect(Object.keys(choices).sort()).toEqual([...choiceNames].sort());
    for (const { owner, means } of Object.values(choices)) {
      expect(owner).not.toBe('');
      expect(means).toMatch(/\.$/);
    }
    expect(changesSchema.parse(defaultSettings)).toEqual(defaultSettings);
    expect(changesSchema.parse({})).toEqual({});
  });

  it('tells all problems at once, each by its path', () => {
    const found = problems({
      capPer24h: 4,
      quietHours: { from: '07:00', to: '21:30' },
      holidays: ['2026-02-30'],
      senderNumbers: { standard: '813 555 0142', byAgent: {} },
      assignment: { mode: 'claim', agents: [], from: 'warm', reactWithinMinutes: null, escalateTo: 'chief' },
      colour: 'green',
    });
    expect(found.sort()).toEqual(
      [
        '',
        'assignment.agents',
        'assignment.reactWithinMinutes',
        'capPer24h',
        'holidays.0',
        'quietHours.from',
        'quietHours.to',
      ]
        .concat('senderNumbers.standard')
        .sort(),
    );
  });

  it('takes hours only the right way round, and no wider than the law’s', () => {
    expect(problems({ quietHours: { from: '10:00', to: '18:00' } })).toEqual([]);
    expect(problems({ quietHours: { from: '18:00', to: '10:00' } })).not.toEqual([]);
    expect(problems({ teamHours: { mon: { from: '18:00', to: '09:00' } } })).not.toEqual([]);
    expect(problems({ teamHours: { someday: { from: '09:00', to: '18:00' } } })).not.toEqual([]);
  });

  it('takes rules with keys of their own, known facts in braces and conditions that can hold', () => {
    const [rule] = defaultRules;
    expect(problems({ rules: [rule, rule] })).toEqual(['rules.1.key']);
    const then = (action: object) => problems({ rules: [{ key: 'a', group: null, when: [], then: [action] }] });
    expect(then({ tag: 'Budget-{budget}' })).toEqual([]);
    for (const tag of ['{colour}', '{budget', 'budget}', '{{budget}}', '']) expect(then({ tag })).not.toEqual([]);
    expect(then({ field: 'contact.x', value: '{location}', tag: 'y' })).not.toEqual([]);
    expect(then({ field: 'contact.x', value: '{lastEventAt}' })).toEqual([]);
    expect(then({ tag: 'Heard-{lastEventAt}' })).not.toEqual([]);
    const when = (test: object) => problems({ rules: [{ key: 'a', group: null, when: [test], then: [{ tag: 'T' }] }] });
    expect(when({ fact: 'budget', from: 1, below: 2 })).toEqual([]);
    expect(when({ fact: 'budget', from: 2, below: 2 })).not.toEqual([]);
    expect(when({ fact: 'budget' })).not.toEqual([]);
    expect(when({ fact: 'budget', matches: '.*' })).not.toEqual([]);
    expect(when({ fact: 'colour', known: true })).not.toEqual([]);
  });

  it('asks rules to name workflows that are there, where the change touches either', () => {
    const rules = [{ key: 'a', group: null, when: [], then: [{ workflow: 'welcome' }] }];
    const unmapped = { ...defaultSettings, rules };
    expect(settingsProblems(defaultSettings, unmapped)).toEqual([
      { path: 'rules.0.then', message: 'expected a name of workflows, got welcome' },
    ]);
    expect(settingsProblems(defaultSettings, { ...unmapped, workflows: { welcome: 'wf1' } })).toEqual([]);
    expect(settingsProblems(unmapped, { ...unmapped, capPer24h: 1 })).toEqual([]);
    expect(settingsProblems({ ...defaultSettings, rules: [] }, defaultSettings)).toEqual([]);
  });

  it('lets no tag that we set ourselves be one by which people say what we may do', () => {
    const found = (change: object): string[] =>
      settingsProblems(defaultSettings, { ...defaultSettings, ...change }).map(
        ({ path, message }) => `${path} ${message}`,
      );
    const rules = (...tags: string[]) =>
      tags.map((tag, i) => ({ key: `r${i}`, group: null, when: [], then: [{ tag }] }));
    expect(found({ stopTags: [' hot-lead '] })).toEqual([
      'tierTags.hot expected a tag that is none of stopTags, got Hot-Lead',
    ]);
    expect(found({ activationTags: ['Cold-Lead'] })).toHaveLength(1);
    expect(found({ tierTags: { hot: 'AI-Off', warm: 'W', cold: 'C' } })).toHaveLength(1);
    expect(found({ stopTags: ['Hit List'] })).toEqual([
      'stopTags expected a tag that is none of activationTags, got Hit List',
    ]);
    const consentTags = { 'SMS-Consent': ['sms'] };
    expect(found({ consentTags, rules: rules('Fine', 'sms-consent') })).toEqual([
      'rules.1.then expected a tag that is none of consentTags, got sms-consent',
    ]);
    // The words of a lead must not make such a tag either.
    for (const tag of ['SMS-{location}', '{motivation}-consent', '{location}{motivation}', 's{side}s-{tier}t']) {
      expect(found({ consentTags, stopTags: [], activationTags: [], rules: rules(tag) })).toHaveLength(1);
    }
    for (const tag of ['SMS-Consent-{location}', '{side}SMS-Consent', 'SMS-{location}-Consent', 's{side}x{tier}t']) {
      expect(found({ consentTags, stopTags: [], activationTags: [], rules: rules(tag) })).toEqual([]);
    }
    const slow = `${'{side}a'.repeat(28)}b`;
    expect(found({ consentTags: { ['a'.repeat(100)]: ['sms'] }, rules: rules(slow) })).toEqual([]);
    // What was stored before is in nobody's way.
    const stored = { ...defaultSettings, stopTags: ['Hot-Lead'] };
    expect(settingsProblems(stored, { ...stored, capPer24h: 1 })).toEqual([]);
  });

  it('is described in the page that is made of it, choice by choice', () => {
    for (const name of choiceNames) expect(settingsDoc()).toContain(`| \`${name}\` | ${choices[name].owner} |`);
  });
});

describe('settings that were stored before a choice came up', () => {
  it('have its default, keep what was chosen, and lose what is no choice any more', () => {
    const { holidays: _, ...older } = { ...defaultSettings, capPer24h: 1 };
    expect(settingsOf({ ...older, colour: 'green' })).toEqual({ ...defaultSettings, capPer24h: 1 });
    expect(settingsOf({})).toEqual(defaultSettings);
    expect(settingsOf({ pipeline: null }).pipeline).toBeNull();
  });

  it('differ by choice, whatever the order of keys', () => {
    const after = { ...defaultSettings, customFields: { tier: 'contact.lead_tier', score: 'contact.lead_score' } };
    expect(changedChoices(defaultSettings, after)).toEqual([]);
    expect(changedChoices(defaultSettings, { ...after, holidays: ['2026-12-25'], stopTags: [] })).toEqual([
      ...['stopTags', 'holidays'],
    ]);
    expect(changedChoices(defaultSettings, { ...after, workflows: { length: 'x' } })).toEqual(['workflows']);
  });
});

describe('what the assistant may say of a location', () => {
  const { assistant } = defaultSettings;
  const problems = (some: object) => {
    const read = changesSchema.safeParse({ assistant: { ...assistant, ...some } });
    return read.success ? [] : read.error.issues.map(({ path }) => path.slice(1).join('.'));
  };

  it('is taken as it stands where replies may hold it', () => {
    const facts = ['Tours take about 30 minutes.', 'The office is on Bay Street.', 'Hablamos español.', 'Housing vouchers are welcome.']; // prettier-ignore
    expect(problems({ facts, areas: ['St. Petersburg', 'Ybor City'], states: ['FL'], holdingText: 'Thanks, a person will answer here.' })).toEqual([]); // prettier-ignore
  });

  it('changes by nobody but people, names no way to reach anybody, and passes the gates', () => {
    for (const fact of [
      'As of 2026-11-12 we are open.',
      'Call 813-555-0142.',
      'Mail me@example.com.',
      'See https://x.',
      'A safe area.',
      'We guarantee a sale.',
      'Great for families.',
      'Hi {{lead.firstName}}',
      'The best price in town.',
    ])
      // prettier-ignore
      expect({ fact, at: problems({ facts: [fact] })[0] }).toEqual({ fact, at: 'facts.0' });
    expect(problems({ holdingText: 'We guarantee it.' })).toEqual(['holdingText']);
    expect(problems({ areas: ['evil.com/x'] })).toEqual(['areas.0']);
    expect(problems({ states: ['XX'] })).toEqual(['states.0']);
    expect(problems({ debounceSeconds: 100 })).toEqual(['longestWaitSeconds']);
  });
});
