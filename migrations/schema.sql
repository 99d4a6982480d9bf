-- Generated from a freshly migrated database; a test holds it equal. Do not edit: write a migration.

create table activity_counts (
  location_id text not null,
  day date not null,
  kind text not null,
  events bigint not null,
  constraint activity_counts_pkey PRIMARY KEY (location_id, day, kind)
);

create table activity_hints (
  location_id text not null,
  person_hash text not null,
  visitor text not null,
  constraint activity_hints_pkey PRIMARY KEY (location_id, person_hash, visitor)
);

create table activity_sites (
  location_id text not null,
  secret_hash text not null,
  origins text[] default '{}'::text[] not null,
  made_at timestamp(3) with time zone default now() not null,
  constraint activity_sites_pkey PRIMARY KEY (location_id),
  constraint activity_sites_secret_hash_key UNIQUE (secret_hash)
);

create table activity_visitors (
  location_id text not null,
  visitor text not null,
  contact_id text,
  seen_at timestamp(3) with time zone not null,
  constraint activity_visitors_pkey PRIMARY KEY (location_id, visitor)
);

create table acts (
  location_id text not null,
  contact_id text not null,
  act_id text not null,
  action text not null,
  operator text,
  at timestamp(3) with time zone not null,
  constraint acts_pkey PRIMARY KEY (location_id, contact_id, act_id)
);

create table agent_profiles (
  location_id text not null,
  agent_id text not null,
  name text,
  email text,
  active boolean default true not null,
  changed_at timestamp(3) with time zone not null,
  facts_at jsonb default '{}'::jsonb not null,
  deleted_at timestamp(3) with time zone,
  own_at timestamp(3) with time zone,
  constraint agent_profiles_pkey PRIMARY KEY (location_id, agent_id)
) with (fillfactor=90);

create table analytics_events (
  location_id text not null,
  event_id uuid default gen_random_uuid() not null,
  at timestamp(3) with time zone not null,
  type text not null,
  contact_id text,
  detail jsonb default '{}'::jsonb not null,
  visitor text,
  late boolean default false not null,
  outcome_label text,
  outcome_value double precision,
  outcome_at timestamp(3) with time zone,
  constraint analytics_events_pkey PRIMARY KEY (location_id, event_id, at)
);

create table appointments (
  location_id text not null,
  contact_id text,
  appointment_id text not null,
  calendar_id text,
  group_id text,
  status text,
  assigned_to text,
  users jsonb,
  title text,
  address text,
  notes text,
  source text,
  starts_at timestamp(3) with time zone,
  ends_at timestamp(3) with time zone,
  created_at timestamp(3) with time zone,
  facts_at jsonb not null,
  known_at timestamp(3) with time zone not null,
  deleted_at timestamp(3) with time zone,
  own_at timestamp(3) with time zone,
  constraint appointments_pkey PRIMARY KEY (location_id, appointment_id)
) with (fillfactor=85);

create table assignment_turns (
  location_id text not null,
  last_agent text not null,
  constraint assignment_turns_pkey PRIMARY KEY (location_id)
);

create table assignments (
  location_id text not null,
  contact_id text not null,
  state text not null,
  mode text not null,
  agent_id text,
  had text[] default '{}'::text[] not null,
  since timestamp(3) with time zone not null,
  claimed_by text,
  escalations integer default 0 not null,
  planned boolean not null,
  due_at timestamp(3) with time zone,
  constraint assignments_mode_check CHECK ((mode = ANY (ARRAY['round-robin'::text, 'claim'::text]))),
  constraint assignments_pkey PRIMARY KEY (location_id, contact_id),
  constraint assignments_state_check CHECK ((state = ANY (ARRAY['wanted'::text, 'offered'::text, 'given'::text, 'settled'::text])))
);

create table assist_jobs (
  location_id text not null,
  contact_id text not null,
  job text not null,
  inbox_id uuid not null,
  asked_at timestamp(3) with time zone not null,
  due_at timestamp(3) with time zone,
  attempts integer default 0 not null,
  state text default 'waiting'::text not null,
  why text,
  model text,
  cost bigint default 0 not null,
  result jsonb,
  dropped jsonb default '[]'::jsonb not null,
  settled_at timestamp(3) with time zone,
  constraint assist_jobs_check CHECK (((state = 'waiting'::text) = (due_at IS NOT NULL))),
  constraint assist_jobs_job_check CHECK ((job = ANY (ARRAY['read'::text, 'summary'::text]))),
  constraint assist_jobs_pkey PRIMARY KEY (location_id, contact_id, job, inbox_id),
  constraint assist_jobs_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'done'::text, 'absent'::text])))
);

create table coaching_sessions (
  location_id text not null,
  session_id uuid default gen_random_uuid() not null,
  agent_id text not null,
  held_on date not null,
  score double precision,
  notes jsonb default '{}'::jsonb not null,
  constraint coaching_sessions_pkey PRIMARY KEY (location_id, session_id),
  constraint coaching_sessions_score_check CHECK (((score >= (0)::double precision) AND (score <= (100)::double precision)))
);

create table companies (
  company_id text not null,
  installs_future boolean default false not null,
  kind text not null,
  version bigint not null,
  data_key bytea,
  master_key_id text,
  access bytea,
  refresh bytea,
  installed_at timestamp(3) with time zone not null,
  issued_at timestamp(3) with time zone not null,
  expires_at timestamp(3) with time zone,
  refused_at timestamp(3) with time zone,
  held boolean generated always as ((access IS NOT NULL)) stored,
  renewable boolean generated always as ((refresh IS NOT NULL)) stored,
  constraint companies_check CHECK ((((access IS NULL) = (data_key IS NULL)) AND ((access IS NULL) = (master_key_id IS NULL)) AND ((access IS NOT NULL) OR (refresh IS NULL)))),
  constraint companies_kind_check CHECK ((kind = 'oauth'::text)),
  constraint companies_pkey PRIMARY KEY (company_id)
) with (fillfactor=90);

create table company_events (
  company_id text not null,
  id bigint generated always as identity not null,
  at timestamp(3) with time zone not null,
  kind text not null,
  version bigint not null,
  fingerprint text,
  reason text,
  constraint company_events_kind_check CHECK ((kind = ANY (ARRAY['installed'::text, 'exchanged'::text, 'refreshed'::text, 'refused'::text, 'revoked'::text, 'uninstalled'::text]))),
  constraint company_events_pkey PRIMARY KEY (company_id, id)
);

create table consent_facts (
  location_id text not null,
  fact_id bigint generated always as identity not null,
  contact_id text,
  person_hash text,
  kind text not null,
  at timestamp(3) with time zone not null,
  source text not null,
  basis text not null,
  recorded_at timestamp(3) with time zone default now() not null,
  recorded_by text not null,
  once_key text not null,
  constraint consent_facts_check CHECK (((contact_id IS NOT NULL) OR (person_hash IS NOT NULL))),
  constraint consent_facts_kind_check CHECK ((kind = ANY (ARRAY['transaction'::text, 'inquiry'::text, 'bought'::text, 'first-party'::text]))),
  constraint consent_facts_location_id_once_key_key UNIQUE (location_id, once_key),
  constraint consent_facts_pkey PRIMARY KEY (location_id, fact_id),
  constraint consent_facts_source_check CHECK ((source = ANY (ARRAY['mapping'::text, 'import'::text, 'operator'::text])))
);

create table consent_records (
  location_id text not null,
  record_id bigint generated always as identity not null,
  contact_id text,
  person_hash text,
  channel text not null,
  scope text default 'marketing'::text not null,
  state text not null,
  text_version text,
  written boolean not null,
  source text not null,
  basis text not null,
  seller text,
  evidence jsonb default '{}'::jsonb not null,
  given_at timestamp(3) with time zone not null,
  recorded_at timestamp(3) with time zone default now() not null,
  recorded_by text not null,
  once_key text not null,
  constraint consent_records_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text, 'call'::text]))),
  constraint consent_records_check CHECK (((contact_id IS NOT NULL) OR (person_hash IS NOT NULL))),
  constraint consent_records_location_id_once_key_key UNIQUE (location_id, once_key),
  constraint consent_records_pkey PRIMARY KEY (location_id, record_id),
  constraint consent_records_scope_check CHECK ((scope = 'marketing'::text)),
  constraint consent_records_source_check CHECK ((source = ANY (ARRAY['form'::text, 'tag'::text, 'field'::text, 'import'::text, 'operator'::text, 'message'::text]))),
  constraint consent_records_state_check CHECK ((state = ANY (ARRAY['granted'::text, 'withdrawn'::text])))
);

create table consent_texts (
  location_id text not null,
  version text not null,
  words text not null,
  channels text[] not null,
  written boolean not null,
  seller text not null,
  used_from date not null,
  added_by text not null,
  added_at timestamp(3) with time zone default now() not null,
  constraint consent_texts_channels_check CHECK (((channels <> '{}'::text[]) AND (channels <@ '{sms,email,call}'::text[]))),
  constraint consent_texts_pkey PRIMARY KEY (location_id, version)
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
  constraint consents_state_check CHECK ((state = ANY (ARRAY['granted'::text, 'withdrawn'::text, 'unknown'::text])))
);

create table conversations (
  location_id text not null,
  contact_id text not null,
  last_message_at timestamp(3) with time zone not null,
  last_outbound_at timestamp(3) with time zone,
  unread integer not null,
  constraint conversations_pkey PRIMARY KEY (location_id, contact_id),
  constraint conversations_unread_check CHECK ((unread >= 0))
) with (fillfactor=75);

create table credential_events (
  location_id text not null,
  id bigint generated always as identity not null,
  at timestamp(3) with time zone not null,
  kind text not null,
  version bigint not null,
  fingerprint text,
  reason text,
  constraint credential_events_kind_check CHECK ((kind = ANY (ARRAY['installed'::text, 'exchanged'::text, 'refreshed'::text, 'refused'::text, 'revoked'::text, 'uninstalled'::text]))),
  constraint credential_events_pkey PRIMARY KEY (location_id, id)
);

create table credentials (
  location_id text not null,
  kind text not null,
  version bigint not null,
  data_key bytea,
  master_key_id text,
  access bytea,
  refresh bytea,
  installed_at timestamp(3) with time zone not null,
  issued_at timestamp(3) with time zone not null,
  expires_at timestamp(3) with time zone,
  refused_at timestamp(3) with time zone,
  held boolean generated always as ((access IS NOT NULL)) stored,
  renewable boolean generated always as ((refresh IS NOT NULL)) stored,
  constraint credentials_check CHECK ((((access IS NULL) = (data_key IS NULL)) AND ((access IS NULL) = (master_key_id IS NULL)) AND ((access IS NOT NULL) OR (refresh IS NULL)))),
  constraint credentials_kind_check CHECK ((kind = ANY (ARRAY['private'::text, 'oauth'::text]))),
  constraint credentials_pkey PRIMARY KEY (location_id)
) with (fillfactor=90);

create table crm_actions (
  location_id text not null,
  contact_id text not null,
  action_id uuid default gen_random_uuid() not null,
  at timestamp(3) with time zone not null,
  kind text not null,
  target text not null,
  before jsonb,
  after jsonb,
  plan_version integer,
  send_id uuid,
  undoes uuid,
  constraint crm_actions_location_id_contact_id_send_id_key UNIQUE (location_id, contact_id, send_id),
  constraint crm_actions_location_id_contact_id_undoes_key UNIQUE (location_id, contact_id, undoes),
  constraint crm_actions_pkey PRIMARY KEY (location_id, contact_id, action_id)
);

create table crm_expected (
  location_id text not null,
  contact_id text not null,
  write_key text not null,
  kind text not null,
  record_id text,
  facts jsonb not null,
  at timestamp(3) with time zone not null,
  constraint crm_expected_pkey PRIMARY KEY (location_id, contact_id, write_key)
);

create table crm_notes (
  location_id text not null,
  contact_id text,
  note_id text not null,
  body text,
  created_at timestamp(3) with time zone,
  facts_at jsonb not null,
  known_at timestamp(3) with time zone not null,
  deleted_at timestamp(3) with time zone,
  own_at timestamp(3) with time zone,
  constraint crm_notes_pkey PRIMARY KEY (location_id, note_id)
) with (fillfactor=85);

create table crm_records (
  location_id text not null,
  contact_id text,
  kind text not null,
  record_id text not null,
  facts jsonb not null,
  facts_at jsonb not null,
  known_at timestamp(3) with time zone not null,
  deleted_at timestamp(3) with time zone,
  own_at timestamp(3) with time zone,
  constraint crm_records_pkey PRIMARY KEY (location_id, kind, record_id)
) with (fillfactor=85);

create table crm_tasks (
  location_id text not null,
  contact_id text,
  task_id text not null,
  title text,
  body text,
  assigned_to text,
  due_at timestamp(3) with time zone,
  completed boolean,
  created_at timestamp(3) with time zone,
  facts_at jsonb not null,
  known_at timestamp(3) with time zone not null,
  deleted_at timestamp(3) with time zone,
  own_at timestamp(3) with time zone,
  constraint crm_tasks_pkey PRIMARY KEY (location_id, task_id)
) with (fillfactor=85);

create table crm_undos (
  location_id text not null,
  contact_id text not null,
  action_id uuid not null,
  asked_at timestamp(3) with time zone not null,
  operator text,
  state text default 'asked'::text not null,
  reason text,
  settled_at timestamp(3) with time zone,
  constraint crm_undos_pkey PRIMARY KEY (location_id, contact_id, action_id),
  constraint crm_undos_state_check CHECK ((state = ANY (ARRAY['asked'::text, 'done'::text, 'refused'::text])))
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

create table email_events (
  location_id text not null,
  event_key text not null,
  recipient_hash text not null,
  event text not null,
  message_id text,
  code smallint,
  at timestamp(3) with time zone not null,
  inbox_id uuid,
  failure text,
  constraint email_events_failure_check CHECK ((failure = ANY (ARRAY['address'::text, 'temporary'::text, 'other'::text]))),
  constraint email_events_pkey PRIMARY KEY (location_id, event_key)
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
  event_kind text,
  event_id text,
  event_at timestamp(3) with time zone,
  paused_at timestamp(3) with time zone,
  parked_reason text,
  send_now text,
  because jsonb default '{}'::jsonb not null,
  constraint enrolments_event CHECK ((num_nonnulls(event_kind, event_id, event_at) = ANY (ARRAY[0, 3]))),
  constraint enrolments_event_kind_check CHECK ((event_kind = ANY (ARRAY['appointment'::text, 'open-house'::text]))),
  constraint enrolments_pkey PRIMARY KEY (location_id, contact_id, enrolment_id),
  constraint enrolments_status_check CHECK ((status = ANY (ARRAY['active'::text, 'ended'::text])))
) with (fillfactor=80);

create table feature_sets (
  location_id text not null,
  feature_set text not null,
  features jsonb not null,
  constraint feature_sets_pkey PRIMARY KEY (location_id, feature_set)
);

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

create table high_water (
  one boolean default true not null,
  installation uuid default gen_random_uuid() not null,
  at timestamp(3) with time zone,
  constraint high_water_one_check CHECK (one),
  constraint high_water_pkey PRIMARY KEY (one)
);

create table house_switches (
  switch_id bigint generated always as identity not null,
  all_paused boolean not null,
  by text not null,
  at timestamp(3) with time zone default clock_timestamp() not null,
  constraint house_switches_pkey PRIMARY KEY (switch_id)
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
  reopened_at timestamp(3) with time zone,
  constraint inbox_check CHECK (((worked_at IS NULL) = (verdict = ANY (ARRAY['received'::text, 'dispatched'::text])))),
  constraint inbox_key_scope_source_event_key_key UNIQUE (key_scope, source, event_key),
  constraint inbox_pkey PRIMARY KEY (inbox_id),
  constraint inbox_source_check CHECK ((source = ANY (ARRAY['marketplace'::text, 'workflow'::text, 'operator'::text, 'internal'::text]))),
  constraint inbox_verdict_check CHECK ((verdict = ANY (ARRAY['received'::text, 'dispatched'::text, 'worked'::text, 'ignored'::text, 'parked'::text])))
) with (fillfactor=80);

create table inbox_acts (
  inbox_id uuid not null,
  round integer not null,
  action text not null,
  reason text,
  operator text,
  replay_id uuid,
  at timestamp(3) with time zone default now() not null,
  constraint inbox_acts_action_check CHECK ((action = ANY (ARRAY['replayed'::text, 'ignored'::text]))),
  constraint inbox_acts_pkey PRIMARY KEY (inbox_id, round, action)
);

create table lead_news (
  location_id text not null,
  contact_id text not null,
  news bigint not null,
  constraint lead_news_pkey PRIMARY KEY (location_id, contact_id)
) with (fillfactor=70);

create table lead_search (
  location_id text not null,
  contact_id text not null,
  phone text,
  email text,
  tags text[] not null,
  fields jsonb not null,
  words text not null,
  constraint lead_search_location_id_contact_id_fkey FOREIGN KEY (location_id, contact_id) REFERENCES leads(location_id, contact_id) ON DELETE CASCADE,
  constraint lead_search_pkey PRIMARY KEY (location_id, contact_id)
) with (fillfactor=90);

create table lead_vectors (
  location_id text not null,
  contact_id text not null,
  news bigint not null,
  settings_version integer not null,
  as_of timestamp(3) with time zone not null,
  feature_set text not null,
  vector bytea not null,
  constraint lead_vectors_pkey PRIMARY KEY (location_id, contact_id)
) with (fillfactor=70);

create table lead_wish_places (
  location_id text not null,
  place text not null,
  most_cents bigint not null,
  contact_id text not null,
  constraint lead_wish_places_pkey PRIMARY KEY (location_id, place, most_cents, contact_id)
);

create table lead_wishes (
  location_id text not null,
  contact_id text not null,
  cities text[] default '{}'::text[] not null,
  counties text[] default '{}'::text[] not null,
  postal_codes text[] default '{}'::text[] not null,
  states text[] default '{}'::text[] not null,
  near boolean default false not null,
  near_latitude double precision,
  near_longitude double precision,
  property_types text[] default '{}'::text[] not null,
  must_haves text[] default '{}'::text[] not null,
  price_from numeric(14,2),
  price_to numeric(14,2),
  min_bedrooms numeric(5,2),
  min_bathrooms numeric(5,2),
  min_sqft integer,
  stated jsonb default '{}'::jsonb not null,
  wish_hash text not null,
  changed_at timestamp(3) with time zone not null,
  matched_at timestamp(3) with time zone,
  constraint lead_wishes_pkey PRIMARY KEY (location_id, contact_id)
);

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
  phone text generated always as (normal_phone((snapshot ->> 'phone'::text))) stored,
  recalled_at timestamp(3) with time zone,
  crm_marks jsonb default '{}'::jsonb not null,
  constraint leads_confidence_check CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision))),
  constraint leads_pkey PRIMARY KEY (location_id, contact_id),
  constraint leads_score_check CHECK (((score >= (0)::double precision) AND (score <= (100)::double precision))),
  constraint leads_stage_check CHECK ((stage = ANY (ARRAY['new'::text, 'engaged'::text, 'qualifying'::text, 'qualified'::text, 'opted-out'::text, 'gone'::text]))),
  constraint leads_state_check CHECK ((state = ANY (ARRAY['active'::text, 'paused'::text, 'stopped'::text, 'taken-over'::text]))),
  constraint leads_tier_check CHECK ((tier = ANY (ARRAY['hot'::text, 'warm'::text, 'cold'::text])))
) with (fillfactor=75);

create table listing_events (
  location_id text not null,
  listing_key text not null,
  at timestamp(3) with time zone not null,
  id bigint generated always as identity not null,
  kind text not null,
  price_before numeric(14,2),
  price_after numeric(14,2),
  change text,
  starts_at timestamp(3) with time zone,
  market text,
  fanned_at timestamp(3) with time zone,
  constraint listing_events_kind_check CHECK ((kind = ANY (ARRAY['new'::text, 'price-change'::text, 'back-on-market'::text, 'pending'::text, 'closed'::text, 'withdrawn'::text, 'open-house'::text]))),
  constraint listing_events_pkey PRIMARY KEY (location_id, listing_key, at, id)
);

create table listing_matches (
  location_id text not null,
  contact_id text not null,
  listing_key text not null,
  score double precision not null,
  reasons jsonb not null,
  matched_at timestamp(3) with time zone not null,
  constraint listing_matches_pkey PRIMARY KEY (location_id, contact_id, listing_key),
  constraint listing_matches_score_check CHECK (((score >= (0)::double precision) AND (score <= (1)::double precision)))
) with (fillfactor=90);

create table listings (
  location_id text not null,
  listing_key text not null,
  status text not null,
  property_type text not null,
  price numeric(14,2),
  price_cents bigint generated always as (((price * (100)::numeric))::bigint) stored,
  city text,
  postal_code text,
  bedrooms smallint,
  bathrooms numeric(5,2),
  living_sqft integer,
  latitude double precision,
  longitude double precision,
  place cube generated always as (unit_place(latitude, longitude)) stored,
  remarks text,
  listed_at timestamp(3) with time zone,
  changed_at timestamp(3) with time zone not null,
  market text,
  listing_id text,
  subtype text,
  address text,
  state text,
  county text,
  lot_sqft bigint,
  year_built smallint,
  original_price numeric(14,2),
  close_price numeric(14,2),
  closed_on date,
  office_key text,
  office_name text,
  agent_key text,
  shown boolean,
  address_shown boolean,
  valuation_shown boolean,
  system_name text,
  raw jsonb,
  content_hash text,
  seen_at timestamp(3) with time zone,
  removed_at timestamp(3) with time zone,
  city_name text generated always as (lower(city)) stored,
  county_name text generated always as (regexp_replace(lower(county), ' (county|parish)$'::text, ''::text)) stored,
  zip text generated always as ("left"(postal_code, 5)) stored,
  has_words text[] generated always as (home_words_said(raw, true)) stored,
  lacks_words text[] generated always as (home_words_said(raw, false)) stored,
  uses text[],
  constraint listings_bathrooms_check CHECK ((bathrooms >= (0)::numeric)),
  constraint listings_bedrooms_check CHECK ((bedrooms >= 0)),
  constraint listings_latitude_check CHECK (((latitude >= ('-90'::integer)::double precision) AND (latitude <= (90)::double precision))),
  constraint listings_living_sqft_check CHECK ((living_sqft > 0)),
  constraint listings_longitude_check CHECK (((longitude >= ('-180'::integer)::double precision) AND (longitude <= (180)::double precision))),
  constraint listings_pkey PRIMARY KEY (location_id, listing_key),
  constraint listings_price_check CHECK ((price >= (0)::numeric))
) with (fillfactor=90);

create table location_acts (
  location_id text not null,
  act_id bigint generated always as identity not null,
  status text not null,
  by text not null,
  at timestamp(3) with time zone default now() not null,
  constraint location_acts_pkey PRIMARY KEY (location_id, act_id),
  constraint location_acts_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'uninstalled'::text])))
);

create table locations (
  location_id text not null,
  company_id text,
  name text not null,
  timezone text,
  status text default 'active'::text not null,
  settings jsonb not null,
  settings_version integer default 1 not null,
  workflow_secret_hash text not null,
  installed_at timestamp(3) with time zone default now() not null,
  updated_at timestamp(3) with time zone default now() not null,
  parked_reason text,
  parked_since timestamp(3) with time zone,
  facts_at jsonb default '{}'::jsonb not null,
  open_since timestamp(3) with time zone,
  uninstalled_at timestamp(3) with time zone,
  constraint locations_parked_check CHECK (((parked_reason IS NULL) = (parked_since IS NULL))),
  constraint locations_parked_reason_check CHECK ((parked_reason = ANY (ARRAY['awaiting-token'::text, 'token-refused'::text, 'location-inactive'::text]))),
  constraint locations_pkey PRIMARY KEY (location_id),
  constraint locations_status_check CHECK ((status = ANY (ARRAY['active'::text, 'paused'::text, 'uninstalled'::text]))),
  constraint locations_workflow_secret_hash_key UNIQUE (workflow_secret_hash)
);

create table market_alerts (
  location_id text not null,
  contact_id text not null,
  listing_key text not null,
  change text not null,
  kind text not null,
  state text default 'waiting'::text not null,
  why text,
  score double precision,
  reasons jsonb default '[]'::jsonb not null,
  price_before numeric(14,2),
  price_after numeric(14,2),
  starts_at timestamp(3) with time zone,
  market text not null,
  as_of timestamp(3) with time zone not null,
  decided_at timestamp(3) with time zone not null,
  inbox_id uuid,
  enrolment_id uuid,
  step text,
  price_told numeric(14,2),
  settled_at timestamp(3) with time zone,
  constraint market_alerts_kind_check CHECK ((kind = ANY (ARRAY['new'::text, 'price-drop'::text, 'back-on-market'::text, 'pending'::text, 'closed'::text, 'open-house'::text]))),
  constraint market_alerts_pkey PRIMARY KEY (location_id, contact_id, listing_key, change),
  constraint market_alerts_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'told'::text, 'dropped'::text])))
);

create table market_dead_letters (
  location_id text not null,
  market text not null,
  resource text not null,
  record_key text not null,
  reason text not null,
  field text default ''::text not null,
  detail text not null,
  raw jsonb,
  first_at timestamp(3) with time zone not null,
  last_at timestamp(3) with time zone not null,
  times integer default 1 not null,
  resolved_at timestamp(3) with time zone,
  constraint market_dead_letters_pkey PRIMARY KEY (location_id, market, resource, record_key, reason, field)
);

create table market_drift (
  location_id text not null,
  market text not null,
  drift_id bigint generated always as identity not null,
  at timestamp(3) with time zone not null,
  resource text not null,
  field text not null,
  kind text not null,
  before text,
  after text,
  frozen boolean not null,
  acknowledged_at timestamp(3) with time zone,
  acknowledged_by text,
  constraint market_drift_kind_check CHECK ((kind = ANY (ARRAY['added'::text, 'removed'::text, 'type'::text, 'lookup-added'::text, 'lookup-removed'::text]))),
  constraint market_drift_pkey PRIMARY KEY (location_id, market, drift_id)
);

create table market_feeds (
  location_id text not null,
  market text not null,
  provider text not null,
  mode text,
  phase text default 'initial'::text not null,
  cursor jsonb default '{"sequence": null, "resources": {}}'::jsonb not null,
  cursor_version bigint default 0 not null,
  live_since timestamp(3) with time zone,
  polled_at timestamp(3) with time zone,
  page_at timestamp(3) with time zone,
  newest_at timestamp(3) with time zone,
  quota jsonb,
  held_until timestamp(3) with time zone,
  failing text,
  failing_since timestamp(3) with time zone,
  metadata jsonb,
  metadata_at timestamp(3) with time zone,
  reconciled_at timestamp(3) with time zone,
  reconciled jsonb,
  key_scan jsonb,
  constraint market_feeds_mode_check CHECK ((mode = ANY (ARRAY['events'::text, 'timestamps'::text]))),
  constraint market_feeds_phase_check CHECK ((phase = ANY (ARRAY['initial'::text, 'live'::text]))),
  constraint market_feeds_pkey PRIMARY KEY (location_id, market),
  constraint market_feeds_provider_check CHECK ((provider = ANY (ARRAY['reso'::text, 'trestle'::text, 'mlsgrid'::text, 'spark'::text, 'bridge'::text]))),
  constraint market_feeds_provider_market_key UNIQUE (provider, market)
);

create table market_figures (
  source text not null,
  series text not null,
  region_type text not null,
  region text not null,
  region_name text not null,
  period date not null,
  value numeric not null,
  unit text not null,
  as_of timestamp(3) with time zone not null,
  file_hash text not null,
  constraint market_figures_pkey PRIMARY KEY (source, series, region_type, region, period),
  constraint market_figures_source_check CHECK ((source = ANY (ARRAY['zhvi'::text, 'fhfa'::text, 'redfin'::text])))
);

create table market_files (
  source text not null,
  file text not null,
  file_hash text not null,
  as_of timestamp(3) with time zone not null,
  read_at timestamp(3) with time zone not null,
  rows bigint not null,
  changed bigint not null,
  dead bigint not null,
  problems jsonb default '{"rows": [], "reasons": {}}'::jsonb not null,
  at_row bigint,
  constraint market_files_pkey PRIMARY KEY (source, file, file_hash)
);

create table market_followed_files (
  source text not null,
  file text not null,
  asked_at timestamp(3) with time zone not null,
  address_hash text,
  etag text,
  last_modified text,
  failing text,
  failing_since timestamp(3) with time zone,
  says text,
  constraint market_followed_files_check CHECK ((((failing IS NULL) = (failing_since IS NULL)) AND ((failing IS NULL) = (says IS NULL)))),
  constraint market_followed_files_pkey PRIMARY KEY (source, file)
);

create table market_keys (
  location_id text not null,
  market text not null,
  scan_id text not null,
  resource text not null,
  record_key text not null,
  constraint market_keys_pkey PRIMARY KEY (location_id, market, scan_id, resource, record_key)
);

create table market_pages (
  location_id text not null,
  market text not null,
  page_id bigint generated always as identity not null,
  at timestamp(3) with time zone not null,
  resource text not null,
  why text not null,
  records integer not null,
  changed integer not null,
  dead integer not null,
  constraint market_pages_pkey PRIMARY KEY (location_id, market, page_id),
  constraint market_pages_why_check CHECK ((why = ANY (ARRAY['initial'::text, 'increment'::text, 'event'::text, 'push'::text, 'backfill'::text, 'repair'::text])))
);

create table market_push (
  location_id text not null,
  market text not null,
  push_id bigint generated always as identity not null,
  received_at timestamp(3) with time zone not null,
  sequence numeric(20,0) not null,
  resource text not null,
  record_key text not null,
  worked_at timestamp(3) with time zone,
  constraint market_push_location_id_market_sequence_resource_record_key_key UNIQUE (location_id, market, sequence, resource, record_key),
  constraint market_push_pkey PRIMARY KEY (location_id, market, push_id)
);

create table market_records (
  location_id text not null,
  market text not null,
  resource text not null,
  record_key text not null,
  listing_key text,
  modified_at timestamp(3) with time zone not null,
  raw jsonb not null,
  content_hash text not null,
  starts_at timestamp(3) with time zone,
  ends_at timestamp(3) with time zone,
  status text,
  seen_at timestamp(3) with time zone,
  removed_at timestamp(3) with time zone,
  constraint market_records_pkey PRIMARY KEY (location_id, market, resource, record_key),
  constraint market_records_resource_check CHECK ((resource = ANY (ARRAY['Office'::text, 'Member'::text, 'Media'::text, 'OpenHouse'::text])))
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
  words tsvector generated always as (to_tsvector('english'::regconfig, body)) stored,
  user_id text,
  constraint messages_direction_check CHECK ((direction = ANY (ARRAY['inbound'::text, 'outbound'::text]))),
  constraint messages_pkey PRIMARY KEY (location_id, contact_id, message_key)
) with (fillfactor=90);

create table model_answers (
  location_id text not null,
  call_key text not null,
  contact_id text,
  model text not null,
  stop text not null,
  words text not null,
  tool jsonb,
  at timestamp(3) with time zone not null,
  constraint model_answers_pkey PRIMARY KEY (location_id, call_key),
  constraint model_answers_stop_check CHECK ((stop = ANY (ARRAY['end'::text, 'cut'::text])))
);

create table model_calls (
  location_id text not null,
  call_key text not null,
  attempt integer not null,
  contact_id text,
  job text not null,
  model text not null,
  batch boolean not null,
  at timestamp(3) with time zone not null,
  until timestamp(3) with time zone not null,
  state text not null,
  billed bigint not null,
  up_to bigint not null,
  failure text,
  tokens bigint[],
  nanos bigint[],
  counterfactual bigint,
  prints jsonb not null,
  marks jsonb not null,
  readings jsonb,
  request_id text,
  first_byte_ms integer,
  ms integer,
  constraint model_calls_attempt_check CHECK ((attempt > 0)),
  constraint model_calls_billed_check CHECK ((billed >= 0)),
  constraint model_calls_check CHECK ((up_to >= billed)),
  constraint model_calls_nanos_check CHECK ((cardinality(nanos) = 5)),
  constraint model_calls_pkey PRIMARY KEY (location_id, call_key, attempt),
  constraint model_calls_state_check CHECK ((state = ANY (ARRAY['reserved'::text, 'sent'::text, 'billed'::text, 'maybe-billed'::text, 'not-billed'::text, 'settled'::text]))),
  constraint model_calls_tokens_check CHECK ((cardinality(tokens) = 5))
) with (fillfactor=80);

create table model_flights (
  print text not null,
  owner uuid not null,
  until timestamp(3) with time zone not null,
  warm_until timestamp(3) with time zone,
  constraint model_flights_pkey PRIMARY KEY (print)
);

create table oauth_states (
  state_hash text not null,
  browser_hash text not null,
  expires_at timestamp(3) with time zone not null,
  used_at timestamp(3) with time zone,
  constraint oauth_states_pkey PRIMARY KEY (state_hash)
);

create table opportunities (
  location_id text not null,
  contact_id text,
  opportunity_id text not null,
  pipeline_id text,
  stage_id text,
  status text,
  name text,
  value numeric(14,2),
  assigned_to text,
  source text,
  created_at timestamp(3) with time zone,
  facts_at jsonb not null,
  known_at timestamp(3) with time zone not null,
  deleted_at timestamp(3) with time zone,
  own_at timestamp(3) with time zone,
  constraint opportunities_pkey PRIMARY KEY (location_id, opportunity_id)
) with (fillfactor=85);

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
  segments integer,
  constraint outbox_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text, 'call-task'::text, 'note'::text, 'opportunity'::text, 'ghl-workflow'::text]))),
  constraint outbox_location_id_contact_id_once_key_key UNIQUE (location_id, contact_id, once_key),
  constraint outbox_person_hashes CHECK ((cardinality(person_hashes) <= 2)),
  constraint outbox_pkey PRIMARY KEY (location_id, contact_id, send_id),
  constraint outbox_purpose_check CHECK ((purpose = ANY (ARRAY['solicitation'::text, 'answer'::text, 'task'::text]))),
  constraint outbox_state_check CHECK ((state = ANY (ARRAY['claimed'::text, 'sending'::text, 'sent'::text, 'recorded'::text, 'refused'::text, 'not-sent'::text, 'unknown'::text, 'parked'::text, 'cancelled'::text])))
) with (fillfactor=75);

create table registry_loads (
  location_id text not null,
  load_id uuid default gen_random_uuid() not null,
  list text not null,
  as_of timestamp(3) with time zone not null,
  area_codes text[] default '{}'::text[] not null,
  numbers bigint default 0 not null,
  parts integer default 0 not null,
  by text not null,
  begun_at timestamp(3) with time zone default now() not null,
  finished_at timestamp(3) with time zone,
  replaced_at timestamp(3) with time zone,
  constraint registry_loads_pkey PRIMARY KEY (location_id, load_id)
);

create table registry_numbers (
  location_id text not null,
  load_id uuid not null,
  number_hash bytea not null,
  constraint registry_numbers_pkey PRIMARY KEY (location_id, load_id, number_hash)
);

create table replay_events (
  replay_id uuid not null,
  place integer not null,
  inbox_id uuid not null,
  lead text not null,
  state text default 'waiting'::text not null,
  constraint replay_events_pkey PRIMARY KEY (replay_id, place),
  constraint replay_events_replay_id_fkey FOREIGN KEY (replay_id) REFERENCES replays(replay_id),
  constraint replay_events_state_check CHECK ((state = ANY (ARRAY['waiting'::text, 'reopened'::text, 'done'::text, 'parked'::text, 'passed'::text])))
);

create table replays (
  replay_id uuid default gen_random_uuid() not null,
  filter jsonb not null,
  operator text,
  begun_at timestamp(3) with time zone default now() not null,
  ended_at timestamp(3) with time zone,
  left_out integer default 0 not null,
  constraint replays_pkey PRIMARY KEY (replay_id)
);

create table replies_due (
  location_id text not null,
  contact_id text not null,
  channel text not null,
  inbox_id uuid not null,
  first_at timestamp(3) with time zone not null,
  last_at timestamp(3) with time zone not null,
  due_at timestamp(3) with time zone not null,
  attempts integer default 0 not null,
  constraint replies_due_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint replies_due_pkey PRIMARY KEY (location_id, contact_id)
);

create table reply_drafts (
  location_id text not null,
  contact_id text not null,
  draft_id uuid default gen_random_uuid() not null,
  answers uuid not null,
  channel text not null,
  mode text not null,
  state text not null,
  rung text not null,
  proposed jsonb,
  text text,
  edited text,
  question text,
  facts jsonb default '[]'::jsonb not null,
  gates jsonb default '[]'::jsonb not null,
  call_keys text[] default '{}'::text[] not null,
  cost bigint default 0 not null,
  why text,
  created_at timestamp(3) with time zone not null,
  expires_at timestamp(3) with time zone not null,
  decided_at timestamp(3) with time zone,
  decided_by text,
  constraint reply_drafts_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint reply_drafts_location_id_contact_id_answers_key UNIQUE (location_id, contact_id, answers),
  constraint reply_drafts_mode_check CHECK ((mode = ANY (ARRAY['draft'::text, 'auto'::text]))),
  constraint reply_drafts_pkey PRIMARY KEY (location_id, contact_id, draft_id),
  constraint reply_drafts_rung_check CHECK ((rung = ANY (ARRAY['draft'::text, 'rewrite'::text, 'template'::text, 'fixed'::text, 'human'::text]))),
  constraint reply_drafts_state_check CHECK ((state = ANY (ARRAY['proposed'::text, 'approved'::text, 'edited'::text, 'rejected'::text, 'sent'::text, 'superseded'::text, 'expired'::text, 'blocked'::text, 'to-human'::text])))
);

create table restores (
  id bigint generated always as identity not null,
  lost_from timestamp(3) with time zone not null,
  lost_until timestamp(3) with time zone not null,
  constraint restores_check CHECK ((lost_from <= lost_until)),
  constraint restores_pkey PRIMARY KEY (id)
);

create table schema_migrations (
  name text not null,
  checksum text not null,
  done integer not null,
  started integer not null,
  started_at timestamp(3) with time zone default now() not null,
  finished_at timestamp(3) with time zone,
  constraint schema_migrations_pkey PRIMARY KEY (name)
);

create table score_history (
  location_id text not null,
  contact_id text not null,
  score_id bigint generated always as identity not null,
  scored_at timestamp(3) with time zone not null,
  value double precision not null,
  probability double precision,
  confidence double precision not null,
  tier text not null,
  model text not null,
  model_hash text,
  as_of timestamp(3) with time zone not null,
  feature_set text not null,
  vector bytea not null,
  constraint score_history_confidence_check CHECK (((confidence >= (0)::double precision) AND (confidence <= (1)::double precision))),
  constraint score_history_location_id_model_hash_fkey FOREIGN KEY (location_id, model_hash) REFERENCES score_models(location_id, model_hash),
  constraint score_history_pkey PRIMARY KEY (location_id, contact_id, score_id),
  constraint score_history_probability_check CHECK (((probability >= (0)::double precision) AND (probability <= (1)::double precision))),
  constraint score_history_tier_check CHECK ((tier = ANY (ARRAY['hot'::text, 'warm'::text, 'cold'::text]))),
  constraint score_history_value_check CHECK (((value >= (0)::double precision) AND (value <= (100)::double precision)))
);

create table score_models (
  location_id text not null,
  model_hash text not null,
  name text not null,
  file bytea not null,
  evidence jsonb not null,
  added_at timestamp(3) with time zone not null,
  speaks boolean not null,
  constraint score_models_model_hash_check CHECK ((model_hash ~ '^[0-9a-f]{64}$'::text)),
  constraint score_models_pkey PRIMARY KEY (location_id, model_hash)
);

create table sending_pauses (
  location_id text not null,
  pause_id bigint generated always as identity not null,
  channel text not null,
  why text not null,
  tally jsonb not null,
  paused_at timestamp(3) with time zone not null,
  lifted_at timestamp(3) with time zone,
  lifted_by text,
  constraint sending_pauses_channel_check CHECK ((channel = ANY (ARRAY['sms'::text, 'email'::text]))),
  constraint sending_pauses_check CHECK (((lifted_at IS NULL) = (lifted_by IS NULL))),
  constraint sending_pauses_pkey PRIMARY KEY (location_id, pause_id)
);

create table sequence_drafts (
  key text not null,
  document jsonb not null,
  based_on integer,
  saved_by text not null,
  saved_at timestamp(3) with time zone not null,
  constraint sequence_drafts_pkey PRIMARY KEY (key)
);

create table sequence_releases (
  key text not null,
  release_id bigint generated always as identity not null,
  version integer not null,
  act text not null,
  released_by text not null,
  released_at timestamp(3) with time zone default now() not null,
  constraint sequence_releases_act_check CHECK ((act = ANY (ARRAY['publish'::text, 'roll-back'::text]))),
  constraint sequence_releases_key_version_fkey FOREIGN KEY (key, version) REFERENCES sequences(key, version),
  constraint sequence_releases_pkey PRIMARY KEY (key, release_id)
);

create table sequences (
  key text not null,
  version integer not null,
  document jsonb not null,
  published_at timestamp(3) with time zone default now() not null,
  constraint sequences_pkey PRIMARY KEY (key, version)
);

create table settings_versions (
  location_id text not null,
  version integer not null,
  settings jsonb not null,
  changes jsonb not null,
  changed_by text not null,
  at timestamp(3) with time zone default now() not null,
  constraint settings_versions_pkey PRIMARY KEY (location_id, version)
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
  constraint suppressions_pkey PRIMARY KEY (location_id, person_hash, channel, reason)
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

CREATE INDEX analytics_events_contact ON ONLY public.analytics_events USING btree (location_id, contact_id, at, event_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX analytics_events_listing ON ONLY public.analytics_events USING btree (location_id, ((detail ->> 'listing'::text)), at) WHERE ((contact_id IS NOT NULL) AND ((detail ->> 'listing'::text) IS NOT NULL));
CREATE INDEX analytics_events_type ON ONLY public.analytics_events USING btree (location_id, type, at);
CREATE INDEX analytics_events_visitor ON ONLY public.analytics_events USING btree (location_id, visitor, at) WHERE ((visitor IS NOT NULL) AND (contact_id IS NULL));
CREATE INDEX appointments_of_contact ON public.appointments USING btree (location_id, contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX assignments_due ON public.assignments USING btree (location_id, contact_id) WHERE (due_at IS NOT NULL);
CREATE INDEX assist_jobs_waiting ON public.assist_jobs USING btree (location_id, contact_id) WHERE (due_at IS NOT NULL);
CREATE INDEX coaching_sessions_agent ON public.coaching_sessions USING btree (location_id, agent_id, held_on, session_id);
CREATE INDEX consent_facts_contact ON public.consent_facts USING btree (location_id, contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX consent_facts_person ON public.consent_facts USING btree (location_id, person_hash) WHERE (person_hash IS NOT NULL);
CREATE INDEX consent_records_contact ON public.consent_records USING btree (location_id, contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX consent_records_person ON public.consent_records USING btree (location_id, person_hash) WHERE (person_hash IS NOT NULL);
CREATE INDEX conversations_unread ON public.conversations USING btree (location_id, last_message_at, contact_id) WHERE (unread > 0);
CREATE INDEX crm_actions_newest ON public.crm_actions USING btree (location_id, contact_id, at DESC, action_id DESC);
CREATE INDEX crm_notes_of_contact ON public.crm_notes USING btree (location_id, contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX crm_tasks_of_contact ON public.crm_tasks USING btree (location_id, contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX crm_undos_asked ON public.crm_undos USING btree (location_id, contact_id) WHERE (state = 'asked'::text);
CREATE INDEX email_events_newest ON public.email_events USING btree (location_id, at);
CREATE INDEX email_events_of_address ON public.email_events USING btree (location_id, recipient_hash, at);
CREATE UNIQUE INDEX enrolments_by_event ON public.enrolments USING btree (location_id, contact_id, sequence_key, inbox_id);
CREATE UNIQUE INDEX enrolments_one_active ON public.enrolments USING btree (location_id, contact_id, sequence_key, COALESCE(event_id, ''::text)) WHERE (status = 'active'::text);
CREATE INDEX inbox_newest ON public.inbox USING btree (location_id, received_at DESC, inbox_id DESC);
CREATE INDEX inbox_open ON public.inbox USING btree (received_at) WHERE (worked_at IS NULL);
CREATE INDEX inbox_unworked ON public.inbox USING btree (location_id, contact_id) WHERE (worked_at IS NULL);
CREATE INDEX lead_search_email ON public.lead_search USING btree (location_id, email) WHERE (email IS NOT NULL);
CREATE INDEX lead_search_fields ON public.lead_search USING gin (location_id, fields jsonb_path_ops) WITH (fastupdate=off);
CREATE INDEX lead_search_phone ON public.lead_search USING btree (location_id, phone) WHERE (phone IS NOT NULL);
CREATE INDEX lead_search_tags ON public.lead_search USING gin (location_id, tags) WITH (fastupdate=off);
CREATE INDEX lead_search_words ON public.lead_search USING gin (location_id, words gin_trgm_ops) WITH (fastupdate=off);
CREATE INDEX lead_wish_places_of_lead ON public.lead_wish_places USING btree (location_id, contact_id);
CREATE INDEX lead_wishes_unmatched ON public.lead_wishes USING btree (location_id, contact_id) WHERE (matched_at IS NULL);
CREATE INDEX leads_activity ON public.leads USING btree (location_id, last_activity_at, contact_id);
CREATE INDEX leads_by_score ON public.leads USING btree (location_id, (
CASE
    WHEN (score IS NULL) THEN ('-1'::integer)::double precision
    ELSE score
END), contact_id);
CREATE INDEX leads_due ON public.leads USING btree (location_id, next_at, contact_id) WHERE (next_at IS NOT NULL);
CREATE INDEX leads_email_hash ON public.leads USING btree (location_id, email_hash) WHERE (email_hash IS NOT NULL);
CREATE INDEX leads_filtered_activity ON public.leads USING btree (location_id, stage, tier, last_activity_at, contact_id);
CREATE INDEX leads_filtered_newest ON public.leads USING btree (location_id, stage, tier, created_at, contact_id);
CREATE INDEX leads_filtered_score ON public.leads USING btree (location_id, stage, tier, (
CASE
    WHEN (score IS NULL) THEN ('-1'::integer)::double precision
    ELSE score
END), contact_id);
CREATE INDEX leads_hot ON public.leads USING btree (location_id, created_at, contact_id) WHERE (tier = 'hot'::text);
CREATE INDEX leads_newest ON public.leads USING btree (location_id, created_at, contact_id);
CREATE INDEX leads_planned ON public.leads USING btree (location_id, contact_id) WHERE (next_at IS NOT NULL);
CREATE INDEX leads_sms_hash ON public.leads USING btree (location_id, sms_hash) WHERE (sms_hash IS NOT NULL);
CREATE INDEX leads_unapplied ON public.leads USING btree (location_id, contact_id) WHERE (plan_version > plan_applied);
CREATE UNIQUE INDEX listing_events_change ON public.listing_events USING btree (location_id, listing_key, change) WHERE (change IS NOT NULL);
CREATE INDEX listing_events_to_fan ON public.listing_events USING btree (location_id, at) WHERE ((change IS NOT NULL) AND (fanned_at IS NULL));
CREATE INDEX listings_area ON public.listings USING btree (location_id, city, status, price_cents, listing_key);
CREATE INDEX listings_by_age ON public.listings USING btree (location_id, listed_at DESC NULLS LAST) INCLUDE (listing_key, property_type, subtype, state, bedrooms, bathrooms, living_sqft, lacks_words, price_cents) WHERE ((status = 'active'::text) AND (removed_at IS NULL) AND shown AND (office_name IS NOT NULL));
CREATE INDEX listings_by_price ON public.listings USING btree (location_id, price_cents) INCLUDE (listing_key, property_type, subtype, state, bedrooms, bathrooms, living_sqft, lacks_words, listed_at) WHERE ((status = 'active'::text) AND (removed_at IS NULL) AND shown AND (office_name IS NOT NULL));
CREATE INDEX listings_changed ON public.listings USING btree (location_id, changed_at, listing_key) WHERE (status = 'active'::text);
CREATE INDEX listings_in_city_by_age ON public.listings USING btree (location_id, city_name, listed_at DESC NULLS LAST) INCLUDE (listing_key, property_type, subtype, state, bedrooms, bathrooms, living_sqft, lacks_words, price_cents) WHERE ((status = 'active'::text) AND (removed_at IS NULL) AND shown AND (office_name IS NOT NULL));
CREATE INDEX listings_in_city_by_price ON public.listings USING btree (location_id, city_name, price_cents) INCLUDE (listing_key, property_type, subtype, state, bedrooms, bathrooms, living_sqft, lacks_words, listed_at) WHERE ((status = 'active'::text) AND (removed_at IS NULL) AND shown AND (office_name IS NOT NULL));
CREATE INDEX listings_in_county ON public.listings USING btree (location_id, county_name, price_cents) WHERE ((status = 'active'::text) AND (removed_at IS NULL) AND shown AND (office_name IS NOT NULL));
CREATE INDEX listings_in_zip ON public.listings USING btree (location_id, zip, price_cents) WHERE ((status = 'active'::text) AND (removed_at IS NULL) AND shown AND (office_name IS NOT NULL));
CREATE INDEX listings_of_kind ON public.listings USING btree (location_id, subtype, price_cents) INCLUDE (listing_key, property_type, state, bedrooms, bathrooms, living_sqft, lacks_words, listed_at) WHERE ((status = 'active'::text) AND (removed_at IS NULL) AND shown AND (office_name IS NOT NULL));
CREATE INDEX listings_of_market ON public.listings USING btree (location_id, market, listing_key) WHERE (market IS NOT NULL);
CREATE INDEX listings_place ON public.listings USING gist (location_id, place) WHERE (status = 'active'::text);
CREATE INDEX listings_type ON public.listings USING btree (location_id, property_type, status, price_cents, listing_key);
CREATE INDEX market_alerts_listing ON public.market_alerts USING btree (location_id, listing_key, decided_at);
CREATE INDEX market_alerts_waiting ON public.market_alerts USING btree (location_id, contact_id) WHERE (state = 'waiting'::text);
CREATE INDEX market_dead_letters_open ON public.market_dead_letters USING btree (location_id, market) WHERE (resolved_at IS NULL);
CREATE INDEX market_drift_open ON public.market_drift USING btree (location_id, market) WHERE (acknowledged_at IS NULL);
CREATE INDEX market_figures_named ON public.market_figures USING btree (lower(region_name), source, series, period);
CREATE INDEX market_pages_at ON public.market_pages USING btree (location_id, market, at);
CREATE INDEX market_push_waiting ON public.market_push USING btree (location_id, market, sequence) WHERE (worked_at IS NULL);
CREATE INDEX market_records_listing ON public.market_records USING btree (location_id, listing_key, resource) WHERE (listing_key IS NOT NULL);
CREATE INDEX messages_failed ON public.messages USING btree (location_id, at) WHERE ((direction = 'outbound'::text) AND (channel = 'sms'::text) AND (status = ANY (ARRAY['failed'::text, 'undelivered'::text, 'opt_out'::text])));
CREATE INDEX messages_newest ON public.messages USING btree (location_id, at, contact_id, message_key);
CREATE INDEX messages_words ON public.messages USING gin (location_id, words) WITH (fastupdate=off);
CREATE INDEX model_answers_at ON public.model_answers USING btree (at);
CREATE INDEX model_answers_of_lead ON public.model_answers USING btree (location_id, contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX model_calls_at ON public.model_calls USING btree (location_id, at);
CREATE INDEX model_calls_of_all ON public.model_calls USING btree (at);
CREATE INDEX model_calls_of_lead ON public.model_calls USING btree (location_id, contact_id, at) WHERE (contact_id IS NOT NULL);
CREATE INDEX model_calls_open ON public.model_calls USING btree (until) WHERE (state = ANY (ARRAY['reserved'::text, 'sent'::text]));
CREATE INDEX oauth_states_expires ON public.oauth_states USING btree (expires_at);
CREATE INDEX opportunities_of_contact ON public.opportunities USING btree (location_id, contact_id) WHERE (contact_id IS NOT NULL);
CREATE INDEX outbox_of_person ON public.outbox USING btree (location_id, (person_hashes[1]), sending_at) WHERE (sending_at IS NOT NULL);
CREATE INDEX outbox_of_person_too ON public.outbox USING btree (location_id, (person_hashes[2]), sending_at) WHERE (sending_at IS NOT NULL);
CREATE INDEX outbox_open ON public.outbox USING btree (location_id, contact_id) WHERE (state = ANY (ARRAY['claimed'::text, 'sending'::text, 'not-sent'::text, 'unknown'::text]));
CREATE INDEX outbox_parked ON public.outbox USING btree (location_id, contact_id) WHERE (state = 'parked'::text);
CREATE INDEX outbox_sent ON public.outbox USING btree (location_id, sending_at) WHERE (sending_at IS NOT NULL);
CREATE INDEX outbox_unsettled ON public.outbox USING btree (state, claimed_at, send_id) WHERE (state = ANY (ARRAY['parked'::text, 'unknown'::text]));
CREATE INDEX replay_events_open ON public.replay_events USING btree (replay_id, place) WHERE (state = ANY (ARRAY['waiting'::text, 'reopened'::text]));
CREATE UNIQUE INDEX reply_drafts_id ON public.reply_drafts USING btree (location_id, draft_id);
CREATE INDEX reply_drafts_newest ON public.reply_drafts USING btree (location_id, created_at, draft_id);
CREATE INDEX reply_drafts_open ON public.reply_drafts USING btree (location_id, contact_id) WHERE (state = ANY (ARRAY['proposed'::text, 'approved'::text, 'edited'::text]));
CREATE INDEX score_history_by_model ON public.score_history USING btree (location_id, model_hash) WHERE (model_hash IS NOT NULL);
CREATE UNIQUE INDEX score_models_speaking ON public.score_models USING btree (location_id) WHERE speaks;
CREATE UNIQUE INDEX sending_pauses_standing ON public.sending_pauses USING btree (location_id, channel) WHERE (lifted_at IS NULL);
CREATE INDEX sequence_releases_key_version ON public.sequence_releases USING btree (key, version);
CREATE INDEX suppressions_newest ON public.suppressions USING btree (location_id, at);

CREATE OR REPLACE FUNCTION public.count_appointment_news()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into lead_news as n (location_id, contact_id, news)
  select distinct new.location_id, heard.contact_id, 1 from (values (old.contact_id), (new.contact_id)) as heard (contact_id)
  where heard.contact_id is not null order by heard.contact_id
  on conflict (location_id, contact_id) do update set news = n.news + 1;
  return null;
end $function$;
CREATE OR REPLACE FUNCTION public.count_email_news()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into lead_news as n (location_id, contact_id, news)
  select distinct l.location_id, l.contact_id, 1
  from told join leads l on l.location_id = told.location_id and l.email_hash = told.recipient_hash
  order by l.location_id, l.contact_id
  on conflict (location_id, contact_id) do update set news = n.news + 1;
  return null;
end $function$;
CREATE OR REPLACE FUNCTION public.count_lead_news()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into lead_news as n (location_id, contact_id, news)
  select distinct location_id, contact_id, 1 from told where contact_id is not null order by location_id, contact_id
  on conflict (location_id, contact_id) do update set news = n.news + 1;
  return null;
end $function$;
CREATE OR REPLACE FUNCTION public.count_own_news()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  insert into lead_news as n (location_id, contact_id, news) values (new.location_id, new.contact_id, 1)
  on conflict (location_id, contact_id) do update set news = n.news + 1;
  return null;
end $function$;
CREATE OR REPLACE FUNCTION public.find_interested(listings text[], kinds text[], since timestamp with time zone)
 RETURNS TABLE(contact_id text, listing text)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 20
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
AS $function$
declare
  here constant text := current_setting('leadwright.location', true);
begin
  return query
    select distinct e.contact_id, e.detail ->> 'listing'
    from analytics_events e
    where e.location_id = here and e.detail ->> 'listing' = any (listings) and e.at > since and e.contact_id is not null and e.type = any (kinds);
end $function$;
CREATE OR REPLACE FUNCTION public.find_leads(patterns text[], wanted_tags text[], wanted_fields jsonb[], most integer)
 RETURNS SETOF text
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'off'
AS $function$
declare
  here constant text := current_setting('leadwright.location', true);
begin
  return query
    select s.contact_id from lead_search s
    where s.location_id = here
      and (patterns is null or (
        s.words like patterns[1] and (patterns[2] is null or s.words like patterns[2]) and (patterns[3] is null or s.words like patterns[3])
        and s.words like all (patterns)))
      and (wanted_tags is null or s.tags @> wanted_tags)
      and (wanted_fields is null or s.fields @> any (wanted_fields))
    limit most;
end $function$;
CREATE OR REPLACE FUNCTION public.find_listings_near(latitude double precision, longitude double precision, metres double precision, most integer)
 RETURNS TABLE(listing_key text, distance double precision)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER ROWS 50
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'off'
AS $function$
declare
  here constant text := current_setting('leadwright.location', true);
  radius constant double precision := 6371008.8;
  centre constant cube := unit_place(latitude, longitude);
  -- A few micrometres more, so that rounding leaves nobody out who stands on the line.
  chord constant double precision := 2 * sin(least(metres / (2 * radius), pi() / 2)) + 1e-12;
begin
  return query
    select l.listing_key, 2 * radius * asin(least(1, (l.place <-> centre) / 2))
    from listings l
    where l.location_id = here and l.status = 'active' and l.place <@ cube_enlarge(centre, chord, 3) and (l.place <-> centre) <= chord
    order by l.place <-> centre, l.listing_key limit most;
end $function$;
CREATE OR REPLACE FUNCTION public.find_messages(query text, before_at timestamp with time zone, before_contact text, before_key text, most integer)
 RETURNS TABLE(contact_id text, message_key text, direction text, channel text, body text, at timestamp with time zone)
 LANGUAGE plpgsql
 STABLE SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
 SET plan_cache_mode TO 'force_custom_plan'
 SET enable_seqscan TO 'off'
AS $function$
declare
  here constant text := current_setting('leadwright.location', true);
  wanted constant tsquery := websearch_to_tsquery('english', query);
  newest constant integer := 1500;
  enough boolean;
begin
  -- Nothing but words that say nothing: no message can be meant.
  if numnode(wanted) = 0 then return; end if;
  select count(*) = most into enough
  from (
    select from (
      select m.words from messages m
      where m.location_id = here and (m.at, m.contact_id, m.message_key) < (before_at, before_contact, before_key)
      order by m.location_id desc, m.at desc, m.contact_id desc, m.message_key desc limit newest) as n
    where n.words @@ wanted limit most) as hits;
  if not enough then
    select count(*) < newest into enough
    from (
      select from messages m
      where m.location_id = here and (m.at, m.contact_id, m.message_key) < (before_at, before_contact, before_key) limit newest) as n;
  end if;
  if enough then
    return query
      select n.contact_id, n.message_key, n.direction, n.channel, n.body, n.at::timestamptz
      from (
        select * from messages m
        where m.location_id = here and (m.at, m.contact_id, m.message_key) < (before_at, before_contact, before_key)
        order by m.location_id desc, m.at desc, m.contact_id desc, m.message_key desc limit newest) as n
      where n.words @@ wanted
      order by n.at desc, n.contact_id desc, n.message_key desc limit most;
  else
    return query
      with hits as materialized (
        select m.contact_id, m.message_key, m.direction, m.channel, m.body, m.at from messages m where m.location_id = here and m.words @@ wanted)
      select h.contact_id, h.message_key, h.direction, h.channel, h.body, h.at::timestamptz from hits h
      where (h.at, h.contact_id, h.message_key) < (before_at, before_contact, before_key)
      order by h.at desc, h.contact_id desc, h.message_key desc limit most;
  end if;
end $function$;
CREATE OR REPLACE FUNCTION public.forget_model_answers()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  delete from model_answers where location_id = new.location_id and contact_id = new.contact_id;
  return null;
end $function$;
CREATE OR REPLACE FUNCTION public.home_words_said(raw jsonb, yes boolean)
 RETURNS text[]
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
  select coalesce(array_agg(word order by word), '{}')
  from (values ('fireplace', 'FireplaceYN', false), ('garage', 'GarageYN', false), ('new build', 'NewConstructionYN', false),
    ('no HOA', 'AssociationYN', true), ('parking', 'CarportYN', false), ('pool', 'PoolPrivateYN', false), ('view', 'ViewYN', false),
    ('waterfront', 'WaterfrontYN', false)) as field (word, name, turned)
  where raw -> name = to_jsonb(yes <> turned) and (word <> 'parking' or yes)
$function$;
CREATE OR REPLACE FUNCTION public.join_activity()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  hashes text[] := array_remove(array[new.sms_hash, new.email_hash], null);
begin
  perform pg_advisory_xact_lock(key)
  from (
    select distinct hashtextextended('activity:' || new.location_id || ':' || hash, 0) as key from unnest(hashes) as hash order by 1
  ) as sorted;
  perform pg_advisory_xact_lock(key)
  from (
    select distinct hashtextextended('activity:' || h.location_id || ':' || h.visitor, 0) as key from activity_hints h
    where h.location_id = new.location_id and h.person_hash = any(hashes) order by 1
  ) as sorted;
  -- An address that another contact bears, too, says nothing.
  hashes := array(
    select hash from unnest(hashes) as hash
    where not exists (
      select from leads l where l.location_id = new.location_id and l.sms_hash = hash and l.contact_id <> new.contact_id and l.deleted_at is null
    ) and not exists (
      select from leads l where l.location_id = new.location_id and l.email_hash = hash and l.contact_id <> new.contact_id and l.deleted_at is null
    )
  );
  update activity_visitors v set contact_id = new.contact_id
  from activity_hints h
  where h.location_id = new.location_id and h.person_hash = any(hashes)
    and v.location_id = h.location_id and v.visitor = h.visitor and v.contact_id is null;
  update analytics_events e set contact_id = new.contact_id
  from activity_hints h join activity_visitors v on v.location_id = h.location_id and v.visitor = h.visitor
    cross join lateral (
      select event_id, at from analytics_events
      where location_id = h.location_id and visitor = h.visitor and contact_id is null order by at desc limit 500
    ) as earlier
  where h.location_id = new.location_id and h.person_hash = any(hashes) and v.contact_id = new.contact_id
    and e.location_id = h.location_id and e.event_id = earlier.event_id and e.at = earlier.at;
  return null;
end $function$;
CREATE OR REPLACE FUNCTION public.keep_conversation()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform from conversations where location_id = new.location_id and contact_id = new.contact_id for update;
  if not found then
    insert into conversations (location_id, contact_id, last_message_at, unread) values (new.location_id, new.contact_id, new.at, 0)
    on conflict do nothing;
    perform from conversations where location_id = new.location_id and contact_id = new.contact_id for update;
  end if;
  update conversations c set
    last_message_at = greatest(c.last_message_at, new.at),
    last_outbound_at = greatest(c.last_outbound_at, case new.direction when 'outbound' then new.at end),
    unread = (
      select count(*) from messages m
      where m.location_id = new.location_id and m.contact_id = new.contact_id and m.direction = 'inbound'
        and m.channel <> 'internal-comment'
        and m.at > coalesce(greatest(c.last_outbound_at, case new.direction when 'outbound' then new.at end), '-infinity'))
  where location_id = new.location_id and contact_id = new.contact_id;
  return null;
end $function$;
CREATE OR REPLACE FUNCTION public.keep_lead_search()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  wanted lead_search := lead_search_of(new);
begin
  insert into lead_search as s values (wanted.*)
  on conflict (location_id, contact_id) do update set
    phone = excluded.phone, email = excluded.email, tags = excluded.tags, fields = excluded.fields, words = excluded.words
  where s is distinct from excluded;
  return null;
end $function$;
CREATE OR REPLACE FUNCTION public.keep_open_since()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  if new.status = 'active' and new.parked_reason is null and (old.status <> 'active' or old.parked_reason is not null) then
    new.open_since := clock_timestamp();
  end if;
  return new;
end $function$;
CREATE OR REPLACE FUNCTION public.lead_search_of(lead leads)
 RETURNS lead_search
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN ROW((lead).location_id, (lead).contact_id, (lead).phone, (lead).email, ARRAY(SELECT lower(tag.value) AS lower FROM jsonb_array_elements_text(CASE WHEN (jsonb_typeof(((lead_search_of.lead).snapshot -> 'tags'::text)) = 'array'::text) THEN ((lead_search_of.lead).snapshot -> 'tags'::text) ELSE '[]'::jsonb END) tag(value)), CASE WHEN (jsonb_typeof(((lead).snapshot -> 'customFields'::text)) = 'object'::text) THEN ((lead).snapshot -> 'customFields'::text) ELSE '{}'::jsonb END, lead_words((lead).name, (lead).email, (lead).phone))::lead_search;
CREATE OR REPLACE FUNCTION public.lead_words(name text, email text, phone text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
RETURN ((COALESCE((' '::text || lower(name)), ''::text) || COALESCE((' '::text || email), ''::text)) || COALESCE((' '::text || substr(phone, 2)), ''::text));
CREATE OR REPLACE FUNCTION public.make_analytics_months(first date, last date)
 RETURNS integer
 LANGUAGE plpgsql
 SECURITY DEFINER
 SET search_path TO 'pg_catalog', 'public', 'pg_temp'
AS $function$
declare
  month timestamp;
  name text;
  made integer := 0;
begin
  perform pg_advisory_xact_lock(hashtextextended('make_analytics_months', 0));
  for month in select generate_series(date_trunc('month', first::timestamp), last::timestamp, '1 month') loop
    name := to_char(month, '"analytics_events_"YYYY_MM');
    if to_regclass('public.' || name) is null then
      execute format('create table public.%I (like public.analytics_events including defaults)', name);
      execute format('alter table public.analytics_events attach partition public.%I for values from (%L) to (%L)',
        name, to_char(month, 'YYYY-MM-DD 00:00:00+00'), to_char(month + interval '1 month', 'YYYY-MM-DD 00:00:00+00'));
      made := made + 1;
    end if;
  end loop;
  return made;
end $function$;
CREATE OR REPLACE FUNCTION public.normal_phone(phone text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN CASE WHEN (regexp_replace(phone, '\D'::text, ''::text, 'g'::text) = ''::text) THEN NULL::text WHEN ((phone !~ '^\s*(\+|00)'::text) AND (length(regexp_replace(phone, '\D'::text, ''::text, 'g'::text)) = 10)) THEN ('+1'::text || regexp_replace(phone, '\D'::text, ''::text, 'g'::text)) ELSE NULLIF(('+'::text || regexp_replace(regexp_replace(phone, '^\s*00'::text, ''::text), '\D'::text, ''::text, 'g'::text)), '+'::text) END;
CREATE OR REPLACE FUNCTION public.unit_place(latitude double precision, longitude double precision)
 RETURNS cube
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN cube(ARRAY[(cos(radians(latitude)) * cos(radians(longitude))), (cos(radians(latitude)) * sin(radians(longitude))), sin(radians(latitude))]);

CREATE TRIGGER news_of_changed AFTER UPDATE ON public.analytics_events REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION count_lead_news();
CREATE TRIGGER news_of_new AFTER INSERT ON public.analytics_events REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION count_lead_news();
CREATE TRIGGER news_of_changed AFTER UPDATE ON public.appointments FOR EACH ROW EXECUTE FUNCTION count_appointment_news();
CREATE TRIGGER news_of_new AFTER INSERT ON public.appointments FOR EACH ROW WHEN ((new.contact_id IS NOT NULL)) EXECUTE FUNCTION count_own_news();
CREATE TRIGGER news_of_new AFTER INSERT ON public.email_events REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION count_email_news();
CREATE TRIGGER activity_of_changed AFTER UPDATE OF sms_hash, email_hash ON public.leads FOR EACH ROW WHEN (((new.sms_hash IS DISTINCT FROM old.sms_hash) OR (new.email_hash IS DISTINCT FROM old.email_hash))) EXECUTE FUNCTION join_activity();
CREATE TRIGGER activity_of_new AFTER INSERT ON public.leads FOR EACH ROW WHEN (((new.sms_hash IS NOT NULL) OR (new.email_hash IS NOT NULL))) EXECUTE FUNCTION join_activity();
CREATE TRIGGER answers_of_deleted AFTER UPDATE OF deleted_at ON public.leads FOR EACH ROW WHEN (((new.deleted_at IS NOT NULL) AND (old.deleted_at IS NULL))) EXECUTE FUNCTION forget_model_answers();
CREATE TRIGGER lead_search_of_changed AFTER UPDATE OF snapshot ON public.leads FOR EACH ROW WHEN ((((((new.name IS DISTINCT FROM old.name) OR (new.phone IS DISTINCT FROM old.phone)) OR (new.email IS DISTINCT FROM old.email)) OR ((new.snapshot -> 'tags'::text) IS DISTINCT FROM (old.snapshot -> 'tags'::text))) OR ((new.snapshot -> 'customFields'::text) IS DISTINCT FROM (old.snapshot -> 'customFields'::text)))) EXECUTE FUNCTION keep_lead_search();
CREATE TRIGGER lead_search_of_new AFTER INSERT ON public.leads FOR EACH ROW WHEN ((new.snapshot IS NOT NULL)) EXECUTE FUNCTION keep_lead_search();
CREATE TRIGGER news_of_changed AFTER UPDATE OF qualification, snapshot, email_hash ON public.leads FOR EACH ROW WHEN (((new.qualification IS DISTINCT FROM old.qualification) OR (new.snapshot IS DISTINCT FROM old.snapshot) OR (new.email_hash IS DISTINCT FROM old.email_hash))) EXECUTE FUNCTION count_own_news();
CREATE TRIGGER news_of_changed AFTER UPDATE ON public.listing_matches REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION count_lead_news();
CREATE TRIGGER news_of_gone AFTER DELETE ON public.listing_matches REFERENCING OLD TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION count_lead_news();
CREATE TRIGGER news_of_new AFTER INSERT ON public.listing_matches REFERENCING NEW TABLE AS told FOR EACH STATEMENT EXECUTE FUNCTION count_lead_news();
CREATE TRIGGER open_since_of_location BEFORE UPDATE OF status, parked_reason ON public.locations FOR EACH ROW EXECUTE FUNCTION keep_open_since();
CREATE TRIGGER conversation_of_message AFTER INSERT ON public.messages FOR EACH ROW WHEN ((new.channel <> 'internal-comment'::text)) EXECUTE FUNCTION keep_conversation();
CREATE TRIGGER news_of_changed AFTER UPDATE ON public.messages FOR EACH ROW WHEN ((((((new.at IS DISTINCT FROM old.at) OR (new.direction IS DISTINCT FROM old.direction)) OR (new.channel IS DISTINCT FROM old.channel)) OR (new.body IS DISTINCT FROM old.body)) OR (new.human IS DISTINCT FROM old.human))) EXECUTE FUNCTION count_own_news();
CREATE TRIGGER news_of_new AFTER INSERT ON public.messages FOR EACH ROW EXECUTE FUNCTION count_own_news();

create policy tenant on activity_counts as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on activity_hints as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy house on activity_sites as PERMISSIVE for SELECT to leadwright_house using (true);
create policy tenant on activity_sites as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on activity_visitors as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on acts as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on agent_profiles as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on analytics_events as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on appointments as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on assignment_turns as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy house on assignments as PERMISSIVE for SELECT to leadwright_house using (true);
create policy tenant on assignments as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy house on assist_jobs as PERMISSIVE for SELECT to leadwright_house using (true);
create policy tenant on assist_jobs as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on coaching_sessions as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on consent_facts as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on consent_records as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on consent_texts as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on consents as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on conversations as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on credential_events as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy house on credentials as PERMISSIVE for SELECT to leadwright_house using (true);
create policy tenant on credentials as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on crm_actions as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on crm_expected as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on crm_notes as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on crm_records as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on crm_tasks as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy house on crm_undos as PERMISSIVE for SELECT to leadwright_house using (true);
create policy tenant on crm_undos as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on decisions as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on email_events as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy house on enrolments as PERMISSIVE for SELECT to leadwright_house using (true);
create policy tenant on enrolments as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on feature_sets as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on gate_verdicts as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy house on inbox as PERMISSIVE for ALL to leadwright_house using (true) with check (true);
create policy tenant on inbox as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on lead_news as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy house on lead_search as PERMISSIVE for SELECT to leadwright_house using (true);
create policy tenant on lead_search as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on lead_vectors as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on lead_wish_places as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on lead_wishes as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy house on leads as PERMISSIVE for SELECT to leadwright_house using (true);
create policy tenant on leads as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on listing_events as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on listing_matches as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on listings as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on location_acts as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy house on locations as PERMISSIVE for ALL to leadwright_house using (true) with check (true);
create policy tenant on locations as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on market_alerts as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on market_dead_letters as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on market_drift as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on market_feeds as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on market_keys as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on market_pages as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on market_push as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on market_records as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on messages as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy house on model_answers as PERMISSIVE for ALL to leadwright_house using (true) with check (true);
create policy tenant on model_answers as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy house on model_calls as PERMISSIVE for ALL to leadwright_house using (true) with check (true);
create policy tenant on model_calls as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on opportunities as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy house on outbox as PERMISSIVE for SELECT to leadwright_house using (true);
create policy tenant on outbox as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on registry_loads as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on registry_numbers as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy house on replies_due as PERMISSIVE for SELECT to leadwright_house using (true);
create policy tenant on replies_due as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on reply_drafts as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on score_history as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on score_models as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy house on sending_pauses as PERMISSIVE for SELECT to leadwright_house using (true);
create policy tenant on sending_pauses as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on settings_versions as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on suppressions as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));
create policy tenant on timeline as PERMISSIVE for ALL to leadwright_tenant using ((location_id = current_setting('leadwright.location'::text, true))) with check ((location_id = current_setting('leadwright.location'::text, true)));

grant delete on model_answers to leadwright_house;
grant delete, insert, select on model_answers to leadwright_tenant;
grant delete, insert, select on registry_numbers to leadwright_tenant;
grant delete, insert, select, update on assist_jobs to leadwright_tenant;
grant delete, insert, select, update on crm_expected to leadwright_tenant;
grant delete, insert, select, update on lead_wish_places to leadwright_tenant;
grant delete, insert, select, update on lead_wishes to leadwright_tenant;
grant delete, insert, select, update on listing_matches to leadwright_tenant;
grant delete, insert, select, update on market_feeds to leadwright_tenant;
grant delete, insert, select, update on market_keys to leadwright_tenant;
grant delete, insert, select, update on market_pages to leadwright_tenant;
grant delete, insert, select, update on market_push to leadwright_tenant;
grant delete, insert, select, update on model_flights to leadwright_house;
grant delete, insert, select, update on oauth_states to leadwright_house;
grant delete, insert, select, update on replies_due to leadwright_tenant;
grant delete, insert, select, update on reply_drafts to leadwright_tenant;
grant delete, insert, select, update on sequence_drafts to leadwright_house;
grant execute on function count_appointment_news() to public;
grant execute on function count_email_news() to public;
grant execute on function count_lead_news() to public;
grant execute on function count_own_news() to public;
grant execute on function find_interested(text[],text[],timestamp with time zone) to leadwright_tenant;
grant execute on function find_leads(text[],text[],jsonb[],integer) to leadwright_tenant;
grant execute on function find_listings_near(double precision,double precision,double precision,integer) to leadwright_tenant;
grant execute on function find_messages(text,timestamp with time zone,text,text,integer) to leadwright_tenant;
grant execute on function forget_model_answers() to public;
grant execute on function home_words_said(jsonb,boolean) to public;
grant execute on function join_activity() to public;
grant execute on function keep_conversation() to public;
grant execute on function keep_lead_search() to public;
grant execute on function keep_open_since() to public;
grant execute on function lead_search_of(leads) to public;
grant execute on function lead_words(text,text,text) to public;
grant execute on function make_analytics_months(date,date) to leadwright_house;
grant execute on function normal_phone(text) to public;
grant execute on function unit_place(double precision,double precision) to public;
grant insert, select on activity_hints to leadwright_tenant;
grant insert, select on acts to leadwright_tenant;
grant insert, select on analytics_events to leadwright_tenant;
grant insert, select on company_events to leadwright_house;
grant insert, select on consent_facts to leadwright_tenant;
grant insert, select on consent_records to leadwright_tenant;
grant insert, select on consent_texts to leadwright_tenant;
grant insert, select on credential_events to leadwright_tenant;
grant insert, select on crm_actions to leadwright_tenant;
grant insert, select on decisions to leadwright_tenant;
grant insert, select on email_events to leadwright_tenant;
grant insert, select on feature_sets to leadwright_tenant;
grant insert, select on gate_verdicts to leadwright_tenant;
grant insert, select on house_switches to leadwright_house;
grant insert, select on inbox_acts to leadwright_house;
grant insert, select on listing_events to leadwright_tenant;
grant insert, select on location_acts to leadwright_tenant;
grant insert, select on score_history to leadwright_tenant;
grant insert, select on score_models to leadwright_tenant;
grant insert, select on sending_pauses to leadwright_tenant;
grant insert, select on sequence_releases to leadwright_house;
grant insert, select on sequences to leadwright_house;
grant insert, select on settings_versions to leadwright_tenant;
grant insert, select on timeline to leadwright_tenant;
grant insert, select, update on activity_counts to leadwright_tenant;
grant insert, select, update on activity_sites to leadwright_tenant;
grant insert, select, update on activity_visitors to leadwright_tenant;
grant insert, select, update on agent_profiles to leadwright_tenant;
grant insert, select, update on appointments to leadwright_tenant;
grant insert, select, update on assignment_turns to leadwright_tenant;
grant insert, select, update on assignments to leadwright_tenant;
grant insert, select, update on coaching_sessions to leadwright_tenant;
grant insert, select, update on companies to leadwright_house;
grant insert, select, update on consents to leadwright_tenant;
grant insert, select, update on conversations to leadwright_tenant;
grant insert, select, update on credentials to leadwright_tenant;
grant insert, select, update on crm_notes to leadwright_tenant;
grant insert, select, update on crm_records to leadwright_tenant;
grant insert, select, update on crm_tasks to leadwright_tenant;
grant insert, select, update on crm_undos to leadwright_tenant;
grant insert, select, update on enrolments to leadwright_tenant;
grant insert, select, update on inbox to leadwright_house;
grant insert, select, update on lead_news to leadwright_tenant;
grant insert, select, update on lead_search to leadwright_tenant;
grant insert, select, update on lead_vectors to leadwright_tenant;
grant insert, select, update on leads to leadwright_tenant;
grant insert, select, update on listings to leadwright_tenant;
grant insert, select, update on locations to leadwright_tenant;
grant insert, select, update on market_alerts to leadwright_tenant;
grant insert, select, update on market_dead_letters to leadwright_tenant;
grant insert, select, update on market_drift to leadwright_tenant;
grant insert, select, update on market_figures to leadwright_house;
grant insert, select, update on market_files to leadwright_house;
grant insert, select, update on market_followed_files to leadwright_house;
grant insert, select, update on market_records to leadwright_tenant;
grant insert, select, update on messages to leadwright_tenant;
grant insert, select, update on model_calls to leadwright_tenant;
grant insert, select, update on opportunities to leadwright_tenant;
grant insert, select, update on outbox to leadwright_tenant;
grant insert, select, update on registry_loads to leadwright_tenant;
grant insert, select, update on replay_events to leadwright_house;
grant insert, select, update on replays to leadwright_house;
grant insert, select, update on suppressions to leadwright_tenant;
grant select (location_id, contact_id, at) on model_answers to leadwright_house;
grant select (location_id, contact_id, due_at) on assist_jobs to leadwright_house;
grant select (location_id, contact_id, due_at) on replies_due to leadwright_house;
grant select (location_id, kind, version, installed_at, issued_at, expires_at, refused_at, held, renewable) on credentials to leadwright_house;
grant select on activity_sites to leadwright_house;
grant select on assignments to leadwright_house;
grant select on crm_undos to leadwright_house;
grant select on enrolments to leadwright_house;
grant select on high_water to leadwright_house;
grant select on house_switches to leadwright_tenant;
grant select on lead_search to leadwright_house;
grant select on leads to leadwright_house;
grant select on locations to leadwright_house;
grant select on market_figures to leadwright_tenant;
grant select on market_files to leadwright_tenant;
grant select on model_calls to leadwright_house;
grant select on outbox to leadwright_house;
grant select on restores to leadwright_house;
grant select on restores to leadwright_tenant;
grant select on schema_migrations to leadwright_house;
grant select on schema_migrations to leadwright_tenant;
grant select on sending_pauses to leadwright_house;
grant select on sequence_releases to leadwright_tenant;
grant select on sequences to leadwright_tenant;
grant select, update on inbox to leadwright_tenant;
grant update (at) on high_water to leadwright_house;
grant update (contact_id, outcome_label, outcome_value, outcome_at) on analytics_events to leadwright_tenant;
grant update (fanned_at) on listing_events to leadwright_tenant;
grant update (lifted_at, lifted_by) on sending_pauses to leadwright_tenant;
grant update (speaks) on score_models to leadwright_tenant;
grant update (state, billed, up_to, failure) on model_calls to leadwright_house;
