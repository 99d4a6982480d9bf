-- no-transaction
-- All contacts that bear a phone number or an address: the cap counts what GHL's own workflows sent to any of them, and a bounce or a
-- complaint names an address alone. Without these each would read all leads of a location; hashes change with the address only, so
-- that the many other writes of a lead leave both alone.
create index concurrently if not exists leads_sms_hash on leads (location_id, sms_hash) where sms_hash is not null;
create index concurrently if not exists leads_email_hash on leads (location_id, email_hash) where email_hash is not null;
