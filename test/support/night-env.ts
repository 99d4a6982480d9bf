import { NIGHT_WORKFLOW, nightWorkflowId, taskQueues } from '../../workflows/contract.ts';
import { clientOf, leadWorkers } from './lead-worker.ts';
import { createModelWorld } from './model-world.ts';
import { nightWorld } from './night-world.ts';
import { until } from './until.ts';
import { startVirtualTime } from './virtual-time.ts';

export type NightEnv = Awaited<ReturnType<typeof createNightEnv>>;

/** Single nights in virtual time, over the real ledger and the vendor's stand-in. */
export async function createNightEnv() {
  const world = await createModelWorld();
  const nights = nightWorld(world);
  const time = await startVirtualTime((aheadMs) => {
    world.clock.reset();
    world.clock.advance(aheadMs);
    return Promise.resolve();
  });
  const workers = await leadWorkers({
    connection: time.env.nativeConnection,
    namespace: time.env.namespace ?? 'default',
    ...{ leads: {}, ghl: { touch: () => Promise.reject(new Error('not expected here')) } },
    claude: nights.night,
    aroundActivity: () => ({
      inbound: {
        execute: async (input, next) => {
          await time.look();
          return next(input);
        },
      },
    }),
  });
  // The environment's own client lets time pass while it waits for a result.
  const client = clientOf(time.env.connection, time.env.namespace ?? 'default');
  const handleOf = (locationId: string) => client.workflow.getHandle(nightWorkflowId(locationId));
  const isOver = async (locationId: string): Promise<boolean> =>
    (await handleOf(locationId).describe()).status.name === 'COMPLETED';
  return {
    ...{ world, nights, time, handleOf },
    /** What the schedule starts. */
    start: (locationId: string) =>
      client.workflow.start(NIGHT_WORKFLOW, {
        workflowId: nightWorkflowId(locationId),
        taskQueue: taskQueues.leads,
        args: [{ locationId }],
      }),
    /** Lets the time pass, a quarter of an hour at once, until the night is over. */
    async over(locationId: string): Promise<unknown> {
      for (let quarters = 0; quarters < 120 && !(await isOver(locationId)); quarters += 1) await time.skip(15 * 60_000);
      await until(() => isOver(locationId));
      return handleOf(locationId).result();
    },
    /** What the night says of itself to whoever looks. */
    said: (locationId: string) =>
      handleOf(locationId)
        .query<unknown>('__temporal_workflow_metadata')
        .then((told) => JSON.stringify(told)),
    async close(): Promise<void> {
      await workers.stop();
      await time.close();
      await world.close();
    },
  };
}
