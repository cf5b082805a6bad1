-- What was set aside instead of removed, so that it can be brought back for some days: what it was before.
alter table weeks add set_aside jsonb; -- {"state", "theme", "dayThemes", "hashtag", "announcement"}
alter table groups add set_aside text check (set_aside in ('shown', 'hidden'));
alter table organisations add set_aside text check (set_aside in ('shown', 'hidden'));
alter table accounts add set_aside boolean not null default false;
alter table activities add set_aside text;
alter table stories add set_aside text;
alter table concerns add set_aside text;

-- An account that its owner wants gone: it has no roles any more, and is erased at this moment.
alter table accounts add erasing timestamptz;
create index accounts_erasing on accounts (erasing) where erasing is not null;

-- Lists that organisers change: nobody overwrites what somebody else has just written, and what is in use is retired.
alter table kinds add revision int not null default 1;
alter table audiences add revision int not null default 1;
alter table audiences add retired boolean not null default false;
alter table verbs add revision int not null default 1;
alter table verbs add retired boolean not null default false;
alter table verbs add on_home boolean not null default false; -- under "Got ten minutes?"
update verbs set on_home = true where code in ('show', 'tell', 'write', 'display');
create trigger clear_pages after insert or update or delete on verbs for each statement execute function clear_pages();
