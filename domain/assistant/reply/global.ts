import { stableLayer, type StableLayer } from '../layers.ts';
import { recordFactsTool } from '../reading/record-facts.ts';
import { draftReplyTool } from './draft.ts';

let made: StableLayer | undefined;

/** What every call shares: both tools, always both, and the rules of both jobs. The same bytes for all locations of a release. */
export function globalLayer(): StableLayer {
  made ??= stableLayer('global', [recordFactsTool, draftReplyTool, { text: 'You work for a real-estate team.' }]);
  return made;
}
