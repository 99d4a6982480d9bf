import { describe, expect, it } from '@jest/globals';
import { contest, type Happening } from '../../../domain/follow-up/contest.ts';
import { parseSequence } from '../../../domain/follow-up/document.ts';
import { newsHappenings, newsOf } from '../../../domain/follow-up/news.ts';
import { planNext } from '../../../domain/follow-up/plan.ts';
import { previewDrafts } from '../../../domain/follow-up/preview.ts';
import type { Enrolment, EnrolmentEvent, SequenceDocument } from '../../../domain/follow-up/sequence.ts';
import { simulate } from '../../../domain/follow-up/simulate.ts';
import { triggerWords } from '../../../domain/follow-up/versions.ts';
import type { News } from '../../../domain/market/alerts.ts';
import { bundledSequences } from '../../../platform/bundled-sequences.ts';
import { leadOf } from '../../support/pure-lead.ts';
import { enrolmentIn } from './documents.ts';

const now = '2026-03-10T16:00:00.000Z';
const shipped = (key: string): SequenceDocument => ({
  ...bundledSequences().find((one) => one.key === key)!,
  version: 1,
});
const [alerts, drop, opens] = [shipped('listing-alerts'), shipped('price-drop'), shipped('open-house')];
const fresh: News = { listingKey: 'L1', change: 'new', kind: 'new', startsAt: null, decidedAt: now };
const fell: News = { ...fresh, listingKey: 'L2', change: 'p', kind: 'price-drop' };
const visit: News = {
  ...fresh,
  listingKey: 'L3',
  change: 'o',
  kind: 'open-house',
  startsAt: '2026-03-14T17:00:00.000Z',
};
const event: EnrolmentEvent = { kind: 'open-house', id: 'L3/o', at: '2026-03-14T17:00:00.000Z' };
const running = (document: SequenceDocument, about: EnrolmentEvent | null = null): Enrolment => ({
  ...enrolmentIn(document.steps),
  ...{ enrolmentId: `e-${document.key}`, document, event: about },
});

function begins(
  happening: Happening,
  more: { readonly running?: readonly Enrolment[]; readonly available?: readonly 'listings'[] } = {},
) {
  const available = more.available ?? ['listings'];
  const asked = {
    now,
    happening,
    sequences: [alerts, drop, opens],
    running: more.running ?? [],
    began: {},
    facts: {},
    available,
  };
  const { begin, end, declined } = contest(asked);
  return { begin: begin.map(({ document: { key } }) => key), end, declined: declined.map(({ key }) => key) };
}

describe('news of homes', () => {
  it('happens together where it can be told at any time, and by each open house for itself', () => {
    expect(newsHappenings([fresh, visit, fell, { ...fresh, listingKey: 'L4' }])).toEqual([
      { on: 'listing', changes: ['new', 'price-drop'], event: null },
      { on: 'listing', changes: ['open-house'], event },
    ]);
    expect(newsHappenings([])).toEqual([]);
  });

  it('begins one sequence, which goes on whatever comes after it', () => {
    const [together, house] = newsHappenings([fell, fresh, visit]);
    expect(begins(together!)).toEqual({ begin: ['listing-alerts'], end: [], declined: ['price-drop'] });
    const both = { running: [running(drop)] };
    expect(begins(together!, both)).toEqual({ begin: [], end: [], declined: ['listing-alerts', 'price-drop'] });
    expect(begins(house!, both)).toEqual({ begin: ['open-house'], end: [], declined: [] });
    expect(begins(together!, { running: [running(opens, event)] }).begin).toEqual(['listing-alerts']);
    expect(begins(house!, { running: [running(opens, event)] }).begin).toEqual([]);
    expect(begins(house!, { running: [running(opens, { ...event, id: 'L9/o' })] }).begin).toEqual(['open-house']);
    expect(begins(together!, { available: [] }).begin).toEqual([]);
  });

  it('is told by whichever runs, and an open house by its own', () => {
    expect(newsOf(running(alerts), [fresh, fell, visit])).toEqual([fresh, fell]);
    expect(newsOf(running(opens, event), [fresh, fell, visit, { ...visit, change: 'other' }])).toEqual([visit]);
    expect(newsOf(running(shipped('no-response')), [fresh])).toEqual([]);
  });

  it('is what the timer says that the lead waits with', () => {
    const facts = { state: 'active', openSends: [], assignment: null, silenceAt: null, takeoverEndsAt: null } as const;
    const enrolment = { ...running(alerts), enrolledAt: now, notBefore: '2026-03-10T16:10:00.000Z' };
    const planned = {
      ...facts,
      enrolments: [enrolment],
      facts: { consentSms: 'yes' },
      zone: 'America/New_York',
    } as const;
    expect(planNext({ ...planned, news: [fresh, fell, { ...fresh, change: 'again' }] }, now)?.sentence).toBe(
      "Tuesday 12:10 in the lead's zone: Listing alert: 2 homes",
    );
    expect(planNext({ ...planned, news: [] }, now)?.what).toBe('SMS 1 of 2, listing alerts');
    const untold = { ...planned, enrolments: [], news: [fresh], newsAt: '2026-03-10T17:00:00.000Z' };
    expect(planNext(untold, now)?.what).toBe('whether news of homes that waits may be told');
  });

  it('has words in lists and previews', () => {
    expect(triggerWords(alerts.trigger)).toBe('news of homes: back-on-market, closed, new, pending');
    const previews = previewDrafts(opens, 'p1').map(({ content }) => content.body);
    expect(previews[0]).toMatch(
      /^\[Preview 1\/2, 1 day before the open house\] .*open house DAY AND TIME, HOME, PRICE \(SOURCE, DAY\)\. Listed by OFFICE/,
    );
    expect(previewDrafts(alerts, 'p1')[0]!.content.body).toContain(
      'HOMES, each with PRICE, SOURCE, DAY and LISTING OFFICE',
    );
    for (const body of [...previews, ...previewDrafts(drop, 'p1').map(({ content }) => content.body)])
      expect(body).not.toContain('{{listing');
  });

  it('can be lived through with invented homes, and without any there is nothing to tell', () => {
    const who = {
      zone: 'America/New_York',
      state: 'NY',
      areaCode: '212',
      consents: { sms: 'granted', email: 'granted' },
    };
    const homes = [{ kind: 'new' }, { kind: 'price-drop', priceBefore: '440000.00' }];
    const from = '2026-03-03T15:00:00.000Z';
    const [text] = simulate(alerts, leadOf({ ...who, facts: {}, homes }), from).entries;
    expect(text).toMatchObject({ step: 'text', verdict: 'goes-out' });
    expect(text!.words).toContain(
      'New: 3 bed, 2 bath in Exampleton, $425,000 (Example MLS, Mar 3). Listed by Example Homes. And 1 more home.',
    );
    expect(simulate(alerts, leadOf(who), from).entries[0]).toMatchObject({
      verdict: 'skipped',
      reason: 'no news of homes is left that it is about',
    });
    const house = [{ kind: 'open-house', startsAt: '2026-03-06T13:00' }];
    expect(simulate(opens, leadOf({ ...who, homes: house }), from).entries[0]).toMatchObject({
      ...{ verdict: 'goes-out', at: '2026-03-05T18:00:00.000Z' },
    });
  });
});

describe('a document that tells of homes', () => {
  const { version: _, ...good } = alerts;
  const problems = (change: object) => {
    const read = parseSequence({ ...good, ...change });
    return read.ok ? [] : read.problems.map(({ path, message }) => `${path} ${message}`);
  };
  const text = (body: string) => ({
    steps: [
      {
        key: 'text',
        channel: 'sms',
        offset: 'PT0S',
        anchor: 'previous',
        body: `{{location.name}}: ${body} Reply STOP to opt out.`,
      },
    ],
  });

  it('is of its own track and needs listings', () => {
    expect(problems({})).toEqual([]);
    expect(problems({ track: 'talk' })).toEqual(['$.track expected market: news of homes goes on beside a talk']);
    expect(problems({ needs: [] })).toEqual(['$.needs expected listings: without a feed there is no news of homes']);
    expect(problems({ trigger: { on: 'operator' }, ...text('Hello.') })).toEqual([
      '$.track only a sequence that begins on listing is of this track',
    ]);
    expect(problems({ trigger: { on: 'listing', change: ['new', 'new'] } })).toEqual([
      '$.trigger.change[1] named twice',
    ]);
    expect(problems({ trigger: { on: 'listing', change: ['new', 'open-house'] } })).toEqual([
      '$.trigger.change an open house has a time of its own, and a sequence of its own',
    ]);
  });

  it('gives no figure without whose it is, and who lists the home', () => {
    expect(problems(text('{{listings}}'))).toEqual([]);
    expect(problems(text('{{listing.price}}'))).toEqual([
      '$.steps[0].body tells of a home without whose figures they are and who lists it: {{listing.source}} and {{listing.listedBy}}',
    ]);
    expect(problems(text('{{listing.price}} ({{listing.source}}). {{listing.listedBy}}.'))).toEqual([]);
    expect(problems(text('News!'))).toEqual(['$.steps[0].body tells of no home: {{listings}}']);
    expect(problems(text('{{listing.openHouse}} ({{listing.source}}). {{listing.listedBy}}.'))).toEqual([
      '$.steps[0].body names an open house: only a sequence that begins on one has it',
    ]);
  });

  it('alone has homes to speak of', () => {
    const { version: _v, ...welcome } = shipped('new-lead-welcome');
    const read = parseSequence({ ...welcome, ...text('{{listings}}') });
    expect(read.ok ? [] : read.problems.map(({ message }) => message)).toEqual([
      'names a home: only texts and e-mails of a sequence that begins on listing have one',
    ]);
    const task = {
      key: 'call',
      channel: 'call-task',
      offset: 'PT0S',
      anchor: 'previous',
      title: 'Call',
      body: '{{listing.home}}',
    };
    expect(problems({ steps: [...alerts.steps, task] })).toHaveLength(1);
  });
});
