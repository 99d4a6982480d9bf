import type { AttemptRef } from '../ports/model-ledger.ts';
import { type Breakpoint, breakpointsOf } from './breakpoints.ts';
import type { Prompt } from './layers.ts';
import { afterFailure, type Failure } from './ledger.ts';

/** The name of an attempt among the calls of a batch: by it alone an answer finds its row in the ledger. */
export function batchCallId({ callKey, attempt }: Pick<AttemptRef, 'callKey' | 'attempt'>): string {
  return `${callKey}_${attempt}`.replaceAll(/[^a-zA-Z0-9_-]/g, '_');
}

/** The one work of nights. */
export function summaryKey(inboxId: string): string {
  return `summary:${inboxId}`;
}

/**
 * From so many calls on, what they share is written for an hour, which pays where more than half of them find it: the vendor works them side
 * by side and promises none, so that a few are better off without.
 */
const CACHED_FROM = 8;

/** Breakpoints of one of so many calls of a batch. Nobody reads a talk a second time at night. */
export function batchMarks(prompt: Prompt, calls: number, minimumPrefix: number | null): readonly Breakpoint[] {
  if (calls < CACHED_FROM) return [];
  return breakpointsOf(prompt, { global: 'none', location: '1h', conversation: 'none' }, minimumPrefix);
}

/** Is it known that the vendor has made no batch? Else one may be there, and has to be looked for. */
export function wasNotMade(how: Failure): boolean {
  return afterFailure[how] === 'not-billed';
}
