create table weeks (
  year int primary key check (year between 1980 and 2200),
  monday date not null unique check (extract(isodow from monday) = 1),
  name text not null,
  theme text,
  day_themes text[] not null default '{}' check (cardinality(day_themes) in (0, 7)),
  hashtag text,
  announcement text,                -- CommonMark
  announced timestamptz,
  state text not null default 'draft' check (state in ('draft', 'announced', 'closed')),
  policy jsonb not null default '{}',
  source text,                      -- where a past week is known from
  known text,                       -- what is known of it, CommonMark
  example boolean not null default false,
  created timestamptz not null default now(),
  check (state = 'draft' or announced is not null)
);

create table kinds (
  week int not null references weeks on delete cascade,
  code text not null check (code ~ '^[a-z][a-z0-9-]{1,30}$'),
  position int not null,
  names jsonb not null,             -- {"en": "Café or coffee morning"}
  hints jsonb not null default '{}',
  ten_minutes jsonb not null default '{}',
  titles jsonb not null default '{}',
  how jsonb not null default '{}',  -- {"en": {"before": […], "day": […], "after": […], "strangers": […]}}
  drawing text not null,
  default_minutes int not null default 60 check (default_minutes between 5 and 1440),
  retired boolean not null default false,
  primary key (week, code)
);

create table verbs (
  week int not null references weeks on delete cascade,
  code text not null,
  position int not null,
  kind text not null,
  names jsonb not null,
  ten_minutes jsonb not null default '{}',
  primary key (week, code),
  foreign key (week, kind) references kinds (week, code) on delete cascade
);

create table audiences (
  week int not null references weeks on delete cascade,
  code text not null,
  position int not null,
  cluster text not null,            -- which of the six plain groups it is offered in
  names jsonb not null,
  primary key (week, code)
);

-- "Tell me when": who wants to hear when the next week is announced.
create table announcement_wishes (
  email text primary key check (email = lower(email)),
  token bytea not null unique,      -- sha-256 of the mailed token
  language text not null default 'en',
  asked timestamptz not null default now(),
  confirmed timestamptz,
  told_week int
);

create trigger clear_pages after insert or update or delete on weeks for each statement execute function clear_pages();
create trigger clear_pages after insert or update or delete on kinds for each statement execute function clear_pages();
