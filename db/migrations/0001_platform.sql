-- What the platform itself keeps: mail, the audit log, form keys, rate counts, settings and the places of the world.
create extension if not exists pg_trgm;
create extension if not exists unaccent;

-- unaccent() is only "stable" because its dictionary could change; ours does not, and an index needs a promise.
create function plain(words text) returns text
  language sql immutable parallel safe strict
  return lower(unaccent('unaccent'::regdictionary, words));

-- A name as people compare it: the same as plainWords() of the kernel, and a test holds them together.
create function plain_name(name text) returns text
  language sql immutable parallel safe strict
  return trim(regexp_replace(plain(regexp_replace(normalize(name, NFKD), '[\u0300-\u036f\u064b-\u065f\u0670]', '', 'g')), '[-[:space:]‘’''.`(),/\[\]”"]+', ' ', 'g'));

create table mails (
  id uuid primary key default gen_random_uuid(),
  key text not null unique,         -- the same key is never mailed twice, however often a job runs
  address text not null check (address = lower(address)),
  name text not null,               -- which mail it is: mail.<name>.subject in the catalogue
  params jsonb not null default '{}',
  language text not null default 'en',
  -- "answer": somebody just pressed something and waits for it. "notice": we have something to say; at most one a day.
  urgency text not null check (urgency in ('answer', 'notice')),
  due timestamptz not null default now(),
  useless timestamptz,              -- a notice that is of no use after this moment is dropped, not sent late
  -- "example": written for an address that can be nobody's, and so not sent.
  -- "uncertain": it may have left, and is not sent again by itself.
  state text not null default 'waiting' check (state in
    ('waiting', 'uncertain', 'sent', 'example', 'failed', 'dropped')),
  -- Who is sending it, for as long as they hold the lock of that name. In no index: a mail is taken in hand by one
  -- write at its own place, for which each page of the table keeps room.
  hand uuid,
  tries int not null default 0,
  -- Why it has not left so far, or never will; never what a mail server said, which may name people.
  problem text check (problem in
    ('server', 'sign-in', 'sender', 'address', 'message', 'later', 'ours', 'too-late', 'one-a-day')),
  sent timestamptz,
  reply_to text,
  calendar text,                    -- a calendar file to go with it
  created timestamptz not null default now(),
  check (hand is null or state = 'waiting')
) with (fillfactor = 60);
create index mails_waiting on mails (urgency, due) where state = 'waiting';
create index mails_notices on mails (address, sent) where urgency = 'notice';
create index mails_created on mails (created desc);
create index mails_failed on mails (created) where state in ('failed', 'uncertain');

create table audit_log (
  id bigint generated always as identity primary key,
  at timestamptz not null default now(),
  account uuid,                     -- who did it; null = the site or somebody with a mailed link
  who text not null,                -- "site", "link", or the account's name at the time
  action text not null,             -- e.g. activity.published
  subject text not null,            -- room:id
  details jsonb not null default '{}' -- never e-mail addresses or free text of guests
);
create index audit_log_subject on audit_log (subject, id desc);

-- A form pressed twice does its work once: the second press is given the first one's answer.
create table form_keys (
  key text not null,
  scope text not null,
  result jsonb,
  created timestamptz not null default now(),
  primary key (scope, key)
);
create index form_keys_created on form_keys (created);

create table rate_counts (
  name text not null,               -- what is counted and for whom (keyed hash, never an address)
  slot timestamptz not null,
  count int not null default 0,
  primary key (name, slot)
);
create index rate_counts_slot on rate_counts (slot);

create table beats (
  name text primary key,            -- the worker, the names of what runs by the clock
  at timestamptz not null default now(),
  details jsonb not null default '{}'
);

-- Towns of the world, for finding places and zones without asking anybody (GeoNames, CC BY 4.0).
create table places (
  id int primary key,
  name text not null,
  country text not null,
  region text not null default '',
  lat double precision not null,
  lon double precision not null,
  population int not null,
  zone text not null,
  plain_name text generated always as (plain_name(name)) stored
);
create index places_name on places (plain_name text_pattern_ops, population desc);
create index places_alike on places using gin (plain_name gin_trgm_ops);
create index places_lat on places (lat, lon);

-- Every write to something a reading page shows ends the kept pages in every web process.
create function clear_pages() returns trigger language plpgsql as $$
begin
  perform pg_notify('pages', '');
  return null;
end $$;

-- site
create table settings (
  name text primary key,
  value jsonb not null,
  changed timestamptz not null default now()
);
create table texts (
  name text not null,               -- about, privacy, safety …
  language text not null,
  body text not null,               -- CommonMark
  changed timestamptz not null default now(),
  primary key (name, language)
);
create table redirects (
  path text primary key,
  target text not null
);
create trigger clear_pages after insert or update or delete on settings for each statement execute function clear_pages();
create trigger clear_pages after insert or update or delete on texts for each statement execute function clear_pages();
create trigger clear_pages after insert or update or delete on redirects for each statement execute function clear_pages();
