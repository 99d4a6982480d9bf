import { stableLayer, type StableLayer } from '../layers.ts';
import type { LocationFacts } from './facts.ts';

/** What every call of a location shares; changes with its settings and with nothing else. */
export function locationLayer(facts: LocationFacts): StableLayer {
  return stableLayer('location', [{ text: `The team: ${facts.name}.` }]);
}
