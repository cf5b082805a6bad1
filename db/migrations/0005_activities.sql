-- What somebody asks for in words, as a question to a search column: every word, the last one also as a beginning.
create function asked(words text) returns tsquery
  language sql immutable parallel safe strict
  return plainto_tsquery('simple', plain(regexp_replace(words, '\S+\s*$', ''))) && coalesce((
    select string_agg('''' || replace(replace(lexeme, '\', '\\'), '''', '''''') || ''':*', ' & ')
    from unnest(to_tsvector('simple', plain(substring(words from '\S+\s*$'))))
  ), '')::tsquery;

-- Many at once, from a spreadsheet or a calendar. What was given is kept until it is brought in, at most 30 days.
create table imports (
  id uuid primary key default gen_random_uuid(),
  account uuid references accounts on delete set null,
  week int not null references weeks,
  source text not null check (char_length(source) between 1 and 2000), -- file name or calendar address
  fetched boolean not null default false, -- the source is an address
  state text not null default 'reading' check (state in
    ('reading', 'failed', 'previewed', 'doing', 'done', 'undoing', 'undone')),
  problem jsonb,                    -- why it could not be read: {"key", "params"}
  choices jsonb not null default '{}', -- what was asked once for the whole file
  tell_hosts boolean not null default false, -- the hosts whom it names are sent their links
  given bytea,                      -- the file itself, until it is read
  content jsonb,                    -- what was read from it, until it is brought in
  created timestamptz not null default now(),
  done timestamptz,
  undone timestamptz
);
create index imports_account on imports (account, created desc);
create index imports_created on imports (created);

create table activities (
  id uuid primary key default gen_random_uuid(),
  slug text collate "C" not null unique, -- one order of names on every machine
  week int not null references weeks,
  kind text not null,
  title text not null check (char_length(title) between 1 and 120),
  summary text not null default '' check (char_length(summary) <= 300),
  description text not null default '' check (char_length(description) <= 5000),
  state text not null default 'unverified' check (state in
    ('unverified', 'waiting', 'asked-for-more', 'published', 'by-link', 'declined', 'cancelled', 'withdrawn')),
  reason text,                      -- the human reason of the last decision, for whoever made it
  mode text not null check (mode in ('in-person', 'online', 'hybrid', 'nowhere')),
  -- when: some time this week | a day (to a day) | a day and a time in a zone
  timing text not null check (timing in ('week', 'day', 'time')),
  start_day date,                   -- of a time: its local day
  end_day date,
  start_local timestamp,
  end_local timestamp,
  zone text,
  repeating boolean not null generated always as (series is not null) stored,
  series jsonb,                     -- {"every": "week"|"fortnight"|"month", "until": day} | {"dates": [day…]}
  -- when it begins (of a series: the next date, moved on by the clock) and until when it can still be met
  sort_start timestamptz not null,
  last_end timestamptz not null,
  -- its place in a list: the day and time that its own clock shows, a whole day as its midnight (sort_start is that day's
  -- first hour on Earth); what is done some time in the week comes last
  list_start timestamp not null generated always as
    (case when timing = 'week' then timestamp 'infinity'
      when timing = 'day' then sort_start at time zone 'Etc/GMT-14'
      when series is null then start_local
      else sort_start at time zone zone end) stored,
  -- where
  place_name text,
  address text,
  town text,
  country text check (country ~ '^[A-Z]{2}$'),
  lat double precision check (lat between -90 and 90),
  lon double precision check (lon between -180 and 180),
  exact boolean not null default false, -- lat and lon are the place's own; else they are its town's
  private_place boolean not null default false,
  public_lat double precision,      -- town-level when the place is private, else the same as lat
  public_lon double precision,
  place_details text,               -- how to find the room; for accepted guests only when private
  join_url text,
  join_details text,
  -- who for
  languages text[] not null default '{}',
  access text[] not null default '{}',
  sign_languages text[] not null default '{}',
  arrive text not null default '' check (char_length(arrive) <= 1000),
  welcome text[] not null default '{}',
  audiences text[] not null default '{}', -- private; only sums are public
  capacity int check (capacity between 1 and 100000),
  online_capacity int check (online_capacity between 1 and 100000),
  takes_rsvps boolean not null default true,
  asks_first boolean not null default false, -- the host says yes to each guest first; a private place always asks
  "group" uuid references groups on delete set null,
  -- who by
  host_name text not null default '' check (char_length(host_name) <= 80),
  account uuid references accounts on delete set null,
  language text not null default 'en', -- of the host's mails
  repeats uuid references activities on delete set null, -- last year's
  import uuid references imports on delete set null,
  source_id text,                   -- the row or UID it came from, so that a second run changes and never doubles
  example boolean not null default false,
  created timestamptz not null default now(),
  updated timestamptz not null default now(),
  published timestamptz,            -- when it was first listed; a cancelled one that was listed stays listed as cancelled
  revision int not null default 1,
  sequence int not null default 0,  -- of the calendar entry
  -- with its week as a word of its own, so that a common word is looked for in one week and not in all
  search tsvector generated always as (
    to_tsvector('simple', plain(title || ' ' || summary || ' ' || description || ' ' || coalesce(town, '') || ' ' || host_name))
      || array_to_tsvector(array['week:' || week])
  ) stored,
  foreign key (week, kind) references kinds (week, code),
  check ((timing = 'week') = (start_day is null)),
  check ((timing = 'time') = (start_local is not null)),
  check (timing <> 'time' or zone is not null),
  check (end_day is null or end_day >= start_day),
  check (end_local is null or end_local >= start_local),
  check ((lat is null) = (lon is null) and (public_lat is null) = (public_lon is null)),
  check (mode in ('in-person', 'hybrid') or lat is null),
  check (state <> 'published' or published is not null)
);
-- Holds everything that a list can be asked for but words, so that a question is counted without reading the wide rows:
-- at 66,000 activities in a week that takes a fifth of the time.
create index activities_listed on activities (week, list_start, slug)
  include (id, kind, country, mode, timing, start_day, end_day, end_local, sort_start, last_end, repeating, languages,
    sign_languages, access, welcome, "group", public_lat, public_lon)
  where state = 'published' or (state = 'cancelled' and published is not null);
create index activities_next on activities (week, sort_start, slug) where state = 'published' and timing <> 'week';
create index activities_newest on activities (week, published desc nulls last, slug)
  where state = 'published' or (state = 'cancelled' and published is not null);
create index activities_state on activities (state, created);
create index activities_search on activities using gin (search);
create index activities_place on activities (week, public_lat, public_lon) where public_lat is not null;
create index activities_country on activities (week, country, list_start, slug);
create index activities_kind on activities (week, kind, list_start, slug);
create index activities_group on activities ("group", sort_start) where "group" is not null;
create index activities_account on activities (account) where account is not null;
create unique index activities_source on activities (source_id) where source_id is not null;

-- Each time a dated activity happens: one row for a single one, several for a series. None for "some time this week".
create table occurrences (
  id uuid primary key default gen_random_uuid(),
  activity uuid not null references activities on delete cascade,
  original_day date not null,       -- the day the series gave it; stays when it is moved
  start_day date not null,          -- local
  end_day date not null,
  start_local timestamp,
  end_local timestamp,
  starts timestamptz not null,      -- of a day without a time: when that day begins anywhere (UTC+14)
  ends timestamptz not null,        -- of a day without a time: when that day has ended everywhere (UTC−12)
  status text not null default 'on' check (status in ('on', 'cancelled')),
  moved boolean not null default false,
  unique (activity, original_day)
);
create index occurrences_day on occurrences (start_day, end_day, activity);
create index occurrences_time on occurrences (starts, ends);

-- What each row of a file becomes: the preview, and after it what was done, so that it can be undone.
create table import_rows (
  import uuid not null references imports on delete cascade,
  position int not null,
  line int not null,                -- where it stands in the file
  action text not null check (action in ('new', 'changed', 'same', 'called-off', 'taken-down', 'mistake')),
  name text not null,
  draft jsonb,                      -- the activity it becomes; null when it becomes none
  mistakes jsonb not null default '[]',
  doubles jsonb not null default '[]', -- activities that may be the same one
  left_out boolean not null default false,
  source_id text,
  fingerprint text,                 -- of the draft: the same again changes nothing
  activity uuid references activities on delete set null,
  before jsonb,                     -- what it was before it was changed
  after text,                       -- fingerprint of what it was made to be
  outcome text check (outcome in ('made', 'changed', 'called-off', 'left', 'withdrawn', 'restored', 'edited-since')),
  primary key (import, position)
);
create index import_rows_activity on import_rows (activity) where activity is not null;

-- Signed links in mails; only their hash is kept.
create table host_links (
  token bytea primary key,          -- sha-256
  activity uuid not null references activities on delete cascade,
  email text not null check (email = lower(email)),
  created timestamptz not null default now(),
  expires timestamptz not null
);
create index host_links_activity on host_links (activity);
create index host_links_email on host_links (email);

-- Who answers for an activity: whoever said it, a second address, co-hosts. Their addresses stand nowhere else.
create table hosts (
  activity uuid not null references activities on delete cascade,
  email text not null check (email = lower(email)),
  name text not null default '',
  part text not null default 'host' check (part in ('host', 'second', 'co-host')),
  confirmed timestamptz,
  created timestamptz not null default now(),
  primary key (activity, email)
);
create index hosts_email on hosts (email);

-- Every change of state and every edit, with the difference for reviewers.
create table activity_changes (
  id bigint generated always as identity primary key,
  activity uuid not null references activities on delete cascade,
  at timestamptz not null default now(),
  account uuid references accounts on delete set null,
  by_host boolean not null default false,
  from_state text check (from_state in
    ('unverified', 'waiting', 'asked-for-more', 'published', 'by-link', 'declined', 'cancelled', 'withdrawn')),
  to_state text check (to_state in
    ('unverified', 'waiting', 'asked-for-more', 'published', 'by-link', 'declined', 'cancelled', 'withdrawn')),
  reason text,
  diff jsonb not null default '{}', -- {"field": [old, new]}
  read boolean not null default true -- false: a reviewer has yet to look at this edit
);
create index activity_changes_activity on activity_changes (activity, id desc);
create index activity_changes_unread on activity_changes (at) where not read;

create table rsvps (
  id uuid primary key default gen_random_uuid(),
  activity uuid not null references activities on delete cascade,
  occurrence uuid references occurrences on delete cascade,
  token bytea not null unique,
  email text check (email = lower(email)), -- null: forgotten, 90 days after; the numbers stay
  name text not null default '' check (char_length(name) <= 80),
  joining text not null default 'in-person' check (joining in ('in-person', 'online')),
  seats int not null default 1 check (seats between 1 and 10),
  -- held: said, not yet confirmed from the mail · asked: the host has to accept · going · waiting · ended
  state text not null check (state in ('held', 'asked', 'going', 'waiting', 'cancelled', 'expired', 'not-accepted')),
  seat_kept boolean not null default false, -- seats are kept for this one until held_until
  held_until timestamptz,
  waiting_since timestamptz,        -- the order of the waiting list: when it was confirmed
  confirmed timestamptz,
  accepted timestamptz,             -- the host said yes
  seated timestamptz,               -- since when it has its seats
  reason text check (char_length(reason) <= 500), -- why the host could not take them
  is_new boolean,                   -- "was it new to you?"
  came boolean,
  quiet boolean not null default false, -- coming, but no more mail about it
  language text not null default 'en',
  example boolean not null default false,
  revision int not null default 0,  -- rises with every change; with the activity's own the SEQUENCE of the guest's calendar entry
  created timestamptz not null default now(),
  updated timestamptz not null default now(),
  check (state <> 'held' or held_until is not null),
  check (not seat_kept or state = 'held'),
  check (state <> 'waiting' or waiting_since is not null),
  check (state <> 'going' or seated is not null)
);
create index rsvps_activity on rsvps (activity, occurrence, state);
create index rsvps_email on rsvps (email);
create index rsvps_held on rsvps (held_until) where state = 'held';
create unique index rsvps_once on rsvps (activity, coalesce(occurrence, '00000000-0000-0000-0000-000000000000'), email)
  where state in ('held', 'asked', 'going', 'waiting');

-- What a guest needs, said to the host in private; health data: ticked explicitly, deleted 30 days after.
create table access_requests (
  rsvp uuid primary key references rsvps on delete cascade,
  words text not null check (char_length(words) between 1 and 1000),
  agreed timestamptz not null,
  delete_after timestamptz not null,
  created timestamptz not null default now()
);
create index access_requests_delete on access_requests (delete_after);

-- "Was it new to you?", pressed at the table by anybody: counts only, apart from the RSVPs.
create table table_answers (
  activity uuid not null references activities on delete cascade,
  day date not null,                -- where it happens
  is_new boolean not null,
  count int not null check (count > 0),
  primary key (activity, day, is_new)
);

-- How it was: the line in the yearly numbers. One per activity; a series is told as a whole.
create table attendance_reports (
  activity uuid primary key references activities on delete cascade,
  came int not null check (came between 0 and 1000000),
  new_people int not null check (new_people between 0 and 1000000),
  audiences jsonb not null default '{}', -- {"trustee": 2}
  sentence text not null default '' check (char_length(sentence) <= 1000),
  example boolean not null default false,
  created timestamptz not null default now(),
  updated timestamptz not null default now(),
  revision int not null default 1,
  check (new_people <= came)
);

create trigger clear_pages after insert or update or delete on activities for each statement execute function clear_pages();
create trigger clear_pages after insert or update or delete on occurrences for each statement execute function clear_pages();
create trigger clear_pages after insert or update or delete on rsvps for each statement execute function clear_pages();
create trigger clear_pages after insert or update or delete on attendance_reports for each statement execute function clear_pages();

-- How many activities a week has, by kind and country, with the sums that give the middle of a country on the map. Rows
-- are only ever added, by every statement that changes what is listed, so that nobody waits for anybody; the sum of all
-- rows counts. The clock adds them up (activities/server/tasks/recount.ts).
create table activity_tallies (
  week int not null,
  kind text not null,
  country text,
  listed bigint not null,           -- in lists: published, or cancelled after that
  published bigint not null,
  placed bigint not null,           -- of those published: with a point on the map, of which the sums are
  lat double precision not null,
  lon double precision not null,
  lon_squared double precision not null,
  lon_on double precision not null, -- the same with the western half counted on from 180°, for countries on the date line
  lon_on_squared double precision not null
);
create index activity_tallies_week on activity_tallies (week);

-- The same by place, in cells of half a degree, for maps of more than a country: the pins of 75,000 activities are made
-- from some thousand rows.
create table activity_cells (
  week int not null,
  x smallint not null,              -- whole half degrees from 0° east …
  y smallint not null,              -- … and north
  country text,
  published bigint not null,
  lat double precision not null,
  lon double precision not null,
  one text collate "C" not null     -- the slug of one that stood there when it was noted
);
create index activity_cells_week on activity_cells (week);

create function tally_activities() returns trigger language plpgsql as $$
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
end $$;
create trigger tally_insert after insert on activities
  referencing new table as now_rows for each statement execute function tally_activities();
create trigger tally_update after update on activities
  referencing old table as old_rows new table as now_rows for each statement execute function tally_activities();
create trigger tally_delete after delete on activities
  referencing old table as old_rows for each statement execute function tally_activities();
