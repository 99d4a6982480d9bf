import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { errors, type ErrorCode } from '../../domain/errors.ts';
import { type ApiWorld, CONTACT, LOCATION, startApiWorld } from '../support/api-world.ts';

let world: ApiWorld;
let key: string;
const LEAD = `/api/leads/${LOCATION}/${CONTACT}`;

beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.stop());
beforeEach(() => {
  key = `key-${randomUUID().slice(0, 8)}`;
});

async function answered(answer: Response, status: number): Promise<Record<string, unknown>> {
  const body = (await answer.json()) as Record<string, unknown>;
  expect({ status: answer.status, body }).toMatchObject({ status });
  return body;
}

async function refused(answer: Response, code: ErrorCode): Promise<void> {
  expect(await answered(answer, errors[code].status)).toMatchObject({ code });
}

const document = (change: object = {}) => ({
  ...{ key, title: 'Welcome', purpose: 'solicitation', priority: 1, track: 'talk', trigger: { on: 'operator' } },
  ...{ audience: [], coolDown: null, needs: [], exits: ['reply'] },
  steps: [
    { key: 'call', channel: 'call-task', offset: 'P1D', anchor: 'enrolment', title: 'Call', body: 'Call the lead.' },
  ],
  ...change,
});
const path = (rest = '') => `/api/sequences/${key}${rest}`;

describe('sequences', () => {
  it('are drafted, compared with what is in force, published and rolled back', async () => {
    await refused(await world.api('GET', path('/draft')), 'SEQUENCE_NO_DRAFT');
    await refused(await world.api('POST', path('/publish')), 'SEQUENCE_NO_DRAFT');
    await answered(await world.api('PUT', path('/draft'), document()), 200);
    await refused(await world.api('GET', path()), 'SEQUENCE_UNKNOWN');
    expect(await answered(await world.api('POST', path('/publish')), 201)).toMatchObject({ key, version: 1 });
    await answered(await world.api('PUT', path('/draft'), document({ title: 'Hello', exits: [] })), 200);
    expect(await answered(await world.api('GET', path('/draft')), 200)).toMatchObject({
      basedOn: 1,
      document: { title: 'Hello' },
    });
    expect(await answered(await world.api('GET', path('/diff')), 200)).toMatchObject({
      ...{ from: 1, to: 'draft', steps: [] },
      choices: [
        { choice: 'title', before: 'Welcome', after: 'Hello' },
        { choice: 'exits', before: 'reply', after: 'nothing' },
      ],
      impact: { keep: [], beginsOtherwise: false, getsOtherwise: true },
    });
    await answered(await world.api('POST', path('/publish')), 201);
    await refused(await world.api('GET', path('/diff')), 'SEQUENCE_NO_DRAFT');
    expect(await answered(await world.api('GET', path('/diff?from=1&to=2')), 200)).toMatchObject({ from: 1, to: 2 });
    expect(await answered(await world.api('POST', path('/roll-back'), { version: 1 }), 200)).toMatchObject({
      version: 1,
    });
    expect(await answered(await world.api('GET', path()), 200)).toMatchObject({ version: 1, title: 'Welcome' });
    await refused(await world.api('POST', path('/roll-back'), { version: 7 }), 'SEQUENCE_UNKNOWN');
    expect(await answered(await world.api('GET', path('/versions')), 200)).toMatchObject({
      versions: [
        { version: 2, inForce: false },
        { version: 1, inForce: true },
      ],
      releases: [{ act: 'roll-back', version: 1 }, { act: 'publish' }, { act: 'publish' }],
    });
    const { items } = (await answered(await world.api('GET', '/api/sequences'), 200)) as { items: { key: string }[] };
    expect(items.find((item) => item.key === key)).toMatchObject({
      version: 1,
      trigger: 'operator',
      running: 0,
      draft: null,
    });
  });

  it('that are not valid, or another one than the path names, are no drafts', async () => {
    await refused(await world.api('PUT', path('/draft'), { ...document(), key: 'another' }), 'BAD_REQUEST');
    await refused(await world.api('PUT', path('/draft'), { ...document(), steps: [] }), 'BAD_REQUEST');
    await refused(await world.api('GET', path('/versions')), 'SEQUENCE_UNKNOWN');
  });
});

describe('enrolments', () => {
  beforeEach(async () => {
    await world.pool.query('truncate inbox, leads, acts, timeline, enrolments cascade');
    await world.pool.query(
      `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at) values ($1, $2, now(), now(), now())`,
      [LOCATION, CONTACT],
    );
    await world.pool.query(
      `insert into enrolments (location_id, contact_id, sequence_key, sequence_version, document, enrolled_at)
        values ($1, $2, $3, 1, $4, now())`,
      [LOCATION, CONTACT, key, { ...document(), version: 1 }],
    );
    world.committed.length = 0;
  });
  const one = async (): Promise<Record<string, unknown>> => {
    const { items } = (await answered(await world.api('GET', `${LEAD}/enrolments`), 200)) as {
      items: Record<string, unknown>[];
    };
    expect(items).toHaveLength(1);
    return items[0]!;
  };
  const act = (what: string, id: unknown, body: object = {}, requestId: string = randomUUID()) =>
    fetch(`${world.url}${LEAD}/enrolments/${String(id)}/${what}`, {
      method: 'POST',
      headers: {
        ...{ authorization: 'Bearer token-of-the-test-operator', 'x-request-id': requestId },
        'content-type': 'application/json',
      },
      body: JSON.stringify(body),
    });

  it('are shown step by step, and acted upon at once; the workflow hears of it', async () => {
    const { enrolmentId, steps, ...shown } = await one();
    expect([shown, steps]).toMatchObject([
      { sequence: key, status: 'active', event: null },
      [{ key: 'call', channel: 'call-task', outcome: null, at: null }],
    ]);
    await answered(await act('pause', enrolmentId), 202);
    expect(await one()).toMatchObject({ pausedAt: expect.any(String) });
    expect(world.committed).toMatchObject([{ type: 'operator.enrolment', kind: 'operator', contactId: CONTACT }]);
    await refused(await act('send-now', enrolmentId), 'ENROLMENT_STATE');
    await answered(await act('resume', enrolmentId), 202);
    await refused(await act('skip', enrolmentId, { step: 'another' }), 'ENROLMENT_STATE');
    await answered(await act('skip', enrolmentId, { step: 'call' }), 202);
    expect((await one())['steps']).toMatchObject([{ outcome: 'skipped' }]);
    await answered(await act('stop', enrolmentId), 202);
    expect(await one()).toMatchObject({ status: 'ended', endedReason: 'stopped by a person' });
    await refused(await act('resume', enrolmentId), 'ENROLMENT_STATE');
    await refused(await act('pause', randomUUID()), 'ENROLMENT_UNKNOWN');
  });

  it('asked again under the same request id are acted upon once', async () => {
    const { enrolmentId } = await one();
    const answers = [];
    for (let times = 0; times < 2; times += 1)
      answers.push(await answered(await act('stop', enrolmentId, {}, 'stop-request-1'), 202));
    expect(answers[0]).toEqual(answers[1]);
    expect(world.committed).toHaveLength(1);
    expect((await world.pool.query('select from acts')).rowCount).toBe(1);
  });

  it('are not asked for in vain: what a sequence needs is named where the location has none of it', async () => {
    await world.deps.sequences.publish(document({ needs: ['listings'] }) as never);
    await refused(await world.api('POST', `${LEAD}/enrol`, { sequence: key }), 'SEQUENCE_NEEDS');
  });
});
