-- Several reasons may keep a person from being written to, and lifting one leaves the others.
alter table suppressions drop constraint suppressions_pkey;
alter table suppressions add primary key (location_id, person_hash, channel, reason);

-- What an e-mail failed of: its address, something that passes, or something that says nothing of the address.
alter table email_events add column failure text check (failure in ('address', 'temporary', 'other'));

-- Failures of one address in a row; what became of the e-mails of a location lately.
create index email_events_of_address on email_events (location_id, recipient_hash, at);
create index email_events_newest on email_events (location_id, at);
