-- Words that people agree to, as they were shown. Only added to: other words are another version.
create table consent_texts (
  location_id text not null,
  version     text not null,
  words       text not null,
  channels    text[] not null check (channels <> '{}' and channels <@ '{sms,email,call}'::text[]),
  -- The brokerage says: prior express written consent, with its disclosures.
  written     boolean not null,
  seller      text not null,
  used_from   date not null,
  added_by    text not null,
  added_at    timestamptz(3) not null default now(),
  primary key (location_id, version)
);

-- Who agreed to what, and who took it back. Only added to, kept for ever: an entry outlives its contact by the person's hash. `consents` is
-- what follows from it for each contact.
create table consent_records (
  location_id  text not null,
  record_id    bigint generated always as identity,
  -- Null: known by address alone.
  contact_id   text,
  -- The address that it was given for; null where none was known.
  person_hash  text,
  channel      text not null check (channel in ('sms', 'email', 'call')),
  scope        text not null default 'marketing' check (scope = 'marketing'),
  state        text not null check (state in ('granted', 'withdrawn')),
  text_version text,
  written      boolean not null,
  source       text not null check (source in ('form', 'tag', 'field', 'import', 'operator', 'message')),
  basis        text not null,
  seller       text,
  -- Where the proof lies: page, form, file, event, address and browser of whoever agreed.
  evidence     jsonb not null default '{}',
  given_at     timestamptz(3) not null,
  recorded_at  timestamptz(3) not null default now(),
  recorded_by  text not null,
  once_key     text not null,
  primary key (location_id, record_id),
  unique (location_id, once_key),
  check (contact_id is not null or person_hash is not null)
);
create index consent_records_contact on consent_records (location_id, contact_id) where contact_id is not null;
create index consent_records_person on consent_records (location_id, person_hash) where person_hash is not null;

-- What else is known of a person, dated: business with the brokerage, and where the lead comes from. Only added to.
create table consent_facts (
  location_id text not null,
  fact_id     bigint generated always as identity,
  contact_id  text,
  person_hash text,
  kind        text not null check (kind in ('transaction', 'inquiry', 'bought', 'first-party')),
  at          timestamptz(3) not null,
  source      text not null check (source in ('mapping', 'import', 'operator')),
  basis       text not null,
  recorded_at timestamptz(3) not null default now(),
  recorded_by text not null,
  once_key    text not null,
  primary key (location_id, fact_id),
  unique (location_id, once_key),
  check (contact_id is not null or person_hash is not null)
);
create index consent_facts_contact on consent_facts (location_id, contact_id) where contact_id is not null;
create index consent_facts_person on consent_facts (location_id, person_hash) where person_hash is not null;

-- Do-Not-Call lists as the location got them, each load whole: asked only once it is finished, and no longer once a newer one covers all
-- its area codes.
create table registry_loads (
  location_id text not null,
  load_id     uuid not null default gen_random_uuid(),
  list        text not null,
  as_of       timestamptz(3) not null,
  area_codes  text[] not null default '{}',
  numbers     bigint not null default 0,
  -- Parts that have come, in their order.
  parts       integer not null default 0,
  by          text not null,
  begun_at    timestamptz(3) not null default now(),
  finished_at timestamptz(3),
  -- Its numbers were taken away: a newer load of the list covers them.
  replaced_at timestamptz(3),
  primary key (location_id, load_id)
);

-- The first half of each number's keyed hash; no number is kept.
create table registry_numbers (
  location_id text not null,
  load_id     uuid not null,
  number_hash bytea not null,
  primary key (location_id, load_id, number_hash)
);

do $$
declare
  walled regclass;
begin
  foreach walled in array array['consent_texts', 'consent_records', 'consent_facts', 'registry_loads', 'registry_numbers']::regclass[] loop
    execute format('alter table %s enable row level security', walled);
    execute format('create policy tenant on %s to leadwright_tenant '
      'using (location_id = current_setting(''leadwright.location'', true)) '
      'with check (location_id = current_setting(''leadwright.location'', true))', walled);
  end loop;
end $$;

grant select, insert on consent_texts, consent_records, consent_facts to leadwright_tenant;
grant select, insert, update on registry_loads to leadwright_tenant;
grant select, insert, delete on registry_numbers to leadwright_tenant;

-- A consent that was given for another number than the contact's is neither granted nor withdrawn.
alter table consents drop constraint consents_state_check;
alter table consents add constraint consents_state_check check (state in ('granted', 'withdrawn', 'unknown'));

-- What was known before the ledger was kept.
insert into consent_records (location_id, contact_id, person_hash, channel, state, written, source, basis, given_at, recorded_by, once_key)
select c.location_id, c.contact_id, case c.channel when 'email' then l.email_hash else l.sms_hash end, c.channel, c.state, true,
  case when c.basis like 'tag:%' then 'tag' else 'import' end, c.basis, c.since, 'before the ledger was kept',
  'before:' || c.contact_id || ':' || c.channel
from consents c left join leads l on l.location_id = c.location_id and l.contact_id = c.contact_id;
