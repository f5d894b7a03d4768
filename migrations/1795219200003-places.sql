-- A small number that no two living clusters share, so that what is scarce, such as addresses, can be cut by it.

alter table clusters add column place int;
update clusters c set place = numbered.place from (
  select id, row_number() over (order by id) - 1 as place from clusters where deleted_at is null
) numbered where numbered.id = c.id;
create unique index clusters_by_place on clusters (place) where deleted_at is null;

create function take_place() returns trigger language plpgsql as $$
begin
  -- One after the other: two that look at once would find the same.
  perform pg_advisory_xact_lock(4902310763);
  select min(p.place) + 1 into new.place
    from (select -1 as place union all select place from clusters where deleted_at is null) p
    where not exists (select 1 from clusters c where c.deleted_at is null and c.place = p.place + 1);
  return new;
end $$;
create trigger clusters_take_place before insert on clusters for each row execute function take_place();

-- down
drop trigger clusters_take_place on clusters;
drop function take_place;
alter table clusters drop column place;
