import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { LeadRef } from '../../domain/glossary.ts';
import type { ActedOn, EnrolmentAct } from '../../domain/ports/enrolments.ts';
import { type Acting, startActing } from '../support/acting.ts';
import { phoneAbroad, zoneAt } from '../support/brokerage.ts';
import { sequence } from '../support/records.ts';

/** What people do with one sequence of a lead, and what the next touch then does. */
let acting: Acting;
let ref: LeadRef;
let enrolmentId: string;

beforeAll(async () => {
  acting = await startActing();
});
afterAll(() => acting.end());
beforeEach(async () => {
  ref = await acting.begin(
    { consentTags: { 'sms-consent': ['sms', 'email'] } },
    { phone: phoneAbroad(9), timezone: zoneAt(12), tags: ['Hit List', 'sms-consent'] },
  );
  const call = (key: string, offset: string) =>
    ({ key, channel: 'call-task', offset, anchor: 'previous', title: key, body: 'Call' }) as const;
  const steps = [call('first', 'PT0S'), call('second', 'P400D'), call('third', 'PT0S')];
  await acting.sends.work(ref, { enrol: [{ ...sequence('steps'), steps }] });
  enrolmentId = (await acting.sends.leads.enrolments(ref))[0]!.enrolmentId;
});

const act = (what: EnrolmentAct, stepKey: string | null = null, actId: string = randomUUID()): Promise<ActedOn> =>
  acting.sends.leads.actOnEnrolment(
    ref,
    { actId, act: what, enrolmentId, stepKey, by: 'robin' },
    new Date(Date.now() + acting.world.ahead * 60_000).toISOString(),
  );
const tasks = async () => {
  const made = await acting.calls(({ method, path }) => method === 'POST' && path.endsWith('/tasks'));
  return made.map(({ body }) => (body as unknown as { title: string }).title);
};
const outcomes = async () => {
  const [enrolment] = await acting.sends.leads.allEnrolments(ref, 1);
  return enrolment!.steps.map(({ key, outcome }) => `${key} ${outcome ?? 'open'}`);
};

describe('a person may', () => {
  it('pause one sequence, and let it go on: meanwhile nothing of it goes out', async () => {
    expect(await act('pause')).toMatchObject({ kind: 'done', enrolment: { pausedAt: expect.any(String) } });
    expect((await acting.touch()).next).toBeNull();
    expect(await tasks()).toEqual([]);
    expect(await act('resume')).toMatchObject({ kind: 'done', enrolment: { pausedAt: null } });
    await acting.touch();
    expect(await tasks()).toEqual(['first']);
  });

  it('pause it while a step of it waits at the gate: that step does not go out either', async () => {
    await acting.faults({ match: { method: 'GET', path: '/contacts' }, times: 1, status: 500 });
    await acting.touch();
    expect(await acting.sends.outbox.open(ref)).toMatchObject([{ state: 'claimed', stepKey: 'first' }]);
    await act('pause');
    await acting.touch(30);
    expect(await tasks()).toEqual([]);
  });

  it('skip the next step, which is done then, and the one behind it comes at its time', async () => {
    expect(await act('skip')).toMatchObject({ kind: 'done' });
    expect(await outcomes()).toEqual(['first skipped', 'second open', 'third open']);
    await acting.touch();
    expect(await tasks()).toEqual([]);
    expect(await acting.told()).toContain('A person skipped a step: first');
  });

  it('skip a step that has been claimed, but none that is on its way', async () => {
    const claimed = await acting.sends.claim(ref, `enrolment:${enrolmentId}:first`, {
      ...{ enrolmentId, stepKey: 'first', channel: 'call-task', purpose: 'task' },
    });
    await acting.db.pool.query(`update outbox set state = 'sending', sending_at = now() where send_id = $1`, [
      claimed.sendId,
    ]);
    expect(await act('skip')).toEqual({ kind: 'under-way' });
    expect(await act('send-now')).toEqual({ kind: 'under-way' });
    await acting.db.pool.query(`update outbox set state = 'claimed', sending_at = null where send_id = $1`, [
      claimed.sendId,
    ]);
    expect(await act('skip')).toMatchObject({ kind: 'done' });
    expect(await acting.sends.outbox.get(claimed.sendId, ref)).toMatchObject({ state: 'cancelled' });
  });

  it('have the next step now: the gate is asked at once, and those behind it keep their times', async () => {
    await acting.touch();
    expect(await act('send-now', 'second')).toMatchObject({ kind: 'done', enrolment: { sendNow: 'second' } });
    await acting.touch(1);
    expect(await tasks()).toEqual(['first', 'second']);
    await acting.touch(2);
    expect(await tasks()).toEqual(['first', 'second', 'third']);
  });

  it('not have a step now that a stopped lead would get: the gate decides', async () => {
    await act('send-now');
    await acting.sends.leads.act(ref, randomUUID(), { action: 'pause' }, new Date().toISOString());
    await acting.touch();
    expect(await tasks()).toEqual([]);
  });

  it('end it; what it had claimed is cancelled', async () => {
    await acting.faults({ match: { method: 'GET', path: '/contacts' }, times: 1, status: 500 });
    await acting.touch();
    expect(await act('stop')).toMatchObject({ kind: 'done', enrolment: { endedReason: 'stopped by a person' } });
    expect(await acting.sends.outbox.open(ref)).toEqual([]);
    await acting.touch(30);
    expect(await tasks()).toEqual([]);
  });
});

describe('an act', () => {
  it('is done once by its id, kept among the acts, and told once', async () => {
    const actId = randomUUID();
    for (let times = 0; times < 3; times += 1) expect(await act('skip', null, actId)).toMatchObject({ kind: 'done' });
    expect(await outcomes()).toEqual(['first skipped', 'second open', 'third open']);
    const { rows } = await acting.db.pool.query('select action, operator from acts where contact_id = $1', [
      ref.contactId,
    ]);
    expect(rows).toEqual([{ action: 'enrolment.skip', operator: 'robin' }]);
    expect((await acting.told()).filter((summary) => summary.startsWith('A person'))).toHaveLength(1);
  });

  it('says why it is not done: another step is next, the sequence is paused or over, or there is no such thing', async () => {
    expect(await act('skip', 'second')).toEqual({ kind: 'not-next' });
    await act('pause');
    expect(await act('send-now')).toEqual({ kind: 'paused' });
    await act('stop');
    expect(await act('resume')).toEqual({ kind: 'over' });
    enrolmentId = randomUUID();
    expect(await act('pause')).toEqual({ kind: 'unknown' });
    enrolmentId = 'no id';
    expect(await act('pause')).toEqual({ kind: 'unknown' });
  });

  it('lets a parked enrolment go on once what it met is mended', async () => {
    await acting.sends.leads.parkEnrolment(ref, enrolmentId, 'SEQUENCE_INVALID', new Date().toISOString());
    await acting.touch();
    expect(await tasks()).toEqual([]);
    expect(await act('resume')).toMatchObject({ kind: 'done', enrolment: { parkedReason: null } });
    await acting.touch();
    expect(await tasks()).toEqual(['first']);
  });
});

describe('a reply', () => {
  it('stops the next message also where it is claimed and comes while the gate waits', async () => {
    await acting.sends.work(ref, {
      enrol: [
        {
          ...{ ...sequence('talk'), exits: ['reply'] },
          steps: [{ key: 'text', channel: 'sms', offset: 'PT0S', anchor: 'enrolment', body: 'Hello' }],
        },
      ],
    });
    await acting.faults({ match: { method: 'GET', path: '/contacts' }, times: 10, status: 500 });
    await acting.touch();
    expect((await acting.sends.outbox.open(ref)).map(({ channel }) => channel)).toContain('sms');
    await acting.says('Yes, please call');
    await acting.touch(30);
    const sent = await acting.calls(({ method, path }) => method === 'POST' && path === '/conversations/messages');
    expect(sent).toEqual([]);
    expect((await acting.sends.outbox.open(ref)).filter(({ channel }) => channel === 'sms')).toEqual([]);
  });
});
