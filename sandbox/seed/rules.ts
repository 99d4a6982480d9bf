import type { LocationSettings } from '../../domain/leads/settings.ts';
import type { draftOf } from '../../domain/follow-up/draft.ts';
import type { touchSummary } from '../../domain/follow-up/interpret.ts';
import type { stepWords } from '../../domain/follow-up/step-words.ts';
import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import type { Score, ScoreFacts } from '../../domain/scoring/score.ts';

/** What the rows take over from the product, handed in: this folder knows the product's types and none of its code. */
export interface ProductRules {
  /** Settings of every location. */
  readonly settings: LocationSettings;
  readonly score: (facts: ScoreFacts) => Score;
  /** The sequence that leads went through. */
  readonly sequence: SequenceDocument;
  readonly draftOf: typeof draftOf;
  readonly stepWords: typeof stepWords;
  readonly touchSummary: typeof touchSummary;
}
