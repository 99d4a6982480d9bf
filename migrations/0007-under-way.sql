-- no-transaction
-- What is under way is paged through at every start: without this each page would read all leads.
create index concurrently if not exists leads_unapplied on leads (location_id, contact_id) where plan_version > plan_applied;
