-- The spine: locations, inbox, leads, decisions, enrolments, outbox, consent. `location_id` leads every tenant key.
-- Instants keep milliseconds, as the instants of the application do: a page's cursor then names a row exactly.

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
  installed_at         timestamptz(3) not null default now(),
  updated_at           timestamptz(3) not null default now()
);

-- A marketplace event's key is unique for ever, whatever location it names. Keys of the other sources are chosen by the team
-- behind one location and must not collide with another's: there the location is part of the key.
-- `worked_at` is set with every final verdict; `round` counts reopenings; `leased_until` keeps other sweepers away.
-- Open rows are found by `worked_at`, not by verdict, so that marking a row dispatched touches no index.
create table inbox (
  inbox_id      uuid primary key default gen_random_uuid(),
  location_id   text,
  contact_id    text,
  source        text not null check (source in ('marketplace', 'workflow', 'operator', 'internal')),
  key_scope     text not null generated always as (case when source = 'marketplace' then '' else coalesce(location_id, '') end) stored,
  event_key     text not null,
  body_hash     text not null,
  type          text not null,
  kind          text not null,
  occurred_at   timestamptz(3),
  received_at   timestamptz(3) not null default now(),
  verdict       text not null default 'received' check (verdict in ('received', 'dispatched', 'worked', 'ignored', 'parked')),
  reason        text,
  round         integer not null default 0,
  dispatched_at timestamptz(3),
  leased_until  timestamptz(3),
  worked_at     timestamptz(3),
  body          bytea not null,
  headers       jsonb not null,
  unique (key_scope, source, event_key),
  check ((worked_at is null) = (verdict in ('received', 'dispatched')))
) with (fillfactor = 80);
create index inbox_open on inbox (received_at) where worked_at is null;
create index inbox_newest on inbox (location_id, received_at desc, inbox_id desc);
create index inbox_unworked on inbox (location_id, contact_id) where worked_at is null;

-- Name, phone and e-mail are read out of the snapshot by the database and cannot drift from it.
create table leads (
  location_id      text not null,
  contact_id       text not null,
  state            text not null default 'active' check (state in ('active', 'paused', 'stopped', 'taken-over')),
  state_since      timestamptz(3) not null,
  stage            text not null default 'new',
  tier             text check (tier in ('hot', 'warm', 'cold')),
  score            double precision check (score between 0 and 100),
  confidence       double precision check (confidence between 0 and 1),
  score_detail     jsonb,
  scored_at        timestamptz(3),
  qualification    jsonb not null default '{}',
  snapshot         jsonb,
  snapshot_at      timestamptz(3),
  name             text generated always as
    (nullif(btrim(coalesce(snapshot ->> 'firstName', '') || ' ' || coalesce(snapshot ->> 'lastName', '')), '')) stored,
  phone            text generated always as (snapshot ->> 'phone') stored,
  email            text generated always as (lower(snapshot ->> 'email')) stored,
  sms_hash         text,
  email_hash       text,
  activated_at     timestamptz(3),
  deleted_at       timestamptz(3),
  last_inbound_at  timestamptz(3),
  last_human_at    timestamptz(3),
  last_activity_at timestamptz(3) not null,
  plan             jsonb,
  plan_version     integer not null default 0,
  plan_applied     integer not null default 0,
  next_at          timestamptz(3),
  next             jsonb,
  created_at       timestamptz(3) not null,
  primary key (location_id, contact_id)
) with (fillfactor = 75);
create index leads_activity on leads (location_id, last_activity_at, contact_id);
create index leads_newest on leads (location_id, created_at, contact_id);
create index leads_score on leads (location_id, coalesce(score, -1), contact_id);

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
  at          timestamptz(3) not null,
  primary key (location_id, contact_id, message_key)
) with (fillfactor = 90);
create index messages_talk on messages (location_id, contact_id, at);

-- One row per worked event and round: what was decided, from which facts, by which model.
create table decisions (
  location_id text not null,
  contact_id  text not null,
  inbox_id    uuid not null,
  round       integer not null,
  at          timestamptz(3) not null,
  verdict     jsonb not null,
  decision    jsonb not null,
  score       jsonb,
  facts       jsonb not null,
  primary key (location_id, contact_id, inbox_id, round)
);

create table sequences (
  key          text not null,
  version      integer not null,
  document     jsonb not null,
  published_at timestamptz(3) not null default now(),
  primary key (key, version)
);

create table enrolments (
  location_id      text not null,
  contact_id       text not null,
  enrolment_id     uuid not null default gen_random_uuid(),
  sequence_key     text not null,
  sequence_version integer not null,
  document         jsonb not null,
  status           text not null default 'active' check (status in ('active', 'ended')),
  ended_reason     text,
  enrolled_at      timestamptz(3) not null,
  ended_at         timestamptz(3),
  done             jsonb not null default '{}',
  not_before       timestamptz(3),
  inbox_id         uuid,
  primary key (location_id, contact_id, enrolment_id)
) with (fillfactor = 80);
create unique index enrolments_one_active on enrolments (location_id, contact_id, sequence_key) where status = 'active';
-- An event enrols once, however often it is decided.
create unique index enrolments_by_event on enrolments (location_id, contact_id, sequence_key, inbox_id);

-- `person_hashes` is what the gate let the send reach; the cap counts by it.
create table outbox (
  location_id   text not null,
  contact_id    text not null,
  send_id       uuid not null default gen_random_uuid(),
  once_key      text not null,
  channel       text not null check (channel in ('sms', 'email', 'call-task')),
  purpose       text not null check (purpose in ('solicitation', 'answer', 'task')),
  enrolment_id  uuid,
  step_key      text,
  content       jsonb not null,
  state         text not null default 'claimed'
    check (state in ('claimed', 'sending', 'sent', 'recorded', 'refused', 'not-sent', 'unknown', 'parked', 'cancelled')),
  reason        text,
  vendor_id     text,
  person_hashes text[] not null default '{}',
  claimed_at    timestamptz(3) not null,
  sending_at    timestamptz(3),
  settled_at    timestamptz(3),
  check_at      timestamptz(3),
  checks        integer not null default 0,
  primary key (location_id, contact_id, send_id),
  unique (location_id, contact_id, once_key)
) with (fillfactor = 75);
create index outbox_open on outbox (location_id, contact_id) where state in ('claimed', 'sending', 'not-sent', 'unknown');
create index outbox_parked on outbox (location_id, contact_id) where state = 'parked';
-- The cap looks at one day: a location's sends of that day are few, and the array is compared row by row.
create index outbox_sent on outbox (location_id, sending_at) where sending_at is not null;

-- Append-only: every gate's inputs and findings.
create table gate_verdicts (
  location_id text not null,
  contact_id  text not null,
  id          bigint generated always as identity,
  send_id     uuid not null,
  at          timestamptz(3) not null,
  open        boolean not null,
  closed_by   text,
  facts       jsonb not null,
  verdict     jsonb not null,
  primary key (location_id, contact_id, id)
);

-- Keyed hashes, so that a suppression outlives contact and erasure. `at` is when the person said so, `lifted_at` when the person
-- said the opposite. A contact whose address is not known yet is named by `contact:<id>`.
create table suppressions (
  location_id text not null,
  person_hash text not null,
  channel     text not null check (channel in ('sms', 'email')),
  reason      text not null,
  inbox_id    uuid,
  at          timestamptz(3) not null,
  lifted_at   timestamptz(3),
  primary key (location_id, person_hash, channel)
);

create table consents (
  location_id text not null,
  contact_id  text not null,
  channel     text not null check (channel in ('sms', 'email', 'call')),
  state       text not null check (state in ('granted', 'withdrawn')),
  basis       text not null,
  since       timestamptz(3) not null,
  primary key (location_id, contact_id, channel)
);

create table timeline (
  location_id text not null,
  contact_id  text not null,
  at          timestamptz(3) not null,
  id          bigint generated always as identity,
  kind        text not null check (kind in ('event', 'decision', 'send', 'wait', 'action')),
  summary     text not null,
  refs        jsonb not null,
  primary key (location_id, contact_id, at, id)
);

-- A person's action on a lead, once per act.
create table acts (
  location_id text not null,
  contact_id  text not null,
  act_id      text not null,
  action      text not null,
  operator    text,
  at          timestamptz(3) not null,
  primary key (location_id, contact_id, act_id)
);
