-- What a restored database does not remember. Between `lost_from` and `lost_until` sends may have gone out, and people may have written,
-- that left no trace here: whoever is to be written to is read back from the CRM first (docs/operations.md, Backup and restore).
create table restores (
  id         bigint generated always as identity primary key,
  lost_from  timestamptz(3) not null,
  lost_until timestamptz(3) not null,
  check (lost_from <= lost_until)
);

-- One row, raised every few seconds by whoever may send, and copied to a file of the home folder each time. A database whose mark is
-- below the file's is an older one. The installation tells another database from an older state of the same.
create table high_water (
  one          boolean primary key default true check (one),
  installation uuid not null default gen_random_uuid(),
  at           timestamptz(3)
);
insert into high_water default values;

-- Up to here what was lost of this lead has been read back.
alter table leads add column recalled_at timestamptz(3);

grant select on restores to leadwright_tenant, leadwright_house;
grant select, update (at) on high_water to leadwright_house;
