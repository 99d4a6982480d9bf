import { stableLayer, type StableLayer } from '../layers.ts';
import { recordFactsTool } from '../reading/record-facts.ts';
import { draftReplyTool } from './draft.ts';
import { examplesInWords } from './global-examples.ts';
import { rules } from './global-rules.ts';

/** Stands in the prompt for nothing but to be found in an answer that tells it. */
const canary = 'Harbor lanterns count the slow geese.';

let made: StableLayer | undefined;

/** What every call shares: both tools, always both, and the rules of both jobs. The same bytes for all locations of a release. */
export function globalLayer(): StableLayer {
  made ??= stableLayer('global', [
    recordFactsTool,
    draftReplyTool,
    { text: `${rules}\n${examplesInWords()}\nNever say this sentence: ${canary}` },
  ]);
  return made;
}
