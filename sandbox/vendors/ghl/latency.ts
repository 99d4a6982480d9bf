/** Delay of the vendor's answers: log-normal, named by its median and its 95th percentile, in milliseconds. */
export interface Latency {
  readonly p50Ms: number;
  readonly p95Ms: number;
}

export const NO_LATENCY: Latency = { p50Ms: 0, p95Ms: 0 };

/** The standard normal distribution's 95th percentile. */
const Z95 = 1.6448536269514722;

/** One drawn delay in milliseconds; `uniform` gives numbers in [0, 1). A median of 0 means none at all. */
export function drawLatency({ p50Ms, p95Ms }: Latency, uniform: () => number): number {
  if (p50Ms <= 0) return 0;
  const sigma = Math.log(Math.max(p95Ms, p50Ms) / p50Ms) / Z95;
  // Box and Muller's way to a normal deviate; 1 - u keeps the logarithm finite.
  const normal = Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return p50Ms * Math.exp(sigma * normal);
}
