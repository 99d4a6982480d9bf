import { describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { fairHousingFindings } from '../../../../domain/assistant/reply/fair-housing.ts';

const fixture = (name: string): readonly string[] =>
  readFileSync(new URL(`../../../fixtures/fair-housing/${name}.txt`, import.meta.url), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

/** Sentences of an agent's day, made of parts: none of them speaks of people. */
function madeHarmless(): readonly string[] {
  const features = ['a family room', 'a fenced yard', 'a first-floor master bedroom', 'white cabinets', 'a step-free entrance', 'an in-law suite', 'a wheelchair ramp', 'French doors', 'a walk-in closet', 'black granite counters', 'a safe room', 'a security system']; // prettier-ignore
  const frames = ['It has X.', 'The listing shows X.', 'There is X, as you asked.', 'Would X be a must for you?', 'Homes with X come up often.', 'Do you need X?', 'Yes, it comes with X and a garage.', "I don't know if it has X; our agent will confirm."]; // prettier-ignore
  const places = ['the bus stop', 'the park', 'a playground', 'the marina', 'downtown', 'a school', 'the library', 'the hospital', 'a Cuban restaurant', 'Church Street']; // prettier-ignore
  const ways = ['It is within walking distance of X.', 'X is two blocks away.', 'How close to X should it be?', 'The street leads to X.', "It's across from X."]; // prettier-ignore
  const put = (frame: string, what: string) => frame.replace('X', what);
  return [
    ...features.flatMap((what) => frames.map((frame) => put(frame, what))),
    ...places.flatMap((what) => ways.map((way) => put(way, what))),
    ...features.flatMap((one) => places.map((other) => `It has ${one} and is near ${other}.`)),
    ...features.flatMap((one, at) =>
      features.slice(at + 1).map((other) => `Would you rather have ${one} or ${other}?`),
    ),
  ];
}

const violations = fixture('violations');
const harmless = [...fixture('harmless'), ...madeHarmless()];

describe('the fair-housing gate', () => {
  test('finds at least 99 in 100 statements of preference, limit and steering', () => {
    const missed = violations.filter((text) => fairHousingFindings(text).length === 0);
    expect(violations.length).toBeGreaterThan(600);
    expect(missed.length / violations.length).toBeLessThanOrEqual(0.01);
  });

  test('lets 99 in 100 harmless sentences of an agent pass', () => {
    const blocked = harmless.filter((text) => fairHousingFindings(text).length > 0);
    expect(harmless.length).toBeGreaterThan(1_000);
    expect(blocked.length / harmless.length).toBeLessThanOrEqual(0.01);
  });

  test('sees through look-alikes, letters that are spelled out, and signs for letters', () => {
    for (const text of [
      'a s a f e area',
      'a s.a.f.e. area',
      'a s\u{200b}afe area',
      'a sаfe area',
      'a s@fe area',
      'FAM1LY FRIENDLY',
      'ｓａｆｅ area',
    ])
      // prettier-ignore
      expect({ text, found: fairHousingFindings(text).length > 0 }).toEqual({ text, found: true });
  });

  test('takes no refusal for a cover of what follows it', () => {
    expect(fairHousingFindings("I can't say whether an area is safe.")).toEqual([]);
    expect(fairHousingFindings("I can't say whether an area is safe, but this is a safe area.")).toEqual(['safety']);
    expect(fairHousingFindings("I can't say enough about how great the schools are.")).not.toEqual([]);
    expect(fairHousingFindings('The police publish data. It is a safe area.')).toEqual(['safety']);
  });

  test('keeps to what a state adds where the location is licensed there, or names no state', () => {
    expect(fairHousingFindings('No Section 8.')).toEqual(['income']);
    expect(fairHousingFindings('No Section 8.', ['CA', 'TX'])).toEqual(['income']);
    expect(fairHousingFindings('No Section 8.', ['TX'])).toEqual([]);
    expect(fairHousingFindings('No kids.', ['TX'])).toEqual(['familial']);
  });

  test('lets housing for older persons say what it is, and nothing more', () => {
    expect(fairHousingFindings('It is a 55+ community, so one resident must be 55 or older.')).toEqual([]);
    expect(fairHousingFindings('It is a 55+ community, perfect for retirees.')).toContain('familial');
  });

  test('reads slips as what they were meant to be, and names of streets and things as no people', () => {
    for (const text of ['no kidz alowed', 'r u marreid', 'good 4 retirees n famlies', 'the ownr dosnt want imigrants'])
      expect({ text, found: fairHousingFindings(text).length > 0 }).toEqual({ text, found: true });
    for (const text of ['Muslin curtains stay.', 'It is on Gay Street.', 'Mr. White has the key.', 'A fourplex.'])
      expect({ text, found: fairHousingFindings(text) }).toEqual({ text, found: [] });
  });

  test('stops what is too long to be read', () => {
    expect(fairHousingFindings('a '.repeat(50_000))).toEqual(['people']);
  });

  test('takes any text, and finds nothing in none', () => {
    for (const text of ['', ' ', '\u{0}', '😀'.repeat(500), '{{', '\u{d800}', 'a '.repeat(5_000)])
      expect(fairHousingFindings(text)).toEqual([]);
  });
});
