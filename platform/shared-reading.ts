/**
 * What is read from the database that many scrapes share: it is read at most once per `keptMs`, whoever asks and however often.
 * @param read        may reject
 * @param patienceMs  how long a scrape waits for it
 * @param unknown     what stands for it while it cannot be known; absent: NaN
 * @returns what was read, or `unknown`: an old number would look like a fresh one
 */
export function createSharedReading<T = number>(
  read: () => Promise<T>,
  {
    keptMs = 15_000,
    patienceMs = 2_000,
    now = Date.now,
    unknown = Number.NaN as T,
  }: { keptMs?: number; patienceMs?: number; now?: () => number; unknown?: T } = {},
): () => Promise<T> {
  let kept: { readonly value: T; readonly at: number } | undefined;
  let running: Promise<T> | undefined;

  /** Why it cannot be read is in the log of whoever uses the database; the scrape shows that it cannot. */
  async function refresh(): Promise<T> {
    try {
      const value = await read();
      kept = { value, at: now() };
      return value;
    } catch {
      return unknown;
    } finally {
      running = undefined;
    }
  }

  return async () => {
    if (kept !== undefined && now() - kept.at < keptMs) return kept.value;
    running ??= refresh();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<T>((resolve) => {
      timer = setTimeout(() => resolve(unknown), patienceMs);
    });
    const value = await Promise.race([running, late]);
    clearTimeout(timer);
    return value;
  };
}
