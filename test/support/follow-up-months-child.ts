import { parseArgs } from 'node:util';
import type { GateCheck } from '../../domain/consent/facts.ts';
import { liveMonths, sequencesAtPlay } from '../bench/follow-up-pure.ts';

/** A process of the bench `follow-up`: lives months of its own seeds in batches and tells a line of each batch. */
const { values } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    to: { type: 'string', default: '101' },
    without: { type: 'string' },
    until: { type: 'string' },
    outages: { type: 'boolean', default: false },
  },
});
const documents = sequencesAtPlay();
const end = Number(values.to);
const options = {
  ...{ documents, outages: values.outages },
  ...(values.until === undefined ? {} : { until: Number(values.until) }),
};
for (let from = Number(values.from); from < end; from += 500) {
  const figures = liveMonths(
    { from, to: Math.min(end, from + 500) },
    (values.without ?? null) as GateCheck | null,
    options,
  );
  process.stdout.write(`${JSON.stringify(figures)}\n`);
  if (values.until !== undefined && figures.telling >= Number(values.until)) break;
}
