-- Behaviour on the team's site. The secret of a site stands in its public page source: it lets events of one location in and opens
-- nothing else. Only its hash is kept.
create table activity_sites (
  location_id text primary key,
  secret_hash text not null unique,
  -- Where pages may post from; empty: from anywhere.
  origins     text[] not null default '{}',
  made_at     timestamptz(3) not null default now()
);

-- An anonymous visitor, by keyed hash, and the contact that it turned out to be. Somebody known by an address alone is a visitor, too.
create table activity_visitors (
  location_id text not null,
  visitor     text not null,
  contact_id  text,
  seen_at     timestamptz(3) not null,
  primary key (location_id, visitor)
);

-- Which people, by keyed hash of an address, a visitor said to be: a contact that becomes known later finds its visitors here. Anybody
-- may say so, so the door keeps fifty for each address, and each takes over its last 500 events: making a contact must not wait for more.
create table activity_hints (
  location_id text not null,
  person_hash text not null,
  visitor     text not null,
  primary key (location_id, person_hash, visitor)
);

-- All that is kept of behaviour without consent.
create table activity_counts (
  location_id text not null,
  day         date not null,
  kind        text not null,
  events      bigint not null,
  primary key (location_id, day, kind)
);

-- `late`: told more than 15 minutes after it happened. An outcome is what became of it, written once.
alter table analytics_events
  add column visitor       text,
  add column late          boolean not null default false,
  add column outcome_label text,
  add column outcome_value double precision,
  add column outcome_at    timestamptz(3);
create index analytics_events_contact on analytics_events (location_id, contact_id, at, event_id) where contact_id is not null;
create index analytics_events_visitor on analytics_events (location_id, visitor, at) where visitor is not null and contact_id is null;

-- A contact whose address becomes known takes over what its visitors did. The door takes the same locks in the same order, of the
-- addresses and then of the visitors, so that of a form and the contact that it makes neither can miss the other.
create function join_activity() returns trigger language plpgsql as $$
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
end $$;

create trigger activity_of_new after insert on leads
  for each row when (new.sms_hash is not null or new.email_hash is not null) execute function join_activity();
create trigger activity_of_changed after update of sms_hash, email_hash on leads
  for each row when ((new.sms_hash, new.email_hash) is distinct from (old.sms_hash, old.email_hash)) execute function join_activity();

alter table activity_sites enable row level security;
alter table activity_visitors enable row level security;
alter table activity_hints enable row level security;
alter table activity_counts enable row level security;
create policy tenant on activity_sites to leadwright_tenant
  using (location_id = current_setting('leadwright.location', true)) with check (location_id = current_setting('leadwright.location', true));
create policy tenant on activity_visitors to leadwright_tenant
  using (location_id = current_setting('leadwright.location', true)) with check (location_id = current_setting('leadwright.location', true));
create policy tenant on activity_hints to leadwright_tenant
  using (location_id = current_setting('leadwright.location', true)) with check (location_id = current_setting('leadwright.location', true));
create policy tenant on activity_counts to leadwright_tenant
  using (location_id = current_setting('leadwright.location', true)) with check (location_id = current_setting('leadwright.location', true));
grant select, insert, update on activity_sites, activity_visitors, activity_counts to leadwright_tenant;
grant select, insert on activity_hints to leadwright_tenant;
grant update (contact_id, outcome_label, outcome_value, outcome_at) on analytics_events to leadwright_tenant;
-- A post names its location by its secret alone.
grant select on activity_sites to leadwright_house;
create policy house on activity_sites for select to leadwright_house using (true);
