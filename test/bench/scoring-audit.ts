import { auditOf } from '../../domain/scoring/card/audit.ts';
import type { Card } from '../../domain/scoring/card/card.ts';
import { type FeatureDeclaration, readWithRefusals } from '../../domain/scoring/data/dataset-schema.ts';
import type { Interval } from '../../domain/scoring/judge/intervals.ts';
import { classifyIntervals, classifyMetrics } from '../../domain/scoring/judge/metrics.ts';
import { logistic } from '../../domain/scoring/scorecard.ts';
import { taskOf } from '../../domain/scoring/trainer/task.ts';
import { unseenMargins } from '../../domain/scoring/trainer/unseen.ts';
import type { QualityControl } from './scoring-quality.ts';
import { readSet, readTable, schemaDocument, type SetName, setNames } from './scoring-sets.ts';

/** How well a set's allowed features tell a column that they must not tell. */
export type ProxyFigure = Card['fairness']['proxies'][number] & { readonly set: SetName };

/** What a model would look like with every column up to this step, had it been let. */
export interface LadderStep {
  readonly step: string;
  readonly added: readonly string[];
  readonly n: number;
  readonly auc: number;
  readonly interval: Interval | null;
}

export interface AuditFigures {
  readonly proxies: readonly ProxyFigure[];
  /** Undefined: the set is not there. */
  readonly ladder: readonly LadderStep[] | undefined;
  readonly controls: readonly QualityControl[];
}

const seed = 1;
const ladderSet = 'x-education-leads';

/** Columns of X-Education in the order in which they are filled in after the first contact; the last ones often know the outcome. */
const late: Readonly<Record<string, readonly (readonly [name: string, type: FeatureDeclaration['type']])[]>> = {
  T1: [['Last Activity', 'category']],
  T2: [
    ['Last Notable Activity', 'category'],
    ['Asymmetrique Activity Index', 'category'],
    ['Asymmetrique Profile Index', 'category'],
    ['Asymmetrique Activity Score', 'number'],
    ['Asymmetrique Profile Score', 'number'],
  ],
  T3: [
    ['Lead Profile', 'category'],
    ['Lead Quality', 'category'],
  ],
  T4: [['Tags', 'category']],
};

/**
 * What the allowed features of the public sets tell of people, and what columns that are known too late would win.
 * @param folder where sets lie that do not come with the project
 */
export async function auditFigures(folder: string | undefined, say: (line: string) => void): Promise<AuditFigures> {
  const proxies: ProxyFigure[] = [];
  for (const name of setNames) {
    const set = await readSet(name, folder);
    if (set?.schema.audit === undefined) continue;
    say(`${name}: what its features tell of ${set.schema.audit.map((column) => column.name).join(' and ')}`);
    const { fairness } = auditOf(set.table, set.schema, [], seed);
    proxies.push(...fairness.proxies.map((one) => ({ ...one, set: name })));
  }
  const ladder = await ladderOf(folder, say);
  return { proxies, ladder: ladder?.steps, controls: ladder === undefined ? [] : [ladder.control] };
}

async function ladderOf(folder: string | undefined, say: (line: string) => void) {
  const document = schemaDocument(ladderSet);
  const columns = Object.values(late).flat();
  const features = columns.map(([name, type]) => ({ name, type, knownAt: 'outcome' }));
  const { whole, admitted, refused } = readWithRefusals({ ...document, features: [...document.features, ...features] });
  const table = await readTable(ladderSet, folder, whole);
  if (table === undefined) return undefined;
  const task = taskOf(table, admitted, 3);
  const steps: LadderStep[] = [];
  const taken: FeatureDeclaration[] = [];
  for (const [step, added] of [['T0', []] as const, ...Object.entries(late)]) {
    say(`${ladderSet}: ${step}`);
    const names = added.map(([name]) => name);
    taken.push(...whole.features.filter(({ name }) => names.includes(name)));
    const schema = { ...admitted, features: [...admitted.features, ...taken] };
    const chances = unseenMargins(table, schema, task, seed).map(logistic);
    const { auc } = classifyMetrics(task.labels, chances, task.weights);
    const options = { seed, groups: task.groups, weights: task.weights };
    const interval = classifyIntervals(task.labels, chances, options).auc;
    steps.push({ step, added: names, n: table.rows, auc: auc!, interval });
  }
  const [first, last] = [steps[0]!, steps.at(-1)!];
  const all = columns.every(([name]) => refused.some(({ feature }) => feature.name === name));
  const control: QualityControl = {
    what: `${ladderSet}, nine columns that are known too late: ${all ? 'each refused by name' : 'not all refused'}; what they would have won`,
    metric: 'auc',
    normal: first.auc,
    value: last.auc,
    held: all && last.auc > first.auc + 0.05,
  };
  return { steps, control };
}
