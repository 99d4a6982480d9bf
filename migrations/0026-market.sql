-- The market: feeds and what they brought, what leads look for, what they were told, and figures from public files.

-- An MLS as one location may use it: its licence is the location's own.
create table market_feeds (
  location_id   text not null,
  market        text not null,
  provider      text not null check (provider in ('reso', 'trestle', 'mlsgrid', 'spark', 'bridge')),
  mode          text check (mode in ('events', 'timestamps')),
  -- initial: what comes in is how the market was found, and news to nobody.
  phase         text not null default 'initial' check (phase in ('initial', 'live')),
  cursor        jsonb not null default '{"sequence": null, "resources": {}}',
  -- Counts the commits of pages: who read an older cursor commits nothing.
  cursor_version bigint not null default 0,
  live_since    timestamptz(3),
  -- When it was last asked and answered to the end, and when a page last came in.
  polled_at     timestamptz(3),
  page_at       timestamptz(3),
  -- The newest change that was seen, by the feed's clock.
  newest_at     timestamptz(3),
  quota         jsonb,
  -- Not asked before then: used-up quota, a suspension.
  held_until    timestamptz(3),
  -- The last failure, a code, and since when; null: it is well.
  failing       text,
  failing_since timestamptz(3),
  metadata      jsonb,
  metadata_at   timestamptz(3),
  reconciled_at timestamptz(3),
  -- {"resource": {"feed": n, "local": n, "missing": n, "ghosts": n}}
  reconciled    jsonb,
  -- The walk through all keys that is under way: {"scanId", "startedAt", "resource", "next"}
  key_scan      jsonb,
  primary key (location_id, market),
  unique (provider, market)
);

-- Each page that was stored: what rates and lags are told from; a week is kept.
create table market_pages (
  location_id text not null,
  market      text not null,
  page_id     bigint generated always as identity,
  at          timestamptz(3) not null,
  resource    text not null,
  why         text not null check (why in ('initial', 'increment', 'event', 'push', 'backfill', 'repair')),
  records     integer not null,
  changed     integer not null,
  dead        integer not null,
  primary key (location_id, market, page_id)
);
create index market_pages_at on market_pages (location_id, market, at);

-- What listings have besides what every lead may be shown; null is what the MLS does not say.
alter table listings
  add column market         text,
  add column listing_id     text,
  add column subtype        text,
  add column address        text,
  add column state          text,
  add column county         text,
  add column lot_sqft       bigint,
  add column year_built     smallint,
  add column original_price numeric(14, 2),
  add column close_price    numeric(14, 2),
  add column closed_on      date,
  add column office_key     text,
  add column office_name    text,
  add column agent_key      text,
  -- Display rights as the seller gave them; what is not said is not given.
  add column shown          boolean,
  add column address_shown  boolean,
  add column valuation_shown boolean,
  add column system_name    text,
  -- Everything the feed sent, and its hash: the same content is no change.
  add column raw            jsonb,
  add column content_hash   text,
  -- When the feed was last seen to have it so.
  add column seen_at        timestamptz(3),
  -- Gone from the feed; its row stays for those who were told of it.
  add column removed_at     timestamptz(3);
create index listings_of_market on listings (location_id, market, listing_key) where market is not null;

-- What matching looks listings up by. A column of its own where a function around one would cost the index: behind the walls only plain comparisons reach it.
create function home_words_said(raw jsonb, yes boolean) returns text[] language sql immutable parallel safe as $$
  select coalesce(array_agg(word order by word), '{}')
  from (values ('fireplace', 'FireplaceYN', false), ('garage', 'GarageYN', false), ('new build', 'NewConstructionYN', false),
    ('no HOA', 'AssociationYN', true), ('parking', 'CarportYN', false), ('pool', 'PoolPrivateYN', false), ('view', 'ViewYN', false),
    ('waterfront', 'WaterfrontYN', false)) as field (word, name, turned)
  where raw -> name = to_jsonb(yes <> turned) and (word <> 'parking' or yes)
$$;
alter table listings
  add column city_name   text generated always as (lower(city)) stored,
  add column county_name text generated always as (regexp_replace(lower(county), ' (county|parish)$', '')) stored,
  add column zip         text generated always as (left(postal_code, 5)) stored,
  -- What the MLS says that the home has, and that it has not, in the words that leads' wishes are kept in; in neither list: it does not say.
  add column has_words   text[] generated always as (home_words_said(raw, true)) stored,
  add column lacks_words text[] generated always as (home_words_said(raw, false)) stored;
-- Those that may be matched; what else a wish asks stands beside, so that a walk along the index reads no listing that does not fit.
create index listings_in_city_by_price on listings (location_id, city_name, price_cents)
  include (listing_key, property_type, subtype, state, bedrooms, bathrooms, living_sqft, lacks_words, listed_at)
  where status = 'active' and removed_at is null and shown and office_name is not null;
create index listings_in_city_by_age on listings (location_id, city_name, listed_at desc nulls last)
  include (listing_key, property_type, subtype, state, bedrooms, bathrooms, living_sqft, lacks_words, price_cents)
  where status = 'active' and removed_at is null and shown and office_name is not null;
create index listings_by_price on listings (location_id, price_cents)
  include (listing_key, property_type, subtype, state, bedrooms, bathrooms, living_sqft, lacks_words, listed_at)
  where status = 'active' and removed_at is null and shown and office_name is not null;
create index listings_by_age on listings (location_id, listed_at desc nulls last)
  include (listing_key, property_type, subtype, state, bedrooms, bathrooms, living_sqft, lacks_words, price_cents)
  where status = 'active' and removed_at is null and shown and office_name is not null;
create index listings_of_kind on listings (location_id, subtype, price_cents)
  include (listing_key, property_type, state, bedrooms, bathrooms, living_sqft, lacks_words, listed_at)
  where status = 'active' and removed_at is null and shown and office_name is not null;
create index listings_in_county on listings (location_id, county_name, price_cents)
  where status = 'active' and removed_at is null and shown and office_name is not null;
create index listings_in_zip on listings (location_id, zip, price_cents)
  where status = 'active' and removed_at is null and shown and office_name is not null;

-- Records of the feed besides listings.
create table market_records (
  location_id  text not null,
  market       text not null,
  resource     text not null check (resource in ('Office', 'Member', 'Media', 'OpenHouse')),
  record_key   text not null,
  listing_key  text,
  modified_at  timestamptz(3) not null,
  raw          jsonb not null,
  content_hash text not null,
  -- Of an open house.
  starts_at    timestamptz(3),
  ends_at      timestamptz(3),
  status       text,
  -- When the feed was last seen to have it.
  seen_at      timestamptz(3),
  removed_at   timestamptz(3),
  primary key (location_id, market, resource, record_key)
);
create index market_records_listing on market_records (location_id, listing_key, resource) where listing_key is not null;

-- A change has one name, whoever tells of it how often; fanned out once to the leads that it concerns.
alter table listing_events
  add column change     text,
  add column starts_at  timestamptz(3),
  add column market     text,
  add column fanned_at  timestamptz(3);
create unique index listing_events_change on listing_events (location_id, listing_key, change) where change is not null;
create index listing_events_to_fan on listing_events (location_id, at) where change is not null and fanned_at is null;

-- What could not be taken in, with why. Never deleted by the product.
create table market_dead_letters (
  location_id text not null,
  market      text not null,
  resource    text not null,
  -- Hash of its content where it has no key.
  record_key  text not null,
  reason      text not null,
  -- Empty: the whole record.
  field       text not null default '',
  -- What was expected, and of what kind that was which came; no value of the record.
  detail      text not null,
  raw         jsonb,
  first_at    timestamptz(3) not null,
  last_at     timestamptz(3) not null,
  times       integer not null default 1,
  resolved_at timestamptz(3),
  primary key (location_id, market, resource, record_key, reason, field)
);
create index market_dead_letters_open on market_dead_letters (location_id, market) where resolved_at is null;

-- How the feed's shape changed. frozen: the field keeps its last value until somebody acknowledges the change.
create table market_drift (
  location_id text not null,
  market      text not null,
  drift_id    bigint generated always as identity,
  at          timestamptz(3) not null,
  resource    text not null,
  field       text not null,
  kind        text not null check (kind in ('added', 'removed', 'type', 'lookup-added', 'lookup-removed')),
  before      text,
  after       text,
  frozen      boolean not null,
  acknowledged_at timestamptz(3),
  acknowledged_by text,
  primary key (location_id, market, drift_id)
);
create index market_drift_open on market_drift (location_id, market) where acknowledged_at is null;

-- Events that the feed pushed, stored before they are answered.
create table market_push (
  location_id text not null,
  market      text not null,
  push_id     bigint generated always as identity,
  received_at timestamptz(3) not null,
  sequence    numeric(20) not null,
  resource    text not null,
  record_key  text not null,
  worked_at   timestamptz(3),
  primary key (location_id, market, push_id),
  unique (location_id, market, sequence, resource, record_key)
);
create index market_push_waiting on market_push (location_id, market, sequence) where worked_at is null;

-- Keys that a reconciliation under way has seen.
create table market_keys (
  location_id text not null,
  market      text not null,
  scan_id     text not null,
  resource    text not null,
  record_key  text not null,
  primary key (location_id, market, scan_id, resource, record_key)
);

-- What a lead looks for, as it was said; null and empty ask nothing. Derived from the lead, and written anew with it.
create table lead_wishes (
  location_id    text not null,
  contact_id     text not null,
  -- Any of these places will do. Lower case, cities in each usual spelling; states narrow them, and are places where no other is named.
  cities         text[] not null default '{}',
  counties       text[] not null default '{}',
  postal_codes   text[] not null default '{}',
  states         text[] not null default '{}',
  -- Close to the places will do as well; their centre by the listings in them, null: nothing is listed there.
  near           boolean not null default false,
  near_latitude  double precision,
  near_longitude double precision,
  -- Kinds of home in the lead's words, `condo`; any of them.
  property_types text[] not null default '{}',
  must_haves     text[] not null default '{}',
  price_from     numeric(14, 2),
  price_to       numeric(14, 2),
  min_bedrooms   numeric(5, 2),
  min_bathrooms  numeric(5, 2),
  min_sqft       integer,
  -- Each with what said so: {"price": {"from": inbox id, "at": …}, …}
  stated         jsonb not null default '{}',
  -- Hash of what counts: matching is done anew when it changes.
  wish_hash      text not null,
  changed_at     timestamptz(3) not null,
  -- When the whole market was last looked through for it.
  matched_at     timestamptz(3),
  primary key (location_id, contact_id)
);
create index lead_wishes_unmatched on lead_wishes (location_id, contact_id) where matched_at is null;

-- The same by place, for who is concerned by a listing: `austin`, `78701`, `travis county`, `tx`, `*` for anywhere, `~` for close to somewhere.
create table lead_wish_places (
  location_id text not null,
  place       text not null,
  -- The most that it may cost; without a bound the largest number.
  most_cents  bigint not null,
  contact_id  text not null,
  primary key (location_id, place, most_cents, contact_id)
);
create index lead_wish_places_of_lead on lead_wish_places (location_id, contact_id);

-- What a lead is to be told of a listing: one row per change, for ever.
create table market_alerts (
  location_id text not null,
  contact_id  text not null,
  listing_key text not null,
  change      text not null,
  kind        text not null check (kind in ('new', 'price-drop', 'back-on-market', 'pending', 'closed', 'open-house')),
  -- waiting: for its message · told · dropped: overtaken, not allowed, too late.
  state       text not null default 'waiting' check (state in ('waiting', 'told', 'dropped')),
  why         text,
  score       double precision,
  reasons     jsonb not null default '[]',
  price_before numeric(14, 2),
  price_after numeric(14, 2),
  starts_at   timestamptz(3),
  -- Where the figure comes from, and as of when.
  market      text not null,
  as_of       timestamptz(3) not null,
  decided_at  timestamptz(3) not null,
  -- The event by which its lead hears of it.
  inbox_id    uuid,
  -- The send that tells it, or is about to; while it waits another may take its place.
  enrolment_id uuid,
  step        text,
  -- The price as the message said it, as of as_of.
  price_told  numeric(14, 2),
  settled_at  timestamptz(3),
  primary key (location_id, contact_id, listing_key, change)
);
create index market_alerts_waiting on market_alerts (location_id, contact_id) where state = 'waiting';
create index market_alerts_listing on market_alerts (location_id, listing_key, decided_at);

-- An open house, too, is something that an enrolment may be about.
alter table enrolments
  drop constraint enrolments_event_kind_check,
  add constraint enrolments_event_kind_check check (event_kind in ('appointment', 'open-house'));

-- Who took an interest in a home, under any name by which the site knows it. Behind the walls no comparison of a part of `detail` reaches an index.
create index analytics_events_listing on analytics_events (location_id, (detail ->> 'listing'), at)
  where contact_id is not null and detail ->> 'listing' is not null;
create function find_interested(listings text[], kinds text[], since timestamptz)
  returns table (contact_id text, listing text)
  language plpgsql stable security definer rows 20
  set search_path = pg_catalog, public, pg_temp set plan_cache_mode = force_custom_plan as $$
declare
  here constant text := current_setting('leadwright.location', true);
begin
  return query
    select distinct e.contact_id, e.detail ->> 'listing'
    from analytics_events e
    where e.location_id = here and e.detail ->> 'listing' = any (listings) and e.at > since and e.contact_id is not null and e.type = any (kinds);
end $$;
revoke execute on function find_interested from public;
grant execute on function find_interested to leadwright_tenant;

-- Figures of public files, the same for every location.
create table market_figures (
  source      text not null check (source in ('zhvi', 'fhfa', 'redfin')),
  series      text not null,
  region_type text not null,
  region      text not null,
  region_name text not null,
  period      date not null,
  value       numeric not null,
  unit        text not null,
  -- When its file was made, as far as it says, else when it was read.
  as_of       timestamptz(3) not null,
  file_hash   text not null,
  primary key (source, series, region_type, region, period)
);
create index market_figures_named on market_figures (lower(region_name), source, series, period);
create table market_files (
  source      text not null,
  file        text not null,
  file_hash   text not null,
  as_of       timestamptz(3) not null,
  read_at     timestamptz(3) not null,
  rows        bigint not null,
  changed     bigint not null,
  dead        bigint not null,
  -- Of what is dead: {"reasons": {"not-a-number": n}, "rows": [{"row": n, "reason": …, "field": …, "detail": …}]}, the first of them by row.
  problems    jsonb not null default '{"reasons": {}, "rows": []}',
  -- Where reading goes on after it was broken off; null: it is whole.
  at_row      bigint,
  primary key (source, file, file_hash)
);

do $$
declare
  walled text;
begin
  foreach walled in array array['market_feeds', 'market_pages', 'market_records', 'market_dead_letters', 'market_drift', 'market_push',
    'market_keys', 'lead_wishes', 'lead_wish_places', 'market_alerts'] loop
    execute format('alter table %I enable row level security', walled);
    execute format('create policy tenant on %I to leadwright_tenant '
      'using (location_id = current_setting(''leadwright.location'', true)) '
      'with check (location_id = current_setting(''leadwright.location'', true))', walled);
  end loop;
end $$;

grant select, insert, update on market_records, market_dead_letters, market_drift, market_alerts to leadwright_tenant;
grant select, insert, update, delete on market_feeds, market_pages, market_push, market_keys, lead_wishes, lead_wish_places to leadwright_tenant;
grant update (fanned_at) on listing_events to leadwright_tenant;
grant select, insert, update on market_figures, market_files to leadwright_house;
grant select on market_figures, market_files to leadwright_tenant;
