import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { SequenceDocument, SequenceStep } from '../../domain/follow-up/sequence.ts';
import type { LeadRef } from '../../domain/glossary.ts';
import { phoneAbroad, zoneAt } from '../support/brokerage.ts';
import { type Acting, PIPELINE, startActing, WORKFLOW } from '../support/acting.ts';
import { sequence } from '../support/records.ts';

/** The steps of sequences, each by its channel, against the CRM's stand-in. */
let acting: Acting;
let ref: LeadRef;

beforeAll(async () => {
  acting = await startActing();
});
afterAll(() => acting.end());
beforeEach(async () => {
  ref = await acting.begin(
    {
      consentTags: { 'sms-consent': ['sms', 'email'] },
      postalAddress: '400 Bay Street, Suite 210, Tampa, FL 33602',
      workflows: { nurture: WORKFLOW },
      boughtLeads: { tags: ['bought'], sources: [] },
    },
    { phone: phoneAbroad(7), timezone: zoneAt(12), tags: ['Hit List', 'sms-consent', 'Old'] },
  );
  await acting.settings({ pipeline: acting.pipeline(ref.locationId) });
});

const timed = (key: string) => ({ key, offset: 'PT0S', anchor: 'previous' }) as const;
const document = (steps: readonly SequenceStep[], change: Partial<SequenceDocument> = {}): SequenceDocument => ({
  ...sequence('steps'),
  ...change,
  steps,
});
const begin = (...documents: SequenceDocument[]) => acting.sends.work(ref, { enrol: documents });
const outcomes = async () => {
  const [enrolment] = await acting.sends.leads.allEnrolments(ref, 1);
  return enrolment?.steps.map(({ key, outcome }) => `${key} ${outcome ?? 'open'}`);
};
const made = async (path: string) => {
  const calls = await acting.calls((call) => call.method === 'POST' && call.path.endsWith(path) && call.status < 300);
  return calls.map(({ body }) => body as unknown as Record<string, unknown>);
};

describe('the steps of a sequence', () => {
  it('go out by all eight channels, each exactly once, whatever was touched again', async () => {
    const { locationId, contactId } = ref;
    await acting.person('POST', '/opportunities/', {
      ...{ pipelineId: PIPELINE, pipelineStageId: acting.stage('stageNew'), name: 'A home', status: 'open' },
      ...{ locationId, contactId },
    });
    await begin(
      document([
        { ...timed('text'), channel: 'sms', body: 'Hello {{contact.firstName}}' },
        { ...timed('mail'), channel: 'email', subject: 'Hello', body: 'Hello {{contact.firstName}}' },
        { ...timed('call'), channel: 'call-task', title: 'Call', body: 'Call the lead' },
        { ...timed('notice'), channel: 'agent-notice', title: 'Look', body: 'Look at this lead' },
        { ...timed('workflow'), channel: 'ghl-workflow', workflow: 'nurture' },
        { ...timed('tags'), channel: 'tag', add: ['Nurtured'], remove: ['old'] },
        { ...timed('field'), channel: 'field', field: 'contact.preferred_location', value: 'near {{location.name}}' },
        { ...timed('stage'), channel: 'stage', stage: 'engaged' },
      ]),
    );
    for (let minutes = 0; minutes < 12; minutes += 1) await acting.touch(minutes);
    expect(await outcomes()).toEqual([
      ...[
        'text sent',
        'mail sent',
        'call sent',
        'notice sent',
        'workflow sent',
        'tags done',
        'field done',
        'stage done',
      ],
    ]);
    expect((await made('/conversations/messages')).map(({ type }) => type)).toEqual(['SMS', 'Email']);
    expect((await made(`/contacts/${contactId}/tasks`)).map(({ title }) => title)).toEqual(['Call', 'Look']);
    expect(await made(`/contacts/${contactId}/workflow/${WORKFLOW}`)).toHaveLength(1);
    expect(await acting.tags()).toEqual(['hit list', 'nurtured', 'sms-consent']);
    expect(await acting.field('preferred_location')).toBe('near Example Realty');
    const { opportunities } = await acting.state();
    expect(opportunities).toMatchObject([{ pipelineStageId: acting.stage('stageTalk') }]);
    expect((await acting.sends.leads.allEnrolments(ref, 1))[0]).toMatchObject({
      status: 'ended',
      endedReason: 'completed',
    });
  });

  it('that give notice make a task that is due within the hour', async () => {
    await begin(document([{ ...timed('notice'), channel: 'agent-notice', title: 'Look', body: 'Look at this lead' }]));
    await acting.touch();
    const [task] = await made(`/contacts/${ref.contactId}/tasks`);
    expect(Date.parse(String(task?.['dueDate'])) - Date.now()).toBeLessThanOrEqual(60 * 60_000);
  });

  it('write tags that the plan does not take away again, that are undone on request and whose echo is none', async () => {
    await begin(document([{ ...timed('tags'), channel: 'tag', add: ['Nurtured'] }]));
    await acting.touch();
    expect(await acting.did()).toEqual([{ kind: 'tag.add', target: 'Nurtured', before: null, after: 'Nurtured' }]);
    await acting.happens('ContactTagUpdate', { tags: ['Hit List', 'sms-consent', 'Old', 'Nurtured'] });
    expect(await acting.told()).not.toContainEqual(expect.stringContaining('were changed in the CRM'));
    acting.world.score = 80;
    await acting.says('We want to buy this month');
    await acting.settle();
    expect(await acting.tags()).toContain('nurtured');
    const [action] = (await acting.actions.list(ref, 100)).items.filter(({ target }) => target === 'Nurtured');
    await acting.actions.askUndo(ref, action!.actionId, 'robin', new Date().toISOString());
    await acting.settle();
    expect(await acting.tags()).not.toContain('nurtured');
  });

  it('leave the contact in the workflow they put it into, until it opts out', async () => {
    await begin(document([{ ...timed('workflow'), channel: 'ghl-workflow', workflow: 'nurture' }]));
    await acting.touch();
    const left = () => acting.calls(({ method, path }) => method === 'DELETE' && path.includes('/workflow/'));
    acting.world.score = 60;
    await acting.says('We look around');
    await acting.settle();
    expect(await left()).toEqual([]);
    await acting.says('STOP');
    await acting.settle();
    expect(await left()).toHaveLength(1);
  });

  it('put nobody from a bought list into a workflow, which may text them: people call', async () => {
    await acting.person('POST', `/contacts/${ref.contactId}/tags`, { tags: ['bought'] });
    await begin(
      document([
        { ...timed('workflow'), channel: 'ghl-workflow', workflow: 'nurture' },
        { ...timed('call'), channel: 'call-task', title: 'Call', body: 'Call the lead' },
      ]),
    );
    await acting.touch();
    await acting.touch(1);
    expect(await outcomes()).toEqual(['workflow refused', 'call sent']);
    expect(await made(`/contacts/${ref.contactId}/workflow/${WORKFLOW}`)).toEqual([]);
    expect(await acting.told()).toContainEqual('GHL workflow workflow does not go out: gate closed by origin');
  });

  it.each<[string, SequenceStep, string]>([
    ['a workflow', { ...timed('step'), channel: 'ghl-workflow', workflow: 'unknown' }, 'name no such workflow'],
    [
      'a field',
      { ...timed('step'), channel: 'field', field: 'contact.unknown', value: 'x' },
      'has no field contact.unknown',
    ],
    [
      'an opportunity',
      { ...timed('step'), channel: 'stage', stage: 'qualified' },
      'has no opportunity in the pipeline',
    ],
    ['a stage', { ...timed('step'), channel: 'stage', stage: 'gone' }, 'name no stage for gone'],
    [
      'an agent',
      { ...timed('step'), channel: 'field', field: 'contact.timeline', value: '{{agent.name}}' },
      'missing: agent.name',
    ],
    ['the right to give consent', { ...timed('step'), channel: 'tag', add: ['SMS-Consent'] }, 'stands for consent'],
    ['the right to act', { ...timed('step'), channel: 'tag', add: ['hit list'] }, 'activationTags'],
    ['the right to stop us', { ...timed('step'), channel: 'tag', remove: ['AI-Off'] }, 'stopTags'],
    ['the right to call a lead our own', { ...timed('step'), channel: 'tag', remove: ['Bought'] }, 'boughtLeads'],
    [
      'the right to see previews',
      { ...timed('step'), channel: 'tag', add: ['Leadwright-Preview'] },
      'leadwright-preview',
    ],
    [
      'what a branch asks for',
      {
        ...timed('step'),
        channel: 'call-task',
        title: 'Call',
        body: 'Call',
        when: [{ fact: 'everReplied', equals: 'yes' }],
      },
      'its condition does not hold',
    ],
  ])('are passed over where there is no such thing as %s, and the timeline says why', async (_what, step, why) => {
    await begin(document([step, { ...timed('after'), channel: 'call-task', title: 'Call', body: 'Call' }]));
    await acting.touch();
    await acting.touch(1);
    expect(await outcomes()).toEqual(['step skipped', 'after sent']);
    expect(await acting.told()).toContainEqual(expect.stringMatching(new RegExp(`^Passed over .*${why}`)));
  });

  it('that nobody can work park their enrolment with a reason, and the lead goes on with the others', async () => {
    const poison = document([
      { ...timed('poison'), channel: 'call-task', offset: 'soon', title: 'Call', body: 'Call' },
    ]);
    const fine = document([{ ...timed('fine'), channel: 'call-task', title: 'Go on', body: 'Go on' }], { key: 'fine' });
    await begin({ ...poison, key: 'a-poison' }, fine);
    const { next } = await acting.touch();
    expect((await made(`/contacts/${ref.contactId}/tasks`)).map(({ title }) => title)).toEqual(['Go on']);
    const [parked] = await acting.sends.leads.allEnrolments(ref, 5);
    expect(parked).toMatchObject({ sequence: 'a-poison', status: 'active', parkedReason: 'SEQUENCE_INVALID' });
    expect(await acting.told()).toContainEqual(expect.stringContaining('cannot be worked (SEQUENCE_INVALID)'));
    expect(next).toBeNull();
  });

  it('that fail for no known reason are tried again for a while before they park it', async () => {
    const broken = { ...document([]), steps: null } as unknown as SequenceDocument;
    await begin(broken);
    for (let times = 1; times < 5; times += 1) await acting.touch(times);
    expect((await acting.sends.leads.allEnrolments(ref, 1))[0]).toMatchObject({ pausedAt: null, parkedReason: null });
    await acting.touch(5);
    expect((await acting.sends.leads.allEnrolments(ref, 1))[0]).toMatchObject({ parkedReason: 'INTERNAL' });
  });

  it('wait while the location is paused, and where the CRM does not answer', async () => {
    await begin(document([{ ...timed('tags'), channel: 'tag', add: ['Nurtured'] }]));
    await acting.sends.locations.setStatus(ref.locationId, 'paused');
    await acting.touch();
    expect(await outcomes()).toEqual(['tags open']);
    await acting.sends.locations.setStatus(ref.locationId, 'active');
    await acting.faults({ match: { method: 'GET', path: '/contacts' }, times: 1, status: 500 });
    await acting.touch(16);
    expect(await outcomes()).toEqual(['tags open']);
    await acting.touch(18);
    expect(await outcomes()).toEqual(['tags done']);
  });

  it('write what a process that died was about to write, and nothing twice', async () => {
    await begin(document([{ ...timed('tags'), channel: 'tag', add: ['Nurtured'] }]));
    await acting.killed('apply.after-call', () => acting.touch());
    await acting.touch(1);
    expect(await outcomes()).toEqual(['tags done']);
    const added = await acting.calls(({ method, path }) => method === 'POST' && path.endsWith('/tags'));
    expect(added).toHaveLength(1);
  });
});
