-- The report button: three doors.
create table concerns (
  id uuid primary key default gen_random_uuid(),
  door text not null check (door in ('take-down', 'worried', 'wrong')),
  subject text,                     -- activities:… or stories:…, or the address that was open
  words text not null default '' check (char_length(words) <= 5000),
  email text check (email = lower(email)),
  country text check (country ~ '^[A-Z]{2}$'),
  state text not null default 'open' check (state in ('open', 'closed')),
  hid boolean not null default false,
  outcome text,
  handled_by uuid references accounts on delete set null,
  handled timestamptz,
  example boolean not null default false,
  created timestamptz not null default now()
);
create index concerns_open on concerns (created) where state = 'open';

-- What the clock removed by itself: shown to organisers.
create table retention_runs (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  what text not null,
  count int not null
);
