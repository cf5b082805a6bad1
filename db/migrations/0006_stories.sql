create table stories (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique,
  week int not null references weeks,
  activity uuid references activities on delete set null, -- what it tells of
  from_report boolean not null default false, -- grew out of the host's report: one per activity
  kind text,
  country text check (country ~ '^[A-Z]{2}$'),
  town text,
  "group" uuid references groups on delete set null,
  title text not null check (char_length(title) between 1 and 120),
  body text not null default '' check (char_length(body) <= 20000), -- CommonMark
  author_name text not null default '' check (char_length(author_name) <= 80),
  with_name text not null default '' check (char_length(with_name) <= 80),
  drawing int not null default 0,   -- which of the drawn pictures
  drawing_words text not null default '',
  state text not null default 'unverified' check (state in
    ('unverified', 'draft', 'waiting', 'asked-for-more', 'published', 'declined', 'hidden', 'withdrawn')),
  reason text,
  account uuid references accounts on delete set null,
  email text check (email = lower(email)), -- whoever tells it; never shown
  language text not null default 'en',
  example boolean not null default false,
  created timestamptz not null default now(),
  updated timestamptz not null default now(),
  published timestamptz,
  revision int not null default 1,
  search tsvector generated always as (
    to_tsvector('simple', plain(title || ' ' || body || ' ' || coalesce(town, '') || ' ' || author_name))
  ) stored,
  foreign key (week, kind) references kinds (week, code),
  check (state <> 'published' or published is not null)
);
create unique index stories_report on stories (activity) where from_report;
create index stories_wall on stories (week, example, published desc, slug)
  include (activity, from_report, kind, country, "group") where state = 'published';
create index stories_newest on stories (published desc, slug) where state = 'published';
create index stories_state on stories (state, created);
create index stories_search on stories using gin (search);

create table story_links (
  token bytea primary key,
  story uuid not null references stories on delete cascade,
  created timestamptz not null default now(),
  expires timestamptz not null
);
create index story_links_story on story_links (story);

create table story_changes (
  id bigint generated always as identity primary key,
  story uuid not null references stories on delete cascade,
  at timestamptz not null default now(),
  account uuid references accounts on delete set null,
  by_teller boolean not null default false,
  from_state text check (from_state in
    ('unverified', 'draft', 'waiting', 'asked-for-more', 'published', 'declined', 'hidden', 'withdrawn')),
  to_state text check (to_state in
    ('unverified', 'draft', 'waiting', 'asked-for-more', 'published', 'declined', 'hidden', 'withdrawn')),
  reason text,
  diff jsonb not null default '{}',
  read boolean not null default true
);
create index story_changes_story on story_changes (story, id desc);
create trigger clear_pages after insert or update or delete on stories for each statement execute function clear_pages();
create index stories_activity on stories (activity) where activity is not null;
-- A story appears when its activity is over: which ones end within the minute a page is kept?
create index activities_last_end on activities (last_end);
