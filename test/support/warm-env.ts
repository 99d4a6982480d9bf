import { randomUUID } from 'node:crypto';
import { createWarmActivities } from '../../activities/keep-warm.ts';
import type { CallOrder } from '../../domain/assistant/call.ts';
import { locationFactsOf } from '../../domain/assistant/reply/facts.ts';
import { readPrompt } from '../../domain/assistant/reply/prompts.ts';
import type { TalkMessage } from '../../domain/leads/lead.ts';
import { createModelWarmth } from '../../integrations/postgres/model-warmth.ts';
import { KEEP_WARM_WORKFLOW, taskQueues, warmWorkflowId } from '../../workflows/contract.ts';
import { leadWorkers } from './lead-worker.ts';
import { createModelWorld, type ModelWorld } from './model-world.ts';
import { until } from './until.ts';
import { startVirtualTime } from './virtual-time.ts';

const quiet = { debug() {}, info() {}, warn() {}, error() {} };

/** A message of a lead to be read: a real call, which shares with all others of the location what keep-warm keeps. */
export async function readOrder(
  world: ModelWorld,
  locationId: string,
  model = 'claude-sonnet-5-5',
): Promise<CallOrder> {
  const location = locationFactsOf((await world.locations.get(locationId))!);
  const said: TalkMessage = {
    direction: 'inbound',
    channel: 'sms',
    body: 'Is it still for sale?',
    human: false,
    at: world.now().toISOString(),
  };
  const prompt = readPrompt({ model, location, talk: [said] }, { asked: null, offered: [] });
  return world.orderOf(locationId, { job: 'read', callKey: randomUUID(), prompt, maxTokens: 300 });
}

export type WarmEnv = Awaited<ReturnType<typeof createWarmEnv>>;

/** Single looks of keep-warm in virtual time, over the real ledger and the vendor's stand-in; whose schedules ended is told. */
export async function createWarmEnv() {
  const world = await createModelWorld();
  const time = await startVirtualTime((aheadMs) => {
    world.clock.reset();
    world.clock.advance(aheadMs);
    return Promise.resolve();
  });
  const { call } = world.worker();
  const ended: string[] = [];
  const workers = await leadWorkers({
    connection: time.env.nativeConnection,
    namespace: time.env.namespace ?? 'default',
    ...{ leads: {}, ghl: { touch: () => Promise.reject(new Error('not expected here')) } },
    claude: createWarmActivities({
      ...{ locations: world.locations, now: world.now, log: quiet, callModel: call },
      warmth: createModelWarmth(world.db.tenants),
      warming: {
        begin: () => Promise.resolve(),
        end: (locationId) => Promise.resolve(void ended.push(locationId)),
      },
    }),
    aroundActivity: () => ({
      inbound: {
        execute: async (input, next) => {
          await time.look();
          return next(input);
        },
      },
    }),
  });
  const handleOf = (locationId: string) => time.env.client.workflow.getHandle(warmWorkflowId(locationId));
  return {
    ...{ world, time, ended, handleOf },
    read: async (locationId: string, model?: string) => call(await readOrder(world, locationId, model)),
    /** What the schedule starts. */
    start: (locationId: string) =>
      time.env.client.workflow.start(KEEP_WARM_WORKFLOW, {
        workflowId: warmWorkflowId(locationId),
        taskQueue: taskQueues.leads,
        args: [{ locationId }],
      }),
    over: (locationId: string) =>
      until(async () => (await handleOf(locationId).describe()).status.name === 'COMPLETED'),
    async close(): Promise<void> {
      await workers.stop();
      await time.close();
      await world.close();
    },
  };
}
