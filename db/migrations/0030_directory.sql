-- Who decides, in Popolo's words: public people, organisations, posts, memberships, areas, contact details. Nobody stands
-- here as a private person. `key` is "scheme:identifier", the same in every import of one source.
create table directory_imports (
  id uuid primary key default gen_random_uuid(),
  account uuid references accounts on delete set null,
  source text not null check (char_length(source) between 1 and 300), -- the name of the file
  link text check (char_length(link) <= 2000), -- where it was published
  licence text not null check (char_length(licence) between 1 and 200),
  retrieved date not null,
  format text not null check (format in ('popolo', 'csv')),
  state text not null default 'reading' check (state in
    ('reading', 'failed', 'previewed', 'doing', 'done', 'undoing', 'undone')),
  problem jsonb,                    -- why it could not be read: {"key", "params"}
  choices jsonb not null default '{}', -- which column is what
  counts jsonb not null default '{}', -- {"person": {"new": 1, "changed": 0, "ended": 0, "same": 0}, …}
  left_out jsonb not null default '{}', -- rows that are not brought in: {"count", "first": [{"line", "key", "params"}]}
  created timestamptz not null default now(),
  done timestamptz,
  undone timestamptz
);
create index directory_imports_created on directory_imports (created desc);

-- The file itself, in pieces, until it is brought in.
create table directory_files (
  import uuid not null references directory_imports on delete cascade,
  position int not null,
  bytes bytea not null check (length(bytes) <= 1048576),
  primary key (import, position)
);

create table directory_areas (
  id uuid primary key default gen_random_uuid(),
  key text collate "C" not null unique,
  name text not null check (char_length(name) between 1 and 200),
  classification text check (char_length(classification) <= 100),
  parent uuid references directory_areas on delete set null,
  nation text check (char_length(nation) <= 40), -- whose law counts there; null until somebody says so
  country text check (country ~ '^[A-Z]{2}$'),
  import uuid references directory_imports on delete set null,
  search tsvector generated always as (to_tsvector('simple', plain(name))) stored
);
create index directory_areas_search on directory_areas using gin (search);

create table directory_organisations (
  id uuid primary key default gen_random_uuid(),
  key text collate "C" not null unique,
  name text not null check (char_length(name) between 1 and 200),
  classification text not null default 'other' check (classification in
    ('parliament', 'council', 'health', 'trust', 'school', 'provider', 'charity', 'regulator', 'media', 'party', 'other')),
  area uuid references directory_areas on delete set null,
  parent uuid references directory_organisations on delete set null,
  nation text check (char_length(nation) <= 40),
  country text check (country ~ '^[A-Z]{2}$'),
  written_in text not null default 'en', -- in which it is written to unless the writer says otherwise
  ended date,
  import uuid references directory_imports on delete set null,
  search tsvector generated always as (to_tsvector('simple', plain(name))) stored
);
create index directory_organisations_search on directory_organisations using gin (search);
create index directory_organisations_area on directory_organisations (area);

create table directory_people (
  id uuid primary key default gen_random_uuid(),
  key text collate "C" not null unique,
  name text not null check (char_length(name) between 1 and 200),
  honorific_prefix text check (char_length(honorific_prefix) <= 60),
  salutation text check (char_length(salutation) <= 200), -- "Dear Dr Patel"
  sort_name text check (char_length(sort_name) <= 200),
  import uuid references directory_imports on delete set null,
  search tsvector generated always as (to_tsvector('simple', plain(name))) stored
);
create index directory_people_search on directory_people using gin (search);

create table directory_posts (
  id uuid primary key default gen_random_uuid(),
  key text collate "C" not null unique,
  organisation uuid not null references directory_organisations on delete cascade,
  label text not null check (char_length(label) between 1 and 200), -- "MP for Leeds North"
  role text check (char_length(role) <= 100),
  area uuid references directory_areas on delete set null,
  responsibilities text[] not null default '{}', -- codes of what people write about
  ended date,
  import uuid references directory_imports on delete set null,
  search tsvector generated always as (to_tsvector('simple', plain(label))) stored
);
create index directory_posts_search on directory_posts using gin (search);
create index directory_posts_organisation on directory_posts (organisation);
create index directory_posts_area on directory_posts (area);

create table directory_memberships (
  id uuid primary key default gen_random_uuid(),
  key text collate "C" not null unique,
  person uuid not null references directory_people on delete cascade,
  organisation uuid references directory_organisations on delete cascade,
  post uuid references directory_posts on delete cascade,
  on_behalf_of text check (char_length(on_behalf_of) <= 200),
  role text check (char_length(role) <= 100),
  start_date date,
  end_date date,
  end_reason text check (char_length(end_reason) <= 100),
  import uuid references directory_imports on delete set null,
  check (organisation is not null or post is not null)
);
create index directory_memberships_person on directory_memberships (person);
create index directory_memberships_post on directory_memberships (post);
create index directory_memberships_organisation on directory_memberships (organisation);

-- How somebody is reached: of a person, a post or an organisation, exactly one of them. Public business addresses only.
create table directory_contacts (
  id uuid primary key default gen_random_uuid(),
  key text collate "C" not null unique,
  person uuid references directory_people on delete cascade,
  post uuid references directory_posts on delete cascade,
  organisation uuid references directory_organisations on delete cascade,
  type text not null check (type in ('address', 'email', 'voice', 'form', 'social')),
  value text not null check (char_length(value) between 1 and 1000), -- an address: its lines, as they are printed
  label text check (char_length(label) <= 200),
  note text check (char_length(note) <= 500),
  valid_from date,
  valid_until date,
  source text check (char_length(source) <= 2000),
  licence text check (char_length(licence) <= 200),
  confirmed date,                   -- when somebody last saw that it is so
  state text not null default 'unverified' check (state in
    ('unverified', 'working', 'doubtful', 'broken', 'replaced', 'withdrawn')),
  import uuid references directory_imports on delete set null,
  check (num_nonnulls(person, post, organisation) = 1)
);
create index directory_contacts_person on directory_contacts (person) where person is not null;
create index directory_contacts_post on directory_contacts (post) where post is not null;
create index directory_contacts_organisation on directory_contacts (organisation) where organisation is not null;

-- What an import would do, and once it is done did, to one row: the preview, and what is undone where nothing came after it.
create table directory_changes (
  import uuid not null references directory_imports on delete cascade,
  sort text not null check (sort in ('area', 'organisation', 'person', 'post', 'membership', 'contact')),
  key text collate "C" not null,
  what text not null check (what in ('new', 'changed', 'ended')), -- ended: the source no longer has it
  before jsonb,                     -- null: it was new
  after jsonb not null,
  kept jsonb,                       -- what no source says and a change takes away, of a contact: {"state", "confirmed", "source", "licence"}
  came_from uuid references directory_imports on delete set null, -- the import that wrote it before
  check ((before is null) = (what = 'new')),
  primary key (import, sort, key)
);

-- What anybody proposes, and a role accepts.
create table directory_corrections (
  id uuid primary key default gen_random_uuid(),
  contact uuid references directory_contacts on delete set null, -- which it is about; once accepted, which it replaced
  person uuid references directory_people on delete cascade,
  post uuid references directory_posts on delete cascade,
  organisation uuid references directory_organisations on delete cascade,
  words text not null check (char_length(words) between 1 and 1000), -- what should stand there
  evidence text check (char_length(evidence) <= 2000),
  email text check (email = lower(email)),
  state text not null default 'proposed' check (state in ('proposed', 'accepted', 'declined', 'undone')),
  outcome text check (outcome in ('address', 'email', 'voice', 'left', 'noted')),
  before jsonb,                     -- what taking it back restores: {"contact": state} or {"ended": {membership: last day or null}}
  decided_by uuid references accounts on delete set null,
  decided timestamptz,
  created timestamptz not null default now(),
  check (num_nonnulls(person, post, organisation) = 1)
);
create index directory_corrections_open on directory_corrections (created) where state = 'proposed';
create index directory_corrections_decided on directory_corrections (decided desc) where state = 'accepted';

-- While nobody answers: a parliament is dissolved, a council is in recess. Letters wait.
create table directory_pauses (
  id uuid primary key default gen_random_uuid(),
  organisation uuid not null references directory_organisations on delete cascade,
  from_day date not null,
  to_day date not null,
  reason text not null check (reason in ('dissolution', 'recess', 'election', 'boundaries')),
  check (to_day >= from_day)
);
create index directory_pauses_organisation on directory_pauses (organisation, from_day);

-- "Who decides this?": what people write about, nation by nation, and whom that is for.
create table doors (
  nation text not null check (char_length(nation) between 1 and 40),
  subject text not null check (subject ~ '^[a-z][a-z0-9-]{1,30}$'),
  position int not null,
  names jsonb not null,             -- {"en": "My child's school"}
  answers jsonb not null,           -- {"en": "The school's governors first; then the council."}
  looks_for text[] not null default '{}', -- classifications of organisations, in the order they are asked
  role text check (char_length(role) <= 100), -- of a post: "member", "chair", "chief executive"
  source text check (char_length(source) <= 2000),
  checked date,
  retired boolean not null default false,
  revision int not null default 1,  -- rises with every change of the words
  primary key (nation, subject)
);
