-- The ledger of calls of language models: one row for each attempt, written before anything is sent, so that what may have been billed is
-- known whatever dies. Amounts are nano-dollars. Nothing in it can be read as words of anybody.
create table model_calls (
  location_id  text not null,
  -- What the call is for, the same for every repeat of the same work.
  call_key     text not null,
  attempt      integer not null check (attempt > 0),
  -- Null: for no lead.
  contact_id   text,
  job          text not null,
  model        text not null,
  batch        boolean not null,
  at           timestamptz(3) not null,
  -- Whoever made the call has given it up by then, if he lives.
  until        timestamptz(3) not null,
  state        text not null check (state in ('reserved', 'sent', 'billed', 'maybe-billed', 'not-billed', 'settled')),
  billed       bigint not null check (billed >= 0),
  up_to        bigint not null check (up_to >= billed),
  failure      text,
  -- Tokens and their price by class: input, read, write5m, write1h, output. Null: not known.
  tokens       bigint[] check (cardinality(tokens) = 5),
  nanos        bigint[] check (cardinality(nanos) = 5),
  -- What the same answer had cost without caching.
  counterfactual bigint,
  -- Of the prompt and its breakpoints: what a later call is held against.
  prints       jsonb not null,
  marks        jsonb not null,
  -- By layer: read from the cache, or why not.
  readings     jsonb,
  request_id   text,
  first_byte_ms integer,
  ms           integer,
  primary key (location_id, call_key, attempt)
) with (fillfactor = 80);
-- Budgets of a location, its report, and the call before.
create index model_calls_at on model_calls (location_id, at);
-- Budgets of a lead, and the call before of its talk.
create index model_calls_of_lead on model_calls (location_id, contact_id, at) where contact_id is not null;
-- What all locations share: the call before, the vendor's report of a day, and history that goes.
create index model_calls_of_all on model_calls (at);
create index model_calls_open on model_calls (until) where state in ('reserved', 'sent');

-- What was answered, for a repeat of the same work within days. Words of leads may be in it: it goes with the lead, and with time.
create table model_answers (
  location_id text not null,
  call_key    text not null,
  contact_id  text,
  model       text not null,
  stop        text not null check (stop in ('end', 'cut')),
  words       text not null,
  tool        jsonb,
  at          timestamptz(3) not null,
  primary key (location_id, call_key)
);
create index model_answers_of_lead on model_answers (location_id, contact_id) where contact_id is not null;
create index model_answers_at on model_answers (at);

-- Who writes a prefix into the vendor's cache right now: others wait a little and read it then. Fingerprints, which are nobody's; every
-- worker of every location shares them.
create table model_flights (
  print text primary key,
  owner uuid not null,
  -- Of the lease.
  until timestamptz(3) not null,
  -- What was written can be read until then.
  warm_until timestamptz(3)
);

do $$
declare
  walled text;
begin
  foreach walled in array array['model_calls', 'model_answers'] loop
    execute format('alter table %I enable row level security', walled);
    execute format('create policy tenant on %I to leadwright_tenant '
      'using (location_id = current_setting(''leadwright.location'', true)) '
      'with check (location_id = current_setting(''leadwright.location'', true))', walled);
    execute format('create policy house on %I to leadwright_house using (true) with check (true)', walled);
  end loop;
end $$;

grant select, insert, update on model_calls to leadwright_tenant;
grant select, insert, delete on model_answers to leadwright_tenant;
grant select, update (state, billed, up_to, failure) on model_calls to leadwright_house;
-- It takes old words away, and reads none.
grant select (location_id, contact_id, at), delete on model_answers to leadwright_house;
grant select, insert, update, delete on model_flights to leadwright_house;

-- With the decision that takes note of a lead's deletion, in its transaction.
create function forget_model_answers() returns trigger language plpgsql as $$
begin
  delete from model_answers where location_id = new.location_id and contact_id = new.contact_id;
  return null;
end $$;
create trigger answers_of_deleted after update of deleted_at on leads for each row
  when (new.deleted_at is not null and old.deleted_at is null) execute function forget_model_answers();
