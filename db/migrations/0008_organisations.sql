-- Whoever answers for what is shown: a school, a service, a charity, a family.
create table organisations (
  id uuid primary key default gen_random_uuid(),
  slug text collate "C" not null unique,
  name text not null check (char_length(name) between 1 and 120),
  type text not null check (type in ('school', 'service', 'charity', 'family', 'other')),
  country text not null check (country ~ '^[A-Z]{2}$'),
  -- whose law counts; anything else gives the strictest rules until an organiser sets it
  nation text check (nation in ('england', 'wales', 'scotland', 'northern-ireland', 'ireland')),
  town text not null default '' check (char_length(town) <= 80),
  safeguarding_lead text not null default '' check (char_length(safeguarding_lead) <= 120),
  -- until an organiser has agreed, it allows no more than somebody without an organisation; a family needs nobody's yes
  state text not null default 'waiting' check (state in ('waiting', 'agreed', 'declined')),
  reason text not null default '' check (char_length(reason) <= 1000),
  decided timestamptz,
  founded_by uuid references accounts on delete set null, -- leads it while it waits, and a family for good
  invitations int not null default 1,                     -- counted up, it ends the links that were handed out
  hidden boolean not null default false,
  example boolean not null default false,
  created timestamptz not null default now(),
  revision int not null default 1,
  check (case country when 'GB' then nation is not null and nation <> 'ireland'
                      when 'IE' then nation is not distinct from 'ireland'
                      else nation is null end)
);
create index organisations_waiting on organisations (created) where state = 'waiting';

-- What an organisation allows. A version is never changed: a tighter one hides at once, a looser one publishes nothing.
create table policies (
  id uuid primary key default gen_random_uuid(),
  organisation uuid not null references organisations on delete cascade,
  version int not null check (version > 0), -- 0 is what holds in its nation by default
  rules jsonb not null,             -- src/organisations/policy.ts says what is in it
  by_account uuid references accounts on delete set null,
  created timestamptz not null default now(),
  unique (organisation, version)
);

-- Who belongs to one. Who leads it stands in roles, which nobody has without an organiser's yes.
create table members (
  organisation uuid not null references organisations on delete cascade,
  account uuid not null references accounts on delete cascade,
  vetted boolean not null default false, -- a practitioner whose post somebody has checked
  asked timestamptz not null default now(),
  joined timestamptz,                    -- null: says that they belong to it, and waits for its lead's yes
  added_by uuid references accounts on delete set null,
  primary key (organisation, account),
  check (joined is not null or not vetted)
);
create index members_account on members (account);

-- People an organisation supports, by initials or a colour; never by name.
create table supported_people (
  id uuid primary key default gen_random_uuid(),
  organisation uuid not null references organisations on delete cascade,
  label text not null check (char_length(label) between 1 and 40),
  colour text not null default '' check (colour in
    ('', 'red', 'orange', 'yellow', 'green', 'teal', 'blue', 'purple', 'pink', 'brown', 'grey')),
  age_band text not null check (age_band in ('under-13', '13-15', '16-17', 'adult')),
  next_change date check (extract(day from next_change) = 1), -- first day of the month in which the next band begins
  parted timestamptz,               -- no longer supported here
  created timestamptz not null default now(),
  revision int not null default 1,
  check ((age_band = 'adult') = (next_change is null))
);
create unique index supported_people_label on supported_people (organisation, lower(label)) where parted is null;

-- A form that exists on paper, entered once for a group of people.
create table paper_forms (
  id uuid primary key default gen_random_uuid(),
  organisation uuid not null references organisations on delete cascade,
  title text not null check (char_length(title) between 1 and 120),
  says text not null check (char_length(says) between 1 and 5000), -- its own words
  dated date not null,
  -- what its words cover, as somebody read them
  circle smallint not null check (circle between 0 and 6),
  purposes text[] not null check (purposes <@ array['celebrate', 'teach', 'promote', 'research']),
  modes text[] not null check (modes <@ array['face', 'voice', 'body', 'name', 'place']),
  names_this_site boolean not null default false,
  names_social_media boolean not null default false,
  entered_by uuid references accounts on delete set null,
  ended timestamptz,                -- not used any more
  created timestamptz not null default now(),
  revision int not null default 1
);
create index paper_forms_organisation on paper_forms (organisation);
create table paper_answers (
  form uuid not null references paper_forms on delete cascade,
  supported uuid not null references supported_people on delete cascade,
  answer text not null check (answer in ('yes', 'no')),
  route text check (route in ('own', 'attorney', 'best-interests', 'parents', 'young-person')), -- of a no it does not matter
  by_whom text not null check (by_whom in
    ('self', 'parent', 'all-parents', 'attorney', 'deputy', 'guardian', 'council', 'decision-maker',
      'co-decision-maker', 'representative')),
  signed date not null,
  ends date check (ends > signed),
  entered_by uuid references accounts on delete set null,
  entered timestamptz not null default now(),
  primary key (form, supported),
  check (answer = 'no' or route is not null)
);
create index paper_answers_supported on paper_answers (supported);
alter table roles add foreign key (organisation) references organisations on delete cascade;
create trigger clear_pages after insert or update or delete on organisations for each statement execute function clear_pages();
