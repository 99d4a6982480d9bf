/** Negative controls of the benches. */
export interface BenchKnobs {
  readonly taskDelayMs: number;
  readonly serialLevels: boolean;
  readonly echoGuard: boolean;
  /** False: no feed is walked through, so that what no increment told of stays. */
  readonly marketWalks: boolean;
}

/** Reads `taskDelayMs=20,echoGuard=false`; a knob that is none is refused. */
export function benchKnobs(list: string, refuse: () => void): BenchKnobs {
  const knobs = { taskDelayMs: 0, serialLevels: false, echoGuard: true, marketWalks: true };
  for (const part of list.split(',')) {
    const [name, value = ''] = part.trim().split('=', 2);
    if (name === 'taskDelayMs' && /^\d{1,5}$/.test(value)) knobs.taskDelayMs = Number(value);
    else if (name === 'serialLevels' && /^(true|false)$/.test(value)) knobs.serialLevels = value === 'true';
    else if (name === 'echoGuard' && /^(true|false)$/.test(value)) knobs.echoGuard = value === 'true';
    else if (name === 'marketWalks' && /^(true|false)$/.test(value)) knobs.marketWalks = value === 'true';
    else refuse();
  }
  return knobs;
}
