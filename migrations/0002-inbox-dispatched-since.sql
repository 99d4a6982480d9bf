-- When an event was first handed to its lead. `dispatched_at` moves with every further attempt and cannot tell how long a lead has been
-- stuck. Null for rows that were marked before this migration: their last attempt stands in until the next one.
alter table inbox add column dispatched_since timestamptz(3);
