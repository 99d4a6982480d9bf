import { type ParsedSequence, parseSequence } from '../../domain/follow-up/document.ts';
import { stepText } from '../../domain/follow-up/step-words.ts';
import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import { connect } from '../client.ts';
import { Failure } from '../failure.ts';
import { readJsonFile } from '../json-file.ts';
import type { Registry } from '../main.ts';
import { json, type TalkOptions, talks, wholeNumber } from '../options.ts';
import { type Io, paint, printJson, printable, table } from '../output.ts';
import { addSimulate } from './sequences-simulate.ts';

interface Summary {
  readonly key: string;
  readonly version: number;
  readonly title: string;
  readonly purpose: string;
  readonly priority: number;
  readonly steps: number;
}

export function addSequences(registry: Registry): void {
  const { program, io, exitWith } = registry;
  const sequences = program.command('sequences').description('follow-up sequences: look, check, publish');
  addSimulate(sequences, io);

  talks(sequences.command('list').description('published sequences, the newest version of each')).action(
    async (options: TalkOptions) => {
      const answer = await connect(io, options).get<{ items: Summary[] }>('/api/sequences');
      if (options.json) return printJson(io, answer);
      io.out(
        table(answer.items, [
          { title: 'KEY', of: (item) => item.key },
          { title: 'VERSION', of: (item) => item.version, right: true },
          { title: 'TITLE', of: (item) => item.title },
          { title: 'PRIORITY', of: (item) => item.priority, right: true },
          { title: 'STEPS', of: (item) => item.steps, right: true },
        ]),
      );
    },
  );

  talks(sequences.command('show').description('one sequence, as published').argument('<key>'))
    .option('--version <n>', 'an earlier version')
    .action(async (key: string, options: TalkOptions & { version?: string }) => {
      const version = options.version === undefined ? undefined : wholeNumber('--version', options.version, 1, 1e6);
      const path = `/api/sequences/${encodeURIComponent(key)}`;
      const document = await connect(io, options).get<SequenceDocument>(path, { version });
      if (options.json) return printJson(io, document);
      io.out(sequenceText(document));
    });

  json(sequences.command('lint').description('check a document without publishing it').argument('<file>')).action(
    async (file: string, options: { json?: true }) => {
      const parsed = parseSequence(await readJsonFile(io, file, 'SEQUENCE_INVALID'));
      const problems = parsed.ok ? [] : parsed.problems;
      if (options.json) printJson(io, { ok: parsed.ok, problems, warnings: parsed.warnings });
      else io.out(`${findings(io, parsed)}${parsed.ok ? 'it can be published' : 'it cannot be published'}\n`);
      if (!parsed.ok) exitWith(1);
    },
  );

  talks(
    sequences.command('publish').description('check a document and make it the newest version').argument('<file>'),
  ).action(async (file: string, options: TalkOptions) => {
    const document = await readJsonFile(io, file, 'SEQUENCE_INVALID');
    const parsed = parseSequence(document);
    if (!parsed.ok) {
      const ways = parsed.problems.map(({ path, message }) => `${path}: ${message}`);
      throw new Failure(`${file} cannot be published.`, { code: 'SEQUENCE_INVALID', ways });
    }
    const published = await connect(io, options).post<Summary>('/api/sequences', parsed.document);
    if (options.json) return printJson(io, published);
    io.out(`${findings(io, parsed)}${published.key} is published as version ${published.version}\n`);
  });
}

/** A document for people: when which step comes, and how it begins. */
function sequenceText(document: SequenceDocument): string {
  const { key, version, title, trigger, exits, steps } = document;
  const head = `${key}, version ${version}: ${printable(title)}\nbegins on ${trigger.on}, ends on ${exits.join(', ') || 'nothing'}\n`;
  return (
    head +
    table(steps, [
      { title: 'STEP', of: (step) => step.key },
      { title: 'AFTER', of: (step) => `${step.offset} from ${step.anchor}` },
      { title: 'CHANNEL', of: (step) => step.channel },
      { title: 'WHAT', of: (step) => stepText(step).slice(0, 60) },
    ])
  );
}

function findings(io: Io, parsed: ParsedSequence): string {
  const problems = parsed.ok ? [] : parsed.problems;
  return [
    ...problems.map(({ path, message }) => `${paint(io, 'red', 'problem')}  ${path}: ${message}\n`),
    ...parsed.warnings.map(({ path, message }) => `${paint(io, 'yellow', 'warning')}  ${path}: ${message}\n`),
  ].join('');
}
