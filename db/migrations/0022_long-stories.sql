-- Which photograph of a story is meant: its text says "[picture 3]" where the third one stands. A number stays with a
-- photograph, its covered versions too, and nothing else gets it while the row is kept: the order can change around it.
-- It is given once a photograph is made and nothing that was sent before it is still being made, so that a file that is
-- refused uses up none.
alter table versions add number int check (number > 0);
create function number_cover() returns trigger language plpgsql as $$
begin
  new.number := (select v.number from versions v where v.id = new.source);
  return new;
end $$;
create trigger number_cover before insert on versions
  for each row when (new.number is null and new.source is not null) execute function number_cover();
create function number_versions() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('number ' || new.surface, 0));
  update versions v set number = one.number
  from (
    select made.id,
      coalesce((select max(had.number) from versions had where had.surface = new.surface), 0)
        + row_number() over (order by made.position, made.created, made.id) as number
    from versions made
    where made.surface = new.surface and made.number is null and made.state in ('visible', 'made')
      and not exists (
        select from versions before
        where before.surface = made.surface and before.number is null and before.state = 'waiting'
          and (before.position, before.created, before.id) < (made.position, made.created, made.id))
  ) one
  where v.id = one.id;
  return null;
end $$;
create trigger number_inserted after insert on versions
  for each row when (new.number is null and new.state in ('visible', 'made')) execute function number_versions();
create trigger number_settled after update of state on versions
  for each row when (old.state = 'waiting' and new.state <> 'waiting') execute function number_versions();

-- How it was told, and where else it stands. What the other site says is kept apart, below; these words are the teller's.
alter table stories add told_how text not null default 'writing'
  check (told_how in ('writing', 'symbols', 'pictures', 'voice'));
alter table stories add link text check (link ~ '^https?://' and char_length(link) <= 2000);
alter table stories add link_title text not null default '' check (char_length(link_title) <= 200);
alter table stories add link_words text not null default '' check (char_length(link_words) <= 500);

-- What was read at the address that a story leads to: plain words, never a picture or anything else that readers would load.
create table linked_posts (
  story uuid primary key references stories on delete cascade,
  address text not null,            -- what was asked for: a later address is another reading
  state text not null default 'waiting' check (state in ('waiting', 'read', 'refused')),
  site text not null default '' check (char_length(site) <= 80),
  title text not null default '' check (char_length(title) <= 200),
  words text not null default '' check (char_length(words) <= 500),
  tries smallint not null default 0, -- how often it did not answer; a few times it is asked again
  changed timestamptz not null
);
create trigger clear_pages after insert or update or delete on linked_posts for each statement execute function clear_pages();

-- The page of somebody who tells stories and wants one: what they signed with this very name.
create table author_pages (
  account uuid primary key references accounts on delete cascade,
  slug text not null unique,
  name text not null check (char_length(name) between 1 and 80),
  created timestamptz not null default now()
);
create index author_pages_name on author_pages (name);
create trigger clear_pages after insert or update or delete on author_pages for each statement execute function clear_pages();
create index stories_account on stories (account) where account is not null;
create index stories_email on stories (email) where email is not null;
