/**
 * Liveness says only that this process turns; readiness says whether it can do its work, part by part, with the age of what it knows.
 */
export interface HealthCheck {
  readonly name: string;
  /** A required part that fails makes the process unready; others are only shown. */
  readonly required: boolean;
  /** Rejects when the part is away. `absent`: not set up, and nothing is lost by it. `degraded`: a stand-in speaks. */
  readonly probe: () => Promise<'ok' | 'degraded' | 'absent'>;
}

export interface PartHealth {
  readonly state: 'ok' | 'degraded' | 'absent' | 'away';
  readonly required: boolean;
  /** Milliseconds since it was last seen well; null when never. */
  readonly lastOkAgeMs: number | null;
  /** Milliseconds since it was asked. */
  readonly checkedAgeMs: number;
}

export interface Readiness {
  readonly status: 'ready' | 'not-ready' | 'stopping';
  readonly parts: Readonly<Record<string, PartHealth>>;
}

export interface Health {
  ready(): Promise<Readiness>;
  /** A part that only some roles have. */
  watch(check: HealthCheck): void;
  /** From now on not ready: no new work is to come here. */
  stopping(): void;
}

/**
 * @param now      milliseconds, monotonic enough for ages
 * @param patience how long a probe may take, ms; a slower part counts as away
 */
export function createHealth(
  parts: readonly HealthCheck[],
  { now = Date.now, patience = 1500 }: { now?: () => number; patience?: number } = {},
): Health {
  const checks = [...parts];
  const seen = new Map<string, { state: PartHealth['state']; checkedAt: number; okAt: number | null }>();
  let stopping = false;
  let running: Promise<void> | undefined;

  async function refresh(check: HealthCheck): Promise<void> {
    const state = await withPatience(check.probe, patience);
    const at = now();
    const before = seen.get(check.name);
    seen.set(check.name, { state, checkedAt: at, okAt: state === 'ok' ? at : (before?.okAt ?? null) });
  }

  async function ready(): Promise<Readiness> {
    // Many askers share one round of probes, so that a prober cannot load the database.
    running ??= Promise.all(checks.map(refresh)).then(() => {
      running = undefined;
    });
    await running;
    const found = Object.fromEntries(checks.map((check) => [check.name, partOf(check)]));
    const well = Object.values(found).every((part) => !part.required || part.state !== 'away');
    return { status: stopping ? 'stopping' : well ? 'ready' : 'not-ready', parts: found };
  }

  function partOf(check: HealthCheck): PartHealth {
    const last = seen.get(check.name);
    const at = now();
    return {
      state: last?.state ?? 'away',
      required: check.required,
      lastOkAgeMs: last?.okAt == null ? null : at - last.okAt,
      checkedAgeMs: last === undefined ? 0 : at - last.checkedAt,
    };
  }

  return {
    ready,
    watch: (check) => void checks.push(check),
    stopping: () => {
      stopping = true;
    },
  };
}

async function withPatience(probe: HealthCheck['probe'], ms: number): Promise<PartHealth['state']> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<'away'>((resolve) => {
    timer = setTimeout(() => resolve('away'), ms);
  });
  try {
    return await Promise.race([probe(), late]);
  } catch {
    // Why it is away is in the log of whoever uses it; readiness shows that it is.
    return 'away';
  } finally {
    clearTimeout(timer);
  }
}
