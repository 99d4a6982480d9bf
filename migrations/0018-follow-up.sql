-- Follow-up: what an enrolment is about and what people do with it; drafts of sequences, and which version of each is in force.

alter table enrolments
  -- What it is about, where its trigger was about something. A move of it moves the steps that are not done.
  add column event_kind text check (event_kind in ('appointment')),
  add column event_id text,
  add column event_at timestamptz(3),
  add constraint enrolments_event check (num_nonnulls(event_kind, event_id, event_at) in (0, 3)),
  -- A person paused just this one; with a code, a step of it could not be worked.
  add column paused_at timestamptz(3),
  add column parked_reason text,
  -- The step that a person wants to go out now.
  add column send_now text,
  -- The trigger and the facts with which it began.
  add column because jsonb not null default '{}';

-- Two appointments of one lead are reminded of side by side.
drop index enrolments_one_active;
create unique index enrolments_one_active on enrolments (location_id, contact_id, sequence_key, coalesce(event_id, ''))
  where status = 'active';

-- Documents of the time before they said these things.
update sequences set document = '{"track": "talk", "audience": [], "coolDown": null, "needs": []}' || document;
update enrolments set document = '{"track": "talk", "audience": [], "coolDown": null, "needs": []}' || document;

-- One draft of each sequence; it binds nobody.
create table sequence_drafts (
  key      text primary key,
  document jsonb not null,
  -- The version in force when it was saved; null: there was none.
  based_on integer,
  saved_by text not null,
  saved_at timestamptz(3) not null
);

-- Append-only: the newest row of a key says which of its versions new enrolments begin with.
create table sequence_releases (
  key         text not null,
  release_id  bigint generated always as identity,
  version     integer not null,
  act         text not null check (act in ('publish', 'roll-back')),
  released_by text not null,
  released_at timestamptz(3) not null default now(),
  primary key (key, release_id),
  foreign key (key, version) references sequences (key, version)
);
create index sequence_releases_key_version on sequence_releases (key, version);
insert into sequence_releases (key, version, act, released_by, released_at)
  select key, version, 'publish', 'operator', published_at from sequences order by key, version;

grant select on sequence_releases to leadwright_tenant, leadwright_house;
grant insert on sequence_releases to leadwright_house;
grant select, insert, update, delete on sequence_drafts to leadwright_house;

-- Leads that wait for an instant must have a workflow that wakes for it, also after Temporal's store was lost.
create index leads_planned on leads (location_id, contact_id) where next_at is not null;
