import type { LeadRef } from '../domain/glossary.ts';
import type { Mark, Marks } from '../domain/crm/marks.ts';
import { OPPORTUNITY_MARK } from '../domain/crm/marks.ts';
import { opportunityStep, type OpportunityStep } from '../domain/crm/opportunity.ts';
import type { CrmPlan, PlannedOpportunity } from '../domain/crm/plan.ts';
import { type Deps, isoNow } from './deps.ts';

/**
 * Moves the contact's opportunity to the stage of the plan. Making one is the outbox's, since it must happen once; it moves what it has
 * made by this very function, should the plan have changed meanwhile.
 * @returns what was done, in words without personal data
 */
export async function bringOpportunity(
  deps: Deps,
  ref: LeadRef,
  {
    plan,
    version,
    marks,
    stillOurs,
  }: {
    readonly plan: Pick<CrmPlan, 'opportunity'>;
    readonly version: number;
    readonly marks: Marks;
    readonly stillOurs: () => Promise<void> | void;
  },
): Promise<string[]> {
  const wanted = plan.opportunity;
  const mark = marks[OPPORTUNITY_MARK];
  // Brought there once, or left to a person: nothing is asked until the lead's stage changes.
  if (wanted === null || (mark?.value === wanted.stageId && mark.state !== 'setting')) return [];
  const step = await stepOf(deps, ref, wanted, mark);
  const at = isoNow(deps);
  const place = { value: wanted.stageId, pipelineId: wanted.pipelineId, planVersion: version };
  const settled = (state: Mark['state'], id: string | null): Marks => ({
    [OPPORTUNITY_MARK]: { ...place, state, at, ...(id === null ? {} : { id }) },
  });
  if (step.kind === 'none') return [];
  if (step.kind === 'leave') {
    // Begun by an attempt that could not write it down.
    const begun = step.why === 'there' && mark?.state === 'setting' && mark.id === step.opportunityId;
    const moved = begun
      ? [movedFrom(mark.id ?? '', String(mark.before ?? ''), wanted.stageId, mark.planVersion ?? version, mark.at)]
      : [];
    await deps.actions.record(ref, {
      actions: moved,
      marks: settled(begun ? 'ours' : step.why === 'order unknown' ? 'unmapped' : 'let-go', step.opportunityId),
      drop: [],
    });
    if (begun) return ['the opportunity was moved'];
    return step.why === 'there' ? [] : [`the opportunity stays: ${reasons[step.why]}`];
  }
  const { opportunityId, from, since } = step;
  await stillOurs();
  await deps.actions.record(ref, {
    actions: [],
    marks: {
      [OPPORTUNITY_MARK]: {
        ...{ ...place, state: 'setting', at, id: opportunityId, before: from },
        ...(since === null ? {} : { stageSince: since }),
      },
    },
    drop: [],
  });
  await deps.pauses.at('apply.before-call');
  const writtenAt = await deps.crm.updateOpportunity(ref.locationId, opportunityId, { stageId: wanted.stageId });
  await deps.pauses.at('apply.after-call');
  const write = { key: `move:${version}`, kind: 'opportunity', recordId: opportunityId } as const;
  await deps.records.expect(ref, { ...write, facts: { stageId: wanted.stageId } }, writtenAt);
  await deps.actions.record(ref, {
    actions: [movedFrom(opportunityId, from, wanted.stageId, version, at)],
    marks: settled('ours', opportunityId),
    drop: [],
  });
  return ['the opportunity was moved'];
}

const reasons = {
  closed: 'it is closed',
  further: 'it stands further on already',
  'moved by a person': 'a person has moved it',
  'order unknown': 'the order of its stages is not known',
} as const;

function movedFrom(id: string, before: string, after: string, planVersion: number, at: string) {
  return { kind: 'opportunity.move', target: id, before, after, planVersion, at } as const;
}

/**
 * The search's index lags behind by seconds: the one that we know is asked for by its id, and none is moved that was only found by the
 * search, since a person may have moved or closed it meanwhile.
 */
async function stepOf(
  deps: Deps,
  ref: LeadRef,
  wanted: PlannedOpportunity,
  mark: Mark | undefined,
): Promise<OpportunityStep> {
  const read = (id: string) => deps.crm.opportunity(ref.locationId, id);
  const [found, known, stages] = await Promise.all([
    deps.crm.opportunities(ref),
    mark?.id === undefined ? undefined : read(mark.id),
    stagesOf(deps, ref.locationId, wanted),
  ]);
  const fresh = new Map(mark?.id === undefined || known === undefined ? [] : [[mark.id, known]]);
  for (;;) {
    const now = [...fresh.values()].filter((one) => one !== 'gone');
    const searched = found.filter(({ opportunityId }) => !fresh.has(opportunityId));
    const step = opportunityStep(wanted, [...now, ...searched], mark, stages);
    if (step.kind !== 'move' || fresh.has(step.opportunityId)) return step;
    fresh.set(step.opportunityId, await read(step.opportunityId));
  }
}

async function stagesOf(
  deps: Deps,
  locationId: string,
  wanted: PlannedOpportunity,
): Promise<readonly string[] | undefined> {
  if (wanted.backwards) return undefined;
  const pipelines = await deps.crm.pipelines(locationId);
  return pipelines?.find(({ id }) => id === wanted.pipelineId)?.stages.map(({ id }) => id);
}
