import { costOfReport } from '../domain/assistant/report.ts';
import { isAppError } from '../domain/errors.ts';
import type { Log } from '../domain/ports/log.ts';
import type { LedgerGroup, ModelLedgerUpkeep, Reconciliation } from '../domain/ports/model-ledger.ts';
import type { ModelUsageReport, ReportedUsage } from '../domain/ports/model-usage.ts';

export interface ModelUpkeepDeps {
  readonly ledger: ModelLedgerUpkeep;
  /** Null: no key reads the vendor's report, and what may have been billed stays in doubt. */
  readonly usage: ModelUsageReport | null;
  readonly now: () => Date;
  readonly log: Log;
}

const DAY_MS = 86_400_000;
/** An answer is given again for so long; longer than any work is repeated by itself. */
const ANSWERS_DAYS = 7;
/** Days that are over and are held against the report again and again: it may come late, and so may answers. */
const REPORT_DAYS = 3;
const REPORT_MS = 60_000;

/** Ends what nobody waits for any more. */
export async function sweepLedger({ ledger, now, log }: Omit<ModelUpkeepDeps, 'usage'>): Promise<void> {
  const lost = await ledger.sweep(now().toISOString());
  if (lost > 0) log.warn({ lost }, 'calls of a model whose worker is gone: they may have been billed');
}

/** Old answers go, and the vendor's report ends the doubt about days that are over. */
export async function keepLedger(deps: ModelUpkeepDeps): Promise<void> {
  const now = deps.now();
  const lost = await deps.ledger.sweep(now.toISOString());
  if (lost > 0) deps.log.warn({ lost }, 'calls of a model whose worker is gone: they may have been billed');
  await deps.ledger.forgetAnswers(new Date(now.getTime() - ANSWERS_DAYS * DAY_MS).toISOString());
  await reconcileDays(deps, dayBefore(now, REPORT_DAYS), dayBefore(now, 1));
}

export type GroupOutcome = LedgerGroup & (Reconciliation | { readonly kind: 'unpriced' });

/**
 * Holds days of the ledger, both counted, against the vendor's report. A difference is said loudly: a price is wrong, or the vendor's account
 * is used by somebody else.
 */
export async function reconcileDays(
  { ledger, usage, log }: Omit<ModelUpkeepDeps, 'now'>,
  first: string,
  last: string,
): Promise<readonly GroupOutcome[]> {
  const groups = await ledger.groups(first, last);
  if (usage === null || groups.length === 0) return [];
  const report = await usage.between(first, last, REPORT_MS);
  if (report.kind === 'failed') {
    log.warn({ code: report.code }, 'the usage report of the vendor could not be read; it is tried again');
    return [];
  }
  const outcomes: GroupOutcome[] = [];
  for (const group of groups) {
    const outcome = report.unpriced.includes(group.day)
      ? ({ kind: 'unpriced' } as const)
      : await hold(ledger, group, report.rows);
    outcomes.push({ ...group, ...outcome });
    tell(log, group, outcome);
  }
  return outcomes;
}

async function hold(
  ledger: ModelLedgerUpkeep,
  group: LedgerGroup,
  rows: readonly ReportedUsage[],
): Promise<Reconciliation | { readonly kind: 'unpriced' }> {
  let invoice: number;
  try {
    invoice = costOfReport(rows, group);
  } catch (error) {
    if (isAppError(error) && error.code === 'MODEL_PRICE_UNKNOWN') return { kind: 'unpriced' };
    throw error;
  }
  return ledger.reconcile(group, invoice);
}

function tell(log: Log, group: LedgerGroup, outcome: Reconciliation | { readonly kind: 'unpriced' }): void {
  switch (outcome.kind) {
    case 'agrees':
      if (outcome.settled > 0) log.info({ ...group, ...outcome }, 'the usage report ended the doubt about calls');
      return;
    case 'open':
      return log.info({ ...group, ...outcome }, 'calls are still under way; the usage report is read again');
    case 'below':
    case 'above':
      return log.error(
        { ...group, ...outcome },
        'the ledger of model calls and the usage report differ: a price is wrong, or the account is used elsewhere too',
      );
    case 'unpriced':
      return log.warn({ ...group }, 'the vendor reports what no price of ours covers: that day stays in doubt');
  }
}

function dayBefore(now: Date, days: number): string {
  return new Date(now.getTime() - days * DAY_MS).toISOString().slice(0, 10);
}
