import type { ReliabilityBin } from '../judge/reliability.ts';
import { percent, whole } from './words.ts';

const size = { width: 560, height: 470, left: 56, right: 28, top: 16, curve: 320, counts: 60, gap: 34 } as const;
const plotWidth = size.width - size.left - size.right;
const countsTop = size.top + size.curve + size.gap;
const marks = [0, 0.2, 0.4, 0.6, 0.8, 1];

/**
 * What was said against what came true, as SVG. Each bin is a point at its own mean probability with the interval that its rows allow, and
 * below stand their numbers: a bin of few rows cannot look as sure as one of many. Points on the dashed line were said rightly.
 * The colours come from the page (`currentColor`, `--accent`); a title and a description stand for the picture where it is not seen.
 */
export function reliabilityPicture(bins: readonly ReliabilityBin[], id: string): string {
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="${id}-title ${id}-text" font-family="system-ui, sans-serif" font-size="12">`,
    `<title id="${id}-title">Reliability curve</title>`,
    `<desc id="${id}-text">${description(bins)}</desc>`,
    ...axes(),
    line(x(0), y(0), x(1), y(1), 'stroke-dasharray="5 4" opacity="0.6"'),
    ...bins.flatMap((bin) => point(bin)),
    ...counts(bins),
    '</svg>',
  ];
  return parts.join('\n');
}

function description(bins: readonly ReliabilityBin[]): string {
  if (bins.length === 0) return 'No rows.';
  return bins
    .map(({ predicted, observed, interval, n }) => {
      const seen = `${percent(observed)} came true (${percent(interval.low)} to ${percent(interval.high)})`;
      return `Said ${percent(predicted)}: ${seen}, of ${whole(n)}.`;
    })
    .join(' ');
}

function axes(): string[] {
  const scales = marks.flatMap((mark) => [
    line(x(mark), y(0), x(mark), y(1), 'opacity="0.12"'),
    line(x(0), y(mark), x(1), y(mark), 'opacity="0.12"'),
    text(x(mark), y(0) + 16, 'middle', percent(mark, 0)),
    text(x(0) - 8, y(mark) + 4, 'end', percent(mark, 0)),
  ]);
  const middle = size.top + size.curve / 2;
  return [
    ...scales,
    line(x(0), y(0), x(1), y(0), ''),
    line(x(0), y(0), x(0), y(1), ''),
    text(x(0) - 8, countsTop + size.counts, 'end', 'rows'),
    text(x(0.5), size.height - 6, 'middle', 'probability that was said'),
    `<text x="14" y="${middle}" text-anchor="middle" fill="currentColor" transform="rotate(-90 14 ${middle})">share that came true</text>`,
  ];
}

/** The interval as a bar with ends, the share as a dot. */
function point({ predicted, observed, interval }: ReliabilityBin): string[] {
  const at = x(predicted);
  const accent = 'style="stroke:var(--accent, #1d5fa8)" stroke-width="2"';
  return [
    line(at, y(interval.low), at, y(interval.high), accent),
    line(at - 5, y(interval.low), at + 5, y(interval.low), accent),
    line(at - 5, y(interval.high), at + 5, y(interval.high), accent),
    `<circle cx="${round(at)}" cy="${round(y(observed))}" r="4" style="fill:var(--accent, #1d5fa8)"/>`,
  ];
}

/** Rows per bin as bars on a scale of their own, each with its number. */
function counts(bins: readonly ReliabilityBin[]): string[] {
  const most = Math.max(1, ...bins.map(({ n }) => n));
  return bins.flatMap(({ from, to, n }) => {
    const height = (size.counts - 14) * (n / most);
    const top = countsTop + size.counts - height;
    return [
      `<rect x="${round(x(from) + 1)}" y="${round(top)}" width="${round(x(to) - x(from) - 2)}" height="${round(height)}" fill="currentColor" opacity="0.3"/>`,
      text((x(from) + x(to)) / 2, top - 3, 'middle', whole(n), 'font-size="10"'),
    ];
  });
}

function x(share: number): number {
  return size.left + share * plotWidth;
}

function y(share: number): number {
  return size.top + (1 - share) * size.curve;
}

function line(x1: number, y1: number, x2: number, y2: number, more: string): string {
  const ends = `x1="${round(x1)}" y1="${round(y1)}" x2="${round(x2)}" y2="${round(y2)}"`;
  return `<line ${ends} stroke="currentColor" ${more}/>`;
}

function text(at: number, height: number, anchor: string, words: string, more = ''): string {
  return `<text x="${round(at)}" y="${round(height)}" text-anchor="${anchor}" fill="currentColor" ${more}>${words}</text>`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
