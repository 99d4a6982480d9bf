import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { parseSequence, sequenceJsonSchema } from '../../../domain/follow-up/document.ts';

const words = 'Hi, this is {{location.name}}. Reply STOP to opt out.';
const task = { title: 'Call', body: 'Call the lead.' };
const at = (key: string, offset = 'PT0S') => ({ key, offset, anchor: 'enrolment' });
type Step = Readonly<Record<string, unknown>>;

const every: readonly Step[] = [
  { ...at('text'), channel: 'sms', body: words, withoutConsent: { channel: 'call-task', ...task } },
  { ...at('mail'), channel: 'email', subject: 'Hello', body: words },
  { ...at('call'), channel: 'call-task', ...task },
  { ...at('notice'), channel: 'agent-notice', title: '{{contact.firstName|A lead}} is hot', body: 'Look at the lead.' },
  { ...at('flow'), channel: 'ghl-workflow', workflow: 'notifyAgent' },
  { ...at('tags'), channel: 'tag', add: ['Followed-Up'], remove: ['Fresh'] },
  { ...at('field'), channel: 'field', field: 'contact.next_step', value: 'Call {{contact.firstName|them}}' },
  { ...at('stage'), channel: 'stage', stage: 'engaged' },
];

function document(steps: readonly Step[], more: Step = {}): Step {
  const least = { key: 'plan', title: 'a plan', priority: 5, trigger: { on: 'operator' }, exits: [] };
  return { ...least, ...more, steps };
}

function found(json: unknown): { problems: string[]; warnings: string[] } {
  const read = parseSequence(json);
  const words = (list: readonly { path: string; message: string }[]) =>
    list.map(({ path, message }) => `${path} ${message}`);
  return { problems: read.ok ? [] : words(read.problems), warnings: words(read.warnings) };
}

describe('a document', () => {
  it('has steps of every channel, and defaults for what its author did not say', () => {
    const read = parseSequence(document(every));
    expect(read).toEqual({
      ok: true,
      warnings: [],
      document: {
        ...document(every),
        ...{ purpose: 'solicitation', track: 'talk', audience: [], coolDown: null, needs: [] },
      },
    });
  });

  it.each([
    { on: 'lead.activated' },
    { on: 'operator' },
    { on: 'silence', after: 'P3D' },
    { on: 'tier', becomes: 'hot' },
    { on: 'appointment.booked' },
  ])('begins on $on', (trigger) => {
    expect(found(document(every, { trigger }))).toEqual({ problems: [], warnings: [] });
  });

  it.each<[string, Step, string]>([
    ['a workflow without a name', { channel: 'ghl-workflow', workflow: '' }, 'workflow'],
    ['a field that is none of the contact', { channel: 'field', field: 'budget', value: 'x' }, 'field'],
    ['a field of no value', { channel: 'field', field: 'contact.x', value: ' ' }, 'value'],
    ['a stage that nobody plans', { channel: 'stage', stage: 'opted-out' }, 'stage'],
    ['two tags in one', { channel: 'tag', add: ['a, b'] }, 'add[0]'],
    ['a tag that is added and removed', { channel: 'tag', add: ['A', 'B'], remove: ['b'] }, 'remove[0]'],
    ['a notice without words', { channel: 'agent-notice', title: 'x' }, 'body'],
    ['words of a channel that has none', { channel: 'stage', stage: 'new', body: 'x' }, 'body'],
  ])('has not: %s', (_, step, place) => {
    const { problems } = found(document([{ ...at('one'), ...step }]));
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual([`$.steps[0].${place}`]);
  });

  it('has no tag step that does nothing', () => {
    expect(found(document([{ ...at('one'), channel: 'tag' }])).problems).toEqual([
      '$.steps[0] expected tags to add or to remove',
    ]);
  });
});

describe('what may be the first text', () => {
  const text = (key: string, more: Step = {}, body = 'Hello') => ({ ...at(key), channel: 'sms', body, ...more });
  const hot = [{ fact: 'tier', equals: 'hot' }];

  it('names its sender and tells how to stop on every branch, and none after the first that all take must', () => {
    const { problems } = found(
      document([text('a', { when: hot }, words), text('b', { when: hot }), text('c'), text('d', { offset: 'PT1H' })]),
    );
    expect(problems).toEqual([
      '$.steps[1].body a text that may be the first must say how to opt out, for example: Reply STOP to opt out.',
      '$.steps[1].body a text that may be the first must name its sender: {{location.name}}',
      '$.steps[2].body a text that may be the first must say how to opt out, for example: Reply STOP to opt out.',
      '$.steps[2].body a text that may be the first must name its sender: {{location.name}}',
    ]);
  });

  it('is also the one that comes after an event, since those before it may be too late', () => {
    const event = (side: string) => ({ anchor: 'event', side, offset: 'PT1H', lapsesAfter: 'PT30M' });
    const steps = [text('before', event('before'), words), text('after', event('after')), text('last', event('after'))];
    const { problems } = found(document(steps, { trigger: { on: 'appointment.booked' } }));
    expect(problems.map((problem) => problem.split(' ')[0])).toEqual(['$.steps[1].body', '$.steps[1].body']);
  });
});

describe('the times of steps', () => {
  const about = { trigger: { on: 'appointment.booked' } };
  const call = (key: string, offset: string, more: Step = {}) => ({
    ...at(key, offset),
    channel: 'call-task',
    ...task,
    ...more,
  });
  const event = (side: string, more: Step = {}) => ({ anchor: 'event', side, ...more });

  it('count towards an event and then from it', () => {
    const steps = [
      call('confirm', 'PT0S'),
      call('day', 'P1D', event('before')),
      call('hour', 'PT1H', event('before')),
      call('soon', 'PT30M', { anchor: 'previous' }),
      call('after', 'PT3H', event('after')),
    ];
    expect(found(document(steps, about))).toEqual({ problems: [], warnings: [] });
  });

  it.each<[string, readonly Step[], string]>([
    [
      'before an event, behind one that comes after it',
      [call('after', 'PT1H', event('after')), call('before', 'PT1H', event('before'))],
      'can never go out: the step ahead of it comes when the event has begun',
    ],
    [
      'lapsed before the step ahead of it comes',
      [call('late', 'P5D'), call('early', 'P1D', { lapsesAfter: 'P2D' })],
      'can never go out: it lapses before the step ahead of it comes',
    ],
  ])('are problems where a step stands %s', (_, steps, message) => {
    expect(found(document(steps, about)).problems).toEqual([`$.steps[1].offset ${message}`]);
  });

  it.each<[string, readonly Step[], string]>([
    [
      'before one that is nearer to the event',
      [call('hour', 'PT1H', event('before')), call('day', 'P1D', event('before'))],
      'lies before the step ahead of it, and will wait for that one',
    ],
    [
      'timed by the enrolment behind one that is timed by the event',
      [call('day', 'P1D', event('before')), call('next', 'P2D')],
      'will wait for the steps ahead of it, which are timed by the event',
    ],
  ])('are warned of where a step stands %s', (_, steps, message) => {
    expect(found(document(steps, about))).toEqual({ problems: [], warnings: [`$.steps[1].offset ${message}`] });
  });

  it('need a note that event steps are missing their side', () => {
    const { problems } = found(document([call('day', 'P1D', { anchor: 'event' })], about));
    expect(problems).toEqual(['$.steps[0].side missing; expected before or after the event']);
  });

  it('are warned of where messages would pile up after a pause', () => {
    const steps = [
      { ...at('a'), channel: 'sms', body: words },
      { ...at('b', 'PT4H'), channel: 'sms', body: words },
      { ...at('c', 'P3D'), channel: 'sms', body: words },
      { ...at('d', 'P7D'), channel: 'sms', body: words, lapsesAfter: 'P2D' },
      { key: 'e', offset: 'P7D', anchor: 'previous', channel: 'sms', body: words },
    ];
    expect(found(document(steps)).warnings).toEqual([
      '$.steps[2] goes out together with others after a long pause; say when it is too late: lapsesAfter',
    ]);
  });

  it('run to 400 days and not beyond', () => {
    const days = (...all: number[]) => all.map((n, i) => call(`s${i}`, `P${n}D`, { anchor: 'previous' }));
    expect(found(document(days(200, 200))).problems).toEqual([]);
    expect(found(document(days(200, 201))).problems).toEqual([
      '$.steps[1].offset runs beyond 400 days after the enrolment',
    ]);
  });
});

describe('conditions that no lead can fit', () => {
  it.each<[string, readonly Step[], string | null]>([
    [
      'two values',
      [
        { fact: 'tier', equals: 'hot' },
        { fact: 'tier', equals: 'cold' },
      ],
      'tier cannot be hot and cold at a time',
    ],
    [
      'one value twice',
      [
        { fact: 'tier', equals: 'hot' },
        { fact: 'tier', equals: 'Hot' },
      ],
      null,
    ],
    ['unknown, with a value', [{ fact: 'budget', known: false, from: 1 }], 'budget cannot be unknown and have a value'],
    [
      'unknown and known',
      [
        { fact: 'side', known: false },
        { fact: 'side', known: true },
      ],
      'side cannot be unknown and have a value',
    ],
    [
      'an empty range',
      [
        { fact: 'score', from: 50 },
        { fact: 'score', below: 50 },
      ],
      'score cannot be from 50 and below 50',
    ],
    ['a value that is none', [{ fact: 'appointment', equals: 'soon' }], 'appointment is never soon'],
    ['a range of words', [{ fact: 'timeline', from: 3 }], 'timeline is no number'],
    ['a number out of reach', [{ fact: 'score', from: 101 }], 'score is never from 101'],
    ['a number below all', [{ fact: 'silentHours', below: 0 }], 'silentHours is never below 0'],
    ['a number outside of its range', [{ fact: 'answered', equals: 2, from: 3 }], 'answered is never 2 in that range'],
    ['a word for a number', [{ fact: 'budget', equals: 'much' }], 'budget is never much'],
    ['words of the lead', [{ fact: 'location', equals: 'Austin' }], null],
    ['a range', [{ fact: 'budget', from: 300_000, below: 500_000 }], null],
    [
      'what is not known',
      [
        { fact: 'budget', known: false },
        { fact: 'tier', equals: 'hot' },
      ],
      null,
    ],
  ])('are warned of: %s', (_, tests, why) => {
    const step = { ...at('one'), channel: 'call-task', ...task, when: tests };
    const expected = why === null ? [] : [`can never hold: ${why}`];
    expect(found(document([step]))).toEqual({
      problems: [],
      warnings: expected.map((words) => `$.steps[0].when ${words}`),
    });
    expect(found(document([{ ...at('one'), channel: 'call-task', ...task }], { audience: tests })).warnings).toEqual(
      expected.map((words) => `$.audience ${words}`),
    );
  });
});

describe('words that an author should look at again', () => {
  const warned = (body: string, channel = 'sms') => {
    const step = channel === 'sms' ? { channel, body: `${body} ${words}` } : { channel, subject: body, body: words };
    return found(document([{ ...at('one'), ...step }])).warnings.filter((warning) => !warning.includes('segments'));
  };

  it.each([
    ['We guarantee the best price.', 'promises what nobody can guarantee: "guarantee"'],
    ['Guaranteed sale!', 'promises what nobody can guarantee: "Guaranteed"'],
    ['Act now.', 'presses for time: "Act now"'],
    ['This is your last chance', 'presses for time: "last chance"'],
    ["Don't miss this.", 'presses for time: "Don\'t miss"'],
    ['Only 3 left!', 'presses for time: "Only 3 left"'],
    ['Prices rose 4.5 % here.', 'states a figure in percent; the market has none that a text could prove: "4.5 %"'],
    ['Up by 7 percent', 'states a figure in percent; the market has none that a text could prove: "7 percent"'],
    [
      'Refer a friend and get a $50 gift card',
      'offers something for a referral or a review: "Refer a friend and get a $50 gift card"',
    ],
    ['A gift card for your review.', 'offers something for a referral or a review: "gift card for your review"'],
  ])('%s', (body, message) => {
    expect(warned(body)).toEqual([`$.steps[0].body ${message}`]);
    expect(warned(body, 'email')).toEqual([`$.steps[0].subject ${message}`]);
  });

  it.each([
    'Would you like to see it on Saturday?',
    'What matters most to you in a home?',
    'Your agent can refer you to a lender. Nothing else comes with it.',
    'Are you free for a call, or still reviewing your plans?',
    'The last open house was busy.',
    'There is no hurry: this can wait.',
  ])('are not: %s', (body) => {
    expect(warned(body)).toEqual([]);
  });

  it('are missing in an e-mail that does not say whose it is', () => {
    const mail = { ...at('one'), channel: 'email', subject: 'Hello', body: 'How are you?' };
    expect(found(document([mail])).warnings).toEqual([
      '$.steps[0].body an e-mail should name its sender: {{location.name}}',
    ]);
  });
});

describe('the JSON Schema', () => {
  const valid = new Ajv2020({ strict: false }).compile(sequenceJsonSchema());

  it('takes all channels, triggers and conditions, and refuses what is none', () => {
    expect(valid(document(every, { audience: [{ fact: 'silentHours', from: 48 }], coolDown: 'P30D' }))).toBe(true);
    expect(valid(document([{ ...at('one'), channel: 'stage', stage: 'gone' }]))).toBe(false);
    expect(valid(document(every, { trigger: { on: 'silence' } }))).toBe(false);
    expect(valid(document(every, { audience: [{ fact: 'shoeSize', from: 9 }] }))).toBe(false);
  });
});
