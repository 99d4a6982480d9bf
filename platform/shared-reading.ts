/**
 * A number from the database that many scrapes share: it is read at most once per `keptMs`, whoever asks and however often.
 * @param read        may reject
 * @param patienceMs  how long a scrape waits for it
 * @returns the number, or NaN while it cannot be known: an old number would look like a fresh one
 */
export function createSharedReading(
  read: () => Promise<number>,
  {
    keptMs = 15_000,
    patienceMs = 2_000,
    now = Date.now,
  }: { keptMs?: number; patienceMs?: number; now?: () => number } = {},
): () => Promise<number> {
  let kept: { readonly value: number; readonly at: number } | undefined;
  let running: Promise<number> | undefined;

  /** Why it cannot be read is in the log of whoever uses the database; the scrape shows that it cannot. */
  async function refresh(): Promise<number> {
    try {
      const value = await read();
      kept = { value, at: now() };
      return value;
    } catch {
      return Number.NaN;
    } finally {
      running = undefined;
    }
  }

  return async () => {
    if (kept !== undefined && now() - kept.at < keptMs) return kept.value;
    running ??= refresh();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<number>((resolve) => {
      timer = setTimeout(() => resolve(Number.NaN), patienceMs);
    });
    const value = await Promise.race([running, late]);
    clearTimeout(timer);
    return value;
  };
}
