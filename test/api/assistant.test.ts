import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { main } from '../../cli/main.ts';
import type { AskedAssistant } from '../../domain/assistant/asked.ts';
import { type ApiWorld, LOCATION, startApiWorld } from '../support/api-world.ts';

let world: ApiWorld;
let contactId: string;
beforeAll(async () => {
  world = await startApiWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  contactId = `con${randomUUID().slice(0, 8)}`;
  world.workflow.away = false;
  world.acts.length = 0;
  await world.pool.query('delete from reply_drafts');
  await world.pool.query(
    `insert into leads (location_id, contact_id, state_since, last_activity_at, created_at) values ($1, $2, now(), now(), now())`,
    [LOCATION, contactId],
  );
});

/** A draft that waits for a person; the lead wrote so many minutes ago. */
async function drafted(minutesAgo = 5, expires = '24 hours'): Promise<string> {
  await world.pool.query(
    `insert into messages (location_id, contact_id, message_key, direction, channel, body, at)
      values ($1, $2, $3, 'inbound', 'sms', 'hello', now() - $4 * interval '1 minute')`,
    [LOCATION, contactId, randomUUID(), minutesAgo],
  );
  const { rows } = await world.pool.query<{ id: string }>(
    `insert into reply_drafts (location_id, contact_id, answers, channel, mode, state, rung, text, gates, cost, created_at, expires_at)
      values ($1, $2, $3, 'sms', 'draft', 'proposed', 'rewrite', 'Which part of town?', $4, 2500000, now(), now() + $5::interval)
      returning draft_id as id`,
    [
      LOCATION,
      contactId,
      randomUUID(),
      JSON.stringify([{ rung: 'draft', outcome: 'facts', reasons: [{ code: 'number', what: 'Say no figures.' }] }]),
      expires,
    ],
  );
  return rows[0]!.id;
}

const path = (draftId: string, word: string) => `/api/assistant/drafts/${LOCATION}/${draftId}/${word}`;
const post = async (draftId: string, word: string, body: object = {}) => {
  const answer = await world.api('POST', path(draftId, word), body);
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
};
const sends = async () =>
  (
    await world.pool.query<{ body: string; purpose: string }>(
      `select content ->> 'body' as body, purpose from outbox where contact_id = $1 and channel = 'sms'`,
      [contactId],
    )
  ).rows;

async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await main(['assistant', ...args, '--api', world.url], {
    out: (text) => void (out += text),
    err: (text) => void (err += text),
    ...{ terminal: false, colour: false, cwd: '/' },
    env: { LEADWRIGHT_API_TOKEN: 'token-of-the-test-operator' },
  });
  return { code, out, err };
}

describe('drafted replies', () => {
  it('are listed with what the gates said and what they cost', async () => {
    const draftId = await drafted();
    const answer = await world.api('GET', `/api/assistant/drafts?locationId=${LOCATION}&state=proposed`);
    expect(await answer.json()).toMatchObject({
      items: [{ draftId, contactId, state: 'proposed', text: 'Which part of town?', dollars: 0.0025 }],
      nextCursor: null,
    });
    const { out } = await run('drafts', '--location', LOCATION);
    expect(out).toContain(`${LOCATION}/${draftId}  sms to ${contactId}  proposed`);
    expect(out).toContain('  draft: facts, number (Say no figures.)');
  });

  it('are approved once, as drafted, and the lead is told', async () => {
    const draftId = await drafted();
    const first = await post(draftId, 'approve');
    expect(first).toMatchObject({
      status: 200,
      body: { delivery: 'delivered', draft: { state: 'approved', decidedBy: 'operator' } },
    });
    expect(await post(draftId, 'approve')).toMatchObject({ status: 200, body: { draft: { state: 'approved' } } });
    expect(await sends()).toEqual([{ body: 'Which part of town?', purpose: 'answer' }]);
    expect(world.acts.map(({ action }) => action)).toEqual(['approve', 'approve']);
    expect(await post(draftId, 'reject')).toMatchObject({ status: 409, body: { code: 'DRAFT_STATE' } });
  });

  it('are sent in a person’s own words, and as a message of ours once the lead’s is old', async () => {
    const draftId = await drafted(90);
    expect((await run('approve', `${LOCATION}/${draftId}`, '--text', 'My own words')).out).toBe(
      'the draft is edited\n',
    );
    expect(await sends()).toEqual([{ body: 'My own words', purpose: 'solicitation' }]);
    expect(await post(draftId, 'approve', { text: 'Other words' })).toMatchObject({ status: 409 });
  });

  it.each([
    ['holds a placeholder', 'It costs {{listing:123.price}}', 'placeholders'],
    ['says whom a home suits', 'No kids, please: the building is for adults only', 'groups of people'],
  ])('wait on where a person’s own text %s, and the person hears why', async (_name, text, why) => {
    const draftId = await drafted();
    const refused = await post(draftId, 'approve', { text });
    expect(refused).toMatchObject({ status: 422, body: { code: 'DRAFT_WORDS', detail: expect.stringContaining(why) } });
    expect(JSON.stringify(refused.body)).not.toContain('adults');
    expect(await sends()).toEqual([]);
    expect(await post(draftId, 'approve', { text: 'It is still for sale' })).toMatchObject({ status: 200 });
  });

  it('are rejected, and nothing is sent', async () => {
    const draftId = await drafted();
    expect((await run('reject', `${LOCATION}/${draftId}`)).out).toBe('the draft is rejected\n');
    expect(await post(draftId, 'approve')).toMatchObject({ status: 409, body: { code: 'DRAFT_STATE' } });
    expect(await sends()).toEqual([]);
  });

  it('that are too old, or nobody’s, are not sent', async () => {
    const old = await drafted(5, '-1 hour');
    expect(await post(old, 'approve')).toMatchObject({ status: 409, body: { code: 'DRAFT_STATE' } });
    expect(await post(randomUUID(), 'approve')).toMatchObject({ status: 404, body: { code: 'DRAFT_UNKNOWN' } });
    expect(await sends()).toEqual([]);
    const expired = await world.api('GET', `/api/assistant/drafts?locationId=${LOCATION}&state=expired`);
    expect(await expired.json()).toMatchObject({ items: [{ draftId: old, state: 'expired' }] });
  });

  it('are in force though Temporal is away, and wait in the inbox for it', async () => {
    world.workflow.away = true;
    const draftId = await drafted();
    expect(await post(draftId, 'approve')).toMatchObject({ status: 202, body: { delivery: 'pending' } });
    expect(await sends()).toHaveLength(1);
    const waiting = await world.pool.query(`select verdict from inbox where event_key = $1`, [
      `draft:${draftId}:approve`,
    ]);
    expect(waiting.rows).toEqual([{ verdict: 'received' }]);
  });

  it('are page after page by their cursor, newest first', async () => {
    for (let n = 0; n < 3; n += 1) await drafted();
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const given: string = cursor === '' ? '' : `&cursor=${cursor}`;
      const page = await world.api('GET', `/api/assistant/drafts?locationId=${LOCATION}&limit=2${given}`);
      const body = (await page.json()) as { items: { draftId: string }[]; nextCursor: string | null };
      seen.push(...body.items.map(({ draftId }) => draftId));
      cursor = body.nextCursor;
    }
    expect(new Set(seen).size).toBe(3);
  });
});

describe('whoever asks the assistant', () => {
  const asked: AskedAssistant = {
    read: {
      ...{ by: 'rules', why: 'provider', understood: { intent: 'buy', answers: {} } },
      dropped: [{ field: 'budget', why: 'no-quote' }],
    },
    reply: {
      ...{ rung: 'draft', text: 'Which part of town?', question: 'location', why: null, person: false },
      tries: [{ rung: 'draft', outcome: 'ok', reasons: [] }],
    },
    layers: [{ layer: 'global', blocks: 3, tokens: 1200 }],
    cost: 1_500_000,
  };

  it('sees reading, reply, gates, layers and cost', async () => {
    Object.assign(world.deps, { askAssistant: () => Promise.resolve(asked) });
    const { out } = await run('ask', '--lead', `${LOCATION}/${contactId}`, '--text', 'I look for a house');
    expect(out).toBe(
      'read by rules alone (provider)\n  {"intent":"buy","answers":{}}\n  not taken: budget (no-quote)\n' +
        'reply (draft): Which part of town?\n  draft: ok\nglobal       3 blocks, about 1200 tokens\ncost $0.001500\n',
    );
  });

  it('is told where there is none', async () => {
    Object.assign(world.deps, { askAssistant: () => Promise.resolve(undefined) });
    expect(await run('ask', '--lead', `${LOCATION}/${contactId}`, '--text', 'Hello', '--json')).toMatchObject({
      code: 1,
      out: expect.stringContaining('ASSISTANT_ABSENT'),
    });
    expect(await run('ask', '--lead', `${LOCATION}/nobody`, '--text', 'Hello', '--json')).toMatchObject({
      out: expect.stringContaining('LEAD_UNKNOWN'),
    });
  });
});
