-- What was sent: originals lie in a store that no address reaches, and are purged.
create table uploads (
  id uuid primary key default gen_random_uuid(),
  surface uuid not null,            -- what it is for: the id of a story (or of whatever shows it)
  account uuid references accounts on delete set null,
  organisation uuid references organisations on delete set null,
  word bytea unique,                -- hash of the word in its address; null for what came by a form
  bytes bigint not null check (bytes between 1 and 67108864),
  received bigint not null default 0 check (received between 0 and bytes), -- on the disk for certain
  part text,                        -- the file it is received into, until it is stored
  writer uuid,                      -- who is writing to it just now, and until when that is believed
  writer_until timestamptz,
  state text not null default 'receiving' check (state in ('receiving', 'received', 'made', 'refused', 'purged')),
  problem jsonb,                    -- {key, params}: why it was refused
  type text check (type in ('jpeg', 'png', 'webp', 'avif', 'heic')), -- by what is in it, never by its name
  original text unique,             -- where it lies in the store, until it is purged
  sha256 bytea,                     -- of what was sent, until it is purged
  created timestamptz not null default now(),
  updated timestamptz not null default now(),
  check (state <> 'received' or (received = bytes and original is not null))
);
create index uploads_surface on uploads (surface);
create index uploads_state on uploads (state, updated);
create unique index uploads_once on uploads (surface, sha256) where state in ('received', 'made');

-- An original, or an edit of one. Edits (covers) are burnt in: nothing under them is kept in what is served.
-- It waits until it has been made, and may be read from "visible" on (WebP and JPEG); "made" when AVIF has come too.
create table versions (
  id uuid primary key default gen_random_uuid(),
  upload uuid not null references uploads on delete cascade,
  source uuid references versions on delete cascade,
  surface uuid not null,
  position int not null default 0,
  covers jsonb not null default '[]', -- [{shape, x, y, w, h}] in parts of the whole, burnt in
  covered_by text,                  -- who drew them: an account's id, or "link:<hash>"
  cover_checked timestamptz,        -- when somebody else had looked: from then on nothing without the covers is kept
  width int,
  height int,
  words text not null default '' check (char_length(words) <= 1000), -- what it shows
  decoration boolean not null default false,
  caption text not null default '' check (char_length(caption) <= 500),
  captured_day date,                -- never served
  likeness bit(64),                 -- a difference hash of brightness: of the picture, not of a face
  state text not null default 'waiting' check (state in ('waiting', 'visible', 'made', 'refused', 'purged')),
  created timestamptz not null default now(),
  revision int not null default 1,
  check (not (decoration and words <> ''))
);
create index versions_surface on versions (surface, position);
create index versions_upload on versions (upload);
create index versions_source on versions (source);

create table renditions (
  version uuid not null references versions on delete cascade,
  width int not null,
  height int not null,
  format text not null check (format in ('jpg', 'webp', 'avif')),
  bytes int not null,
  key text not null unique,         -- where it lies in the store
  primary key (version, width, format)
);
