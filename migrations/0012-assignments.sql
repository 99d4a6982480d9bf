-- To whom a lead was given, one row per lead that ever was; whose turn it is next, one row per location. A turn is taken under the lock
-- of that row, so that concurrent decisions share the turns evenly.
create table assignments (
  location_id text not null,
  contact_id  text not null,
  state       text not null check (state in ('wanted', 'offered', 'given', 'settled')),
  mode        text not null check (mode in ('round-robin', 'claim')),
  agent_id    text,
  -- Who had the lead by us, in turn; the last one is who has it.
  had         text[] not null default '{}',
  since       timestamptz(3) not null,
  claimed_by  text,
  escalations integer not null default 0,
  -- The CRM has not been seen to show it yet.
  planned     boolean not null,
  due_at      timestamptz(3),
  primary key (location_id, contact_id)
);

create table assignment_turns (
  location_id text primary key,
  last_agent  text not null
);

do $$
declare
  walled regclass;
begin
  foreach walled in array array['assignments', 'assignment_turns']::regclass[] loop
    execute format('alter table %s enable row level security', walled);
    execute format('create policy tenant on %s to leadwright_tenant '
      'using (location_id = current_setting(''leadwright.location'', true)) '
      'with check (location_id = current_setting(''leadwright.location'', true))', walled);
  end loop;
end $$;

grant select, insert, update on assignments, assignment_turns to leadwright_tenant;

-- Leads with a deadline ahead must have a workflow that keeps it, also after Temporal's store was lost.
create index assignments_due on assignments (location_id, contact_id) where due_at is not null;
grant select on assignments to leadwright_house;
create policy house on assignments for select to leadwright_house using (true);
