import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type AssistantEnv, createAssistantEnv, WORDS } from '../support/assistant-env.ts';
import { HOUR, MINUTE } from '../support/lead-play.ts';

let world: AssistantEnv;
let play: AssistantEnv['play'];
type Ref = Awaited<ReturnType<AssistantEnv['play']['newLead']>>;

beforeAll(async () => {
  world = await createAssistantEnv();
  play = world.play;
});
beforeEach(() => world.begin());
afterEach(() => world.rest());
afterAll(() => world.close());

const mode = (replies: 'off' | 'draft' | 'auto') => world.choose({ modes: { replies } });
const say = (ref: Ref, word: 'approveDraft' | 'rejectDraft', draftId: string) =>
  play.handle(ref).executeUpdate<{ draftId: string }, [object]>(word, { args: [{ draftId }] });

/** The last text that went to the lead. */
async function lastText(ref: Ref): Promise<string | undefined> {
  const talk = await world.env.deps.leads.talk(ref, 50);
  return talk.findLast(({ direction }) => direction === 'outbound')?.body;
}

/** Titles of the tasks that the team has of a lead. */
async function tasks(ref: Ref): Promise<string[]> {
  const { rows } = await world.env.pool.query<{ title: string }>(
    `select content ->> 'title' as title from outbox where contact_id = $1 and channel = 'call-task' and state = 'sent' order by claimed_at`,
    [ref.contactId],
  );
  return rows.map(({ title }) => title);
}

describe('a message of a lead', () => {
  it('is read, comes back as an event, and is answered once a person approves the draft, and once only', async () => {
    await mode('draft');
    const ref = await play.newLead();
    await play.says(ref, 'We are looking for three bedrooms');
    const view = await play.settled(ref);
    expect(view.waitingFor).toMatch(/ in the lead's zone: a reply is drafted/);
    expect(await world.asked(ref)).toEqual({ read: 1 });
    await world.env.time.skip(22_000);
    await play.settled(ref);
    expect(await world.asked(ref)).toEqual({ read: 1, draft: 1 });
    const { rows } = await world.env.pool.query(
      `select verdict, source from inbox where contact_id = $1 and kind = 'message.understood'`,
      [ref.contactId],
    );
    expect(rows).toEqual([{ verdict: 'worked', source: 'internal' }]);
    const [draft] = await world.drafts(ref);
    expect(draft).toMatchObject({ state: 'proposed', text: expect.stringContaining(WORDS), rung: 'draft' });
    expect(await tasks(ref)).toEqual(['A reply to this lead is ready to approve']);
    expect(await play.effects(ref)).toMatchObject({ sms: 1 });
    for (let times = 0; times < 2; times += 1) {
      expect(await say(ref, 'approveDraft', draft!.draftId)).toEqual({ draftId: draft!.draftId });
      await play.settled(ref);
    }
    expect(await world.drafts(ref)).toMatchObject([{ state: 'sent', decidedBy: 'operator' }]);
    expect(await play.effects(ref)).toMatchObject({ sms: 2 });
    expect(await lastText(ref)).toContain(WORDS);
  });

  it('gets one answer for all messages of a burst, counted from the last one', async () => {
    await mode('auto');
    const ref = await play.newLead();
    for (const words of ['Hi', 'We are looking for a house', 'With three bedrooms, please']) {
      await play.says(ref, words);
      await play.settled(ref);
      await world.env.time.skip(8_000);
    }
    expect(await world.drafts(ref)).toEqual([]);
    await world.env.time.skip(15_000);
    await play.settled(ref);
    expect(await world.asked(ref)).toEqual({ read: 3, draft: 1 });
    expect(await world.drafts(ref)).toMatchObject([{ state: 'sent', mode: 'auto', decidedBy: 'assistant' }]);
    expect(await play.effects(ref)).toMatchObject({ sms: 2 });
    expect(await play.outbox(ref)).toContain('sms sent');
  });

  it('is not answered by us once a person rejects the draft', async () => {
    await mode('draft');
    const ref = await play.newLead();
    await world.writes(ref, 'Is it still for sale?');
    const [draft] = await world.drafts(ref);
    await say(ref, 'rejectDraft', draft!.draftId);
    await play.settled(ref);
    await say(ref, 'approveDraft', draft!.draftId);
    await play.settled(ref);
    await world.env.time.skip(2 * HOUR);
    await play.settled(ref);
    expect(await world.drafts(ref)).toMatchObject([{ state: 'rejected' }]);
    expect(await play.effects(ref)).toMatchObject({ sms: 1 });
  });

  it('gets a new draft when another one comes before anybody has approved the first', async () => {
    await mode('draft');
    const ref = await play.newLead();
    await world.writes(ref, 'Is it still for sale?');
    const [first] = await world.drafts(ref);
    await world.writes(ref, 'And has it a garden?');
    expect(await world.drafts(ref)).toMatchObject([{ state: 'superseded' }, { state: 'proposed' }]);
    await say(ref, 'approveDraft', first!.draftId);
    await play.settled(ref);
    expect(await play.effects(ref)).toMatchObject({ sms: 1 });
  });

  it('is neither read nor answered where there is nothing to spend', async () => {
    await mode('auto');
    await world.choose({ budgets: { modelDollarsPerDay: 0 } });
    const ref = await play.newLead();
    await world.writes(ref, 'We are looking for three bedrooms');
    expect(await world.asked(ref)).toEqual({});
    expect(await play.effects(ref)).toMatchObject({ sms: 1, tasks: 0 });
    await world.choose({ budgets: { modelDollarsPerDay: 100 } });
  });
});

describe('a reply that is being drafted', () => {
  /** What happens to the lead while the model is asked for a draft. */
  async function amid(what: (ref: Ref) => Promise<unknown>): Promise<Ref> {
    await mode('auto');
    const ref = await play.newLead();
    await play.says(ref, 'Is it still for sale?');
    await play.settled(ref);
    const drafting = world.hold('model.after-answer');
    await world.env.time.skip(22_000);
    await drafting.reached;
    await what(ref);
    drafting.goOn();
    await play.settled(ref);
    await world.env.time.skip(MINUTE);
    await play.settled(ref);
    return ref;
  }

  it('is not sent when a person takes the lead over meanwhile', async () => {
    const ref = await amid((lead) => play.act(lead, 'takeOver'));
    expect(await world.drafts(ref)).toMatchObject([{ state: 'superseded' }]);
    expect(await play.effects(ref)).toMatchObject({ sms: 1 });
  });

  it('is not sent when the lead opts out meanwhile', async () => {
    const ref = await amid((lead) => play.says(lead, 'STOP'));
    expect(await world.drafts(ref)).toMatchObject([{ state: 'superseded' }]);
    expect(await play.effects(ref)).toMatchObject({ sms: 1 });
  });

  it('answers the newer message instead when one comes meanwhile', async () => {
    const ref = await amid((lead) => play.says(lead, 'And has it a garden?'));
    expect(await world.drafts(ref)).toMatchObject([{ state: 'superseded' }, { state: 'sent' }]);
    expect(await play.effects(ref)).toMatchObject({ sms: 2 });
  });
});
