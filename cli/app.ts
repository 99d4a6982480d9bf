import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { join } from 'node:path';
import { createApp, createProbeApp } from '../api/app.ts';
import { createLocationLookup } from '../api/location-lookup.ts';
import { type RunningServer, startServer } from '../api/server.ts';
import type { Product } from '../platform/compose.ts';
import type { Shutdown } from '../platform/shutdown.ts';
import { temporalSecurity } from '../platform/temporal-security.ts';
import { workflowBundle } from '../workers/bundle.ts';
import { startWorkers } from '../workers/lead-workers.ts';
import { createRelay } from '../workers/relay.ts';
import { startRefreshers } from '../workers/refreshers.ts';
import { startMarketFeeds } from '../workers/market-feeds.ts';
import { startRescoring } from '../workers/rescoring.ts';
import { createUpkeep } from '../workers/upkeep.ts';
import type { taskQueues } from '../workflows/contract.ts';
import { portTaken } from './port.ts';

export type QueueName = keyof typeof taskQueues;

/** How long whoever asks waits for the database or a lead's workflow, before he is told to come again or that it is done later. */
const PATIENCE_MS = 2_500;
/** Where the CRM's own pages of a contact are. */
const CRM_APP_URL = 'https://app.gohighlevel.com';

/** Bundled workflow code of this installation. */
export function bundleFolder(home: string): string {
  return join(home, 'bundles');
}

/**
 * Opens the door and the API, with the relay behind it. Both let go in order when `shutdown` stops.
 * @returns the address; what is in the inbox from before is on its way by then
 */
export async function runApi(product: Product, shutdown: Shutdown): Promise<{ readonly url: string }> {
  const { config, endpoints } = product;
  let ownUrl = `http://${config.host}:${config.port}`;
  const relay = createRelay(product, { bootId: randomUUID() });
  const app = createApp({
    ...product,
    appId: endpoints.appId,
    privateToken: config.ghl.privateToken,
    trustedProxies: config.trustedProxies,
    patienceMs: PATIENCE_MS,
    lookup: createLocationLookup(product.locations),
    links: {
      temporalUiUrl: endpoints.temporalUiUrl,
      namespace: config.temporal.namespace,
      crmAppUrl: CRM_APP_URL,
    },
    onCommitted: (row) => relay.kick(row),
    onResumed: (locationId) => relay.wake(locationId),
    publicUrl: () => config.publicUrl ?? ownUrl,
  });
  const server = await listen(app, config);
  ownUrl = server.url;
  product.serve(ownUrl);
  shutdown.on('intake', 'api', async () => {
    product.health.stopping();
    await server.close();
  });
  shutdown.on('drain', 'relay', () => relay.stop());
  relay.start();
  const upkeep = createUpkeep(product);
  shutdown.on('drain', 'upkeep', () => upkeep.stop());
  upkeep.start();
  // A Temporal that lost its store has forgotten who waits; Postgres has not. It must not hold up the door.
  void relay.resumeUnderWay();
  void product.warm();
  return { url: server.url };
}

/**
 * What a worker that runs alone tells probes and scrapers; it answers until the connections are closed, so that the last of the
 * work is counted too.
 */
export async function runProbes(product: Product, shutdown: Shutdown): Promise<{ readonly url: string }> {
  const { host, workerPort } = product.config;
  const server = await listen(createProbeApp(product), { host, port: workerPort, name: 'WORKER_PORT' });
  shutdown.on('intake', 'readiness', () => product.health.stopping());
  shutdown.on('close', 'probes', () => server.close(1000));
  return { url: server.url };
}

async function listen(
  app: RequestListener,
  at: { readonly host: string; readonly port: number; readonly name?: string },
): Promise<RunningServer> {
  try {
    return await startServer(app, at);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw code === 'EADDRINUSE' || code === 'EACCES' ? portTaken(at, cause) : cause;
  }
}

/** Hosts workers of these queues. `polling` resolves when they poll; a Temporal that is away is waited for. `healthy`: all poll right now. */
export async function runWorkers(
  product: Product,
  queues: readonly QueueName[],
  shutdown: Shutdown,
): Promise<{ readonly polling: Promise<void>; readonly healthy: () => boolean }> {
  const { config, endpoints, activities, log, highWater } = product;
  shutdown.on('close', 'high water', () => highWater.end());
  // Who sends must know of all that was sent. A database that is older than this machine's last look at it does not.
  await highWater.begin(() => {
    log.error({}, 'the database was replaced by an older state of it; this process stops: leadwright db restored');
    void shutdown.stop('the database is older than before').finally(() => process.exit(1));
  });
  const { codePath } = await workflowBundle(bundleFolder(config.home));
  const workers = startWorkers({
    temporal: {
      address: endpoints.temporalAddress,
      namespace: config.temporal.namespace,
      ...temporalSecurity(config),
    },
    queues: queues.map((name) => ({
      name,
      activities: activities[name],
      workflows: name === 'leads' || name === 'market',
    })),
    codePath,
    log,
  });
  shutdown.on('drain', 'workers', () => workers.stop());
  if (queues.includes('leads')) {
    const refreshers = startRefreshers(product);
    shutdown.on('drain', 'refreshers', () => refreshers.stop());
    const rescoring = startRescoring(product);
    shutdown.on('drain', 'rescoring', () => rescoring.stop());
    void product.warm();
  }
  if (queues.includes('market')) {
    const feeds = startMarketFeeds(product);
    shutdown.on('drain', 'market feeds', () => feeds.stop());
  }
  return { polling: workers.polling, healthy: workers.healthy };
}
