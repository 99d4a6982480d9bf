import type { Iso } from '../glossary.ts';

/** Public files of market figures: Zillow's home value index, FHFA's house price index, Redfin's market tracker. */
export const figureSources = ['zhvi', 'fhfa', 'redfin'] as const;
export type FigureSource = (typeof figureSources)[number];

/** What must stand beside a figure wherever it is shown. */
export const figureCredits: Readonly<Record<FigureSource, string>> = {
  zhvi: 'Zillow Home Value Index, Zillow Research (zillow.com/research/data)',
  fhfa: 'House Price Index, Federal Housing Finance Agency (fhfa.gov)',
  redfin: 'Redfin, a national real estate brokerage (redfin.com/news/data-center)',
};

/** Units, each with what a figure in it can be at all: what lies outside is a mistake of the file, whoever made it. Both ends belong to it. */
const units = {
  USD: [1_000, 100_000_000],
  'USD/sqft': [1, 50_000],
  /** A price index, with the base of its source. */
  index: [1, 10_000],
  /** Points of an index, for its standard error. */
  points: [0, 1_000],
  homes: [0, 50_000_000],
  months: [0, 1_000],
  days: [0, 10_000],
  /** Of one price to another. */
  ratio: [0.1, 10],
  /** Of all, 0 to 1. */
  share: [0, 1],
} as const;
export type FigureUnit = keyof typeof units;

/** One number of a file: one series of one region in one period. */
export interface Figure {
  /** What is counted and how, in the words of the source: `all-transactions`, `median_sale_price/All Residential/30d`. */
  readonly series: string;
  /** In the source's words: `msa`, `state`, `zip`. */
  readonly regionType: string;
  /** The source's own id of the region. */
  readonly region: string;
  readonly regionName: string;
  /** The last day of the period, `2026-10-31`. */
  readonly period: string;
  /** Digits as the file has them. */
  readonly value: string;
  readonly unit: FigureUnit;
  /** When this figure was made, where its row says so; null: as of its file. */
  readonly asOf: Iso | null;
}

/** Why a row, or one figure of it, was not taken. */
export interface FigureProblem {
  readonly reason: 'cells' | 'region' | 'period' | 'not-a-number' | 'absurd' | 'repeated' | 'too-long';
  /** Heading of the column; null: the row as a whole. */
  readonly field: string | null;
  /** What was expected. */
  readonly detail: string;
}

/** What one row of a file says. */
export interface FigureRow {
  /** From 1, the heading not counted. */
  readonly row: number;
  readonly figures: readonly Figure[];
  readonly problems: readonly FigureProblem[];
}

const NUMBER = /^-?\d{1,15}(?:\.\d{1,20})?(?:[eE][+-]?\d{1,2})?$/;

/** The text of a cell as a figure's value, or what is wrong with it. An empty cell is for the caller to know: it may mean "not covered". */
export function figureValue(
  text: string,
  unit: FigureUnit,
  field: string,
): { readonly value: string } | { readonly problem: FigureProblem } {
  if (!NUMBER.test(text)) return { problem: { reason: 'not-a-number', field, detail: `expected a number of ${unit}` } };
  const [least, most] = units[unit];
  const number = Number(text);
  if (number >= least && number <= most) return { value: text };
  return { problem: { reason: 'absurd', field, detail: `expected ${least} to ${most} ${unit}` } };
}

/** Nothing was measured before; the oldest of these series begins in 1975. */
const FIRST_YEAR = 1950;

/** A day of the calendar that may end a period: not before anything was measured, not after `today`. */
export function isPeriod(day: string, today: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number(day.slice(0, 4)) < FIRST_YEAR || day > today) return false;
  const date = new Date(`${day}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day);
}

/** The last day of a month, `2026-02-28`. @param month 1 to 12; 13 is January of the next year */
export function monthEnd(year: number, month: number): string {
  return new Date(Date.UTC(year, month, 0)).toISOString().slice(0, 10);
}
