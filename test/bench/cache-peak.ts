import { readFileSync, writeFileSync } from 'node:fs';

/** What the process held at most while the work was done, beyond what it held before, MiB; undefined where there is no /proc that tells. */
export async function withPeak<T>(
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly grownMiB: number | undefined }> {
  const before = startOver();
  const result = await work();
  const peak = before === undefined ? undefined : statusKiB('VmHWM');
  return {
    result,
    grownMiB: peak === undefined || before === undefined ? undefined : Math.max(0, peak - before) / 1024,
  };
}

/** Lets the mark of the most that was held begin anew, at what is held now. */
function startOver(): number | undefined {
  try {
    writeFileSync('/proc/self/clear_refs', '5');
    return statusKiB('VmRSS');
  } catch {
    return undefined;
  }
}

function statusKiB(name: string): number | undefined {
  const found = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'));
  return found === null ? undefined : Number(found[1]);
}
