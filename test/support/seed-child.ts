import { setTimeout as wait } from 'node:timers/promises';
import { seedDatabase } from '../../cli/seed.ts';

// A seeder in a process of its own that kills itself: `seed-child.ts <url> <leads> <part> <after ms>`. It dies in the midst of the part
// of the work with this name, or so long after it has begun.
const [url, leads, part, after] = process.argv.slice(2);
if (url === undefined || part === undefined) throw new Error('expected a database url, leads, a part and milliseconds');

const die = async (what: string): Promise<void> => {
  if (what !== part) return;
  await wait(Number(after));
  process.kill(process.pid, 'SIGKILL');
};
await seedDatabase(url, {
  leads: Number(leads),
  seed: 42,
  asOf: Date.UTC(2026, 10, 1),
  progress: { begun: (what) => void die(what), at: () => undefined, done: () => undefined },
});
