-- Generated from a freshly migrated database; a test holds it equal. Do not edit: write a migration.

create table acts (
  location_id text not null,
  contact_id text not null,
  act_id text not null,
  action text not null,
  operator text,
  at timestamp(3) with time zone not null,
  constraint acts_pkey PRIMARY KEY (location_id, contact_id, act_id)
);

create table consents (
  location_id text not null,
  contact_id text not null,
  channel text not null,
  state text not null,
  basis text not null,
  since timestamp(3) with time zone not null,
  constraint consents_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text, 'call'::text]))),
  constraint consents_pkey PRIMARY KEY (location_id, contact_id, channel),
  constraint consents_state_check CHECK ((state = ANY (ARRAY['granted'::text, 'withdrawn'::text])))
);

create table decisions (
  location_id text not null,
  contact_id text not null,
  inbox_id uuid not null,
  round integer not null,
  at timestamp(3) with time zone not null,
  verdict jsonb not null,
  decision jsonb not null,
  score jsonb,
  facts jsonb not null,
  constraint decisions_pkey PRIMARY KEY (location_id, contact_id, inbox_id, round)
);

create table enrolments (
  location_id text not null,
  contact_id text not null,
  enrolment_id uuid default gen_random_uuid() not null,
  sequence_key text not null,
  sequence_version integer not null,
  document jsonb not null,
  status text default 'active'::text not null,
  ended_reason text,
  enrolled_at timestamp(3) with time zone not null,
  ended_at timestamp(3) with time zone,
  done jsonb default '{}'::jsonb not null,
  not_before timestamp(3) with time zone,
  inbox_id uuid,
  constraint enrolments_pkey PRIMARY KEY (location_id, contact_id, enrolment_id),
  constraint enrolments_status_check CHECK ((status = ANY (ARRAY['active'::text, 'ended'::text])))
) with (fillfactor=80);

create table gate_verdicts (
  location_id text not null,
  contact_id text not null,
  id bigint generated always as identity not null,
  send_id uuid not null,
  at timestamp(3) with time zone not null,
  open boolean not null,
  closed_by text,
  facts jsonb not null,
  verdict jsonb not null,
  constraint gate_verdicts_pkey PRIMARY KEY (location_id, contact_id, id)
);

create table inbox (
  inbox_id uuid default gen_random_uuid() not null,
  location_id text,
  contact_id text,
  source text not null,
  key_scope text generated always as (
CASE
    WHEN (source = 'marketplace'::text) THEN ''::text
    ELSE COALESCE(location_id, ''::text)
END) stored not null,
  event_key text not null,
  body_hash text not null,
  type text not null,
  kind text not null,
  occurred_at timestamp(3) with time zone,
  received_at timestamp(3) with time zone default now() not null,
  verdict text default 'received'::text not null,
  reason text,
  round integer default 0 not null,
  dispatched_at timestamp(3) with time zone,
  leased_until timestamp(3) with time zone,
  worked_at timestamp(3) with time zone,
  body bytea not null,
  headers jsonb not null,
  dispatched_since timestamp(3) with time zone,
  constraint inbox_check CHECK (((worked_at IS NULL) = (verdict = ANY (ARRAY['received'::text, 'dispatched'::text])))),
  constraint inbox_key_scope_source_event_key_key UNIQUE (key_scope, source, event_key),
  constraint inbox_pkey PRIMARY KEY (inbox_id),
  constraint inbox_source_check CHECK ((source = ANY (ARRAY['marketplace'::text, 'workflow'::text, 'operator'::text, 'internal'::text]))),
  constraint inbox_verdict_check CHECK ((verdict = ANY (ARRAY['received'::text, 'dispatched'::text, 'worked'::text, 'ignored'::text, 'parked'::text])))
) with (fillfactor=80);

create table leads (
  location_id text not null,
  contact_id text not null,
  state text default 'active'::text not null,
  state_since timestamp(3) with time zone not null,
  stage text default 'new'::text not null,
  tier text,
  score double precision,
  confidence double precision,
  score_detail jsonb,
  scored_at timestamp(3) with time zone,
  qualification jsonb default '{}'::jsonb not null,
  snapshot jsonb,
  snapshot_at timestamp(3) with time zone,
  name text generated always as (NULLIF(btrim(((COALESCE((snapshot ->> 'firstName'::text), ''::text) || ' '::text) || COALESCE((snapshot ->> 'lastName'::text), ''::text))), ''::text)) stored,
  phone text generated always as ((snapshot ->> 'phone'::text)) stored,
  email text generated always as (lower((snapshot ->> 'email'::text))) stored,
  sms_hash text,
  email_hash text,
  activated_at timestamp(3) with time zone,
  deleted_at timestamp(3) with time zone,
  last_inbound_at timestamp(3) with time zone,
  last_human_at timestamp(3) with time zone,
  last_activity_at timestamp(3) with time zone not null,
  plan jsonb,
  plan_version integer default 0 not null,
  plan_applied integer default 0 not null,
  next_at timestamp(3) with time zone,
  next jsonb,
  created_at timestamp(3) with time zone not null,
  constraint leads_confidence_check CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision))),
  constraint leads_pkey PRIMARY KEY (location_id, contact_id),
  constraint leads_score_check CHECK (((score >= (0)::double precision) AND (score <= (100)::double precision))),
  constraint leads_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'stopped'::text, 'taken-over'::text]))),
  constraint leads_tier_check CHECK ((tier = ANY (ARRAY['hot'::text, 'warm'::text, 'cold'::text])))
) with (fillfactor=75);

create table locations (
  location_id text not null,
  company_id text,
  name text not null,
  timezone text,
  status text default 'active'::text not null,
  settings jsonb not null,
  settings_version integer default 1 not null,
  sealed_token bytea,
  workflow_secret_hash text not null,
  installed_at timestamp(3) with time zone default now() not null,
  updated_at timestamp(3) with time zone default now() not null,
  constraint locations_pkey PRIMARY KEY (location_id),
  constraint locations_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'uninstalled'::text]))),
  constraint locations_workflow_secret_hash_key UNIQUE (workflow_secret_hash)
);

create table messages (
  location_id text not null,
  contact_id text not null,
  message_key text not null,
  inbox_id uuid,
  direction text not null,
  channel text not null,
  body text not null,
  status text,
  origin text,
  human boolean default false not null,
  at timestamp(3) with time zone not null,
  constraint messages_direction_check CHECK ((direction = ANY (ARRAY['inbound'::text, 'outbound'::text]))),
  constraint messages_pkey PRIMARY KEY (location_id, contact_id, message_key)
) with (fillfactor=90);

create table outbox (
  location_id text not null,
  contact_id text not null,
  send_id uuid default gen_random_uuid() not null,
  once_key text not null,
  channel text not null,
  purpose text not null,
  enrolment_id uuid,
  step_key text,
  content jsonb not null,
  state text default 'claimed'::text not null,
  reason text,
  vendor_id text,
  person_hashes text[] default '{}'::text[] not null,
  claimed_at timestamp(3) with time zone not null,
  sending_at timestamp(3) with time zone,
  settled_at timestamp(3) with time zone,
  check_at timestamp(3) with time zone,
  checks integer default 0 not null,
  constraint outbox_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text, 'call-task'::text]))),
  constraint outbox_location_id_contact_id_once_key_key UNIQUE (location_id, contact_id, once_key),
  constraint outbox_pkey PRIMARY KEY (location_id, contact_id, send_id),
  constraint outbox_purpose_check CHECK ((purpose = ANY (ARRAY['solicitation'::text, 'answer'::text, 'task'::text]))),
  constraint outbox_state_check CHECK ((state = ANY (ARRAY['claimed'::text, 'sending'::text, 'sent'::text, 'recorded'::text, 'refused'::text, 'not-sent'::text, 'unknown'::text, 'parked'::text, 'cancelled'::text])))
) with (fillfactor=75);

create table schema_migrations (
  name text not null,
  checksum text not null,
  done integer not null,
  started integer not null,
  started_at timestamp(3) with time zone default now() not null,
  finished_at timestamp(3) with time zone,
  constraint schema_migrations_pkey PRIMARY KEY (name)
);

create table sequences (
  key text not null,
  version integer not null,
  document jsonb not null,
  published_at timestamp(3) with time zone default now() not null,
  constraint sequences_pkey PRIMARY KEY (key, version)
);

create table suppressions (
  location_id text not null,
  person_hash text not null,
  channel text not null,
  reason text not null,
  inbox_id uuid,
  at timestamp(3) with time zone not null,
  lifted_at timestamp(3) with time zone,
  constraint suppressions_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint suppressions_pkey PRIMARY KEY (location_id, person_hash, channel)
);

create table timeline (
  location_id text not null,
  contact_id text not null,
  at timestamp(3) with time zone not null,
  id bigint generated always as identity not null,
  kind text not null,
  summary text not null,
  refs jsonb not null,
  constraint timeline_kind_check CHECK ((kind = ANY (ARRAY['event'::text, 'decision'::text, 'send'::text, 'wait'::text, 'action'::text]))),
  constraint timeline_pkey PRIMARY KEY (location_id, contact_id, at, id)
);

CREATE UNIQUE INDEX enrolments_by_event ON public.enrolments USING btree (location_id, contact_id, sequence_key, inbox_id);
CREATE UNIQUE INDEX enrolments_one_active ON public.enrolments USING btree (location_id, contact_id, sequence_key) WHERE (status = 'active'::text);
CREATE INDEX inbox_newest ON public.inbox USING btree (location_id, received_at DESC, inbox_id DESC);
CREATE INDEX inbox_open ON public.inbox USING btree (received_at) WHERE (worked_at IS NULL);
CREATE INDEX inbox_unworked ON public.inbox USING btree (location_id, contact_id) WHERE (worked_at IS NULL);
CREATE INDEX leads_activity ON public.leads USING btree (location_id, last_activity_at, contact_id);
CREATE INDEX leads_newest ON public.leads USING btree (location_id, created_at, contact_id);
CREATE INDEX leads_score ON public.leads USING btree (location_id, COALESCE(score, ('-1'::integer)::double precision), contact_id);
CREATE INDEX messages_talk ON public.messages USING btree (location_id, contact_id, at);
CREATE INDEX outbox_open ON public.outbox USING btree (location_id, contact_id) WHERE (state = ANY (ARRAY['claimed'::text, 'sending'::text, 'not-sent'::text, 'unknown'::text]));
CREATE INDEX outbox_parked ON public.outbox USING btree (location_id, contact_id) WHERE (state = 'parked'::text);
CREATE INDEX outbox_sent ON public.outbox USING btree (location_id, sending_at) WHERE (sending_at IS NOT NULL);
