import type { Command } from 'commander';
import { parseSequence } from '../../domain/follow-up/document.ts';
import { type Calendar, type CalendarEntry, simulate } from '../../domain/follow-up/simulate.ts';
import { clockTime, parseSimulatedLead, readTime, type SimulatedLead } from '../../domain/follow-up/simulated-lead.ts';
import type { SequenceDocument } from '../../domain/follow-up/sequence.ts';
import type { Iso } from '../../domain/glossary.ts';
import { bundledSequences } from '../../platform/bundled-sequences.ts';
import { connect } from '../client.ts';
import { Failure, usage } from '../failure.ts';
import { readJsonFile } from '../json-file.ts';
import { leadPath } from '../lead-path.ts';
import { type TalkOptions, talks } from '../options.ts';
import { type Colour, type Io, paint, printJson, printable, table } from '../output.ts';

interface SimulateOptions extends TalkOptions {
  readonly lead: string;
  readonly from?: string;
}

/** The calendar that a lead would live, decided by the interpreter and the gate that work the real ones; nothing is sent or stored. */
export function addSimulate(sequences: Command, io: Io): void {
  talks(
    sequences
      .command('simulate')
      .description('the calendar that a lead would live with a sequence; nothing is sent or stored')
      .argument('<key|file>', 'a published sequence, or the file of one that is not published yet'),
  )
    .requiredOption('--lead <file>', 'the lead, as in docs/examples/lead-texas-seller.json')
    .option(
      '--from <time>',
      'when the lead is enrolled: a day (then at 10:00), or a time on its clock; now unless told',
    )
    .action(async (what: string, options: SimulateOptions) => {
      const lead = await readLead(io, options.lead);
      const { document, source } = await documentOf(io, what, options);
      const from = beginOf(options.from, lead.zone);
      const calendar = simulate(document, lead, from);
      if (options.json) return printJson(io, asJson(document, source, lead, from, calendar));
      io.out(calendarText(io, document, source, lead, from, calendar));
    });
}

async function readLead(io: Io, file: string): Promise<SimulatedLead> {
  const parsed = parseSimulatedLead(await readJsonFile(io, file, 'LEAD_FILE_INVALID'));
  if (parsed.ok) return parsed.lead;
  const ways = parsed.problems.map(({ path, message }) => `${path}: ${message}`);
  throw new Failure(`${file} is no lead file.`, { code: 'LEAD_FILE_INVALID', ways });
}

/** What is published where Leadwright runs, what ships with it where it does not, or a file that nobody has published. */
async function documentOf(
  io: Io,
  what: string,
  options: TalkOptions,
): Promise<{ readonly document: SequenceDocument; readonly source: string }> {
  if (what.endsWith('.json')) {
    const parsed = parseSequence(await readJsonFile(io, what, 'SEQUENCE_INVALID'));
    if (parsed.ok) return { document: { ...parsed.document, version: 1 }, source: `of ${what}` };
    const ways = parsed.problems.map(({ path, message }) => `${path}: ${message}`);
    throw new Failure(`${what} is no sequence that could be published.`, { code: 'SEQUENCE_INVALID', ways });
  }
  try {
    const document = await connect(io, options).get<SequenceDocument>(`/api/sequences/${encodeURIComponent(what)}`);
    return { document, source: `version ${document.version}` };
  } catch (error) {
    const bundled = bundledSequences().find(({ key }) => key === what);
    if (bundled === undefined || !(error instanceof Failure) || error.code !== 'API_UNREACHABLE') throw error;
    return {
      document: { ...bundled, version: 1 },
      source: 'as it ships; nothing runs here that has published another',
    };
  }
}

function beginOf(text: string | undefined, zone: string | null): Iso {
  if (text === undefined) return new Date().toISOString();
  const at = readTime(/^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T10:00` : text, zone);
  if (at === undefined) throw usage('--from: expected a day such as 2026-03-04, or a time such as 2026-03-04T18:30');
  return at;
}

function calendarText(
  io: Io,
  document: SequenceDocument,
  source: string,
  lead: SimulatedLead,
  from: Iso,
  calendar: Calendar,
): string {
  const clock = (at: Iso) => clockTime(at, lead);
  const begin = `${printable(document.title)}, ${source}\nenrolled ${clock(from)}, ${
    lead.zone === null ? 'times in UTC, the zone being unknown' : `times in ${lead.zone}`
  }\n`;
  const unfit = calendar.unfit === null ? '' : `its trigger would not enrol this lead: ${calendar.unfit}\n`;
  const rows = table(calendar.entries, [
    { title: 'WHEN', of: ({ at }) => clock(at) },
    { title: 'STEP', of: ({ step }) => step },
    { title: 'CHANNEL', of: ({ channel }) => channel },
    { title: 'WORDS', of: ({ words }) => firstWords(words) },
    { title: 'VERDICT', of: (entry) => verdictWords(entry, clock) },
    { title: 'WHY', of: ({ reason }) => reason ?? '' },
  ]);
  const end = `ends ${clock(calendar.end.at)}: ${calendar.end.why}\n`;
  const lines = calendar.entries.length === 0 ? '' : `\n${painted(io, rows, calendar.entries)}\n`;
  return `${begin}${unfit}${lines}${end}`;
}

function verdictWords({ verdict, channel, again }: CalendarEntry, clock: (at: Iso) => string): string {
  const until = again === null ? '' : ` until ${clock(again)}`;
  switch (verdict) {
    case 'goes-out':
      return channel === 'sms' || channel === 'email' ? 'goes out' : 'is done';
    case 'waits':
      return `waits${until}`;
    case 'held':
      return `held${until}`;
    case 'task':
      return 'a call task instead';
    case 'refused':
      return 'does not go out';
    case 'skipped':
      return 'skipped';
  }
}

const colours: Readonly<Record<CalendarEntry['verdict'], Colour>> = {
  'goes-out': 'green',
  waits: 'yellow',
  held: 'yellow',
  task: 'cyan',
  refused: 'red',
  skipped: 'dim',
};

/** One colour a line, by its verdict; the first line holds the titles. */
function painted(io: Io, rows: string, entries: readonly CalendarEntry[]): string {
  const [titles = '', ...lines] = rows.trimEnd().split('\n');
  const told = lines.map((line, index) => paint(io, colours[entries[index]!.verdict], line));
  return [titles, ...told].map((line) => `${line}\n`).join('');
}

function firstWords(words: string): string {
  const line = printable(words);
  return line.length <= 44 ? line : `${line.slice(0, 43).trimEnd()}…`;
}

function asJson(document: SequenceDocument, source: string, lead: SimulatedLead, from: Iso, calendar: Calendar) {
  return {
    ...{ key: document.key, title: document.title, source, zone: lead.zone, from },
    ...calendar,
    entries: calendar.entries.map((entry) => ({ ...entry, local: clockTime(entry.at, lead) })),
  };
}

/** Each step as a text to the phone of whoever asks; whom it may go to, the installation decides and asks again before each text. */
export function addPreview(sequences: Command, io: Io): void {
  talks(
    sequences
      .command('preview')
      .description('send a sequence to your own phone, all steps at once and marked as a preview')
      .argument('<key|file>', 'a published sequence, or the file of one that is not published yet'),
  )
    .requiredOption(
      '--to-me <contact>',
      'your own contact, with the tag leadwright-preview; it wrote a text in the last hour',
    )
    .action(async (what: string, options: TalkOptions & { readonly toMe: string }) => {
      const client = connect(io, options);
      const path = await leadPath(client, options.toMe);
      const body = what.endsWith('.json')
        ? { document: await readJsonFile(io, what, 'SEQUENCE_INVALID') }
        : { sequence: what };
      const answer = await client.post<{ texts: number }>(`${path}/preview`, body);
      if (options.json) return printJson(io, answer);
      io.out(`${answer.texts} text(s) are on their way to the gate; leads show tells what becomes of them\n`);
    });
}
