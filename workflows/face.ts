import { setCurrentDetails, upsertSearchAttributes } from '@temporalio/workflow';
import { defineSearchAttributeKey, type SearchAttributeUpdatePair } from '@temporalio/common';
import type { LeadControlState } from './contract.ts';
import type { DecideVerdict, NextTouch } from '../domain/ports/leads.ts';

const keys = {
  LeadStage: defineSearchAttributeKey('LeadStage', 'KEYWORD'),
  LeadTier: defineSearchAttributeKey('LeadTier', 'KEYWORD'),
  Sequence: defineSearchAttributeKey('Sequence', 'KEYWORD'),
  LeadScore: defineSearchAttributeKey('LeadScore', 'INT'),
  NextTouchAt: defineSearchAttributeKey('NextTouchAt', 'DATETIME'),
  Paused: defineSearchAttributeKey('Paused', 'BOOL'),
};

/** What operators see of a lead in the Temporal UI. Nothing personal. */
export interface LeadFace {
  readonly state: LeadControlState;
  readonly verdict: DecideVerdict | null;
  readonly next: NextTouch | null;
  readonly worked: number;
  readonly waitingFor: string;
}

/** A painter of the lead's face: plain words in the current details, search attributes upserted only when they change. */
export function createFace(): (face: LeadFace) => void {
  let shown = '';
  return (face) => {
    setCurrentDetails(details(face));
    if (face.verdict === null) return;
    const nextAt = face.next?.at ?? null;
    const { stage, tier, score, sequence } = face.verdict;
    const now = JSON.stringify([stage, tier, score, sequence, nextAt, face.state]);
    if (now === shown) return;
    shown = now;
    const pairs: SearchAttributeUpdatePair[] = [
      { key: keys.LeadStage, value: stage },
      { key: keys.LeadTier, value: tier },
      { key: keys.LeadScore, value: score === null ? null : Math.round(score) },
      { key: keys.Sequence, value: sequence },
      { key: keys.NextTouchAt, value: nextAt === null ? null : new Date(nextAt) },
      { key: keys.Paused, value: face.state !== 'active' },
    ];
    upsertSearchAttributes(pairs);
  };
}

function details({ state, verdict, worked, waitingFor }: LeadFace): string {
  const known =
    verdict === null
      ? 'Nothing decided yet.'
      : `**${verdict.tier ?? 'not scored'}**${verdict.score === null ? '' : `, score ${Math.round(verdict.score)}`} · stage ${verdict.stage} · ${state}`;
  const last = verdict === null ? '' : `\n\n**Last decision**: ${verdict.summary}`;
  return `${known}\n\n**Waiting for**: ${waitingFor}${last}\n\nEvents worked in this run: ${worked}`;
}
