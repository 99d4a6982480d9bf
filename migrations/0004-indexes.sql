-- no-transaction
-- One index per question that people ask often; docs/data.md says which, and which of them were merged.

-- Lists by stage and tier. For a stage alone, or a tier alone, the few values of the other are read beside each other and merged.
-- A lead without a score comes last; `coalesce` would say so shorter, but Postgres does not hold it leakproof, and under row-level
-- security a cursor could not use the index.
create index concurrently if not exists leads_by_score on leads
  (location_id, (case when score is null then -1 else score end), contact_id);
create index concurrently if not exists leads_filtered_activity on leads (location_id, stage, tier, last_activity_at, contact_id);
create index concurrently if not exists leads_filtered_newest on leads (location_id, stage, tier, created_at, contact_id);
create index concurrently if not exists leads_filtered_score on leads
  (location_id, stage, tier, (case when score is null then -1 else score end), contact_id);
drop index concurrently if exists leads_score;
create index concurrently if not exists leads_hot on leads (location_id, created_at, contact_id) where tier = 'hot';
create index concurrently if not exists leads_due on leads (location_id, next_at, contact_id) where next_at is not null;

-- Searches must be as fast after a thousand changes as before: no list of pending entries to read through.
create index concurrently if not exists lead_search_phone on lead_search (location_id, phone) where phone is not null;
create index concurrently if not exists lead_search_email on lead_search (location_id, email) where email is not null;
create index concurrently if not exists lead_search_words on lead_search using gin (location_id, words gin_trgm_ops) with (fastupdate = off);
create index concurrently if not exists lead_search_tags on lead_search using gin (location_id, tags) with (fastupdate = off);
create index concurrently if not exists lead_search_fields on lead_search using gin (location_id, fields jsonb_path_ops) with (fastupdate = off);

create index concurrently if not exists messages_newest on messages (location_id, at, contact_id, message_key);
create index concurrently if not exists messages_words on messages using gin (location_id, words) with (fastupdate = off);
create index concurrently if not exists conversations_unread on conversations (location_id, last_message_at, contact_id) where unread > 0;

create index concurrently if not exists listings_area on listings (location_id, city, status, price_cents, listing_key);
create index concurrently if not exists listings_type on listings (location_id, property_type, status, price_cents, listing_key);
create index concurrently if not exists listings_changed on listings (location_id, changed_at, listing_key) where status = 'active';
create index concurrently if not exists listings_place on listings using gist (location_id, place) where status = 'active';
create index concurrently if not exists coaching_sessions_agent on coaching_sessions (location_id, agent_id, held_on, session_id);
