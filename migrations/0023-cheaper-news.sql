-- What is heard of leads is counted for less, and an appointment that is given to another contact is news of both.

-- Messages and appointments come one by one, and an insert that may find its row there fires the triggers of both. Of a message only what
-- features read is news; how far its delivery got is not, so such a report costs a third and the lead's vector stays in use.
drop trigger news_of_new on messages;
drop trigger news_of_changed on messages;
create trigger news_of_new after insert on messages for each row execute function count_own_news();
create trigger news_of_changed after update on messages for each row
  when ((new.at, new.direction, new.channel, new.body, new.human) is distinct from (old.at, old.direction, old.channel, old.body, old.human))
  execute function count_own_news();

-- In one order, so that two appointments that change places never wait for each other in a circle.
create function count_appointment_news() returns trigger language plpgsql as $$
begin
  insert into lead_news as n (location_id, contact_id, news)
  select distinct new.location_id, heard.contact_id, 1 from (values (old.contact_id), (new.contact_id)) as heard (contact_id)
  where heard.contact_id is not null order by heard.contact_id
  on conflict (location_id, contact_id) do update set news = n.news + 1;
  return null;
end $$;
drop trigger news_of_new on appointments;
drop trigger news_of_changed on appointments;
create trigger news_of_new after insert on appointments for each row
  when (new.contact_id is not null) execute function count_own_news();
create trigger news_of_changed after update on appointments for each row execute function count_appointment_news();

-- Most changes of a lead name none of these columns, and need not compare them.
drop trigger news_of_changed on leads;
create trigger news_of_changed after update of qualification, snapshot, email_hash on leads for each row
  when (new.qualification is distinct from old.qualification or new.snapshot is distinct from old.snapshot
    or new.email_hash is distinct from old.email_hash)
  execute function count_own_news();
