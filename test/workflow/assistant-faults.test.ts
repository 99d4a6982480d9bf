import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { AppError } from '../../domain/errors.ts';
import { assistantScenarios } from '../replay/assistant-scenarios.ts';
import { type AssistantEnv, createAssistantEnv, WORDS } from '../support/assistant-env.ts';
import { HOUR, MINUTE, NEW_YORK } from '../support/lead-play.ts';

let world: AssistantEnv;
let play: AssistantEnv['play'];
type Ref = Awaited<ReturnType<AssistantEnv['play']['newLead']>>;

beforeAll(async () => {
  world = await createAssistantEnv({ modes: { replies: 'auto' } });
  play = world.play;
});
beforeEach(() => world.begin());
afterEach(() => world.rest());
afterAll(() => world.close());

/** Rows of the outbox that belong to the assistant: `what state`, in the order of their keys. */
async function outbox(ref: Ref): Promise<string[]> {
  const { rows } = await world.env.pool.query<{ line: string }>(
    `select concat_ws(' ', case when channel = 'call-task' then content ->> 'title' else channel || ' ' || purpose end, state) as line
     from outbox where contact_id = $1 and enrolment_id is null and once_key not like 'hot:%' order by claimed_at, once_key`,
    [ref.contactId],
  );
  return rows.map(({ line }) => line);
}

describe('a lead that writes while the model cannot be asked', () => {
  it('has approved words or a person, and the rules’ reading', async () => {
    await world.fault({ reset: true });
    const ref = await play.newLead();
    await world.writes(ref, 'We are looking for three bedrooms in Tampa');
    const [draft] = await world.drafts(ref);
    expect(draft).toMatchObject({ rung: expect.stringMatching(/^(template|human)$/) });
    expect(draft!.gates[0]).toMatchObject({ rung: 'draft', outcome: 'provider' });
    expect((await outbox(ref)).some((line) => /^(Answer this lead|Look at the talk)/.test(line))).toBe(true);
    const lead = await world.env.deps.leads.load(ref);
    expect(lead?.qualification.property).toBeDefined();
    const { rows } = await world.env.pool.query(
      `select state, why from assist_jobs where contact_id = $1 and job = 'read'`,
      [ref.contactId],
    );
    expect(rows).toEqual([{ state: 'absent', why: 'provider' }]);
  });

  it('is a person’s when nobody serves the queue of the model', async () => {
    const ref = await play.newLead();
    world.gate.pause = (point) =>
      point === 'assist.before-store'
        ? Promise.reject(new AppError('STORE_AWAY', 'away in this test'))
        : Promise.resolve();
    await play.says(ref, 'Is it still for sale?');
    await play.settled(ref);
    await world.env.time.skip(15 * MINUTE);
    await play.settled(ref);
    expect(await world.drafts(ref)).toEqual([]);
    expect(await outbox(ref)).toContain('Answer this lead: they wrote, and no reply went out sent');
  });
});

describe('a lead that was gone', () => {
  it('is read and answered again once its contact is there again', async () => {
    const ref = await assistantScenarios['assistant-there-again']!(world);
    expect(await world.asked(ref)).toEqual({ read: 1, draft: 1 });
    expect(await world.drafts(ref)).toMatchObject([{ state: 'sent' }]);
  });

  it('leaves nothing open of a text that was under way', async () => {
    const text = world.hold('send.before-vendor');
    const ref = await play.contact();
    await play.fault({ status: 429, headers: { 'retry-after': '30' }, times: 5 });
    await play.created(ref);
    await text.reached;
    await play.applied(ref);
    await play.worked(await world.env.deliver('ContactDelete', ref.body));
    text.goOn();
    await play.handle(ref).result();
    expect(await play.outbox(ref)).toEqual([expect.stringMatching(/^sms \S+ cancelled$/)]);
  });
});

describe('a process that dies', () => {
  it('between an answer and its storing costs no second call', async () => {
    const ref = await play.newLead();
    let deaths = 0;
    world.gate.pause = (point) => {
      if (point !== 'assist.before-store' || deaths === 2) return Promise.resolve();
      deaths += 1;
      return Promise.reject(new AppError('STORE_AWAY', 'gone in this test'));
    };
    await play.says(ref, 'Is it still for sale?');
    await play.settled(ref);
    await world.env.time.skip(40_000);
    await play.settled(ref);
    expect(deaths).toBe(2);
    expect(await world.asked(ref)).toEqual({ read: 1, draft: 1 });
    expect(await world.drafts(ref)).toMatchObject([{ state: 'sent' }]);
    expect(await play.effects(ref)).toMatchObject({ sms: 2 });
  });
});

describe('a reply by itself', () => {
  it('is held where the hours are closed: planned for the opening with a task, and sent then', async () => {
    await world.env.time.skipTo(NEW_YORK, '20:50');
    const ref = await play.newLead();
    await world.env.time.skipTo(NEW_YORK, '22:00');
    await world.writes(ref, 'Is it still for sale?');
    expect(await outbox(ref)).toEqual([
      'sms solicitation not-sent',
      'A reply to this lead waits for the hours in which we may write sent',
    ]);
    const before = (await play.effects(ref)).sms;
    await world.env.time.skipTo(NEW_YORK, '08:05');
    await play.settled(ref);
    expect((await play.effects(ref)).sms).toBe(before + 1);
    expect(await world.drafts(ref)).toMatchObject([{ state: 'sent' }]);
  });

  it('is a person’s to send where the hours are closed and the lead has agreed to nothing', async () => {
    await world.env.time.skipTo(NEW_YORK, '22:00');
    const ref = await play.newLead({ tags: ['Hit List'] });
    await world.writes(ref, 'Is it still for sale?');
    expect(await outbox(ref)).toEqual([
      'Call a new lead: no consent to text on file sent',
      'sms solicitation cancelled',
      'Answer this lead: they wrote, and no reply went out sent',
    ]);
    expect(await world.drafts(ref)).toMatchObject([{ state: 'blocked' }]);
  });

  it('that the CRM refuses is a person’s', async () => {
    const ref = await play.newLead();
    await play.fault({ status: 400, body: { message: 'no' }, times: 5 });
    await world.writes(ref, 'Is it still for sale?');
    expect(await outbox(ref)).toEqual([
      'sms answer refused',
      'Answer this lead: they wrote, and no reply went out sent',
    ]);
    expect(await world.drafts(ref)).toMatchObject([{ state: 'blocked' }]);
  });

  it('to whoever asks for a person is fixed, and a person has the lead from then on', async () => {
    const ref = await play.newLead();
    await world.writes(ref, 'Can I please talk to a real person?');
    expect(await world.drafts(ref)).toMatchObject([{ rung: 'fixed', why: 'human', state: 'sent' }]);
    expect(await world.asked(ref)).toMatchObject({ read: 1 });
    expect(await world.asked(ref)).not.toHaveProperty('draft');
    await world.env.time.skip(5_000);
    await world.env.sweep();
    const view = await play.settled(ref);
    expect(view.state).toBe('taken-over');
    expect(await outbox(ref)).toContain('This lead asks for a person sent');
    expect(await outbox(ref)).toContain('note task sent');
    await world.writes(ref, 'Hello?');
    expect(await play.effects(ref)).toMatchObject({ sms: 2 });
  });
});

describe('a draft that nobody has approved', () => {
  it('is over after a day', async () => {
    await world.choose({ modes: { replies: 'draft' } });
    const ref = await play.newLead();
    await world.writes(ref, 'Is it still for sale?');
    const [draft] = await world.drafts(ref);
    expect(draft).toMatchObject({ state: 'proposed', text: expect.stringContaining(WORDS) });
    await world.env.time.skip(25 * HOUR);
    await play.settled(ref);
    await play.handle(ref).executeUpdate('approveDraft', { args: [{ draftId: draft!.draftId }] });
    await play.settled(ref);
    expect(await world.drafts(ref)).toMatchObject([{ state: 'expired' }]);
    expect(await play.effects(ref)).toMatchObject({ sms: 1 });
    await world.choose({ modes: { replies: 'auto' } });
  });

  it('and whatever else was kept of a lead’s words goes when the contact is deleted', async () => {
    const ref = await play.newLead();
    await world.writes(ref, 'Is it still for sale?');
    await world.env.deliver('ContactDelete', { ...ref.body });
    await play.handle(ref).result();
    const { rows } = await world.env.pool.query(
      `select (select count(*) from assist_jobs where contact_id = $1) + (select count(*) from replies_due where contact_id = $1)
        + (select count(*) from reply_drafts where contact_id = $1) as left`,
      [ref.contactId],
    );
    expect(rows).toEqual([{ left: 0 }]);
  });
});
