-- What carriers count of a text, and whose sends are looked for: the gate asks about one person, not about all of a location's day.
alter table outbox
  add column segments integer,
  -- A number and an e-mail address, as far as there are any.
  add constraint outbox_person_hashes check (cardinality(person_hashes) <= 2);
create index outbox_of_person on outbox (location_id, (person_hashes[1]), sending_at) where sending_at is not null;
create index outbox_of_person_too on outbox (location_id, (person_hashes[2]), sending_at) where sending_at is not null;

-- A location's sending on one channel that paused by itself, until a person lifts it. Nothing is ever deleted: it is the history, too.
create table sending_pauses (
  location_id text not null,
  pause_id    bigint generated always as identity,
  channel     text not null check (channel in ('sms', 'email')),
  why         text not null,
  tally       jsonb not null,
  paused_at   timestamptz(3) not null,
  lifted_at   timestamptz(3),
  lifted_by   text,
  primary key (location_id, pause_id),
  check ((lifted_at is null) = (lifted_by is null))
);
create unique index sending_pauses_standing on sending_pauses (location_id, channel) where lifted_at is null;

alter table sending_pauses enable row level security;
create policy tenant on sending_pauses to leadwright_tenant
  using (location_id = current_setting('leadwright.location', true)) with check (location_id = current_setting('leadwright.location', true));
grant select, insert on sending_pauses to leadwright_tenant;
grant update (lifted_at, lifted_by) on sending_pauses to leadwright_tenant;
-- Operators look at all they have.
create policy house on sending_pauses for select to leadwright_house using (true);
grant select on sending_pauses to leadwright_house;

-- What did not arrive, and who opted out, lately: few of many.
create index messages_failed on messages (location_id, at)
  where direction = 'outbound' and channel = 'sms' and status in ('failed', 'undelivered', 'opt_out');
create index suppressions_newest on suppressions (location_id, at);
