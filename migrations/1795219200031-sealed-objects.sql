-- Bodies may be sealed: the view shows none of those.
create or replace view objects_json as
  select c.name as cluster, split_part(o.key, chr(31), 1) as resource, split_part(o.key, chr(31), 2) as namespace,
    split_part(o.key, chr(31), 3) as name, o.revision, case when ch.body like 'k8s:enc:%' then null else ch.body::jsonb end as object
  from objects o join clusters c on c.id = o.cluster and c.deleted_at is null
    join changes ch on ch.epoch = o.epoch and ch.cluster = o.cluster and ch.revision = o.revision;

-- down
create or replace view objects_json as
  select c.name as cluster, split_part(o.key, chr(31), 1) as resource, split_part(o.key, chr(31), 2) as namespace,
    split_part(o.key, chr(31), 3) as name, o.revision, ch.body::jsonb as object
  from objects o join clusters c on c.id = o.cluster and c.deleted_at is null
    join changes ch on ch.epoch = o.epoch and ch.cluster = o.cluster and ch.revision = o.revision;
