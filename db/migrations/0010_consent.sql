-- Permission. What happened is written once and chained (consent_events); everything else here is what follows from it,
-- made anew by src/consent/engine.ts in the same transaction as the event.

-- Somebody who can be seen, heard or named. Pseudonymous.
create table people_shown (
  id uuid primary key default gen_random_uuid(),
  organisation uuid references organisations on delete set null,
  supported uuid references supported_people on delete set null,
  label text not null check (char_length(label) between 1 and 40), -- initials, a colour, "me"
  age_band text not null check (age_band in ('under-13', '13-15', '16-17', 'adult')),
  next_change date,
  not_locatable boolean not null default false,
  do_not_show boolean not null default false,
  name_hashes bytea[] not null default '{}', -- keyed hashes of normalised words; never the words
  died timestamptz,
  kept_down timestamptz,            -- somebody of the family said that it stays taken down, for good
  forgotten timestamptz,            -- asked to be: nothing of them is kept, and nothing of them is shown
  created timestamptz not null default now(),
  check ((age_band = 'adult') = (next_change is null) or forgotten is not null)
);
create unique index people_shown_supported on people_shown (supported);
create index people_shown_organisation on people_shown (organisation);

-- A person (or nobody knows yet whom) in a version of a picture, or in a story's words.
create table appearances (
  id uuid primary key default gen_random_uuid(),
  version uuid references versions on delete cascade,   -- null: in the words of the surface
  surface uuid not null,
  person uuid references people_shown on delete cascade, -- null: unresolved
  modes text[] not null check (modes <@ array['face', 'voice', 'body', 'name', 'place']), -- none: it is only about them
  assent text check (assent in ('yes', 'no-sign')), -- what was seen of theirs
  said_by text not null,            -- who said it: account id, "link:…", or "site" for what every version begins with
  checked_by uuid references accounts on delete set null,
  checked timestamptz,
  created timestamptz not null default now(),
  ended timestamptz,                -- an unresolved one ends with the check; an edit verified by another ends one that it removed; a name that was found, when it is found no more
  found bytea[] not null default '{}' -- of a name that the site found in the words: keyed hashes of each name with the words it was found in; ended by a check, these are not found again
);
create index appearances_version on appearances (version);
create index appearances_surface on appearances (surface);
create index appearances_person on appearances (person);

-- "This is who is in it", as one person said it, and who looked after them.
create table sayings (
  id uuid primary key,
  version uuid references versions on delete cascade,   -- null: the words of the surface
  surface uuid not null,
  nobody boolean not null,          -- nobody can be recognised
  said_by text not null,
  said timestamptz not null,
  checked_by uuid references accounts on delete set null,
  checked timestamptz,
  replaced timestamptz              -- somebody said it anew
);
create index sayings_open on sayings (said) where checked is null and replaced is null;
create index sayings_surface on sayings (surface);

-- The very words, symbols and language that somebody was shown.
create table form_versions (
  hash text primary key,
  name text not null,
  language text not null,
  body jsonb not null,
  created timestamptz not null default now()
);

-- Authority sighted, capacity and best-interests records. Their words lie in the evidence store.
create table records (
  id uuid primary key default gen_random_uuid(),
  kind text not null check (kind in ('authority', 'capacity', 'best-interests', 'holder', 'holders-all', 'competence')),
  person uuid not null references people_shown on delete cascade,
  facts jsonb not null,             -- src/consent/records.ts says what is in each
  evidence uuid,
  by_account uuid references accounts on delete set null,
  created timestamptz not null default now(),
  ended timestamptz,
  looked timestamptz                -- when somebody independent looked at a decision in somebody's best interests
);
create index records_person on records (person);
create index records_unlooked on records (created) where kind = 'best-interests' and ended is null and looked is null;

create table permissions (
  id uuid primary key default gen_random_uuid(),
  person uuid not null references people_shown on delete cascade,
  surface uuid,                     -- this story only …
  version uuid references versions on delete cascade, -- … or this picture only …
  kind text not null,               -- … or a series of one kind (a paper form): for this organisation
  organisation uuid references organisations on delete set null,
  route text not null check (route in
    ('own', 'attorney', 'best-interests', 'parents', 'young-person', 'other-adult', 'nobody')),
  circle smallint not null check (circle between 0 and 6),
  purposes text[] not null check (purposes <@ array['celebrate', 'teach', 'promote', 'research']),
  modifiers text[] not null default '{}' check (modifiers <@
    array['alias', 'voice', 'place', 'download', 'embed', 'syndicate', 'next-year', 'machine-learning']),
  modes text[] not null check (modes <@ array['face', 'voice', 'body', 'name', 'place']),
  starts timestamptz not null,
  ends timestamptz not null,        -- half-open: not at this moment any more
  state text not null check (state in
    ('requested', 'given', 'declined', 'no-answer', 'suspended', 'withdrawn', 'expired')),
  asked_by text not null default '',
  form text references form_versions,
  paper uuid references paper_forms on delete set null,
  paper_says bytea,                 -- keyed digest of all that the form says of the person: what is put right is another permission
  created timestamptz not null default now(),
  changed timestamptz not null default now(),
  check (starts < ends)
);
create index permissions_person on permissions (person);
create index permissions_ends on permissions (ends) where state = 'given';

-- A link or QR handed over: its holder sees one person's page. Hashed.
create table consent_links (
  token bytea primary key,
  person uuid not null references people_shown on delete cascade,
  surface uuid not null,
  made_by text not null default '', -- who handed it over
  email text check (email = lower(email)), -- typed on the page by whoever opened it, for reminders
  language text not null default 'en',
  part text not null check (part in ('decide', 'holder', 'reads')), -- decides (with) · one of several parents · only reads
  holder text not null default '',
  reminded timestamptz,
  created timestamptz not null default now(),
  expires timestamptz not null
);
create index consent_links_person on consent_links (person);

-- Somebody of the family of a person who has died: asked once, gently, by a link that is handed over.
create table stewards (
  id uuid primary key,
  person uuid not null references people_shown on delete cascade,
  called text not null check (char_length(called) between 1 and 40), -- "their sister"
  token bytea not null unique,      -- of their link; hashed
  named_by uuid references accounts on delete set null,
  answer text check (answer in ('keep-down', 'as-allowed', 'not-now')), -- what they said last
  answered timestamptz,
  created timestamptz not null default now(),
  expires timestamptz not null
);
create index stewards_person on stewards (person);

-- What was seen of a no: in one tap, by anybody who supports the person.
create table objections (
  id uuid primary key default gen_random_uuid(),
  person uuid references people_shown on delete cascade, -- null: somebody in this surface, nobody knows yet whom
  version uuid references versions on delete cascade,
  surface uuid,                     -- null with version null: everywhere
  seen text not null default '' check (char_length(seen) <= 500),
  -- the person's own no, or of whoever decides: nobody restores against it; one that was seen, a second person may
  whose text not null check (whose in ('person', 'decider', 'observed')),
  paper uuid references paper_forms on delete set null,
  ended timestamptz,
  by_account uuid references accounts on delete set null,
  at timestamptz not null default now()
);
create index objections_person on objections (person);
create index objections_surface on objections (surface);
create index objections_open on objections (at) where ended is null;

-- What somebody showed of a yes or a no, as those who support them saw it: read by reviewers only.
create table signs (
  id uuid primary key default gen_random_uuid(),
  person uuid not null references people_shown on delete cascade,
  surface uuid not null,
  sign text not null check (sign in ('yes', 'no')),
  by_whom text not null,
  at timestamptz not null default now()
);
create index signs_person on signs (person, at);

-- A version shown to a circle on a surface: the only thing that is ever live.
create table placements (
  id uuid primary key default gen_random_uuid(),
  version uuid references versions on delete cascade, -- null: the words of the surface
  surface uuid not null,
  circle smallint not null check (circle between 0 and 6),
  purpose text not null check (purpose in ('celebrate', 'teach', 'promote', 'research')),
  modifiers text[] not null default '{}' check (modifiers <@
    array['alias', 'voice', 'place', 'download', 'embed', 'syndicate', 'next-year', 'machine-learning']),
  posted_by text not null,
  organisation uuid references organisations on delete set null,
  state text not null default 'draft' check (state in ('draft', 'held', 'live', 'hidden', 'purged')),
  reasons text[] not null default '{}', -- message keys: what is missing, or why it was hidden
  -- when it may be seen, as things are known now: made by the engine with every event, read with now. Empty = never.
  shows tstzmultirange not null default '{}',
  -- when it may also go where nobody can take it back from (circle 6): everybody in it allowed that as well
  beyond tstzmultirange not null default '{}',
  people uuid[] not null default '{}', -- who is in it: said of it, or of what it was made from
  about uuid[] not null default '{}',  -- whose no is obeyed: besides, who was covered, and whom it is only about
  changed timestamptz not null default now()
);
-- What was taken off may be put on again.
create unique index placements_once on placements (version, surface, circle) nulls not distinct where state <> 'purged';
create index placements_surface on placements (surface);
create index placements_version on placements (version);
create index placements_organisation on placements (organisation, state);

-- When all that a surface shows may be seen together: hiding a part hides the whole.
create table surfaces (
  id uuid primary key,
  kind text not null default 'story',
  circle smallint not null default 5,
  not_before timestamptz,           -- an activity has to be over first; a mark may ask for days more
  shows tstzmultirange not null default '{}',
  locatable boolean not null default true, -- place, organisation, time, group, host and activity may be told with it
  open boolean not null default true, -- whether the room that owns it shows it at all: a story that is published
  stopped timestamptz,              -- since when it waits for a second person to bring it back
  by_policy boolean not null default false, -- all that hid it is a policy that is not in force any more
  hold uuid,                        -- a safeguarding hold; what it hides is in shows
  changed timestamptz not null default now()
);

create index surfaces_by_policy on surfaces (stopped, id) where by_policy;

-- When something begins or ends to be seen by itself: what is kept of pages ends at the next of these moments.
create table permission_bounds (
  at timestamptz not null,
  surface uuid not null,
  primary key (at, surface)
);
create index permission_bounds_surface on permission_bounds (surface);

-- Hidden from all, preserved, outside erasure and purge.
create table holds (
  id uuid primary key default gen_random_uuid(),
  surface uuid not null,
  concern uuid,
  openers uuid[] not null default '{}', -- two named people
  until timestamptz not null,
  ended timestamptz,
  created timestamptz not null default now()
);
create index holds_surface on holds (surface);

create table evidence (
  id uuid primary key default gen_random_uuid(),
  person uuid not null references people_shown on delete cascade,
  what text not null,
  sealed bytea not null,            -- encrypted with the site's secret
  by_account uuid references accounts on delete set null,
  created timestamptz not null default now(),
  erased timestamptz
);
create table evidence_reads (
  id bigint generated always as identity primary key,
  evidence uuid not null references evidence on delete cascade,
  account uuid references accounts on delete set null,
  why text not null,
  at timestamptz not null default now()
);

-- What happened, in order, each carrying the hash of the one before. Erasing content leaves a keyed digest.
create table consent_events (
  n bigint primary key,
  id uuid not null unique,          -- the same in the ledger
  at timestamptz not null,
  kind text not null,
  surface uuid,
  person uuid,
  organisation uuid,                -- of a policy
  facts jsonb,                      -- src/consent/events.ts; ids and codes. Null: erased, and only the digest is left
  digest bytea not null,            -- keyed, of the facts
  by_whom text not null,
  previous bytea not null,
  hash bytea not null unique
);
create index consent_events_surface on consent_events (surface, n);
create index consent_events_person on consent_events (person, n);
create index consent_events_organisation on consent_events (organisation, n) where organisation is not null;

-- What each picture is known by, as long as it is here: its bytes, and what it looks like (of the picture, not of a face).
create table version_hashes (
  version uuid primary key references versions on delete cascade,
  sha256 bytea,
  likeness bit(64)
);

-- Hashes of withdrawn pictures, so that the same bytes (or nearly) do not come back. They end.
create table withdrawn_hashes (
  id bigint generated always as identity primary key,
  sha256 bytea,
  likeness bit(64),
  ends timestamptz not null
);
create unique index withdrawn_hashes_once on withdrawn_hashes (sha256, likeness) nulls not distinct;

-- How far the ledger outside the database has been replayed. Closed: no activity and no story is shown.
create table ledger_position (
  one boolean primary key default true check (one),
  ledger uuid,                      -- which file; null until something is restricted for the first time
  n bigint not null default 0,
  hash text not null default '',
  closed boolean not null default false,
  why text not null default '' check (why in ('', 'restored', 'missing', 'broken', 'behind'))
);
insert into ledger_position default values;

-- The one rule of what may be seen: others join it. Which surfaces do not show to somebody of this circle at this moment;
-- the planner reads it as a part of the question, once for all stories of a page. Nothing at all shows while the ledger is not replayed.
create function surfaces_closed(of_circle smallint, at timestamptz) returns setof uuid
  language sql stable parallel safe
  begin atomic
    select f.id from surfaces f
    where f.circle < of_circle or not f.shows @> at
      or (select closed from ledger_position);
  end;

-- The same of one surface. A surface nobody placed anything on needs no permission.
create function surface_shows(wanted uuid, of_circle smallint, at timestamptz) returns boolean
  language sql stable parallel safe
  return not exists (select from surfaces_closed(of_circle, at) as closed (id) where closed.id = wanted);

-- The same for the week's public pages.
create function surface_shows(wanted uuid, at timestamptz) returns boolean
  language sql stable parallel safe
  return surface_shows(wanted, 5::smallint, at);

-- Which pictures may be seen by somebody of this circle: the placement's own time, the whole surface's, what the surface
-- is in, and words for it (rule 30). Others join it, as what is closed above. Beyond our control goes what is on the week's
-- public pages and may go further.
create function versions_shown(of_circle smallint, at timestamptz) returns setof uuid
  language sql stable parallel safe
  begin atomic
    select p.version
    from placements p join surfaces f on f.id = p.surface join versions v on v.id = p.version
    where p.circle >= least(of_circle, 5) and p.state = 'live' and p.shows @> at
      and (of_circle < 6 or p.beyond @> at)
      and f.open and f.shows @> at and (v.decoration or v.words <> '')
      and not (select closed from ledger_position);
  end;

-- The same of one picture.
create function version_shows(wanted uuid, of_circle smallint, at timestamptz) returns boolean
  language sql stable parallel safe
  return exists (select from versions_shown(of_circle, at) as shown (version) where shown.version = wanted);

create trigger clear_pages after insert or update or delete on placements for each statement execute function clear_pages();
create trigger clear_pages after insert or update or delete on surfaces for each statement execute function clear_pages();
create trigger clear_pages after insert or update or delete on ledger_position for each statement execute function clear_pages();
