import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { TrainState } from '../domain/scoring/trainer/boost.ts';
import type { TrainMemory } from '../domain/scoring/trainer/train-model.ts';

/** All that decides what comes out of a training: where any of it is another, it begins anew. */
export interface TrainingKey {
  /** SHA-256 of the data and of the admitted schema. */
  readonly data: string;
  readonly schema: string;
  readonly seed: number;
  readonly trainer: string;
}

export interface Checkpoint {
  readonly memory: TrainMemory;
  /** How many trees were found in the file. */
  readonly found: () => number;
  /** Deletes the file, and forgets what was found in it. */
  readonly remove: () => void;
}

interface Line {
  readonly step: number;
  /** Of the tree in its step, from 1. */
  readonly number: number;
  readonly training: string;
  readonly best: TrainState['best'];
  readonly tree: TrainState['trees'][number];
}

/**
 * A file that keeps each tree of a training as a line, written at once, so that a training that was killed loses the tree it was at and no
 * other. It is there from the first tree on; its last line may have been cut off, and is passed over.
 * @param onFault told once where the file cannot be written: the training goes on, but cannot be continued
 */
export function openCheckpoint(path: string, key: TrainingKey, onFault: (cause: unknown) => void): Checkpoint {
  const head = `${JSON.stringify(key)}\n`;
  const states = new Map<number, TrainState>();
  let [begun, lost] = [restore(path, head, states), false];
  const keep: TrainMemory['keep'] = (step, { training, best, trees }) => {
    if (lost) return;
    const last: Line = { step, number: trees.length, training, best, tree: trees.at(-1)! };
    try {
      if (!begun) {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, head);
      }
      begun = true;
      appendFileSync(path, `${JSON.stringify(last)}\n`);
    } catch (cause) {
      lost = true;
      onFault(cause);
    }
  };
  return {
    memory: { keep, last: (step) => states.get(step) },
    found: () => [...states.values()].reduce((sum, { trees }) => sum + trees.length, 0),
    remove: () => {
      rmSync(path, { force: true });
      states.clear();
      begun = false;
    },
  };
}

/** Reads what the file holds of this very training, and cuts off what cannot be read. @returns whether there is anything */
function restore(path: string, head: string, states: Map<number, TrainState>): boolean {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return false;
  }
  if (!text.startsWith(head)) return false;
  let whole = head.length;
  for (let end = text.indexOf('\n', whole); end >= 0; end = text.indexOf('\n', whole)) {
    const read = lineOf(text.slice(whole, end));
    if (read === undefined || !follows(read, states)) break;
    whole = end + 1;
  }
  if (whole < text.length) truncateSync(path, Buffer.byteLength(text.slice(0, whole)));
  return true;
}

/** A line that is whole; what the trees are worth is judged by the trainer, which knows what they must be. */
function lineOf(text: string): Line | undefined {
  try {
    const { step, number, training, best, tree } = JSON.parse(text) as Partial<Line>;
    const counted = Number.isInteger(step) && Number.isInteger(number) && typeof training === 'string';
    const found = best === null || (Number.isInteger(best?.trees) && typeof best?.loss === 'number');
    const whole = counted && found && typeof tree === 'object';
    return whole ? ({ step, number, training, best, tree } as Line) : undefined;
  } catch {
    return undefined;
  }
}

/** Adds the line's tree to its step, if it is the next one of it. */
function follows({ step, number, training, best, tree }: Line, states: Map<number, TrainState>): boolean {
  const trees = (states.get(step)?.trees ?? []) as TrainState['trees'][number][];
  if (number !== trees.length + 1 || (states.get(step)?.training ?? training) !== training) return false;
  // One list grows with the step: a copy for each of thousands of trees would take longer than reading them.
  trees.push(tree);
  states.set(step, { training, trees, best });
  return true;
}
