-- no-transaction
-- What is under way is paged through at every start: without this each page would read all leads.
create index concurrently if not exists leads_unapplied on leads (location_id, contact_id) where plan_version > plan_applied;

-- A talk is short, and the key holds it together already: with a million leads nothing got faster by this, and every message paid for it.
drop index concurrently if exists messages_talk;
