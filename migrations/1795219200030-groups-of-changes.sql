-- Actors written from now on may end in the groups of the user, and bodies may be sealed; the view shows the ones, and none of the others.
create or replace view changes_json as
  select c.name as cluster, ch.revision, to_timestamp(ch.time / 1000.0) as time,
    (array['ADDED', 'MODIFIED', 'DELETED'])[ch.type] as type, split_part(ch.key, chr(31), 1) as resource,
    split_part(ch.key, chr(31), 2) as namespace, split_part(ch.key, chr(31), 3) as name,
    split_part(ch.actor, chr(31), 1) as "user", split_part(ch.actor, chr(31), 2) as client,
    case when ch.body like 'k8s:enc:%' then null else ch.body::jsonb end as object,
    split_part(ch.actor, chr(31), 3) as request_id,
    array_remove(string_to_array(split_part(ch.actor, chr(31), 4), chr(30)), '') as groups
  from changes ch join clusters c on c.id = ch.cluster and c.deleted_at is null;

-- down
drop view changes_json;
create view changes_json as
  select c.name as cluster, ch.revision, to_timestamp(ch.time / 1000.0) as time,
    (array['ADDED', 'MODIFIED', 'DELETED'])[ch.type] as type, split_part(ch.key, chr(31), 1) as resource,
    split_part(ch.key, chr(31), 2) as namespace, split_part(ch.key, chr(31), 3) as name,
    split_part(ch.actor, chr(31), 1) as "user", split_part(ch.actor, chr(31), 2) as client, ch.body::jsonb as object,
    split_part(ch.actor, chr(31), 3) as request_id
  from changes ch join clusters c on c.id = ch.cluster and c.deleted_at is null;
