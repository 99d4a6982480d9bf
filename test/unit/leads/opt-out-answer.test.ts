import { describe, expect, it } from '@jest/globals';
import { consentNews } from '../../../domain/leads/consent-news.ts';
import { decide } from '../../../domain/leads/decide.ts';
import type { Situation } from '../../../domain/leads/decision.ts';
import { enrolment, event, message, now, score, situation } from './situation.ts';

const both = ['sms', 'email'];
const lead = { ...situation().lead, activatedAt: now, tier: 'warm' as const, score: score(55) };

const wrote = (optOut: 'clear' | 'ambiguous' | 'opt-in', more: Partial<Situation> = {}): Situation =>
  situation({
    lead,
    enrolments: [enrolment()],
    event: event('message.inbound', { message: message('inbound') }),
    reading: { optOut, optOutRule: 'a-rule', intent: 'unknown', answers: {} },
    ...more,
  });
const answered = (optOut?: 'yes' | 'no'): Situation =>
  situation({
    lead: { ...lead, state: 'paused', stateSince: '2026-03-10T14:00:00.000Z' },
    event: event('operator', { act: { action: 'resume', ...(optOut === undefined ? {} : { optOut }) } }),
  });
const said = (of: Situation): string =>
  decide(of)
    .timeline.map(({ summary }) => summary)
    .join(' ');

describe('a message that may be an opt-out', () => {
  it('closes both channels apart from opt-outs: nothing is suppressed for good, and no do-not-disturb is wanted', () => {
    const decision = decide(wrote('ambiguous'));
    expect(decision).toMatchObject({ state: 'paused', suppress: [], release: [], doubt: { raised: both } });
    expect(decision.stage).not.toBe('opted-out');
    expect(decision.plan?.dnd ?? []).toEqual([]);
    expect(decision.tasks.map(({ onceKey }) => onceKey)).toContain('optout-check:inbox-1');
    expect(said(wrote('ambiguous'))).toContain('may be an opt-out (rule: a-rule)');
  });

  it('is an opt-out when a person answers yes', () => {
    const decision = decide(answered('yes'));
    expect(decision).toMatchObject({ stage: 'opted-out', suppress: both, doubt: { settled: both } });
    expect(decision.plan?.dnd).toEqual(both);
    expect(said(answered('yes'))).toContain('it is an opt-out');
  });

  it.each([undefined, 'no'] as const)('is none when a person resumes the lead, saying %s', (answer) => {
    const decision = decide(answered(answer));
    expect(decision).toMatchObject({ state: 'active', suppress: [], doubt: { settled: both } });
    expect(decision.stage).not.toBe('opted-out');
  });

  it('raises no doubt that somebody has settled since it was written', () => {
    const since = { ...lead, stateSince: '2099-01-01T00:00:00.000Z' };
    expect(consentNews(wrote('ambiguous', { lead: since })).doubt).toBeNull();
  });

  it('stays in doubt however long a takeover lasted', () => {
    const taken = { ...lead, state: 'taken-over' as const };
    expect(consentNews(wrote('ambiguous', { lead: taken })).doubt).toEqual({ raised: both });
  });
});

describe('plain words of the person', () => {
  it('settle what was in doubt', () => {
    expect(consentNews(wrote('clear')).doubt).toEqual({ settled: both });
    expect(consentNews(wrote('opt-in'))).toMatchObject({ release: ['sms'], doubt: { settled: ['sms'] } });
  });

  it('are told with the rule that heard them', () => {
    expect(said(wrote('clear'))).toContain('The lead opted out (rule: a-rule); nothing more is sent.');
  });
});

it('has a person answer a call for help, and takes it for no opt-out', () => {
  const reading = { optOut: 'none', asksForHelp: true, intent: 'unknown', answers: {} } as const;
  const decision = decide(wrote('clear', { reading }));
  expect(decision).toMatchObject({ suppress: [], doubt: null });
  expect(decision.tasks.map(({ onceKey }) => onceKey)).toContain('help:inbox-1');
});
