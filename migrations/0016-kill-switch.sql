-- The kill switch of all locations: the newest row is in force, also for a location that is installed later. Only added to, so that it says
-- who switched and when.
create table house_switches (
  switch_id  bigint generated always as identity primary key,
  all_paused boolean not null,
  by         text not null,
  at         timestamptz(3) not null default clock_timestamp()
);
-- The gate of every location asks it; nothing in it is anybody's.
grant select on house_switches to leadwright_tenant, leadwright_house;
grant insert on house_switches to leadwright_house;

-- Until now the house switched each location and wrote it down there.
revoke update (status, updated_at) on locations from leadwright_house;
revoke insert on location_acts from leadwright_house;
drop policy house on location_acts;

-- Since when a location that was paused, parked or gone goes on. Whoever had to react meanwhile has the whole time from then on.
alter table locations add column open_since timestamptz(3);

create function keep_open_since() returns trigger language plpgsql as $$
begin
  if new.status = 'active' and new.parked_reason is null and (old.status <> 'active' or old.parked_reason is not null) then
    new.open_since := clock_timestamp();
  end if;
  return new;
end $$;
create trigger open_since_of_location before update of status, parked_reason on locations
  for each row execute function keep_open_since();
