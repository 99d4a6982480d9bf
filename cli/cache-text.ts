import type { Analysis } from '../platform/cache-analysis.ts';
import { type Column, type Io, paint, table } from './output.ts';

type KindLine = Analysis['kinds'][number];
type Band = KindLine['bands'][number];
type Policy = NonNullable<Band['policies']>[number];

/** What stands there, how it is used and what it costs, and under each kind how it is stored and what other ways would change. */
export function analysisText(io: Pick<Io, 'colour'>, analysis: Analysis): string {
  const { kinds, memoryUsage } = analysis;
  return [
    heading(io, 'What stands in Redis'),
    table(kinds, memoryUsage === 'not asked' ? STANDS : [...STANDS, ...TAKES]),
    besideText(analysis),
    heading(io, 'How it is used, and what it costs'),
    table(kinds, USES),
    usesText(analysis),
    heading(io, 'How it is stored, and what other ways would change'),
    ...kinds.flatMap((kind) => kind.bands.map((band) => bandText(kind, band, analysis))),
    kinds.every(({ bands }) => bands.length === 0) ? 'no values, and no process said anything\n' : '',
  ].join('');
}

const STANDS: readonly Column<KindLine>[] = [
  { title: 'KIND', of: ({ kind }) => kind },
  { title: 'VALUES', of: ({ values }) => count(values), right: true },
  { title: 'KEYS', of: ({ keys }) => count(keys), right: true },
  { title: 'ENDED', of: ({ ended }) => count(ended), right: true },
  { title: 'UNREADABLE', of: ({ unreadable }) => count(unreadable), right: true },
  { title: 'PLAIN', of: ({ plainBytes }) => size(plainBytes), right: true },
  { title: 'STORED', of: ({ storedBytes }) => size(storedBytes), right: true },
  { title: 'SAVED', of: ({ values, savedShare }) => (values === 0 ? '-' : share(savedShare)), right: true },
];

const TAKES: readonly Column<KindLine>[] = [
  { title: 'MEMORY', of: ({ memory }) => memoryText(memory), right: true },
  { title: 'AS JSON', of: ({ values, memory }) => (values === 0 ? '-' : size(memory?.asJsonBytes)), right: true },
  { title: 'SAVED', of: ({ values, memory }) => (values === 0 ? '-' : share(memory?.savedShare)), right: true },
];

const USES: readonly Column<KindLine>[] = [
  { title: 'KIND', of: ({ kind }) => kind },
  { title: 'HIT RATE', of: ({ reads }) => share(reads?.hitRate), right: true },
  { title: 'OF REDIS ALONE', of: ({ reads }) => share(reads?.sharedHitRate), right: true },
  { title: 'WRITE µs', of: ({ micros }) => microsText(micros.write), right: true },
  { title: 'READ µs', of: ({ micros }) => microsText(micros.read), right: true },
  { title: 'WRITTEN', of: ({ written }) => count(written?.values), right: true },
  { title: 'SAVED OF JSON', of: ({ written }) => share(written?.savedShare), right: true },
  { title: '$ CPU', of: ({ dollarsPerMonth }) => dollars(dollarsPerMonth.cpu), right: true },
  { title: '$ MEMORY', of: ({ dollarsPerMonth }) => dollars(dollarsPerMonth.memory), right: true },
  { title: '$ AS JSON', of: ({ dollarsPerMonth }) => dollars(dollarsPerMonth.memoryAsJson), right: true },
];

function besideText({ beside, foreignKeys, memoryUsage, usedMemoryBytes }: Analysis): string {
  const others = beside
    .filter(({ keys }) => keys > 0)
    .map(({ what, keys, memory }) => `${what} ${count(keys)}${memory === null ? '' : ` (${memoryText(memory)})`}`);
  const lines = [
    others.length > 0 ? `beside it, in keys: ${others.join(', ')}` : '',
    foreignKeys > 0 ? `${count(foreignKeys)} keys under the cache's prefix are none of its kinds` : '',
    memoryUsage === 'not asked' ? 'memory and its price are left out: --memory-usage asks the server for them' : '',
    memoryUsage === 'refused' ? 'the server does not say what keys take: where memory is unknown, so is its price' : '',
    memoryUsage !== 'not asked' ? `the server takes ${size(usedMemoryBytes)} in all, for everything that it holds` : '',
  ];
  return lines.map((line) => (line === '' ? '' : `${line}\n`)).join('');
}

function usesText({ countedSince, processes, prices }: Analysis): string {
  const { dollarsPerGbHour, dollarsPerCpuSecond } = prices;
  return (
    `counted since ${countedSince ?? 'never'}; processes that said how they store, in the last quarter of an hour: ${count(processes)}\n` +
    `dollars a month, at ${plain(dollarsPerGbHour)} for a gigabyte-hour and ${plain(dollarsPerCpuSecond * 3600)} for an hour of CPU\n`
  );
}

function bandText({ kind }: KindLine, band: Band, { processes }: Analysis): string {
  const { from, below, values, inForce, use, policies } = band;
  const head = `${kind}, ${size(from)} to ${size(below)}: ${count(values)} ${values === 1 ? 'value' : 'values'}\n`;
  const ways = inForce.map(
    ({ method, why, slow, processes: of }) =>
      `  in force: ${methodText(method)}, ${WHYS[why]}${slow === null ? '' : `; what stays is stored anew with ${methodText(slow)}`}; said by ${count(of)} of ${count(processes)}\n`,
  );
  if (inForce.length === 0) return `${head}  in force: unknown, no process said so\n`;
  if (use === null || policies === null) return `${head}${ways.join('')}  other ways: unknown, none was tried\n`;
  const terms = `  tried on ${count(use.samples)} values, which stand for ${decimal(use.lifeHours)} hours and are read ${decimal(use.readsPerWrite)} times\n`;
  return `${head}${ways.join('')}${terms}${indented(table(shown(policies, inForce[0]!.method), POLICIES))}`;
}

const WHYS = {
  start: 'which is what it starts with: nothing was tried yet',
  pinned: 'because it is pinned',
  kept: 'kept: another is better, and not by a tenth',
  best: 'the best that callers can wait for',
} as const satisfies Record<Band['inForce'][number]['why'], string>;

const POLICIES: readonly Column<Policy>[] = [
  { title: 'METHOD', of: ({ method }) => methodText(method) },
  { title: 'MEMORY OF ONE', of: ({ memoryBytes }) => size(memoryBytes), right: true },
  { title: 'WRITE µs', of: ({ writeMicros }) => decimal(writeMicros), right: true },
  { title: 'READ µs', of: ({ readMicros }) => decimal(readMicros), right: true },
  { title: 'MEMORY OF ALL', of: ({ bytesMore }) => signed(bytesMore, size), right: true },
  { title: '$ A MONTH', of: ({ dollarsMorePerMonth }) => signed(dollarsMorePerMonth, dollars), right: true },
];

const SHOWN = 5;

/** The cheapest, what is in force, and nothing at all. */
function shown(policies: readonly Policy[], inForce: Policy['method']): Policy[] {
  const open = policies.filter(({ sameClassAs }) => sameClassAs === null);
  return policies.filter(
    (one) =>
      (open.indexOf(one) >= 0 && open.indexOf(one) < SHOWN) ||
      one.method.codec === 'none' ||
      methodText(one.method) === methodText(inForce),
  );
}

const heading = (io: Pick<Io, 'colour'>, text: string): string => `\n${paint(io, 'bold', text)}\n`;
const indented = (text: string): string => text.replace(/^(?=.)/gm, '  ');

const methodText = ({ codec, level, dictionary }: Policy['method']): string =>
  `${codec}${level > 0 ? `:${level}` : ''}${dictionary ? '+dictionary' : ''}`;

type Known = number | null | undefined;
const UNKNOWN = 'unknown';
const known = (value: Known, text: (value: number) => string): string =>
  value === null || value === undefined ? UNKNOWN : text(value);

const count = (value: Known): string => known(value, (number) => number.toLocaleString('en-US'));
const share = (value: Known): string => known(value, (number) => `${(number * 100).toFixed(1)} %`);
const decimal = (value: Known): string => known(value, (number) => number.toFixed(1));
const plain = (value: number): string => String(Number(value.toPrecision(6)));
const dollars = (value: Known): string =>
  known(value, (number) => (Math.abs(number) >= 0.01 || number === 0 ? number.toFixed(2) : number.toPrecision(2)));
const signed = (value: Known, text: (value: number) => string): string =>
  known(value, (number) => (number === 0 ? '0' : `${number < 0 ? '-' : '+'}${text(Math.abs(number))}`));

function size(value: Known): string {
  return known(value, (bytes) => {
    if (bytes >= 1024 ** 3) return `${(bytes / 1024 ** 3).toFixed(1)} GiB`;
    if (bytes >= 1024 ** 2) return `${(bytes / 1024 ** 2).toFixed(1)} MiB`;
    return bytes >= 1024 ? `${(bytes / 1024).toFixed(1)} KiB` : `${Math.round(bytes)} B`;
  });
}

function microsText(cpu: KindLine['micros']['write']): string {
  return cpu === null ? UNKNOWN : `${cpu.micros.toFixed(1)}${cpu.how === 'tried' ? ' (tried)' : ''}`;
}

function memoryText(memory: { readonly bytes: number; readonly margin: number } | null): string {
  if (memory === null) return UNKNOWN;
  return `${size(memory.bytes)}${memory.margin === 0 ? '' : ` ±${size(memory.margin)}`}`;
}
