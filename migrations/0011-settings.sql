-- Every version of a location's settings, and every switch of it. Only added to: a roll-back is a new version.
create table settings_versions (
  location_id text not null,
  version     integer not null,
  settings    jsonb not null,
  -- The choices that this version changed, each as a whole; in a first version all of them.
  changes     jsonb not null,
  changed_by  text not null,
  at          timestamptz(3) not null default now(),
  primary key (location_id, version)
);
insert into settings_versions (location_id, version, settings, changes, changed_by, at)
select location_id, settings_version, settings, settings, 'before history was kept', updated_at from locations;

-- Who paused, resumed or took away a location, and when.
create table location_acts (
  location_id text not null,
  act_id      bigint generated always as identity,
  status      text not null check (status in ('active', 'paused', 'uninstalled')),
  by          text not null,
  at          timestamptz(3) not null default now(),
  primary key (location_id, act_id)
);

do $$
declare
  walled regclass;
begin
  foreach walled in array array['settings_versions', 'location_acts']::regclass[] loop
    execute format('alter table %s enable row level security', walled);
    execute format('create policy tenant on %s to leadwright_tenant '
      'using (location_id = current_setting(''leadwright.location'', true)) '
      'with check (location_id = current_setting(''leadwright.location'', true))', walled);
  end loop;
end $$;

grant select, insert on settings_versions, location_acts to leadwright_tenant;

-- The kill switch of all locations writes down each.
grant insert on location_acts to leadwright_house;
create policy house on location_acts for insert to leadwright_house with check (true);
