import { describe, expect, it } from '@jest/globals';
import {
  wrongMessages,
  wrongs,
  type FollowUpHistory,
  type SentMessage,
  type Wrong,
} from '../../support/follow-up-judge.ts';

/** Noon in New York on a Wednesday. */
const noon = Date.parse('2026-03-04T17:00:00.000Z');
const hour = 3_600_000;
const after = (hours: number): string => new Date(noon + hours * hour).toISOString();
const long = { at: after(-1_000), until: null };

const text: SentMessage = {
  at: after(0),
  contactId: 'sam',
  channel: 'sms',
  purpose: 'solicitation',
  by: 'us',
  step: 'welcome:1',
  text: 'Hi Sam, this is Example Realty. Are you still looking? Reply STOP to opt out.',
};
const mail: SentMessage = {
  ...text,
  channel: 'email',
  step: 'welcome:2',
  text: 'What sells on your street. Example Realty, 1 Example Street, Albany. https://mail.example.com/u/abc.def',
};
const answer: SentMessage = {
  ...text,
  purpose: 'answer',
  step: null,
  text: 'Example Realty here: it has three beds. STOP opts out',
};

/** A history in which everything is in order, but for what a case changes. */
function history(change: Partial<FollowUpHistory>): FollowUpHistory {
  const sam = { zone: 'America/New_York', state: 'NY', areaCode: '518', reaches: ['518-555-0100'], bought: false };
  return {
    location: {
      quietHours: { from: '08:00', to: '21:00' },
      answersAtNight: false,
      sender: 'Example Realty',
      postalAddress: '1 Example Street, Albany',
    },
    contacts: {
      sam: { ...sam, reaches: [...sam.reaches, 'sam@example.com'] },
      /** The same phone, another contact. */
      twin: sam,
      alex: { ...sam, reaches: ['518-555-0199'] },
    },
    consents: [
      { ...long, reach: '518-555-0100', channel: 'sms' },
      { ...long, reach: '518-555-0199', channel: 'sms' },
      { ...long, reach: 'sam@example.com', channel: 'email' },
    ],
    optOuts: [],
    takeovers: [],
    inbound: [],
    ends: [],
    shut: [],
    registry: [],
    relationships: [],
    calls: [],
    sent: [text],
    ...change,
  };
}

const found = (change: Partial<FollowUpHistory>): readonly Wrong[] =>
  wrongMessages(history(change)).map(({ wrong }) => wrong);

const step = (n: number, change: Partial<SentMessage> = {}): SentMessage => ({
  ...text,
  at: after(n),
  step: `step:${n}`,
  text: `${text.text} ${n}`,
  ...change,
});
const enrolled = { at: after(-48), exits: ['reply', 'booking'] };
const listed = { ...long, reach: '518-555-0100' };
const call = { at: after(0), contactId: 'sam' };
const asked = { at: after(-0.5), contactId: 'sam', channel: 'sms' } as const;
const answers = (n: number): readonly SentMessage[] =>
  Array.from({ length: n }, (_, i) => ({ ...answer, at: after(i / 60), text: `${answer.text} ${i}` }));
const withText = (message: SentMessage, change: (words: string) => string): SentMessage => ({
  ...message,
  text: change(message.text),
});
const file = (change: object) => ({ sam: { ...history({}).contacts['sam']!, ...change } });

/** Of each wrong: histories that have it, and near ones that do not. */
const cases: Readonly<Record<Wrong, readonly (readonly [string, Partial<FollowUpHistory>, 'right'?])[]>> = {
  'after-opt-out': [
    ['an hour after a STOP', { optOuts: [{ at: after(-1), until: null, reach: '518-555-0100' }] }],
    ['in the very instant of it', { optOuts: [{ at: after(0), until: null, reach: '518-555-0100' }] }],
    ['by e-mail, after one by text', { optOuts: [{ ...long, reach: '518-555-0100' }], sent: [mail] }],
    [
      'to another contact of the phone',
      { optOuts: [{ ...long, reach: '518-555-0100' }], sent: [{ ...text, contactId: 'twin' }] },
    ],
    [
      'an answer',
      { optOuts: [{ at: after(-0.2), until: null, reach: '518-555-0100' }], inbound: [asked], sent: [answer] },
    ],
    ['before it', { optOuts: [{ at: after(1), until: null, reach: '518-555-0100' }] }, 'right'],
    ['after it was lifted', { optOuts: [{ at: after(-9), until: after(-1), reach: '518-555-0100' }] }, 'right'],
    [
      'to somebody else',
      { optOuts: [{ ...long, reach: '518-555-0100' }], sent: [{ ...text, contactId: 'alex' }] },
      'right',
    ],
  ],
  doubled: [
    ['a step twice', { sent: [text, { ...text, at: after(48), text: `${text.text} Bye` }] }],
    ['two steps', { sent: [text, step(2)] }, 'right'],
    ['one step of two people', { sent: [text, { ...text, contactId: 'alex' }] }, 'right'],
  ],
  repeated: [
    ['words twice', { sent: [text, { ...text, at: after(2), step: 'other:1' }] }],
    [
      'words twice but for their dress',
      { sent: [text, { ...text, at: after(2), step: 'b:1', text: text.text.toUpperCase() }] },
    ],
    [
      'words twice to two contacts of a phone',
      { sent: [text, { ...text, contactId: 'twin', at: after(2), step: 'b:1' }] },
    ],
    ['words again after a month', { sent: [text, { ...text, at: after(720), step: 'again:1' }] }, 'right'],
  ],
  'outside-hours': [
    ['at nine in the evening', { sent: [step(9)] }],
    ['before eight', { sent: [step(-4.1)] }],
    ['at eight in the evening for a Florida number', { contacts: file({ areaCode: '305' }), sent: [step(8)] }],
    [
      'at eight in the morning in New York for a California number',
      { contacts: file({ areaCode: '213' }), sent: [step(-4)] },
    ],
    [
      'in the morning of a place that is not known',
      { contacts: file({ zone: null, state: null, areaCode: null }), sent: [step(0)] },
    ],
    [
      'on a Sunday in Alabama',
      { contacts: file({ zone: 'America/Chicago', state: 'AL', areaCode: '205' }), sent: [step(96)] },
    ],
    ['an answer at night', { inbound: [{ ...asked, at: after(9.5) }], sent: [{ ...answer, at: after(10) }] }],
    ['at the last minute', { sent: [step(8.99)] }, 'right'],
    ['at eight', { sent: [step(-4)] }, 'right'],
    [
      'at noon of the west for a place that is not known',
      { contacts: file({ zone: null, state: null, areaCode: null }), sent: [step(3)] },
      'right',
    ],
    [
      'an answer at night where the location allows it',
      {
        location: { ...history({}).location, answersAtNight: true },
        inbound: [{ ...asked, at: after(9.5) }],
        sent: [{ ...answer, at: after(10) }],
      },
      'right',
    ],
  ],
  'over-cap': [
    ['a fourth within a day', { sent: [step(-3), step(-2), step(-1), text] }],
    ['a fourth by another channel', { sent: [step(-3), step(-2), step(-1), mail] }],
    [
      'a fourth by another contact of the phone',
      { sent: [step(-3), step(-2), step(-1), { ...text, contactId: 'twin' }] },
    ],
    [
      'a fourth after three of the CRM',
      { sent: [step(-3, { by: 'crm' }), step(-2, { by: 'crm' }), step(-1, { by: 'crm' }), text] },
    ],
    ['a third', { sent: [step(-2), step(-1), text] }, 'right'],
    ['a fourth when a day is over', { sent: [step(-2), step(-1), text, step(22)] }, 'right'],
    ['answers beside them', { inbound: [asked], sent: [step(-2), step(-1), text, answer] }, 'right'],
  ],
  'without-consent': [
    ['none', { consents: [] }],
    ['given later', { consents: [{ at: after(1), until: null, reach: '518-555-0100', channel: 'sms' }] }],
    ['withdrawn', { consents: [{ at: after(-9), until: after(-1), reach: '518-555-0100', channel: 'sms' }] }],
    ['for the other channel', { sent: [mail], consents: [{ ...long, reach: '518-555-0100', channel: 'sms' }] }],
    ['given for the phone by its other contact', { sent: [{ ...text, contactId: 'twin' }] }, 'right'],
    ['none, of an answer', { consents: [], inbound: [asked], sent: [answer] }, 'right'],
  ],
  'late-answer': [
    ['to nothing', { sent: [answer] }],
    ['after 61 minutes', { inbound: [{ ...asked, at: after(-61 / 60) }], sent: [answer] }],
    ['on another channel', { inbound: [{ ...asked, channel: 'email' }], sent: [answer] }],
    ['to a message that came later', { inbound: [{ ...asked, at: after(0.1) }], sent: [answer] }],
    ['after an hour', { inbound: [{ ...asked, at: after(-1) }], sent: [answer] }, 'right'],
  ],
  'too-many-answers': [
    ['a twenty-first', { inbound: [asked], sent: answers(21) }],
    ['twenty', { inbound: [asked], sent: answers(20) }, 'right'],
  ],
  'taken-over': [
    ['while a person works the lead', { takeovers: [{ at: after(-1), until: null, contactId: 'sam' }] }],
    [
      'an answer meanwhile',
      { takeovers: [{ at: after(-1), until: null, contactId: 'sam' }], inbound: [asked], sent: [answer] },
    ],
    [
      'while a person talks with their other contact',
      { takeovers: [{ at: after(-1), until: null, contactId: 'twin' }] },
    ],
    ['after it ended', { takeovers: [{ at: after(-2), until: after(-1), contactId: 'sam' }] }, 'right'],
  ],
  'after-end': [
    [
      'after a reply',
      { ends: [{ at: after(-1), contactId: 'sam', by: 'reply' }], sent: [{ ...text, enrolment: enrolled }] },
    ],
    [
      'after a reply of their other contact',
      { ends: [{ at: after(-1), contactId: 'twin', by: 'reply' }], sent: [{ ...text, enrolment: enrolled }] },
    ],
    [
      "after a booking of their other contact's, which is another appointment",
      { ends: [{ at: after(-1), contactId: 'twin', by: 'booking' }], sent: [{ ...text, enrolment: enrolled }] },
      'right',
    ],
    [
      'after a booking',
      { ends: [{ at: after(-1), contactId: 'sam', by: 'booking' }], sent: [{ ...text, enrolment: enrolled }] },
    ],
    [
      'after a reply of before it began',
      { ends: [{ at: after(-50), contactId: 'sam', by: 'reply' }], sent: [{ ...text, enrolment: enrolled }] },
      'right',
    ],
    [
      'after what it does not end with',
      { ends: [{ at: after(-1), contactId: 'sam', by: 'qualified' }], sent: [{ ...text, enrolment: enrolled }] },
      'right',
    ],
  ],
  undisclosed: [
    [
      'a first text without the line',
      { sent: [withText(text, (words) => words.replace('Reply STOP to opt out.', ''))] },
    ],
    ['a first text that names nobody', { sent: [withText(text, (words) => words.replace('Example Realty', 'Dana'))] }],
    ['a first text as an answer', { inbound: [asked], sent: [withText(answer, () => 'Three beds.')] }],
    ['a second text without', { sent: [text, { ...step(3), text: 'One more home for you, Sam.' }] }, 'right'],
  ],
  'no-postal-address': [
    ['an e-mail without', { sent: [withText(mail, (words) => words.replace('1 Example Street, ', ''))] }],
    ['an e-mail with it', { sent: [mail] }, 'right'],
  ],
  'no-unsubscribe': [
    ['an e-mail without', { sent: [withText(mail, (words) => words.replace('/u/', '/v/'))] }],
    ['an e-mail with it', { sent: [mail] }, 'right'],
  ],
  shut: [
    ['while the location is paused', { shut: [{ ...long, contactId: null, channel: null, why: 'paused' }] }],
    ['to a contact that is gone', { shut: [{ ...long, contactId: 'sam', channel: null, why: 'gone' }] }],
    ['by a channel that is paused', { shut: [{ ...long, contactId: null, channel: 'sms', why: 'opt-outs' }] }],
    [
      'by the other channel',
      { shut: [{ ...long, contactId: null, channel: 'sms', why: 'opt-outs' }], sent: [mail] },
      'right',
    ],
    [
      'once it is over',
      { shut: [{ at: after(-2), until: after(-1), contactId: null, channel: null, why: 'paused' }] },
      'right',
    ],
    ['to another contact', { shut: [{ ...long, contactId: 'alex', channel: null, why: 'gone' }] }, 'right'],
    [
      'an answer, while only solicitations may not',
      {
        shut: [{ ...long, contactId: null, channel: 'sms', only: 'solicitation', why: 'ramp' }],
        inbound: [asked],
        sent: [answer],
      },
      'right',
    ],
  ],
  unfinished: [
    [
      'a merge field that stands as it is',
      { sent: [withText(text, (words) => words.replace('Sam', '{{contact.firstName}}'))] },
    ],
    ['a name', {}, 'right'],
  ],
  registry: [
    ['a call without consent', { consents: [], sent: [], registry: [listed], calls: [call] }],
    [
      'a call with business long past',
      {
        consents: [],
        sent: [],
        registry: [listed],
        relationships: [{ at: after(-900), until: after(-1), reach: listed.reach }],
        calls: [call],
      },
    ],
    ['a call with consent', { sent: [], registry: [listed], calls: [call] }, 'right'],
    [
      'a call with business',
      { consents: [], sent: [], registry: [listed], relationships: [listed], calls: [call] },
      'right',
    ],
    ['a call to a number that is not listed', { consents: [], sent: [], calls: [call] }, 'right'],
  ],
  bought: [
    ['a contact from a bought list', { contacts: file({ bought: true }) }],
    ['one that came by itself', {}, 'right'],
  ],
};

describe('the judge of follow-up', () => {
  describe.each(wrongs)('%s', (wrong) => {
    it.each(cases[wrong].filter(([, , right]) => right === undefined))('finds %s, and nothing else', (_, change) => {
      expect(found(change)).toEqual([wrong]);
    });

    it.each(cases[wrong].filter(([, , right]) => right === 'right'))('lets %s pass', (_, change) => {
      expect(found(change)).toEqual([]);
    });
  });

  it('does not judge what the CRM sends by its own means', () => {
    expect(
      found({ consents: [], optOuts: [{ ...long, reach: '518-555-0100' }], sent: [{ ...text, by: 'crm' }] }),
    ).toEqual([]);
  });

  it('refuses a ledger of which it has no file', () => {
    expect(() => found({ contacts: {} })).toThrow('expected a file of contact sam');
  });
});
