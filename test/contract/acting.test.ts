import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Acting, startActing, WORKFLOW } from '../support/acting.ts';

let acting: Acting;
beforeAll(async () => {
  acting = await startActing();
});
afterAll(() => acting.end());

const isWrite = ({ method }: { method: string }) => method !== 'GET';

describe('what a lead answers', () => {
  beforeEach(() => acting.begin());

  it('shows in tags and fields; a new answer takes the place of the old one, and nothing of others is touched', async () => {
    await acting.person('POST', `/contacts/${acting.world.ref.contactId}/tags`, { tags: ['VIP'] });
    await acting.says('I am looking in Austin, my budget is $450,000');
    await acting.settle();
    const austin = ['ai-engaged', 'budget-300k-500k', 'cold-lead', 'hit list', 'location-austin', 'vip'];
    expect(await acting.tags()).toEqual(austin);
    expect(await acting.field('budget')).toBe(450_000);
    await acting.says('Actually my budget is $600,000');
    await acting.settle();
    expect(await acting.tags()).toEqual(
      austin.map((tag) => (tag === 'budget-300k-500k' ? 'budget-over-500k' : tag)).sort(),
    );
    expect(await acting.field('budget')).toBe(600_000);
    expect(await acting.did()).toEqual(
      expect.arrayContaining([
        {
          kind: 'tag.remove',
          target: expect.stringMatching(/^budget-300k-500k$/i),
          before: expect.anything(),
          after: null,
        },
        { kind: 'field.set', target: 'contact.budget', before: 450_000, after: '600000' },
      ]),
    );
  });

  it('is written once: the same plan again asks for nothing', async () => {
    await acting.says('My budget is $450,000');
    await acting.settle();
    const before = (await acting.calls(isWrite)).length;
    await acting.happens('ContactUpdate', { firstName: 'Robina' });
    await acting.settle();
    expect(await acting.calls(isWrite)).toHaveLength(before);
  });

  it('never comes by a call that carries tags in an update', async () => {
    await acting.says('My budget is $450,000');
    await acting.settle();
    const updates = await acting.calls(({ method, path }) => method === 'PUT' && path.startsWith('/contacts/'));
    expect(updates.length).toBeGreaterThan(0);
    for (const { body } of updates) expect(body).not.toHaveProperty('tags');
  });

  it('is not in the timeline: a tag made of an answer is named as such', async () => {
    await acting.says('I am looking in Austin');
    await acting.settle();
    expect((await acting.told()).join(' ')).toContain('a tag made of an answer added');
    expect((await acting.told()).join(' ')).not.toMatch(/austin/i);
  });
});

describe('a person’s work in the CRM', () => {
  beforeEach(() => acting.begin());

  it('stays: a tag of theirs that is also ours to set, and one of ours that they took away', async () => {
    const path = `/contacts/${acting.world.ref.contactId}/tags`;
    await acting.person('POST', path, { tags: ['Location-Austin'] });
    await acting.says('I am looking in Austin, my budget is $450,000');
    await acting.settle();
    await acting.person('DELETE', path, { tags: ['budget-300k-500k'] });
    acting.world.score = 60;
    await acting.says('I would love a garden');
    await acting.settle();
    expect(await acting.tags()).toEqual(expect.arrayContaining(['warm-lead', 'location-austin']));
    expect(await acting.tags()).not.toContain('budget-300k-500k');
    await acting.says('Actually I am looking in Dallas now');
    await acting.settle();
    expect(await acting.tags()).toEqual(expect.arrayContaining(['location-austin', 'location-dallas']));
  });

  it('stays in a field of the team’s, and is told once', async () => {
    const { contactId } = acting.world.ref;
    await acting.person('PUT', `/contacts/${contactId}`, {
      customFields: [{ id: acting.fieldId('budget'), field_value: '999' }],
    });
    await acting.says('My budget is $450,000');
    await acting.settle();
    await acting.says('Make that $600,000');
    await acting.settle();
    expect(await acting.field('budget')).toBe(999);
    const said = (await acting.told()).filter((line) => line.includes('contact.budget'));
    expect(said).toEqual([expect.stringContaining("shows somebody else's value")]);
  });

  it('between our read and our writes is neither lost nor taken for an echo', async () => {
    const path = `/contacts/${acting.world.ref.contactId}/tags`;
    await acting.says('My budget is $450,000');
    await acting.faults({ match: { method: 'POST', path }, times: 1, delayMs: 1_500 });
    const applying = acting.settle();
    await acting.met();
    await acting.person('POST', path, { tags: ['Met-At-Open-House'] });
    await applying;
    expect(await acting.tags()).toEqual(expect.arrayContaining(['met-at-open-house', 'budget-300k-500k', 'hit list']));
  });

  it('that takes a field away leaves the rest of the plan to be done, and is told once', async () => {
    const { locationId } = acting.world.ref;
    await acting.says('My budget is $450,000');
    await acting.settle();
    await acting.person('DELETE', `/locations/${locationId}/customFields/${acting.fieldId('budget')}`);
    await acting.says('Make that $600,000, in Austin');
    await acting.settle();
    await acting.says('Make that $700,000, in Dallas');
    await acting.settle();
    expect(await acting.tags()).toEqual(expect.arrayContaining(['budget-over-500k', 'location-dallas']));
    expect(await acting.field('preferred_location')).toBe('Dallas');
  });
});

describe('the kill switch', () => {
  beforeEach(() => acting.begin());

  it('binds between two calls of one plan; what is left is written when the location goes on', async () => {
    const { locationId } = acting.world.ref;
    await acting.says('I am looking in Austin, my budget is $450,000');
    acting.world.meanwhile = () => acting.sends.locations.setStatus(locationId, 'paused');
    await expect(acting.apply()).rejects.toThrow('paused');
    expect(await acting.calls(isWrite)).toEqual([]);
    acting.world.meanwhile = undefined;
    await acting.settle();
    expect(await acting.calls(isWrite)).toEqual([]);
    await acting.sends.locations.setStatus(locationId, 'active');
    await acting.settle();
    expect(await acting.tags()).toContain('location-austin');
  });
});

describe('a process that dies', () => {
  beforeEach(() => acting.begin());

  it.each(['apply.before-call', 'apply.after-call'])(
    'at %s leaves nothing undone, doubled or without its action',
    async (point) => {
      await acting.says('I am looking in Austin, my budget is $450,000');
      await acting.killed(point, acting.apply);
      await acting.settle();
      await acting.says('Actually my budget is $600,000');
      await acting.killed(point, acting.apply);
      await acting.settle();
      expect(await acting.tags()).toEqual([
        'ai-engaged',
        'budget-over-500k',
        'cold-lead',
        'hit list',
        'location-austin',
      ]);
      const set = (await acting.did()).filter(({ kind }) => kind === 'tag.add').map(({ target }) => target);
      expect([...set].sort()).toEqual([
        'AI-Engaged',
        'Budget-300K-500K',
        'Budget-Over-500K',
        'Cold-Lead',
        'Location-Austin',
      ]);
      expect((await acting.did()).filter(({ kind }) => kind === 'tag.remove')).toHaveLength(1);
    },
  );

  it.each([
    ['POST', 'tags'],
    ['DELETE', 'tags'],
    ['PUT', ''],
  ])('while %s %s is answered repeats it without harm', async (method, what) => {
    const path = `/contacts/${acting.world.ref.contactId}${what === '' ? '' : `/${what}`}`;
    await acting.says('My budget is $450,000');
    await acting.settle();
    await acting.says('Actually my budget is $600,000');
    await acting.faults({ match: { method, path }, times: 1, dropAfterHandling: true });
    await acting.apply().catch(() => undefined);
    await acting.settle();
    expect(await acting.tags()).toEqual(['budget-over-500k', 'cold-lead', 'hit list']);
    expect(await acting.field('budget')).toBe(600_000);
    expect((await acting.did()).filter(({ target }) => target === 'Budget-Over-500K')).toHaveLength(1);
  });

  it('is asked to slow down: the CRM’s own wait is passed on, and then all is done', async () => {
    await acting.says('My budget is $450,000');
    await acting.faults({
      match: { method: 'POST', path: `/contacts/${acting.world.ref.contactId}/tags` },
      times: 1,
      status: 429,
    });
    await expect(acting.apply()).rejects.toMatchObject({ code: 'CRM_RATE_LIMITED' });
    await acting.settle();
    expect(await acting.tags()).toContain('budget-300k-500k');
  });

  it('is refused one thing for good: the rest is done, and what was refused is asked for again with the next plan', async () => {
    const { contactId } = acting.world.ref;
    await acting.settings({ workflows: { notifyAgent: WORKFLOW } });
    acting.world.score = 80;
    await acting.says('Hello');
    await acting.settle();
    await acting.touch();
    const path = `/contacts/${contactId}/workflow/${WORKFLOW}`;
    await acting.faults({ match: { method: 'DELETE', path }, times: 1, status: 400 });
    acting.world.score = 40;
    await acting.says('My budget is $450,000');
    await expect(acting.apply()).rejects.toMatchObject({ code: 'CRM_BAD_REQUEST' });
    expect(await acting.tags()).toEqual(['budget-300k-500k', 'cold-lead', 'hit list']);
    expect(await acting.field('budget')).toBe(450_000);
    const kinds = async () => (await acting.did()).map(({ kind }) => kind);
    expect(await kinds()).not.toContain('workflow.remove');
    await acting.says('Actually my budget is $600,000');
    await acting.settle();
    expect(await kinds()).toContain('workflow.remove');
  });

  it('finds a contact that was deleted under way, and says so instead of failing', async () => {
    const { contactId } = acting.world.ref;
    await acting.says('My budget is $450,000');
    await acting.faults({ match: { method: 'POST', path: `/contacts/${contactId}/tags` }, times: 1, delayMs: 6_000 });
    const applying = acting.apply();
    await acting.met();
    await acting.person('DELETE', `/contacts/${contactId}`);
    const result = await applying;
    const { event } = result.event?.kind === 'contact.deleted' ? result : await acting.apply();
    expect(event).toMatchObject({ kind: 'contact.deleted' });
    await acting.work(event!.inboxId, event!.kind);
    expect(await acting.sends.leads.load(acting.world.ref)).toMatchObject({ stage: 'gone' });
  });
});

describe('an opt-out', () => {
  beforeEach(() => acting.begin());
  const dnd = async () => {
    const settings = (await acting.contact())['dndSettings'] as unknown as Record<
      string,
      { status?: string } | undefined
    >;
    return { sms: settings['SMS']?.status ?? 'inactive', email: settings['Email']?.status ?? 'inactive' };
  };

  it('tells everybody in GHL; START by SMS lifts what we set for SMS, and no more', async () => {
    await acting.says('Hello, I am looking in Austin');
    await acting.settle();
    await acting.says('STOP');
    await acting.settle();
    expect(await dnd()).toEqual({ sms: 'active', email: 'active' });
    await acting.says('START');
    await acting.settle();
    expect(await dnd()).toEqual({ sms: 'inactive', email: 'active' });
    expect((await acting.did()).filter(({ kind }) => kind.startsWith('dnd.'))).toHaveLength(3);
  });
});
