-- The tables behind lists and searches. `location_id` leads every key; money is numeric, instants are timestamptz.
-- Inbox, outbox and messages stay whole: their unique keys are promises, and a partitioned table can only promise them per partition.

create extension if not exists pg_trgm;
create extension if not exists btree_gin;
create extension if not exists cube;
create extension if not exists btree_gist;

-- A number as it is compared: `+` and digits. Ten digits are a number of North America, as GoHighLevel reads them, too.
create function normal_phone(phone text) returns text
  language sql immutable strict parallel safe
  return case
    when regexp_replace(phone, '\D', '', 'g') = '' then null
    when phone !~ '^\s*(\+|00)' and length(regexp_replace(phone, '\D', '', 'g')) = 10 then '+1' || regexp_replace(phone, '\D', '', 'g')
    else nullif('+' || regexp_replace(regexp_replace(phone, '^\s*00', ''), '\D', '', 'g'), '+')
  end;

-- Lists by tier read every stage's part of an index: they must know all stages there are.
alter table leads add constraint leads_stage_check check (stage in ('new', 'engaged', 'qualifying', 'qualified', 'opted-out', 'gone'));

alter table leads drop column phone;
alter table leads add column phone text generated always as (normal_phone(snapshot ->> 'phone')) stored;

-- Name, e-mail and digits, each after a space, as a search compares them.
create function lead_words(name text, email text, phone text) returns text
  language sql immutable parallel safe
  return coalesce(' ' || lower(name), '') || coalesce(' ' || email, '') || coalesce(' ' || substr(phone, 2), '');

-- What people search leads by. Apart from `leads`, whose rows change with every event: here a row changes only when the contact does,
-- and the costly indexes are left alone in between. The trigger below keeps it.
create table lead_search (
  location_id text not null,
  contact_id  text not null,
  phone       text,
  email       text,
  tags        text[] not null,
  fields      jsonb not null,
  words       text not null,
  primary key (location_id, contact_id),
  foreign key (location_id, contact_id) references leads on delete cascade
) with (fillfactor = 90);

create function lead_search_of(lead leads) returns lead_search
  language sql immutable parallel safe
  return row(
    lead.location_id, lead.contact_id, lead.phone, lead.email,
    array(
      select lower(tag) from jsonb_array_elements_text(
        case when jsonb_typeof(lead.snapshot -> 'tags') = 'array' then lead.snapshot -> 'tags' else '[]' end) as tag),
    case when jsonb_typeof(lead.snapshot -> 'customFields') = 'object' then lead.snapshot -> 'customFields' else '{}' end,
    lead_words(lead.name, lead.email, lead.phone)
  )::lead_search;

create function keep_lead_search() returns trigger language plpgsql as $$
declare
  wanted lead_search := lead_search_of(new);
begin
  insert into lead_search as s values (wanted.*)
  on conflict (location_id, contact_id) do update set
    phone = excluded.phone, email = excluded.email, tags = excluded.tags, fields = excluded.fields, words = excluded.words
  where s is distinct from excluded;
  return null;
end $$;

create trigger lead_search_of_new after insert on leads
  for each row when (new.snapshot is not null) execute function keep_lead_search();
create trigger lead_search_of_changed after update of snapshot on leads
  for each row when (
    (new.name, new.phone, new.email, new.snapshot -> 'tags', new.snapshot -> 'customFields')
      is distinct from (old.name, old.phone, old.email, old.snapshot -> 'tags', old.snapshot -> 'customFields'))
  execute function keep_lead_search();

insert into lead_search select (lead_search_of(l)).* from leads l where snapshot is not null;

alter table messages add column words tsvector generated always as (to_tsvector('english', body)) stored;

-- One row per contact that somebody wrote to or heard from. `unread`: messages of the contact that no message of ours has followed.
create table conversations (
  location_id      text not null,
  contact_id       text not null,
  last_message_at  timestamptz(3) not null,
  last_outbound_at timestamptz(3),
  unread           integer not null check (unread >= 0),
  primary key (location_id, contact_id)
) with (fillfactor = 75);

-- Counted anew with every message, so that messages which arrive out of order end in the same row, and only once the row is ours: a
-- statement that waits for it would go on counting what was there when it began, and miss what it has waited for.
create function keep_conversation() returns trigger language plpgsql as $$
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
end $$;

create trigger conversation_of_message after insert on messages
  for each row when (new.channel <> 'internal-comment') execute function keep_conversation();

insert into conversations
select m.location_id, m.contact_id, max(m.at), max(o.last), count(*) filter (where direction = 'inbound' and m.at > coalesce(o.last, '-infinity'))
from messages m
  cross join lateral (
    select max(at) as last from messages o
    where o.location_id = m.location_id and o.contact_id = m.contact_id and o.direction = 'outbound' and o.channel <> 'internal-comment') as o
where m.channel <> 'internal-comment'
group by m.location_id, m.contact_id;

-- A place on the unit sphere: distances are straight lines, which a cube index orders.
create function unit_place(latitude double precision, longitude double precision) returns cube
  language sql immutable strict parallel safe
  return cube(array[
    cos(radians(latitude)) * cos(radians(longitude)), cos(radians(latitude)) * sin(radians(longitude)), sin(radians(latitude))]);

-- A location's own copy of what its MLS licence lets it see. `status` and `property_type` as RESO names them, in lower case. Lists and
-- price bands compare cents: comparisons of numeric are not leakproof, and under row-level security could not use an index.
create table listings (
  location_id   text not null,
  listing_key   text not null,
  status        text not null,
  property_type text not null,
  price         numeric(14, 2) check (price >= 0),
  price_cents   bigint generated always as ((price * 100)::bigint) stored,
  city          text,
  postal_code   text,
  bedrooms      smallint check (bedrooms >= 0),
  bathrooms     numeric(5, 2) check (bathrooms >= 0),
  living_sqft   integer check (living_sqft > 0),
  latitude      double precision check (latitude between -90 and 90),
  longitude     double precision check (longitude between -180 and 180),
  place         cube generated always as (unit_place(latitude, longitude)) stored,
  remarks       text,
  listed_at     timestamptz(3),
  changed_at    timestamptz(3) not null,
  primary key (location_id, listing_key)
) with (fillfactor = 90);

create table listing_events (
  location_id  text not null,
  listing_key  text not null,
  at           timestamptz(3) not null,
  id           bigint generated always as identity,
  kind         text not null check (kind in ('new', 'price-change', 'back-on-market', 'pending', 'closed', 'withdrawn', 'open-house')),
  price_before numeric(14, 2),
  price_after  numeric(14, 2),
  primary key (location_id, listing_key, at, id)
);

create table listing_matches (
  location_id text not null,
  contact_id  text not null,
  listing_key text not null,
  score       double precision not null check (score between 0 and 1),
  reasons     jsonb not null,
  matched_at  timestamptz(3) not null,
  primary key (location_id, contact_id, listing_key)
) with (fillfactor = 90);

create table agent_profiles (
  location_id text not null,
  agent_id    text not null,
  name        text not null,
  email       text,
  active      boolean not null default true,
  changed_at  timestamptz(3) not null,
  primary key (location_id, agent_id)
) with (fillfactor = 90);

create table coaching_sessions (
  location_id text not null,
  session_id  uuid not null default gen_random_uuid(),
  agent_id    text not null,
  held_on     date not null,
  score       double precision check (score between 0 and 100),
  notes       jsonb not null default '{}',
  primary key (location_id, session_id)
);

-- The one partitioned table: months are dropped whole. The index stands on the parent, so that every month gets its own, attached.
create table analytics_events (
  location_id text not null,
  event_id    uuid not null default gen_random_uuid(),
  at          timestamptz(3) not null,
  type        text not null,
  contact_id  text,
  detail      jsonb not null default '{}',
  primary key (location_id, event_id, at)
) partition by range (at);
create index analytics_events_type on analytics_events (location_id, type, at);

-- The one place that makes months: called by `migrate` and, twice a day, by every process that runs the relay.
-- Makes those of `first` to `last` that are missing, in UTC; answers how many it made. A month is made apart and then attached, which
-- keeps nobody from reading or writing the others; one maker at a time, since two would both find the same month missing.
create function make_analytics_months(first date, last date) returns integer
  language plpgsql security definer set search_path = pg_catalog, public, pg_temp as $$
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
end $$;
select make_analytics_months((now() at time zone 'UTC')::date, (now() at time zone 'UTC' + interval '2 months')::date);
