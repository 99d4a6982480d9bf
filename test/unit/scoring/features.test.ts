import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tellsBarred } from '../../../domain/scoring/features/fair-housing.ts';
import {
  leadFeatures,
  leadFeaturesAt,
  traceFeatures,
  traceHolds,
  tracedLead,
  traceOf,
  watchedFeatures,
} from '../../../domain/scoring/features/lead-features.ts';
import { type LeadHistory, seenAt, withNews } from '../../../domain/scoring/features/lead-history.ts';
import { admit, registryOf, signatureOf, vectorHolds, vectorOf } from '../../../domain/scoring/features/registry.ts';
import { scorecardFeatures } from '../../../domain/scoring/features/scorecard-features.ts';
import { featureNames } from '../../../domain/scoring/features.ts';
import { anyHistory, anyInstant, emptyHistory } from '../../support/random-history.ts';
import { anyFacts } from '../../support/random-facts.ts';

const monday = '2026-03-02T12:00:00.000Z';
const hoursLater = (hours: number): string => new Date(Date.parse(monday) + hours * 3_600_000).toISOString();

/** Values by name, as of an instant. */
function valuesOf(history: LeadHistory, asOf: string): Record<string, unknown> {
  const values = vectorOf(leadFeatures, seenAt(history, asOf));
  return Object.fromEntries(leadFeatures.map(({ name }, i) => [name, values[i]]));
}

describe('what a score of leads must not know', () => {
  it.each([
    ['zip_code', 'a place'],
    ['ZIP Code', 'a place'],
    ['postalCode', 'a place'],
    ['censusTract', 'a place'],
    ['home.lat', 'a place'],
    ['longitude', 'a place'],
    ['areaCode', 'a place'],
    ['zip5', 'a place'],
    ['nearestSchoolRating', 'a school'],
    ['firstName', 'a name'],
    ['name_origin_score', 'a name'],
    ['preferredLanguage', 'a language or an origin'],
    ['Country', 'a language or an origin'],
    ['age', 'an age'],
    ['yearOfBirth', 'an age'],
    ['maritalStatus', 'a family'],
    ['householdSize', 'a family'],
    ['numberOfChildren', 'a family'],
    ['bedrooms', 'a family'],
    ['wheelchairRamp', 'a disability'],
    ['profilePhoto', 'a colour'],
    ['fhaLoan', 'a source of income or a programme'],
    ['VA loan', 'a source of income or a programme'],
    ['section8', 'a source of income or a programme'],
    ['housingVoucher', 'a source of income or a programme'],
  ])('%s tells %s', (name, tells) => expect(tellsBarred(name)).toBe(tells));

  it.each(['pagesViewed', 'engagement', 'messagesSent', 'emailOpenShare', 'daysKnown', 'averagePrice', 'vacancy'])(
    '%s tells nothing of the kind',
    (name) => expect(tellsBarred(name)).toBeUndefined(),
  );

  it('cannot be registered', () => {
    const [feature] = leadFeatures;
    expect(() => registryOf([{ ...feature!, name: 'zipCode' }])).toThrow('the feature zipCode would tell a place');
    expect(() => registryOf([feature!, feature!])).toThrow(`two features are called ${feature!.name}`);
    expect(() => registryOf([{ ...feature!, type: 'number' }])).toThrow('categories alone have levels');
  });

  it('is not in a source, a plan for the money or what is said of them', () => {
    const history: LeadHistory = {
      ...emptyHistory(monday),
      source: 'Radio Santa Maria',
      answers: { financing: { value: 'pre-approved by VA', at: monday, from: 'inbox' } },
    };
    const values = valuesOf(history, monday);
    expect(values).toMatchObject({ leadSource: null, financingPlan: 'yes' });
    const said = leadFeatures.map(({ name, words }) => words.say((values[name] ?? 0) as number | string)).join();
    expect(said).not.toMatch(/\bVA\b|Maria/);
  });
});

describe('admit', () => {
  it('refuses by name what comes too late, is barred or is not registered', () => {
    const wanted = ['homesViewed', 'answerHours', 'dealStatus', 'zip_code', 'shoeSize'];
    const { features, refused } = admit(leadFeatures, wanted, 'capture');
    expect(features.map(({ name }) => name)).toEqual(['homesViewed']);
    expect(refused).toEqual([
      { feature: 'answerHours', why: 'it is known at contact and the model decides at capture' },
      { feature: 'dealStatus', why: 'it is known at outcome and the model decides at capture' },
      { feature: 'zip_code', why: 'it would tell a place' },
      { feature: 'shoeSize', why: 'it is not registered' },
    ]);
    const barred = [{ ...leadFeatures[1]!, fairHousing: 'barred' as const }];
    expect(admit(barred, ['daysKnown'], 'contact').refused).toEqual([
      { feature: 'daysKnown', why: 'it is barred from scores of leads' },
    ]);
  });

  it('lets a model at contact have all that one at capture has, and no outcome', () => {
    const [capture, contact] = [leadFeaturesAt('capture'), leadFeaturesAt('contact')];
    expect(contact).toEqual(expect.arrayContaining([...capture]));
    expect(capture.length).toBeGreaterThanOrEqual(15);
    expect(contact.length).toBeGreaterThan(capture.length + 15);
    expect(contact.map(({ name }) => name)).not.toContain('dealStatus');
  });
});

describe('the registry', () => {
  it('has one name for one feature, the scorecard’s included', () => {
    expect(scorecardFeatures.map(({ name }) => name)).toEqual([...featureNames]);
    const names = [...scorecardFeatures, ...leadFeatures].map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
  });

  it('watches what may stand in for a protected class', () => {
    expect(watchedFeatures).toEqual([
      ...['leadSource', 'viewedPrice', 'textLength', 'questionsAsked', 'detailShare'],
      ...['questionsAnswered', 'budget', 'budgetFit'],
    ]);
  });

  it('gives every feature finite numbers, its own words or nothing', () => {
    fc.assert(
      fc.property(anyHistory, anyInstant, (history, asOf) => {
        vectorOf(leadFeatures, seenAt(history, asOf)).forEach((value, i) => {
          const { type, levels } = leadFeatures[i]!;
          if (typeof value === 'number') expect([type, Number.isFinite(value)]).toEqual(['number', true]);
          else if (value !== null) expect(levels).toContain(value);
        });
      }),
    );
  });

  it('says every value in words', () => {
    for (const { type, levels, words } of leadFeatures) {
      for (const value of type === 'number' ? [0, 1, 0.4, 123_456] : levels!) {
        expect(words.say(value)).toMatch(/^(?!.*(?:undefined|NaN)).{4,80}$/);
      }
    }
  });
});

describe('a value as of an instant', () => {
  it('does not change by what is later', () => {
    fc.assert(
      fc.property(anyHistory, anyHistory, anyInstant, (history, other, asOf) => {
        const cut = Date.parse(asOf);
        const later = (at: string): string => new Date(Math.max(Date.parse(at), cut + 1)).toISOString();
        const more: LeadHistory = {
          ...history,
          messages: [...other.messages.map((one) => ({ ...one, at: later(one.at) })), ...history.messages],
          behaviour: [...history.behaviour, ...other.behaviour.map((one) => ({ ...one, at: later(one.at) }))],
          emails: [...history.emails, ...other.emails.map((one) => ({ ...one, at: later(one.at) }))],
          deals: [...history.deals, ...other.deals.map((one) => ({ ...one, at: later(one.at) }))],
          matches: [...history.matches, ...other.matches.map(later)],
          appointments: [
            ...history.appointments.map((one) => ({
              ...one,
              ...(isLater(one.statusTold, cut) ? { status: 'showed' } : {}),
              ...(isLater(one.startsAtTold, cut) ? { startsAt: later(monday) } : {}),
            })),
            ...other.appointments.map((one) => ({ ...one, bookedAt: later(one.bookedAt) })),
          ],
          answers: {
            ...Object.fromEntries(
              Object.entries(other.answers).map(([key, one]) => [key, { ...one, at: later(one.at) }]),
            ),
            ...history.answers,
          },
        };
        expect(valuesOf(more, asOf)).toEqual(valuesOf(history, asOf));
      }),
    );
  });

  it('changes by what is not: what happened one moment earlier is in it', () => {
    const view = { kind: 'property.view', listing: 'L1', price: 400_000 };
    const history = { ...emptyHistory(monday), behaviour: [{ ...view, at: hoursLater(1) }] };
    expect(valuesOf(history, hoursLater(1))).toMatchObject({ homesViewed: 1, viewedPrice: 400_000 });
    expect(valuesOf(history, hoursLater(0.99))).toMatchObject({ homesViewed: 0, viewedPrice: null });
  });

  it('does not depend on the order in which things are stored', () => {
    fc.assert(
      fc.property(anyHistory, anyInstant, (history, asOf) => {
        const turned = { ...history, emails: history.emails.toReversed(), matches: history.matches.toReversed() };
        expect(valuesOf(turned, asOf)).toEqual(valuesOf(history, asOf));
      }),
    );
  });

  it('is unknown, not zero, where the team has no such source', () => {
    const history: LeadHistory = {
      ...emptyHistory(monday),
      since: { site: null, emails: hoursLater(5), appointments: null, matches: null },
    };
    expect(valuesOf(history, monday)).toMatchObject({
      homesViewed: null,
      emailClicks: null,
      appointmentsBooked: null,
      listingMatches: null,
      messagesReceived: 0,
    });
    expect(valuesOf(history, hoursLater(5))).toMatchObject({ emailClicks: 0 });
  });
});

describe('the features of a lead', () => {
  const history: LeadHistory = {
    ...emptyHistory(monday),
    source: 'Zillow',
    answers: {
      budget: { value: 450_000, at: hoursLater(3), from: 'inbox' },
      timeline: { value: 'soon', at: hoursLater(3), from: 'inbox' },
      side: { value: 'buy', at: hoursLater(3), from: 'inbox' },
    },
    messages: [
      { at: hoursLater(1), direction: 'outbound', channel: 'sms', body: 'Hello', human: false },
      { at: hoursLater(3), direction: 'inbound', channel: 'sms', body: 'What about cash? At 5?', human: false },
      { at: hoursLater(3.5), direction: 'inbound', channel: 'sms', body: 'ok', human: false },
      { at: hoursLater(4), direction: 'outbound', channel: 'sms', body: 'Sure', human: true },
      { at: hoursLater(4), direction: 'outbound', channel: 'internal-comment', body: 'note', human: true },
    ],
    behaviour: [
      { at: hoursLater(-30), kind: 'property.view', listing: 'L1', price: 400_000, seconds: 90 },
      { at: hoursLater(-29), kind: 'property.view', listing: 'L1', price: 500_000, seconds: 30 },
      { at: hoursLater(0), kind: 'property.save', listing: 'L1' },
      { at: hoursLater(1), kind: 'property.dislike', listing: 'L2' },
      { at: hoursLater(2), kind: 'search.run' },
      { at: hoursLater(2), kind: 'email.opened' },
    ],
    emails: [
      { at: hoursLater(1), event: 'delivered', messageId: 'm1' },
      { at: hoursLater(1), event: 'delivered', messageId: 'm2' },
      { at: hoursLater(2), event: 'opened', messageId: 'm1' },
      { at: hoursLater(3), event: 'opened', messageId: 'm1' },
    ],
    appointments: [
      {
        bookedAt: hoursLater(4),
        self: true,
        startsAt: hoursLater(30),
        startsAtTold: hoursLater(4),
        status: 'showed',
        statusTold: hoursLater(31),
      },
    ],
    matches: [hoursLater(1), hoursLater(2)],
  };

  it('are what their definitions say', () => {
    expect(valuesOf(history, hoursLater(6))).toMatchObject({
      leadSource: 'portal',
      daysKnown: 0.25,
      homesViewed: 2,
      mostViewsOfOneHome: 2,
      secondsOnHomes: 120,
      homesLiked: 1,
      likingShare: 0.5,
      searches: 1,
      siteEngagement: 6.5,
      viewedPrice: 450_000,
      activeDays: 2,
      hoursSinceSite: 4,
      siteLastWeek: 5,
      messagesReceived: 2,
      messagesSent: 2,
      answeredShare: 0.5,
      answerHours: 2,
      hoursSinceReply: 2.5,
      teamReplyHours: 4,
      textLength: 12,
      questionsAsked: 2,
      detailShare: 0.5,
      emailOpenShare: 0.5,
      emailClicks: 0,
      appointmentsBooked: 1,
      appointmentsSelfBooked: 1,
      appointmentsKept: 0,
      hoursToAppointment: 24,
      questionsAnswered: 2,
      budget: 450_000,
      moveTimeline: 'soon',
      financingPlan: null,
      side: 'buy',
      budgetFit: 1,
      listingMatches: 2,
    });
    expect(valuesOf(history, hoursLater(31))).toMatchObject({ appointmentsKept: 1, hoursToAppointment: null });
  });

  it('take in the message that is being worked', () => {
    const message = { at: hoursLater(5), direction: 'inbound', channel: 'sms', body: 'Yes', human: false } as const;
    const answers = { financing: { value: true, at: hoursLater(5), from: 'inbox' } };
    const values = valuesOf(withNews(history, { message, answers }), hoursLater(5));
    expect(values).toMatchObject({ messagesReceived: 3, answeredShare: 1, financingPlan: 'yes' });
  });
});

describe('what is stored with a score', () => {
  it('holds every feature of rules and models once, by name and version', () => {
    fc.assert(
      fc.property(anyFacts, anyHistory, (facts, history) => {
        const trace = { features: traceFeatures, values: traceOf(facts, history) };
        expect(trace.values).toHaveLength(traceFeatures.length);
        const wanted = leadFeaturesAt('capture');
        const lead = tracedLead(trace, signatureOf(wanted));
        expect(Object.values(lead)).toEqual(vectorOf(wanted, seenAt(history, facts.asOf)));
      }),
      { numRuns: 30 },
    );
  });

  it('is never read as something else', () => {
    const old = { features: ['homesViewed@1'], values: [3] };
    expect(tracedLead(old, ['homesViewed@1'])).toEqual({ 'homesViewed@1': 3 });
    expect(() => tracedLead(old, ['homesViewed@2'])).toThrow('the stored facts lack homesViewed@2');
  });

  it('holds for a day at most, since time alone changes some of it', () => {
    expect(traceHolds).toBe(24);
    expect(vectorHolds(leadFeatures.filter(({ freshHours }) => freshHours === null))).toBeNull();
  });
});

function isLater(at: string | null, than: number): boolean {
  return at !== null && Date.parse(at) > than;
}
