import { Router } from 'express';
import type { SequenceStore } from '../../domain/ports/sequences.ts';
import { AppError } from '../../domain/errors.ts';
import { parseSequence } from '../../domain/follow-up/document.ts';
import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import { listSequences, publishSequence, showSequence } from '../contract/sequences.ts';
import { fieldsError } from '../errors.ts';
import { mount, ok } from '../mount.ts';

export function sequenceRoutes({
  sequences,
}: {
  readonly sequences: Pick<SequenceStore, 'get' | 'publish' | 'published'>;
}): Router {
  const router = Router();
  mount(router, listSequences, async () => {
    const documents = await sequences.published();
    return ok({ items: documents.map(summaryOf) });
  });
  mount(router, showSequence, async ({ params, query }) => {
    const document = await sequences.get(params.key, query.version);
    if (document === undefined) throw new AppError('SEQUENCE_UNKNOWN', 'expected the key of a published sequence');
    return ok(document);
  });
  mount(router, publishSequence, async ({ body }) => {
    const parsed = parseSequence(body);
    if (!parsed.ok) throw fieldsError('BAD_REQUEST', parsed.problems);
    return { status: 201, body: summaryOf(await sequences.publish(parsed.document)) };
  });
  return router;
}

function summaryOf({ key, version, title, purpose, priority, steps }: SequenceDocument) {
  return { key, version, title, purpose, priority, steps: steps.length };
}
