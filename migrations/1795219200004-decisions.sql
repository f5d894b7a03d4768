-- What schedulers decided: apart from the log of changes, since nothing is rebuilt from it, and it is kept for a shorter time.

create table decisions (
  cluster bigint not null,
  -- Counts up within the cluster.
  id bigint not null,
  -- When it was stored, in milliseconds: who writes does not say how long it is kept.
  stored bigint not null,
  -- The revision of the cluster that was seen.
  revision bigint not null,
  namespace text collate "C" not null,
  pod text collate "C" not null,
  uid text collate "C" not null,
  node text collate "C" not null,
  result text collate "C" not null,
  -- What it counts of what its cluster may keep.
  bytes int not null,
  record text not null,
  -- Of each node; deflated already.
  detail bytea,
  primary key (cluster, id)
) with (autovacuum_vacuum_scale_factor = 0.1, autovacuum_vacuum_cost_delay = 0);
alter table decisions alter column detail set storage external;
create index decisions_by_pod on decisions (cluster, namespace, pod, id);

-- One row a cluster: what it keeps, and the newest id there ever was.
create table decision_logs (
  cluster bigint primary key,
  last bigint not null,
  kept bigint not null,
  bytes bigint not null
) with (fillfactor = 50);

-- Takes the oldest decisions of a cluster: as many as free so many rows and bytes, but a limited number.
create function drop_decisions(p_cluster bigint, p_rows bigint, p_bytes bigint, out dropped bigint, out freed bigint)
  language plpgsql set enable_seqscan = off as $$
begin
  with oldest as (
    select id, row_number() over (order by id) as n, sum(bytes) over (order by id) - bytes as earlier
      from (select id, bytes from decisions where cluster = p_cluster order by id limit 5000) first
  ), gone as (
    delete from decisions d using oldest o
      where d.cluster = p_cluster and d.id = o.id and (o.n <= p_rows or o.earlier < p_bytes) returning d.bytes
  )
  select count(*), coalesce(sum(bytes), 0) into dropped, freed from gone;
  update decision_logs set kept = kept - dropped, bytes = bytes - freed where cluster = p_cluster;
end $$;

-- Stores decisions of one cluster and takes what is then too much. Answers false where there is no such cluster. The last
-- parameters are the limits: of a Pod, of the cluster, of its bytes and of the bytes of all clusters.
create function append_decisions(
  p_cluster bigint, p_revisions bigint[], p_attempts bigint[], p_bytes bigint[], p_namespaces text[], p_pods text[], p_uids text[],
  p_nodes text[], p_results text[], p_records text[], p_details text[], p_per_pod int, p_rows bigint, p_most bigint, p_all bigint
) returns boolean language plpgsql set enable_seqscan = off as $$
declare
  n int := cardinality(p_pods);
  total bigint := (select coalesce(sum(b), 0) from unnest(p_bytes) b);
  base bigint;
  had bigint;
  has record;
  took record;
begin
  -- They are worth no waiting for the disk: a crash loses the last of them, and nothing else.
  perform set_config('synchronous_commit', 'off', true);
  perform 1 from clusters where id = p_cluster and deleted_at is null;
  if not found then return false; end if;
  insert into decision_logs values (p_cluster, n, n, total) on conflict (cluster) do update
    set last = decision_logs.last + n, kept = decision_logs.kept + n, bytes = decision_logs.bytes + total
    returning last - n, bytes - total into base, had;
  insert into decisions (cluster, id, stored, revision, namespace, pod, uid, node, result, bytes, record, detail)
    select p_cluster, base + i, (extract(epoch from clock_timestamp()) * 1000)::bigint, revision, namespace, pod, uid, node,
      result, size, record, case when detail <> '' then decode(detail, 'base64') end
    from unnest(p_revisions, p_bytes, p_namespaces, p_pods, p_uids, p_nodes, p_results, p_records, p_details) with ordinality
      as given (revision, size, namespace, pod, uid, node, result, record, detail, i);

  with tried as (
    select distinct namespace, pod, uid from unnest(p_attempts, p_namespaces, p_pods, p_uids) as given (attempt, namespace, pod, uid)
      where attempt > p_per_pod
  ), gone as (
    delete from decisions d using tried t, lateral (
      select x.id from decisions x where x.cluster = p_cluster and x.namespace = t.namespace and x.pod = t.pod and x.uid = t.uid
        order by x.id desc offset p_per_pod limit 1
    ) last
    where d.cluster = p_cluster and d.namespace = t.namespace and d.pod = t.pod and d.uid = t.uid and d.id <= last.id
    returning d.bytes
  )
  select count(*) as kept, coalesce(sum(bytes), 0) as bytes into took from gone;
  if took.kept > 0 then
    update decision_logs set kept = kept - took.kept, bytes = bytes - took.bytes where cluster = p_cluster;
  end if;

  if (select sum(bytes) from decision_logs) > p_all then p_most := least(p_most, had); end if;
  loop
    select kept, bytes into has from decision_logs where cluster = p_cluster;
    exit when has.kept <= p_rows and has.bytes <= p_most;
    -- A little more than has to go, so that not every batch takes some.
    select * into took from drop_decisions(p_cluster,
      case when has.kept > p_rows then has.kept - p_rows + p_rows / 16 else 0 end,
      case when has.bytes > p_most then has.bytes - p_most + p_most / 16 else 0 end);
    exit when took.dropped = 0;
  end loop;
  return true;
end $$;

-- down
drop function append_decisions;
drop function drop_decisions;
drop table decision_logs, decisions;
