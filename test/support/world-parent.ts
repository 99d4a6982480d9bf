import { startWorld } from '../../sandbox/services/world.ts';
import { testCache } from './world.ts';

/** A parent to be killed: starts a world in the given home, says so in one line, and stays. */
const [home = '', root = '', vendor = ''] = process.argv.slice(2);
const world = await startWorld({
  home,
  cache: testCache(),
  env: JSON.parse(process.env.WORLD_ENV ?? '{}') as NodeJS.ProcessEnv,
  searchAttributes: { LocationId: 'Keyword' },
  vendors: [{ name: 'idle', entry: vendor, root }],
  progress: (line) => console.error(line),
});
console.log(
  JSON.stringify({ postgres: world.postgres, redis: world.redis, temporal: world.temporal, vendors: world.vendors }),
);
setInterval(() => undefined, 60_000);
