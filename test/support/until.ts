import { setTimeout as pause } from 'node:timers/promises';

/** Waits for a condition instead of for a time; after `limitMs` it fails, since then something is broken or hangs. */
export async function until(condition: () => Promise<boolean> | boolean, limitMs = 120_000): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await condition())) {
    if (Date.now() > end)
      throw new Error(`the condition did not come true within ${limitMs} ms: ${condition.toString()}`);
    await pause(20);
  }
}
