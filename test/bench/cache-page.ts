import { syntheticKinds } from '../../domain/cache/synthetic.ts';
import { shortKinds } from './cache-kinds.ts';
import { BUCKETS, FAST } from './cache-memory.ts';
import type { Measured } from './cache-report.ts';
import { type Cell, controlsTable, table, writePart } from './page.ts';
import type { Report, Target } from './report.ts';

/** What a run of the bench `cache` has measured, as docs/benchmarks.md shows it. */
function pageOf(report: Report, measured: Measured): string {
  const { cpu, cores, memGiB, node } = report.machine;
  const { before, after } = report.config['loadAverage'] as { before: number; after: number };
  return [
    `${report.at.slice(0, 10)}, commit ${report.commit}, ${cores} × ${cpu}, ${memGiB} GiB, Node ${node.slice(1)}, Redis ${String(report.config['redis'])}, ` +
      `Zstandard by ${String(report.config['zstd'])}; load ${before} before, ${after} after.`,
    table(
      ['Figure', 'Bar', 'Measured', 'n'],
      report.targets.map((target) => figureRow(target, measured)),
    ),
    'Saved of the memory of plain JSON (growth of `used_memory` by value, bytes); n as above, a quarter of it for brotli of keyv:',
    memoryTable(measured),
    'Processor time of a value, microseconds, write / read:',
    cpuTable(measured),
    'Whole operations, 16 under way: processor time of the client + of the server, microseconds, and the median from call to answer, which has the other 15 in it:',
    operationsTable(measured),
    'Controls:',
    controlsTable(report),
    hostileLine(measured),
  ].join('\n\n');
}

const grouped = (n: number): string => n.toLocaleString('en-US');

function figureRow({ metric, min, max, value, pass }: Target, measured: Measured): Cell[] {
  const [what = '', of = ''] = metric.split('@');
  const { label, unit, n } = named(what, of, measured);
  const told = `${grouped(value)}${unit}`;
  return [
    label,
    `${min === undefined ? '≤' : '≥'} ${grouped(min ?? max!)}${unit}`,
    pass ? told : `**${told}: missed**`,
    n,
  ];
}

function named(what: string, of: string, measured: Measured): { label: string; unit: string; n: string } {
  const { memory, cpu, mutations, stampede, vocabulary } = measured;
  if (what === 'saved_percent') {
    const [, noise, kind, buckets] = /^(noise-)?([a-z]+)(-buckets)?$/.exec(of)!;
    const way = buckets ? BUCKETS : FAST;
    const values = noise ? 'noise' : 'made';
    const { n, plainBytes } = memory.find((one) => one.kind === kind && one.way === way && one.values === values)!;
    const bytes = grouped(Math.round(plainBytes));
    const label = noise ? `… random text instead of a ${kind}` : `saved, ${kind} of ${bytes} bytes`;
    return { label: `${label}${buckets ? ', buckets and packing' : ''}`, unit: ' %', n: grouped(n) };
  }
  const micros = /^(codec|json)_(read|write)_us$/.exec(what);
  if (micros) {
    const { n, rounds } = cpu.find((one) => one.kind === of && one.of === micros[1])!;
    const label = `${micros[1] === 'codec' ? 'codec and envelope' : 'whole'}, ${micros[2]!}, ${of}`;
    return { label, unit: ' µs', n: `${rounds} × ${grouped(n)}` };
  }
  if (what === 'undetected_mutations')
    return { label: 'mutations of stored bytes undetected', unit: '', n: grouped(mutations.n) };
  if (what === 'loader_runs') {
    const { asks, processes, rounds } = stampede;
    return {
      label: `${asks} misses at once in ${processes} processes: runs of the loader`,
      unit: '',
      n: `${rounds} times`,
    };
  }
  const { measuredWith, trainedOn } = vocabulary.find(({ kind }) => kind === of)!;
  const label = `names, ids and runs of three words that dictionary and measured values share, ${of}`;
  return { label, unit: '', n: grouped(measuredWith + trainedOn) };
}

function memoryTable({ memory }: Measured): string {
  const rows = [...new Set(memory.map(({ way, values }) => `${values}/${way}`))].map((row) => {
    const [values, way] = [row.slice(0, row.indexOf('/')), row.slice(row.indexOf('/') + 1)];
    const cells = syntheticKinds.map((kind) => {
      const found = memory.find((one) => one.kind === kind && one.way === way && one.values === values);
      return found ? `${found.savedPercent.toFixed(1)} % (${grouped(Math.round(found.usedBytes))})` : '–';
    });
    return [`${{ noise: 'random text, ', base64: 'random base64, ', made: '' }[values] ?? ''}${way}`, ...cells];
  });
  return table(['Stored as', ...syntheticKinds], rows);
}

function cpuTable({ cpu }: Measured): string {
  const rows = [...new Set(cpu.map(({ of, way }) => `${of === 'json' ? 'whole, ' : ''}${way}`))].map((row) => [
    row,
    ...shortKinds.map((kind) => {
      const found = cpu.find((one) => one.kind === kind && `${one.of === 'json' ? 'whole, ' : ''}${one.way}` === row);
      return found ? `${found.write.median.toFixed(1)} / ${found.read.median.toFixed(1)}` : '–';
    }),
  ]);
  return table(['Way', ...shortKinds], rows);
}

function operationsTable({ operations }: Measured): string {
  const rows = [...new Set(operations.map(({ way, operation }) => `${way}: ${operation}`))].map((row) => {
    const those = operations.filter(({ way, operation }) => `${way}: ${operation}` === row);
    const cells = shortKinds.map((kind) => {
      const found = those.find((one) => one.kind === kind);
      if (!found) return '–';
      const { clientMicros, serverMicros, latency, unanswered } = found;
      return `${clientMicros.toFixed(0)} + ${serverMicros.toFixed(0)}; ${latency.p50.toFixed(0)}${unanswered > 0 ? ` (${unanswered} without an answer)` : ''}`;
    });
    return [row, ...cells, grouped(those[0]!.n)];
  });
  return table(['Way', ...shortKinds, 'n of each'], rows);
}

function hostileLine({ hostile: { envelopes, sealedNoise } }: Measured): string {
  const read = envelopes.filter(({ outcome }) => outcome === 'read' || outcome === 'threw').length;
  const grown = Math.max(...envelopes.map(({ grownMiB }) => grownMiB ?? NaN));
  const slowest = Math.max(...envelopes.map(({ ms }) => ms));
  return (
    `Hostile envelopes with a checksum that is right, some of which make a gigabyte: ${read} of ${envelopes.length} were read or threw; ` +
    `at most ${grown.toFixed(0)} MiB and ${slowest.toFixed(0)} ms for one. Random bytes under a right checksum: ` +
    `${sealedNoise.threw} of ${grouped(sealedNoise.n)} threw.`
  );
}

// Run as a program, with the file that a run names at its end: node --import tsx test/bench/cache-page.ts FILE
writePart('cache', pageOf);
