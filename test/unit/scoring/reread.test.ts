import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { defaultSettings } from '../../../domain/leads/settings.ts';
import { traceFeatures, traceOf } from '../../../domain/scoring/features/lead-features.ts';
import type { HistoryMessage, LeadHistory } from '../../../domain/scoring/features/lead-history.ts';
import { rereadAt } from '../../../domain/scoring/reread.ts';
import { isStanding } from '../../../domain/scoring/standing-features.ts';
import { storedFacts } from '../../../domain/scoring/stored-facts.ts';
import { anyHistory, anyInstant, emptyHistory } from '../../support/random-history.ts';

const cameIn = '2026-01-01T12:00:00.000Z';
const on = (day: number): string => new Date(Date.parse(cameIn) + day * 86_400_000).toISOString();

const said = (day: number, body: string): HistoryMessage => ({
  ...{ at: on(day), direction: 'inbound', channel: 'sms', body, human: false },
});

/** Values by name of a lead that is read again as of the day after it came in. */
function valuesOf(history: LeadHistory, crm: Parameters<typeof storedFacts>[2] = null): Record<string, unknown> {
  const { features, values } = rereadAt({ contactId: 'c', history }, on(1), crm);
  return Object.fromEntries(features.map((feature, i) => [feature.replace(/@\d+$/, ''), values[i]]));
}

describe('a lead that is read again', () => {
  const history = { ...emptyHistory(cameIn), messages: [said(0.5, 'My budget is $500k and I want to move ASAP')] };

  it('is told nothing of what only stands today', () => {
    const today: LeadHistory = {
      ...history,
      source: 'Past client',
      answers: { budget: { value: 900_000, at: on(20), from: 'later' } },
      matches: [on(0.5), on(0.6)],
      appointments: [
        {
          ...{ bookedAt: on(0.2), self: true, startsAt: on(5), startsAtTold: on(3) },
          ...{ status: 'showed', statusTold: on(5) },
        },
      ],
    };
    expect(valuesOf(today)).toEqual(valuesOf(history));
    const unknown = ['source', 'leadSource', 'propertyMatches', 'listingMatches', 'appointmentsBooked'];
    for (const name of unknown) expect([name, valuesOf(today)[name]]).toEqual([name, null]);
  });

  it('lacks all that is left out of the others beside it, and nothing else', () => {
    const differing = new Set<string>();
    const whole = (one: LeadHistory) => traceOf(storedFacts(one, on(110), null), one, {});
    const without = { source: null, appointments: [], matches: [] };
    const since = { appointments: null, matches: null };
    fc.assert(
      fc.property(anyHistory, (one) => {
        const known = { ...one, source: 'referral' };
        const less = whole({ ...known, ...without, since: { ...one.since, ...since } });
        whole(known).forEach((value, i) => Object.is(value, less[i]) || differing.add(traceFeatures[i]!));
      }),
      { numRuns: 300, seed: 1 },
    );
    expect(differing).toEqual(new Set(traceFeatures.filter(isStanding)));
  });

  it('does not show by what is missing that something was said again later', () => {
    const answer = { value: 500_000, at: on(20), from: 'said again' };
    const again = { ...history, answers: { budget: answer }, messages: [...history.messages, said(20, 'Still $500k')] };
    expect(valuesOf(again)).toEqual(valuesOf(history));
    expect(valuesOf(again)).toMatchObject({ budget: 500_000, moveTimeline: 'immediate', questionsAnswered: 2 });
  });

  it('has the answers that stood then, and not those of the team among itself', () => {
    const messages = [said(0.6, '$600k'), said(2, '$700k'), { ...said(0.7, '$800k'), channel: 'internal-comment' }];
    expect(valuesOf({ ...history, messages: [...history.messages, ...messages] })).toMatchObject({ budget: 600_000 });
  });

  it('lets the rules alone look at the team’s fields', () => {
    const [values, fieldIds] = [
      { id: 450_000, other: 'ASAP' },
      { budget_field: 'id', timeline_field: 'other' },
    ];
    const settings = { ...defaultSettings, scoreFields: { budget: 'budget_field', timeline: 'timeline_field' } };
    const silent = { ...emptyHistory(cameIn), behaviour: [{ at: on(0), kind: 'property.view', price: 450_000 }] };
    expect(valuesOf(silent, { values, fieldIds, settings })).toMatchObject({
      ...{ timeline: 1, budgetMatch: 1 },
      ...{ budget: null, moveTimeline: null, budgetFit: null },
    });
  });

  it('does not change by what came later, whatever it is', () => {
    fc.assert(
      fc.property(anyHistory, anyHistory, anyInstant, (one, other, asOf) => {
        const late = { ...one, source: other.source, answers: other.answers, appointments: other.appointments };
        const later = other.messages.filter(({ at }) => at > asOf);
        const changed = { ...late, matches: other.matches, messages: [...one.messages, ...later] };
        const read = (history: LeadHistory) => rereadAt({ contactId: 'c', history }, asOf, null).values;
        expect(read(changed)).toEqual(read(one));
      }),
    );
  });
});

describe('stored facts', () => {
  const history: LeadHistory = {
    ...emptyHistory(cameIn),
    source: 'referral',
    answers: {
      budget: { value: 400_000, at: on(1), from: 'a' },
      timeline: { value: 'soon', at: on(20), from: 'b' },
    },
    messages: [
      { ...said(1, 'Hello'), direction: 'outbound' },
      { ...said(1.5, 'for the team'), channel: 'internal-comment' },
      said(2, 'Yes'),
      said(20, 'Later'),
    ],
    behaviour: [
      { at: on(1), kind: 'property.view', price: 300_000 },
      { at: on(2), kind: 'property.view' },
      { at: on(3), kind: 'page.view' },
      { at: on(3), kind: 'email.opened', email: 'x' },
      { at: on(20), kind: 'property.view', price: 900_000 },
      { at: on(20), kind: 'page.view' },
    ],
    emails: [1, 2, 20].map((day) => ({ at: on(day), event: 'delivered', messageId: `m${day}` })),
    matches: [on(1), on(20)],
  };

  it('hold nothing that came after the instant, nor what the team wrote to itself', () => {
    expect(storedFacts(history, on(10), null)).toEqual({
      ...{ asOf: on(10), budget: 400_000, source: 'referral', messages: ['Yes'], responseHours: [24] },
      ...{ viewedPrices: [300_000], pageViews: 1, emailsSent: 2, emailOpens: 1, emailClicks: 0, propertyMatches: 1 },
    });
  });

  it('take the team’s own fields first, and of e-mails all from one place', () => {
    const scoreFields = { pageViews: 'pages', emailsSent: 'sent' };
    const crm = { values: { p: 7, s: 9 }, fieldIds: { pages: 'p', sent: 's' } };
    const facts = storedFacts(history, on(10), { ...crm, settings: { ...defaultSettings, scoreFields } });
    expect(facts).toMatchObject({ pageViews: 7, emailsSent: 9, propertyMatches: 1 });
    expect(facts).not.toHaveProperty('emailOpens');
  });

  it('tell of no kind of behaviour where there was none of it, or the site was not there yet', () => {
    expect(storedFacts(emptyHistory(cameIn), on(10), null)).toEqual({ asOf: on(10) });
    const before = storedFacts({ ...history, since: { ...history.since, site: on(11) } }, on(10), null);
    expect(before).not.toHaveProperty('viewedPrices');
    expect(before).not.toHaveProperty('pageViews');
  });

  it('give models of leads what the team’s own fields answer, where the lead did not', () => {
    const scoreFields = { budget: 'budget', timeline: 'timeline' };
    const fieldIds = { budget: 'b', timeline: 't' };
    const crm = { values: { b: 450_000, t: 'ASAP' }, fieldIds, settings: { ...defaultSettings, scoreFields } };
    const tell = (one: LeadHistory, asOf: string): Record<string, unknown> => {
      const values = traceOf(storedFacts(one, asOf, crm), one);
      return Object.fromEntries(traceFeatures.map((feature, i) => [feature.replace(/@\d+$/, ''), values[i]]));
    };
    const none = { ...history, answers: {} };
    expect(tell(none, on(10))).toMatchObject({ budget: 450_000, moveTimeline: 'immediate', questionsAnswered: 0 });
    expect(tell(none, on(10))['budgetFit']).toBeCloseTo(300 / 450, 6);
    expect(tell(history, on(21))).toMatchObject({ budget: 400_000, moveTimeline: 'soon', questionsAnswered: 2 });
  });
});
