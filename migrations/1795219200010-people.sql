-- What people sign in with besides a password, and where. Who they are is kept as objects of the cluster root.

-- The User it belongs to; null until there is one, as of an account of an older release.
alter table accounts add column uid text collate "C";
-- Somebody else made the password up: until it is changed nothing else can be done with it.
alter table accounts add column must_change boolean not null default false;

alter table sessions add column address text not null default '';
alter table sessions add column user_agent text not null default '';
create index sessions_by_account on sessions (account, last_seen);

create table tokens (
  -- SHA-256 of the token.
  hash text collate "C" primary key,
  id text collate "C" not null unique,
  account text collate "C" not null references accounts (name) on delete cascade,
  name text not null,
  -- Of logical clusters; all of them where there is none.
  clusters text[] not null default '{}',
  read_only boolean not null default false,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_used timestamptz
);
create index tokens_by_account on tokens (account);
create index tokens_by_expiry on tokens (expires_at);

-- Of invitations that wait. Whoever takes the row has accepted.
create table invitation_links (
  -- SHA-256 of the secret.
  hash text collate "C" primary key,
  uid text collate "C" not null unique,
  name text collate "C" not null,
  expires_at timestamptz not null
);

-- down
drop table invitation_links;
drop table tokens;
drop index sessions_by_account;
alter table sessions drop column user_agent;
alter table sessions drop column address;
alter table accounts drop column must_change;
alter table accounts drop column uid;
