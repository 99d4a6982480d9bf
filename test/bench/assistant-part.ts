import type { Control, Report, Table, Target } from './report.ts';
import type { Summary } from './summary.ts';

/** What one part of `bench -- assistant` measured, in the fields of the report that it goes into. */
export interface AssistantPart {
  readonly metrics: Readonly<Record<string, Summary>>;
  readonly targets: readonly Target[];
  readonly control: Readonly<Record<string, Control>>;
  readonly tables: readonly Table[];
  readonly parts: Report['parts'];
}
