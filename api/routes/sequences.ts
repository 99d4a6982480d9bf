import { Router } from 'express';
import { AppError } from '../../domain/errors.ts';
import { parseSequence } from '../../domain/follow-up/document.ts';
import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import { diffOf, impactOf, triggerWords } from '../../domain/follow-up/versions.ts';
import type { SequenceStanding, SequenceStore, UnnumberedSequence } from '../../domain/ports/sequences.ts';
import {
  diffSequence,
  listSequences,
  publishDraft,
  publishSequence,
  rollBackSequence,
  saveDraft,
  type SequenceDiff,
  type SequenceItem,
  sequenceVersions,
  showDraft,
  showSequence,
} from '../contract/sequences.ts';
import { fieldsError } from '../errors.ts';
import { mount, ok } from '../mount.ts';
import { OPERATOR } from '../operator.ts';

export interface SequenceRouteDeps {
  readonly sequences: SequenceStore;
  readonly now: () => Date;
}

export function sequenceRoutes({ sequences, now }: SequenceRouteDeps): Router {
  const router = Router();
  mount(router, listSequences, async () => ok({ items: (await sequences.list()).map(itemOf) }));
  mount(router, showSequence, async ({ params, query }) => ok(await known(sequences, params.key, query.version)));
  mount(router, sequenceVersions, async ({ params }) => {
    const history = await sequences.history(params.key);
    if (history.versions.length === 0) throw unknown();
    return ok(history);
  });
  mount(router, diffSequence, async ({ params, query }) => ok(await diff(sequences, params.key, query)));
  mount(router, publishSequence, async ({ body }) => {
    return { status: 201, body: summaryOf(await sequences.publish(checked(body), OPERATOR)) };
  });
  mount(router, showDraft, async ({ params }) => {
    const draft = await sequences.draft(params.key);
    if (draft === undefined) throw noDraft();
    return ok(draft);
  });
  mount(router, saveDraft, async ({ params, body }) => {
    const document = checked(body);
    if (document.key !== params.key) {
      throw fieldsError('BAD_REQUEST', [{ path: 'key', message: 'expected the key of the path' }]);
    }
    return ok(await sequences.saveDraft(document, OPERATOR, now().toISOString()));
  });
  mount(router, publishDraft, async ({ params }) => {
    const draft = await sequences.draft(params.key);
    // What a later version of the product does not take any more is not published either.
    if (draft !== undefined) checked(draft.document);
    const published = draft === undefined ? undefined : await sequences.publishDraft(params.key, OPERATOR);
    if (published === undefined) throw noDraft();
    return { status: 201, body: summaryOf(published) };
  });
  mount(router, rollBackSequence, async ({ params, body }) => {
    const document = await sequences.rollBack(params.key, body.version, OPERATOR);
    if (document === undefined) throw unknown();
    return ok(summaryOf(document));
  });
  return router;
}

async function diff(
  sequences: SequenceStore,
  key: string,
  asked: { readonly from?: number | undefined; readonly to?: number | undefined },
): Promise<SequenceDiff> {
  const before = await known(sequences, key, asked.from);
  const after = asked.to === undefined ? (await sequences.draft(key))?.document : await known(sequences, key, asked.to);
  if (after === undefined) throw noDraft();
  const running = await sequences.running(key);
  const numbers = [...new Set(running.map(({ version }) => version))];
  const documents = await Promise.all(numbers.map((version) => sequences.get(key, version)));
  const versions = new Map(documents.flatMap((one) => (one === undefined ? [] : [[one.version, one] as const])));
  const { steps, choices } = diffOf(before, after);
  return {
    from: before.version,
    to: asked.to ?? 'draft',
    steps: [...steps].map((step) => (step.kind === 'changed' ? { ...step, aspects: [...step.aspects] } : { ...step })),
    choices: choices.map((choice) => ({ ...choice })),
    impact: mutable(impactOf(before, after, running, versions)),
  };
}

function mutable({ keep, ...rest }: ReturnType<typeof impactOf>): SequenceDiff['impact'] {
  return { ...rest, keep: keep.map((one) => ({ ...one })) };
}

async function known(sequences: SequenceStore, key: string, version?: number): Promise<SequenceDocument> {
  const document = await sequences.get(key, version);
  if (document === undefined) throw unknown();
  return document;
}

function unknown(): AppError {
  return new AppError('SEQUENCE_UNKNOWN', 'expected the key of a published sequence, and one of its versions');
}

function noDraft(): AppError {
  return new AppError('SEQUENCE_NO_DRAFT', 'expected the key of a sequence that is drafted');
}

function checked(body: unknown): UnnumberedSequence {
  const parsed = parseSequence(body);
  if (!parsed.ok) throw fieldsError('BAD_REQUEST', parsed.problems);
  return parsed.document;
}

function itemOf({ key, document, draft, running }: SequenceStanding): SequenceItem {
  return {
    key,
    version: document?.version ?? null,
    title: document?.title ?? null,
    purpose: document?.purpose ?? null,
    priority: document?.priority ?? null,
    track: document?.track ?? null,
    trigger: document === null ? null : triggerWords(document.trigger),
    needs: [...(document?.needs ?? [])],
    steps: document?.steps.length ?? null,
    draft,
    running,
  };
}

function summaryOf({ key, version, title, purpose, priority, steps }: SequenceDocument) {
  return { key, version, title, purpose, priority, steps: steps.length };
}
