import { describe, expect, it } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { readOptOut } from '../../../domain/consent/opt-out.ts';
import { parseSequence, sequenceJsonSchema } from '../../../domain/follow-up/document.ts';
import { render } from '../../../domain/follow-up/merge.ts';
import { smsSegments } from '../../../domain/follow-up/segments.ts';

const file = new URL('../../../domain/follow-up/sequences/new-lead-welcome.json', import.meta.url);
type Tree = { [name: string]: unknown };
const welcome = (): Tree => JSON.parse(readFileSync(file, 'utf8')) as Tree;
const bodies = [0, 1].map((step) => String(at(welcome(), `steps.${step}`)['body']));

function at(tree: Tree, path: string): Tree {
  return path.split('.').reduce((inner, name) => inner[name] as Tree, tree);
}

/** The welcome with some places changed, each named by its path; undefined takes the place away. */
function changed(changes: Record<string, unknown>): Tree {
  const document = welcome();
  for (const [path, value] of Object.entries(changes)) {
    const [, above = '', name = ''] = /^(?:(.*)\.)?(\w+)$/.exec(path) ?? [];
    const place = above === '' ? document : at(document, above);
    if (value === undefined) Reflect.deleteProperty(place, name);
    else place[name] = value;
  }
  return document;
}
function problems(json: unknown): string[] {
  const read = parseSequence(json);
  return read.ok ? [] : read.problems.map(({ path }) => path);
}
const warnings = (json: unknown): string[] =>
  parseSequence(json).warnings.map(({ path, message }) => `${path} ${message}`);

describe('the new-lead welcome', () => {
  it('is valid, without a warning: a text now, an e-mail after 30 minutes, a call task after a day', () => {
    const read = parseSequence(welcome());
    expect(read).toMatchObject({ ok: true, warnings: [] });
    if (!read.ok) return;
    expect(read.document.steps.map(({ channel, offset, anchor }) => [channel, offset, anchor])).toEqual([
      ['sms', 'PT0S', 'enrolment'],
      ['email', 'PT30M', 'previous'],
      ['call-task', 'P1D', 'enrolment'],
    ]);
    expect(read.document.exits).toEqual(['reply', 'opt-out', 'stop-tag', 'takeover', 'booking', 'closed']);
    expect(read.document.steps[0]).toMatchObject({ withoutConsent: { channel: 'call-task' } });
    expect(read.document.steps[1]).not.toHaveProperty('withoutConsent');
  });

  it('fits one segment for an ordinary name, names its sender and tells how to opt out', () => {
    const facts = { contact: { firstName: 'Alexandra' }, location: { name: 'Oak Lane Realty' } };
    const text = render(bodies[0]!, facts);
    if (!text.ok) throw new Error('must resolve');
    expect(smsSegments(text.text)).toEqual({ encoding: 'GSM-7', segments: 1 });
    expect(text.text).toContain('Oak Lane Realty');
    expect(text.text).toMatch(/Reply STOP to opt out\.$/);
    expect(readOptOut(`Liked “${text.text}”`)).toBe('none');
  });

  it('does not go out without the name of its sender', () => {
    for (const body of bodies) expect(render(body, { contact: { firstName: 'Ana' } }).ok).toBe(false);
  });
});

describe('the lint of a document', () => {
  it.each<[string, Record<string, unknown>, string]>([
    ['a key used twice', { 'steps.1.key': 'first-text' }, '$.steps[1].key'],
    ['a key with blanks', { key: 'New lead' }, '$.key'],
    ['an offset in words', { 'steps.1.offset': '30 minutes' }, '$.steps[1].offset'],
    ['an empty offset', { 'steps.1.offset': 'PT' }, '$.steps[1].offset'],
    ['a negative offset', { 'steps.1.offset': '-PT5M' }, '$.steps[1].offset'],
    ['months, which have no length', { 'steps.1.offset': 'P1M' }, '$.steps[1].offset'],
    ['an offset beyond 400 days', { 'steps.2.offset': 'P401D' }, '$.steps[2].offset'],
    [
      'a total beyond 400 days',
      { 'steps.1.offset': 'P300D', 'steps.2.offset': 'P200D', 'steps.2.anchor': 'previous' },
      '$.steps[2].offset',
    ],
    ['an empty body', { 'steps.1.body': '  ' }, '$.steps[1].body'],
    ['a text beyond 1,600 characters', { 'steps.0.body': bodies[0]!.padEnd(1_601, '.') }, '$.steps[0].body'],
    ['an e-mail without subject', { 'steps.1.subject': undefined }, '$.steps[1].subject'],
    ['a subject of two lines', { 'steps.1.subject': 'Hello\nBcc: x@example.com' }, '$.steps[1].subject'],
    ['a call task without title', { 'steps.2.title': undefined }, '$.steps[2].title'],
    ['an unknown merge field', { 'steps.1.body': 'Hi {{contact.city}}' }, '$.steps[1].body'],
    ['an unknown merge field in a title', { 'steps.2.title': 'Call {{lead}}' }, '$.steps[2].title'],
    ['broken braces', { 'steps.1.body': 'Hi {{contact.firstName' }, '$.steps[1].body'],
    ['a first text without opt-out line', { 'steps.0.body': 'Hi, this is {{location.name}}' }, '$.steps[0].body'],
    ['a first text without sender', { 'steps.0.body': 'Hi. Reply STOP to opt out.' }, '$.steps[0].body'],
    ['an unknown channel', { 'steps.0.channel': 'fax' }, '$.steps[0].channel'],
    ['an unknown field', { 'steps.0.delay': 5 }, '$.steps[0].delay'],
    ['a task in place of a task', { 'steps.2.withoutConsent': {} }, '$.steps[2].withoutConsent'],
    ['a text in place of a text', { 'steps.0.withoutConsent.channel': 'sms' }, '$.steps[0].withoutConsent.channel'],
    ['an unknown exit', { exits: ['reply', 'boredom'] }, '$.exits[1]'],
    ['an exit named twice', { exits: ['reply', 'reply'] }, '$.exits[1]'],
    ['an unknown trigger', { 'trigger.on': 'full moon' }, '$.trigger.on'],
    ['a document that calls itself an answer', { purpose: 'answer' }, '$.purpose'],
    ['a title that is no line', { title: 'a\nb' }, '$.title'],
    ['an unknown track', { track: 'sideways' }, '$.track'],
    ['an unknown system', { needs: ['crystal ball'] }, '$.needs[0]'],
    ['a system named twice', { needs: ['listings', 'listings'] }, '$.needs[1]'],
    ['a cool-down in words', { coolDown: 'a while' }, '$.coolDown'],
    ['a silence of no length', { trigger: { on: 'silence', after: 'PT0S' } }, '$.trigger.after'],
    ['a trigger of a tier that is none', { trigger: { on: 'tier', becomes: 'tepid' } }, '$.trigger.becomes'],
    ['a condition that asks nothing', { audience: [{ fact: 'tier' }] }, '$.audience[0]'],
    ['a condition on no fact', { audience: [{ fact: 'shoeSize', from: 9 }] }, '$.audience[0].fact'],
    ['a branch of no conditions', { 'steps.1.when': [] }, '$.steps[1].when'],
    ['a step that lapses at once', { 'steps.1.lapsesAfter': 'PT0S' }, '$.steps[1].lapsesAfter'],
    ['an event where none is', { 'steps.1.anchor': 'event', 'steps.1.side': 'after' }, '$.steps[1].anchor'],
    ['an appointment where none is', { 'steps.1.body': 'At {{appointment.time}}' }, '$.steps[1].body'],
    ['a side of no event', { 'steps.1.side': 'after' }, '$.steps[1].side'],
    ['no steps', { steps: [] }, '$.steps'],
    ['a missing anchor', { 'steps.0.anchor': undefined }, '$.steps[0].anchor'],
  ])('finds %s', (_, changes, path) => {
    expect(problems(changed(changes))).toEqual([path]);
  });

  it('tells all problems at once', () => {
    const broken = changed({
      key: 'X',
      'steps.0.offset': 'soon',
      'steps.1.key': 'first-text',
      'steps.2.title': undefined,
      extra: true,
    });
    expect(problems(broken).toSorted()).toEqual([
      '$.extra',
      '$.key',
      '$.steps[0].offset',
      '$.steps[1].key',
      '$.steps[2].title',
    ]);
  });

  it('warns of long texts and steps that will wait for others', () => {
    const long = `${'x'.repeat(160)} {{location.name}} Reply STOP to opt out`;
    expect(warnings(changed({ 'steps.0.body': long }))).toEqual([
      '$.steps[0].body about 2 segments in GSM-7; each is billed',
    ]);
    expect(warnings(changed({ 'steps.2.offset': 'PT1M' }))).toEqual([
      '$.steps[2].offset lies before the step ahead of it, and will wait for that one',
    ]);
  });

  it('takes steps of seconds, and leaves numbering the version to publishing', () => {
    const read = parseSequence(changed({ version: 7, 'steps.1.offset': 'PT5S', 'steps.2.offset': 'PT10S' }));
    expect(read.ok).toBe(true);
    if (read.ok) expect(read.document).not.toHaveProperty('version');
  });

  it('answers for any JSON', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.constantFrom('steps', 'exits', 'key', 'trigger'), (value, name) => {
        expect(parseSequence(value).ok).toBe(false);
        expect(parseSequence(changed({ [name]: value })).warnings).toBeDefined();
      }),
    );
  });
});

describe('the JSON Schema', () => {
  const valid = new Ajv2020({ strict: false }).compile(sequenceJsonSchema());

  it('takes the welcome and refuses a wrong shape', () => {
    expect(valid(welcome())).toBe(true);
    expect(valid(changed({ 'steps.1.subject': undefined }))).toBe(false);
    expect(valid(changed({ 'steps.0.delay': 5 }))).toBe(false);
  });
});

describe('segments of a text', () => {
  it.each([
    ['x'.repeat(160), 'GSM-7', 1],
    ['x'.repeat(161), 'GSM-7', 2],
    ['x'.repeat(307), 'GSM-7', 3],
    ['€'.repeat(80), 'GSM-7', 1],
    ['€'.repeat(81), 'GSM-7', 2],
    ['é'.repeat(160), 'GSM-7', 1],
    ['’'.repeat(70), 'UCS-2', 1],
    ['’'.repeat(71), 'UCS-2', 2],
    ['🏡'.repeat(35), 'UCS-2', 1],
    ['🏡'.repeat(36), 'UCS-2', 2],
  ])('are counted as carriers do (case %#)', (text, encoding, segments) => {
    expect(smsSegments(text)).toEqual({ encoding, segments });
  });
});
