-- The spine: locations, inbox, leads, decisions, enrolments, outbox, consent. `location_id` leads every tenant key.

create table locations (
  location_id          text primary key,
  company_id           text,
  name                 text not null,
  timezone             text,
  status               text not null default 'active' check (status in ('active', 'paused', 'uninstalled')),
  settings             jsonb not null,
  settings_version     integer not null default 1,
  sealed_token         bytea,
  workflow_secret_hash text not null unique,
  installed_at         timestamptz not null default now(),
  updated_at           timestamptz not null default now()
);

-- An event's key is unique per source for ever; location_id is null for agency-level events.
create table inbox (
  inbox_id      uuid primary key,
  location_id   text,
  contact_id    text,
  source        text not null check (source in ('marketplace', 'workflow', 'operator', 'internal')),
  event_key     text not null,
  body_hash     text not null,
  type          text not null,
  kind          text not null,
  occurred_at   timestamptz,
  received_at   timestamptz not null default now(),
  verdict       text not null default 'received' check (verdict in ('received', 'dispatched', 'worked', 'ignored', 'parked')),
  reason        text,
  dispatched_at timestamptz,
  worked_at     timestamptz,
  body          bytea not null,
  headers       jsonb not null,
  unique (source, event_key)
);
create index inbox_open on inbox (received_at) where verdict in ('received', 'dispatched');
create index inbox_newest on inbox (location_id, received_at desc);
create index inbox_unworked on inbox (location_id, contact_id) where verdict in ('received', 'dispatched');

create table leads (
  location_id      text not null,
  contact_id       text not null,
  state            text not null default 'active' check (state in ('active', 'paused', 'stopped', 'taken-over')),
  state_since      timestamptz not null,
  stage            text not null default 'new',
  tier             text check (tier in ('hot', 'warm', 'cold')),
  score            numeric(5, 2),
  confidence       numeric(4, 3),
  score_detail     jsonb,
  scored_at        timestamptz,
  qualification    jsonb not null default '{}',
  snapshot         jsonb,
  snapshot_at      timestamptz,
  name             text,
  phone            text,
  email            text,
  tags             text[] not null default '{}',
  activated_at     timestamptz,
  deleted_at       timestamptz,
  last_inbound_at  timestamptz,
  last_human_at    timestamptz,
  last_activity_at timestamptz not null,
  plan             jsonb,
  plan_version     integer not null default 0,
  plan_applied     integer not null default 0,
  next_at          timestamptz,
  next_what        text,
  next_detail      jsonb,
  created_at       timestamptz not null,
  primary key (location_id, contact_id)
);
create index leads_activity on leads (location_id, last_activity_at desc, contact_id);
create index leads_score on leads (location_id, score desc nulls last, contact_id);

create table messages (
  location_id text not null,
  contact_id  text not null,
  message_key text not null,
  inbox_id    uuid,
  direction   text not null check (direction in ('inbound', 'outbound')),
  channel     text not null,
  body        text not null,
  status      text,
  origin      text,
  human       boolean not null default false,
  at          timestamptz not null,
  primary key (location_id, contact_id, message_key)
);
create index messages_talk on messages (location_id, contact_id, at desc);

-- One row per worked event: what was decided, from which facts, by which model.
create table decisions (
  location_id text not null,
  contact_id  text not null,
  inbox_id    uuid not null,
  at          timestamptz not null,
  verdict     jsonb not null,
  score       jsonb,
  facts       jsonb not null,
  primary key (location_id, contact_id, inbox_id)
);

create table sequences (
  key          text not null,
  version      integer not null,
  document     jsonb not null,
  published_at timestamptz not null default now(),
  primary key (key, version)
);

create table enrolments (
  location_id      text not null,
  contact_id       text not null,
  enrolment_id     uuid not null,
  sequence_key     text not null,
  sequence_version integer not null,
  document         jsonb not null,
  status           text not null default 'active' check (status in ('active', 'ended')),
  ended_reason     text,
  enrolled_at      timestamptz not null,
  ended_at         timestamptz,
  done             jsonb not null default '{}',
  not_before       timestamptz,
  inbox_id         uuid,
  primary key (location_id, contact_id, enrolment_id)
);
create unique index enrolments_one_active on enrolments (location_id, contact_id, sequence_key) where status = 'active';
-- An event enrols once, however often it is decided.
create unique index enrolments_by_event on enrolments (location_id, contact_id, sequence_key, inbox_id);

create table outbox (
  location_id  text not null,
  contact_id   text not null,
  send_id      uuid not null,
  once_key     text not null,
  channel      text not null check (channel in ('sms', 'email', 'call-task')),
  purpose      text not null check (purpose in ('solicitation', 'answer', 'task')),
  enrolment_id uuid,
  step_key     text,
  content      jsonb not null,
  state        text not null default 'claimed'
    check (state in ('claimed', 'sending', 'sent', 'recorded', 'refused', 'not-sent', 'unknown', 'parked', 'cancelled')),
  reason       text,
  vendor_id    text,
  person_hashes text[] not null default '{}',
  claimed_at   timestamptz not null,
  sending_at   timestamptz,
  settled_at   timestamptz,
  check_at     timestamptz,
  checks       integer not null default 0,
  primary key (location_id, contact_id, send_id),
  unique (location_id, contact_id, once_key)
);
create index outbox_open on outbox (location_id, contact_id) where state in ('claimed', 'sending', 'not-sent', 'unknown');
create index outbox_person on outbox using gin (person_hashes);

-- Append-only: every gate's inputs and findings.
create table gate_verdicts (
  location_id text not null,
  contact_id  text not null,
  send_id     uuid not null,
  at          timestamptz not null,
  open        boolean not null,
  closed_by   text,
  facts       jsonb not null,
  verdict     jsonb not null,
  id          bigint generated always as identity,
  primary key (location_id, contact_id, id)
);

-- Keyed hashes, so that a suppression outlives contact and erasure. `lifted_at` is set by an opt-in.
create table suppressions (
  location_id text not null,
  person_hash text not null,
  channel     text not null check (channel in ('sms', 'email')),
  reason      text not null,
  inbox_id    uuid,
  at          timestamptz not null,
  lifted_at   timestamptz,
  primary key (location_id, person_hash, channel)
);

create table consents (
  location_id text not null,
  contact_id  text not null,
  channel     text not null check (channel in ('sms', 'email', 'call')),
  state       text not null check (state in ('granted', 'withdrawn')),
  basis       text not null,
  since       timestamptz not null,
  primary key (location_id, contact_id, channel)
);

create table timeline (
  location_id text not null,
  contact_id  text not null,
  id          bigint generated always as identity,
  at          timestamptz not null,
  kind        text not null check (kind in ('event', 'decision', 'send', 'wait', 'action')),
  summary     text not null,
  refs        jsonb not null,
  primary key (location_id, contact_id, id)
);

-- A person's action on a lead, once per act.
create table acts (
  location_id text not null,
  contact_id  text not null,
  act_id      text not null,
  action      text not null,
  operator    text,
  at          timestamptz not null,
  primary key (location_id, contact_id, act_id)
);
