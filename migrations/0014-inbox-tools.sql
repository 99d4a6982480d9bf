-- When an event was last taken up again: its age is counted until then, and what is old texts nobody.
alter table inbox add column reopened_at timestamptz(3);

-- What people did with events that needed them, once per event and round. Events may be of no location, so these are the house's.
create table inbox_acts (
  inbox_id uuid not null,
  round    integer not null,
  action   text not null check (action in ('replayed', 'ignored')),
  reason   text,
  operator text,
  replay_id uuid,
  at       timestamptz(3) not null default now(),
  primary key (inbox_id, round, action)
);

-- A range that is replayed: which events, in which order, and how far it has come. It goes on where it stopped.
create table replays (
  replay_id uuid primary key default gen_random_uuid(),
  filter    jsonb not null,
  operator  text,
  begun_at  timestamptz(3) not null default now(),
  ended_at  timestamptz(3)
);
create table replay_events (
  replay_id uuid not null references replays,
  place     integer not null,
  inbox_id  uuid not null,
  lead      text not null,
  state     text not null default 'waiting' check (state in ('waiting', 'reopened', 'done', 'passed')),
  primary key (replay_id, place)
);
create index replay_events_open on replay_events (replay_id, place) where state in ('waiting', 'reopened');

create index outbox_unsettled on outbox (state, claimed_at, send_id) where state in ('parked', 'unknown');

grant select, insert on inbox_acts to leadwright_house;
grant select, insert, update on replays, replay_events to leadwright_house;
