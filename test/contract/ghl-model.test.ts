import { describe, expect, it } from '@jest/globals';
import { defaultSettings, type LocationSettings } from '../../domain/leads/settings.ts';
import { type Expected, expectedAfter } from '../support/ghl-model.ts';
import { type Books, type Call, differences, type Names } from '../support/ghl-model-compare.ts';
import { type Happening, type Person, storyOf, type Text } from '../support/ghl-model-story.ts';

/** The model and its comparison are held to examples worked out by hand: a judge that sees nothing proves nothing. */

const settings: LocationSettings = { ...defaultSettings, workflows: { notifyAgent: 'workflow' } };
const fieldKeys = ['contact.lead_score', 'contact.lead_tier', 'contact.budget', 'contact.preferred_location'];
const stages = { new: 0, engaged: 1, qualifying: 2, qualified: 3 };
const person: Person = {
  ...{ who: 0, firstName: 'Sample', email: 'sample@example.com', phone: '+12005550100', source: 'referral' },
  ...{ tags: ['Hit List', 'VIP'], fields: { 'contact.page_views': 20, 'contact.property_matches': 10 } },
};

function after(...happenings: Happening['what'][]): Expected {
  return afterChapters(happenings);
}

/** Creation is the first thing of the first chapter. */
function afterChapters(first: Happening['what'][], ...others: Happening['what'][][]): Expected {
  const chapters = [[{ kind: 'create' } as const, ...first], ...others].map((chapter) =>
    chapter.map((what) => ({ who: 0, what })),
  );
  return expectedAfter({ people: [person], chapters }, settings, fieldKeys, stages)[0]!;
}

const says = (words: string, read: Text['says'], more: Partial<Text> = {}): Happening['what'] => ({
  kind: 'text',
  text: { words, says: read, ...more },
});
const hurry = says('As soon as possible.', { timeline: 'immediate' });
const stop = says('STOP', {}, { optOut: 'clear' });
const chat = says('How old is the roof?', {});
const answer = says('In Austin.', { location: 'Austin' });
const won = { kind: 'closed', status: 'won' } as const;
const silence = { kind: 'tag', add: ['ai-off'], remove: [] } as const;

describe('the model', () => {
  it('gives a new lead tier, score and place in the pipeline, and a call where no text may go out', () => {
    // 0.5 of page views, 0.4 of matches, 0.1 of the source: log-odds of 1 and a confidence of 0.43.
    expect(after()).toMatchObject({
      ourTags: ['warm-lead'],
      theirTags: ['hit list', 'vip'],
      ourFields: { 'contact.lead_score': '73', 'contact.lead_tier': 'warm' },
      theirFields: { 'contact.page_views': '20', 'contact.property_matches': '10' },
      ours: [{ stage: 0, status: 'open', value: null }],
      ...{ welcomes: { least: 0, most: 0 }, welcomeTasks: { least: 1, most: 1 }, hotTasks: { least: 0, most: 0 } },
    });
  });

  it('takes a rule’s old tag away when another of its group holds, and fills in what was answered', () => {
    const first = says('Our budget is $250,000.', { budget: 250_000 }, { number: true });
    const second = says('Our budget went up to $650,000.', { budget: 650_000 }, { number: true });
    expect(after(first).ourTags).toContain('budget-under-300k');
    const both = after(first, second, says('In Austin.', { location: 'Austin' }));
    expect(both.ourTags).toEqual(['ai-engaged', 'budget-over-500k', 'location-austin', 'warm-lead']);
    expect(both.ourFields).toMatchObject({ 'contact.budget': '650000', 'contact.preferred_location': 'Austin' });
    expect(both.ours).toEqual([{ stage: 2, status: 'open', value: null }]);
  });

  it('turns a lead in a hurry hot: one call, one run of the workflow, however often it says so', () => {
    // 0.75 more for the hurry, 0.47 less for a short text: log-odds of 1.28.
    expect(after(hurry, hurry)).toMatchObject({
      ourFields: { 'contact.lead_score': '78', 'contact.lead_tier': 'hot' },
      ourTags: ['hot-lead', 'timeline-urgent'],
      ...{ hotTasks: { least: 1, most: 1 }, notified: { least: 1, most: 1 } },
    });
  });

  it('keeps still under a stop tag and without an activation tag, and acts on all that was said once it may', () => {
    expect(after(silence, hurry)).toMatchObject({ ourTags: ['warm-lead'], theirTags: ['ai-off', 'hit list', 'vip'] });
    const later = after({ kind: 'tag', add: [], remove: ['Hit List'] }, hurry, {
      kind: 'tag',
      add: ['Need to Qualify'],
      remove: [],
    });
    expect(later).toMatchObject({ ourTags: ['hot-lead', 'timeline-urgent'], hotTasks: { least: 1, most: 1 } });
  });

  it('moves an opportunity forward only, and leaves alone what people closed', () => {
    const moved = { kind: 'moved', stage: 4 } as const;
    expect(after(moved, hurry).ours).toEqual([{ stage: 4, status: 'open', value: null }]);
    expect(after({ kind: 'closed', status: 'lost' }, hurry).ours).toEqual([{ stage: 0, status: 'lost', value: null }]);
    const theirs = { kind: 'opportunity', pipeline: 'other', stage: 1, value: 5 } as const;
    expect(after(theirs).others).toEqual([{ stage: 1, status: 'open', value: 5 }]);
  });

  it('leaves open only what the order of news may rightly decide', () => {
    expect(after(hurry, stop)).toMatchObject({ optedOut: true, hotTasks: { least: 0, most: 1 } });
    expect(after(stop).hotTasks).toEqual({ least: 0, most: 0 });
    expect(after(hurry, { kind: 'delete' })).toMatchObject({ deleted: true, opened: { least: 0, most: 1 } });
  });

  it('lets an opportunity stand where news brought it that came before a STOP was known or after it was closed, and nowhere else', () => {
    const at = ({ ours, alsoAt }: Expected) => [ours.map(({ stage }) => stage), alsoAt.toSorted()];
    expect(at(afterChapters([chat], [stop, answer]))).toEqual([[1], [1, 2]]);
    expect(at(afterChapters([chat], [answer, stop]))).toEqual([[2], [1, 2]]);
    expect(at(afterChapters([chat], [answer, won]))).toEqual([[2], [1, 2]]);
    // It was closed in the CRM before the answer was written: no order of the news moves it.
    expect(at(afterChapters([chat], [won, answer]))).toEqual([[1], [1]]);
    // The answer's chapter was worked before the next began, and the STOP's.
    expect(at(afterChapters([chat, answer], [stop]))).toEqual([[2], [2]]);
    expect(at(afterChapters([chat], [stop], [answer]))).toEqual([[1], [1]]);
    expect(at(afterChapters([chat], [answer, { kind: 'moved', stage: 4 }]))).toEqual([[4], []]);
    expect(at(afterChapters([chat], [answer, silence]))).toEqual([[2], []]);
    expect(at(afterChapters([], [chat, stop]))).toEqual([[1], [0, 1]]);
  });

  it('is told stories with something of everything, the same for the same seed', () => {
    const story = storyOf(7, { people: 100, happenings: 1_000 });
    expect(story).toEqual(storyOf(7, { people: 100, happenings: 1_000 }));
    expect(story.chapters.flat()).toHaveLength(1_000);
    const kinds = new Set(story.chapters.flat().map(({ what }) => what.kind));
    expect(kinds.size).toBe(14);
    const told = expectedAfter(story, settings, fieldKeys, stages);
    expect(told.filter(({ ourTags }) => ourTags.includes('hot-lead')).length).toBeGreaterThan(10);
    expect(told.filter(({ optedOut }) => optedOut).length).toBeGreaterThan(3);
    // In no order of the news may anybody be hot between two colder states: then a call would be a matter of luck.
    expect(told.filter(({ hotTasks }) => hotTasks.most > 1)).toEqual([]);
  });
});

describe('the comparison', () => {
  const names: Names = {
    ...{
      contactIds: ['c'],
      fieldKeys: new Map([
        ['f', 'contact.lead_score'],
        ['g', 'contact.lead_tier'],
        ['t', 'contact.page_views'],
        ['u', 'contact.property_matches'],
      ]),
    },
    ...{
      pipelineId: 'p',
      positions: new Map(['s', 'engaged', 'qualifying', 'qualified'].map((stage, at) => [stage, at])),
    },
    ...{ workflowId: 'workflow' },
  };
  const call = (method: string, path: string, body: object, more: Partial<Call> = {}): Call => ({
    ...{ n: 1, method, path, body, status: 200, contactId: 'c', locationId: 'l' },
    ...more,
  });
  const welcome = call('POST', '/contacts/c/tasks', { title: 'Call a new lead: no consent to text on file' });
  const tagged = call('POST', '/contacts/c/tags', { tags: ['Warm-Lead'] });
  const opened = call('POST', '/opportunities/', { pipelineId: 'p' });
  const books: Books = {
    contacts: [
      {
        ...{ id: 'c', tags: ['Hit List', 'VIP', 'Warm-Lead'] },
        customFields: [
          { id: 'f', value: 73 },
          { id: 'g', value: 'warm' },
          { id: 't', value: 20 },
          { id: 'u', value: 10 },
        ],
      },
    ],
    ...{ tasks: [], notes: [] },
    opportunities: [
      { id: 'o', contactId: 'c', pipelineId: 'p', pipelineStageId: 's', status: 'open', monetaryValue: 0 },
    ],
    calls: [welcome, tagged, opened],
  };
  const found = (change: Partial<Books>): string[] =>
    differences([after()], { ...books, ...change }, names, settings).map(({ kind, what }) => `${kind}: ${what}`);
  const contact = (change: object): Partial<Books> => ({ contacts: [{ ...books.contacts[0]!, ...change }] });

  it('finds nothing where nothing is wrong', () => {
    expect(found({})).toEqual([]);
  });

  it('finds a tag of people’s that is lost, one of ours too many, and one that nobody gave', () => {
    expect(found(contact({ tags: ['Hit List', 'Warm-Lead'] }))).toEqual(['theirs: tags']);
    expect(found(contact({ tags: ['Hit List', 'VIP', 'Warm-Lead', 'Hot-Lead'] }))).toEqual(['ours: tags']);
    expect(found(contact({ tags: ['Hit List', 'VIP'] }))).toEqual(['ours: tags']);
  });

  it('finds fields of theirs and ours that were changed', () => {
    const fields = books.contacts[0]!['customFields'] as { id: string; value: unknown }[];
    const changed = (id: string) =>
      contact({ customFields: fields.map((one) => (one.id === id ? { id, value: 1 } : one)) });
    expect(found(changed('t'))).toEqual(['theirs: fields']);
    expect(found(changed('f'))).toEqual(['ours: fields']);
  });

  it('finds an opportunity in a stage that no order of the news explains, and whatever else of it is not as it should be', () => {
    const overtaken = afterChapters([chat], [stop, answer]);
    const standing = (pipelineStageId: string, more: object = {}) =>
      differences(
        [overtaken],
        { ...books, opportunities: [{ ...books.opportunities[0]!, pipelineStageId, ...more }] },
        names,
        settings,
      ).filter(({ what }) => what === 'opportunities');
    expect([standing('engaged'), standing('qualifying')]).toEqual([[], []]);
    for (const stage of ['s', 'qualified']) expect(standing(stage)).toHaveLength(1);
    expect(standing('qualifying', { status: 'won' })).toHaveLength(1);
  });

  it('finds what was done twice, not at all, or for no known reason', () => {
    expect(found({ calls: [welcome, welcome, tagged, opened] })).toEqual(['effect: welcome tasks']);
    expect(found({ calls: [tagged, opened] })).toEqual(['effect: welcome tasks']);
    expect(found({ calls: [...books.calls, opened] })).toEqual(['effect: opportunities made']);
    expect(found({ calls: [...books.calls, call('POST', '/contacts/c/tasks', { title: 'Dance' })] })).toEqual([
      'effect: tasks of no known reason',
    ]);
    expect(found({ calls: [...books.calls, call('POST', '/conversations/messages', { type: 'SMS' })] })).toEqual([
      'effect: texts',
    ]);
  });

  it('counts a write as repeated only if its answer had come and nobody else wrote in between', () => {
    const person = call('DELETE', '/contacts/c/tags', { tags: ['Warm-Lead'] }, { by: 'person' });
    const cut = { ...tagged, dropped: true };
    expect(found({ calls: [welcome, opened, tagged, tagged] })).toEqual(['effect: repeated writes']);
    expect(found({ calls: [welcome, opened, cut, tagged] })).toEqual([]);
    expect(found({ calls: [welcome, opened, tagged, person, tagged] })).toEqual([]);
    expect(found({ calls: [welcome, opened, { ...tagged, status: 500 }, tagged] })).toEqual([]);
  });
});
