-- How a session was begun, and teams that its provider said its person is in, which last as long as it does.
alter table sessions add column method text collate "C" not null default 'password';
alter table sessions add column teams text[] not null default '{}';

-- down
alter table sessions drop column teams;
alter table sessions drop column method;
