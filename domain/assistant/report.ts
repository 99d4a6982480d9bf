import type { ReportedUsage } from '../ports/model-usage.ts';
import { priceOf, type Usage } from './prices.ts';

const CLASSES = ['input', 'read', 'write5m', 'write1h', 'output'] as const;
const PICO_PER_NANO = 1_000;

/**
 * Nano-dollars of all calls together that the vendor reports for a day, model and way of billing. The report does not tell long prompts from
 * others: all are priced as ordinary ones.
 * @throws AppError MODEL_PRICE_UNKNOWN
 */
export function costOfReport(
  rows: readonly ReportedUsage[],
  { day, model, batch }: { readonly day: string; readonly model: string; readonly batch: boolean },
): number {
  const of = rows.filter((row) => row.day === day && row.model === model && (row.tier === 'batch') === batch);
  if (of.length === 0) return 0;
  const { rates } = priceOf(model, day);
  const sum = (one: keyof Usage): number => of.reduce((all, { usage }) => all + usage[one], 0);
  const pico = CLASSES.reduce((all, one) => all + sum(one) * rates[one], 0);
  return Math.round(pico / (batch ? 2 : 1) / PICO_PER_NANO);
}
