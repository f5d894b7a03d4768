-- Who may sign in to the dashboard with a password, and their sessions. Neither is an API object: both hold secrets.

create table accounts (
  name text collate "C" primary key,
  groups text[] not null default '{}',
  -- Salted scrypt hash, as server/auth writes it.
  scrypt text not null,
  created_at timestamptz not null default now()
);

create table sessions (
  -- SHA-256 of the cookie's value.
  id_hash text collate "C" primary key,
  account text collate "C" not null references accounts (name) on delete cascade,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  last_seen timestamptz not null default now()
);
create index sessions_by_expiry on sessions (expires_at);

-- down
drop table sessions;
drop table accounts;
