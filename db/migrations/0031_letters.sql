-- What people are asked to write for, week by week: one ask that is answered by yes, no or a date.
create table asks (
  week int not null references weeks on delete cascade,
  code text not null check (code ~ '^[a-z][a-z0-9-]{1,30}$'),
  position int not null,
  names jsonb not null,             -- {"en": "Visit us"}
  words jsonb not null,             -- {"en": "Will you come and see it for half an hour this week?"}
  easy jsonb not null default '{}',
  answer text not null check (answer in ('yes-no', 'date')),
  prompts jsonb not null default '{}', -- {"en": {"starters": ["I first saw…"], "questions": ["What happened?"]}}
  shared_words jsonb not null default '{}', -- {"en": "…"}: what likeness is measured against; never put into a letter
  retired boolean not null default false,
  revision int not null default 1,
  primary key (week, code)
);
create trigger clear_pages after insert or update or delete on asks for each statement execute function clear_pages();

create table letters (
  id uuid primary key default gen_random_uuid(),
  token bytea not null unique,      -- sha-256 of the word in the address of the writer's own page
  week int not null references weeks,
  ask text,
  written_in text not null default 'en' check (char_length(written_in) between 2 and 20),
  writer text not null check (writer in ('self', 'with-support', 'on-behalf', 'joint')),
  about_another boolean not null default false,
  looked_over boolean not null default false, -- the dignity check was answered
  large_print boolean not null default false,
  envelope text not null default 'dl' check (envelope in ('dl', 'c56', 'din-a', 'din-b', 'us10')),
  -- What somebody chose to keep here; else null: it stays in their browser. Erased 28 days after the letter has left.
  title text check (char_length(title) <= 200),
  words text check (char_length(words) <= 20000),
  sender jsonb,                     -- {"name", "lines": […]}
  email text check (email = lower(email)), -- for the link, the questions at 14 and 21 days, and answers
  confirmed timestamptz,            -- of the e-mail
  confirm_by timestamptz,           -- a letter from here that nobody confirmed is off after 7 days
  not_me timestamptz,               -- "it wasn't me"
  confirming bytea unique,          -- sha-256 of the word in the address where a letter from here is confirmed
  signing bytea unique,             -- sha-256 of the word in the address where others sign a joint letter
  released timestamptz,             -- the first of its deliveries left
  erase timestamptz,                -- when everything personal is erased
  erased timestamptz,
  example boolean not null default false,
  created timestamptz not null default now(),
  revision int not null default 1,
  foreign key (week, ask) references asks (week, code),
  check (erased is null or (title is null and words is null and sender is null and email is null))
);
create index letters_week on letters (week, created);
create index letters_erase on letters (erase) where erased is null;
create index letters_email on letters (email) where email is not null;

-- Who signed a joint letter, as they want to be read in it. Printed once confirmed.
create table signatures (
  id uuid primary key default gen_random_uuid(),
  letter uuid not null references letters on delete cascade,
  shown text not null check (char_length(shown) between 1 and 80), -- "Sam", "A parent in Leeds"
  email text not null check (email = lower(email)),
  token bytea not null unique,
  tell boolean not null default false, -- by mail, when an office answers on its page
  confirmed timestamptz,
  created timestamptz not null default now(),
  unique (letter, email)
);

-- Whom somebody chose to write to, while they choose: offices of the directory, and nothing of whoever chooses.
create table office_choices (
  token bytea primary key,          -- sha-256 of the word in the addresses of its pages
  offices text[] not null check (cardinality(offices) <= 1000), -- "post:…", "person:…", "organisation:…", as letters follow
  until timestamptz not null        -- when it is forgotten
);
create index office_choices_until on office_choices (until);

-- One letter to one office. Every change of state carries who says so.
create table deliveries (
  id uuid primary key default gen_random_uuid(),
  letter uuid not null references letters on delete cascade,
  person uuid references directory_people on delete set null,
  post uuid references directory_posts on delete set null,
  organisation uuid references directory_organisations on delete set null,
  contact uuid references directory_contacts on delete set null,
  -- as it was written; of one typed by hand this is all there is, and it is erased with the letter
  office text,                      -- "Cllr Khan, Leeds City Council"
  address text[],                   -- its lines
  email text check (email = lower(email)),
  zone text not null default 'Europe/London', -- of its quiet hours
  written_in text not null default 'en' check (char_length(written_in) between 2 and 20),
  channel text not null check (channel in ('post', 'hand', 'own-mail', 'from-here', 'form')),
  state text not null default 'planned' check (state in
    ('planned', 'no-address', 'made', 'printed', 'posted', 'returned', 'handed-over', 'opened', 'said-sent',
     'confirming', 'queued', 'sending', 'uncertain', 'sent', 'bounced-soft', 'bounced', 'assumed', 'cancelled', 'failed')),
  evidence text not null default 'said' check (evidence in ('said', 'seen', 'confirmed')), -- by the writer, by the site, by the office
  code text collate "C" not null unique check (code ~ '^[A-Z0-9]{4}-[A-Z0-9]{4}$'), -- printed on the letter
  due timestamptz,                  -- when it may leave
  confirmed_says bytea,             -- sha-256 of what its writer said yes to: nothing else leaves from here
  tries int not null default 0,
  changed timestamptz not null default now(),
  left_us timestamptz,
  late timestamptz,                 -- when their server said last that it has it and goes on trying; only while it is where it is
  asked14 timestamptz,
  asked21 timestamptz,
  created timestamptz not null default now()
);
create index deliveries_letter on deliveries (letter);
create index deliveries_due on deliveries (due) where state in ('queued', 'bounced-soft');
create index deliveries_asking on deliveries (left_us) where left_us is not null and asked21 is null;
create index deliveries_email on deliveries (email) where email is not null;

create table delivery_events (
  id bigint primary key generated always as identity,
  delivery uuid not null references deliveries on delete cascade,
  at timestamptz not null default now(),
  state text not null,
  evidence text not null check (evidence in ('said', 'seen', 'confirmed')),
  note text check (char_length(note) <= 500)
);
create index delivery_events_delivery on delivery_events (delivery, at);

-- What came back, as the writer or the office says.
create table letter_replies (
  id uuid primary key default gen_random_uuid(),
  delivery uuid not null references deliveries on delete cascade,
  received date not null,
  via text check (via in ('post', 'email', 'phone', 'visit', 'reply-page')), -- null: told by one press, which says that there was an answer, not how or when it came
  kind text not null check (kind in
    ('acknowledged', 'answered', 'promised', 'passed-on', 'no', 'asked-for-more', 'going-on', 'wrong-office',
     'already-answered', 'do-not-write', 'visit')),
  answered text check (answered in ('yes', 'partly', 'no', 'unclear')), -- did it answer the ask?
  words text check (char_length(words) <= 2000), -- erased with the letter
  thanked timestamptz,
  created timestamptz not null default now()
);
create index letter_replies_delivery on letter_replies (delivery, created);
-- An office answers once on its page: a second press changes what it said.
create unique index letter_replies_page on letter_replies (delivery) where via = 'reply-page';

-- What an office promised; it outlives the letter, and names no writer.
create table promises (
  id uuid primary key default gen_random_uuid(),
  delivery uuid references deliveries on delete set null,
  reply uuid unique references letter_replies on delete set null, -- in which it stood
  week int not null references weeks,
  post uuid references directory_posts on delete set null,
  organisation uuid references directory_organisations on delete set null,
  office text check (char_length(office) between 1 and 200), -- null: typed by hand, and erased with the letter
  words text not null check (char_length(words) between 1 and 500),
  due date,
  state text not null default 'open' check (state in ('open', 'kept', 'partly', 'lapsed')),
  note text check (char_length(note) <= 500),
  shared boolean not null default false, -- organisers may show it
  created timestamptz not null default now(),
  changed timestamptz not null default now(),
  revision int not null default 1   -- rises with every change
);
create index promises_week on promises (week, state);
create index promises_delivery on promises (delivery);

-- Who presses "please do not write again" with a code that others may have as well: a person decides whether it was the office.
create table do_not_write_requests (
  id uuid primary key default gen_random_uuid(),
  delivery uuid unique references deliveries on delete set null, -- on whose page it was pressed
  addresses text[] not null check (cardinality(addresses) between 1 and 2), -- as in do_not_write
  organisation uuid references directory_organisations on delete set null,
  post uuid references directory_posts on delete set null,
  state text not null default 'waiting' check (state in ('waiting', 'accepted', 'declined')),
  created timestamptz not null,
  decided timestamptz,
  check ((state = 'waiting') = (decided is null))
);
create index do_not_write_requests_waiting on do_not_write_requests (created) where state = 'waiting';
create index do_not_write_requests_decided on do_not_write_requests (decided desc) where state <> 'waiting';

-- Offices that asked not to be written to: the address as a keyed hash, so that it outlives everything else.
create table do_not_write (
  address text primary key check (char_length(address) = 22),
  organisation uuid references directory_organisations on delete set null,
  post uuid references directory_posts on delete set null,
  request uuid references do_not_write_requests on delete set null, -- that somebody accepted; null: it counted at once
  reason text check (char_length(reason) <= 500),
  since timestamptz not null default now()
);
create index do_not_write_request on do_not_write (request) where request is not null;

-- Mails to the address of a delivery that no machine understood: they lie in the mailbox, and a person has to read them there.
create table kept_mails (
  id uuid primary key default gen_random_uuid(),
  hash bytea not null unique,       -- sha-256 of the mail: read twice, it is here once
  delivery uuid references deliveries on delete cascade, -- null: to an address that names none
  sort text not null check (sort in ('written', 'by-itself', 'unclear')),
  domain text check (char_length(domain) <= 253), -- of whoever sent it, and no more
  received timestamptz not null,
  read timestamptz                  -- somebody has dealt with it
);
create index kept_mails_open on kept_mails (received) where read is null;
create index kept_mails_delivery on kept_mails (delivery);
