-- Written by `npm run schema` from the migrated database; compared in tests. Do not edit.

create table access_requests (
  rsvp uuid not null,
  words text not null,
  agreed timestamp with time zone not null,
  delete_after timestamp with time zone not null,
  created timestamp with time zone not null default now(),
  CHECK (((char_length(words) >= 1) AND (char_length(words) <= 1000))),
  FOREIGN KEY (rsvp) REFERENCES rsvps(id) ON DELETE CASCADE,
  PRIMARY KEY (rsvp)
);

create table accounts (
  id uuid not null default gen_random_uuid(),
  name text not null,
  email text not null,
  email_verified boolean not null default false,
  image text,
  language text not null default 'en'::text,
  trusted boolean not null default false,
  example boolean not null default false,
  created timestamp with time zone not null default now(),
  updated timestamp with time zone not null default now(),
  set_aside boolean not null default false,
  erasing timestamp with time zone,
  CHECK ((email = lower(email))),
  PRIMARY KEY (id),
  UNIQUE (email)
);

create table activities (
  id uuid not null default gen_random_uuid(),
  slug text not null,
  week integer not null,
  kind text not null,
  title text not null,
  summary text not null default ''::text,
  description text not null default ''::text,
  state text not null default 'unverified'::text,
  reason text,
  mode text not null,
  timing text not null,
  start_day date,
  end_day date,
  start_local timestamp without time zone,
  end_local timestamp without time zone,
  zone text,
  repeating boolean not null generated always as ((series IS NOT NULL)) stored,
  series jsonb,
  sort_start timestamp with time zone not null,
  last_end timestamp with time zone not null,
  list_start timestamp without time zone not null generated always as (
CASE
    WHEN (timing = 'week'::text) THEN 'infinity'::timestamp without time zone
    WHEN (timing = 'day'::text) THEN (sort_start AT TIME ZONE 'Etc/GMT-14'::text)
    WHEN (series IS NULL) THEN start_local
    ELSE (sort_start AT TIME ZONE zone)
END) stored,
  place_name text,
  address text,
  town text,
  country text,
  lat double precision,
  lon double precision,
  exact boolean not null default false,
  private_place boolean not null default false,
  public_lat double precision,
  public_lon double precision,
  place_details text,
  join_url text,
  join_details text,
  languages text[] not null default '{}'::text[],
  access text[] not null default '{}'::text[],
  sign_languages text[] not null default '{}'::text[],
  arrive text not null default ''::text,
  welcome text[] not null default '{}'::text[],
  audiences text[] not null default '{}'::text[],
  capacity integer,
  online_capacity integer,
  takes_rsvps boolean not null default true,
  asks_first boolean not null default false,
  "group" uuid,
  host_name text not null default ''::text,
  account uuid,
  language text not null default 'en'::text,
  repeats uuid,
  import uuid,
  source_id text,
  example boolean not null default false,
  created timestamp with time zone not null default now(),
  updated timestamp with time zone not null default now(),
  published timestamp with time zone,
  revision integer not null default 1,
  sequence integer not null default 0,
  search tsvector generated always as ((to_tsvector('simple'::regconfig, plain(((((((((title || ' '::text) || summary) || ' '::text) || description) || ' '::text) || COALESCE(town, ''::text)) || ' '::text) || host_name))) || array_to_tsvector(ARRAY[('week:'::text || week)]))) stored,
  set_aside text,
  held timestamp with time zone,
  CHECK ((((lat IS NULL) = (lon IS NULL)) AND ((public_lat IS NULL) = (public_lon IS NULL)))),
  CHECK (((capacity >= 1) AND (capacity <= 100000))),
  CHECK (((char_length(title) >= 1) AND (char_length(title) <= 120))),
  CHECK (((end_day IS NULL) OR (end_day >= start_day))),
  CHECK (((end_local IS NULL) OR (end_local >= start_local))),
  CHECK (((held IS NULL) OR (state = 'withdrawn'::text))),
  CHECK (((lat >= ('-90'::integer)::double precision) AND (lat <= (90)::double precision))),
  CHECK (((lon >= ('-180'::integer)::double precision) AND (lon <= (180)::double precision))),
  CHECK (((mode = ANY (ARRAY['in-person'::text, 'hybrid'::text])) OR (lat IS NULL))),
  CHECK (((online_capacity >= 1) AND (online_capacity <= 100000))),
  CHECK (((state <> 'published'::text) OR (published IS NOT NULL))),
  CHECK (((timing <> 'time'::text) OR (zone IS NOT NULL))),
  CHECK (((timing = 'time'::text) = (start_local IS NOT NULL))),
  CHECK (((timing = 'week'::text) = (start_day IS NULL))),
  CHECK ((char_length(arrive) <= 1000)),
  CHECK ((char_length(description) <= 5000)),
  CHECK ((char_length(host_name) <= 80)),
  CHECK ((char_length(summary) <= 300)),
  CHECK ((country ~ '^[A-Z]{2}$'::text)),
  CHECK ((mode = ANY (ARRAY['in-person'::text, 'online'::text, 'hybrid'::text, 'nowhere'::text]))),
  CHECK ((state = ANY (ARRAY['unverified'::text, 'waiting'::text, 'asked-for-more'::text, 'published'::text, 'by-link'::text, 'declined'::text, 'cancelled'::text, 'withdrawn'::text]))),
  CHECK ((timing = ANY (ARRAY['week'::text, 'day'::text, 'time'::text]))),
  FOREIGN KEY ("group") REFERENCES groups(id) ON DELETE SET NULL,
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (import) REFERENCES imports(id) ON DELETE SET NULL,
  FOREIGN KEY (repeats) REFERENCES activities(id) ON DELETE SET NULL,
  FOREIGN KEY (week) REFERENCES weeks(year),
  FOREIGN KEY (week, kind) REFERENCES kinds(week, code),
  PRIMARY KEY (id),
  UNIQUE (slug)
);

create table activity_cells (
  week integer not null,
  x smallint not null,
  y smallint not null,
  country text,
  published bigint not null,
  lat double precision not null,
  lon double precision not null,
  one text not null
);

create table activity_changes (
  id bigint not null generated always as identity,
  activity uuid not null,
  at timestamp with time zone not null default now(),
  account uuid,
  by_host boolean not null default false,
  from_state text,
  to_state text,
  reason text,
  diff jsonb not null default '{}'::jsonb,
  read boolean not null default true,
  CHECK ((from_state = ANY (ARRAY['unverified'::text, 'waiting'::text, 'asked-for-more'::text, 'published'::text, 'by-link'::text, 'declined'::text, 'cancelled'::text, 'withdrawn'::text]))),
  CHECK ((to_state = ANY (ARRAY['unverified'::text, 'waiting'::text, 'asked-for-more'::text, 'published'::text, 'by-link'::text, 'declined'::text, 'cancelled'::text, 'withdrawn'::text]))),
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (activity) REFERENCES activities(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table activity_tallies (
  week integer not null,
  kind text not null,
  country text,
  listed bigint not null,
  published bigint not null,
  placed bigint not null,
  lat double precision not null,
  lon double precision not null,
  lon_squared double precision not null,
  lon_on double precision not null,
  lon_on_squared double precision not null
);

create table announcement_wishes (
  email text not null,
  token bytea not null,
  language text not null default 'en'::text,
  asked timestamp with time zone not null default now(),
  confirmed timestamp with time zone,
  told_week integer,
  CHECK ((email = lower(email))),
  PRIMARY KEY (email),
  UNIQUE (token)
);

create table appearances (
  id uuid not null default gen_random_uuid(),
  version uuid,
  surface uuid not null,
  person uuid,
  modes text[] not null,
  assent text,
  said_by text not null,
  checked_by uuid,
  checked timestamp with time zone,
  created timestamp with time zone not null default now(),
  ended timestamp with time zone,
  found bytea[] not null default '{}'::bytea[],
  CHECK ((assent = ANY (ARRAY['yes'::text, 'no-sign'::text]))),
  CHECK ((modes <@ ARRAY['face'::text, 'voice'::text, 'body'::text, 'name'::text, 'place'::text])),
  FOREIGN KEY (checked_by) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (person) REFERENCES people_shown(id) ON DELETE CASCADE,
  FOREIGN KEY (version) REFERENCES versions(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table asks (
  week integer not null,
  code text not null,
  "position" integer not null,
  names jsonb not null,
  words jsonb not null,
  easy jsonb not null default '{}'::jsonb,
  answer text not null,
  prompts jsonb not null default '{}'::jsonb,
  shared_words jsonb not null default '{}'::jsonb,
  retired boolean not null default false,
  revision integer not null default 1,
  CHECK ((answer = ANY (ARRAY['yes-no'::text, 'date'::text]))),
  CHECK ((code ~ '^[a-z][a-z0-9-]{1,30}$'::text)),
  FOREIGN KEY (week) REFERENCES weeks(year) ON DELETE CASCADE,
  PRIMARY KEY (week, code)
);

create table attendance_reports (
  activity uuid not null,
  came integer not null,
  new_people integer not null,
  audiences jsonb not null default '{}'::jsonb,
  sentence text not null default ''::text,
  example boolean not null default false,
  created timestamp with time zone not null default now(),
  updated timestamp with time zone not null default now(),
  revision integer not null default 1,
  CHECK (((came >= 0) AND (came <= 1000000))),
  CHECK (((new_people >= 0) AND (new_people <= 1000000))),
  CHECK ((char_length(sentence) <= 1000)),
  CHECK ((new_people <= came)),
  FOREIGN KEY (activity) REFERENCES activities(id) ON DELETE CASCADE,
  PRIMARY KEY (activity)
);

create table audiences (
  week integer not null,
  code text not null,
  "position" integer not null,
  cluster text not null,
  names jsonb not null,
  revision integer not null default 1,
  retired boolean not null default false,
  FOREIGN KEY (week) REFERENCES weeks(year) ON DELETE CASCADE,
  PRIMARY KEY (week, code)
);

create table audit_log (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  account uuid,
  who text not null,
  action text not null,
  subject text not null,
  details jsonb not null default '{}'::jsonb,
  PRIMARY KEY (id)
);

create table author_pages (
  account uuid not null,
  slug text not null,
  name text not null,
  created timestamp with time zone not null default now(),
  CHECK (((char_length(name) >= 1) AND (char_length(name) <= 80))),
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE CASCADE,
  PRIMARY KEY (account),
  UNIQUE (slug)
);

create table beats (
  name text not null,
  at timestamp with time zone not null default now(),
  details jsonb not null default '{}'::jsonb,
  PRIMARY KEY (name)
);

create table certificates (
  code text not null,
  activity uuid not null,
  made timestamp with time zone not null default now(),
  CHECK ((code ~ '^[A-Z2-9]{4}-[A-Z2-9]{4}$'::text)),
  FOREIGN KEY (activity) REFERENCES activities(id) ON DELETE CASCADE,
  PRIMARY KEY (code)
);

create table concerns (
  id uuid not null default gen_random_uuid(),
  door text not null,
  subject text,
  words text not null default ''::text,
  email text,
  country text,
  state text not null default 'open'::text,
  hid boolean not null default false,
  outcome text,
  handled_by uuid,
  handled timestamp with time zone,
  example boolean not null default false,
  created timestamp with time zone not null default now(),
  set_aside text,
  source text,
  CHECK ((char_length(words) <= 5000)),
  CHECK ((country ~ '^[A-Z]{2}$'::text)),
  CHECK ((door = ANY (ARRAY['take-down'::text, 'worried'::text, 'wrong'::text]))),
  CHECK ((email = lower(email))),
  CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text]))),
  FOREIGN KEY (handled_by) REFERENCES accounts(id) ON DELETE SET NULL,
  PRIMARY KEY (id)
);

create table consent_events (
  n bigint not null,
  id uuid not null,
  at timestamp with time zone not null,
  kind text not null,
  surface uuid,
  person uuid,
  organisation uuid,
  facts jsonb,
  digest bytea not null,
  by_whom text not null,
  previous bytea not null,
  hash bytea not null,
  PRIMARY KEY (n),
  UNIQUE (hash),
  UNIQUE (id)
);

create table consent_links (
  token bytea not null,
  person uuid not null,
  surface uuid not null,
  made_by text not null default ''::text,
  email text,
  language text not null default 'en'::text,
  part text not null,
  holder text not null default ''::text,
  reminded timestamp with time zone,
  created timestamp with time zone not null default now(),
  expires timestamp with time zone not null,
  CHECK ((email = lower(email))),
  CHECK ((part = ANY (ARRAY['decide'::text, 'holder'::text, 'reads'::text]))),
  FOREIGN KEY (person) REFERENCES people_shown(id) ON DELETE CASCADE,
  PRIMARY KEY (token)
);

create table deliveries (
  id uuid not null default gen_random_uuid(),
  letter uuid not null,
  person uuid,
  post uuid,
  organisation uuid,
  contact uuid,
  office text,
  address text[],
  email text,
  zone text not null default 'Europe/London'::text,
  written_in text not null default 'en'::text,
  channel text not null,
  state text not null default 'planned'::text,
  evidence text not null default 'said'::text,
  code text not null,
  due timestamp with time zone,
  confirmed_says bytea,
  tries integer not null default 0,
  changed timestamp with time zone not null default now(),
  left_us timestamp with time zone,
  late timestamp with time zone,
  asked14 timestamp with time zone,
  asked21 timestamp with time zone,
  created timestamp with time zone not null default now(),
  CHECK (((char_length(written_in) >= 2) AND (char_length(written_in) <= 20))),
  CHECK ((channel = ANY (ARRAY['post'::text, 'hand'::text, 'own-mail'::text, 'from-here'::text, 'form'::text]))),
  CHECK ((code ~ '^[A-Z0-9]{4}-[A-Z0-9]{4}$'::text)),
  CHECK ((email = lower(email))),
  CHECK ((evidence = ANY (ARRAY['said'::text, 'seen'::text, 'confirmed'::text]))),
  CHECK ((state = ANY (ARRAY['planned'::text, 'no-address'::text, 'made'::text, 'printed'::text, 'posted'::text, 'returned'::text, 'handed-over'::text, 'opened'::text, 'said-sent'::text, 'confirming'::text, 'queued'::text, 'sending'::text, 'uncertain'::text, 'sent'::text, 'bounced-soft'::text, 'bounced'::text, 'assumed'::text, 'cancelled'::text, 'failed'::text]))),
  FOREIGN KEY (contact) REFERENCES directory_contacts(id) ON DELETE SET NULL,
  FOREIGN KEY (letter) REFERENCES letters(id) ON DELETE CASCADE,
  FOREIGN KEY (organisation) REFERENCES directory_organisations(id) ON DELETE SET NULL,
  FOREIGN KEY (person) REFERENCES directory_people(id) ON DELETE SET NULL,
  FOREIGN KEY (post) REFERENCES directory_posts(id) ON DELETE SET NULL,
  PRIMARY KEY (id),
  UNIQUE (code)
);

create table delivery_events (
  id bigint not null generated always as identity,
  delivery uuid not null,
  at timestamp with time zone not null default now(),
  state text not null,
  evidence text not null,
  note text,
  CHECK ((char_length(note) <= 500)),
  CHECK ((evidence = ANY (ARRAY['said'::text, 'seen'::text, 'confirmed'::text]))),
  FOREIGN KEY (delivery) REFERENCES deliveries(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table directory_areas (
  id uuid not null default gen_random_uuid(),
  key text not null,
  name text not null,
  classification text,
  parent uuid,
  nation text,
  country text,
  import uuid,
  search tsvector generated always as (to_tsvector('simple'::regconfig, plain(name))) stored,
  CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
  CHECK ((char_length(classification) <= 100)),
  CHECK ((char_length(nation) <= 40)),
  CHECK ((country ~ '^[A-Z]{2}$'::text)),
  FOREIGN KEY (import) REFERENCES directory_imports(id) ON DELETE SET NULL,
  FOREIGN KEY (parent) REFERENCES directory_areas(id) ON DELETE SET NULL,
  PRIMARY KEY (id),
  UNIQUE (key)
);

create table directory_changes (
  import uuid not null,
  sort text not null,
  key text not null,
  what text not null,
  before jsonb,
  after jsonb not null,
  kept jsonb,
  came_from uuid,
  CHECK (((before IS NULL) = (what = 'new'::text))),
  CHECK ((sort = ANY (ARRAY['area'::text, 'organisation'::text, 'person'::text, 'post'::text, 'membership'::text, 'contact'::text]))),
  CHECK ((what = ANY (ARRAY['new'::text, 'changed'::text, 'ended'::text]))),
  FOREIGN KEY (came_from) REFERENCES directory_imports(id) ON DELETE SET NULL,
  FOREIGN KEY (import) REFERENCES directory_imports(id) ON DELETE CASCADE,
  PRIMARY KEY (import, sort, key)
);

create table directory_contacts (
  id uuid not null default gen_random_uuid(),
  key text not null,
  person uuid,
  post uuid,
  organisation uuid,
  type text not null,
  value text not null,
  label text,
  note text,
  valid_from date,
  valid_until date,
  source text,
  licence text,
  confirmed date,
  state text not null default 'unverified'::text,
  import uuid,
  CHECK (((char_length(value) >= 1) AND (char_length(value) <= 1000))),
  CHECK ((char_length(label) <= 200)),
  CHECK ((char_length(licence) <= 200)),
  CHECK ((char_length(note) <= 500)),
  CHECK ((char_length(source) <= 2000)),
  CHECK ((num_nonnulls(person, post, organisation) = 1)),
  CHECK ((state = ANY (ARRAY['unverified'::text, 'working'::text, 'doubtful'::text, 'broken'::text, 'replaced'::text, 'withdrawn'::text]))),
  CHECK ((type = ANY (ARRAY['address'::text, 'email'::text, 'voice'::text, 'form'::text, 'social'::text]))),
  FOREIGN KEY (import) REFERENCES directory_imports(id) ON DELETE SET NULL,
  FOREIGN KEY (organisation) REFERENCES directory_organisations(id) ON DELETE CASCADE,
  FOREIGN KEY (person) REFERENCES directory_people(id) ON DELETE CASCADE,
  FOREIGN KEY (post) REFERENCES directory_posts(id) ON DELETE CASCADE,
  PRIMARY KEY (id),
  UNIQUE (key)
);

create table directory_corrections (
  id uuid not null default gen_random_uuid(),
  contact uuid,
  person uuid,
  post uuid,
  organisation uuid,
  words text not null,
  evidence text,
  email text,
  state text not null default 'proposed'::text,
  outcome text,
  before jsonb,
  decided_by uuid,
  decided timestamp with time zone,
  created timestamp with time zone not null default now(),
  CHECK (((char_length(words) >= 1) AND (char_length(words) <= 1000))),
  CHECK ((char_length(evidence) <= 2000)),
  CHECK ((email = lower(email))),
  CHECK ((num_nonnulls(person, post, organisation) = 1)),
  CHECK ((outcome = ANY (ARRAY['address'::text, 'email'::text, 'voice'::text, 'left'::text, 'noted'::text]))),
  CHECK ((state = ANY (ARRAY['proposed'::text, 'accepted'::text, 'declined'::text, 'undone'::text]))),
  FOREIGN KEY (contact) REFERENCES directory_contacts(id) ON DELETE SET NULL,
  FOREIGN KEY (decided_by) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (organisation) REFERENCES directory_organisations(id) ON DELETE CASCADE,
  FOREIGN KEY (person) REFERENCES directory_people(id) ON DELETE CASCADE,
  FOREIGN KEY (post) REFERENCES directory_posts(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table directory_files (
  import uuid not null,
  "position" integer not null,
  bytes bytea not null,
  CHECK ((length(bytes) <= 1048576)),
  FOREIGN KEY (import) REFERENCES directory_imports(id) ON DELETE CASCADE,
  PRIMARY KEY (import, "position")
);

create table directory_imports (
  id uuid not null default gen_random_uuid(),
  account uuid,
  source text not null,
  link text,
  licence text not null,
  retrieved date not null,
  format text not null,
  state text not null default 'reading'::text,
  problem jsonb,
  choices jsonb not null default '{}'::jsonb,
  counts jsonb not null default '{}'::jsonb,
  left_out jsonb not null default '{}'::jsonb,
  created timestamp with time zone not null default now(),
  done timestamp with time zone,
  undone timestamp with time zone,
  CHECK (((char_length(licence) >= 1) AND (char_length(licence) <= 200))),
  CHECK (((char_length(source) >= 1) AND (char_length(source) <= 300))),
  CHECK ((char_length(link) <= 2000)),
  CHECK ((format = ANY (ARRAY['popolo'::text, 'csv'::text]))),
  CHECK ((state = ANY (ARRAY['reading'::text, 'failed'::text, 'previewed'::text, 'doing'::text, 'done'::text, 'undoing'::text, 'undone'::text]))),
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE SET NULL,
  PRIMARY KEY (id)
);

create table directory_memberships (
  id uuid not null default gen_random_uuid(),
  key text not null,
  person uuid not null,
  organisation uuid,
  post uuid,
  on_behalf_of text,
  role text,
  start_date date,
  end_date date,
  end_reason text,
  import uuid,
  CHECK (((organisation IS NOT NULL) OR (post IS NOT NULL))),
  CHECK ((char_length(end_reason) <= 100)),
  CHECK ((char_length(on_behalf_of) <= 200)),
  CHECK ((char_length(role) <= 100)),
  FOREIGN KEY (import) REFERENCES directory_imports(id) ON DELETE SET NULL,
  FOREIGN KEY (organisation) REFERENCES directory_organisations(id) ON DELETE CASCADE,
  FOREIGN KEY (person) REFERENCES directory_people(id) ON DELETE CASCADE,
  FOREIGN KEY (post) REFERENCES directory_posts(id) ON DELETE CASCADE,
  PRIMARY KEY (id),
  UNIQUE (key)
);

create table directory_organisations (
  id uuid not null default gen_random_uuid(),
  key text not null,
  name text not null,
  classification text not null default 'other'::text,
  area uuid,
  parent uuid,
  nation text,
  country text,
  written_in text not null default 'en'::text,
  ended date,
  import uuid,
  search tsvector generated always as (to_tsvector('simple'::regconfig, plain(name))) stored,
  CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
  CHECK ((char_length(nation) <= 40)),
  CHECK ((classification = ANY (ARRAY['parliament'::text, 'council'::text, 'health'::text, 'trust'::text, 'school'::text, 'provider'::text, 'charity'::text, 'regulator'::text, 'media'::text, 'party'::text, 'other'::text]))),
  CHECK ((country ~ '^[A-Z]{2}$'::text)),
  FOREIGN KEY (area) REFERENCES directory_areas(id) ON DELETE SET NULL,
  FOREIGN KEY (import) REFERENCES directory_imports(id) ON DELETE SET NULL,
  FOREIGN KEY (parent) REFERENCES directory_organisations(id) ON DELETE SET NULL,
  PRIMARY KEY (id),
  UNIQUE (key)
);

create table directory_pauses (
  id uuid not null default gen_random_uuid(),
  organisation uuid not null,
  from_day date not null,
  to_day date not null,
  reason text not null,
  CHECK ((reason = ANY (ARRAY['dissolution'::text, 'recess'::text, 'election'::text, 'boundaries'::text]))),
  CHECK ((to_day >= from_day)),
  FOREIGN KEY (organisation) REFERENCES directory_organisations(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table directory_people (
  id uuid not null default gen_random_uuid(),
  key text not null,
  name text not null,
  honorific_prefix text,
  salutation text,
  sort_name text,
  import uuid,
  search tsvector generated always as (to_tsvector('simple'::regconfig, plain(name))) stored,
  CHECK (((char_length(name) >= 1) AND (char_length(name) <= 200))),
  CHECK ((char_length(honorific_prefix) <= 60)),
  CHECK ((char_length(salutation) <= 200)),
  CHECK ((char_length(sort_name) <= 200)),
  FOREIGN KEY (import) REFERENCES directory_imports(id) ON DELETE SET NULL,
  PRIMARY KEY (id),
  UNIQUE (key)
);

create table directory_posts (
  id uuid not null default gen_random_uuid(),
  key text not null,
  organisation uuid not null,
  label text not null,
  role text,
  area uuid,
  responsibilities text[] not null default '{}'::text[],
  ended date,
  import uuid,
  search tsvector generated always as (to_tsvector('simple'::regconfig, plain(label))) stored,
  CHECK (((char_length(label) >= 1) AND (char_length(label) <= 200))),
  CHECK ((char_length(role) <= 100)),
  FOREIGN KEY (area) REFERENCES directory_areas(id) ON DELETE SET NULL,
  FOREIGN KEY (import) REFERENCES directory_imports(id) ON DELETE SET NULL,
  FOREIGN KEY (organisation) REFERENCES directory_organisations(id) ON DELETE CASCADE,
  PRIMARY KEY (id),
  UNIQUE (key)
);

create table do_not_write (
  address text not null,
  organisation uuid,
  post uuid,
  request uuid,
  reason text,
  since timestamp with time zone not null default now(),
  CHECK ((char_length(address) = 22)),
  CHECK ((char_length(reason) <= 500)),
  FOREIGN KEY (organisation) REFERENCES directory_organisations(id) ON DELETE SET NULL,
  FOREIGN KEY (post) REFERENCES directory_posts(id) ON DELETE SET NULL,
  FOREIGN KEY (request) REFERENCES do_not_write_requests(id) ON DELETE SET NULL,
  PRIMARY KEY (address)
);

create table do_not_write_requests (
  id uuid not null default gen_random_uuid(),
  delivery uuid,
  addresses text[] not null,
  organisation uuid,
  post uuid,
  state text not null default 'waiting'::text,
  created timestamp with time zone not null,
  decided timestamp with time zone,
  CHECK (((cardinality(addresses) >= 1) AND (cardinality(addresses) <= 2))),
  CHECK (((state = 'waiting'::text) = (decided IS NULL))),
  CHECK ((state = ANY (ARRAY['waiting'::text, 'accepted'::text, 'declined'::text]))),
  FOREIGN KEY (delivery) REFERENCES deliveries(id) ON DELETE SET NULL,
  FOREIGN KEY (organisation) REFERENCES directory_organisations(id) ON DELETE SET NULL,
  FOREIGN KEY (post) REFERENCES directory_posts(id) ON DELETE SET NULL,
  PRIMARY KEY (id),
  UNIQUE (delivery)
);

create table doors (
  nation text not null,
  subject text not null,
  "position" integer not null,
  names jsonb not null,
  answers jsonb not null,
  looks_for text[] not null default '{}'::text[],
  role text,
  source text,
  checked date,
  retired boolean not null default false,
  revision integer not null default 1,
  CHECK (((char_length(nation) >= 1) AND (char_length(nation) <= 40))),
  CHECK ((char_length(role) <= 100)),
  CHECK ((char_length(source) <= 2000)),
  CHECK ((subject ~ '^[a-z][a-z0-9-]{1,30}$'::text)),
  PRIMARY KEY (nation, subject)
);

create table duties (
  day date not null,
  account uuid not null,
  part text not null default 'duty'::text,
  CHECK ((part = ANY (ARRAY['duty'::text, 'backup'::text]))),
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE CASCADE,
  PRIMARY KEY (day, part, account)
);

create table evidence (
  id uuid not null default gen_random_uuid(),
  person uuid not null,
  what text not null,
  sealed bytea not null,
  by_account uuid,
  created timestamp with time zone not null default now(),
  erased timestamp with time zone,
  FOREIGN KEY (by_account) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (person) REFERENCES people_shown(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table evidence_reads (
  id bigint not null generated always as identity,
  evidence uuid not null,
  account uuid,
  why text not null,
  at timestamp with time zone not null default now(),
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (evidence) REFERENCES evidence(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table form_keys (
  key text not null,
  scope text not null,
  result jsonb,
  created timestamp with time zone not null default now(),
  PRIMARY KEY (scope, key)
);

create table form_versions (
  hash text not null,
  name text not null,
  language text not null,
  body jsonb not null,
  created timestamp with time zone not null default now(),
  PRIMARY KEY (hash)
);

create table group_members (
  "group" uuid not null,
  account uuid not null,
  joined timestamp with time zone not null default now(),
  FOREIGN KEY ("group") REFERENCES groups(id) ON DELETE CASCADE,
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE CASCADE,
  PRIMARY KEY ("group", account)
);

create table groups (
  id uuid not null default gen_random_uuid(),
  slug text not null,
  name text not null,
  page text not null default ''::text,
  country text not null,
  region text not null default ''::text,
  town text not null default ''::text,
  lat double precision,
  lon double precision,
  rhythm text not null default ''::text,
  email text,
  hidden boolean not null default false,
  example boolean not null default false,
  created timestamp with time zone not null default now(),
  updated timestamp with time zone not null default now(),
  revision integer not null default 1,
  set_aside text,
  CHECK (((lat IS NULL) = (lon IS NULL))),
  CHECK ((country ~ '^[A-Z]{2}$'::text)),
  CHECK ((set_aside = ANY (ARRAY['shown'::text, 'hidden'::text]))),
  PRIMARY KEY (id),
  UNIQUE (slug)
);

create table holds (
  id uuid not null default gen_random_uuid(),
  surface uuid not null,
  concern uuid,
  openers uuid[] not null default '{}'::uuid[],
  until timestamp with time zone not null,
  ended timestamp with time zone,
  created timestamp with time zone not null default now(),
  PRIMARY KEY (id)
);

create table host_links (
  token bytea not null,
  activity uuid not null,
  email text not null,
  created timestamp with time zone not null default now(),
  expires timestamp with time zone not null,
  CHECK ((email = lower(email))),
  FOREIGN KEY (activity) REFERENCES activities(id) ON DELETE CASCADE,
  PRIMARY KEY (token)
);

create table hosts (
  activity uuid not null,
  email text not null,
  name text not null default ''::text,
  part text not null default 'host'::text,
  confirmed timestamp with time zone,
  created timestamp with time zone not null default now(),
  CHECK ((email = lower(email))),
  CHECK ((part = ANY (ARRAY['host'::text, 'second'::text, 'co-host'::text]))),
  FOREIGN KEY (activity) REFERENCES activities(id) ON DELETE CASCADE,
  PRIMARY KEY (activity, email)
);

create table import_rows (
  import uuid not null,
  "position" integer not null,
  line integer not null,
  action text not null,
  name text not null,
  draft jsonb,
  mistakes jsonb not null default '[]'::jsonb,
  doubles jsonb not null default '[]'::jsonb,
  left_out boolean not null default false,
  source_id text,
  fingerprint text,
  activity uuid,
  before jsonb,
  after text,
  outcome text,
  CHECK ((action = ANY (ARRAY['new'::text, 'changed'::text, 'same'::text, 'called-off'::text, 'taken-down'::text, 'mistake'::text]))),
  CHECK ((outcome = ANY (ARRAY['made'::text, 'changed'::text, 'called-off'::text, 'left'::text, 'withdrawn'::text, 'restored'::text, 'edited-since'::text]))),
  FOREIGN KEY (activity) REFERENCES activities(id) ON DELETE SET NULL,
  FOREIGN KEY (import) REFERENCES imports(id) ON DELETE CASCADE,
  PRIMARY KEY (import, "position")
);

create table imports (
  id uuid not null default gen_random_uuid(),
  account uuid,
  week integer not null,
  source text not null,
  fetched boolean not null default false,
  state text not null default 'reading'::text,
  problem jsonb,
  choices jsonb not null default '{}'::jsonb,
  tell_hosts boolean not null default false,
  given bytea,
  content jsonb,
  created timestamp with time zone not null default now(),
  done timestamp with time zone,
  undone timestamp with time zone,
  CHECK (((char_length(source) >= 1) AND (char_length(source) <= 2000))),
  CHECK ((state = ANY (ARRAY['reading'::text, 'failed'::text, 'previewed'::text, 'doing'::text, 'done'::text, 'undoing'::text, 'undone'::text]))),
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (week) REFERENCES weeks(year),
  PRIMARY KEY (id)
);

create table kept_mails (
  id uuid not null default gen_random_uuid(),
  hash bytea not null,
  delivery uuid,
  sort text not null,
  domain text,
  received timestamp with time zone not null,
  read timestamp with time zone,
  CHECK ((char_length(domain) <= 253)),
  CHECK ((sort = ANY (ARRAY['written'::text, 'by-itself'::text, 'unclear'::text]))),
  FOREIGN KEY (delivery) REFERENCES deliveries(id) ON DELETE CASCADE,
  PRIMARY KEY (id),
  UNIQUE (hash)
);

create table kinds (
  week integer not null,
  code text not null,
  "position" integer not null,
  names jsonb not null,
  hints jsonb not null default '{}'::jsonb,
  ten_minutes jsonb not null default '{}'::jsonb,
  titles jsonb not null default '{}'::jsonb,
  how jsonb not null default '{}'::jsonb,
  drawing text not null,
  default_minutes integer not null default 60,
  retired boolean not null default false,
  revision integer not null default 1,
  CHECK (((default_minutes >= 5) AND (default_minutes <= 1440))),
  CHECK ((code ~ '^[a-z][a-z0-9-]{1,30}$'::text)),
  FOREIGN KEY (week) REFERENCES weeks(year) ON DELETE CASCADE,
  PRIMARY KEY (week, code)
);

create table ledger_position (
  one boolean not null default true,
  ledger uuid,
  n bigint not null default 0,
  hash text not null default ''::text,
  closed boolean not null default false,
  why text not null default ''::text,
  CHECK ((why = ANY (ARRAY[''::text, 'restored'::text, 'missing'::text, 'broken'::text, 'behind'::text]))),
  CHECK (one),
  PRIMARY KEY (one)
);

create table letter_replies (
  id uuid not null default gen_random_uuid(),
  delivery uuid not null,
  received date not null,
  via text,
  kind text not null,
  answered text,
  words text,
  thanked timestamp with time zone,
  created timestamp with time zone not null default now(),
  CHECK ((answered = ANY (ARRAY['yes'::text, 'partly'::text, 'no'::text, 'unclear'::text]))),
  CHECK ((char_length(words) <= 2000)),
  CHECK ((kind = ANY (ARRAY['acknowledged'::text, 'answered'::text, 'promised'::text, 'passed-on'::text, 'no'::text, 'asked-for-more'::text, 'going-on'::text, 'wrong-office'::text, 'already-answered'::text, 'do-not-write'::text, 'visit'::text]))),
  CHECK ((via = ANY (ARRAY['post'::text, 'email'::text, 'phone'::text, 'visit'::text, 'reply-page'::text]))),
  FOREIGN KEY (delivery) REFERENCES deliveries(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table letters (
  id uuid not null default gen_random_uuid(),
  token bytea not null,
  week integer not null,
  ask text,
  written_in text not null default 'en'::text,
  writer text not null,
  about_another boolean not null default false,
  looked_over boolean not null default false,
  large_print boolean not null default false,
  envelope text not null default 'dl'::text,
  title text,
  words text,
  sender jsonb,
  email text,
  confirmed timestamp with time zone,
  confirm_by timestamp with time zone,
  not_me timestamp with time zone,
  confirming bytea,
  signing bytea,
  released timestamp with time zone,
  erase timestamp with time zone,
  erased timestamp with time zone,
  example boolean not null default false,
  created timestamp with time zone not null default now(),
  revision integer not null default 1,
  CHECK (((char_length(written_in) >= 2) AND (char_length(written_in) <= 20))),
  CHECK (((erased IS NULL) OR ((title IS NULL) AND (words IS NULL) AND (sender IS NULL) AND (email IS NULL)))),
  CHECK ((char_length(title) <= 200)),
  CHECK ((char_length(words) <= 20000)),
  CHECK ((email = lower(email))),
  CHECK ((envelope = ANY (ARRAY['dl'::text, 'c56'::text, 'din-a'::text, 'din-b'::text, 'us10'::text]))),
  CHECK ((writer = ANY (ARRAY['self'::text, 'with-support'::text, 'on-behalf'::text, 'joint'::text]))),
  FOREIGN KEY (week) REFERENCES weeks(year),
  FOREIGN KEY (week, ask) REFERENCES asks(week, code),
  PRIMARY KEY (id),
  UNIQUE (confirming),
  UNIQUE (signing),
  UNIQUE (token)
);

create table likes (
  story uuid not null,
  who text not null,
  account uuid,
  created timestamp with time zone not null default now(),
  CHECK ((char_length(who) = 22)),
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE CASCADE,
  FOREIGN KEY (story) REFERENCES stories(id) ON DELETE CASCADE,
  PRIMARY KEY (story, who)
);

create table linked_posts (
  story uuid not null,
  address text not null,
  state text not null default 'waiting'::text,
  site text not null default ''::text,
  title text not null default ''::text,
  words text not null default ''::text,
  tries smallint not null default 0,
  changed timestamp with time zone not null,
  CHECK ((char_length(site) <= 80)),
  CHECK ((char_length(title) <= 200)),
  CHECK ((char_length(words) <= 500)),
  CHECK ((state = ANY (ARRAY['waiting'::text, 'read'::text, 'refused'::text]))),
  FOREIGN KEY (story) REFERENCES stories(id) ON DELETE CASCADE,
  PRIMARY KEY (story)
);

create table mails (
  id uuid not null default gen_random_uuid(),
  key text not null,
  address text not null,
  name text not null,
  params jsonb not null default '{}'::jsonb,
  language text not null default 'en'::text,
  urgency text not null,
  due timestamp with time zone not null default now(),
  useless timestamp with time zone,
  state text not null default 'waiting'::text,
  hand uuid,
  tries integer not null default 0,
  problem text,
  sent timestamp with time zone,
  reply_to text,
  calendar text,
  created timestamp with time zone not null default now(),
  CHECK (((hand IS NULL) OR (state = 'waiting'::text))),
  CHECK ((address = lower(address))),
  CHECK ((problem = ANY (ARRAY['server'::text, 'sign-in'::text, 'sender'::text, 'address'::text, 'message'::text, 'later'::text, 'ours'::text, 'too-late'::text, 'one-a-day'::text]))),
  CHECK ((state = ANY (ARRAY['waiting'::text, 'uncertain'::text, 'sent'::text, 'example'::text, 'failed'::text, 'dropped'::text]))),
  CHECK ((urgency = ANY (ARRAY['answer'::text, 'notice'::text]))),
  PRIMARY KEY (id),
  UNIQUE (key)
);

create table members (
  organisation uuid not null,
  account uuid not null,
  vetted boolean not null default false,
  asked timestamp with time zone not null default now(),
  joined timestamp with time zone,
  added_by uuid,
  CHECK (((joined IS NOT NULL) OR (NOT vetted))),
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE CASCADE,
  FOREIGN KEY (added_by) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (organisation) REFERENCES organisations(id) ON DELETE CASCADE,
  PRIMARY KEY (organisation, account)
);

create table migrations (
  name text not null,
  applied timestamp with time zone not null default now(),
  PRIMARY KEY (name)
);

create table objections (
  id uuid not null default gen_random_uuid(),
  person uuid,
  version uuid,
  surface uuid,
  seen text not null default ''::text,
  whose text not null,
  paper uuid,
  ended timestamp with time zone,
  by_account uuid,
  at timestamp with time zone not null default now(),
  CHECK ((char_length(seen) <= 500)),
  CHECK ((whose = ANY (ARRAY['person'::text, 'decider'::text, 'observed'::text]))),
  FOREIGN KEY (by_account) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (paper) REFERENCES paper_forms(id) ON DELETE SET NULL,
  FOREIGN KEY (person) REFERENCES people_shown(id) ON DELETE CASCADE,
  FOREIGN KEY (version) REFERENCES versions(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table occurrences (
  id uuid not null default gen_random_uuid(),
  activity uuid not null,
  original_day date not null,
  start_day date not null,
  end_day date not null,
  start_local timestamp without time zone,
  end_local timestamp without time zone,
  starts timestamp with time zone not null,
  ends timestamp with time zone not null,
  status text not null default 'on'::text,
  moved boolean not null default false,
  CHECK ((status = ANY (ARRAY['on'::text, 'cancelled'::text]))),
  FOREIGN KEY (activity) REFERENCES activities(id) ON DELETE CASCADE,
  PRIMARY KEY (id),
  UNIQUE (activity, original_day)
);

create table office_choices (
  token bytea not null,
  offices text[] not null,
  until timestamp with time zone not null,
  CHECK ((cardinality(offices) <= 1000)),
  PRIMARY KEY (token)
);

create table organisations (
  id uuid not null default gen_random_uuid(),
  slug text not null,
  name text not null,
  type text not null,
  country text not null,
  nation text,
  town text not null default ''::text,
  safeguarding_lead text not null default ''::text,
  state text not null default 'waiting'::text,
  reason text not null default ''::text,
  decided timestamp with time zone,
  founded_by uuid,
  invitations integer not null default 1,
  hidden boolean not null default false,
  example boolean not null default false,
  created timestamp with time zone not null default now(),
  revision integer not null default 1,
  set_aside text,
  CHECK (
CASE country
    WHEN 'GB'::text THEN ((nation IS NOT NULL) AND (nation <> 'ireland'::text))
    WHEN 'IE'::text THEN (NOT (nation IS DISTINCT FROM 'ireland'::text))
    ELSE (nation IS NULL)
END),
  CHECK (((char_length(name) >= 1) AND (char_length(name) <= 120))),
  CHECK ((char_length(reason) <= 1000)),
  CHECK ((char_length(safeguarding_lead) <= 120)),
  CHECK ((char_length(town) <= 80)),
  CHECK ((country ~ '^[A-Z]{2}$'::text)),
  CHECK ((nation = ANY (ARRAY['england'::text, 'wales'::text, 'scotland'::text, 'northern-ireland'::text, 'ireland'::text]))),
  CHECK ((set_aside = ANY (ARRAY['shown'::text, 'hidden'::text]))),
  CHECK ((state = ANY (ARRAY['waiting'::text, 'agreed'::text, 'declined'::text]))),
  CHECK ((type = ANY (ARRAY['school'::text, 'service'::text, 'charity'::text, 'family'::text, 'other'::text]))),
  FOREIGN KEY (founded_by) REFERENCES accounts(id) ON DELETE SET NULL,
  PRIMARY KEY (id),
  UNIQUE (slug)
);

create table paper_answers (
  form uuid not null,
  supported uuid not null,
  answer text not null,
  route text,
  by_whom text not null,
  signed date not null,
  ends date,
  entered_by uuid,
  entered timestamp with time zone not null default now(),
  CHECK (((answer = 'no'::text) OR (route IS NOT NULL))),
  CHECK ((answer = ANY (ARRAY['yes'::text, 'no'::text]))),
  CHECK ((by_whom = ANY (ARRAY['self'::text, 'parent'::text, 'all-parents'::text, 'attorney'::text, 'deputy'::text, 'guardian'::text, 'council'::text, 'decision-maker'::text, 'co-decision-maker'::text, 'representative'::text]))),
  CHECK ((ends > signed)),
  CHECK ((route = ANY (ARRAY['own'::text, 'attorney'::text, 'best-interests'::text, 'parents'::text, 'young-person'::text]))),
  FOREIGN KEY (entered_by) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (form) REFERENCES paper_forms(id) ON DELETE CASCADE,
  FOREIGN KEY (supported) REFERENCES supported_people(id) ON DELETE CASCADE,
  PRIMARY KEY (form, supported)
);

create table paper_forms (
  id uuid not null default gen_random_uuid(),
  organisation uuid not null,
  title text not null,
  says text not null,
  dated date not null,
  circle smallint not null,
  purposes text[] not null,
  modes text[] not null,
  names_this_site boolean not null default false,
  names_social_media boolean not null default false,
  entered_by uuid,
  ended timestamp with time zone,
  created timestamp with time zone not null default now(),
  revision integer not null default 1,
  CHECK (((char_length(says) >= 1) AND (char_length(says) <= 5000))),
  CHECK (((char_length(title) >= 1) AND (char_length(title) <= 120))),
  CHECK (((circle >= 0) AND (circle <= 6))),
  CHECK ((modes <@ ARRAY['face'::text, 'voice'::text, 'body'::text, 'name'::text, 'place'::text])),
  CHECK ((purposes <@ ARRAY['celebrate'::text, 'teach'::text, 'promote'::text, 'research'::text])),
  FOREIGN KEY (entered_by) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (organisation) REFERENCES organisations(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table people_shown (
  id uuid not null default gen_random_uuid(),
  organisation uuid,
  supported uuid,
  label text not null,
  age_band text not null,
  next_change date,
  not_locatable boolean not null default false,
  do_not_show boolean not null default false,
  name_hashes bytea[] not null default '{}'::bytea[],
  died timestamp with time zone,
  kept_down timestamp with time zone,
  forgotten timestamp with time zone,
  created timestamp with time zone not null default now(),
  CHECK ((((age_band = 'adult'::text) = (next_change IS NULL)) OR (forgotten IS NOT NULL))),
  CHECK (((char_length(label) >= 1) AND (char_length(label) <= 40))),
  CHECK ((age_band = ANY (ARRAY['under-13'::text, '13-15'::text, '16-17'::text, 'adult'::text]))),
  FOREIGN KEY (organisation) REFERENCES organisations(id) ON DELETE SET NULL,
  FOREIGN KEY (supported) REFERENCES supported_people(id) ON DELETE SET NULL,
  PRIMARY KEY (id)
);

create table permission_bounds (
  at timestamp with time zone not null,
  surface uuid not null,
  PRIMARY KEY (at, surface)
);

create table permissions (
  id uuid not null default gen_random_uuid(),
  person uuid not null,
  surface uuid,
  version uuid,
  kind text not null,
  organisation uuid,
  route text not null,
  circle smallint not null,
  purposes text[] not null,
  modifiers text[] not null default '{}'::text[],
  modes text[] not null,
  starts timestamp with time zone not null,
  ends timestamp with time zone not null,
  state text not null,
  asked_by text not null default ''::text,
  form text,
  paper uuid,
  paper_says bytea,
  created timestamp with time zone not null default now(),
  changed timestamp with time zone not null default now(),
  CHECK (((circle >= 0) AND (circle <= 6))),
  CHECK ((modes <@ ARRAY['face'::text, 'voice'::text, 'body'::text, 'name'::text, 'place'::text])),
  CHECK ((modifiers <@ ARRAY['alias'::text, 'voice'::text, 'place'::text, 'download'::text, 'embed'::text, 'syndicate'::text, 'next-year'::text, 'machine-learning'::text])),
  CHECK ((purposes <@ ARRAY['celebrate'::text, 'teach'::text, 'promote'::text, 'research'::text])),
  CHECK ((route = ANY (ARRAY['own'::text, 'attorney'::text, 'best-interests'::text, 'parents'::text, 'young-person'::text, 'other-adult'::text, 'nobody'::text]))),
  CHECK ((starts < ends)),
  CHECK ((state = ANY (ARRAY['requested'::text, 'given'::text, 'declined'::text, 'no-answer'::text, 'suspended'::text, 'withdrawn'::text, 'expired'::text]))),
  FOREIGN KEY (form) REFERENCES form_versions(hash),
  FOREIGN KEY (organisation) REFERENCES organisations(id) ON DELETE SET NULL,
  FOREIGN KEY (paper) REFERENCES paper_forms(id) ON DELETE SET NULL,
  FOREIGN KEY (person) REFERENCES people_shown(id) ON DELETE CASCADE,
  FOREIGN KEY (version) REFERENCES versions(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table placements (
  id uuid not null default gen_random_uuid(),
  version uuid,
  surface uuid not null,
  circle smallint not null,
  purpose text not null,
  modifiers text[] not null default '{}'::text[],
  posted_by text not null,
  organisation uuid,
  state text not null default 'draft'::text,
  reasons text[] not null default '{}'::text[],
  shows tstzmultirange not null default '{}'::tstzmultirange,
  beyond tstzmultirange not null default '{}'::tstzmultirange,
  people uuid[] not null default '{}'::uuid[],
  about uuid[] not null default '{}'::uuid[],
  changed timestamp with time zone not null default now(),
  CHECK (((circle >= 0) AND (circle <= 6))),
  CHECK ((modifiers <@ ARRAY['alias'::text, 'voice'::text, 'place'::text, 'download'::text, 'embed'::text, 'syndicate'::text, 'next-year'::text, 'machine-learning'::text])),
  CHECK ((purpose = ANY (ARRAY['celebrate'::text, 'teach'::text, 'promote'::text, 'research'::text]))),
  CHECK ((state = ANY (ARRAY['draft'::text, 'held'::text, 'live'::text, 'hidden'::text, 'purged'::text]))),
  FOREIGN KEY (organisation) REFERENCES organisations(id) ON DELETE SET NULL,
  FOREIGN KEY (version) REFERENCES versions(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table places (
  id integer not null,
  name text not null,
  country text not null,
  region text not null default ''::text,
  lat double precision not null,
  lon double precision not null,
  population integer not null,
  zone text not null,
  plain_name text generated always as (plain_name(name)) stored,
  PRIMARY KEY (id)
);

create table policies (
  id uuid not null default gen_random_uuid(),
  organisation uuid not null,
  version integer not null,
  rules jsonb not null,
  by_account uuid,
  created timestamp with time zone not null default now(),
  CHECK ((version > 0)),
  FOREIGN KEY (by_account) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (organisation) REFERENCES organisations(id) ON DELETE CASCADE,
  PRIMARY KEY (id),
  UNIQUE (organisation, version)
);

create table promises (
  id uuid not null default gen_random_uuid(),
  delivery uuid,
  reply uuid,
  week integer not null,
  post uuid,
  organisation uuid,
  office text,
  words text not null,
  due date,
  state text not null default 'open'::text,
  note text,
  shared boolean not null default false,
  created timestamp with time zone not null default now(),
  changed timestamp with time zone not null default now(),
  revision integer not null default 1,
  CHECK (((char_length(office) >= 1) AND (char_length(office) <= 200))),
  CHECK (((char_length(words) >= 1) AND (char_length(words) <= 500))),
  CHECK ((char_length(note) <= 500)),
  CHECK ((state = ANY (ARRAY['open'::text, 'kept'::text, 'partly'::text, 'lapsed'::text]))),
  FOREIGN KEY (delivery) REFERENCES deliveries(id) ON DELETE SET NULL,
  FOREIGN KEY (organisation) REFERENCES directory_organisations(id) ON DELETE SET NULL,
  FOREIGN KEY (post) REFERENCES directory_posts(id) ON DELETE SET NULL,
  FOREIGN KEY (reply) REFERENCES letter_replies(id) ON DELETE SET NULL,
  FOREIGN KEY (week) REFERENCES weeks(year),
  PRIMARY KEY (id),
  UNIQUE (reply)
);

create table rate_counts (
  name text not null,
  slot timestamp with time zone not null,
  count integer not null default 0,
  PRIMARY KEY (name, slot)
);

create table records (
  id uuid not null default gen_random_uuid(),
  kind text not null,
  person uuid not null,
  facts jsonb not null,
  evidence uuid,
  by_account uuid,
  created timestamp with time zone not null default now(),
  ended timestamp with time zone,
  looked timestamp with time zone,
  CHECK ((kind = ANY (ARRAY['authority'::text, 'capacity'::text, 'best-interests'::text, 'holder'::text, 'holders-all'::text, 'competence'::text]))),
  FOREIGN KEY (by_account) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (person) REFERENCES people_shown(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table redirects (
  path text not null,
  target text not null,
  PRIMARY KEY (path)
);

create table renditions (
  version uuid not null,
  width integer not null,
  height integer not null,
  format text not null,
  bytes integer not null,
  key text not null,
  CHECK ((format = ANY (ARRAY['jpg'::text, 'webp'::text, 'avif'::text]))),
  FOREIGN KEY (version) REFERENCES versions(id) ON DELETE CASCADE,
  PRIMARY KEY (version, width, format),
  UNIQUE (key)
);

create table replies (
  id uuid not null default gen_random_uuid(),
  story uuid not null,
  words text not null,
  name text not null,
  website text,
  email text,
  account uuid,
  state text not null default 'waiting'::text,
  before text,
  waits_for text,
  reason text,
  decided_by uuid,
  held timestamp with time zone,
  token bytea not null,
  language text not null default 'en'::text,
  example boolean not null default false,
  created timestamp with time zone not null default now(),
  changed timestamp with time zone not null default now(),
  revision integer not null default 1,
  CHECK (((account IS NULL) OR (email IS NULL))),
  CHECK (((char_length(name) >= 1) AND (char_length(name) <= 80))),
  CHECK (((char_length(website) <= 300) AND (website ~ '^https?://'::text))),
  CHECK (((char_length(words) >= 1) AND (char_length(words) <= 2000))),
  CHECK (((held IS NULL) OR (state = 'hidden'::text))),
  CHECK ((before = ANY (ARRAY['waiting'::text, 'shown'::text, 'declined'::text, 'hidden'::text, 'withdrawn'::text]))),
  CHECK ((email = lower(email))),
  CHECK ((state = ANY (ARRAY['waiting'::text, 'shown'::text, 'declined'::text, 'hidden'::text, 'withdrawn'::text]))),
  CHECK ((waits_for = ANY (ARRAY['first'::text, 'watched'::text, 'named'::text, 'links'::text]))),
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE CASCADE,
  FOREIGN KEY (decided_by) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (story) REFERENCES stories(id) ON DELETE CASCADE,
  PRIMARY KEY (id),
  UNIQUE (token)
);

create table retention_runs (
  id bigint not null generated always as identity,
  at timestamp with time zone not null default now(),
  what text not null,
  count integer not null,
  PRIMARY KEY (id)
);

create table roles (
  id uuid not null default gen_random_uuid(),
  account uuid not null,
  role text not null,
  "group" uuid,
  organisation uuid,
  given_by uuid,
  created timestamp with time zone not null default now(),
  CHECK (((role = 'group-lead'::text) = ("group" IS NOT NULL))),
  CHECK (((role = 'organisation-lead'::text) = (organisation IS NOT NULL))),
  CHECK ((role = ANY (ARRAY['organiser'::text, 'reviewer'::text, 'group-lead'::text, 'organisation-lead'::text]))),
  FOREIGN KEY ("group") REFERENCES groups(id) ON DELETE CASCADE,
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE CASCADE,
  FOREIGN KEY (given_by) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (organisation) REFERENCES organisations(id) ON DELETE CASCADE,
  PRIMARY KEY (id),
  UNIQUE NULLS NOT DISTINCT (account, role, "group", organisation)
);

create table rsvps (
  id uuid not null default gen_random_uuid(),
  activity uuid not null,
  occurrence uuid,
  token bytea not null,
  email text,
  name text not null default ''::text,
  joining text not null default 'in-person'::text,
  seats integer not null default 1,
  state text not null,
  seat_kept boolean not null default false,
  held_until timestamp with time zone,
  waiting_since timestamp with time zone,
  confirmed timestamp with time zone,
  accepted timestamp with time zone,
  seated timestamp with time zone,
  reason text,
  is_new boolean,
  came boolean,
  quiet boolean not null default false,
  language text not null default 'en'::text,
  example boolean not null default false,
  revision integer not null default 0,
  created timestamp with time zone not null default now(),
  updated timestamp with time zone not null default now(),
  CHECK (((NOT seat_kept) OR (state = 'held'::text))),
  CHECK (((seats >= 1) AND (seats <= 10))),
  CHECK (((state <> 'going'::text) OR (seated IS NOT NULL))),
  CHECK (((state <> 'held'::text) OR (held_until IS NOT NULL))),
  CHECK (((state <> 'waiting'::text) OR (waiting_since IS NOT NULL))),
  CHECK ((char_length(name) <= 80)),
  CHECK ((char_length(reason) <= 500)),
  CHECK ((email = lower(email))),
  CHECK ((joining = ANY (ARRAY['in-person'::text, 'online'::text]))),
  CHECK ((state = ANY (ARRAY['held'::text, 'asked'::text, 'going'::text, 'waiting'::text, 'cancelled'::text, 'expired'::text, 'not-accepted'::text]))),
  FOREIGN KEY (activity) REFERENCES activities(id) ON DELETE CASCADE,
  FOREIGN KEY (occurrence) REFERENCES occurrences(id) ON DELETE CASCADE,
  PRIMARY KEY (id),
  UNIQUE (token)
);

create table sayings (
  id uuid not null,
  version uuid,
  surface uuid not null,
  nobody boolean not null,
  said_by text not null,
  said timestamp with time zone not null,
  checked_by uuid,
  checked timestamp with time zone,
  replaced timestamp with time zone,
  FOREIGN KEY (checked_by) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (version) REFERENCES versions(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table sessions (
  id uuid not null default gen_random_uuid(),
  account uuid not null,
  token text not null,
  expires timestamp with time zone not null,
  ip_address text,
  user_agent text,
  created timestamp with time zone not null default now(),
  updated timestamp with time zone not null default now(),
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE CASCADE,
  PRIMARY KEY (id),
  UNIQUE (token)
);

create table settings (
  name text not null,
  value jsonb not null,
  changed timestamp with time zone not null default now(),
  PRIMARY KEY (name)
);

create table sign_ins (
  id uuid not null default gen_random_uuid(),
  account uuid not null,
  provider text not null,
  provider_account text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires timestamp with time zone,
  refresh_token_expires timestamp with time zone,
  scope text,
  password text,
  created timestamp with time zone not null default now(),
  updated timestamp with time zone not null default now(),
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE CASCADE,
  PRIMARY KEY (id),
  UNIQUE (provider, provider_account)
);

create table signatures (
  id uuid not null default gen_random_uuid(),
  letter uuid not null,
  shown text not null,
  email text not null,
  token bytea not null,
  tell boolean not null default false,
  confirmed timestamp with time zone,
  created timestamp with time zone not null default now(),
  CHECK (((char_length(shown) >= 1) AND (char_length(shown) <= 80))),
  CHECK ((email = lower(email))),
  FOREIGN KEY (letter) REFERENCES letters(id) ON DELETE CASCADE,
  PRIMARY KEY (id),
  UNIQUE (letter, email),
  UNIQUE (token)
);

create table signs (
  id uuid not null default gen_random_uuid(),
  person uuid not null,
  surface uuid not null,
  sign text not null,
  by_whom text not null,
  at timestamp with time zone not null default now(),
  CHECK ((sign = ANY (ARRAY['yes'::text, 'no'::text]))),
  FOREIGN KEY (person) REFERENCES people_shown(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table stewards (
  id uuid not null,
  person uuid not null,
  called text not null,
  token bytea not null,
  named_by uuid,
  answer text,
  answered timestamp with time zone,
  created timestamp with time zone not null default now(),
  expires timestamp with time zone not null,
  CHECK (((char_length(called) >= 1) AND (char_length(called) <= 40))),
  CHECK ((answer = ANY (ARRAY['keep-down'::text, 'as-allowed'::text, 'not-now'::text]))),
  FOREIGN KEY (named_by) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (person) REFERENCES people_shown(id) ON DELETE CASCADE,
  PRIMARY KEY (id),
  UNIQUE (token)
);

create table stories (
  id uuid not null default gen_random_uuid(),
  slug text not null,
  week integer not null,
  activity uuid,
  from_report boolean not null default false,
  kind text,
  country text,
  town text,
  "group" uuid,
  title text not null,
  body text not null default ''::text,
  author_name text not null default ''::text,
  with_name text not null default ''::text,
  drawing integer not null default 0,
  drawing_words text not null default ''::text,
  state text not null default 'unverified'::text,
  reason text,
  account uuid,
  email text,
  language text not null default 'en'::text,
  example boolean not null default false,
  created timestamp with time zone not null default now(),
  updated timestamp with time zone not null default now(),
  published timestamp with time zone,
  revision integer not null default 1,
  search tsvector generated always as (to_tsvector('simple'::regconfig, plain(((((((title || ' '::text) || body) || ' '::text) || COALESCE(town, ''::text)) || ' '::text) || author_name)))) stored,
  set_aside text,
  told_how text not null default 'writing'::text,
  link text,
  link_title text not null default ''::text,
  link_words text not null default ''::text,
  held timestamp with time zone,
  CHECK (((char_length(title) >= 1) AND (char_length(title) <= 120))),
  CHECK (((held IS NULL) OR (state = 'hidden'::text))),
  CHECK (((link ~ '^https?://'::text) AND (char_length(link) <= 2000))),
  CHECK (((state <> 'published'::text) OR (published IS NOT NULL))),
  CHECK ((char_length(author_name) <= 80)),
  CHECK ((char_length(body) <= 20000)),
  CHECK ((char_length(link_title) <= 200)),
  CHECK ((char_length(link_words) <= 500)),
  CHECK ((char_length(with_name) <= 80)),
  CHECK ((country ~ '^[A-Z]{2}$'::text)),
  CHECK ((email = lower(email))),
  CHECK ((state = ANY (ARRAY['unverified'::text, 'draft'::text, 'waiting'::text, 'asked-for-more'::text, 'published'::text, 'declined'::text, 'hidden'::text, 'withdrawn'::text]))),
  CHECK ((told_how = ANY (ARRAY['writing'::text, 'symbols'::text, 'pictures'::text, 'voice'::text]))),
  FOREIGN KEY ("group") REFERENCES groups(id) ON DELETE SET NULL,
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (activity) REFERENCES activities(id) ON DELETE SET NULL,
  FOREIGN KEY (week) REFERENCES weeks(year),
  FOREIGN KEY (week, kind) REFERENCES kinds(week, code),
  PRIMARY KEY (id),
  UNIQUE (slug)
);

create table story_changes (
  id bigint not null generated always as identity,
  story uuid not null,
  at timestamp with time zone not null default now(),
  account uuid,
  by_teller boolean not null default false,
  from_state text,
  to_state text,
  reason text,
  diff jsonb not null default '{}'::jsonb,
  read boolean not null default true,
  CHECK ((from_state = ANY (ARRAY['unverified'::text, 'draft'::text, 'waiting'::text, 'asked-for-more'::text, 'published'::text, 'declined'::text, 'hidden'::text, 'withdrawn'::text]))),
  CHECK ((to_state = ANY (ARRAY['unverified'::text, 'draft'::text, 'waiting'::text, 'asked-for-more'::text, 'published'::text, 'declined'::text, 'hidden'::text, 'withdrawn'::text]))),
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (story) REFERENCES stories(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table story_links (
  token bytea not null,
  story uuid not null,
  created timestamp with time zone not null default now(),
  expires timestamp with time zone not null,
  FOREIGN KEY (story) REFERENCES stories(id) ON DELETE CASCADE,
  PRIMARY KEY (token)
);

create table supported_people (
  id uuid not null default gen_random_uuid(),
  organisation uuid not null,
  label text not null,
  colour text not null default ''::text,
  age_band text not null,
  next_change date,
  parted timestamp with time zone,
  created timestamp with time zone not null default now(),
  revision integer not null default 1,
  CHECK (((age_band = 'adult'::text) = (next_change IS NULL))),
  CHECK (((char_length(label) >= 1) AND (char_length(label) <= 40))),
  CHECK ((EXTRACT(day FROM next_change) = (1)::numeric)),
  CHECK ((age_band = ANY (ARRAY['under-13'::text, '13-15'::text, '16-17'::text, 'adult'::text]))),
  CHECK ((colour = ANY (ARRAY[''::text, 'red'::text, 'orange'::text, 'yellow'::text, 'green'::text, 'teal'::text, 'blue'::text, 'purple'::text, 'pink'::text, 'brown'::text, 'grey'::text]))),
  FOREIGN KEY (organisation) REFERENCES organisations(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table surfaces (
  id uuid not null,
  kind text not null default 'story'::text,
  circle smallint not null default 5,
  not_before timestamp with time zone,
  shows tstzmultirange not null default '{}'::tstzmultirange,
  locatable boolean not null default true,
  open boolean not null default true,
  stopped timestamp with time zone,
  by_policy boolean not null default false,
  hold uuid,
  changed timestamp with time zone not null default now(),
  PRIMARY KEY (id)
);

create table table_answers (
  activity uuid not null,
  day date not null,
  is_new boolean not null,
  count integer not null,
  CHECK ((count > 0)),
  FOREIGN KEY (activity) REFERENCES activities(id) ON DELETE CASCADE,
  PRIMARY KEY (activity, day, is_new)
);

create table texts (
  name text not null,
  language text not null,
  body text not null,
  changed timestamp with time zone not null default now(),
  PRIMARY KEY (name, language)
);

create table uploads (
  id uuid not null default gen_random_uuid(),
  surface uuid not null,
  account uuid,
  organisation uuid,
  word bytea,
  bytes bigint not null,
  received bigint not null default 0,
  part text,
  writer uuid,
  writer_until timestamp with time zone,
  state text not null default 'receiving'::text,
  problem jsonb,
  type text,
  original text,
  sha256 bytea,
  created timestamp with time zone not null default now(),
  updated timestamp with time zone not null default now(),
  CHECK (((bytes >= 1) AND (bytes <= 67108864))),
  CHECK (((received >= 0) AND (received <= bytes))),
  CHECK (((state <> 'received'::text) OR ((received = bytes) AND (original IS NOT NULL)))),
  CHECK ((state = ANY (ARRAY['receiving'::text, 'received'::text, 'made'::text, 'refused'::text, 'purged'::text]))),
  CHECK ((type = ANY (ARRAY['jpeg'::text, 'png'::text, 'webp'::text, 'avif'::text, 'heic'::text]))),
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE SET NULL,
  FOREIGN KEY (organisation) REFERENCES organisations(id) ON DELETE SET NULL,
  PRIMARY KEY (id),
  UNIQUE (original),
  UNIQUE (word)
);

create table verbs (
  week integer not null,
  code text not null,
  "position" integer not null,
  kind text not null,
  names jsonb not null,
  ten_minutes jsonb not null default '{}'::jsonb,
  revision integer not null default 1,
  retired boolean not null default false,
  on_home boolean not null default false,
  FOREIGN KEY (week) REFERENCES weeks(year) ON DELETE CASCADE,
  FOREIGN KEY (week, kind) REFERENCES kinds(week, code) ON DELETE CASCADE,
  PRIMARY KEY (week, code)
);

create table verifications (
  id uuid not null default gen_random_uuid(),
  identifier text not null,
  value text not null,
  expires timestamp with time zone not null,
  created timestamp with time zone not null default now(),
  updated timestamp with time zone not null default now(),
  PRIMARY KEY (id)
);

create table version_hashes (
  version uuid not null,
  sha256 bytea,
  likeness bit(64),
  FOREIGN KEY (version) REFERENCES versions(id) ON DELETE CASCADE,
  PRIMARY KEY (version)
);

create table versions (
  id uuid not null default gen_random_uuid(),
  upload uuid not null,
  source uuid,
  surface uuid not null,
  "position" integer not null default 0,
  covers jsonb not null default '[]'::jsonb,
  covered_by text,
  cover_checked timestamp with time zone,
  width integer,
  height integer,
  words text not null default ''::text,
  decoration boolean not null default false,
  caption text not null default ''::text,
  captured_day date,
  likeness bit(64),
  state text not null default 'waiting'::text,
  created timestamp with time zone not null default now(),
  revision integer not null default 1,
  number integer,
  CHECK ((NOT (decoration AND (words <> ''::text)))),
  CHECK ((char_length(caption) <= 500)),
  CHECK ((char_length(words) <= 1000)),
  CHECK ((number > 0)),
  CHECK ((state = ANY (ARRAY['waiting'::text, 'visible'::text, 'made'::text, 'refused'::text, 'purged'::text]))),
  FOREIGN KEY (source) REFERENCES versions(id) ON DELETE CASCADE,
  FOREIGN KEY (upload) REFERENCES uploads(id) ON DELETE CASCADE,
  PRIMARY KEY (id)
);

create table watched_words (
  word text not null,
  created timestamp with time zone not null default now(),
  CHECK (((char_length(word) >= 1) AND (char_length(word) <= 60))),
  PRIMARY KEY (word)
);

create table weeks (
  year integer not null,
  monday date not null,
  name text not null,
  theme text,
  day_themes text[] not null default '{}'::text[],
  hashtag text,
  announcement text,
  announced timestamp with time zone,
  state text not null default 'draft'::text,
  policy jsonb not null default '{}'::jsonb,
  source text,
  known text,
  example boolean not null default false,
  created timestamp with time zone not null default now(),
  set_aside jsonb,
  CHECK (((state = 'draft'::text) OR (announced IS NOT NULL))),
  CHECK (((year >= 1980) AND (year <= 2200))),
  CHECK ((EXTRACT(isodow FROM monday) = (1)::numeric)),
  CHECK ((cardinality(day_themes) = ANY (ARRAY[0, 7]))),
  CHECK ((state = ANY (ARRAY['draft'::text, 'announced'::text, 'closed'::text]))),
  PRIMARY KEY (year),
  UNIQUE (monday)
);

create table withdrawn_hashes (
  id bigint not null generated always as identity,
  sha256 bytea,
  likeness bit(64),
  ends timestamp with time zone not null,
  PRIMARY KEY (id)
);

CREATE INDEX access_requests_delete ON public.access_requests USING btree (delete_after);

CREATE INDEX accounts_erasing ON public.accounts USING btree (erasing) WHERE (erasing IS NOT NULL);

CREATE INDEX activities_account ON public.activities USING btree (account) WHERE (account IS NOT NULL);

CREATE INDEX activities_cancelled ON public.activities USING btree (week) WHERE ((state = 'cancelled'::text) AND (published IS NOT NULL));

CREATE INDEX activities_country ON public.activities USING btree (week, country, list_start, slug);

CREATE INDEX activities_group ON public.activities USING btree ("group", sort_start) WHERE ("group" IS NOT NULL);

CREATE INDEX activities_import ON public.activities USING btree (import) WHERE (import IS NOT NULL);

CREATE INDEX activities_kind ON public.activities USING btree (week, kind, list_start, slug);

CREATE INDEX activities_last_end ON public.activities USING btree (last_end);

CREATE INDEX activities_listed ON public.activities USING btree (week, list_start, slug) INCLUDE (id, kind, country, mode, timing, start_day, end_day, end_local, sort_start, last_end, repeating, languages, sign_languages, access, welcome, "group", public_lat, public_lon) WHERE ((state = 'published'::text) OR ((state = 'cancelled'::text) AND (published IS NOT NULL)));

CREATE INDEX activities_newest ON public.activities USING btree (week, published DESC NULLS LAST, slug) WHERE ((state = 'published'::text) OR ((state = 'cancelled'::text) AND (published IS NOT NULL)));

CREATE INDEX activities_next ON public.activities USING btree (week, sort_start, slug) WHERE ((state = 'published'::text) AND (timing <> 'week'::text));

CREATE INDEX activities_place ON public.activities USING btree (week, public_lat, public_lon) WHERE (public_lat IS NOT NULL);

CREATE INDEX activities_repeats ON public.activities USING btree (repeats) WHERE (repeats IS NOT NULL);

CREATE INDEX activities_search ON public.activities USING gin (search);

CREATE UNIQUE INDEX activities_source ON public.activities USING btree (source_id) WHERE (source_id IS NOT NULL);

CREATE INDEX activities_state ON public.activities USING btree (state, created);

CREATE INDEX activity_cells_week ON public.activity_cells USING btree (week);

CREATE INDEX activity_changes_activity ON public.activity_changes USING btree (activity, id DESC);

CREATE INDEX activity_changes_unread ON public.activity_changes USING btree (at) WHERE (NOT read);

CREATE INDEX activity_tallies_week ON public.activity_tallies USING btree (week);

CREATE INDEX appearances_person ON public.appearances USING btree (person);

CREATE INDEX appearances_surface ON public.appearances USING btree (surface);

CREATE INDEX appearances_version ON public.appearances USING btree (version);

CREATE INDEX audit_log_subject ON public.audit_log USING btree (subject, id DESC);

CREATE INDEX author_pages_name ON public.author_pages USING btree (name);

CREATE INDEX certificates_activity ON public.certificates USING btree (activity);

CREATE INDEX concerns_created ON public.concerns USING btree (created);

CREATE INDEX concerns_open ON public.concerns USING btree (created) WHERE (state = 'open'::text);

CREATE INDEX concerns_source ON public.concerns USING btree (source, created) WHERE (source IS NOT NULL);

CREATE INDEX consent_events_organisation ON public.consent_events USING btree (organisation, n) WHERE (organisation IS NOT NULL);

CREATE INDEX consent_events_person ON public.consent_events USING btree (person, n);

CREATE INDEX consent_events_surface ON public.consent_events USING btree (surface, n);

CREATE INDEX consent_links_person ON public.consent_links USING btree (person);

CREATE INDEX deliveries_asking ON public.deliveries USING btree (left_us) WHERE ((left_us IS NOT NULL) AND (asked21 IS NULL));

CREATE INDEX deliveries_due ON public.deliveries USING btree (due) WHERE (state = ANY (ARRAY['queued'::text, 'bounced-soft'::text]));

CREATE INDEX deliveries_email ON public.deliveries USING btree (email) WHERE (email IS NOT NULL);

CREATE INDEX deliveries_letter ON public.deliveries USING btree (letter);

CREATE INDEX delivery_events_delivery ON public.delivery_events USING btree (delivery, at);

CREATE INDEX directory_areas_search ON public.directory_areas USING gin (search);

CREATE INDEX directory_contacts_organisation ON public.directory_contacts USING btree (organisation) WHERE (organisation IS NOT NULL);

CREATE INDEX directory_contacts_person ON public.directory_contacts USING btree (person) WHERE (person IS NOT NULL);

CREATE INDEX directory_contacts_post ON public.directory_contacts USING btree (post) WHERE (post IS NOT NULL);

CREATE INDEX directory_corrections_decided ON public.directory_corrections USING btree (decided DESC) WHERE (state = 'accepted'::text);

CREATE INDEX directory_corrections_open ON public.directory_corrections USING btree (created) WHERE (state = 'proposed'::text);

CREATE INDEX directory_imports_created ON public.directory_imports USING btree (created DESC);

CREATE INDEX directory_memberships_organisation ON public.directory_memberships USING btree (organisation);

CREATE INDEX directory_memberships_person ON public.directory_memberships USING btree (person);

CREATE INDEX directory_memberships_post ON public.directory_memberships USING btree (post);

CREATE INDEX directory_organisations_area ON public.directory_organisations USING btree (area);

CREATE INDEX directory_organisations_search ON public.directory_organisations USING gin (search);

CREATE INDEX directory_pauses_organisation ON public.directory_pauses USING btree (organisation, from_day);

CREATE INDEX directory_people_search ON public.directory_people USING gin (search);

CREATE INDEX directory_posts_area ON public.directory_posts USING btree (area);

CREATE INDEX directory_posts_organisation ON public.directory_posts USING btree (organisation);

CREATE INDEX directory_posts_search ON public.directory_posts USING gin (search);

CREATE INDEX do_not_write_request ON public.do_not_write USING btree (request) WHERE (request IS NOT NULL);

CREATE INDEX do_not_write_requests_decided ON public.do_not_write_requests USING btree (decided DESC) WHERE (state <> 'waiting'::text);

CREATE INDEX do_not_write_requests_waiting ON public.do_not_write_requests USING btree (created) WHERE (state = 'waiting'::text);

CREATE INDEX form_keys_created ON public.form_keys USING btree (created);

CREATE INDEX holds_surface ON public.holds USING btree (surface);

CREATE INDEX host_links_activity ON public.host_links USING btree (activity);

CREATE INDEX host_links_email ON public.host_links USING btree (email);

CREATE INDEX hosts_email ON public.hosts USING btree (email);

CREATE INDEX import_rows_activity ON public.import_rows USING btree (activity) WHERE (activity IS NOT NULL);

CREATE INDEX imports_account ON public.imports USING btree (account, created DESC);

CREATE INDEX imports_created ON public.imports USING btree (created);

CREATE INDEX kept_mails_delivery ON public.kept_mails USING btree (delivery);

CREATE INDEX kept_mails_open ON public.kept_mails USING btree (received) WHERE (read IS NULL);

CREATE INDEX letter_replies_delivery ON public.letter_replies USING btree (delivery, created);

CREATE UNIQUE INDEX letter_replies_page ON public.letter_replies USING btree (delivery) WHERE (via = 'reply-page'::text);

CREATE INDEX letters_email ON public.letters USING btree (email) WHERE (email IS NOT NULL);

CREATE INDEX letters_erase ON public.letters USING btree (erase) WHERE (erased IS NULL);

CREATE INDEX letters_week ON public.letters USING btree (week, created);

CREATE INDEX likes_account ON public.likes USING btree (account) WHERE (account IS NOT NULL);

CREATE INDEX mails_created ON public.mails USING btree (created DESC);

CREATE INDEX mails_failed ON public.mails USING btree (created) WHERE (state = ANY (ARRAY['failed'::text, 'uncertain'::text]));

CREATE INDEX mails_notices ON public.mails USING btree (address, sent) WHERE (urgency = 'notice'::text);

CREATE INDEX mails_waiting ON public.mails USING btree (urgency, due) WHERE (state = 'waiting'::text);

CREATE INDEX members_account ON public.members USING btree (account);

CREATE INDEX objections_open ON public.objections USING btree (at) WHERE (ended IS NULL);

CREATE INDEX objections_person ON public.objections USING btree (person);

CREATE INDEX objections_surface ON public.objections USING btree (surface);

CREATE INDEX occurrences_day ON public.occurrences USING btree (start_day, end_day, activity);

CREATE INDEX occurrences_time ON public.occurrences USING btree (starts, ends);

CREATE INDEX office_choices_until ON public.office_choices USING btree (until);

CREATE INDEX organisations_waiting ON public.organisations USING btree (created) WHERE (state = 'waiting'::text);

CREATE INDEX paper_answers_supported ON public.paper_answers USING btree (supported);

CREATE INDEX paper_forms_organisation ON public.paper_forms USING btree (organisation);

CREATE INDEX people_shown_organisation ON public.people_shown USING btree (organisation);

CREATE UNIQUE INDEX people_shown_supported ON public.people_shown USING btree (supported);

CREATE INDEX permission_bounds_surface ON public.permission_bounds USING btree (surface);

CREATE INDEX permissions_ends ON public.permissions USING btree (ends) WHERE (state = 'given'::text);

CREATE INDEX permissions_person ON public.permissions USING btree (person);

CREATE UNIQUE INDEX placements_once ON public.placements USING btree (version, surface, circle) NULLS NOT DISTINCT WHERE (state <> 'purged'::text);

CREATE INDEX placements_organisation ON public.placements USING btree (organisation, state);

CREATE INDEX placements_surface ON public.placements USING btree (surface);

CREATE INDEX placements_version ON public.placements USING btree (version);

CREATE INDEX places_alike ON public.places USING gin (plain_name gin_trgm_ops);

CREATE INDEX places_lat ON public.places USING btree (lat, lon);

CREATE INDEX places_name ON public.places USING btree (plain_name text_pattern_ops, population DESC);

CREATE INDEX promises_delivery ON public.promises USING btree (delivery);

CREATE INDEX promises_week ON public.promises USING btree (week, state);

CREATE INDEX rate_counts_slot ON public.rate_counts USING btree (slot);

CREATE INDEX records_person ON public.records USING btree (person);

CREATE INDEX records_unlooked ON public.records USING btree (created) WHERE ((kind = 'best-interests'::text) AND (ended IS NULL) AND (looked IS NULL));

CREATE INDEX replies_account ON public.replies USING btree (account) WHERE (account IS NOT NULL);

CREATE INDEX replies_newest ON public.replies USING btree (changed DESC);

CREATE INDEX replies_story ON public.replies USING btree (story, state, created, id);

CREATE INDEX replies_waiting ON public.replies USING btree (created) WHERE (state = 'waiting'::text);

CREATE INDEX rsvps_activity ON public.rsvps USING btree (activity, occurrence, state);

CREATE INDEX rsvps_email ON public.rsvps USING btree (email);

CREATE INDEX rsvps_held ON public.rsvps USING btree (held_until) WHERE (state = 'held'::text);

CREATE INDEX rsvps_occurrence ON public.rsvps USING btree (occurrence) WHERE (occurrence IS NOT NULL);

CREATE UNIQUE INDEX rsvps_once ON public.rsvps USING btree (activity, COALESCE(occurrence, '00000000-0000-0000-0000-000000000000'::uuid), email) WHERE (state = ANY (ARRAY['held'::text, 'asked'::text, 'going'::text, 'waiting'::text]));

CREATE INDEX sayings_open ON public.sayings USING btree (said) WHERE ((checked IS NULL) AND (replaced IS NULL));

CREATE INDEX sayings_surface ON public.sayings USING btree (surface);

CREATE INDEX sessions_account ON public.sessions USING btree (account);

CREATE INDEX signs_person ON public.signs USING btree (person, at);

CREATE INDEX stewards_person ON public.stewards USING btree (person);

CREATE INDEX stories_account ON public.stories USING btree (account) WHERE (account IS NOT NULL);

CREATE INDEX stories_activity ON public.stories USING btree (activity) WHERE (activity IS NOT NULL);

CREATE INDEX stories_email ON public.stories USING btree (email) WHERE (email IS NOT NULL);

CREATE INDEX stories_newest ON public.stories USING btree (published DESC, slug) WHERE (state = 'published'::text);

CREATE UNIQUE INDEX stories_report ON public.stories USING btree (activity) WHERE from_report;

CREATE INDEX stories_search ON public.stories USING gin (search);

CREATE INDEX stories_state ON public.stories USING btree (state, created);

CREATE INDEX stories_wall ON public.stories USING btree (week, example, published DESC, slug) INCLUDE (activity, from_report, kind, country, "group") WHERE (state = 'published'::text);

CREATE INDEX story_changes_story ON public.story_changes USING btree (story, id DESC);

CREATE INDEX story_links_story ON public.story_links USING btree (story);

CREATE UNIQUE INDEX supported_people_label ON public.supported_people USING btree (organisation, lower(label)) WHERE (parted IS NULL);

CREATE INDEX surfaces_by_policy ON public.surfaces USING btree (stopped, id) WHERE by_policy;

CREATE UNIQUE INDEX uploads_once ON public.uploads USING btree (surface, sha256) WHERE (state = ANY (ARRAY['received'::text, 'made'::text]));

CREATE INDEX uploads_state ON public.uploads USING btree (state, updated);

CREATE INDEX uploads_surface ON public.uploads USING btree (surface);

CREATE INDEX verifications_identifier ON public.verifications USING btree (identifier);

CREATE INDEX versions_source ON public.versions USING btree (source);

CREATE INDEX versions_surface ON public.versions USING btree (surface, "position");

CREATE INDEX versions_upload ON public.versions USING btree (upload);

CREATE UNIQUE INDEX withdrawn_hashes_once ON public.withdrawn_hashes USING btree (sha256, likeness) NULLS NOT DISTINCT;

CREATE OR REPLACE FUNCTION public.asked(words text)
 RETURNS tsquery
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN (plainto_tsquery('simple'::regconfig, plain(regexp_replace(words, '\S+\s*$'::text, ''::text))) && (COALESCE((SELECT string_agg(((''''::text || replace(replace(unnest.lexeme, '\'::text, '\\'::text), ''''::text, ''''''::text)) || ''':*'::text), ' & '::text) AS string_agg FROM unnest(to_tsvector('simple'::regconfig, plain("substring"(asked.words, '\S+\s*$'::text)))) unnest(lexeme, positions, weights)), ''::text))::tsquery)
;

CREATE OR REPLACE FUNCTION public.clear_pages()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  perform pg_notify('pages', '');
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.number_cover()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
  new.number := (select v.number from versions v where v.id = new.source);
  return new;
end $function$
;

CREATE OR REPLACE FUNCTION public.number_versions()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
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
end $function$
;

CREATE OR REPLACE FUNCTION public.plain(words text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN lower(unaccent('unaccent'::regdictionary, words))
;

CREATE OR REPLACE FUNCTION public.plain_name(name text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN TRIM(BOTH FROM regexp_replace(plain(regexp_replace(NORMALIZE(name, NFKD), '[\u0300-\u036f\u064b-\u065f\u0670]'::text, ''::text, 'g'::text)), '[-[:space:]‘’''.`(),/\[\]”"]+'::text, ' '::text, 'g'::text))
;

CREATE OR REPLACE FUNCTION public.surface_shows(wanted uuid, of_circle smallint, at timestamp with time zone)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (NOT (EXISTS (SELECT FROM surfaces_closed(surface_shows.of_circle, surface_shows.at) closed(id) WHERE (closed.id = surface_shows.wanted))))
;

CREATE OR REPLACE FUNCTION public.surface_shows(wanted uuid, at timestamp with time zone)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN surface_shows(wanted, (5)::smallint, at)
;

CREATE OR REPLACE FUNCTION public.surfaces_closed(of_circle smallint, at timestamp with time zone)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
BEGIN ATOMIC
 SELECT f.id
    FROM surfaces f
   WHERE ((f.circle < surfaces_closed.of_circle) OR (NOT (f.shows @> surfaces_closed.at)) OR ( SELECT ledger_position.closed
            FROM ledger_position));
END
;

CREATE OR REPLACE FUNCTION public.tally_activities()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
declare
  changed text := case tg_op
    when 'INSERT' then 'select 1 as sign, * from now_rows'
    when 'DELETE' then 'select -1 as sign, * from old_rows'
    else 'select 1 as sign, * from now_rows union all select -1 as sign, * from old_rows' end;
begin
  execute format($query$
    insert into activity_tallies
    select week, kind, country, sum(sign), coalesce(sum(sign) filter (where state = 'published'), 0),
      coalesce(sum(sign) filter (where lat is not null), 0),
      coalesce(sum(sign * lat), 0), coalesce(sum(sign * lon), 0), coalesce(sum(sign * lon ^ 2), 0),
      coalesce(sum(sign * lon_on), 0), coalesce(sum(sign * lon_on ^ 2), 0)
    from (
      select sign, week, kind, country, state, published, case when state = 'published' then public_lat end as lat,
        case when state = 'published' then public_lon end as lon,
        case when state = 'published' then case when public_lon < 0 then public_lon + 360 else public_lon end end as lon_on
      from (%s) every
    ) one
    where state = 'published' or (state = 'cancelled' and published is not null)
    group by week, kind, country
    having sum(sign) <> 0 or sum(sign) filter (where state = 'published') <> 0
      or sum(sign * lat) <> 0 or sum(sign * lon) <> 0$query$, changed);
  execute format($query$
    insert into activity_cells
    select week, floor(public_lon * 2), floor(public_lat * 2), country, sum(sign), sum(sign * public_lat), sum(sign * public_lon),
      min(slug)
    from (%s) every
    where public_lat is not null and state = 'published'
    group by 1, 2, 3, 4
    having sum(sign) <> 0 or sum(sign * public_lat) <> 0 or sum(sign * public_lon) <> 0$query$, changed);
  return null;
end $function$
;

CREATE OR REPLACE FUNCTION public.version_shows(wanted uuid, of_circle smallint, at timestamp with time zone)
 RETURNS boolean
 LANGUAGE sql
 STABLE PARALLEL SAFE
RETURN (EXISTS (SELECT FROM versions_shown(version_shows.of_circle, version_shows.at) shown(version) WHERE (shown.version = version_shows.wanted)))
;

CREATE OR REPLACE FUNCTION public.versions_shown(of_circle smallint, at timestamp with time zone)
 RETURNS SETOF uuid
 LANGUAGE sql
 STABLE PARALLEL SAFE
BEGIN ATOMIC
 SELECT p.version
    FROM ((placements p
      JOIN surfaces f ON ((f.id = p.surface)))
      JOIN versions v ON ((v.id = p.version)))
   WHERE ((p.circle >= LEAST((versions_shown.of_circle)::integer, 5)) AND (p.state = 'live'::text) AND (p.shows @> versions_shown.at) AND ((versions_shown.of_circle < 6) OR (p.beyond @> versions_shown.at)) AND f.open AND (f.shows @> versions_shown.at) AND (v.decoration OR (v.words <> ''::text)) AND (NOT ( SELECT ledger_position.closed
            FROM ledger_position)));
END
;

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.activities FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER tally_delete AFTER DELETE ON public.activities REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_activities();

CREATE TRIGGER tally_insert AFTER INSERT ON public.activities REFERENCING NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_activities();

CREATE TRIGGER tally_update AFTER UPDATE ON public.activities REFERENCING OLD TABLE AS old_rows NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_activities();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.asks FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.attendance_reports FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.author_pages FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.groups FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.kinds FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.ledger_position FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.linked_posts FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.occurrences FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.organisations FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.placements FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.redirects FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT ON public.replies FOR EACH ROW WHEN ((new.state = 'shown'::text)) EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages_changed AFTER UPDATE ON public.replies FOR EACH ROW WHEN (((old.state = 'shown'::text) OR (new.state = 'shown'::text))) EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages_gone AFTER DELETE ON public.replies FOR EACH ROW WHEN ((old.state = 'shown'::text)) EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.rsvps FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.settings FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.stories FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.surfaces FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.texts FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.verbs FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER number_cover BEFORE INSERT ON public.versions FOR EACH ROW WHEN (((new.number IS NULL) AND (new.source IS NOT NULL))) EXECUTE FUNCTION number_cover();

CREATE TRIGGER number_inserted AFTER INSERT ON public.versions FOR EACH ROW WHEN (((new.number IS NULL) AND (new.state = ANY (ARRAY['visible'::text, 'made'::text])))) EXECUTE FUNCTION number_versions();

CREATE TRIGGER number_settled AFTER UPDATE OF state ON public.versions FOR EACH ROW WHEN (((old.state = 'waiting'::text) AND (new.state <> 'waiting'::text))) EXECUTE FUNCTION number_versions();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.weeks FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();
