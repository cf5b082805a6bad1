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
  list_start timestamp with time zone not null generated always as (
CASE timing
    WHEN 'week'::text THEN 'infinity'::timestamp with time zone
    ELSE sort_start
END) stored,
  place_name text,
  address text,
  town text,
  country text,
  lat double precision,
  lon double precision,
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
  CHECK ((((lat IS NULL) = (lon IS NULL)) AND ((public_lat IS NULL) = (public_lon IS NULL)))),
  CHECK (((capacity >= 1) AND (capacity <= 100000))),
  CHECK (((char_length(title) >= 1) AND (char_length(title) <= 120))),
  CHECK (((end_day IS NULL) OR (end_day >= start_day))),
  CHECK (((end_local IS NULL) OR (end_local >= start_local))),
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

create table beats (
  name text not null,
  at timestamp with time zone not null default now(),
  details jsonb not null default '{}'::jsonb,
  PRIMARY KEY (name)
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
  CHECK ((char_length(words) <= 5000)),
  CHECK ((country ~ '^[A-Z]{2}$'::text)),
  CHECK ((door = ANY (ARRAY['take-down'::text, 'worried'::text, 'wrong'::text]))),
  CHECK ((email = lower(email))),
  CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text]))),
  FOREIGN KEY (handled_by) REFERENCES accounts(id) ON DELETE SET NULL,
  PRIMARY KEY (id)
);

create table duties (
  day date not null,
  account uuid not null,
  part text not null default 'duty'::text,
  CHECK ((part = ANY (ARRAY['duty'::text, 'backup'::text]))),
  FOREIGN KEY (account) REFERENCES accounts(id) ON DELETE CASCADE,
  PRIMARY KEY (day, part, account)
);

create table form_keys (
  key text not null,
  scope text not null,
  result jsonb,
  created timestamp with time zone not null default now(),
  PRIMARY KEY (scope, key)
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
  CHECK (((lat IS NULL) = (lon IS NULL))),
  CHECK ((country ~ '^[A-Z]{2}$'::text)),
  PRIMARY KEY (id),
  UNIQUE (slug)
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
  CHECK (((default_minutes >= 5) AND (default_minutes <= 1440))),
  CHECK ((code ~ '^[a-z][a-z0-9-]{1,30}$'::text)),
  FOREIGN KEY (week) REFERENCES weeks(year) ON DELETE CASCADE,
  PRIMARY KEY (week, code)
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
  tries integer not null default 0,
  problem text,
  sent timestamp with time zone,
  reply_to text,
  calendar text,
  created timestamp with time zone not null default now(),
  CHECK ((address = lower(address))),
  CHECK ((problem = ANY (ARRAY['server'::text, 'sign-in'::text, 'sender'::text, 'address'::text, 'message'::text, 'later'::text, 'ours'::text, 'too-late'::text, 'one-a-day'::text]))),
  CHECK ((state = ANY (ARRAY['waiting'::text, 'sent'::text, 'failed'::text, 'dropped'::text]))),
  CHECK ((urgency = ANY (ARRAY['answer'::text, 'notice'::text]))),
  PRIMARY KEY (id),
  UNIQUE (key)
);

create table migrations (
  name text not null,
  applied timestamp with time zone not null default now(),
  PRIMARY KEY (name)
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

create table places (
  id integer not null,
  name text not null,
  country text not null,
  region text not null default ''::text,
  lat double precision not null,
  lon double precision not null,
  population integer not null,
  zone text not null,
  plain_name text generated always as (plain(name)) stored,
  PRIMARY KEY (id)
);

create table rate_counts (
  name text not null,
  slot timestamp with time zone not null,
  count integer not null default 0,
  PRIMARY KEY (name, slot)
);

create table redirects (
  path text not null,
  target text not null,
  PRIMARY KEY (path)
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
  CHECK (((char_length(title) >= 1) AND (char_length(title) <= 120))),
  CHECK (((state <> 'published'::text) OR (published IS NOT NULL))),
  CHECK ((char_length(author_name) <= 80)),
  CHECK ((char_length(body) <= 20000)),
  CHECK ((char_length(with_name) <= 80)),
  CHECK ((country ~ '^[A-Z]{2}$'::text)),
  CHECK ((email = lower(email))),
  CHECK ((state = ANY (ARRAY['unverified'::text, 'draft'::text, 'waiting'::text, 'asked-for-more'::text, 'published'::text, 'declined'::text, 'hidden'::text, 'withdrawn'::text]))),
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

create table verbs (
  week integer not null,
  code text not null,
  "position" integer not null,
  kind text not null,
  names jsonb not null,
  ten_minutes jsonb not null default '{}'::jsonb,
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
  CHECK (((state = 'draft'::text) OR (announced IS NOT NULL))),
  CHECK (((year >= 1980) AND (year <= 2200))),
  CHECK ((EXTRACT(isodow FROM monday) = (1)::numeric)),
  CHECK ((cardinality(day_themes) = ANY (ARRAY[0, 7]))),
  CHECK ((state = ANY (ARRAY['draft'::text, 'announced'::text, 'closed'::text]))),
  PRIMARY KEY (year),
  UNIQUE (monday)
);

CREATE INDEX access_requests_delete ON public.access_requests USING btree (delete_after);

CREATE INDEX activities_account ON public.activities USING btree (account) WHERE (account IS NOT NULL);

CREATE INDEX activities_cancelled ON public.activities USING btree (week) WHERE ((state = 'cancelled'::text) AND (published IS NOT NULL));

CREATE INDEX activities_country ON public.activities USING btree (week, country, list_start, slug);

CREATE INDEX activities_group ON public.activities USING btree ("group", sort_start) WHERE ("group" IS NOT NULL);

CREATE INDEX activities_import ON public.activities USING btree (import) WHERE (import IS NOT NULL);

CREATE INDEX activities_kind ON public.activities USING btree (week, kind, list_start, slug);

CREATE INDEX activities_last_end ON public.activities USING btree (last_end);

CREATE INDEX activities_listed ON public.activities USING btree (week, list_start, slug) INCLUDE (id, kind, country, mode, timing, start_day, end_day, end_local, sort_start, last_end, repeating, languages, sign_languages, access, welcome, "group", public_lat, public_lon) WHERE ((state = 'published'::text) OR ((state = 'cancelled'::text) AND (published IS NOT NULL)));

CREATE INDEX activities_place ON public.activities USING btree (week, public_lat, public_lon) WHERE (public_lat IS NOT NULL);

CREATE INDEX activities_repeats ON public.activities USING btree (repeats) WHERE (repeats IS NOT NULL);

CREATE INDEX activities_search ON public.activities USING gin (search);

CREATE UNIQUE INDEX activities_source ON public.activities USING btree (source_id) WHERE (source_id IS NOT NULL);

CREATE INDEX activities_state ON public.activities USING btree (state, created);

CREATE INDEX activity_changes_activity ON public.activity_changes USING btree (activity, id DESC);

CREATE INDEX activity_changes_unread ON public.activity_changes USING btree (at) WHERE (NOT read);

CREATE INDEX activity_tallies_week ON public.activity_tallies USING btree (week);

CREATE INDEX audit_log_subject ON public.audit_log USING btree (subject, id DESC);

CREATE INDEX concerns_open ON public.concerns USING btree (created) WHERE (state = 'open'::text);

CREATE INDEX form_keys_created ON public.form_keys USING btree (created);

CREATE INDEX host_links_activity ON public.host_links USING btree (activity);

CREATE INDEX host_links_email ON public.host_links USING btree (email);

CREATE INDEX hosts_email ON public.hosts USING btree (email);

CREATE INDEX import_rows_activity ON public.import_rows USING btree (activity) WHERE (activity IS NOT NULL);

CREATE INDEX imports_account ON public.imports USING btree (account, created DESC);

CREATE INDEX imports_created ON public.imports USING btree (created);

CREATE INDEX mails_address ON public.mails USING btree (address, sent);

CREATE INDEX mails_created ON public.mails USING btree (created DESC);

CREATE INDEX mails_failed ON public.mails USING btree (created) WHERE (state = 'failed'::text);

CREATE INDEX mails_waiting ON public.mails USING btree (due) WHERE (state = 'waiting'::text);

CREATE INDEX occurrences_day ON public.occurrences USING btree (start_day, end_day, activity);

CREATE INDEX occurrences_time ON public.occurrences USING btree (starts, ends);

CREATE INDEX places_alike ON public.places USING gin (plain_name gin_trgm_ops);

CREATE INDEX places_lat ON public.places USING btree (lat, lon);

CREATE INDEX places_name ON public.places USING btree (plain_name text_pattern_ops, population DESC);

CREATE INDEX rate_counts_slot ON public.rate_counts USING btree (slot);

CREATE INDEX rsvps_activity ON public.rsvps USING btree (activity, occurrence, state);

CREATE INDEX rsvps_email ON public.rsvps USING btree (email);

CREATE INDEX rsvps_held ON public.rsvps USING btree (held_until) WHERE (state = 'held'::text);

CREATE INDEX rsvps_occurrence ON public.rsvps USING btree (occurrence) WHERE (occurrence IS NOT NULL);

CREATE UNIQUE INDEX rsvps_once ON public.rsvps USING btree (activity, COALESCE(occurrence, '00000000-0000-0000-0000-000000000000'::uuid), email) WHERE (state = ANY (ARRAY['held'::text, 'asked'::text, 'going'::text, 'waiting'::text]));

CREATE INDEX sessions_account ON public.sessions USING btree (account);

CREATE INDEX stories_activity ON public.stories USING btree (activity) WHERE (activity IS NOT NULL);

CREATE INDEX stories_newest ON public.stories USING btree (published DESC, slug) WHERE (state = 'published'::text);

CREATE UNIQUE INDEX stories_report ON public.stories USING btree (activity) WHERE from_report;

CREATE INDEX stories_search ON public.stories USING gin (search);

CREATE INDEX stories_state ON public.stories USING btree (state, created);

CREATE INDEX stories_wall ON public.stories USING btree (week, published DESC, slug) INCLUDE (example, activity, from_report, kind, country, "group") WHERE (state = 'published'::text);

CREATE INDEX story_changes_story ON public.story_changes USING btree (story, id DESC);

CREATE INDEX story_links_story ON public.story_links USING btree (story);

CREATE INDEX verifications_identifier ON public.verifications USING btree (identifier);

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

CREATE OR REPLACE FUNCTION public.plain(words text)
 RETURNS text
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE STRICT
RETURN lower(unaccent('unaccent'::regdictionary, words))
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
      coalesce(sum(sign) filter (where public_lat is not null), 0),
      coalesce(sum(sign * public_lat), 0), coalesce(sum(sign * public_lon), 0), coalesce(sum(sign * public_lon ^ 2), 0),
      coalesce(sum(sign * lon_on), 0), coalesce(sum(sign * lon_on ^ 2), 0)
    from (select *, case when public_lon < 0 then public_lon + 360 else public_lon end as lon_on from (%s) every) one
    where state = 'published' or (state = 'cancelled' and published is not null)
    group by week, kind, country
    having sum(sign) <> 0 or sum(sign) filter (where state = 'published') <> 0
      or sum(sign * public_lat) <> 0 or sum(sign * public_lon) <> 0$query$, changed);
  return null;
end $function$
;

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.activities FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER tally_delete AFTER DELETE ON public.activities REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_activities();

CREATE TRIGGER tally_insert AFTER INSERT ON public.activities REFERENCING NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_activities();

CREATE TRIGGER tally_update AFTER UPDATE ON public.activities REFERENCING OLD TABLE AS old_rows NEW TABLE AS now_rows FOR EACH STATEMENT EXECUTE FUNCTION tally_activities();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.attendance_reports FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.groups FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.kinds FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.occurrences FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.redirects FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.rsvps FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.settings FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.stories FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.texts FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();

CREATE TRIGGER clear_pages AFTER INSERT OR DELETE OR UPDATE ON public.weeks FOR EACH STATEMENT EXECUTE FUNCTION clear_pages();
