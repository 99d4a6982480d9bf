import { Router } from 'express';
import type { SequenceStore } from '../../domain/ports/leads.ts';
import { AppError } from '../../domain/errors.ts';
import { listSequences, showSequence } from '../contract/sequences.ts';
import { mount, ok } from '../mount.ts';

export function sequenceRoutes({
  sequences,
}: {
  readonly sequences: Pick<SequenceStore, 'get' | 'published'>;
}): Router {
  const router = Router();
  mount(router, listSequences, async () => {
    const documents = await sequences.published();
    const items = documents.map(({ key, version, title, purpose, priority, steps }) => ({
      key,
      version,
      title,
      purpose,
      priority,
      steps: steps.length,
    }));
    return ok({ items });
  });
  mount(router, showSequence, async ({ params, query }) => {
    const document = await sequences.get(params.key, query.version);
    if (document === undefined) throw new AppError('SEQUENCE_UNKNOWN', 'expected the key of a published sequence');
    return ok(document);
  });
  return router;
}
