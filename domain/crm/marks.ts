import type { Iso } from '../glossary.ts';

/**
 * What we remember of our own writes to a contact, so that what is ours can be told from what is a person's: `tag:hot-lead`,
 * `field:contact.budget`, `dnd:sms`, `workflow:<id>`, `opportunity`. No mark: not ours, whatever is there.
 *
 * - `setting`, `removing`: written down before the call. Whoever finds it later compares with a fresh read, and knows what became of it.
 * - `ours`: we set it, and it was so when last seen.
 * - `given`: a step of a sequence gave it. Ours to undo, and not the plan's to take away.
 * - `let-go`: a person took away or changed what we had set. It is not set again while the plan wants the same.
 * - `kept`: a person asked us to put back what we had removed. It stays until it is wanted again.
 * - `foreign`: the field shows somebody else's value, and the timeline has said so.
 * - `unmapped`: the location has no such field or stage, and the timeline has said so.
 */
export type MarkState = 'setting' | 'removing' | 'ours' | 'given' | 'let-go' | 'kept' | 'foreign' | 'unmapped';

export interface Mark {
  readonly state: MarkState;
  /** When we began to write. */
  readonly at: Iso;
  /** A tag in our spelling, a field's value as we wrote it, a stage. */
  readonly value?: string | number;
  /** What was there before; absent: nothing. */
  readonly before?: string | number;
  /** Id of the opportunity, or of the custom field. */
  readonly id?: string;
  /** Of an opportunity. */
  readonly pipelineId?: string;
  /** Of an opportunity that we begin to move: since when it had stood where we found it. Absent: the CRM did not tell. */
  readonly stageSince?: Iso;
  readonly planVersion?: number;
}

export type Marks = Readonly<Record<string, Mark>>;

export const OPPORTUNITY_MARK = 'opportunity';

export function tagMark(tag: string): string {
  return `tag:${tag.trim().toLowerCase()}`;
}

export function fieldMark(key: string): string {
  return `field:${key}`;
}

export function dndMark(channel: string): string {
  return `dnd:${channel}`;
}

export function workflowMark(workflowId: string): string {
  return `workflow:${workflowId}`;
}

/** Names of the marks of one kind, without their kind. */
export function marked(marks: Marks, kind: 'tag' | 'field' | 'dnd' | 'workflow'): readonly string[] {
  const prefix = `${kind}:`;
  return Object.keys(marks)
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
}
