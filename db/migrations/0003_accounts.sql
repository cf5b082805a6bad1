-- accounts, sessions, sign_ins and verifications are kept by better-auth under our names.
create table accounts (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  email text not null unique check (email = lower(email)),
  email_verified boolean not null default false,
  image text,
  language text not null default 'en',
  trusted boolean not null default false, -- a trusted host publishes at once
  example boolean not null default false,
  created timestamptz not null default now(),
  updated timestamptz not null default now()
);

create table sessions (
  id uuid primary key default gen_random_uuid(),
  account uuid not null references accounts on delete cascade,
  token text not null unique,
  expires timestamptz not null,
  ip_address text,
  user_agent text,
  created timestamptz not null default now(),
  updated timestamptz not null default now()
);
create index sessions_account on sessions (account);

create table sign_ins (
  id uuid primary key default gen_random_uuid(),
  account uuid not null references accounts on delete cascade,
  provider text not null,
  provider_account text not null,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires timestamptz,
  refresh_token_expires timestamptz,
  scope text,
  password text,
  created timestamptz not null default now(),
  updated timestamptz not null default now(),
  unique (provider, provider_account)
);

create table verifications (
  id uuid primary key default gen_random_uuid(),
  identifier text not null,
  value text not null,
  expires timestamptz not null,
  created timestamptz not null default now(),
  updated timestamptz not null default now()
);
create index verifications_identifier on verifications (identifier);

create table roles (
  id uuid primary key default gen_random_uuid(),
  account uuid not null references accounts on delete cascade,
  role text not null check (role in ('organiser', 'reviewer', 'group-lead', 'organisation-lead')),
  "group" uuid,
  organisation uuid,
  given_by uuid references accounts on delete set null,
  created timestamptz not null default now(),
  check ((role = 'group-lead') = ("group" is not null)),
  check ((role = 'organisation-lead') = (organisation is not null)),
  unique nulls not distinct (account, role, "group", organisation)
);

-- Who looks after the queue on a day, and who steps in when nobody answers in 24 hours.
create table duties (
  day date not null,
  account uuid not null references accounts on delete cascade,
  part text not null default 'duty' check (part in ('duty', 'backup')),
  primary key (day, part, account)
);
