-- What the CRM tells of its records. A column that is null is unknown or known to be empty; `facts_at` tells which, and with which news each
-- fact came (`~` before a time of our own clock; `+` and `-`: last told to be created, to be deleted). `known_at` is the time of the newest
-- news, `own_at` that of our own last write. Whose a record is may be unknown, so the contact is no part of a key.
-- Nothing here refers to a lead: news of a record may come before the first news of its contact.

create table opportunities (
  location_id    text not null,
  contact_id     text,
  opportunity_id text not null,
  pipeline_id    text,
  stage_id       text,
  status         text,
  name           text,
  value          numeric(14, 2),
  assigned_to    text,
  source         text,
  created_at     timestamptz(3),
  facts_at       jsonb not null,
  known_at       timestamptz(3) not null,
  deleted_at     timestamptz(3),
  own_at         timestamptz(3),
  primary key (location_id, opportunity_id)
) with (fillfactor = 85);
create index opportunities_of_contact on opportunities (location_id, contact_id) where contact_id is not null;

create table appointments (
  location_id    text not null,
  contact_id     text,
  appointment_id text not null,
  calendar_id    text,
  group_id       text,
  status         text,
  assigned_to    text,
  users          jsonb,
  title          text,
  address        text,
  notes          text,
  source         text,
  starts_at      timestamptz(3),
  ends_at        timestamptz(3),
  created_at     timestamptz(3),
  facts_at       jsonb not null,
  known_at       timestamptz(3) not null,
  deleted_at     timestamptz(3),
  own_at         timestamptz(3),
  primary key (location_id, appointment_id)
) with (fillfactor = 85);
create index appointments_of_contact on appointments (location_id, contact_id) where contact_id is not null;

create table crm_tasks (
  location_id text not null,
  contact_id  text,
  task_id     text not null,
  title       text,
  body        text,
  assigned_to text,
  due_at      timestamptz(3),
  completed   boolean,
  created_at  timestamptz(3),
  facts_at    jsonb not null,
  known_at    timestamptz(3) not null,
  deleted_at  timestamptz(3),
  own_at      timestamptz(3),
  primary key (location_id, task_id)
) with (fillfactor = 85);
create index crm_tasks_of_contact on crm_tasks (location_id, contact_id) where contact_id is not null;

create table crm_notes (
  location_id text not null,
  contact_id  text,
  note_id     text not null,
  body        text,
  created_at  timestamptz(3),
  facts_at    jsonb not null,
  known_at    timestamptz(3) not null,
  deleted_at  timestamptz(3),
  own_at      timestamptz(3),
  primary key (location_id, note_id)
) with (fillfactor = 85);
create index crm_notes_of_contact on crm_notes (location_id, contact_id) where contact_id is not null;

-- All other kinds, whole: records of custom objects and what relates them, campaigns, conversations, the app's plan.
create table crm_records (
  location_id text not null,
  contact_id  text,
  kind        text not null,
  record_id   text not null,
  facts       jsonb not null,
  facts_at    jsonb not null,
  known_at    timestamptz(3) not null,
  deleted_at  timestamptz(3),
  own_at      timestamptz(3),
  primary key (location_id, kind, record_id)
) with (fillfactor = 85);

-- What became of e-mails, by a keyed hash of the address. One report is one row, however often it comes.
create table email_events (
  location_id    text not null,
  event_key      text not null,
  recipient_hash text not null,
  event          text not null,
  message_id     text,
  code           smallint,
  at             timestamptz(3) not null,
  inbox_id       uuid,
  primary key (location_id, event_key)
);

-- Writes of ours that are about to come back as events; what the outbox and the marks of a lead tell is not repeated here.
create table crm_expected (
  location_id text not null,
  contact_id  text not null,
  write_key   text not null,
  kind        text not null,
  record_id   text,
  facts       jsonb not null,
  at          timestamptz(3) not null,
  primary key (location_id, contact_id, write_key)
);

-- Users come out of order like all else. A user whose name nobody has told yet is on no list.
alter table agent_profiles
  alter column name drop not null,
  add column facts_at jsonb not null default '{}',
  add column deleted_at timestamptz(3),
  add column own_at timestamptz(3);
-- Since when name and zone are known from the CRM's own news of the location.
alter table locations add column facts_at jsonb not null default '{}';
-- Who of the team wrote or called, where the CRM told.
alter table messages add column user_id text;

do $$
declare
  walled text;
begin
  foreach walled in array array['opportunities', 'appointments', 'crm_tasks', 'crm_notes', 'crm_records', 'email_events', 'crm_expected'] loop
    execute format('alter table %I enable row level security', walled);
    execute format('create policy tenant on %I to leadwright_tenant '
      'using (location_id = current_setting(''leadwright.location'', true)) '
      'with check (location_id = current_setting(''leadwright.location'', true))', walled);
  end loop;
end $$;
grant select, insert, update on opportunities, appointments, crm_tasks, crm_notes, crm_records to leadwright_tenant;
grant select, insert on email_events to leadwright_tenant;
grant select, insert, update, delete on crm_expected to leadwright_tenant;
