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

  it('is told by one word among others, in the plural and in whatever way it is written', () => {
    const names: Readonly<Record<string, string>> = {
      'a place': `town homeTown location preferred_location region state home_state area targetAreas subdivision district zips zip+4 postcodes
        cities addresses GPS geoHash stateCode IPs`,
      'a language or an origin':
        'hispanic isHispanic english speaksEnglish lang userLang countries nationalities races ethnicities',
      'a sex': 'male isMale female genders MrOrMrs women',
      'an age': 'ages seniors birthYear',
      'a family':
        'single isSingle pregnancy parent parents isParent bedroom bedroomCount babies childs numKids occupants wives',
      'a disability': 'disabilities disabilityStatus',
      'a source of income or a programme':
        'income source_of_income incomeSource VALoan FHALoans hudVoucher ssi subsidies',
    };
    for (const [tells, words] of Object.entries(names)) {
      for (const name of words.split(/\s+/)) expect([name, tellsBarred(name)]).toEqual([name, tells]);
    }
  });

  it('is not told by words that only look or sound like it', () => {
    const names = `pagesViewed engagement messagesSent emailOpenShare daysKnown averagePrice vacancy leadSource statement bankStatements
      parentLead parent_id lotArea poolArea leadState stateSince townhouse relocation allocation incoming outcome singleStory generation
      stages mileage messageHours snapshot ratio status basis campaignName whiteLabel addressed`;
    for (const name of names.split(/\s+/)) expect([name, tellsBarred(name)]).toEqual([name, undefined]);
    for (const { name } of [...leadFeatures, ...scorecardFeatures]) expect(tellsBarred(name)).toBeUndefined();
  });

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

  it('count each e-mail once, however often it was opened, and whoever tells of it', () => {
    const delivered = [1, 2, 3, 4, 5].map((n) => ({ at: hoursLater(1), event: 'delivered', messageId: `m${n}` }));
    const opened = { at: hoursLater(2), kind: 'email.opened' };
    const clicked = { at: hoursLater(2), kind: 'email.clicked' };
    const told = (behaviour: LeadHistory['behaviour'], emails: LeadHistory['emails'] = []) =>
      valuesOf({ ...emptyHistory(monday), emails: [...delivered, ...emails], behaviour }, hoursLater(6));
    const one = { ...opened, email: 'site-1' };
    expect(told([one, one, one, one, one])).toMatchObject({ emailOpenShare: Math.fround(0.2) });
    expect(told([opened, opened, opened])).toMatchObject({ emailOpenShare: Math.fround(0.2) });
    expect(told([one, { ...one, email: 'site-2' }])).toMatchObject({ emailOpenShare: Math.fround(0.4) });
    const reported = { at: hoursLater(2), event: 'opened', messageId: 'm1' };
    expect(told([one, opened], [reported, reported])).toMatchObject({ emailOpenShare: Math.fround(0.4) });
    expect(told([clicked, { ...clicked, email: 'site-1' }, { ...clicked, email: 'site-1' }]).emailClicks).toBe(2);
    const untold = delivered.map((mail) => ({ ...mail, messageId: null }));
    expect(valuesOf({ ...emptyHistory(monday), emails: untold, behaviour: [one] }, hoursLater(6))).toMatchObject({
      emailOpenShare: Math.fround(0.2),
    });
  });

  it.each([
    ['yes', [true, 'Yes', 'cash', 'pre-approved', 'have a lender']],
    ['no', [false, 'No', 'none', 'not yet', 'needs a lender']],
    [null, ['', 'unknown', 'VA', 'maybe', 7]],
  ] as const)('know of a plan for the money: %s', (plan, told) => {
    for (const value of told) {
      const answers = { financing: { value, at: monday, from: 'inbox' } };
      expect([value, valuesOf({ ...emptyHistory(monday), answers }, monday).financingPlan]).toEqual([value, plan]);
    }
  });

  it('know nothing of a site before it was there, nor when the lead came in before it did', () => {
    const view = { at: hoursLater(1), kind: 'property.view', price: 400_000 };
    const late = { ...history, behaviour: [view], since: { ...history.since, site: hoursLater(5) } };
    expect(valuesOf(late, hoursLater(4))).toMatchObject({ homesViewed: null, viewedPrice: null, budgetFit: null });
    expect(valuesOf(late, hoursLater(5))).toMatchObject({ homesViewed: 1, viewedPrice: 400_000 });
    expect(valuesOf({ ...history, createdAt: hoursLater(9) }, hoursLater(8)).daysKnown).toBeNull();
  });

  it('are said as a person would say them', () => {
    const say = (name: string, value: number | string): string =>
      leadFeatures.find((feature) => feature.name === name)!.words.say(value);
    expect([say('budget', 999_600), say('budget', 1_250_000), say('budget', 9_999.7)]).toEqual([
      ...['has a budget of $1M', 'has a budget of $1.25M', 'has a budget of $10k'],
    ]);
    expect([say('daysKnown', 0.01), say('daysKnown', 0.5), say('daysKnown', 3)]).toEqual([
      ...['came in less than an hour ago', 'came in 12 hours ago', 'came in 3 days ago'],
    ]);
    expect([say('listingMatches', 1), say('listingMatches', 2)]).toEqual(['1 listing matches', '2 listings match']);
    expect([0, 20, 60, 130].map((seconds) => say('secondsOnHomes', seconds))).toEqual([
      ...['spent no time on homes', 'spent less than a minute on homes'],
      ...['spent 1 minute on homes', 'spent 2 minutes on homes'],
    ]);
    expect([say('siteLastWeek', 0), say('siteLastWeek', 1)]).toEqual([
      ...['did nothing on the site in seven days', 'did 1 thing on the site in seven days'],
    ]);
    expect([say('leadSource', 'past client'), say('siteEngagement', 1)]).toEqual([
      ...['has been a client before', 'did as much on the site as 1 look at a home'],
    ]);
    expect([0, 0.004, 0.5, 0.997, 1].map((share) => say('emailOpenShare', share))).toEqual([
      ...['opened none of the e-mails', 'opened less than 1 % of the e-mails', 'opened 50 % of the e-mails'],
      ...['opened more than 99 % of the e-mails', 'opened 100 % of the e-mails'],
    ]);
    expect(say('hoursSinceSite', 47.7)).toBe('was on the site 2 days ago');
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
