-- What the vendor says that a listing may be used for (MLS Grid's MlgCanUse); null: the feed says nothing of the kind.
alter table listings add column uses text[];
update listings set uses = array(select upper(jsonb_array_elements_text(raw -> 'MlgCanUse')))
where raw is not null and jsonb_typeof(raw -> 'MlgCanUse') = 'array';

-- Open houses that are the trade's alone, or need an appointment, are news to no lead. The next change of one reads it anew.
update market_records set status = 'not public'
where resource = 'OpenHouse' and coalesce(status, 'active') = 'active' and removed_at is null
  and lower(coalesce(nullif(trim(raw ->> 'OpenHouseType'), ''), 'public')) <> 'public';
update market_records set status = 'by appointment'
where resource = 'OpenHouse' and coalesce(status, 'active') = 'active' and removed_at is null
  and lower(raw ->> 'AppointmentRequiredYN') in ('true', 'y', 'yes', '1');
