-- What readers say to a story. Seen only where the story is.
create table replies (
  id uuid primary key default gen_random_uuid(),
  story uuid not null references stories on delete cascade,
  words text not null check (char_length(words) between 1 and 2000),
  name text not null check (char_length(name) between 1 and 80),
  website text check (char_length(website) <= 300 and website ~ '^https?://'),
  email text check (email = lower(email)), -- a guest's; shown to nobody
  account uuid references accounts on delete cascade,
  state text not null default 'waiting' check (state in ('waiting', 'shown', 'declined', 'hidden', 'withdrawn')),
  before text check (before in ('waiting', 'shown', 'declined', 'hidden', 'withdrawn')), -- the state that whoever wrote it took it back from
  waits_for text check (waits_for in ('first', 'watched', 'named', 'links')), -- why it was not shown at once
  reason text,                      -- the human reason of the last decision
  decided_by uuid references accounts on delete set null, -- the last who decided; null of the site
  held timestamptz,                 -- somebody's worry keeps it as it is
  token bytea not null unique,      -- sha-256 of the word in the address of its own page
  language text not null default 'en',
  example boolean not null default false,
  created timestamptz not null default now(),
  changed timestamptz not null default now(),
  revision int not null default 1,
  check (held is null or state = 'hidden'),
  check (account is null or email is null)
);
create index replies_story on replies (story, state, created, id);
create index replies_waiting on replies (created) where state = 'waiting';
create index replies_newest on replies (changed desc);
create index replies_account on replies (account) where account is not null;
-- Only what is or was seen makes pages anew.
create trigger clear_pages after insert on replies for each row when (new.state = 'shown') execute function clear_pages();
create trigger clear_pages_changed after update on replies for each row
  when (old.state = 'shown' or new.state = 'shown') execute function clear_pages();
create trigger clear_pages_gone after delete on replies for each row when (old.state = 'shown') execute function clear_pages();

-- Likes are a set: one of each person, or of each browser, known by a keyed hash only. A page may lag behind their number.
create table likes (
  story uuid not null references stories on delete cascade,
  who text not null check (char_length(who) = 22),
  account uuid references accounts on delete cascade,
  created timestamptz not null default now(),
  primary key (story, who)
);
create index likes_account on likes (account) where account is not null;

-- A reply in which one of these stands is read by a person first; folded as words are compared.
create table watched_words (
  word text primary key check (char_length(word) between 1 and 60),
  created timestamptz not null default now()
);
