import type { Fact, RecordChange } from './records.ts';

/** What happened to a record, in one sentence without any value: names, times and texts stay in the store. */
export function recordSentence({ kind, what, facts }: RecordChange): string {
  const has = (fact: string) => Object.hasOwn(facts, fact);
  const noun = nouns[kind] ?? 'A record of the CRM';
  if (what === 'deleted') return `${noun} was deleted.`;
  if (what === 'created') return `${noun} was made.`;
  if (what === 'none') return `${noun} was told about again.`;
  const said = [
    ...(has('status') ? [statusWord(facts['status']?.after)] : []),
    ...(has('completed') && facts['completed']?.after === true ? ['was done'] : []),
    ...(has('stageId') || has('pipelineId') ? ['moved to another stage'] : []),
    ...(has('startsAt') ? ['was set to another time'] : []),
    ...(has('assignedTo') ? ['was given to somebody else'] : []),
    ...(has('value') ? ['changed its value'] : []),
  ];
  // A first word of a record is no change of it.
  const isFirst = Object.values(facts).every(({ before }) => before === undefined);
  if (isFirst && !has('completed')) return `${noun} became known.`;
  return `${noun} ${said.length > 0 ? said.join(', ') : 'was changed'}.`;
}

/** To the lead that it belonged to. */
export function recordGone(kind: RecordChange['kind']): string {
  return `${nouns[kind] ?? 'A record of the CRM'} went over to another contact.`;
}

const nouns: Readonly<Record<string, string>> = {
  opportunity: 'An opportunity',
  appointment: 'An appointment',
  task: 'A task',
  note: 'A note',
};

/** The vendor's own words; another one is not repeated. */
const statusWords: Readonly<Record<string, string>> = {
  open: 'is open again',
  won: 'was won',
  lost: 'was lost',
  abandoned: 'was abandoned',
  new: 'is new',
  confirmed: 'was confirmed',
  cancelled: 'was cancelled',
  showed: 'was kept',
  noshow: 'was missed by the lead',
  invalid: 'turned out to be invalid',
  completed: 'is over',
};

function statusWord(status: unknown): string {
  return (typeof status === 'string' ? statusWords[status] : undefined) ?? 'changed its status';
}

/** Facts whose values are ids, times, numbers and words of the vendor: nobody's name or text. */
const PLAIN: ReadonlySet<string> = new Set([
  ...['status', 'pipelineId', 'stageId', 'calendarId', 'groupId', 'value', 'assignedTo', 'contactId'],
  ...['startsAt', 'endsAt', 'dueAt', 'completed', 'createdAt'],
]);

/** What becomes of a record, fact by fact: `opportunity changed`, `status: open → won`, `name`. Texts are named and not repeated. */
export function recordChangeWords({ kind, what, facts }: RecordChange): readonly string[] {
  if (what === 'none') return [];
  const changed = Object.entries(facts).map(([name, { before, after }]) => {
    const [from, to] = [before, after].map((fact) => (PLAIN.has(name) ? plainWord(fact) : undefined));
    return from === undefined || to === undefined ? name : `${name}: ${from} → ${to}`;
  });
  return [`${kind} ${what}`, ...changed];
}

function plainWord(fact: Fact | undefined): string | undefined {
  if (fact === undefined) return 'unknown';
  if (fact === null) return 'none';
  const word = typeof fact === 'object' ? '' : String(fact);
  return /^[\w:.+-]{1,64}$/.test(word) ? word : undefined;
}
