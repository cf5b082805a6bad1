-- What was sent: originals lie in a store that no address reaches, and are purged.
create table uploads (
  id uuid primary key default gen_random_uuid(),
  surface uuid not null,            -- what it is for: the id of a story (or of whatever shows it)
  account uuid references accounts on delete set null,
  organisation uuid references organisations on delete set null,
  bytes bigint not null check (bytes between 1 and 67108864),
  received bigint not null default 0,
  state text not null default 'receiving' check (state in ('receiving', 'received', 'made', 'refused', 'purged')),
  problem text,                     -- message key: why it was refused
  sha256 bytea,                     -- of what was sent, until it is purged
  created timestamptz not null default now(),
  updated timestamptz not null default now()
);
create index uploads_surface on uploads (surface);
create index uploads_state on uploads (state, updated);

-- An original, or an edit of one. Edits (covers) are burnt in: nothing under them is kept in what is served.
create table versions (
  id uuid primary key default gen_random_uuid(),
  upload uuid not null references uploads on delete cascade,
  source uuid references versions on delete cascade,
  surface uuid not null,
  position int not null default 0,
  covers jsonb not null default '[]', -- [{x, y, w, h}] in parts of the whole, burnt in
  covered_by text,                  -- who drew them: an account's id, or "link:<hash>"
  width int,
  height int,
  words text not null default '' check (char_length(words) <= 1000), -- what it shows
  decoration boolean not null default false,
  caption text not null default '' check (char_length(caption) <= 500),
  captured_day date,                -- never served
  state text not null default 'waiting' check (state in ('waiting', 'visible', 'made', 'refused', 'purged')),
  created timestamptz not null default now(),
  revision int not null default 1
);
create index versions_surface on versions (surface, position);
create index versions_upload on versions (upload);

create table renditions (
  version uuid not null references versions on delete cascade,
  width int not null,
  height int not null,
  format text not null check (format in ('jpg', 'webp', 'avif')),
  bytes int not null,
  key text not null unique,         -- where it lies in the store
  primary key (version, width, format)
);
