import { existsSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from './until.ts';

/** Who passes a pause point, and who is held there. A point that nobody holds lets everybody through within some milliseconds. */
export interface Gates {
  /** From now on whoever comes to this point stops there. */
  hold(point: string): void;
  /** Resolves once somebody stands at the point. */
  reached(point: string): Promise<void>;
  /** Lets go, now and in future. */
  open(point: string): void;
  openAll(): void;
  close(): void;
}

const EVERY_MS = 10;

/** A product that is told to pause writes a file per point into its home folder and goes on once that file is gone. */
export function createGates(home: string): Gates {
  const folder = join(home, 'pauses');
  const held = new Set<string>();
  let looking = false;

  async function letThrough(): Promise<void> {
    if (looking) return;
    looking = true;
    const waiting = await readdir(folder).catch(() => []);
    for (const point of waiting) {
      if (!held.has(point) && !point.endsWith('.draft')) rmSync(join(folder, point), { force: true });
    }
    looking = false;
  }
  const timer = setInterval(() => void letThrough(), EVERY_MS);

  return {
    hold: (point) => void held.add(point),
    reached: (point) => until(() => existsSync(join(folder, point))),
    open: (point) => void held.delete(point),
    openAll: () => held.clear(),
    close: () => clearInterval(timer),
  };
}
