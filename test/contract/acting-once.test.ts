import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Acting, PIPELINE, startActing, WORKFLOW } from '../support/acting.ts';
import { control } from '../support/ghl-standin.ts';

let acting: Acting;
beforeAll(async () => {
  acting = await startActing();
});
afterAll(() => acting.end());

const everything =
  'We want to buy in Austin within 2 weeks, budget $450,000, a 3 bedroom house with a garden, pre-approved by our bank, because of a new job';

async function rows(table: string): Promise<Record<string, unknown>[]> {
  const all = (await acting.state())[table] as unknown as Record<string, unknown>[];
  return all.filter(({ contactId }) => contactId === acting.world.ref.contactId);
}
const opportunities = () => rows('opportunities');
const notes = () => rows('notes');
const posts = (path: string) => acting.calls((call) => call.method === 'POST' && call.path === path);

describe('an opportunity', () => {
  beforeEach(async () => {
    const { locationId } = await acting.begin();
    await acting.settings({ pipeline: acting.pipeline(locationId) });
  });
  const stageOf = async () => (await opportunities()).map(({ pipelineStageId }) => pipelineStageId);

  it('is made once, and moves forward with the lead', async () => {
    await acting.happens('ContactTagUpdate', { tags: ['Hit List'] });
    await acting.settle();
    await acting.touch();
    expect(await stageOf()).toEqual([acting.stage('stageNew')]);
    await acting.says('Hello, I am looking in Austin');
    await acting.settle();
    await acting.touch();
    expect(await stageOf()).toEqual([acting.stage('stageQuestions')]);
    expect(await posts('/opportunities/')).toHaveLength(1);
  });

  it('that a person moves right after us counts as theirs, also while our clock runs ahead', async () => {
    acting.world.ahead = 10;
    const timestamp = () => new Date().toISOString();
    await acting.happens('ContactTagUpdate', { tags: ['Hit List'], timestamp: timestamp() });
    await acting.settle();
    await acting.touch();
    const [made] = await opportunities();
    const closing = { pipelineId: made?.['pipelineId'], pipelineStageId: acting.stage('stageClosing') };
    await acting.happens('OpportunityUpdate', { ...made, ...closing, status: 'open', timestamp: timestamp() });
    expect(await acting.told()).toContain('An opportunity moved to another stage.');
    await acting.says('Hello, I am looking in Austin');
    await acting.happens('ContactTagUpdate', { tags: ['Hit List', 'VIP'], timestamp: timestamp() });
    await acting.settle();
    await acting.happens('ContactTagUpdate', { tags: ['Hit List', 'Gold'], timestamp: timestamp() });
    expect((await acting.told())[0]).toMatch(/The tags of the contact were changed/);
  });

  it.each(['send.before-vendor', 'send.after-vendor', 'send.after-settle'])(
    'is made once by a process that dies at %s, although the search lags behind, and follows the lead',
    async (point) => {
      await acting.happens('ContactTagUpdate', { tags: ['Hit List'] });
      await acting.settle();
      await acting.killed(point, acting.touch);
      await acting.says('Hello, I am looking in Austin');
      await acting.settle();
      for (const minutes of [1, 2, 4, 8, 20, 40]) await acting.touch(minutes);
      await acting.settle();
      const made = point === 'send.before-vendor' ? 0 : 1;
      expect(await opportunities()).toHaveLength(made);
      if (made === 1) expect(await stageOf()).toEqual([acting.stage('stageQuestions')]);
      else expect(await acting.sends.outbox.parked(acting.world.ref)).toMatchObject([{ channel: 'opportunity' }]);
    },
  );

  it('is known by its id while the search has not seen it yet', async () => {
    await acting.happens('ContactTagUpdate', { tags: ['Hit List'] });
    await acting.settle();
    await control(acting.standIn, 'index', { lagMs: 60_000 });
    await acting.touch();
    await acting.says('Hello, I am looking in Austin');
    await acting.settle();
    expect(await stageOf()).toEqual([acting.stage('stageQuestions')]);
  });

  it('is never moved back, nor when a person moved it after us, nor once it is closed', async () => {
    await acting.happens('ContactTagUpdate', { tags: ['Hit List'] });
    await acting.settle();
    await acting.touch();
    const [made] = await opportunities();
    const path = `/opportunities/${String(made?.['id'])}`;
    await acting.person('PUT', path, { pipelineId: PIPELINE, pipelineStageId: acting.stage('stageClosing') });
    await acting.says('Hello, I am looking in Austin');
    await acting.settle();
    expect(await stageOf()).toEqual([acting.stage('stageClosing')]);
    await acting.person('PUT', `${path}/status`, { status: 'won' });
    await acting.says(everything);
    await acting.settle();
    await acting.touch();
    expect(await opportunities()).toMatchObject([{ status: 'won', pipelineStageId: acting.stage('stageClosing') }]);
    expect(await posts('/opportunities/')).toHaveLength(1);
  });

  it('that somebody deleted is not made again, whatever else the contact has, when the lead is worked again', async () => {
    const { locationId, contactId } = acting.world.ref;
    await acting.happens('ContactTagUpdate', { tags: ['Hit List'] });
    await acting.settle();
    await acting.touch();
    const [made] = await opportunities();
    await acting.person('DELETE', `/opportunities/${String(made?.['id'])}`);
    await control(acting.standIn, 'opportunities', {
      ...{ id: `other-${contactId}`, locationId, contactId, pipelineId: 'pipe0000000000000002', status: 'open' },
      ...{ pipelineStageId: 'elsewhere', name: 'Rental' },
    });
    for (const [method, tags] of [
      ['POST', ['Hit List', 'AI-Off']],
      ['DELETE', ['Hit List']],
    ] as const) {
      await acting.person(method, `/contacts/${contactId}/tags`, { tags: ['AI-Off'] });
      await acting.happens('ContactTagUpdate', { tags });
      await acting.settle();
      await acting.touch();
    }
    expect(await acting.sends.outbox.open(acting.world.ref)).toEqual([]);
    expect(await opportunities()).toMatchObject([{ id: `other-${contactId}` }]);
  });

  describe('whose move was begun and not written down', () => {
    const MADE = { dropAfterHandling: true };
    const NOT_MADE = { status: 500 };
    const moves = () => acting.calls(({ method, path }) => method === 'PUT' && path.startsWith('/opportunities/'));
    const byPerson = async (change: object) => {
      const [made] = await opportunities();
      await acting.person('PUT', `/opportunities/${String(made?.['id'])}`, change);
    };
    /** The call is made or not, and nobody hears of it. */
    const begun = async (call: object) => {
      await acting.happens('ContactTagUpdate', { tags: ['Hit List'] });
      await acting.settle();
      await acting.touch();
      await acting.says('Hello, I am looking in Austin');
      const [made] = await opportunities();
      await acting.faults({
        match: { method: 'PUT', path: `/opportunities/${String(made?.['id'])}` },
        times: 1,
        ...call,
      });
      await expect(acting.settle()).rejects.toThrow();
      expect((await acting.sends.leads.plan(acting.world.ref))?.marks['opportunity']).toMatchObject({
        state: 'setting',
      });
    };

    it.each([
      ['back', MADE, 'stageNew', 1],
      ['to one between', MADE, 'stageTalk', 1],
      ['further on', MADE, 'stageClosing', 1],
      ['to one between, instead of our call', NOT_MADE, 'stageTalk', 0],
    ] as const)('stays where a person moved it: %s', async (_where, call, stage, ours) => {
      await begun(call);
      await byPerson({ pipelineStageId: acting.stage(stage) });
      await acting.settle();
      await acting.says('Anybody there?');
      await acting.settle();
      expect(await stageOf()).toEqual([acting.stage(stage)]);
      expect(await moves()).toHaveLength(ours);
      // Until the lead's own stage changes, as with any move of a person's.
      await acting.says(everything);
      await acting.settle();
      expect(await stageOf()).toEqual([acting.stage(stage === 'stageClosing' ? stage : 'stageReady')]);
    });

    it.each([
      ['made', MADE],
      ['not made', NOT_MADE],
    ])('is moved once where its call was %s, whatever else of it somebody changed', async (_how, call) => {
      await begun(call);
      await byPerson({ monetaryValue: 5_000 });
      await acting.settle();
      expect(await stageOf()).toEqual([acting.stage('stageQuestions')]);
      expect(await moves()).toHaveLength(1);
      expect((await acting.did()).filter(({ kind }) => kind === 'opportunity.move')).toHaveLength(1);
    });
  });

  it.each([{ pipelineStageId: 'stageClosing' }, { status: 'won' }] as const)(
    'of the team’s that was just changed stays so, although the search has not seen it yet: %j',
    async (change) => {
      const { locationId, contactId } = acting.world.ref;
      const stage = acting.stage('stageNew');
      const placed = { pipelineId: PIPELINE, locationId, contactId, name: 'theirs', status: 'open' };
      await acting.person('POST', '/opportunities/', { ...placed, pipelineStageId: stage });
      await control(acting.standIn, 'index', { lagMs: 60_000 });
      const [theirs] = await opportunities();
      const changed = 'status' in change ? change : { pipelineStageId: acting.stage(change.pipelineStageId) };
      await acting.person('PUT', `/opportunities/${String(theirs?.['id'])}`, changed);
      await acting.says('Hello, I am looking in Austin');
      await acting.settle();
      expect(await opportunities()).toMatchObject([{ status: 'open', pipelineStageId: stage, ...changed }]);
    },
  );

  it('of the team’s is moved instead of a second being made; of several the newest', async () => {
    const { locationId, contactId } = acting.world.ref;
    for (const name of ['old', 'new']) {
      await acting.person('POST', '/opportunities/', {
        ...{ pipelineId: PIPELINE, locationId, contactId, name, status: 'open' },
        pipelineStageId: acting.stage('stageNew'),
      });
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    await acting.says('Hello, I am looking in Austin');
    await acting.settle();
    await acting.touch();
    expect(await posts('/opportunities/')).toEqual([]);
    const now = Object.fromEntries((await opportunities()).map((one) => [one['name'], one['pipelineStageId']]));
    expect(now).toEqual({ old: acting.stage('stageNew'), new: acting.stage('stageQuestions') });
  });
});

describe('a qualified lead', () => {
  beforeEach(() => acting.begin());

  it('gets one note with what it told us, and nothing that nobody said', async () => {
    await acting.says(everything);
    await acting.settle();
    await acting.touch();
    const [note, ...others] = await notes();
    expect(others).toEqual([]);
    expect(note?.['body']).toMatch(/^What the lead told us:\n/);
    expect(note?.['body']).toContain('- Budget: $450,000 (said on ');
    expect(note?.['body']).not.toContain('Condition');
    await acting.says('And a pool please');
    await acting.settle();
    await acting.touch();
    expect(await notes()).toHaveLength(1);
  });

  it.each(['send.before-vendor', 'send.after-vendor'])('gets it once by a process that dies at %s', async (point) => {
    await acting.says(everything);
    await acting.settle();
    await acting.killed(point, acting.touch);
    for (const minutes of [2, 4, 8, 20, 40]) await acting.touch(minutes);
    expect(await notes()).toHaveLength(point === 'send.before-vendor' ? 0 : 1);
  });

  it('gets it once although the CRM cut the connection after making it', async () => {
    await acting.says(everything);
    await acting.settle();
    const path = `/contacts/${acting.world.ref.contactId}/notes`;
    await acting.faults({ match: { method: 'POST', path }, times: 1, dropAfterHandling: true });
    for (const minutes of [0, 2, 4]) await acting.touch(minutes);
    expect(await notes()).toHaveLength(1);
    expect((await acting.did()).filter(({ kind }) => kind === 'note.create')).toHaveLength(1);
  });

  it('whose words look like a template is written down as it spoke', async () => {
    const content = { body: 'What the lead told us:\n- Why: {{contact.phone}} {{nothing}}' };
    await acting.says('Hello');
    await acting.sends.claim(acting.world.ref, 'note:test', { channel: 'note', purpose: 'task', content });
    await acting.touch();
    expect(await notes()).toMatchObject([{ body: expect.stringContaining('- Why: {{contact.phone}} {{nothing}}') }]);
  });
});

describe('a GHL workflow', () => {
  beforeEach(async () => {
    await acting.begin();
    await acting.settings({ workflows: { notifyAgent: WORKFLOW } });
  });
  const added = () => posts(`/contacts/${acting.world.ref.contactId}/workflow/${WORKFLOW}`);

  it('is entered once per time that its rule begins to hold, and left when it does not hold any more', async () => {
    acting.world.score = 80;
    await acting.says('Hello');
    await acting.settle();
    await acting.touch();
    await acting.says('Anybody there?');
    await acting.settle();
    await acting.touch();
    expect(await added()).toHaveLength(1);
    acting.world.score = 40;
    await acting.says('Never mind');
    await acting.settle();
    expect((await acting.did()).map(({ kind }) => kind)).toContain('workflow.remove');
    acting.world.score = 80;
    await acting.says('Well, after all');
    await acting.settle();
    await acting.touch();
    expect(await added()).toHaveLength(2);
  });

  it('is entered once by a lead for whom its rule began to hold several times before it could be entered', async () => {
    for (const score of [80, 40, 80]) {
      acting.world.score = score;
      await acting.says('Hello');
    }
    await acting.settle();
    for (const minutes of [0, 1, 2]) await acting.touch(minutes);
    expect(await added()).toHaveLength(1);
  });

  it('is left again by a lead that opts out while it is being entered', async () => {
    acting.world.score = 80;
    await acting.says('Hello');
    await acting.settle();
    const path = `/contacts/${acting.world.ref.contactId}/workflow/${WORKFLOW}`;
    await acting.faults({ match: { method: 'POST', path }, times: 1, delayMs: 1_500 });
    const entering = acting.touch();
    await acting.met();
    await acting.says('STOP');
    await acting.settle();
    await entering;
    const left = await acting.calls((call) => call.method === 'DELETE' && call.path === path);
    expect(left).toHaveLength(1);
    expect((await acting.did()).map(({ kind }) => kind).filter((kind) => kind.startsWith('workflow'))).toEqual([
      'workflow.remove',
      'workflow.add',
    ]);
  });

  it('is not entered by a lead that opted out, and left by one that opts out', async () => {
    acting.world.score = 80;
    await acting.says('Hello');
    await acting.settle();
    await acting.touch();
    await acting.says('STOP');
    await acting.settle();
    await acting.touch();
    const { contactId } = acting.world.ref;
    const left = await acting.calls(
      ({ method, path }) => method === 'DELETE' && path === `/contacts/${contactId}/workflow/${WORKFLOW}`,
    );
    expect(left).toHaveLength(1);
    expect(await added()).toHaveLength(1);
  });

  it('of unknown outcome is not entered again by itself: a human is told what to do', async () => {
    acting.world.score = 80;
    await acting.says('Hello');
    await acting.settle();
    const path = `/contacts/${acting.world.ref.contactId}/workflow/${WORKFLOW}`;
    await acting.faults({ match: { method: 'POST', path }, times: 1, dropAfterHandling: true });
    for (const minutes of [0, 2, 10, 30]) await acting.touch(minutes);
    expect(await added()).toHaveLength(1);
    expect(await acting.sends.outbox.parked(acting.world.ref)).toMatchObject([
      { channel: 'ghl-workflow', reason: expect.stringContaining('add it by hand') },
    ]);
  });

  it.each([
    [80, 1],
    [40, 0],
  ])(
    'waits while the lead is paused; once it is resumed with a score of %d it is entered %d times',
    async (score, times) => {
      acting.world.score = 80;
      await acting.says('Hello');
      const { ref } = acting.world;
      await acting.sends.leads.act(ref, randomUUID(), { action: 'pause' }, new Date().toISOString());
      await acting.touch();
      expect(await added()).toEqual([]);
      acting.world.score = score;
      await acting.says('Are you there?');
      await acting.sends.leads.act(ref, randomUUID(), { action: 'resume' }, new Date().toISOString());
      await acting.touch(60);
      expect(await added()).toHaveLength(times);
    },
  );
});
