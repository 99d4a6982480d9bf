-- What explains a score later is kept with it, whoever speaks by then.

-- A location's own models. Files are never taken away: scores of theirs may be asked about for as long as there are scores.
create table score_models (
  location_id text not null,
  -- SHA-256 of the file, in hex.
  model_hash text not null check (model_hash ~ '^[0-9a-f]{64}$'),
  name       text not null,
  file       bytea not null,
  -- What spoke for it, or against it, when it came.
  evidence   jsonb not null,
  added_at   timestamptz(3) not null,
  speaks     boolean not null,
  primary key (location_id, model_hash)
);
create unique index score_models_speaking on score_models (location_id) where speaks;

-- What the numbers of a vector are: the features with their versions, in order, and the words that numbers stand for.
create table feature_sets (
  location_id text not null,
  -- SHA-256 of `features`, in hex.
  feature_set text not null,
  features    jsonb not null,
  primary key (location_id, feature_set)
);

-- Every score that was given, with what it was made of. Rows are added and never changed.
create table score_history (
  location_id text not null,
  contact_id  text not null,
  score_id    bigint generated always as identity,
  scored_at   timestamptz(3) not null,
  value       double precision not null check (value between 0 and 100),
  probability double precision check (probability between 0 and 1),
  confidence  double precision not null check (confidence between 0 and 1),
  tier        text not null check (tier in ('hot', 'warm', 'cold')),
  model       text not null,
  -- Null: the rules spoke.
  model_hash  text,
  -- As of when the values were known.
  as_of       timestamptz(3) not null,
  -- One of `feature_sets`, which are never taken away: no key has to hold them.
  feature_set text not null,
  -- float32, little-endian; NaN: not known.
  vector      bytea not null,
  primary key (location_id, contact_id, score_id),
  foreign key (location_id, model_hash) references score_models
);
create index score_history_by_model on score_history (location_id, model_hash) where model_hash is not null;

-- How often something was heard of a lead that features look at. A count read together with the facts says whether they are still all.
create table lead_news (
  location_id text not null,
  contact_id  text not null,
  news        bigint not null,
  primary key (location_id, contact_id)
) with (fillfactor = 70);

-- The newest vector of a lead, to be used again while nothing was heard since.
create table lead_vectors (
  location_id      text not null,
  contact_id       text not null,
  news             bigint not null,
  settings_version integer not null,
  as_of            timestamptz(3) not null,
  feature_set      text not null,
  vector           bytea not null,
  primary key (location_id, contact_id)
) with (fillfactor = 70);

do $$
declare
  walled text;
begin
  foreach walled in array array['score_models', 'feature_sets', 'score_history', 'lead_news', 'lead_vectors'] loop
    execute format('alter table %I enable row level security', walled);
    execute format('create policy tenant on %I to leadwright_tenant '
      'using (location_id = current_setting(''leadwright.location'', true)) '
      'with check (location_id = current_setting(''leadwright.location'', true))', walled);
  end loop;
end $$;

grant select, insert on score_models, feature_sets, score_history to leadwright_tenant;
grant update (speaks) on score_models to leadwright_tenant;
grant select, insert, update on lead_news, lead_vectors to leadwright_tenant;

-- Leads in one order, so that two statements never wait for each other in a circle.
create function count_lead_news() returns trigger language plpgsql as $$
begin
  insert into lead_news as n (location_id, contact_id, news)
  select distinct location_id, contact_id, 1 from told where contact_id is not null order by location_id, contact_id
  on conflict (location_id, contact_id) do update set news = n.news + 1;
  return null;
end $$;

create function count_email_news() returns trigger language plpgsql as $$
begin
  insert into lead_news as n (location_id, contact_id, news)
  select distinct l.location_id, l.contact_id, 1
  from told join leads l on l.location_id = told.location_id and l.email_hash = told.recipient_hash
  order by l.location_id, l.contact_id
  on conflict (location_id, contact_id) do update set news = n.news + 1;
  return null;
end $$;

create function count_own_news() returns trigger language plpgsql as $$
begin
  insert into lead_news as n (location_id, contact_id, news) values (new.location_id, new.contact_id, 1)
  on conflict (location_id, contact_id) do update set news = n.news + 1;
  return null;
end $$;

do $$
declare
  heard text;
begin
  foreach heard in array array['messages', 'analytics_events', 'appointments', 'listing_matches'] loop
    execute format('create trigger news_of_new after insert on %I referencing new table as told '
      'for each statement execute function count_lead_news()', heard);
    execute format('create trigger news_of_changed after update on %I referencing new table as told '
      'for each statement execute function count_lead_news()', heard);
  end loop;
end $$;
create trigger news_of_gone after delete on listing_matches referencing old table as told
  for each statement execute function count_lead_news();
create trigger news_of_new after insert on email_events referencing new table as told
  for each statement execute function count_email_news();
create trigger news_of_changed after update on leads for each row
  when (new.qualification is distinct from old.qualification or new.snapshot is distinct from old.snapshot
    or new.email_hash is distinct from old.email_hash)
  execute function count_own_news();
