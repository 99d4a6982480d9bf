import { afterAll, expect, it } from '@jest/globals';
import { createWorkshop } from '../../../integrations/cache/workshop.ts';

const workshop = createWorkshop({ zstd: undefined });
afterAll(() => workshop.close());

const job = {
  samples: [{ bytes: Buffer.from('somebody, somewhere, somebody, somewhere'), dictionary: undefined }],
  dictionaries: [],
  methods: [{ codec: 'deflate', level: 6, dictionary: false }],
};

it('jobs that are under way or wait for their turn fail when it is emptied, and later ones are done', async () => {
  const before = [workshop.measure(job), workshop.measure(job)];
  const outcomes = Promise.allSettled(before);
  // Until the first of them has its turn.
  await new Promise((resolve) => setImmediate(resolve));
  workshop.empty();
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await workshop.measure(job)).toMatchObject([{ codec: 'deflate' }]);
});
