import { contest, nextSilence } from '../follow-up/contest.ts';
import { silentSince, type Begun, type TalkRecord } from '../follow-up/facts.ts';
import type { Enrolment, SequenceDocument, SequenceFacts, SequenceNeed } from '../follow-up/sequence.ts';
import type { Iso } from '../glossary.ts';
import type { ContactSnapshot } from './contact.ts';
import { mayFollow, type Settled, standingExit } from './endings.ts';

export interface SilentLead {
  readonly settled: Settled;
  readonly snapshot: ContactSnapshot | null;
  readonly createdAt: Iso;
  readonly enrolments: readonly Enrolment[];
  readonly facts: SequenceFacts;
  readonly talk: TalkRecord;
  readonly began: Begun;
  readonly available: readonly SequenceNeed[];
  readonly sequences: readonly SequenceDocument[];
}

/**
 * When a lead's silence is to be looked at: now, where a sequence would begin by it; else at the next instant at which one may. What then
 * begins is decided like anything else.
 */
export function silenceLook(lead: SilentLead, now: Iso): Iso | null {
  const { settled, snapshot, enrolments, facts, talk, began, available } = lead;
  if (!mayFollow({ settled, snapshot })) return null;
  const sequences = lead.sequences.filter(
    (document) =>
      document.trigger.on === 'silence' && standingExit({ document, event: null }, settled, talk, now) === null,
  );
  if (sequences.length === 0) return null;
  const since = silentSince(lead, talk);
  const happening = { on: 'silence', since } as const;
  const { begin } = contest({ now, happening, sequences, running: enrolments, began, facts, available });
  return begin.length > 0 ? now : nextSilence(since, { now, sequences, began });
}
