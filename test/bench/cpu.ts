import { readFileSync, readdirSync } from 'node:fs';

/** Processor time used so far, in ticks, by process group and by the whole machine. */
export interface CpuReading {
  readonly at: number;
  readonly ticks: Readonly<Record<string, number>>;
  readonly machine: number;
}

/**
 * Reads the processor time of some processes, each with all its descendants, dead ones included, from /proc; empty where there is none.
 * A descendant that is named itself counts for itself only.
 * @param pids  name → process
 */
export function readCpu(pids: Readonly<Record<string, number>>): CpuReading {
  const at = performance.now();
  try {
    const all = processes();
    const named = new Set(Object.values(pids));
    const ticks = Object.entries(pids).map(([name, pid]) => [name, ticksOf(all, named, pid)]);
    return { at, ticks: Object.fromEntries(ticks) as Record<string, number>, machine: machineTicks() };
  } catch {
    return { at, ticks: {}, machine: 0 };
  }
}

/** Shares of one core between two readings; `others` is what ran on this machine besides. */
export function cpuShares(before: CpuReading, after: CpuReading): Record<string, number> {
  // Linux counts in hundredths of a second wherever it runs.
  const span = (after.at - before.at) / 10;
  const share = (ticks: number): number => Math.round((ticks / span) * 100) / 100;
  const ours = Object.entries(after.ticks).map(([name, ticks]) => [name, ticks - (before.ticks[name] ?? 0)] as const);
  const sum = ours.reduce((total, [, ticks]) => total + ticks, 0);
  if (ours.length === 0) return {};
  return {
    ...Object.fromEntries(ours.map(([name, ticks]) => [name, share(ticks)])),
    others: share(Math.max(0, after.machine - before.machine - sum)),
  };
}

interface Process {
  readonly parent: number;
  readonly ticks: number;
}

function processes(): Map<number, Process> {
  const all = new Map<number, Process>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(name);
    if (stat === undefined) continue;
    // The name in brackets may hold blanks; fields are counted from behind it. The four times: own and reaped children's.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const times = fields.slice(11, 15).map(Number);
    all.set(Number(name), { parent: Number(fields[1]), ticks: times.reduce((sum, time) => sum + time, 0) });
  }
  return all;
}

/** Undefined for a process that ended while the folder was read. */
function readStat(pid: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
}

function ticksOf(all: ReadonlyMap<number, Process>, named: ReadonlySet<number>, pid: number): number {
  const children = [...all].filter(([child, { parent }]) => parent === pid && !named.has(child));
  return children.reduce((sum, [child]) => sum + ticksOf(all, named, child), all.get(pid)?.ticks ?? 0);
}

/** Everything but idling and waiting for disks. */
function machineTicks(): number {
  const [, ...fields] = readFileSync('/proc/stat', 'utf8').split('\n', 1)[0]!.split(/\s+/);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = fields.map(Number);
  return user + nice + system + irq + softirq;
}
