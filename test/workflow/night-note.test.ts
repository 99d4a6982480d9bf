import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createNightActivities } from '../../activities/nightly.ts';
import { createClaude } from '../../integrations/claude/model.ts';
import { createModelLedger } from '../../integrations/postgres/model-ledger.ts';
import { createNightStore } from '../../integrations/postgres/nights.ts';
import { type AssistantEnv, createAssistantEnv } from '../support/assistant-env.ts';
import { order } from '../support/claude-standin.ts';
import { NEW_YORK } from '../support/lead-play.ts';
import { until } from '../support/until.ts';

let world: AssistantEnv;

beforeAll(async () => {
  world = await createAssistantEnv({ modes: { replies: 'draft' } });
});
afterAll(() => world.close());

it('a summary of the night reaches the CRM as a note by the lead’s own workflow, without another call', async () => {
  const { env, play, standin } = world;
  await world.says();
  await order(standin, 'batches', { takesMs: 0 });
  await env.time.skipTo(NEW_YORK, '10:00');
  const ref = await play.newLead();
  await world.writes(ref, 'We are looking for three bedrooms');
  const { locationId } = ref;
  const model = createClaude({ baseUrl: standin.url, apiKey: 'sk-ant-test', log: env.log });
  try {
    const night = createNightActivities({
      ...{ ...env.deps, model, ledger: createModelLedger(env.tenants), nights: createNightStore(env.tenants) },
      schedule: { begin: () => Promise.resolve(), end: () => Promise.resolve() },
    });
    const sent = await night.sendNight({ locationId });
    if (sent.kind !== 'sent') throw new Error(`nothing was sent: ${sent.kind}`);
    expect(await night.lookNight({ locationId, batchId: sent.batchId })).toMatchObject({ kind: 'ended' });
    expect(await night.keepNight({ locationId, batchId: sent.batchId })).toMatchObject({ summaries: 1 });
  } finally {
    await model.close();
  }
  const notes = async () =>
    (
      await env.pool.query<{ state: string; body: string }>(
        `select state, content ->> 'body' as body from outbox where contact_id = $1 and channel = 'note' and once_key like 'summary:%'`,
        [ref.contactId],
      )
    ).rows;
  await until(async () => {
    await env.sweep();
    return (await notes()).some(({ state }) => state === 'sent');
  });
  expect(await notes()).toEqual([{ state: 'sent', body: 'The lead wrote and waits for a call.' }]);
  expect(await world.asked(ref)).toMatchObject({ summary: 1 });
  await play.endAll();
});
