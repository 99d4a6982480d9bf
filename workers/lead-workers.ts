import { DefaultLogger, NativeConnection, type NativeConnectionOptions, Runtime, Worker } from '@temporalio/worker';
import type { Log } from '../domain/ports/log.ts';

export interface WorkersOptions {
  readonly temporal: {
    readonly address: string;
    readonly namespace: string;
    readonly apiKey?: string;
    readonly tls?: NativeConnectionOptions['tls'];
  };
  /** Task queue → the activities it serves. The queue with `workflows` also runs workflow code. */
  readonly queues: readonly { readonly name: string; readonly activities: object; readonly workflows: boolean }[];
  /** File of the bundled workflow code. */
  readonly codePath: string;
  readonly log: Log;
}

export interface Workers {
  /** Resolves when the first workers poll; rejects when stopped before. */
  readonly polling: Promise<void>;
  /** Are all workers of this process polling right now? */
  healthy(): boolean;
  /** Takes nothing new, finishes what is under way within `graceMs`. */
  stop(): Promise<void>;
}

const GRACE = '20 s';
const RETRY_MS = 2_000;

let runtimeInstalled = false;

/**
 * Hosts the workers of this process and keeps them hosted: a Temporal that is away, restarted or replaced costs a reconnect, never
 * the process.
 */
export function startWorkers(options: WorkersOptions): Workers {
  installRuntime();
  let stopping = false;
  let running: Worker[] = [];
  let announce: () => void = () => undefined;
  const polling = new Promise<void>((resolve) => {
    announce = resolve;
  });

  const loop = (async () => {
    while (!stopping) {
      try {
        await host();
      } catch (error) {
        if (!stopping) options.log.warn({ err: error }, 'workers stopped; connecting anew');
      }
      running = [];
      if (!stopping) await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  })();

  async function host(): Promise<void> {
    const connection = await NativeConnection.connect({
      address: options.temporal.address,
      ...(options.temporal.apiKey === undefined ? {} : { apiKey: options.temporal.apiKey }),
      ...(options.temporal.tls === undefined ? {} : { tls: options.temporal.tls }),
      grpcCompression: { codec: 'none' },
    });
    try {
      const workers = await Promise.all(options.queues.map((queue) => create(connection, queue)));
      if (stopping) return;
      running = workers;
      const runs = workers.map((worker) => worker.run());
      announce();
      // One that ends takes the others with it: all are created anew on a fresh connection.
      await Promise.race(runs);
      for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
      await Promise.allSettled(runs);
    } finally {
      await connection.close();
    }
  }

  function create(connection: NativeConnection, queue: WorkersOptions['queues'][number]): Promise<Worker> {
    return Worker.create({
      connection,
      namespace: options.temporal.namespace,
      taskQueue: queue.name,
      activities: queue.activities,
      ...(queue.workflows ? { workflowBundle: { codePath: options.codePath } } : {}),
      shutdownGraceTime: GRACE,
      maxHeartbeatThrottleInterval: '10 s',
      // A workflow task is held while its local activities wait for the store or, for a second or two, for the CRM.
      maxConcurrentWorkflowTaskExecutions: 100,
      maxConcurrentActivityTaskExecutions: 50,
      maxConcurrentLocalActivityExecutions: 100,
      // When thousands of timers ring at once, tasks wait longer than the usual 10 s for the worker that knows their workflow. Whoever gives
      // up on it has to replay the history elsewhere, which takes longer still. A worker that died is given up at once.
      stickyQueueScheduleToStartTimeout: '60 s',
    });
  }

  return {
    polling,
    healthy: () =>
      running.length === options.queues.length && running.every((worker) => worker.getState() === 'RUNNING'),
    async stop() {
      stopping = true;
      for (const worker of running) if (worker.getState() === 'RUNNING') worker.shutdown();
      await loop;
    },
  };
}

/** Once per process. Signals are handled by our own shutdown, which stops the intake first. */
function installRuntime(): void {
  if (runtimeInstalled) return;
  runtimeInstalled = true;
  Runtime.install({
    shutdownSignals: [],
    logger: new DefaultLogger('WARN', ({ level, message, meta }) => {
      // The queue of the vendor runs activities only, and that is as it should be.
      if (message.startsWith('No workflows registered')) return;
      // The SDK's own lines carry ids; activity arguments and results are not among them.
      if (level === 'WARN' || level === 'ERROR')
        process.stderr.write(`${JSON.stringify({ level, message, workflowId: meta?.['workflowId'] as unknown })}\n`);
    }),
  });
}
