import { describe, expect, test } from '@jest/globals';
import { replyDue } from '../../../../domain/assistant/reply/due.ts';
import { firstReplyFacts } from '../../../../domain/assistant/reply/facts.ts';
import { nextRung, type Outcome, type Rung } from '../../../../domain/assistant/reply/ladder.ts';
import { nextQuestion } from '../../../../domain/assistant/reply/question.ts';
import { questions, type Qualification, type TalkMessage } from '../../../../domain/leads/lead.ts';

const order: readonly Rung[] = ['draft', 'rewrite', 'template', 'human', 'nothing'];
const outcomes: readonly Outcome[] = [
  ...(['schema', 'facts', 'fair-housing', 'purpose', 'length'] as const).map(
    (gate) => ({ kind: 'blocked', gate }) as const,
  ),
  ...(['no-model', 'budget', 'spend-cap', 'key', 'refused', 'bad-request', 'no-price', 'provider'] as const).map(
    (why) => ({ kind: 'none', why }) as const,
  ),
  { kind: 'deadline' },
  { kind: 'no-template' },
];

describe('the ladder', () => {
  test('only goes down, and ends with a person or with nothing', () => {
    for (const first of ['draft', 'rewrite', 'template'] as const)
      for (const outcome of outcomes) {
        const { rung } = nextRung(first, outcome);
        expect({ first, outcome, down: order.indexOf(rung) > order.indexOf(first) }).toMatchObject({ down: true });
      }
    for (const outcome of outcomes) expect(nextRung('human', outcome).rung).toBe('human');
  });

  test('writes a blocked draft once more, then takes approved words, then a person', () => {
    const blocked: Outcome = { kind: 'blocked', gate: 'facts' };
    expect(nextRung('draft', blocked)).toEqual({ rung: 'rewrite', task: false, operator: false });
    expect(nextRung('rewrite', blocked)).toEqual({ rung: 'template', task: false, operator: false });
    expect(nextRung('template', blocked)).toEqual({ rung: 'human', task: true, operator: false });
  });

  test('asks no model again for a person who may not be written to', () => {
    expect(nextRung('draft', { kind: 'blocked', gate: 'purpose' }).rung).toBe('rewrite');
    expect(nextRung('template', { kind: 'no-template' })).toEqual({ rung: 'human', task: true, operator: false });
  });

  test.each([
    ['no-model', 'nothing', false, false],
    ['budget', 'template', false, false],
    ['refused', 'template', true, false],
    ['provider', 'template', true, false],
    ['spend-cap', 'template', true, true],
    ['key', 'template', true, true],
    ['bad-request', 'template', true, true],
    ['no-price', 'template', true, true],
  ] as const)('after a call that gave nothing (%s): %s', (why, rung, task, operator) => {
    expect(nextRung('draft', { kind: 'none', why })).toEqual({ rung, task, operator });
  });

  test('takes approved words where the answer is not to wait', () => {
    expect(nextRung('draft', { kind: 'deadline' })).toEqual({ rung: 'template', task: true, operator: false });
  });
});

test('messages are answered once they rest, and at the latest so long after the first', () => {
  const settings = { debounceSeconds: 20, longestWaitSeconds: 90 };
  const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
  expect(replyDue({ firstAt: at(0), lastAt: at(0) }, settings)).toBe(at(20));
  expect(replyDue({ firstAt: at(0), lastAt: at(50) }, settings)).toBe(at(70));
  expect(replyDue({ firstAt: at(0), lastAt: at(80) }, settings)).toBe(at(90));
});

test('one question at a time: what a search needs first, condition of sellers only, none once all are answered', () => {
  const answered = (...names: string[]): Qualification =>
    Object.fromEntries(names.map((name) => [name, { value: name === 'side' ? 'sell' : 'x', at: '', from: '' }]));
  expect(nextQuestion({})).toBe('location');
  expect(nextQuestion(answered('location', 'property'))).toBe('timeline');
  expect(nextQuestion(answered('side', 'location', 'timeline'))).toBe('condition');
  expect(nextQuestion(answered('location', 'timeline'), { tags: ['Seller'] })).toBe('condition');
  expect(nextQuestion(answered(...questions.filter((one) => one !== 'condition')))).toBeNull();
  expect(nextQuestion(answered('side', ...questions.filter((one) => one !== 'condition')))).toBe('condition');
});

test('who is back after a day is returning; who was told of the assistant is not told again', () => {
  const message = (direction: 'inbound' | 'outbound', hours: number): TalkMessage => ({
    ...{ direction, channel: 'sms', body: 'x', human: false },
    at: new Date(hours * 3_600_000).toISOString(),
  });
  const back = [message('inbound', 0), message('outbound', 1), message('inbound', 26), message('inbound', 27)];
  expect(firstReplyFacts(back, true)).toEqual({ firstReply: false, returning: true });
  expect(firstReplyFacts([message('outbound', 1), message('inbound', 25)], false)).toEqual({
    firstReply: true,
    returning: false,
  });
  expect(firstReplyFacts([message('inbound', 1)], false)).toEqual({ firstReply: true, returning: false });
  expect(firstReplyFacts([], true)).toEqual({ firstReply: false, returning: false });
});
