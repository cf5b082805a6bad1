create table groups (
  id uuid primary key default gen_random_uuid(),
  slug text not null unique,
  name text not null,
  page text not null default '',    -- CommonMark
  country text not null check (country ~ '^[A-Z]{2}$'),
  region text not null default '',
  town text not null default '',
  lat double precision,
  lon double precision,
  rhythm text not null default '',  -- "first Tuesday of the month", in words
  email text,                       -- where its lead hears; never shown
  hidden boolean not null default false,
  example boolean not null default false,
  created timestamptz not null default now(),
  updated timestamptz not null default now(),
  revision int not null default 1,
  check ((lat is null) = (lon is null))
);
alter table roles add foreign key ("group") references groups on delete cascade;

create table group_members (
  "group" uuid not null references groups on delete cascade,
  account uuid not null references accounts on delete cascade,
  joined timestamptz not null default now(),
  primary key ("group", account)
);
create trigger clear_pages after insert or update or delete on groups for each statement execute function clear_pages();
