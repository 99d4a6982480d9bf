-- When a location was last taken away, by the clock of whoever told it: an INSTALL from before then does not bring it back.
alter table locations add column uninstalled_at timestamptz(3);
update locations set uninstalled_at = updated_at where status = 'uninstalled';

-- An event that is parked again was not worked; installs and uninstalls are left out of a range.
alter table replay_events drop constraint replay_events_state_check;
alter table replay_events
  add constraint replay_events_state_check check (state in ('waiting', 'reopened', 'done', 'parked', 'passed'));
alter table replays add column left_out integer not null default 0;
