-- Whoever answers for what is shown: a school, a service, a charity, a family.
create table organisations (
  id uuid primary key default gen_random_uuid(),
  slug text collate "C" not null unique,
  name text not null check (char_length(name) between 1 and 120),
  type text not null check (type in ('school', 'service', 'charity', 'family', 'other')),
  country text not null check (country ~ '^[A-Z]{2}$'),
  -- whose law counts; anything else gives the strictest rules until an organiser sets it
  nation text check (nation in ('england', 'wales', 'scotland', 'northern-ireland', 'ireland')),
  town text,
  safeguarding_lead text not null default '' check (char_length(safeguarding_lead) <= 120),
  hidden boolean not null default false,
  example boolean not null default false,
  created timestamptz not null default now(),
  revision int not null default 1
);

-- What an organisation allows. A version is never changed: a tighter one hides at once, a looser one publishes nothing.
create table policies (
  id uuid primary key default gen_random_uuid(),
  organisation uuid not null references organisations on delete cascade,
  version int not null,
  rules jsonb not null,             -- src/organisations/policy.ts says what is in it
  by_account uuid references accounts on delete set null,
  created timestamptz not null default now(),
  unique (organisation, version)
);

create table members (
  organisation uuid not null references organisations on delete cascade,
  account uuid not null references accounts on delete cascade,
  lead boolean not null default false,
  vetted boolean not null default false, -- a practitioner whose post somebody has checked
  added timestamptz not null default now(),
  added_by uuid references accounts on delete set null,
  primary key (organisation, account)
);
create index members_account on members (account);

-- People an organisation supports, by initials or a colour; never by name.
create table supported_people (
  id uuid primary key default gen_random_uuid(),
  organisation uuid not null references organisations on delete cascade,
  label text not null check (char_length(label) between 1 and 40),
  colour text not null default '',
  age_band text not null check (age_band in ('under-13', '13-15', '16-17', 'adult')),
  next_change date,                 -- first day of the month in which the next band begins
  parted timestamptz,               -- no longer supported here
  created timestamptz not null default now(),
  revision int not null default 1,
  unique (organisation, label)
);

-- A form that exists on paper, entered once for a group of people.
create table paper_forms (
  id uuid primary key default gen_random_uuid(),
  organisation uuid not null references organisations on delete cascade,
  title text not null check (char_length(title) between 1 and 120),
  says text not null check (char_length(says) between 1 and 5000), -- its own words
  dated date not null,
  -- what its words cover, as somebody read them
  circle smallint not null check (circle between 0 and 6),
  purposes text[] not null,
  modes text[] not null,
  names_this_site boolean not null default false,
  entered_by uuid references accounts on delete set null,
  created timestamptz not null default now()
);
create table paper_answers (
  form uuid not null references paper_forms on delete cascade,
  supported uuid not null references supported_people on delete cascade,
  answer text not null check (answer in ('yes', 'no')),
  route text not null,
  by_whom text not null check (char_length(by_whom) between 1 and 120), -- "mother", "herself", "attorney"
  signed date not null,
  ends date,
  primary key (form, supported)
);
alter table roles add foreign key (organisation) references organisations on delete cascade;
create trigger clear_pages after insert or update or delete on organisations for each statement execute function clear_pages();
