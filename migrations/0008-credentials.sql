-- Credentials of locations and of agencies (companies). Every holder has a data key of its own, wrapped by the master key that
-- `master_key_id` names; its tokens are sealed under it. `version` counts the tokens that a holder ever had and outlives them.

create table credentials (
  location_id   text primary key,
  kind          text not null check (kind in ('private', 'oauth')),
  version       bigint not null,
  data_key      bytea,
  master_key_id text,
  access        bytea,
  refresh       bytea,
  installed_at  timestamptz(3) not null,
  issued_at     timestamptz(3) not null,
  expires_at    timestamptz(3),
  refused_at    timestamptz(3),
  held          boolean generated always as (access is not null) stored,
  renewable     boolean generated always as (refresh is not null) stored,
  check ((access is null) = (data_key is null) and (access is null) = (master_key_id is null) and (access is not null or refresh is null))
) with (fillfactor = 90);

-- What became of a location's tokens. Added to, never rewritten; a token is named by its version and the beginning of its hash.
create table credential_events (
  location_id text not null,
  id          bigint generated always as identity,
  at          timestamptz(3) not null,
  kind        text not null check (kind in ('installed', 'exchanged', 'refreshed', 'refused', 'revoked', 'uninstalled')),
  version     bigint not null,
  fingerprint text,
  reason      text,
  primary key (location_id, id)
);

create table companies (
  company_id      text primary key,
  installs_future boolean not null default false,
  kind            text not null check (kind = 'oauth'),
  version         bigint not null,
  data_key        bytea,
  master_key_id   text,
  access          bytea,
  refresh         bytea,
  installed_at    timestamptz(3) not null,
  issued_at       timestamptz(3) not null,
  expires_at      timestamptz(3),
  refused_at      timestamptz(3),
  held            boolean generated always as (access is not null) stored,
  renewable       boolean generated always as (refresh is not null) stored,
  check ((access is null) = (data_key is null) and (access is null) = (master_key_id is null) and (access is not null or refresh is null))
) with (fillfactor = 90);

create table company_events (
  company_id  text not null,
  id          bigint generated always as identity,
  at          timestamptz(3) not null,
  kind        text not null check (kind in ('installed', 'exchanged', 'refreshed', 'refused', 'revoked', 'uninstalled')),
  version     bigint not null,
  fingerprint text,
  reason      text,
  primary key (company_id, id)
);

-- Installs that were begun in a browser and not yet ended: who comes back must be who went. Hashes only.
create table oauth_states (
  state_hash   text primary key,
  browser_hash text not null,
  expires_at   timestamptz(3) not null,
  used_at      timestamptz(3)
);
create index oauth_states_expires on oauth_states (expires_at);

-- Tokens that lie under the master key alone cannot be sealed anew from here: their locations wait for a new one.
alter table locations
  add column parked_reason text check (parked_reason in ('awaiting-token', 'token-refused', 'location-inactive')),
  add column parked_since timestamptz(3),
  add constraint locations_parked_check check ((parked_reason is null) = (parked_since is null));
update locations set parked_reason = 'awaiting-token', parked_since = now() where sealed_token is not null and status <> 'uninstalled';
alter table locations drop column sealed_token;

alter table credentials enable row level security;
create policy tenant on credentials to leadwright_tenant
  using (location_id = current_setting('leadwright.location', true)) with check (location_id = current_setting('leadwright.location', true));
alter table credential_events enable row level security;
create policy tenant on credential_events to leadwright_tenant
  using (location_id = current_setting('leadwright.location', true)) with check (location_id = current_setting('leadwright.location', true));

grant select, insert, update on credentials to leadwright_tenant;
grant select, insert on credential_events to leadwright_tenant;
-- The house sees who has a credential and how it stands, and nothing that is sealed.
grant select (location_id, kind, version, installed_at, issued_at, expires_at, refused_at, held, renewable) on credentials to leadwright_house;
create policy house on credentials for select to leadwright_house using (true);
-- An agency is nobody's tenant: its token serves to get tokens of its locations.
grant select, insert, update on companies to leadwright_house;
grant select, insert on company_events to leadwright_house;
grant select, insert, update, delete on oauth_states to leadwright_house;
