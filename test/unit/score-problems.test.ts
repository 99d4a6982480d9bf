import { describe, expect, it } from '@jest/globals';
import { checked } from '../../api/mount.ts';
import { openApi } from '../../api/openapi.ts';
import { scoreLeads } from '../../api/contract/score.ts';

/** What is said to whoever asks for scores in a way that cannot be answered. */

const problems = (body: unknown): readonly (readonly [string, string])[] => {
  try {
    checked('BAD_REQUEST', scoreLeads.body, body);
  } catch (error) {
    const told = (error as { problems: readonly { path: string; message: string }[] }).problems;
    return told.map(({ path, message }) => [path, message]);
  }
  return [];
};
const ofLead = (lead: unknown): readonly (readonly [string, string])[] => problems({ leads: [{}, lead] });
const known = { locationId: 'loc-1', contactId: 'con-1' };

describe('a request for scores', () => {
  it.each<readonly [string, unknown, string, string]>([
    ['a number in quotes', { budget: '500000' }, '.budget', 'expected a number, got a text: send it without quotes'],
    [
      'a number in a list',
      { viewedPrices: [1, '2'] },
      '.viewedPrices.1',
      'expected a number, got a text: send it without quotes',
    ],
    [
      'less than nothing',
      { budget: -1 },
      '.budget',
      'expected a number from 0 on, got a smaller one: correct it, or leave the field out where it is not known',
    ],
    [
      'null',
      { budget: null },
      '.budget',
      'expected a number, got null: correct it, or leave the field out where it is not known',
    ],
    [
      'no number at all',
      { budget: Infinity },
      '.budget',
      'expected a number, got a number that is too large: correct it, or leave the field out where it is not known',
    ],
    [
      'no instant',
      { asOf: 'today' },
      '.asOf',
      'expected an instant such as 2026-03-01T12:00:00Z, got another text: correct it, or leave the field out where it is not known',
    ],
    [
      'a long text',
      { messages: ['x'.repeat(5001)] },
      '.messages.0',
      'expected at most 5000 characters, got more: send the newest, and leave out the rest',
    ],
    [
      'one id alone',
      { locationId: 'loc-1' },
      '.contactId',
      'expected a text, got nothing: a stored lead is named by locationId and contactId',
    ],
    [
      'the other alone',
      { contactId: 'con-1' },
      '.locationId',
      'expected a text, got nothing: a stored lead is named by locationId and contactId',
    ],
    [
      'no id',
      { ...known, contactId: 'a b' },
      '.contactId',
      'expected letters, digits, - and _, got another text: send the id as the CRM shows it',
    ],
    [
      'ids and facts',
      { ...known, budget: 1, source: 'x' },
      '',
      "expected a lead's ids alone or facts alone, got both: leave out budget, source, or the ids",
    ],
    [
      'ids and something else',
      { ...known, colour: 1 },
      '.colour',
      'expected one of id, locationId, contactId, got another name: correct it or leave it out',
    ],
    ['no lead', 'con-1', '', 'expected an object with locationId and contactId, or with facts, got a text'],
  ])('is told by its field what is wrong: %s', (_name, lead, path, message) => {
    expect(ofLead(lead)).toEqual([[`leads.1${path}`, message]]);
  });

  it('is told every name that nobody knows, and those that are known', () => {
    const told = ofLead({ timline: 'soon', zipCode: '33602' });
    expect(told.map(([path]) => path)).toEqual(['leads.1.timline', 'leads.1.zipCode']);
    expect(told[0]![1]).toMatch(
      /^expected one of id, asOf, .*timeline.*, got another name: correct it or leave it out$/,
    );
  });

  it('is told how many leads it may name', () => {
    const of = (count: number): object => ({ leads: Array.from({ length: count }, () => known) });
    expect(problems(of(0))).toEqual([['leads', 'expected 1 to 1,000 leads, got none']]);
    expect(problems(of(1001))).toEqual([
      ['leads', 'expected 1 to 1,000 leads, got more; send the others in a request of their own'],
    ]);
    expect(problems({})).toEqual([['leads', 'expected a list of 1 to 1,000 leads']]);
    expect(problems({ ...of(1), reasons: 'yes' })).toEqual([['reasons', 'expected true or false']]);
  });

  it('may name a lead twice, leads of both kinds, and one of whom nothing is known', () => {
    expect(problems({ leads: [known, known, { budget: 1 }, {}] })).toEqual([]);
  });

  it('is described to whoever writes one', () => {
    const { paths } = openApi() as { paths: Record<string, { post: { requestBody: unknown } }> };
    const told = JSON.stringify(paths['/api/score']!.post.requestBody);
    for (const field of ['locationId', 'viewedPrices', 'timeline']) expect(told).toContain(`"${field}"`);
  });
});
