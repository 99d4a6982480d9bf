import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { compose, type Product } from '../platform/compose.ts';
import { type Config, readConfig } from '../platform/config.ts';
import { createLogger } from '../platform/logger.ts';
import { loginToMake } from '../platform/login.ts';
import { migrateDatabase } from '../platform/migrations.ts';
import { createShutdown, type Shutdown } from '../platform/shutdown.ts';
import { stopHome, type World } from '../sandbox/services/world.ts';
import { seedMarket } from '../sandbox/vendors/reso/seed.ts';
import { workflowBundle } from '../workers/bundle.ts';
import { taskQueues } from '../workflows/contract.ts';
import { bundleFolder, runApi, runWorkers } from './app.ts';
import { type ReadyLine, writeAppFile } from './app-file.ts';
import { banner } from './banner.ts';
import { firstWebhooks, installBrokerage, registerDoor, type SeededBrokerage } from './brokerage.ts';
import { withHome } from './client.ts';
import type { StartOptions } from './commands/processes.ts';
import type { Log } from '../domain/ports/log.ts';
import { isFree, portTaken } from './port.ts';
import { type Io, printJson } from './output.ts';
import { endpointsOf, startServers } from './servers.ts';
import { runSteps, type Step } from './steps.ts';

/** What the steps find out one after another. */
interface Started {
  /** Settled once the servers are there, or are known not to come. */
  starting: Promise<unknown>;
  world?: World;
  product?: Product;
  apiUrl?: string;
  seeded?: SeededBrokerage;
  firstEvents: number;
}

/** All of it, but for the brokerage, which only a seeded sandbox has. */
type Ready = Required<Omit<Started, 'seeded'>> & Pick<Started, 'seeded'>;

/** One that is fetched or built for minutes is not waited for any longer: what runs by then ends, and this process before the rest. */
const COMING_UP_MS = 10_000;

/** Starts servers, then this process' API and workers; answers when all is ready and lives on until a signal comes. */
export async function start(io: Io, options: StartOptions): Promise<void> {
  const env = withHome(options.port === undefined ? io.env : { ...io.env, PORT: options.port }, options.home);
  const config = readConfig(env, io.cwd);
  // Asked before anything else: to start servers for minutes and then to fail over this would be a pity.
  if (config.port !== 0 && !(await isFree(config.host, config.port))) throw portTaken(config);
  const log = createLogger({ name: 'app', level: io.terminal ? 'warn' : 'info' });
  const shutdown = createShutdown({ log });
  const started: Started = { starting: Promise.resolve(), firstEvents: 0 };
  // Connections first, then the servers at their other end. A signal while they start waits for them: none is left behind.
  shutdown.on('close', 'servers', async () => {
    const settled = started.starting.then(() => true);
    if (!(await Promise.race([settled, sleep(COMING_UP_MS, false, { ref: false })]))) return stopHome(config.home);
    await started.product?.close();
    await started.world?.stop();
  });
  shutdown.listen();
  try {
    await runSteps(io, steps({ ...io, env }, { config, log, options, shutdown, started }), {
      plain: options.json === true,
    });
  } catch (error) {
    await shutdown.stop('the start failed');
    throw error;
  }
  const line = readyLine(config, started as Ready);
  writeAppFile(config.home, line);
  if (options.json) {
    printJson(io, line);
    return;
  }
  const allPaused = await started.product!.locations.allPaused();
  io.out(banner(io, line, { world: started.world!, firstEvents: started.firstEvents, allPaused }));
}

interface Run {
  readonly config: Config;
  readonly log: Log;
  readonly options: StartOptions;
  readonly shutdown: Shutdown;
  readonly started: Started;
}

function steps(io: Io, { config, log, options, shutdown, started }: Run): Step[] {
  const sandbox = config.mode === 'sandbox';
  return [
    {
      title: 'Starting servers, bundling workflow code',
      run: async (say) => {
        // Bundling needs no server, and the servers need no bundle.
        const servers = startServers(io, config, say).then((world) => {
          started.world = world;
        });
        started.starting = servers.catch(() => undefined);
        await Promise.all([servers, workflowBundle(bundleFolder(config.home))]);
      },
    },
    {
      title: 'Preparing the database',
      run: async (say) => {
        const { url } = started.world!.postgres;
        await migrateDatabase(url, { onProgress: say, login: loginToMake(config, url) });
        started.product = await compose(config, await endpointsOf(config, started.world!), log);
      },
    },
    ...(sandbox && options.seed
      ? [
          {
            title: 'Installing the sample brokerage',
            run: async () => {
              started.seeded = await installBrokerage(started.product!);
              const market = started.world!.vendors['reso'];
              if (market !== undefined) await seedMarket(market.url);
            },
          },
        ]
      : []),
    {
      title: 'Opening the door, starting workers',
      run: async () => {
        const product = started.product!;
        started.apiUrl = (await runApi(product, shutdown)).url;
        const workers = await runWorkers(product, Object.values(taskQueues), shutdown);
        await workers.polling;
        if (!sandbox || started.world!.vendors['ghl'] === undefined) return;
        await registerDoor(product, started.apiUrl);
        if (options.seed) started.firstEvents = await firstWebhooks(product, started.apiUrl);
      },
    },
  ];
}

function readyLine(config: Config, { world, product, apiUrl, seeded }: Ready): ReadyLine {
  const { endpoints } = product;
  const { ghl, claude, reso } = world.vendors;
  return {
    event: 'ready',
    mode: config.mode,
    pid: process.pid,
    urls: {
      api: apiUrl,
      ...(endpoints.temporalUiUrl === undefined ? {} : { temporalUi: endpoints.temporalUiUrl }),
      metrics: `${apiUrl}/metrics`,
      ghl: endpoints.ghlBaseUrl,
      ...(endpoints.claudeBaseUrl === undefined ? {} : { claude: endpoints.claudeBaseUrl }),
      ...(endpoints.resoBaseUrl === undefined ? {} : { reso: endpoints.resoBaseUrl }),
    },
    apiToken: product.apiToken,
    appId: endpoints.appId,
    ...(seeded === undefined ? {} : seeded),
    ...(ghl === undefined
      ? {}
      : { webhookKey: join(config.home, 'vendors', 'ghl', 'keys', 'ghl-webhook.private.pem') }),
    temporalAddress: endpoints.temporalAddress,
    namespace: config.temporal.namespace,
    databaseUrl: world.postgres.url,
    ...(endpoints.redisUrl === undefined ? {} : { redisUrl: endpoints.redisUrl }),
    pids: {
      app: process.pid,
      ...pidOf('postgres', world.postgres),
      ...pidOf('redis', world.redis),
      ...pidOf('temporal', world.temporal),
      ...(ghl === undefined ? {} : { vendors: ghl.pid }),
      ...(claude === undefined ? {} : { claude: claude.pid }),
      ...(reso === undefined ? {} : { reso: reso.pid }),
    },
  };
}

/** Absent for servers that are not ours. */
function pidOf(name: string, service: object): Record<string, number> {
  return 'pid' in service && typeof service.pid === 'number' ? { [name]: service.pid } : {};
}
