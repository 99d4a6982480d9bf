-- Walls between locations. The product connects as a login that is a member of two roles and of nothing else, owns nothing, and
-- has no right of its own. `leadwright_tenant` sees the rows of the location that its session names and none where it names none;
-- `leadwright_house` does the few jobs that concern all locations. Both are narrow: history may be added to, not rewritten.

-- Roles belong to the whole server: another database of it may have made them already, or its administrator where we may not.
do $$
declare
  wanted text;
begin
  foreach wanted in array array['leadwright_tenant', 'leadwright_house'] loop
    begin
      if not exists (select from pg_roles where rolname = wanted) then
        execute format('create role %I nologin nosuperuser nobypassrls noinherit', wanted);
      end if;
    exception when duplicate_object or unique_violation then null;
    end;
  end loop;
end $$;

revoke create on schema public from public;
grant usage on schema public to leadwright_tenant, leadwright_house;

-- Every table with a location, partitions by way of their parent. A test fails for a later table that is without.
do $$
declare
  walled regclass;
begin
  for walled in
    select a.attrelid from pg_attribute a join pg_class c on c.oid = a.attrelid
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and a.attname = 'location_id' and not a.attisdropped
      and not c.relispartition
  loop
    execute format('alter table %s enable row level security', walled);
    execute format('create policy tenant on %s to leadwright_tenant '
      'using (location_id = current_setting(''leadwright.location'', true)) '
      'with check (location_id = current_setting(''leadwright.location'', true))', walled);
  end loop;
end $$;

grant select, insert, update on
  locations, leads, lead_search, enrolments, outbox, suppressions, consents, messages, conversations, listings, listing_matches, agent_profiles,
  coaching_sessions
to leadwright_tenant;
grant select, insert on decisions, gate_verdicts, timeline, acts, listing_events, analytics_events to leadwright_tenant;
grant delete on listing_matches to leadwright_tenant;
grant select, update on inbox to leadwright_tenant;
grant select on sequences, schema_migrations to leadwright_tenant, leadwright_house;

-- The door accepts before it knows more than a key, the relay sweeps, operators look at all they have, sequences are everybody's.
grant select, insert, update on inbox to leadwright_house;
grant select on leads, lead_search, enrolments, outbox, locations to leadwright_house;
grant update (status, updated_at) on locations to leadwright_house;
grant insert on sequences to leadwright_house;
create policy house on inbox to leadwright_house using (true) with check (true);
create policy house on leads for select to leadwright_house using (true);
create policy house on lead_search for select to leadwright_house using (true);
create policy house on enrolments for select to leadwright_house using (true);
create policy house on outbox for select to leadwright_house using (true);
create policy house on locations to leadwright_house using (true) with check (true);

-- Under row-level security an operator that is not leakproof may only see rows that passed the policy, and so cannot use its index.
-- These searches therefore run as the owner and take the location from the session, like the policies do. `pg_temp` stands last in
-- their path: it would stand first unnamed, and a caller's own table of the same name would be taken for ours.

-- Contacts whose words match every pattern of `like`, who bear every tag and whose fields hold one of the objects; no more than `most`.
-- Null asks nothing. The first three patterns go into the index: together they leave few rows to read, and more of them cost more
-- than they save.
create function find_leads(patterns text[], wanted_tags text[], wanted_fields jsonb[], most integer) returns setof text
  language plpgsql stable security definer
  set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
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
end $$;

-- Messages with these words, newest first, before a place in that order. Common words are met soon among the newest ones, rare ones
-- are few in the index; the other way round each would be slow. The newest ones are read no further than needed: they are enough when
-- `most` are among them, or when there are no others.
create function find_messages(query text, before_at timestamptz, before_contact text, before_key text, most integer)
  returns table (contact_id text, message_key text, direction text, channel text, body text, at timestamptz)
  language plpgsql stable security definer
  set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
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
end $$;

-- Active listings around a point, nearest first. A chord of the unit sphere stands for the way over the ground; metres are those of
-- a sphere of 6,371,008.8 m (the mean radius of WGS 84), within half a per cent of the ellipsoid.
create function find_listings_near(latitude double precision, longitude double precision, metres double precision, most integer)
  returns table (listing_key text, distance double precision)
  language plpgsql stable security definer rows 50
  set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan set enable_seqscan = off as $$
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
end $$;

-- A function is everybody's unless somebody says so. The pure ones may be: columns and triggers are made of them.
revoke execute on function find_leads, find_messages, find_listings_near, make_analytics_months from public;
grant execute on function find_leads, find_messages, find_listings_near to leadwright_tenant;
grant execute on function make_analytics_months to leadwright_house;
