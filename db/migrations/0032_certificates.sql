-- Certificates that were made, so that anybody can see whether one is real. Whom each thanks is known as a keyed hash only.
create table certificates (
  code text primary key check (code ~ '^[A-Z2-9]{4}-[A-Z2-9]{4}$'),
  activity uuid not null references activities on delete cascade,
  made timestamptz not null default now()
);
create index certificates_activity on certificates (activity);
