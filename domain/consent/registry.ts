import type { Iso } from '../glossary.ts';
import type { ConsentStanding } from './standing.ts';

/** The list that every number of the United States may be on. */
const NATIONAL = 'national';

/** What one list, as it was at a time, says of a number whose area code it covers. */
export interface RegistryFinding {
  readonly list: string;
  readonly asOf: Iso;
  readonly listed: boolean;
}

/** 47 CFR 64.1200(c)(2)(i)(D): a version of the registry obtained no more than 31 days before the call. */
const freshDays = 31;
const freshMs = freshDays * 86_400_000;

/**
 * On any list that is fresh: listed. Clear only if the national one was asked and every list that was ever bought for this area code is
 * fresh: what a location once began to look up does not become clear by being left to age.
 */
export function registryStanding(findings: readonly RegistryFinding[], now: Iso): ConsentStanding['registry'] {
  const fresh = findings.filter(({ asOf }) => isFresh(asOf, now));
  if (fresh.some(({ listed }) => listed)) return 'listed';
  const asked = findings.some(({ list }) => list === NATIONAL);
  return asked && fresh.length === findings.length ? 'clear' : 'unknown';
}

/** A list dated ahead of now is not believed either. */
function isFresh(asOf: Iso, now: Iso): boolean {
  const age = Date.parse(now) - Date.parse(asOf);
  return age >= 0 && age <= freshMs;
}

/** Of a North American number in E.164; null for any other. */
export function areaCodeOf(phone: string | null | undefined): string | null {
  return /^\+1([2-9]\d{2})\d{7}$/.exec(phone ?? '')?.[1] ?? null;
}

/** The national list, and the list of a state by its two letters, where it keeps one. */
export const listNames = [
  NATIONAL,
  ...(['al', 'ak', 'az', 'ar', 'ca', 'co', 'ct', 'de', 'dc', 'fl', 'ga', 'hi', 'id', 'il', 'in', 'ia', 'ks'] as const),
  ...(['ky', 'la', 'me', 'md', 'ma', 'mi', 'mn', 'ms', 'mo', 'mt', 'ne', 'nv', 'nh', 'nj', 'nm', 'ny', 'nc'] as const),
  ...(['nd', 'oh', 'ok', 'or', 'pa', 'ri', 'sc', 'sd', 'tn', 'tx', 'ut', 'vt', 'va', 'wa', 'wv', 'wi', 'wy'] as const),
] as const;
