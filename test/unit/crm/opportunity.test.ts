import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { opportunityStep } from '../../../domain/crm/opportunity.ts';
import type { CrmOpportunity } from '../../../domain/ports/crm.ts';

const stages = ['a', 'b', 'c', 'd'];
const opportunity = (change: Partial<CrmOpportunity> = {}): CrmOpportunity => ({
  ...{ opportunityId: 'o1', contactId: 'c', pipelineId: 'p', stageId: 'b', status: 'open', name: 'Robin', value: null },
  ...{ assignedTo: null, updatedAt: '2026-05-04T12:00:00.000Z', stageSince: null, ...change },
});
const wanted = (stageId: string, backwards = false) => ({ pipelineId: 'p', stageId, backwards });

describe('an opportunity', () => {
  it('only ever moves forward, by whatever row of wishes and people', () => {
    const wishes = fc.array(fc.tuple(fc.constantFrom(...stages), fc.option(fc.constantFrom(...stages))), {
      maxLength: 12,
    });
    fc.assert(
      fc.property(wishes, fc.constantFrom(...stages), (row, start) => {
        let stageId = start;
        for (const [wish, person] of row) {
          const step = opportunityStep(wanted(wish), [opportunity({ stageId })], undefined, stages);
          const next = step.kind === 'move' ? wish : stageId;
          expect(stages.indexOf(next)).toBeGreaterThanOrEqual(stages.indexOf(stageId));
          // And it is where it was wished, or further on.
          expect(stages.indexOf(next)).toBeGreaterThanOrEqual(stages.indexOf(wish));
          stageId = person ?? next;
        }
      }),
    );
  });

  it('moves back where the settings say so', () => {
    expect(opportunityStep(wanted('a', true), [opportunity()], undefined, undefined)).toMatchObject({
      kind: 'move',
      from: 'b',
    });
  });

  it.each([
    ['of another pipeline is none of ours', [opportunity({ pipelineId: 'q' })], { kind: 'none' }],
    ['that is won stays, and no other is made', [opportunity({ status: 'won' })], { kind: 'leave', why: 'closed' }],
    ['that stands there stays', [opportunity({ stageId: 'c' })], { kind: 'leave', why: 'there' }],
    ['in a stage that the pipeline does not have stays', [opportunity({ stageId: 'x' })], { why: 'order unknown' }],
    [
      'that is the newest of several open ones is moved',
      [
        opportunity({ updatedAt: '2026-05-05T12:00:00.000Z', opportunityId: 'new' }),
        opportunity(),
        opportunity({ status: 'lost' }),
      ],
      { kind: 'move', opportunityId: 'new' },
    ],
  ] as const)('%s', (_what, found, step) => {
    expect(opportunityStep(wanted('c'), found, undefined, stages)).toMatchObject(step);
  });

  it('stays where its order is not known, or where a person put it after us', () => {
    expect(opportunityStep(wanted('c'), [opportunity()], undefined, undefined)).toMatchObject({ why: 'order unknown' });
    const mark = { state: 'ours', at: '2026-05-04T12:00:00.000Z', id: 'o1', value: 'c' } as const;
    expect(opportunityStep(wanted('c'), [opportunity()], mark, stages)).toMatchObject({ why: 'moved by a person' });
  });

  it.each([
    ['stays where it was put since an attempt had begun', '2026-05-04T12:00:00.001Z', { why: 'moved by a person' }],
    ['is moved where it has stood since before', '2026-05-04T12:00:00.000Z', { kind: 'move', from: 'b' }],
    ['is moved where the CRM does not say since when it stands', null, { kind: 'move', from: 'b' }],
  ])('%s', (_what, stageSince, step) => {
    const begun = { state: 'setting', at: '2026-05-04T13:00:00.000Z', id: 'o1', value: 'c', before: 'b' } as const;
    const mark = { ...begun, stageSince: '2026-05-04T12:00:00.000Z' };
    expect(opportunityStep(wanted('c'), [opportunity({ stageSince })], mark, stages)).toMatchObject(step);
    // Another attempt, another place or another opportunity says nothing.
    for (const other of [{ ...mark, value: 'd' }, { ...mark, id: 'o2' }, begun]) {
      expect(opportunityStep(wanted('c'), [opportunity({ stageSince })], other, stages)).toMatchObject({
        kind: 'move',
      });
    }
  });
});
