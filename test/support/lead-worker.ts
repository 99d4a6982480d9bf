import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@temporalio/client';
import {
  type ActivityInterceptorsFactory,
  DefaultLogger,
  type NativeConnection,
  Runtime,
  Worker,
} from '@temporalio/worker';
import type { Connection } from '@temporalio/client';
import { workflowBundle } from '../../workers/bundle.ts';
import type {
  ClaudeActivities,
  GhlActivities,
  LeadActivities,
  NightActivities,
  ScoreActivities,
  TokenActivities,
  WarmActivities,
} from '../../workflows/activities.ts';
import type { DecideVerdict } from '../../domain/ports/leads.ts';

/** Once per test process, before any worker: only what goes wrong is worth a line. */
export function quietRuntime(): void {
  try {
    Runtime.install({ logger: new DefaultLogger('ERROR') });
  } catch (error) {
    // Another file of this process was first.
    if (!(error instanceof Error) || !error.message.includes('already')) throw error;
  }
}

/** Workers of both queues for one test, with activities of the test's choice. */
export async function leadWorkers(options: {
  readonly connection: NativeConnection;
  readonly namespace: string;
  readonly leads: Partial<LeadActivities & ScoreActivities & TokenActivities>;
  readonly ghl: Partial<GhlActivities>;
  /** Absent: nobody serves the queue of the model. */
  readonly claude?: Partial<ClaudeActivities & NightActivities & WarmActivities>;
  /** Around every activity of both queues, local ones included. */
  readonly aroundActivity?: ActivityInterceptorsFactory;
  /** Workflow code, if it is not that of the sources. */
  readonly codePath?: string;
  /** False: every task of a workflow begins with its whole history. */
  readonly keep?: boolean;
}): Promise<{ stop(): Promise<void> }> {
  const codePath = options.codePath ?? (await workflowBundle(join(tmpdir(), 'leadwright-test-bundles'))).codePath;
  const { connection, namespace } = options;
  const interceptors = options.aroundActivity === undefined ? {} : { activity: [options.aroundActivity] };
  const workers = await Promise.all([
    Worker.create({
      connection,
      namespace,
      taskQueue: 'leads',
      activities: options.leads,
      workflowBundle: { codePath },
      ...(options.keep === false ? { maxCachedWorkflows: 0 } : {}),
      interceptors,
    }),
    Worker.create({ connection, namespace, taskQueue: 'ghl', activities: options.ghl, interceptors }),
    ...(options.claude === undefined
      ? []
      : [Worker.create({ connection, namespace, taskQueue: 'claude', activities: options.claude, interceptors })]),
  ]);
  const runs = workers.map((worker) => worker.run());
  return {
    async stop() {
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.all(runs);
    },
  };
}

/** A lead that no other test has. */
export function freshRef(): { locationId: string; contactId: string } {
  return { locationId: `loc${randomUUID().slice(0, 8)}`, contactId: `con${randomUUID().slice(0, 8)}` };
}

export function clientOf(connection: Connection, namespace: string): Client {
  return new Client({ connection, namespace });
}

/** A verdict with nothing to do. */
export const quietVerdict: DecideVerdict = {
  state: 'active',
  stage: 'new',
  tier: null,
  score: null,
  sequence: null,
  next: null,
  dirty: false,
  ended: null,
  summary: 'nothing to do',
};
