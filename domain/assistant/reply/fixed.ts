import type { Language, ReplyFacts } from './facts.ts';

/**
 * What a message asks that no model answers: a person · whether it talks to a machine · safety, schools or people of an area · what only a
 * professional may say (value, law, tax, lending).
 */
export type FixedTopic = 'human' | 'bot' | 'area' | 'advice';

/** Words of ours that pass all gates, and the task that goes with them. */
export interface ApprovedReply {
  /** e.g. `area`, `ask-budget`: for the store and the metrics. */
  readonly key: string;
  readonly text: string;
  readonly language: Language;
  /** A person is to look besides. */
  readonly task: boolean;
}

/** The topic of a message that has a fixed answer; null: it may go to the model. Asked before any call, with or without a key. */
export function fixedTopic(message: string): FixedTopic | null {
  void message;
  return null;
}

/** The fixed answer to it, filled in and disclosed; null: it cannot be said to this person. */
export function fixedReply(topic: FixedTopic, language: Language, facts: ReplyFacts): ApprovedReply | null {
  void [topic, language, facts];
  return null;
}
