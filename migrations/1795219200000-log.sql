-- The log of changes, the present state that points into it, and the logical clusters they belong to.
-- docs/store.md tells why each table has the shape it has.

create table clusters (
  id bigint generated always as identity primary key,
  name text collate "C" not null,
  -- The newest revision. Every commit updates it first, so this row's lock makes commit order revision order.
  revision bigint not null default 0,
  -- History goes back to here.
  oldest bigint not null default 0,
  -- Bytes of bodies ever logged; differences between two marks tell the size of what lies between.
  log_bytes bigint not null default 0,
  -- The partition of the last commit, and the revision at which this cluster began to write to it.
  epoch int not null default 0,
  epoch_base bigint not null default 0,
  -- Retention; null for the default.
  keep_seconds int,
  keep_bytes bigint,
  created_at bigint not null,
  deleted_at bigint
) with (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000, autovacuum_vacuum_cost_delay = 0);
create unique index clusters_by_name on clusters (name) where deleted_at is null;

-- One row: the partition that takes new changes, and since when. Whoever writes changes locks this table in share mode before
-- reading it, so that a partition is closed only when nobody writes to it any more.
create table log_state (one boolean primary key default true check (one), epoch int not null, opened_at bigint not null);

-- Each body is stored once, here. The key is resource, namespace and name joined by U+001F.
create table changes (
  cluster bigint not null,
  revision bigint not null,
  previous bigint,
  time bigint not null,
  epoch int not null,
  -- 1 added, 2 modified, 3 deleted.
  type smallint not null,
  key text collate "C" not null,
  actor text not null,
  attributes text not null,
  body text not null
) partition by list (epoch);
alter table changes alter column body set storage external;
alter table changes alter column attributes set storage external;

create table objects (
  cluster bigint not null,
  revision bigint not null,
  epoch int not null,
  key text collate "C" not null,
  primary key (cluster, key)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_cost_delay = 0);

-- Changes of older partitions that were alive until `by`: a partition that goes keeps them while `by` is history.
create table superseded (
  cluster bigint not null,
  revision bigint not null,
  by bigint not null,
  primary key (cluster, revision)
);

-- What a cluster's log measured when; retention reads back from it.
create table marks (
  cluster bigint not null,
  revision bigint not null,
  time bigint not null,
  log_bytes bigint not null,
  primary key (cluster, revision)
);

create function open_epoch(now bigint) returns int language plpgsql as $$
declare
  opened int := coalesce((select epoch from log_state for update), 0) + 1;
begin
  execute format('create table changes_%s (like changes including storage) with (toast_tuple_target = 8160, '
    || 'autovacuum_vacuum_insert_threshold = -1)', opened);
  execute format('create unique index on changes_%s (cluster, revision)', opened);
  execute format('alter table changes attach partition changes_%s for values in (%s)', opened, opened);
  insert into log_state values (true, opened, now)
    on conflict (one) do update set epoch = excluded.epoch, opened_at = excluded.opened_at;
  return opened;
end $$;
select open_epoch((extract(epoch from clock_timestamp()) * 1000)::bigint);

-- Commits one batch of one cluster, whose keys are all different. `ops` holds a byte for each write: 1 create, 2 update, 3 delete;
-- `least` is the smallest expected revision. What is stored gets consecutive revisions after `base`, in order. Where everything was
-- stored `outcomes` is null, else it holds a byte for each write: 0 stored, 1 exists, 2 not found, 3 conflict. Where the cluster is
-- gone, `base` is null. The planner is held to index lookups: it would plan for the tables as they were when a connection first
-- called this, often empty.
create function commit_batch(
  p_cluster bigint, p_bytes bigint, p_least bigint, p_ops bytea, p_expected bigint[], p_keys text[], p_bodies text[],
  p_attributes text[], p_actors text[], out base bigint, out at bigint, out outcomes bytea
) language plpgsql set plan_cache_mode = force_generic_plan set enable_seqscan = off set enable_hashjoin = off
  set enable_mergejoin = off as $$
declare
  n int := length(p_ops);
  live int;
  epoch_start bigint;
  newest bigint;
  stored int := 0;
  matched int;
  removed int[];
begin
  lock table log_state in share mode;
  select epoch into live from log_state;
  update clusters set revision = revision + n, log_bytes = log_bytes + p_bytes,
    epoch_base = case when epoch = live then epoch_base else revision end, epoch = live
    where id = p_cluster and deleted_at is null
    returning revision - n, epoch_base into base, epoch_start;
  if not found then return; end if;
  at := (extract(epoch from clock_timestamp()) * 1000)::bigint;

  -- The pointers, as if everything will be stored: mostly it is, and then nothing has been looked up twice.
  if position('\x01'::bytea in p_ops) > 0 then
    insert into objects (cluster, revision, epoch, key)
      select p_cluster, base + i, live, key from unnest(p_keys) with ordinality as asked (key, i)
      where get_byte(p_ops, i::int - 1) = 1 on conflict do nothing;
    get diagnostics stored = row_count;
  end if;
  if position('\x02'::bytea in p_ops) > 0 then
    update objects o set revision = base + i, epoch = live
      from unnest(p_keys, p_expected) with ordinality as asked (key, was, i)
      where get_byte(p_ops, i::int - 1) = 2 and o.cluster = p_cluster and o.key = asked.key and o.revision = was;
    get diagnostics matched = row_count;
    stored := stored + matched;
  end if;
  if position('\x03'::bytea in p_ops) > 0 then
    with deleted as (
      delete from objects o using unnest(p_keys, p_expected) with ordinality as asked (key, was, i)
      where get_byte(p_ops, i::int - 1) = 3 and o.cluster = p_cluster and o.key = asked.key and o.revision = was
      returning i::int as i
    )
    select array_agg(i), count(*) into removed, matched from deleted;
    stored := stored + matched;
  end if;

  newest := base + stored;
  if stored = n then
    insert into changes (cluster, revision, previous, time, epoch, type, key, actor, attributes, body)
      select p_cluster, base + i, nullif(was, 0), at, live, get_byte(p_ops, i::int - 1), key, actor, attributes, body
      from unnest(p_keys, p_expected, p_actors, p_attributes, p_bodies) with ordinality
        as asked (key, was, actor, attributes, body, i);
  else
    with asked as (
      select i::int as i, get_byte(p_ops, i::int - 1) as op, key, was,
        (select o.revision from objects o where o.cluster = p_cluster and o.key = u.key) as now
      from unnest(p_keys, p_expected) with ordinality as u (key, was, i)
    ), judged as (
      select *, coalesce(case when op = 3 then i = any(removed) else now = base + i end, false) as ok from asked
    ), numbered as materialized (
      select *, base + sum(ok::int) over (order by i) as revision from judged
    ), closed_up as (
      update objects o set revision = x.revision from numbered x
      where x.ok and x.op < 3 and x.revision <> base + x.i and o.cluster = p_cluster and o.key = x.key
    ), logged as (
      insert into changes (cluster, revision, previous, time, epoch, type, key, actor, attributes, body)
      select p_cluster, revision, nullif(was, 0), at, live, op, key, p_actors[i], p_attributes[i], p_bodies[i]
      from numbered where ok
    )
    select string_agg(
        case when ok then '\x00'::bytea when op = 1 then '\x01' when now is null then '\x02' else '\x03' end, ''::bytea order by i)
      into outcomes from numbered;
    update clusters set revision = newest where id = p_cluster;
  end if;
  if p_least <= epoch_start then
    insert into superseded (cluster, revision, by)
      select p_cluster, c.previous, c.revision from changes c
      where c.epoch = live and c.cluster = p_cluster and c.revision > base and c.previous <= epoch_start on conflict do nothing;
  end if;
  if stored > 0 then perform pg_notify('binnacle_log', p_cluster || ' ' || newest); end if;
end $$;

-- Cluster state as SQL sees it, for reports and repairs.
create view objects_json as
  select c.name as cluster, split_part(o.key, chr(31), 1) as resource, split_part(o.key, chr(31), 2) as namespace,
    split_part(o.key, chr(31), 3) as name, o.revision, ch.body::jsonb as object
  from objects o join clusters c on c.id = o.cluster and c.deleted_at is null
    join changes ch on ch.epoch = o.epoch and ch.cluster = o.cluster and ch.revision = o.revision;
create view changes_json as
  select c.name as cluster, ch.revision, to_timestamp(ch.time / 1000.0) as time,
    (array['ADDED', 'MODIFIED', 'DELETED'])[ch.type] as type, split_part(ch.key, chr(31), 1) as resource,
    split_part(ch.key, chr(31), 2) as namespace, split_part(ch.key, chr(31), 3) as name,
    split_part(ch.actor, chr(31), 1) as "user", split_part(ch.actor, chr(31), 2) as client, ch.body::jsonb as object
  from changes ch join clusters c on c.id = ch.cluster and c.deleted_at is null;

-- down
drop view changes_json;
drop view objects_json;
drop function commit_batch;
drop function open_epoch;
drop table marks, superseded, objects, changes, log_state, clusters;
