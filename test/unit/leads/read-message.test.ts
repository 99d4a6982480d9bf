import { describe, expect, it } from '@jest/globals';
import type { Question } from '../../../domain/leads/lead.ts';
import { advance, progress, stageOf } from '../../../domain/leads/qualify.ts';
import { readMessage } from '../../../domain/leads/read-message.ts';
import type { Reading } from '../../../domain/leads/reading.ts';

const read = (text: string, lastQuestion?: Question) =>
  readMessage(text, { optedOut: false, ...(lastQuestion === undefined ? {} : { lastQuestion }) });

describe('intent', () => {
  const cases: readonly (readonly [string, Reading['intent']])[] = [
    ['We want to sell our house before summer', 'sell'],
    ['What is my home worth?', 'sell'],
    ['thinking about selling', 'sell'],
    ["I'm not looking to sell, just curious what you do", 'unknown'],
    ['Who is selling this one?', 'question'],
    ['Can we see it Saturday around 10?', 'viewing'],
    ['Is there an open house this weekend?', 'viewing'],
    ["I'd like to schedule a showing", 'viewing'],
    ["We're looking for a 3 bedroom in Tampa", 'buy'],
    ['I want to buy a condo', 'buy'],
    ['Is the townhouse still available?', 'question'],
    ['how many bathrooms does it have', 'question'],
    ['Hi there!', 'greeting'],
    ['Thanks so much', 'greeting'],
    ['ok', 'unknown'],
    ['', 'unknown'],
  ];
  it.each(cases)('%s → %s', (text, intent) => expect(read(text).intent).toBe(intent));
});

describe('the seven answers', () => {
  it('are read together from one message', () => {
    const text =
      "Hi, we're looking for a 3 bed 2 bath with a pool in South Tampa, up to $450,000. Pre-approved, and our lease is up in 2 months.";
    expect(read(text)).toEqual({
      optOut: 'none',
      intent: 'buy',
      answers: {
        budget: 450_000,
        location: 'South Tampa',
        timeline: 'soon',
        property: '3 bed, 2 bath, pool',
        financing: true,
        motivation: 'leaving a rental',
      },
    });
  });

  const places: readonly (readonly [string, string | undefined])[] = [
    ['something in Cedar Park', 'Cedar Park'],
    ['near St. Petersburg please', 'St. Petersburg'],
    ['anything downtown?', 'downtown'],
    ['we move in June', undefined],
    ['call me in the morning', undefined],
    ['in March or on Saturday', undefined],
    ['around 10 on Monday', undefined],
    ['close to Lincoln Elementary', undefined],
    ['near Grace Church', undefined],
    ['can you write in Spanish', undefined],
  ];
  it.each(places)('area in "%s": %s', (text, place) => expect(read(text).answers.location).toBe(place));

  const financing: readonly (readonly [string, boolean | undefined])[] = [
    ['We are pre-approved', true],
    ["I'm a cash buyer", true],
    ['paying all cash', true],
    ['I have a lender', true],
    ['not pre-approved yet', false],
    ['we need a lender', false],
    ["haven't talked to a bank", false],
    ['do you make cash offers on homes?', undefined],
    ['the house is nice', undefined],
  ];
  it.each(financing)('a plan for the money in "%s": %s', (text, plan) =>
    expect(read(text).answers.financing).toBe(plan),
  );

  it('give a bare answer the meaning of the question before it', () => {
    expect(read('yes', 'financing').answers).toEqual({ financing: true });
    expect(read('Not yet', 'financing').answers).toEqual({ financing: false });
    expect(read('yes').answers).toEqual({});
    expect(read('Brandon', 'location').answers).toEqual({ location: 'Brandon' });
    expect(read('33602', 'location').answers.location).toBe('33602');
    expect(read('3/2', 'property').answers).toEqual({ property: '3 bed, 2 bath' });
    expect(read('let us meet 3/2').answers).toEqual({});
    expect(read('needs a new roof', 'condition').answers.condition).toBe('needs work');
  });

  it("take a wish for the home's condition in a seller's mouth only", () => {
    expect(read('I want to buy a house that needs work').answers.condition).toBeUndefined();
    expect(read('I want to sell my house, it needs some work').answers.condition).toBe('needs work');
    expect(read('We want to sell our place, kitchen was renovated').answers.condition).toBe('updated');
  });

  it('record that a reason was given and never one that tells of family, age, faith or health', () => {
    for (const text of [
      'We are getting divorced and have two kids',
      'my mother passed away and we inherited it',
      'baby on the way and my parents move in',
      'I am retiring and use a wheelchair',
    ]) {
      expect(read(text, 'motivation').answers.motivation).toBe('stated');
      expect(JSON.stringify(read(text).answers)).not.toMatch(/divorc|kid|mother|inherit|baby|parent|retir|wheelchair/i);
    }
    expect(read('relocating for a new job', 'motivation').answers.motivation).toBe('relocating');
  });

  it('are not taken from the quoted history of an e-mail', () => {
    const mail =
      'Sounds good\n\nOn Mon, Mar 9, 2026 at 9:00 AM Priya <priya@example.com> wrote:\n> homes in Cedar Park for $450,000';
    expect(read(mail).answers).toEqual({});
  });

  it('are not read from an opt-out', () => {
    expect(read('Stop.')).toEqual({ optOut: 'clear', optOutRule: 'keyword', intent: 'unknown', answers: {} });
  });

  it('are read in a moment from the longest and oddest texts', () => {
    for (const text of [
      'in A '.repeat(200_000),
      'not '.repeat(100_000),
      '3 bed '.repeat(50_000),
      '\u0000'.repeat(10_000),
    ]) {
      expect(['none', 'ambiguous']).toContain(read(text).optOut);
    }
  });
});

describe('stage', () => {
  const at = (minute: number) => ({ inboxId: `inbox-${minute}`, occurredAt: `2026-03-11T14:0${minute}:00.000Z` });
  const facts = { gone: false, optedOut: false, heardFrom: true, snapshot: null };

  it('goes from new over engaged and qualifying to qualified', () => {
    expect(stageOf({ ...facts, heardFrom: false, qualification: {} })).toBe('new');
    expect(stageOf({ ...facts, qualification: {} })).toBe('engaged');
    const some = advance({}, read('a condo in Tampa around $300k'), at(1));
    expect(stageOf({ ...facts, qualification: some })).toBe('qualifying');
    const all = advance(some, read('pre-approved, new job, want to move asap'), at(2));
    expect(stageOf({ ...facts, qualification: all })).toBe('qualified');
    expect(stageOf({ ...facts, optedOut: true, qualification: all })).toBe('opted-out');
    expect(stageOf({ ...facts, gone: true, qualification: all })).toBe('gone');
  });

  it('asks sellers for the condition of their home and nobody else', () => {
    const seller = advance({}, read('I want to sell my house'), at(1));
    expect(progress(seller, null).applying).toBe(7);
    expect(progress({}, { tags: ['seller-lead'] }).applying).toBe(7);
    expect(progress({}, { tags: ['buyer'] }).applying).toBe(6);
  });

  it('keeps an answer until a newer message says something else', () => {
    const first = advance({}, read('around $300k'), at(2));
    expect(advance(first, read('thanks!'), at(3)).budget?.value).toBe(300_000);
    expect(advance(first, read('now up to $350k'), at(3)).budget?.value).toBe(350_000);
    expect(advance(first, read('$200k'), at(1)).budget?.value).toBe(300_000);
  });
});
