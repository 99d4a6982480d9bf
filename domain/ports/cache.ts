/** A cache that may always miss: an outage makes it slower, never wrong. Values are JSON. Keys lead with the location id. */
export interface Cache {
  get<T>(key: string): Promise<T | undefined>;
  set(key: string, value: unknown, ttlMs: number): Promise<void>;
  delete(key: string): Promise<void>;
  /** Is the shared store reachable right now? */
  healthy(): boolean;
  close(): Promise<void>;
}
