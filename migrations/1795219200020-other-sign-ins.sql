-- Ways to sign in beside a password. None of them is an API object; each goes with its account.

create table identities (
  id text collate "C" primary key,
  issuer text collate "C" not null,
  subject text collate "C" not null,
  account text collate "C" not null references accounts (name) on delete cascade,
  -- Of the User: who is another of the same name has none of this.
  uid text collate "C" not null,
  provider text collate "C" not null,
  email text,
  linked_at timestamptz not null,
  last_used timestamptz,
  unique (issuer, subject)
);
create index identities_by_account on identities (account);

create table passkeys (
  -- As the authenticator names it, base64url.
  id text collate "C" primary key,
  account text collate "C" not null references accounts (name) on delete cascade,
  uid text collate "C" not null,
  name text not null,
  relying_party text collate "C" not null,
  -- COSE, base64url.
  public_key text collate "C" not null,
  counter bigint not null,
  transports text[] not null default '{}',
  backed_up boolean not null,
  -- Its counter went back: it may have been copied.
  suspect boolean not null default false,
  created_at timestamptz not null,
  last_used timestamptz
);
create index passkeys_by_account on passkeys (account);

-- What was used and must not be used again while it would still be good.
create table used_once (
  mark text collate "C" primary key,
  expires_at timestamptz not null
);
create index used_once_by_expiry on used_once (expires_at);

-- Terminals that wait for somebody to say in a browser that they are theirs.
create table terminal_requests (
  -- SHA-256 of the secret the terminal holds.
  code_hash text collate "C" primary key,
  user_code_hash text collate "C" not null unique,
  client text not null,
  address text not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  state text collate "C" not null default 'pending',
  account text collate "C" references accounts (name) on delete cascade,
  uid text collate "C",
  teams text[] not null default '{}',
  polled_at timestamptz
);
create index terminal_requests_by_expiry on terminal_requests (expires_at);

-- down
drop table terminal_requests;
drop table used_once;
drop table passkeys;
drop table identities;
