-- Acting: what else happens once, what we did in the CRM and how it was before, and what of ours is there.

alter table outbox drop constraint outbox_channel_check;
alter table outbox add constraint outbox_channel_check
  check (channel in ('sms', 'email', 'call-task', 'note', 'opportunity', 'ghl-workflow'));

-- What of the contact in the CRM is our own doing, by name (`tag:hot-lead`). Written before the call it belongs to.
alter table leads add column crm_marks jsonb not null default '{}';

-- Append-only: one row per thing done, whether by the applier or through the outbox. `undoes`: the action that this one undid.
create table crm_actions (
  location_id  text not null,
  contact_id   text not null,
  action_id    uuid not null default gen_random_uuid(),
  at           timestamptz(3) not null,
  kind         text not null,
  target       text not null,
  before       jsonb,
  after        jsonb,
  plan_version integer,
  send_id      uuid,
  undoes       uuid,
  primary key (location_id, contact_id, action_id),
  unique (location_id, contact_id, send_id),
  unique (location_id, contact_id, undoes)
);
create index crm_actions_newest on crm_actions (location_id, contact_id, at desc, action_id desc);

-- A person's wish to undo, once per action.
create table crm_undos (
  location_id text not null,
  contact_id  text not null,
  action_id   uuid not null,
  asked_at    timestamptz(3) not null,
  operator    text,
  state       text not null default 'asked' check (state in ('asked', 'done', 'refused')),
  reason      text,
  settled_at  timestamptz(3),
  primary key (location_id, contact_id, action_id)
);
create index crm_undos_asked on crm_undos (location_id, contact_id) where state = 'asked';

alter table crm_actions enable row level security;
create policy tenant on crm_actions to leadwright_tenant
  using (location_id = current_setting('leadwright.location', true))
  with check (location_id = current_setting('leadwright.location', true));
alter table crm_undos enable row level security;
create policy tenant on crm_undos to leadwright_tenant
  using (location_id = current_setting('leadwright.location', true))
  with check (location_id = current_setting('leadwright.location', true));
-- At the start the house looks for all that is under way.
grant select on crm_undos to leadwright_house;
create policy house on crm_undos for select to leadwright_house using (true);
grant select, insert on crm_actions to leadwright_tenant;
grant select, insert, update on crm_undos to leadwright_tenant;
