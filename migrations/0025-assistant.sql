-- What an assistant reads and drafts. Rows hold words of leads and for leads: they go when the contact is deleted.

-- What a language model is to be asked about a lead besides replies, and what came of it.
create table assist_jobs (
  location_id text not null,
  contact_id  text not null,
  job         text not null check (job in ('read', 'summary')),
  -- The message that is read, or the event that made a summary wanted.
  inbox_id    uuid not null,
  asked_at    timestamptz(3) not null,
  -- Not before; null: it is over.
  due_at      timestamptz(3),
  attempts    integer not null default 0,
  -- absent: nobody's reading but the rules'.
  state       text not null default 'waiting' check (state in ('waiting', 'done', 'absent')),
  -- Why there is nothing: a code, never a word.
  why         text,
  model       text,
  -- Nano-dollars, all attempts together; what may be billed counted.
  cost        bigint not null default 0,
  -- What was understood, each fact with the words that say so; or the summary.
  result      jsonb,
  -- Facts that were given and not taken, each with a code.
  dropped     jsonb not null default '[]',
  settled_at  timestamptz(3),
  primary key (location_id, contact_id, job, inbox_id),
  check ((state = 'waiting') = (due_at is not null))
);
create index assist_jobs_waiting on assist_jobs (location_id, contact_id) where due_at is not null;

-- The reply that a lead is owed: one, however many of its messages it answers.
create table replies_due (
  location_id text not null,
  contact_id  text not null,
  channel     text not null check (channel in ('sms', 'email')),
  -- The newest of the messages, and when the first and the newest of them were written.
  inbox_id    uuid not null,
  first_at    timestamptz(3) not null,
  last_at     timestamptz(3) not null,
  due_at      timestamptz(3) not null,
  attempts    integer not null default 0,
  primary key (location_id, contact_id)
);

-- What was drafted, why it may go out or not, and what became of it.
create table reply_drafts (
  location_id text not null,
  contact_id  text not null,
  draft_id    uuid not null default gen_random_uuid(),
  -- The newest message that it answers; of one message there is one draft.
  answers     uuid not null,
  channel     text not null check (channel in ('sms', 'email')),
  mode        text not null check (mode in ('draft', 'auto')),
  state       text not null check (state in
    ('proposed', 'approved', 'edited', 'rejected', 'sent', 'superseded', 'expired', 'blocked', 'to-human')),
  rung        text not null check (rung in ('draft', 'rewrite', 'template', 'fixed', 'human')),
  -- As a model proposed it, placeholders and all; null where no model was asked, or none answered.
  proposed    jsonb,
  -- As it would go out; null where there are no words.
  text        text,
  -- A person's own words in its place.
  edited      text,
  -- Which of the seven questions the words ask.
  question    text,
  -- Stored facts that the words rest on, with the instant as of which each was known.
  facts       jsonb not null default '[]',
  -- What each try came to, gate by gate with codes.
  gates       jsonb not null default '[]',
  call_keys   text[] not null default '{}',
  cost        bigint not null default 0,
  why         text,
  created_at  timestamptz(3) not null,
  expires_at  timestamptz(3) not null,
  decided_at  timestamptz(3),
  decided_by  text,
  primary key (location_id, contact_id, draft_id),
  unique (location_id, contact_id, answers)
);
create unique index reply_drafts_id on reply_drafts (location_id, draft_id);
create index reply_drafts_newest on reply_drafts (location_id, created_at, draft_id);
create index reply_drafts_open on reply_drafts (location_id, contact_id) where state in ('proposed', 'approved', 'edited');

do $$
declare
  walled text;
begin
  foreach walled in array array['assist_jobs', 'replies_due', 'reply_drafts'] loop
    execute format('alter table %I enable row level security', walled);
    execute format('create policy tenant on %I to leadwright_tenant '
      'using (location_id = current_setting(''leadwright.location'', true)) '
      'with check (location_id = current_setting(''leadwright.location'', true))', walled);
  end loop;
end $$;

grant select, insert, update, delete on assist_jobs, replies_due, reply_drafts to leadwright_tenant;

-- Whoever resumes leads under way has to find those whose messages wait.
grant select (location_id, contact_id, due_at) on assist_jobs, replies_due to leadwright_house;
create policy house on assist_jobs for select to leadwright_house using (true);
create policy house on replies_due for select to leadwright_house using (true);

-- The mode in which replies go out by themselves has the name under which people know it.
update locations set settings = jsonb_set(settings, '{modes,replies}', '"auto"') where settings #>> '{modes,replies}' = 'send';
update settings_versions set settings = jsonb_set(settings, '{modes,replies}', '"auto"') where settings #>> '{modes,replies}' = 'send';
update settings_versions set changes = jsonb_set(changes, '{modes,replies}', '"auto"') where changes #>> '{modes,replies}' = 'send';
