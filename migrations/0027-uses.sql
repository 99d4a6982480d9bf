-- What the vendor says that a listing may be used for (MLS Grid's MlgCanUse); null: the feed says nothing of the kind.
alter table listings add column uses text[];
update listings set uses = array(select upper(jsonb_array_elements_text(raw -> 'MlgCanUse')))
where raw is not null and jsonb_typeof(raw -> 'MlgCanUse') = 'array';
