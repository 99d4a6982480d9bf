import type { RecordKind } from '../../domain/crm/records.ts';

type ColumnType = 'text' | 'timestamptz' | 'numeric' | 'boolean' | 'jsonb';
type Column = readonly [fact: string, column: string, type: ColumnType];

interface Table {
  readonly name: string;
  readonly id: string;
  readonly columns: readonly Column[];
}

const CREATED: Column = ['createdAt', 'created_at', 'timestamptz'];

/** Kinds with a table of their own; `facts` of the others is one column of `crm_records`. */
const tables: Readonly<Partial<Record<RecordKind, Table>>> = {
  opportunity: {
    name: 'opportunities',
    id: 'opportunity_id',
    columns: [
      ['pipelineId', 'pipeline_id', 'text'],
      ['stageId', 'stage_id', 'text'],
      ['status', 'status', 'text'],
      ['name', 'name', 'text'],
      ['value', 'value', 'numeric'],
      ['assignedTo', 'assigned_to', 'text'],
      ['source', 'source', 'text'],
      CREATED,
    ],
  },
  appointment: {
    name: 'appointments',
    id: 'appointment_id',
    columns: [
      ['calendarId', 'calendar_id', 'text'],
      ['groupId', 'group_id', 'text'],
      ['status', 'status', 'text'],
      ['assignedTo', 'assigned_to', 'text'],
      ['users', 'users', 'jsonb'],
      ['title', 'title', 'text'],
      ['address', 'address', 'text'],
      ['notes', 'notes', 'text'],
      ['source', 'source', 'text'],
      ['startsAt', 'starts_at', 'timestamptz'],
      ['endsAt', 'ends_at', 'timestamptz'],
      CREATED,
    ],
  },
  task: {
    name: 'crm_tasks',
    id: 'task_id',
    columns: [
      ['title', 'title', 'text'],
      ['body', 'body', 'text'],
      ['assignedTo', 'assigned_to', 'text'],
      ['dueAt', 'due_at', 'timestamptz'],
      ['completed', 'completed', 'boolean'],
      CREATED,
    ],
  },
  note: { name: 'crm_notes', id: 'note_id', columns: [['body', 'body', 'text'], CREATED] },
};

/** Texts of one kind's statements. All of them: $1 location. */
export interface RecordStatements {
  readonly kind: RecordKind;
  /** $2 record. */
  readonly read: string;
  /** $2 contact: those that are not deleted, newest news first. */
  readonly ofContact: string;
  /** $2 record, $3 contact, $4 facts, $5 facts_at, $6 known_at, $7 deleted_at, $8 own_at. */
  readonly write: string;
}

const statements = new Map<RecordKind, RecordStatements>();

export function statementsOf(kind: RecordKind): RecordStatements {
  const known = statements.get(kind);
  if (known !== undefined) return known;
  const table = tables[kind];
  const made = kind === 'user' ? ofUsers() : table === undefined ? ofOthers(kind) : ofTable(kind, table);
  statements.set(kind, made);
  return made;
}

const COMMON = `contact_id as "contactId", facts_at as "factsAt", known_at as "knownAt", deleted_at as "deletedAt", own_at as "ownAt"`;
const KEPT = `contact_id = excluded.contact_id, facts_at = excluded.facts_at, known_at = excluded.known_at, deleted_at = excluded.deleted_at,
    own_at = excluded.own_at`;

function ofTable(kind: RecordKind, { name, id, columns }: Table): RecordStatements {
  const read = `select ${id} as "recordId", ${COMMON}, jsonb_build_object(${columns.map(asFact).join(', ')}) as facts from ${name}`;
  const names = columns.map(([, column]) => column);
  return {
    kind,
    read: `${read} where location_id = $1 and ${id} = $2`,
    ofContact: `${read} where location_id = $1 and contact_id = $2 and deleted_at is null order by known_at desc, ${id}`,
    write: `insert into ${name} (location_id, ${id}, contact_id, facts_at, known_at, deleted_at, own_at, ${names.join(', ')})
      select $1, $2, $3, $5, $6, $7, $8, ${columns.map(([fact]) => `given."${fact}"`).join(', ')}
      from jsonb_to_record($4::jsonb) as given (${columns.map(([fact, , type]) => `"${fact}" ${type}`).join(', ')})
      on conflict (location_id, ${id}) do update set ${KEPT}, ${names.map((column) => `${column} = excluded.${column}`).join(', ')}`,
  };
}

/** Instants in the one form in which facts are compared. */
function asFact([fact, column, type]: Column): string {
  const value =
    type === 'timestamptz' ? `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')` : column;
  return `'${fact}', ${value}`;
}

function ofOthers(kind: RecordKind): RecordStatements {
  const read = `select record_id as "recordId", ${COMMON}, facts from crm_records where location_id = $1 and kind = '${kind}'`;
  return {
    kind,
    read: `${read} and record_id = $2`,
    ofContact: `${read} and contact_id = $2 and deleted_at is null order by known_at desc, record_id`,
    write: `insert into crm_records (location_id, kind, record_id, contact_id, facts, facts_at, known_at, deleted_at, own_at)
      values ($1, '${kind}', $2, $3, $4, $5, $6, $7, $8)
      on conflict (location_id, kind, record_id) do update set ${KEPT}, facts = excluded.facts`,
  };
}

/** A profile that came from elsewhere says since when it is so as a whole. */
function ofUsers(): RecordStatements {
  const at = `to_char(changed_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`;
  const read = `select agent_id as "recordId", null as "contactId", changed_at as "knownAt", own_at as "ownAt",
      case when not active then coalesce(deleted_at, changed_at) end as "deletedAt",
      case when facts_at <> '{}' then facts_at else jsonb_strip_nulls(jsonb_build_object(
        'name', ${at}, 'email', ${at}, '+', case when active then ${at} end, '-', case when not active then ${at} end)) end as "factsAt",
      jsonb_build_object('name', name, 'email', email) as facts
    from agent_profiles where location_id = $1`;
  return {
    kind: 'user',
    read: `${read} and agent_id = $2`,
    ofContact: `${read} and agent_id = $2 and false`,
    write: `insert into agent_profiles (location_id, agent_id, name, email, active, changed_at, facts_at, deleted_at, own_at)
      select $1, $2, given.name, given.email, $7::timestamptz is null, $6, $5, $7, $8
      from jsonb_to_record($4::jsonb) as given (name text, email text) where $3::text is null
      on conflict (location_id, agent_id) do update set name = excluded.name, email = excluded.email, active = excluded.active,
        changed_at = excluded.changed_at, facts_at = excluded.facts_at, deleted_at = excluded.deleted_at, own_at = excluded.own_at`,
  };
}
