-- What an authenticator calls its person, as it was told when the passkey was made: of one that is brought back into another
-- installation it cannot be derived there. Null for one of an older release.

alter table passkeys add column handle text collate "C";

-- down
alter table passkeys drop column handle;
