import { randomUUID } from 'node:crypto';
import { createApp } from '../api/app.ts';
import { createLocationLookup } from '../api/location-lookup.ts';
import { type RunningServer, startServer } from '../api/server.ts';
import { compose, type Endpoints, type Product, temporalSecurity } from '../platform/compose.ts';
import type { Config } from '../platform/config.ts';
import type { Log } from '../domain/ports/log.ts';
import { workflowBundle } from '../workers/bundle.ts';
import { startWorkers, type Workers } from '../workers/lead-workers.ts';
import { createRelay, type Relay } from '../workers/relay.ts';
import { taskQueues } from '../workflows/contract.ts';
import { join } from 'node:path';

/** What one process is to be. */
export interface Roles {
  /** Door, REST, health, metrics. */
  readonly api: boolean;
  /** Task queues to serve; empty: no worker. */
  readonly queues: readonly ('leads' | 'ghl')[];
  /** Sweep the inbox for what crashes left, and resume leads under way at the start. */
  readonly relay: boolean;
}

export interface RunningProduct {
  readonly product: Product;
  readonly relay: Relay;
  /** Undefined without the api role. */
  readonly server: RunningServer | undefined;
  readonly workers: Workers | undefined;
  /** In order: nothing new comes in, what is under way ends, connections close. */
  stop(): Promise<void>;
}

/**
 * Runs the product's roles in this process against servers that are there already. The door opens last, when what it feeds stands.
 * Temporal may be away: the door takes events all the same, and workers connect when it is back.
 */
export async function runProduct(
  config: Config,
  endpoints: Endpoints,
  roles: Roles,
  log: Log,
): Promise<RunningProduct> {
  const product = await compose(config, endpoints, log);
  const relay = createRelay(
    { ...product, inbox: product.inbox, leads: product.leads, locations: product.locations },
    { bootId: randomUUID() },
  );
  await product.publishBundled();
  const workers = roles.queues.length === 0 ? undefined : await hostWorkers(product, roles.queues);
  if (roles.relay) {
    relay.start();
    relay
      .resumeUnderWay()
      .catch((error: unknown) => log.warn({ err: error }, 'resuming was cut short; the next start goes on'));
  }
  const server = roles.api ? await openDoor(product, relay) : undefined;
  return {
    product,
    relay,
    server,
    workers,
    async stop() {
      product.health.stopping();
      await server?.close();
      await relay.stop();
      await workers?.stop();
      await product.close();
    },
  };
}

async function hostWorkers(product: Product, queues: Roles['queues']): Promise<Workers> {
  const { config, endpoints, activities, log } = product;
  const { codePath } = await workflowBundle(join(config.home, 'bundles'));
  return startWorkers({
    temporal: { address: endpoints.temporalAddress, namespace: config.temporal.namespace, ...temporalSecurity(config) },
    queues: queues.map((name) => ({
      name: taskQueues[name],
      activities: activities[name],
      workflows: name === 'leads',
    })),
    codePath,
    log,
  });
}

function openDoor(product: Product, relay: Relay): Promise<RunningServer> {
  const { config, endpoints } = product;
  const app = createApp({
    ...product,
    lookup: createLocationLookup(product.locations),
    appId: endpoints.appId,
    onCommitted: relay.kick,
    links: {
      temporalUiUrl: endpoints.temporalUiUrl,
      namespace: config.temporal.namespace,
      crmAppUrl: 'https://app.gohighlevel.com',
    },
  });
  return startServer(app, { host: config.host, port: config.port });
}
