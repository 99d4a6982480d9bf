-- Public files of figures that are fetched each day: what their server said with the last whole one, and what is wrong since when.
create table market_followed_files (
  source text not null,
  file text not null,
  asked_at timestamptz(3) not null,
  -- SHA-256 of the whole address, of which the two that follow speak.
  address_hash text,
  etag text,
  last_modified text,
  failing text,
  failing_since timestamptz(3),
  says text,
  primary key (source, file),
  check ((failing is null) = (failing_since is null) and (failing is null) = (says is null))
);
grant select, insert, update on market_followed_files to leadwright_house;
