import type { Command } from 'commander';
import { type ParsedSequence, parseSequence } from '../../domain/follow-up/document.ts';
import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import type { SequenceDiff, SequenceHistory, SequenceItem } from '../../api/contract/sequences.ts';
import { connect } from '../client.ts';
import { Failure, usage } from '../failure.ts';
import { readJsonFile } from '../json-file.ts';
import type { Registry } from '../main.ts';
import { json, type TalkOptions, talks, wholeNumber } from '../options.ts';
import { type Io, paint, printJson } from '../output.ts';
import { diffText, historyText, listText, sequenceText } from '../sequence-text.ts';
import { addPreview, addSimulate } from './sequences-simulate.ts';

interface Summary {
  readonly key: string;
  readonly version: number;
}

export function addSequences(registry: Registry): void {
  const { program, io, exitWith } = registry;
  const sequences = program.command('sequences').description('follow-up sequences: look, check, publish');

  talks(sequences.command('list').description('sequences: what is in force, drafts, leads under way')).action(
    async (options: TalkOptions) => {
      const answer = await connect(io, options).get<{ items: SequenceItem[] }>('/api/sequences');
      if (options.json) return printJson(io, answer);
      io.out(listText(answer.items));
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

  talks(sequences.command('publish').description('check a document and put it in force').argument('[file]'))
    .option('--draft <key>', 'publish the draft of this sequence instead of a file')
    .action(async (file: string | undefined, options: TalkOptions & { draft?: string }) => {
      if ((file === undefined) === (options.draft === undefined)) throw usage('expected a file, or --draft KEY');
      const client = connect(io, options);
      if (options.draft !== undefined) {
        const published = await client.post<Summary>(`${pathOf(options.draft)}/publish`);
        if (options.json) return printJson(io, published);
        return io.out(`${published.key} is in force as version ${published.version}\n`);
      }
      const parsed = await readDocument(io, file ?? '');
      const published = await client.post<Summary>('/api/sequences', parsed.document);
      if (options.json) return printJson(io, published);
      io.out(`${findings(io, parsed)}${published.key} is in force as version ${published.version}\n`);
    });
  addVersions(registry, sequences);
  addSimulate(sequences, io);
  addPreview(sequences, io);
}

/** Drafts, and the versions that there were. */
function addVersions({ io }: Registry, sequences: Command): void {
  talks(
    sequences.command('draft').description('save a document as the draft of its sequence').argument('<file>'),
  ).action(async (file: string, options: TalkOptions) => {
    const parsed = await readDocument(io, file);
    const { key } = parsed.document;
    const saved = await connect(io, options).put<{ basedOn: number | null }>(`${pathOf(key)}/draft`, parsed.document);
    if (options.json) return printJson(io, saved);
    const against = saved.basedOn === null ? 'nothing is in force yet' : `version ${saved.basedOn} is in force`;
    io.out(`${findings(io, parsed)}saved as the draft of ${key}; ${against}\n`);
  });

  talks(
    sequences
      .command('versions')
      .description('the versions of a sequence, and what came into force when')
      .argument('<key>'),
  ).action(async (key: string, options: TalkOptions) => {
    const history = await connect(io, options).get<SequenceHistory>(`${pathOf(key)}/versions`);
    if (options.json) return printJson(io, history);
    io.out(historyText(history));
  });

  talks(
    sequences.command('diff').description('what differs, and for whom: the draft, or two versions').argument('<key>'),
  )
    .option('--from <n>', 'a version; without it the one in force')
    .option('--to <n>', 'a version; without it the draft')
    .action(async (key: string, options: TalkOptions & { from?: string; to?: string }) => {
      const version = (name: '--from' | '--to', text: string | undefined) =>
        text === undefined ? undefined : wholeNumber(name, text, 1, 1e6);
      const query = { from: version('--from', options.from), to: version('--to', options.to) };
      const diff = await connect(io, options).get<SequenceDiff>(`${pathOf(key)}/diff`, query);
      if (options.json) return printJson(io, diff);
      io.out(diffText(diff));
    });

  talks(sequences.command('rollback').description('put an earlier version in force again').argument('<key>'))
    .requiredOption('--version <n>', 'the version; leadwright sequences versions shows them')
    .action(async (key: string, options: TalkOptions & { version: string }) => {
      const version = wholeNumber('--version', options.version, 1, 1e6);
      const done = await connect(io, options).post<Summary>(`${pathOf(key)}/roll-back`, { version });
      if (options.json) return printJson(io, done);
      io.out(`${done.key} is in force as version ${done.version}; leads under way keep the version they began with\n`);
    });
}

function pathOf(key: string): string {
  return `/api/sequences/${encodeURIComponent(key)}`;
}

async function readDocument(io: Io, file: string): Promise<Extract<ParsedSequence, { ok: true }>> {
  const parsed = parseSequence(await readJsonFile(io, file, 'SEQUENCE_INVALID'));
  if (parsed.ok) return parsed;
  const ways = parsed.problems.map(({ path, message }) => `${path}: ${message}`);
  throw new Failure(`${file} cannot be published.`, { code: 'SEQUENCE_INVALID', ways });
}

function findings(io: Io, parsed: ParsedSequence): string {
  const problems = parsed.ok ? [] : parsed.problems;
  return [
    ...problems.map(({ path, message }) => `${paint(io, 'red', 'problem')}  ${path}: ${message}\n`),
    ...parsed.warnings.map(({ path, message }) => `${paint(io, 'yellow', 'warning')}  ${path}: ${message}\n`),
  ].join('');
}
