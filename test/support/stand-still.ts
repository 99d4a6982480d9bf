import type { ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { platform } from 'node:process';
import { setTimeout as pause } from 'node:timers/promises';
import { until } from './until.ts';

/** Where `/proc` does not tell how threads are. */
const USUALLY_MS = 250;

/**
 * Stops a process, and comes back once it does nothing any more. The signal alone does not: the thread that has to hear of it may
 * wait for a core, and until then the others of a busy machine still answer what they are asked.
 */
export async function standStill(child: ChildProcess): Promise<void> {
  if (!child.kill('SIGSTOP')) throw new Error(`process ${child.pid} cannot be stopped: it has ended`);
  if (platform === 'linux') await until(() => statesOf(child.pid!).every((state) => state === 'T'));
  else await pause(USUALLY_MS);
}

/** Of each thread, as proc(5) tells it; of one that ends meanwhile, nothing. */
function statesOf(pid: number): (string | undefined)[] {
  const tasks = `/proc/${pid}/task`;
  try {
    // The name before the state may itself contain brackets.
    return readdirSync(tasks).map((task) => /.*\) (\S)/s.exec(readFileSync(`${tasks}/${task}/stat`, 'utf8'))?.[1]);
  } catch {
    return [undefined];
  }
}
